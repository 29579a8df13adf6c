package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.cli.session.ExitCodes;

/** What people type by mistake, and what they are told. */
class DailyUseTest {
  private static final String WORLD =
      """
      workload: world
      machine: {memory: 1GiB, free: 64MiB}
      processes:
        - name: hog
          count: 9
          memory: [{kind: anonymous, size: 100MiB}]
        - name: asks
          oom_score_adj: -1000
          memory: [{kind: anonymous, size: 4MiB, name: heap}]
          run: [{sleep: 5ms}, {touch: {size: 128MiB, memory: heap}}]
      """;

  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return file.toString();
  }

  private static void refused(String words, String... said) {
    Cli.Result result = Cli.run(words.split(" "));
    assertThat(result.code()).as(words).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).as(words).contains(said);
    assertThat(result.out()).as(words).isEmpty();
  }

  private static String done(String... words) {
    Cli.Result result = Cli.run(words);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search mlocked-all --budget",
        "sensitivity mlocked-all --samples",
        "compare mlocked-all --most-runs",
        "fuzz --episodes",
        "run mlocked-all --runs"
      })
  void aNumberThatCannotBeIsBlamedOnItsOwnOption(String words) {
    String option = words.substring(words.lastIndexOf(' ') + 1);
    refused(words + " 0", "oomlab: " + option + ": expected a whole number from 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "linux-6.1,", ",linux-6.1", "linux-6.1,,linux-6.18"})
  void aCommaWithoutANameBesideItIsNoList(String list) {
    refused("run mlocked-all -p " + list, "--policy: ", "'" + list + "'");
    refused("check -p " + list, "--policy: ", "'" + list + "'");
    refused("search mlocked-all --beside " + list, "--beside: ", "'" + list + "'");
    refused("compare mlocked-all --measures " + list, "--measures: ", "'" + list + "'");
  }

  @Test
  void whatIsOfAnotherKindIsSaidToBeThat() {
    refused("run linux-6.1", "linux-6.1: is a policy, and a workload is wanted", "-p linux-6.1");
    refused("run mlocked-all -p mlocked", "mlocked: is a workload, and a policy is wanted");
    refused("run mlocked-all -p x86-64", "x86-64: is a cost file", "--costs x86-64");
    refused("run policies/kernels/linux-6.1.yaml", "is a policy, and a workload is wanted");
    refused("run mlocked-all -p workloads/mlocked/mlocked-all.yaml", "is a workload, and a policy");
    refused("run mlocked-all --costs policies/kernels/linux-6.1.yaml", "is a policy, and a cost");
  }

  @Test
  void aNameLikeNoOtherIsAnsweredWithTheFamilies() {
    refused("run mlocked zzzzzz", "zzzzzz: no workload of this name; the families are ", "mlocked");
    refused(
        "run mlocked -p zzzzzz", "zzzzzz: no policy of this name; the families are ", "kernels");
  }

  @Test
  void workloadsMayStandBetweenCommasAndBePatterns() {
    String csv = done("run", "mlocked-all,frozen-v2", "-r", "1", "--format", "csv");
    assertThat(csv).contains("\nmlocked-all,", "\nfrozen-v2,").hasLineCount(3);
    assertThat(done("run", "mlocked-a*,frozen-v?", "-r", "1", "--format", "csv")).isEqualTo(csv);
    refused("run workloads/nothing*", "workloads/nothing*: no workload matches this pattern");
    refused("run nothing-*", "nothing-*: no workload matches this pattern");
  }

  @Test
  void optionsBeforeTheCommandAreAnsweredWithWhatToType() {
    refused(
        "-p linux-6.1 run mlocked-all",
        "options come after the command: oomlab run -p linux-6.1 mlocked-all");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "explain", "check", "trace", "run mlocked-all -p"})
  void aLogIsSentToWhereLogsAreRead(String words) throws IOException {
    String log = file("dmesg.txt", "[ 1.0] a invoked oom-killer: gfp_mask=0x1\n");
    refused(words + " " + log, log + ": is a log and not YAML; 'oomlab import oom-report " + log);
  }

  @Test
  void aDocumentMayQuoteALog() throws IOException {
    String text = WORLD + "title: 'a invoked oom-killer: Killed process 7'\n";
    assertThat(Cli.runWithInput(text, "run", "-", "-r", "1").code()).isZero();
    assertThat(Cli.run("run", file("world", text), "-r", "1").code()).isZero();
  }

  @Test
  void aFolderOfLogsIsAnsweredWithWhatToType() throws IOException {
    file("logs/dmesg.txt", "[ 1.0] a invoked oom-killer: gfp_mask=0x1\n");
    String logs = folder.resolve("logs").toString();
    refused("run " + logs, "no YAML file in this folder", "oomlab import oom-report");
    refused("import oom-report " + logs, "cat " + logs + "/* | oomlab import oom-report --list -");
  }

  @Test
  void aLineThatWasCopiedFromElsewhereRunsInTheShell() {
    Cli.Result result = Cli.runWithInput("oomlab list costs --names\n", "repl");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("x86-64\n");
  }

  @Test
  void aVersionKeepsTheNameThatWasAskedFor() {
    String csv =
        done("run", "mlocked-all", "-p", "linux-6.12,linux-6.1", "-r", "1", "--format", "csv");
    assertThat(csv).contains("mlocked-all,linux-6.12,", "mlocked-all,linux-6.1,");
    assertThat(done("show", "linux-6.12"))
        .startsWith("linux-6.12: ")
        .contains("profile: linux-6.1");
  }

  @Test
  void aFileThatIsNamedTwiceIsReadOnce() throws IOException {
    String once = file("w/world.yaml", WORLD);
    String again = folder.resolve("w/../w/world.yaml").toString();
    assertThat(
            done("run", once, again, folder.resolve("w").toString(), "-r", "1", "--format", "csv"))
        .hasLineCount(2);
    String copy = file("v/world.yaml", WORLD);
    refused("run " + once + " " + copy, "there is another workload called world, in " + once);
  }

  @Test
  void aClaimFindsAPolicyBesideItsFileAndOneFromTheCommandLine() throws IOException {
    String policy = "policy: %s\nextends: linux-6.1\nreaper: {delay: 1s}\n";
    file("p/slow.yaml", policy.formatted("slow"));
    String other = file("elsewhere/other.yaml", policy.formatted("other"));
    String claims =
        """
        claims:
          - {policy: ../p/slow.yaml, because: "it is there", kills: 1}
          - {policy: other, because: "it was given", kills: same as ../p/slow.yaml}
        """;
    String world = file("w/world.yaml", WORLD + claims);
    assertThat(done("check", world, "-p", other)).contains("slow.yaml", "other");
    assertThat(done("run", world, "-p", other, "-r", "1")).contains("other");
    refused("check " + world, "no policy 'other'");
    assertThat(Cli.run("check", world).err()).doesNotContain("slow.yaml");
  }

  @Test
  void nobodyOfThatNameWasKilledIsSaidByAListToo() throws IOException {
    String log = file("log", "Out of memory: Killed process 7 (weaver) total-vm:1kB\n");
    refused("import oom-report --list --killed nosuch " + log, "nobody of this name was killed");
    assertThat(done("import", "oom-report", "--list", "--killed", "weaver", log))
        .contains("weaver");
  }

  @Test
  void killsThatTheLogCountsAreClaimedNotToBeMore() throws IOException {
    String report =
        Files.readString(
            Path.of("src/test/resources/oom-reports/4.14-child.log"), StandardCharsets.UTF_8);
    assertThat(done("import", "oom-report", file("one.log", report))).doesNotContain("kills: ");
    String kill =
        report.lines().filter(line -> line.contains("Killed process")).findFirst().orElseThrow();
    String log = file("two.log", report + kill.replace("701", "700") + "\n");
    assertThat(done("import", "oom-report", log)).contains("kills: \"<= 2\"");
  }

  @Test
  void theVictimIsInTheTableOfBadnessAmongEquals() throws IOException {
    String world = file("world.yaml", WORLD);
    for (int seed = 1; seed < 9; seed++) {
      String story = done("explain", world, "--kills", "--top", "2", "--seed", "" + seed);
      String victim = story.replaceAll("(?s).*kill 1: (hog\\[.\\]),.*", "$1");
      assertThat(story).containsPattern("\n +[0-9]+ .*  \\Q" + victim + "\\E\n");
      String rows = done("explain", world, "--top", "1", "--seed", "" + seed, "--format", "csv");
      assertThat(rows).contains("," + victim + ",");
    }
  }

  @Test
  void timesCountFromTheFirstOomCall() throws IOException {
    String json = done("run", file("world.yaml", WORLD), "-r", "1", "--each", "--format", "ndjson");
    double freed = Double.parseDouble(json.replaceAll("(?s).*\"freed_from_ms\":([0-9.]+).*", "$1"));
    assertThat(freed).isPositive().isLessThan(5); // It was after the 5 ms that nothing happens.
  }

  @Test
  void anOutcomeMayBeWrittenEitherWay() throws IOException {
    String claims =
        """
        claims:
          - {policy: linux-6.1, because: "so", outcome: no_oom}
          - {policy: linux-6.1, because: "so", outcome: no-oom}
          - {policy: linux-6.1, because: "so", share: {outcome=no_oom: 100%}}
        """;
    String world = file("world.yaml", WORLD.replace("128MiB", "1MiB") + claims);
    assertThat(done("check", world)).doesNotContain("fails");
    for (String word : new String[] {"no_oom", "no-oom"}) {
      assertThat(
              done(
                  "compare",
                  world,
                  "-p",
                  "linux-6.1,linux-6.18",
                  "--measures",
                  word,
                  "-r",
                  "2",
                  "--all"))
          .contains("no-oom");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%n", "100%", "%s%d"})
  void aPercentSignIsALetter(String name) {
    refused("run " + name, "oomlab: " + name + ": no workload");
    refused("show " + name, "oomlab: " + name + ": ");
    refused("help " + name, "there is no command " + name);
  }

  @Test
  void helpTakesACommandBelowAnother() {
    assertThat(done("help", "import", "oom-report")).isEqualTo(done("import", "oom-report", "-h"));
    refused(
        "help import oom-repotr",
        "there is no command import oom-repotr; did you mean oom-report?");
  }

  @Test
  void whatDiffersBetweenTwoIsAllThatIsShownOfThem() {
    String csv = done("show", "linux-6.1", "--against", "linux-6.18", "--format", "csv");
    assertThat(csv)
        .startsWith("path,linux-6.1,linux-6.18,doc,set_by,set_by_other\n")
        .contains("\nreaper.direction,forward,backward,Which way ")
        .doesNotContain("reaper.delay");
    assertThat(done("show", "linux-6.1", "--against", "linux-6.18")).startsWith("4 of ");
    assertThat(done("show", "linux-6.1", "--against", "linux-6.12")).startsWith("0 of ");
    assertThat(done("show", "phone", "--against", "x86-64")).contains(" values differ between ");
    assertThat(done("show", "mlocked-all", "--against", "frozen-v2"))
        .contains("processes[1].count");
    refused("show phone --against linux-6.1", "these are a cost file and a policy");
    refused("show reaper --against killer", "these are a group and a group");
  }

  @Test
  void aMetricAndAGroupOfKnobsCanBeAskedForByName() {
    assertThat(done("show", "reaper")).contains("reaper.delay", "reaper.on_failure");
    assertThat(done("show", "recovery")).isEqualTo(done("show", "recovery_ms"));
    assertThat(done("show", "kills")).startsWith("kills: Processes that the OOM killer killed");
  }
}
