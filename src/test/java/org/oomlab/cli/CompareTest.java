package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.oomlab.cli.session.ExitCodes;

/** {@code oomlab compare}, from the outside. */
class CompareTest {
  private static final String BASE_AND_OTHERS = "linux-4.17,linux-6.18,copy=linux-4.17";

  @Test
  void theBaseComesFirstAndOutcomesBeforeNumbers() {
    Cli.Result result = Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    assertThat(result.out())
        .startsWith("copy is linux-4.17\n2 policies beside linux-4.17\n1 workload, seeds 1..20");
    assertThat(result.out())
        .containsPattern(
            "mlocked-all +20 panic +20 recovered +-20 .-20, -13.6. panic +<0.001 +20 panic +=\n")
        .containsSubsequence("outcome\n", "kills, mean", "extra kills @10s", "recovery, median");
  }

  @Test
  void whatNeverHappensIsSaidOnceAndZeroIsNoPercentage() {
    String out = Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS).out();
    assertThat(out).containsPattern("recovery +linux-6.18 +0 +0 +0 +0 +only under linux-6.18 in 1");
    assertThat(out).containsPattern("0 or absent under every policy: .*broken futexes");
    String kills = out.substring(out.indexOf("extra kills @10s, mean"), out.indexOf("recovery, "));
    assertThat(kills).containsPattern("mlocked-all +3 +0 +-3 ").doesNotContain("%");
  }

  @Test
  void whatIsMissingIsInAFootnote() {
    String out = Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS).out();
    assertThat(out).containsPattern("mlocked-all +[0-9]+us +never ¹").contains("¹ in no episode");
  }

  @Test
  void theOracleIsBesideTheBase() {
    String out = Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS).out();
    assertThat(out).containsPattern("workload +oracle +linux-4.17").containsPattern("all +1 +4 +1");
    String[] without = {"compare", "mlocked-all", "-p", BASE_AND_OTHERS, "--no-oracle"};
    assertThat(Cli.run(without).out()).doesNotContain("oracle");
  }

  @Test
  void tooFewSeedsForAnyClaimAreSaidToBeTooFew() {
    String[] few = {"compare", "mlocked", "-p", "linux-4.17,linux-6.18", "-r", "6"};
    assertThat(Cli.run(few).out()).contains("so few seeds can claim none");
  }

  @Test
  void tablesFitTheScreenHoweverManyPolicies() {
    Cli.Result result = Cli.run("compare", "mlocked", "-p", "kernels", "-r", "6");
    assertThat(result.out().lines().mapToInt(String::length).max().orElse(999)).isLessThan(121);
  }

  @Test
  void csvHasARowForEachMeasureAndOtherPolicy() {
    Cli.Result result =
        Cli.run("compare", "mlocked", "-p", BASE_AND_OTHERS, "-r", "6", "--format", "csv");
    assertThat(result.out().lines().count()).isEqualTo(1 + 3 * 10 * 2);
    assertThat(result.out())
        .startsWith("workload,base,policy,measure,episodes,pairs,more,less,base_value,")
        .contains("mlocked-all,linux-4.17,linux-6.18,panic,6,6,0,6,1,0.609666,1,0,0,0.390334,-1,")
        .containsPattern("linux-6.18,panic,6,6,0,6,.*,-1,-1,-0.[0-9]+,0.03125,");
  }

  @Test
  void theOutputDoesNotDependOnTheNumberOfThreads() {
    String[] line = {"compare", "tmpfs-survivor", "-p", BASE_AND_OTHERS, "-j", "1"};
    String one = Cli.run(line).out();
    line[5] = "3";
    assertThat(Cli.run(line).out()).isEqualTo(one);
  }

  @Test
  void episodesAreAddedUntilTheIntervalsAreNarrow() {
    Cli.Result result =
        Cli.run(
            "compare",
            "tmpfs-survivor",
            "-p",
            "linux-4.17,linux-6.18",
            "--measures",
            "recovery",
            "--until-precision",
            "10%",
            "--format",
            "csv");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(Integer.parseInt(result.out().lines().toList().get(1).split(",")[4]))
        .isBetween(40, 5000);
  }

  @Test
  void whatDoesNotBecomeNarrowIsSaid() {
    Cli.Result result =
        Cli.run(
            "compare",
            "tmpfs-survivor",
            "-p",
            "linux-4.17,linux-6.18",
            "--until-precision",
            "0.1%",
            "--most-runs",
            "50");
    assertThat(result.err()).contains("tmpfs-survivor: after 50 episodes still not as precise");
    assertThat(result.out()).contains("¹ not as precise as asked for after 50 episodes");
  }

  @Test
  void whereNothingIsLeftToChanceThatIsSaid() {
    String out = Cli.run("compare", "a-slow-last-file", "-p", BASE_AND_OTHERS, "-r", "3").out();
    assertThat(out).contains("a-slow-last-file ¹", "¹ all episodes are alike");
    assertThat(Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS, "-r", "3").out())
        .doesNotContain("alike");
  }

  @Test
  void oneSeedIsEnoughForNoClaim() {
    Cli.Result one = Cli.run("compare", "mlocked", "-p", BASE_AND_OTHERS, "-r", "1");
    assertThat(one.code()).isZero();
    assertThat(one.out()).contains("so few seeds can claim none", "~").doesNotContain("alike");
  }

  @Test
  void mistakesAreExplained() {
    assertThat(Cli.run("compare", "mlocked-all").err()).contains("two policies are needed");
    assertThat(Cli.run("compare", "-p", BASE_AND_OTHERS).err()).contains("which workload?");
    assertThat(
            Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS, "--measures", "recovery_m")
                .err())
        .contains("did you mean recovery_ms?");
    Cli.Result precision =
        Cli.run("compare", "mlocked-all", "-p", BASE_AND_OTHERS, "--until-precision", "5");
    assertThat(precision.err()).contains("--until-precision: expected a percentage");
    assertThat(precision.code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aTableBeginsWithHowManyAreBetterAndShowsWhatDiffers() {
    String[] words = {"compare", "mlocked", "frozen-v2", "-p", "linux-4.17,linux-6.18", "--all"};
    String all = Cli.run(words).out();
    String changed = Cli.run(java.util.Arrays.copyOf(words, words.length - 1)).out();
    assertThat(changed)
        .containsPattern("measure +better +worse +undecided +same +largest\n")
        .containsPattern("\nkills +3 +0 +0 +1 +-5.95 in mlocked-cache-fleet\n")
        .containsSubsequence("in how many workloads", "\noutcome\n", "\nkills, mean")
        .contains("and 1 workload in which it is the same in every seed (--all)");
    assertThat(all.lines().filter(line -> line.startsWith("frozen-v2")).count())
        .isGreaterThan(changed.lines().filter(line -> line.startsWith("frozen-v2")).count());
    assertThat(changed.lines().filter(line -> line.startsWith("frozen-v2") && line.endsWith("=")))
        .isEmpty();
  }
}
