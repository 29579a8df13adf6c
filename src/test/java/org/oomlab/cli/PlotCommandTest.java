package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;

class PlotCommandTest {
  @TempDir Path folder;

  private String results(String... words) {
    Cli.Result result = Cli.run(words);
    assertThat(result.code()).as(result.err()).isZero();
    return write(result.out());
  }

  private String write(String text) {
    try {
      Path file = folder.resolve(Integer.toHexString(text.hashCode()) + ".csv");
      return Files.writeString(file, text).toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Stream<DynamicTest> each() {
    String all = "linux-4.19,linux-5.18";
    return Stream.of(
            new String[][] {
              {"ecdf", "run mlocked-all -r 3 --each --format csv -p " + all},
              {"shares", "run mlocked-all -r 3 --format csv -p " + all},
              {"differences", "compare mlocked-all -r 3 --format csv -p " + all},
              {"line", "sweep mlocked-all -r 1 --vary reaper.delay=0s,2s -p " + all},
              {
                "heatmap",
                "sweep frozen-snapshot -r 1 --vary reaper.delay=0s,2s --vary"
                    + " workload.machine.free=128MiB,256MiB -p "
                    + all
              },
              {"bars", "sensitivity frozen-snapshot --samples 4 -r 1 --format csv"},
              {"fidelity", "fidelity lab-m1 -r 1 --format csv"}
            })
        .map(it -> DynamicTest.dynamicTest(it[0], () -> fits(it[0], results(it[1].split(" ")))));
  }

  @TestFactory
  Stream<DynamicTest> whatACommandWritesHasAPictureThatItIsMadeFor() {
    return each();
  }

  private static void fits(String kind, String file) {
    Cli.Result text = Cli.run("plot", file);
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.err()).startsWith("oomlab: plot: " + kind + ", ");
    assertThat(text.out().lines()).allMatch(line -> line.length() <= 80);
    String here = Cli.run("plot", file, "--format", "svg").out();
    assertThat(here).startsWith("<svg ").contains("</svg").doesNotContain("NaN");
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(Cli.run("plot", file, "--format", "svg").out()).isEqualTo(here);
      assertThat(Cli.run("plot", file).out()).isEqualTo(text.out());
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void thePictureInTheReadmeIsWhatIsDrawn() throws IOException {
    String file =
        results(
            ("run mlocked-all -p linux-4.17,linux-5.18,rientjes-reap-timeout-2018 -r 60 --each"
                    + " --format csv")
                .split(" "));
    String drawn = Cli.run("plot", file, "--format", "svg").out();
    Path picture = Path.of("src/site/resources/images/recovery.svg");
    if ("write".equals(System.getProperty("oomlab.readme"))) {
      Files.writeString(picture, drawn);
    }
    assertThat(picture).hasContent(drawn);
  }

  @Test
  void episodesThatNeverRecoveredStayInTheCurve() {
    String file =
        results(
            "run",
            "mlocked-all",
            "-r",
            "2",
            "--each",
            "--format",
            "csv",
            "-p",
            "linux-4.19,linux-5.18");
    assertThat(Cli.run("plot", file).out()).contains("linux-4.19: 2 of 2 never recovered");
  }

  @Test
  void aMillionEpisodesAreDrawn() {
    StringBuilder rows = new StringBuilder("policy,seed,outcome,recovery_ms\n");
    for (int i = 1; i <= 1_000_000; i++) {
      rows.append("p,").append(i).append(",recovered,").append(i % 1000 + 1).append('\n');
    }
    String svg = Cli.run("plot", write(rows.toString()), "--format", "svg").out();
    assertThat(svg).startsWith("<svg ").hasSizeLessThan(400_000);
  }

  @Test
  void whatCannotBeDrawnIsSaid() {
    refused("", "is empty; expected the CSV of run");
    refused("policy,seed,outcome,recovery_ms\n", "has a header and no rows");
    refused("a,b\n1,2\n", "has no columns of results that can be drawn; it begins with a, b");
    refused(
        "a,b\n1,2\n",
        "kind ecdf needs the columns policy, seed, outcome, recovery_ms",
        "--as",
        "ecdf");
    String each = "policy,seed,outcome,recovery_ms\np,1,recovered,x\n";
    refused(each, "row 2, recovery_ms: expected a number, not 'x'");
    refused("policy,seed,outcome,recovery_ms\np,1\n", "row 2: 2 values for 4 columns");
    refused("policy,seed,outcome,recovery_ms\np,1,panic,\n", "no episode has recovered");
    String twice = "policy,seed,outcome,recovery_ms\np,1,recovered,1\n";
    refused(twice + twice, "row 3: the header again; these are results of two runs");
    refused("point,a,b,c,workload,policy\n1,1,1,1,w,p\n", "is a sweep of 3 axes");
    refused("point,a,workload,policy,kills_mean\n1,1,w,p,2\n", "there is no column x", "--of", "x");
    assertThat(Cli.run("plot", folder + "/none.csv").err()).contains("cannot be read");
  }

  private void refused(String csv, String why, String... more) {
    String[] words =
        Stream.concat(Stream.of("plot", write(csv)), Stream.of(more)).toArray(String[]::new);
    Cli.Result result = Cli.run(words);
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains(why);
    assertThat(result.out()).isEmpty();
  }
}
