package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.cli.session.Build;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.report.Column;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;

/** Where a result comes from, and how somebody else gets it again. */
class ProvenanceTest {
  @TempDir Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String mine() throws IOException {
    Files.writeString(
        folder.resolve("mine.yaml"), "policy: mine\nextends: linux-6.1\nreaper: {delay: 1s}\n");
    return path("mine.yaml");
  }

  private static Cli.Result done(String... words) {
    Cli.Result result = Cli.run(words);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static String[] words(String line) {
    return line.split(" ");
  }

  private JsonNode manifest(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run frozen-v2 -r 2 --format csv -p linux-6.12,MINE -o OUT",
        "run frozen-v2 -r 2 --format json -p linux-6.12,MINE -o OUT",
        "run frozen-v2 -r 2 --format ndjson --each -p linux-6.12,MINE -o OUT",
        "compare frozen-v2 -r 2 --format csv -p linux-6.12,MINE -o OUT",
        "sweep frozen-v2 -r 2 --vary reaper.retries=1,2 -p linux-6.12,MINE -o OUT",
      })
  void aFileForProgramsHasAManifestBesideIt(String line) throws IOException {
    String out = path("out.data");
    String[] words = words(line.replace("MINE", mine()).replace("OUT", out));
    done(words);
    JsonNode manifest = manifest("out.data.meta.json");
    assertThat(manifest.get("command")).extracting(JsonNode::asText).containsExactly(words);
    assertThat(manifest.get("seeds").asText()).isEqualTo("1..2");
    assertThat(manifest.get("complete").asBoolean()).isTrue();
    assertThat(manifest.get("policies"))
        .extracting(each -> each.get("name").asText())
        .containsExactly("linux-6.12", "mine");
    assertThat(manifest.at("/policies/0/profile").asText()).isEqualTo("linux-6.1");
    assertThat(manifest.at("/workloads/0/name").asText()).isEqualTo("frozen-v2");
    assertThat(manifest.at("/costs/0/digest").asText()).matches("[0-9a-f]{16}");
    assertThat(manifest.has("oomlab")).isTrue();
    assertThat(manifest.has("commit")).isTrue();
    assertThat(manifest.has("model")).isTrue();
  }

  @Test
  void aDigestIsThatOfTheDocumentAsItIsInForce() throws IOException {
    String line = "run frozen-v2 -r 1 --format csv -o " + path("x");
    done(words(line));
    JsonNode plain = manifest("x.meta.json");
    done(words(line + " -p label=linux-7.2"));
    assertThat(manifest("x.meta.json").at("/policies/0/digest"))
        .isEqualTo(plain.at("/policies/0/digest"));
    done(words(line + " --set reaper.delay=1s"));
    JsonNode knob = manifest("x.meta.json");
    assertThat(knob.at("/policies/0/digest")).isNotEqualTo(plain.at("/policies/0/digest"));
    assertThat(knob.at("/workloads/0/digest")).isEqualTo(plain.at("/workloads/0/digest"));
    done(words(line + " --set machine.cpus=3"));
    assertThat(manifest("x.meta.json").at("/workloads/0/digest"))
        .isNotEqualTo(plain.at("/workloads/0/digest"));
    done(words(line + " --set costs.pass=2us"));
    assertThat(manifest("x.meta.json").at("/costs/0/digest"))
        .isNotEqualTo(plain.at("/costs/0/digest"));
  }

