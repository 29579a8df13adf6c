package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What was observed beside what is simulated. */
class FidelityCommandTest {
  @Test
  void eachWorkloadIsRunUnderWhatItWasObservedUnder() {
    Cli.Result result =
        Cli.run("fidelity", "lab-k1", "lab-l1", "--runs", "2", "--format", "csv", "-q");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().skip(1))
        .satisfiesExactly(
            row ->
                assertThat(row)
                    .isEqualTo(
                        "lab-k1,lab-panic-on-oom,5,2,0,0,1,,,1,"
                            + "Out of memory: system-wide panic_on_oom is enabled,"
                            + "Out of memory: system-wide panic_on_oom is enabled,1"
                            + ",,,,,,,,,,,,,1,1,1,1,1,1,1,,,"),
            row ->
                assertThat(row).startsWith("lab-l1,lab-kill-allocating-task,5,2,1,1,1,hog,hog,1,"));
  }

  @Test
  void aTableEndsWithTheScore() {
    Cli.Result result = Cli.run("fidelity", "lab-k2", "--runs", "1");

    assertThat(result.out()).endsWith("\nscore 100%\n");
    assertThat(result.err()).endsWith("score 100% over 1 workload\n");
  }

  @Test
  void anotherKernelMayBeHeldAgainstTheObservation() {
    Cli.Result result =
        Cli.run("fidelity", "lab-m2", "-p", "linux-4.18", "--runs", "1", "--format", "csv", "-q");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("\nlab-m2,linux-4.18,");
  }

  @Test
  void withoutAnObservationThereIsNothingToCompare() {
    Cli.Result result = Cli.run("fidelity", "m30-oom-group");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("none of these workloads says what was observed");
  }

  /** What was observed of this, under a key of its only run. */
  private static String observed(String keys) {
    return """
        workload: ob
        title: t
        source: s
        machine: {memory: 400MiB}
        futexes: [f]
        processes:
        - {name: v, memory: [{kind: anonymous, size: 190MiB}], run: [{take_futex: f}, {sleep: 3s}]}
        - {name: w, run: [{sleep: 1ms}, {wait_futex: f}]}
        - {name: hog, oom_score_adj: -900, run: [{sleep: 15ms}, {touch: 300MiB}]}
        observed:
          policy: linux-6.18
          runs:
          - {victims: [v], %s}
        """
        .formatted(keys);
  }

  @Test
  void killTimesAndFutexesThatWereObservedAreHeldAgainstTheSimulated() {
    String as = observed("kill_times: [250us], futexes: {f: owner_died}");
    String out = Cli.runWithInput(as, "fidelity", "-").out();

    assertThat(out)
        .containsPattern("ob: kill 1 observed after 250us, simulated after \\S+: within a factor")
        .contains("ob: futex f: observed owner_died, simulated owner_died, p 1");
    String other = observed("kill_times: [1s], futexes: {f: broken}");
    assertThat(Cli.runWithInput(other, "fidelity", "-").out())
        .contains("not within a factor of two")
        .contains("observed broken, simulated owner_died, p 0.00");
    assertThat(Cli.runWithInput(as, "fidelity", "-", "--format", "csv").out())
        .contains("kill_times_observed_ms,kill_times_simulated_ms,futexes")
        .contains(",0.25,");
  }

  @Test
  void killTimesAndFutexesThatCannotBeAreRefused() {
    assertThat(Cli.runWithInput(observed("kill_times: [1us, 2us]"), "fidelity", "-").err())
        .contains("expected a time for each of the 1 victims, found 2");
    assertThat(Cli.runWithInput(observed("futexes: {g: broken}"), "fidelity", "-").err())
        .contains("there is no futex 'g'");
    assertThat(Cli.runWithInput(observed("futexes: {f: brokn}"), "fidelity", "-").err())
        .contains("expected one of intact, owner_died, broken");
  }
}
