package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Setting;

/** Two walkers at steady rates take as long as two walkers that go page table by page table. */
class PageTableLocksTest {
  private static final int PAGE_NS = 1000;
  private static final double TABLE_NS = 512.0 * PAGE_NS;
  private static final double EXIT_STARTS_NS = 1_000_000;

  /** A machine and a process: everything that the two models are told. Times in nanoseconds. */
  private record Given(
      int tables,
      double underLock,
      double visitNs,
      double bounceNs,
      double freeing,
      boolean reverse,
      double headStartNs) {
    double lockedNs() {
      return underLock * TABLE_NS;
    }

    double restNs() {
      return TABLE_NS - lockedNs();
    }
  }

  /** What both models say of it, in nanoseconds. */
  private record Times(double exit, double reaper, double exitLock, double reaperLock) {}

  @Property(tries = 60)
  @Label("in the same direction")
  void forward(
      @ForAll @IntRange(min = 40, max = 300) int tables,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double underLock,
      @ForAll @DoubleRange(min = 0, max = 0.04) double visit,
      @ForAll @DoubleRange(min = 0, max = 0.2) double bounce,
      @ForAll @DoubleRange(min = 0, max = 0.6) double headStart) {
    double rest = 1 - underLock;
    // In between, two walkers that have spun once go on spinning, and two that have not do not.
    Assume.that(rest < underLock + visit - 0.03 || rest > underLock + visit + bounce + 0.03);
    // With less to do, whoever is first remains first, and the other has nothing but the wait.
    Assume.that(rest > visit + 0.01);
    compare(given(tables, underLock, visit, bounce, 0, false, headStart));
  }

  @Property(tries = 60)
  @Label("in opposite directions")
  void reverse(
      @ForAll @IntRange(min = 40, max = 300) int tables,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double underLock,
      @ForAll @DoubleRange(min = 0, max = 0.04) double visit,
      @ForAll @DoubleRange(min = 0, max = 0.2) double bounce,
      @ForAll @DoubleRange(min = 0, max = 0.6) double headStart) {
    compare(given(tables, underLock, visit, bounce, 0, true, headStart));
  }

  @Property(tries = 60)
  @Label("where only one can free at a time")
  void freeing(
      @ForAll @IntRange(min = 40, max = 300) int tables,
      @ForAll @DoubleRange(min = 0, max = 1) double freeing,
      @ForAll boolean reverse) {
    compare(given(tables, (1 - freeing) / 2, 0.01, 0, freeing, reverse, 0));
  }

  private static Given given(
      int tables,
      double underLock,
      double visit,
      double bounce,
      double freeing,
      boolean reverse,
      double headStart) {
    return new Given(
        tables,
        underLock,
        Math.rint(visit * TABLE_NS),
        Math.rint(bounce * TABLE_NS),
        freeing,
        reverse,
        Math.rint(headStart * tables * TABLE_NS));
  }

  private static void compare(Given given) {
    Times closed = closedForm(given);
    Times counted = tableByTable(given);
    // They may differ by how the last page tables fall to one or the other, by a head start that
    // ends within a page table, and by the first ones, in which two that meet fall into step.
    double margin = 0.025 * given.tables() * TABLE_NS + 2 * TABLE_NS;
    assertThat(closed.exit()).as("exit").isCloseTo(counted.exit(), within(margin));
    assertThat(closed.reaper()).as("reaper").isCloseTo(counted.reaper(), within(margin));
    assertThat(closed.exitLock()).as("lock").isCloseTo(counted.exitLock(), within(margin));
    assertThat(closed.reaperLock()).as("lock").isCloseTo(counted.reaperLock(), within(margin));
  }

  @ParameterizedTest
  @CsvSource({"0.6, 0.01, 0.1", "0.6, 0.02, 0", "0.8, 0.02, 0.05", "0.1, 0.02, 0.05"})
  void aTeamOfThreeKeepsTheSamePace(double underLock, double visit, double bounce) {
    Given given = given(300, underLock, visit, bounce, 0, false, 0);
    List<Walker> team = List.of(new Walker(0, 1, 0), new Walker(0, 1, 0), new Walker(0, 1, 0));
    walk(given, team);
    double period =
        PageTableLocks.period(3, TABLE_NS, given.lockedNs(), given.visitNs(), given.bounceNs());
    double lockTime =
        PageTableLocks.lockTime(3, TABLE_NS, given.lockedNs(), given.visitNs(), given.bounceNs());
    for (Walker walker : team) {
      assertThat(walker.clock).isCloseTo(100 * period, withinPercentage(3));
      assertThat(walker.lock).isCloseTo(100 * lockTime, within(3 * period));
    }
  }

  @Test
  void theLeapfrogIsAsSlowAsItsLocks() {
    // Locked 3 of 4: a page table in 3, so each walker has one in 6, of which it works 4.
    assertThat(PageTableLocks.period(2, 4, 3, 0, 0)).isEqualTo(6);
    assertThat(PageTableLocks.lockTime(2, 4, 3, 0, 0)).isEqualTo(2);
  }

  @Test
  void whoHasMoreToDoOutsideTheLockDoesNotSpin() {
    assertThat(PageTableLocks.period(2, 4, 1, 0, 0)).isEqualTo(4);
    assertThat(PageTableLocks.lockTime(2, 4, 1, 0, 0)).isZero();
  }

