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
                            + ",,,,,,,,,,,,,1,1,1,1,1,1,1"),
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
}
