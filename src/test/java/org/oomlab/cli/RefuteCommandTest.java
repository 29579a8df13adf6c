package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.cli.session.ExitCodes;

/** {@code oomlab refute}: what it answers, and what it refuses. */
class RefuteCommandTest {
  private static final String PANIC = "outcome(A) != panic or outcome(B) = panic";
  private static final String PAIR = "linux-4.17,rientjes-reap-timeout-2018";

  @TempDir Path folder;

  @Test
  void whatIsRefutedIsAWorkloadWhoseClaimsHold() throws IOException {
    String file = folder.resolve("w.yaml").toString();
    Cli.Result cli = Cli.run("refute", PANIC, "-p", PAIR, "-n", "2000", "-o", file);
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains("refuted: after ").contains(" of seed 1");
    String text = Files.readString(Path.of(file));
    assertThat(text)
        .startsWith("# Refutes '" + PANIC + "' at seed ")
        .contains(" of the seeds ", "95% interval", "# They part: under linux-4.17 +")
        .contains("# Cause: ", "# Size: ", "source: \"oomlab refute ");
    assertThat(Cli.run("check", file).code()).isZero();
    Cli.Result compare = Cli.run("compare", file, "-p", PAIR, "-r", "20");
    assertThat(compare.code()).as(compare.err()).isZero();
  }

  @Test
  void theCommandInTheFileFindsItAgainByteForByteOnAnyNumberOfThreads() {
    Cli.Result first = Cli.run("refute", PANIC, "-p", PAIR, "-n", "2000", "-j", "1");
    assertThat(first.code()).isEqualTo(ExitCodes.CLAIM_FAILED);
    Cli.Result second = Cli.run("refute", PANIC, "-p", PAIR, "-n", "2000", "-j", "2");
    assertThat(second.out()).isEqualTo(first.out());
    String number = first.out().replaceAll("(?s).* -n ([0-9]+)\"\n.*", "$1");
    Cli.Result again = Cli.run("refute", PANIC, "-p", PAIR, "--in", "small", "-n", number);
    assertThat(again.out()).isEqualTo(first.out());
  }

  @Test
  void whatIsNotRefutedIsNotCalledTrue() {
    String file = folder.resolve("none.yaml").toString();
    Cli.Result cli = Cli.run("refute", "kills >= 0", "-p", "linux-6.18", "-n", "300", "-o", file);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .startsWith("not refuted in 300 worlds of space small, seed 1\n")
        .contains("This is no proof", "nearest: margin 0.0000", "pairs of what was seen: ")
        .contains("oom ", "reaper ", "frozen victim ");
    assertThat(cli.out()).doesNotContain("true");
    assertThat(cli.err()).contains("nothing is written, for nothing was found");
    assertThat(Path.of(file)).doesNotExist();
  }

  @Test
  void allGroupsByCauseAndTheMostFrequentComesFirst() throws IOException {
    String file = folder.resolve("all").toString();
    Cli.Result cli =
        Cli.run("refute", "kills(A) = kills(B)", "-p", PAIR, "-n", "400", "--all", "-o", file);
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(cli.err()).contains("refuted: ").contains(" causes in 400 worlds of seed 1");
    List<Integer> times =
        cli.err()
            .lines()
            .filter(line -> line.contains(" refutations"))
            .map(line -> line.replaceAll(".*: ([0-9]+) of .*", "$1"))
            .map(Integer::valueOf)
            .toList();
    assertThat(times).hasSizeGreaterThan(1).isSortedAccordingTo((a, b) -> b - a);
    try (var files = Files.list(Path.of(file))) {
      assertThat(files).hasSize(times.size());
    }
  }

  @Test
  void theNeighbourhoodOfAWorkloadIsASpace() {
    Cli.Result cli =
        Cli.run("refute", "kills <= 3", "-p", "linux-4.17", "--in", "near mlocked-all", "-n", "50");
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(cli.out()).contains("--in 'near mlocked-all'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kils <= 3 | CLAIM: 'kils <= 3': column 1: there is no word kils; did you mean kills?",
        "recovery < 3 pages | CLAIM: 'recovery < 3 pages': column 12: expected a time",
        "kills(B) = 1 | column 7: there is no policy B among those of -p: expected A (linux-6.18)",
        "kills | column 1: expected a comparison"
      })
  void aClaimThatMeansNothingIsRefused(String claim, String message) {
    refused(message, "refute", claim, "-p", "linux-6.18", "-n", "10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--for | 0 | expected a duration with its unit",
        "--for | 0s | expected a time above 0",
        "-n | 0 | expected a whole number from 1",
        "--in | smal | smal: no space of this name; did you mean small?",
        "--in | near nobody | nobody: no workload of this name",
        "--in | near mlocked | expected one workload, and these are",
        "-p | linux-6.81 | linux-6.81: no policy of this name",
        "-o | /nowhere/at/all.yaml | /nowhere/at"
      })
  void whatCannotBeIsRefused(String option, String value, String message) {
    refused(message, "refute", "kills <= 3", "-p", "linux-6.18", "-n", "300", option, value);
  }

