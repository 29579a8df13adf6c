package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.cli.session.ExitCodes;

/** Swap, memory.high and pressure as a user meets them: what is refused, and what is told. */
class MemoryThatMovesTest {
  private static final String HEAD = "workload: w\ntitle: t\nsource: s\n";
  private static final String DISK = "{size: 1GiB, read: 20MiB, write: 20MiB}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          swap: {size: 300TiB, ratio: 2}                     | is more than a swap device can be
          swap: {size: 1GiB, write: 20MiB}                   | read is missing
          swap: {size: 1GiB, read: 20MiB}                    | write is missing
          swap: {size: 1GiB, read: 0, write: 20MiB}          | a device that does nothing
          swap: {read: 1MiB, write: 1MiB}                    | size is missing
          swap: {size: 1GiB, ratio: 0.5}                     | expected a number from 1 to 100
          swap: {size: 1GiB, ratio: 3, read: 1MiB}           | zram, which has a ratio
          swap: {size: 1GiB, ratio: 3}, swappiness: 201      | expected a number from 0 to 200
          swappiness: 100                                    | changes nothing on a machine without
          lru: classic                                       | changes nothing on a machine without
          swap: {size: 1GiB, ratio: 3}, lru: young           | expected one of generations, classic
          disk: {latency: 1ms}                               | read is missing
          """)
  void aMachineThatCannotBeIsRefusedWithItsPlace(String keys, String message) {
    Cli.Result result =
        run(
            HEAD
                + "machine: {memory: 1GiB, "
                + keys
                + "}\nprocesses: [{name: p, run: [{touch: 1MiB}]}]\n");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains(":4:").contains(message);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: anonymous, size: 1MiB, locked: true, access: 1s | what is locked never leaves memory
          kind: shmem, size: 1MiB, access: 1s                   | expected with anonymous memory or a file
          kind: file, size: 1MiB, access: 1s                    | without a disk to read from
          kind: anonymous, size: 1MiB, access: 0s               | must be more than 0s
          kind: anonymous, size: 1MiB, access: {in_turn: true}  | every is missing
          """)
  void useThatCannotMatterIsRefused(String mapping, String message) {
    Cli.Result result =
        run(
            HEAD
                + "machine: {memory: 1GiB, swap: "
                + DISK
                + "}\nprocesses: [{name: p, memory: [{"
                + mapping
                + "}], run: [{compute: 1s}]}]\n");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains(":5:").contains(message);
  }

  @Test
  void useWithoutAnythingToSwapToIsRefused() {
    Cli.Result result =
        run(
            HEAD
                + "machine: {memory: 1GiB, swap: 1GiB}\n"
                + "processes: [{name: p, memory: [{kind: anonymous, size: 1MiB, access: 1s}]}]\n");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("changes nothing without a swap device");
  }

  @Test
  void highAboveTheLimitIsRefused() {
    Cli.Result result =
        run(
            HEAD
                + "machine: {memory: 1GiB}\n"
                + "cgroups: [{name: g, high: 2MiB, limit: 1MiB}]\n"
                + "processes: [{name: p, cgroup: g, run: [{touch: 1MiB}]}]\n");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains(":5:").contains("is above the cgroup's limit");
  }

  @Test
  void aPaceOfNothingIsRefused() {
    Cli.Result result =
        run(
            HEAD
                + "machine: {memory: 1GiB}\n"
                + "processes: [{name: p, run: [{touch: {size: 1MiB, rate: 0}}]}]\n");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("must be more than nothing in a second");
  }

  @Test
  void itIsToldHowLongWhoDidNotGetOnWhereNobodyIsKilled() {
    Cli.Result result = Cli.run("explain", "memory-high", "-p", "linux-6.1");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("no-oom: the killer was never called")
        .containsPattern("somebody stalled for 8\\d\\.\\d+s, everybody for [78]\\d\\.\\d+s")
        .containsPattern("frozen for [78]\\d\\.\\d+s")
        .containsPattern("memory.high held tasks back for 8\\d\\.\\d+s");
  }

  @Test
  void theKillerComesAfterSwapIsFull() {
    Cli.Result result =
        Cli.run("run", "swap-full", "-p", "linux-7.2", "-r", "1", "--each", "--format", "csv");

    String[] lines = result.out().split("\n");
    double full = figure(lines, "swap_full_ms");
    double oom = figure(lines, "first_oom_ms");
    assertThat(oom).isBetween(full, full + 2000);
    assertThat(figure(lines, "swapped_out_pages")).isEqualTo(262144);
  }

  @Test
  void whoGoesRoundInVainForSwapDoesNotStopTheClock() {
    Cli.Result result =
        Cli.runWithInput(
            HEAD
                + "costs: reference\n"
                + "machine: {memory: 33 pages, min: 32 pages, low: 40 pages, high: 48 pages, "
                + "swap: {size: 1MiB, read: 1MiB, write: 1MiB}, swappiness: 1, lru: classic}\n"
                + "processes: [{name: p4, run: [{touch: 1MiB}]}, {name: p5, run: [{mmap_lock: {of: p5, time: 1s}}]}]\n",
            "run",
            "-",
            "-p",
            "linux-7.2",
            "--seeds",
            "528",
            "--check");

    assertThat(result.code()).as(result.err()).isZero();
  }

  private static double figure(String[] lines, String column) {
    String[] head = lines[0].split(",");
    String[] row = lines[1].split(",", -1);
    for (int i = 0; i < head.length; i++) {
      if (head[i].equals(column)) {
        return Double.parseDouble(row[i]);
      }
    }
    throw new AssertionError(column);
  }

  private static Cli.Result run(String workload) {
    return Cli.runWithInput(workload, "run", "-", "-p", "linux-7.2", "-r", "1");
  }
}
