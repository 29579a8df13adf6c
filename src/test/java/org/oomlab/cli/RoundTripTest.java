package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code oomlab trace} writes as a kernel's log, {@code oomlab import} reads. */
class RoundTripTest {
  /** One for each form that reports have had since 4.5. */
  private static final List<String> ERAS =
      List.of(
          "linux-4.5",
          "linux-4.9",
          "linux-4.15",
          "linux-4.17",
          "linux-4.19",
          "linux-5.10",
          "linux-5.18",
          "linux-6.1",
          "linux-6.18");

  private static final List<String> WORKLOADS =
      List.of(
          "m03-stuck-reaped-at-once",
          "m08-n5",
          "m13-shared-file",
          "m14-page-tables",
          "m24-badness",
          "m30-oom-group",
          "m31-sacrifice-child",
          "m33-stuck-and-too-small",
          "lab-a1",
          "lab-b2",
          "lab-d1",
          "lab-f1",
          "lab-h3",
          "memcg-group",
          "memcg-mlocked",
          "memcg-sidecar",
          "mlocked-all",
          "mlocked-search-node",
          "frozen-cached-apps",
          "storage-stall",
          "tmpfs-survivor",
          "collateral-kills");

  @TempDir Path folder = Path.of("");

  static Stream<Arguments> everyForm() {
    return WORKLOADS.stream()
        .flatMap(workload -> ERAS.stream().map(era -> Arguments.of(workload, era)));
  }

  /** Imports what a policy's kernel would have logged. */
  private String imported(String workload, String policy) throws IOException {
    Cli.Result trace = Cli.run("trace", workload, "-p", policy, "--format", "dmesg");
    assertThat(trace.out()).contains("invoked oom-killer");
    Path file = folder.resolve("again.yaml");
    Cli.Result result =
        Cli.runWithInput(trace.out(), "import", "oom-report", "-", "-o", file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    return file.toString();
  }

  @ParameterizedTest
  @MethodSource("everyForm")
  void theVictimIsTheSame(String workload, String era) throws IOException {
    String again = imported(workload, era);

    Cli.Result check = Cli.run("check", again);
    assertThat(check.code()).as(check.out() + check.err()).isZero();
    assertThat(check.err()).contains("1 claim");
    // The process has got a number, and what names must not have has become a dash.
    String name = victim(workload, era).replaceAll("[\\[\\]]", "_");
    String comm = name.substring(0, Math.min(15, name.length()));
    assertThat(victim(again, era)).startsWith(comm + "-");
  }

  private static String victim(String workload, String policy) {
    Cli.Result run =
        Cli.run("run", workload, "-p", policy, "--runs", "1", "--each", "--format", "csv");
    String row = run.out().lines().skip(1).findFirst().orElseThrow();
    int column = List.of(Cli.EPISODE_COLUMNS.split(",")).indexOf("victims");
    return row.split(",")[column].split(";")[0];
  }

  @ParameterizedTest
  @CsvSource({
    "linux-4.5",
    "linux-4.17",
    "linux-4.19",
  })
  void anOriginIsToldByItsScoreWhereThatIsPrinted(String era) throws IOException {
    String again = imported("m21-livelock-module-bystander", era);

    assertThat(Files.readString(Path.of(again))).contains("that of OOM_FLAG_ORIGIN");
    assertThat(Cli.run("check", again).code()).isZero();
  }

  @Test
  void anOriginIsNotToldLaterAndTheFileAdmitsIt() throws IOException {
    String again = imported("m21-livelock-module-bystander", "linux-6.18");

    assertThat(Files.readString(Path.of(again)))
        .contains("B-102 has the highest badness", "The claim may not hold");
  }

  @ParameterizedTest
  @CsvSource({
    "panic-on-oom-1,killer.panic_on_oom=1,panic",
    "panic-on-oom-2,killer.panic_on_oom=2,panic",
    "kill-allocating-task,killer.kill_allocating_task=true,asked itself",
  })
  void aSysctlIsNamed(String policy, String setting, String end) throws IOException {
    String again = imported("mlocked-search-node", policy);

    assertThat(Files.readString(Path.of(again))).contains("--set " + setting);
    assertThat(Cli.run("explain", again, "-p", "linux-4.19", "--set", setting).out()).contains(end);
  }
}