  @Test
  void itHasToBeAboutSomePolicy() {
    refused("-p: expected the policies that the claim is about", "refute", "kills <= 3");
  }

  @Test
  void aSpaceWithoutAnOomIsSaidToBeOne() throws IOException {
    Path space = folder.resolve("idle.yaml");
    Files.writeString(
        space,
        "space: idle\ntitle: t\nsource: s\nmachine: {memory: [1TiB], cpus: [1], hz: [250]}\n"
            + "costs: [x86-64]\nmost: {processes: 1, threads: 1, mappings: 0, steps: 1}\n"
            + "longest: 1s\nhorizon: 1ns\nfeatures: {}\n");
    refused(
        "of the first 1000 worlds none has an OOM in it",
        "refute",
        "kills <= 3",
        "-p",
        "linux-6.18",
        "-n",
        "5000",
        "--in",
        space.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "features: {mutexes: 30%, mutices: 1%}|mutices: there is no such feature",
        "features: {mutexes: lots}|mutexes: expected a chance such as 30%, found 'lots'",
        "features: {mutexes: 0%}|expected a chance from 1% to 100%",
        "features: {knobs: 10%}|'knobs' changes nothing",
        "features: {cgroups: 10%}|'cgroups' makes none",
        "features: {}\nknobs: {reaper.delay: [1s]}|knobs never change",
        "features: {knobs: 10%}\nknobs: {reaper.dely: [1s]}|no such knob; did you mean reaper.delay",
        "features: {knobs: 10%}\nknobs: {reaper.delay: [1 page]}|expected a duration",
        "features: {}\nmost: {processes: 0, threads: 1, mappings: 0, steps: 1}|most",
        "features: {}\nspeed: 3|speed"
      })
  void aSpaceThatMeansNothingIsRefusedWithItsPlace(String line) throws IOException {
    String[] parts = line.split("\\|");
    Path space = folder.resolve("odd.yaml");
    String most =
        parts[0].contains("most:")
            ? ""
            : "most: {processes: 1, threads: 1, mappings: 0, steps: 1}\n";
    Files.writeString(
        space,
        "space: odd\ntitle: t\nsource: s\nmachine: {memory: [1GiB], cpus: [1], hz: [250]}\n"
            + "costs: [x86-64]\n"
            + most
            + "longest: 1s\nhorizon: 1s\n"
            + parts[0]
            + "\n");
    Cli.Result cli =
        Cli.run("refute", "kills < 9", "-p", "linux-6.18", "-n", "9", "--in", space.toString());
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains("odd.yaml:").contains(parts[1]);
  }

  @Test
  void knobsOfASpaceChangeUnderAllPoliciesAlike() throws IOException {
    Path space = folder.resolve("sysctl.yaml");
    Files.writeString(
        space,
        "space: sysctl\ntitle: t\nsource: s\nmachine: {memory: [256MiB], cpus: [2], hz: [250]}\n"
            + "costs: [x86-64]\nmost: {processes: 3, threads: 1, mappings: 1, steps: 4}\n"
            + "longest: 1s\nhorizon: 300s\nfeatures: {knobs: 100%}\n"
            + "knobs: {killer.panic_on_oom: [1]}\n");
    Cli.Result cli =
        Cli.run("refute", "outcome != panic", "-p", "linux-6.18", "--in", space.toString());
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(cli.out()).contains("#   --set killer.panic_on_oom=1");
    Cli.Result both =
        Cli.run(
            "refute",
            "outcome(A) = outcome(B)",
            "-p",
            "linux-6.18,linux-6.18",
            "-n",
            "300",
            "--in",
            space.toString());
    assertThat(both.code()).as(both.out()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "server", "phone", "cgroups"})
  void aSpaceIsShownInWords(String name) {
    Cli.Result cli = Cli.run("show", "space", name);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).startsWith("space " + name + ": ").contains("processes ", "in 30% of");
    boolean costsToo = name.equals("phone");
    assertThat(Cli.run("show", name).out().equals(cli.out())).isNotEqualTo(costsToo);
    assertThat(Cli.run("list", "spaces").out()).contains(name);
  }

  private static void refused(String message, String... words) {
    Cli.Result cli = Cli.run(words);
    assertThat(cli.code()).as(cli.err()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains(message);
    assertThat(cli.out()).isEmpty();
  }
}
