package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would these policies have done in all those events? */
class FromReportsTest {
  private static final Path LOGS = Path.of("src/test/resources/oom-reports");

  private static Cli.Result run(String logs, String... more) {
    return Cli.run(
        Stream.concat(
                Stream.of(
                    "run", "--from-reports", logs, "-p", "linux-6.1,linux-7.2", "--runs", "2"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void theRowsAreThoseOfTheImportedWorkloads(@TempDir Path folder) {
    String log = LOGS.resolve("one-liners.log").toString();
    String several = LOGS.resolve("6.1-growth.log").toString();
    for (String each : List.of(log, several)) {
      Path to = folder.resolve(String.valueOf(Path.of(each).getFileName()));
      assertThat(Cli.run("import", "oom-report", each, "--all", "-o", to.toString()).code())
          .isZero();

      Cli.Result fleet = run(each, "--each", "--format", "csv");
      Cli.Result imported =
          Cli.run(
              "run",
              to.toString(),
              "-p",
              "linux-6.1,linux-7.2",
              "--runs",
              "2",
              "--each",
              "--format",
              "csv");

      assertThat(fleet.code()).isZero();
      assertThat(outcomes(fleet.out()))
          .containsExactlyInAnyOrderElementsOf(outcomes(imported.out()));
    }
  }

  /** All but the workload's name, which has the number of the event in it or not. */
  private static List<String> outcomes(String csv) {
    return csv.lines().skip(1).map(row -> row.substring(row.indexOf(',') + 1)).toList();
  }

  @Test
  void whatIsSetIsSetInEveryEvent() {
    Cli.Result result =
        run(
            LOGS.resolve("6.8-global.txt").toString(),
            "--set",
            "machine.memory=1TiB",
            "--format",
            "csv");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines().skip(1))
        .allMatch(row -> row.matches("[^,]*,[^,]*,2,0,0,0,0,2,.*"));
  }

  @Test
  void whatCannotBeReadIsNamedAndTheOthersGoOn(@TempDir Path folder) throws IOException {
    Files.copy(LOGS.resolve("6.8-global.txt"), folder.resolve("a.log"));
    Files.writeString(folder.resolve("b.log"), "nothing of the kind\n");
    Files.copy(LOGS.resolve("5.15-memcg.txt"), folder.resolve("c.log"));

    Cli.Result result = run(folder.toString(), "--format", "csv");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("left out: " + folder.resolve("b.log") + ": there is no OOM report in it");
    assertThat(result.out().lines().skip(1).map(row -> row.substring(0, 1)).distinct())
        .containsExactly("a", "c");
  }

  @Test
  void theRowsDoNotDependOnThreads() {
    String one = run(LOGS.toString(), "--format", "csv", "--jobs", "1").out();

    assertThat(run(LOGS.toString(), "--format", "csv", "--jobs", "3").out()).isEqualTo(one);
  }

  @Test
  void standardInputCannotBeReadTwice() {
    Cli.Result result = run("-");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("a log is read twice, so it must be a file");
  }
}