  @Test
  void whoIsAloneHasNobodyToWaitFor() {
    assertThat(PageTableLocks.period(1, 4, 3, 1, 9)).isEqualTo(4);
    assertThat(PageTableLocks.lockTime(1, 4, 3, 1, 9)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.1", "linux-6.18"})
  void manyMappingsTakeAsLongAsOne(String policy, @TempDir Path folder) throws IOException {
    Ledger one = helpedExit(folder, 1, policy);
    Ledger many = helpedExit(folder, 64, policy);
    // Where a mapping ends, a walker may have to begin with its last page once more.
    assertThat(many.exitWalkNs()).isCloseTo(one.exitWalkNs(), withinPercentage(0.3));
    assertThat(many.reaperWalkNs()).isCloseTo(one.reaperWalkNs(), withinPercentage(0.3));
    assertThat(many.reaperLockNs()).isCloseTo(one.reaperLockNs(), withinPercentage(1));
  }

  /** An exit with process_mrelease() beside it, through 64 page tables in so many mappings. */
  private static Ledger helpedExit(Path folder, int mappings, String policy) throws IOException {
    String mapping = "      - {kind: anonymous, size: " + 64 * 512 / mappings + " pages}\n";
    String text =
        """
        workload: w
        costs: phone-2025
        machine: {memory: 1GiB}
        processes:
          - name: app
            memory:
        %s
          - name: daemon
            run: [{kill: app}, {sleep: 1ms}, {mrelease: app}]
        """;
    Path file =
        Files.writeString(folder.resolve("w.yaml"), text.formatted(mapping.repeat(mappings)));
    Library library = Library.open(null).withSettings(List.of(Setting.parse("costs.area=0ns")));
    Workload workload = library.resolveWorkloads(List.of(file.toString()), line -> {}).get(0);
    Kernel kernel = new Kernel(workload, library.costs("phone-2025"), Worlds.policy(policy));
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    return kernel.ledger();
  }

  /** The kernel's own answer. */
  private static Times closedForm(Given given) {
    List<Setting> settings =
        Stream.of(
                "costs.unmap=" + PAGE_NS + "ns",
                "costs.page_table=0ns",
                "costs.area=0ns",
                "costs.page_table_contention.under_lock=" + plain(given.underLock()),
                "costs.page_table_contention.visit=" + (long) given.visitNs() + "ns",
                "costs.page_table_contention.bounce=" + (long) given.bounceNs() + "ns",
                "costs.page_table_contention.freeing=" + plain(given.freeing()),
                "costs.exit_latency=" + (long) EXIT_STARTS_NS + "ns",
                "costs.reaper_latency=" + (long) (EXIT_STARTS_NS + given.headStartNs()) + "ns",
                "processes.app.memory.heap.size=" + 512 * given.tables() + " pages",
                "processes.app.memory.code.size=0 pages")
            .map(Setting::parse)
            .toList();
    Library library = Library.open(null).withSettings(settings);
    Workload workload = library.resolveWorkloads(List.of("teardown-phone"), line -> {}).get(0);
    String policy = given.reverse() ? "no-delay-reverse" : "no-delay";
    Kernel kernel =
        new Kernel(workload, library.costs(workload.costsName()), Worlds.policy(policy));
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    Ledger ledger = kernel.ledger();
    return new Times(
        ledger.exitWalkNs(), ledger.reaperWalkNs(), ledger.exitLockNs(), ledger.reaperLockNs());
  }

  private static String plain(double share) {
    return new java.math.BigDecimal(share).toPlainString();
  }

  /** One that goes from page table to page table. */
  private static final class Walker {
    final int step;
    int table;
    double clock;
    double started;
    double lock;

    /** Has emptied the page table it is at, and has not yet freed what was in it. */
    boolean frees;

    /** Since it last emptied one. */
    boolean hasSpun;

    Walker(int from, int step, double started) {
      this.table = from;
      this.step = step;
      this.clock = started;
      this.started = started;
    }
  }

  /** The answer that takes a step for each page table. */
  private static Times tableByTable(Given given) {
    Walker exit = new Walker(0, 1, 0);
    Walker reaper =
        given.reverse()
            ? new Walker(given.tables() - 1, -1, given.headStartNs())
            : new Walker(0, 1, given.headStartNs());
    walk(given, List.of(exit, reaper));
    return new Times(
        exit.clock - exit.started, reaper.clock - reaper.started, exit.lock, reaper.lock);
  }

  private static void walk(Given given, List<Walker> walkers) {
    boolean[] empty = new boolean[given.tables()];
    double[] lockedUntil = new double[given.tables()];
    double freeListBusyUntil = 0;
    while (true) {
      Walker next =
          walkers.stream()
              .filter(walker -> walker.table >= 0 && walker.table < given.tables())
              .min(Comparator.comparingDouble(walker -> walker.clock))
              .orElse(null);
      if (next == null) {
        return;
      }
      if (next.frees) {
        double freeNs = given.freeing() * TABLE_NS;
        freeListBusyUntil = Math.max(next.clock, freeListBusyUntil) + freeNs;
        next.clock = freeListBusyUntil + given.restNs() - freeNs;
        next.frees = false;
        next.table += next.step;
        continue;
      }
      double spins = Math.max(0, lockedUntil[next.table] - next.clock);
      next.lock += spins;
      next.clock += spins;
      next.hasSpun |= spins > 0;
      if (empty[next.table]) {
        next.lock += given.visitNs();
        next.clock += given.visitNs();
        lockedUntil[next.table] = next.clock;
        next.table += next.step;
      } else {
        empty[next.table] = true;
        next.clock += given.lockedNs() + (next.hasSpun ? given.bounceNs() : 0);
        next.hasSpun = false;
        lockedUntil[next.table] = next.clock;
        next.frees = true;
      }
    }
  }
}