  @Test
  void aManifestCanBeHadWithoutAFileAndElsewhere() throws IOException {
    String csv = done(words("run frozen-v2 -r 1 --format csv")).out();
    assertThat(done(words("run frozen-v2 -r 1 --format csv --meta " + path("m.json"))).out())
        .isEqualTo(csv);
    assertThat(manifest("m.json").has("command")).isTrue();
    done(words("run frozen-v2 -r 1 -o " + path("table.txt")));
    assertThat(folder.resolve("table.txt.meta.json")).doesNotExist();
    Cli.Result same = Cli.run(words("run frozen-v2 -r 1 -o " + path("x") + " --meta " + path("x")));
    assertThat(same.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(same.err()).contains("--meta", "-o writes the results there");
  }

  @Test
  void theHeadOfATableSaysWhatStandsForAVersion() {
    assertThat(done(words("run frozen-v2 -r 1 -p linux-6.12")).out())
        .startsWith("linux-6.12 is linux-6.1\n");
    assertThat(done(words("run frozen-v2 -r 1 -p linux-6.12 --format csv")).out())
        .startsWith("workload,");
    assertThat(new Build("0.1.0", "abc", "def")).hasToString("oomlab 0.1.0 (abc), model def");
  }

  @Test
  void whatIsPartialSaysSo() {
    List<Column<String>> columns = List.of(new Column<>("a", a -> a));
    for (ReportFormat format : ReportFormat.values()) {
      StringWriter out = new StringWriter();
      try (Report<String> report = format.rows(out, columns)) {
        report.accept("x");
        report.partial("1 of 3 episodes");
      }
      String[] wanted = {
        "a\nx\n",
        "a\nx\n# partial: 1 of 3 episodes\n",
        "[\n{\"a\":\"x\"},\n{\"partial\":\"1 of 3 episodes\"}\n]\n",
        "{\"a\":\"x\"}\n{\"partial\":\"1 of 3 episodes\"}\n",
      };
      if (!format.equals(ReportFormat.MARKDOWN)) {
        assertThat(out).hasToString(wanted[format.ordinal()]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run mlocked-all,frozen-v2 -p linux-6.12,MINE,old=linux-4.17 -r 3 --format csv",
        "run memcg -p MINE -r 2 --each --format ndjson --set machine.cpus=3",
        "compare frozen-v2 -p linux-6.1,MINE -r 3",
        "sweep frozen-v2 -p MINE -r 2 --vary costs.unmap=1us,2us",
        "explain mlocked-all -p MINE --seed 3 --set reaper.retries=3",
        "trace mlocked-all -p MINE --costs phone",
      })
  void aBundleGivesTheSameResultsElsewhere(String line) throws IOException {
    String typed = line.replace("MINE", mine());
    String before = done(words(typed)).out();
    String bundle = path("case.yaml");
    done(words("bundle -o " + bundle + " " + typed));
    Files.delete(folder.resolve("mine.yaml"));
    String after = done("run", bundle).out();
    // A label is a name in a bundle, and no version stands for another.
    assertThat(after).isEqualTo(before.replaceFirst("linux-6.12 is .*\n", ""));
    assertThat(Files.size(Path.of(bundle))).isLessThan(60_000);
  }

  @Test
  void anotherCommandTakesTheWorkloadsOfABundle() throws IOException {
    String bundle = path("case.yaml");
    done(words("bundle -o " + bundle + " run mlocked-all -p " + mine() + " -r 3"));
    assertThat(done(words("explain " + bundle + " -p mine --seed 2")).out())
        .startsWith("mlocked-all under mine, seed 2");
    assertThat(done(words("run " + bundle + " --format csv")).out()).contains("mlocked-all,mine,3");
  }

  @Test
  void whatIsWrongWithABundleIsNamedByItsLine() throws IOException {
    Path bundle = folder.resolve("case.yaml");
    done(words("bundle -o " + bundle + " run mlocked-all -p " + mine() + " -r 3"));
    Files.writeString(bundle, Files.readString(bundle).replace("  delay:", "  dealy:"));
    Cli.Result result = Cli.run("run", bundle.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).containsPattern("case.yaml.*:[1-9][0-9]+:3: reaper.dealy: no such");
    assertThat(Cli.run("bundle", "list").err()).contains("list cannot be packed");
    assertThat(Cli.run("bundle", "rnu").code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aWorkloadMayBringItsOwnPolicy() throws IOException {
    Path world = folder.resolve("world.yaml");
    String text =
        """
        workload: world
        machine: {memory: 1GiB, free: 64MiB}
        policies:
          - {policy: quick, extends: linux-6.1, reaper: {delay: 0s}}
        processes:
          - name: hog
            memory: [{kind: anonymous, size: 900MiB}]
          - name: asks
            oom_score_adj: -1000
            memory: [{kind: anonymous, size: 4MiB, name: heap}]
            run: [{touch: {size: 128MiB, memory: heap}}]
        claims:
          - {policy: quick, because: "it is in the file", kills: same as linux-6.1}
        """;
    Files.writeString(world, text);
    assertThat(done("check", world.toString()).out()).contains("holds", "quick");
    assertThat(done("run", world.toString(), "-p", "quick", "-r", "1").out()).contains("quick");
    Files.writeString(world, text.replace("delay: 0s", "dealy: 0s"));
    assertThat(Cli.run("run", world.toString()).err()).contains("world.yaml:4:", "reaper.dealy");
    Files.writeString(world, text.replace("- {policy: quick, extends", "- {extends"));
    assertThat(Cli.run("run", world.toString()).err()).contains("policy is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "outcomes frozen-v2 -r 2",
        "threshold frozen-v2 -r 2 --vary machine.memory=4GiB..5GiB --until kills=0",
        "sensitivity frozen-v2 -r 1 --samples 2 -p linux-6.18",
        "fidelity lab-b8 -r 1",
      })
  void everyTableOfResultsSaysWhereItIsFromAndEveryFileHasItBeside(String line) throws IOException {
    String head = Build.current().toString();
    Cli.Result table = Cli.run(words(line));
    assertThat(!Build.current().isKnown() || table.out().startsWith(head)).isTrue();
    Cli.run(words(line + " --format csv -o " + path("results.csv")));
    JsonNode manifest = manifest("results.csv.meta.json");
    assertThat(manifest.get("complete").asBoolean()).isTrue();
    for (String document : List.of("policies", "workloads", "costs")) {
      assertThat(manifest.at("/" + document + "/0/digest").asText()).hasSize(16);
    }
  }
}
