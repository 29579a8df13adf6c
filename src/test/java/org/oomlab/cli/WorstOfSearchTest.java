package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.cli.session.ExitCodes;

/** {@code oomlab search --worst-of}: a policy that stands what is found against it. */
class WorstOfSearchTest {
  @TempDir Path folder;

  @Test
  void theKnobThatTheWorldsTakeIsChangedAndEachStepOffIsTold() throws IOException {
    Path file = folder.resolve("better.yaml");
    Cli.Result cli =
        Cli.run(
            "search",
            "--worst-of",
            "small",
            "-p",
            "linux-4.17",
            "--budget",
            "300",
            "--vary",
            "reaper.on_success",
            "-w",
            file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("stands 'outcome != panic")
        .containsPattern("policy +reaper.on_success=pardon")
        .containsPattern("one step off +reaper.on_success=hide +refuted-1-[0-9]+ is not stood");
    assertThat(Files.readString(file)).contains("extends: linux-4.17", "on_success: pardon");
    try (var files = Files.list(folder)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .anyMatch(name -> name.matches("better-refuted-1-[0-9]+.yaml"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--runs 3 | --runs: is for workloads, and not for --worst-of",
        "--minimise kills | --minimise: is for workloads",
        "mlocked-all | workloads are none",
        "--stands kils<3 | --stands: 'kils<3': column 1: there is no word kils",
        "--vary reaper.delay=0s..1s | takes knobs with a list of values"
      })
  void whatItWouldIgnoreIsRefused(String words, String message) {
    String line = "search --worst-of small -p linux-4.17 --budget 10 " + words;
    Cli.Result cli = Cli.run(line.split(" "));
    assertThat(cli.code()).as(cli.out()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains(message);
  }

  @Test
  void aClaimToStandIsForWorlds() {
    Cli.Result cli = Cli.run("search", "mlocked-all", "--stands", "kills = 1");
    assertThat(cli.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains("--stands: is for --worst-of");
  }
}
