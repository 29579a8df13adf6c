package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.Cli.Result;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.workload.PageTableContention;
import org.oomlab.yaml.Library;

/** The fits whose results are in the shipped cost files. */
class CalibrateTest {
  private static final Library LIBRARY = Library.open(null);

  @TempDir Path folder;

  private static PageTableContention contention(String costs) {
    return Objects.requireNonNull(LIBRARY.costs(costs).pageTableContention());
  }

  @Test
  void theStructureComesWithinThreePercentOfThePhone() {
    Result result =
        Cli.run("calibrate", "src/main/measurements/phone-2025.yaml", "--format", "csv");
    assertThat(result.code()).as(result.err()).isZero();
    List<String> figures =
        result.out().lines().filter(line -> line.startsWith("teardown-phone")).toList();
    assertThat(figures).hasSize(7);
    for (String figure : figures) {
      String off = figure.split(",")[6].replace("%", "");
      assertThat(Math.abs(Double.parseDouble(off))).as(figure).isLessThan(3);
    }
  }

  @Test
  void whatIsFoundIsWhatThePhoneHas() throws IOException {
    Path file = folder.resolve("again.yaml");
    Result result =
        Cli.run(
            "calibrate", "src/main/measurements/phone-2025.yaml", "-q", "--write", file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Files.readString(file)).contains("costs: again\n", "extends: phone-2025\n");
    assertThat(contention(file.toString())).isEqualTo(contention("phone"));
    assertThat(contention("phone-2025")).isEqualTo(contention("phone"));
  }

  @Test
  void theServersConstantsAreItsOwn() {
    Result result = Cli.run("calibrate", "src/main/measurements/kvm-guest.yaml", "--format", "csv");
    assertThat(result.out()).contains("page_table_contention.freeing,,0.948,");
    assertThat(contention("x86-64").freeing()).isEqualTo(0.948);
    assertThat(contention("x86-64").underLock()).isLessThan(contention("phone").underLock());
  }

  @Test
  void whatWasObservedIsFittedAndJudgedInTurn() throws IOException {
    Path file = folder.resolve("m.yaml");
    Files.writeString(
        file,
        """
        measurements: m
        costs: lab-tcg
        fit:
          unmap: {start: 3us, least: 1us, most: 9us, with: {unmap_file: 0.4}}
          exit_latency: {start: 9ms, least: 1ms, most: 40ms, factor: 2}
        observed: {workloads: [lab-a1, lab-a4, lab-c1, lab-k1, lab-f1], seeds: 1..5}
        """);
    Path found = folder.resolve("found.yaml");
    Result result =
        Cli.run("calibrate", file.toString(), "--format", "csv", "--write", found.toString());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("lab-a1,linux-6.1,fit,first_recovery_ms,149,")
        .contains("lab-a4,linux-6.1,judge,first_recovery_ms,418,")
        .contains("lab-c1,linux-6.1,fit,first_recovery_ms,278,")
        .as("nothing recovers in k1")
        .contains("lab-f1,linux-6.1,judge,first_recovery_ms,82,")
        .contains("2 figures,,judge,share within 25%,0.", "2 figures,,judge,share below 5%,0.05,");
    assertThat(Files.readString(found))
        .containsPattern("unmap: \\{value: [0-9]+ns, range: 1us..9us, source:")
        .containsPattern("unmap_file: \\{value: [0-9]+ns, range: 400ns..3.6us, source:")
        .containsPattern("exit_latency: \\{value: \\{log_normal: \\[[0-9]+ns, 2.0\\]\\}");
    assertThat(LIBRARY.costs(found.toString()).processors()).isEqualTo(1);
  }

  /** A fit takes a minute; this only sees that the shipped costs are still as near. */
  @Test
  void theLaboratorysCostsAreRightForScenariosTheyWereNotFittedTo() {
    Result result =
        Cli.run("calibrate", "src/main/measurements/lab-6.1.yaml", "--no-fit", "--format", "csv");
    String median =
        result.out().lines().filter(line -> line.contains("judge,median factor")).findFirst().get();
    assertThat(Double.parseDouble(median.split(",")[5])).isBetween(0.75, 1.25);
  }

  @Test
  void saysWhatIsWrongWithMeasurements() throws IOException {
    Path file = folder.resolve("m.yaml");
    Files.writeString(
        file,
        """
        measurements: m
        costs: phone-2025
        fit:
          unmap: {start: 1us, least: 2us, most: 3us}
          page_table_contention.freeing: {start: 0.5, least: 0, most: 1}
        figures:
          - {workload: teardown-phone, policy: linux-6.1, metric: exit_walk, value: 1}
        """);
    Result result = Cli.run("calibrate", file.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err())
        .contains(
            ":1:1: there are 2 costs to be found, and only 1 figures to find them from",
            ":4:10: fit.unmap: start is not between least and most",
            "no metric has the column 'exit_walk'; did you mean exit_walk_ms?");
  }

  @Test
  void saysWhichCostItDoesNotKnow() throws IOException {
    Path file = folder.resolve("m.yaml");
    Files.writeString(
        file,
        """
        measurements: m
        costs: phone-2025
        fit:
          unmpa: {start: 1us, least: 0us, most: 3us}
        figures:
          - {workload: teardown-phone, policy: linux-6.1, metric: exit_walk_ms, value: 1}
        """);
    Result result = Cli.run("calibrate", file.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("unmpa: no such key; did you mean unmap?");
  }
}
