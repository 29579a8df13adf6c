package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code oomlab sensitivity}, from the outside. */
class SensitivityCommandTest {
  private static Cli.Result of(String... more) {
    String[] line = new String[more.length + 6];
    String[] first = {"sensitivity", "mlocked-all", "-r", "2", "--format", "csv"};
    System.arraycopy(first, 0, line, 0, first.length);
    System.arraycopy(more, 0, line, first.length, more.length);
    return Cli.run(line);
  }

  @Test
  void recoveryDependsOnAFewCostsAndNotOnOthers() {
    Cli.Result result = of("-p", "linux-6.18", "--samples", "6");
    assertThat(result.err()).isEmpty();
    List<String> rows = result.out().lines().toList();
    assertThat(rows.get(0)).startsWith("input,from,to,effect,effect_ci_low,effect_ci_high,spread");
    assertThat(rows).hasSize(1 + 21);
    assertThat(rows.get(1)).startsWith("costs.").doesNotContain(",0,0,0,0,0,0,");
    assertThat(rows)
        .anyMatch(row -> row.startsWith("costs.free_shared,") && row.contains(",0,0,0,"));
    assertThat(rows).anyMatch(row -> row.contains("guess"));
  }

  @Test
  void theDifferenceBetweenTwoPoliciesToo() {
    String[] line = {
      "sensitivity",
      "mlocked-all",
      "-r",
      "2",
      "-p",
      "linux-4.17,linux-6.18",
      "--of",
      "kills",
      "--samples",
      "4"
    };
    assertThat(Cli.run(line).out())
        .startsWith("kills under linux-6.18 less that under linux-4.17: below 0 at ");
  }

  @Test
  void sobolsIndicesOfNamedInputs() {
    Cli.Result result =
        of(
            "-p",
            "linux-5.17",
            "--no-costs",
            "--vary",
            "reaper.delay=0s..4s",
            "--vary",
            "reaper.retries=1..20",
            "--method",
            "sobol",
            "--samples",
            "16",
            "--of",
            "extra_kills_10s + recovery_ms");
    assertThat(result.out()).startsWith("input,from,to,first_order,");
    assertThat(result.out().lines()).hasSize(3);
    assertThat(of("-p", "linux-5.17", "-j", "1", "--samples", "2").out())
        .isEqualTo(of("-p", "linux-5.17", "-j", "3", "--samples", "2").out());
  }

  @Test
  void mistakesAreExplained() {
    assertThat(of("--of", "recovry_ms").err()).contains("did you mean recovery_ms?");
    assertThat(of("--method", "sobl").err()).contains("did you mean sobol?");
    assertThat(of("--no-costs").err()).contains("--vary names no input");
    assertThat(of("-p", "kernels").err()).contains("the difference between two");
  }

  @Test
  void oneSampleIsRefused() {
    Cli.Result result =
        Cli.run("sensitivity", "mlocked-all", "-p", "linux-4.17", "--samples", "1", "-r", "1");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--samples 1: of fewer than 2 nothing can be told");
  }
}
