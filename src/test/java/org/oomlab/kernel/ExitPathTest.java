package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.process;
import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.ExitPhase;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.trace.Tracepoint;

/**
 * do_exit(), __mmput() and exit_mmap() phase by phase. SIGKILL takes 0.1 ms to get to do_exit(),
 * AIO 5 ms; a page costs 250 ns, so 4000 of them a millisecond; eight page tables 8 us, and to drop
 * the executable another 3 ms.
 */
class ExitPathTest {
  private static final String VICTIM =
      """
      processes:
        - {name: asks, memory: []}
        - name: victim
          exit: {aio: 5ms, exe: 3ms}
          memory:
            - {kind: anonymous, size: 4000 pages, page_tables: 8 pages}
            - {kind: anonymous, locked: true, size: 4000 pages, page_tables: 0 pages}
            - {kind: shared_anonymous, size: 4000 pages, page_tables: 0 pages}
      """;

  private static final EnumSet<Tracepoint> OF_AN_EXIT =
      EnumSet.of(
          Tracepoint.DO_EXIT,
          Tracepoint.EXIT_MMAP,
          Tracepoint.EXIT_MMAP_DONE,
          Tracepoint.OOM_SKIP,
          Tracepoint.RESERVES_ENDED);

  private final List<String> story = new ArrayList<>();
  private Kernel kernel;
  private Process victim;
  private Mm mm;

  /** A machine on which nobody but the exit takes anything, before the kill. */
  private void given(String settings, String workload) {
    kernel =
        Worlds.booted(
            "linux-6.18 reaper.enabled=false " + settings,
            workload,
            (now, point, subject, a, b) -> {
              if (OF_AN_EXIT.contains(point)) {
                story.add(String.format(Locale.ROOT, "%.3f %s %d", now / 1e6, point, a));
              }
            });
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    kernel.machine.ledger.oomCalls = 1;
    victim = process(kernel, "victim");
    mm = victim.mm;
  }

  private void given(String settings) {
    given(settings, VICTIM);
  }

  private void oomKill() {
    kernel.victims.oomKillProcess(kernel.machine.tasks[0], victim, null);
  }

  private void run() {
    while (kernel.step()) {}
  }

  /** Everything up to a time in milliseconds, included. */
  private void runTo(double ms) {
    while (kernel.queue.nextNs() <= (long) (ms * 1e6) && kernel.step()) {}
  }

  private void diesWith(String settings) {
    given(settings);
    oomKill();
    run();
  }

  private void assertNothingIsLeft() {
    assertThat(victim.liveTasks).isZero();
    assertThat(mm.gone).isTrue();
    assertThat(mm.footprint()).isZero();
    assertThat(mm.users).isZero();
    assertThat(mm.readers).isZero();
    assertThat(mm.writer).isEqualTo(NOBODY);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(victim.markedTasks).isZero();
  }

  @Test
  void anExitIsAioUnmappingPageTablesTheExecutableAndSharedMemory() {
    diesWith("");

    assertThat(story)
        .containsExactly(
            "0.100 DO_EXIT 0",
            "5.100 EXIT_MMAP 12008",
            "8.100 OOM_SKIP 1",
            "11.108 EXIT_MMAP_DONE 8008");
    assertThat(kernel.ledger().freedByExitPages()).isEqualTo(12008);
    assertThat(kernel.clock()).as("shared memory goes last").isEqualTo(12_108_000);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "at_start, none, 5.100",
    "after_self_reap, none, 5.100",
    "after_self_reap, unlocked, 7.100",
    "after_unmap, none, 8.100",
    "after_page_tables, none, 8.108",
    "end_of_mmput, none, 11.108"
  })
  void itIsHiddenWhereThePolicySays(String where, String selfReap, String ms) {
    diesWith("exit.oom_skip=" + where + " exit.self_reap=" + selfReap);

    assertThat(story).contains(ms + " OOM_SKIP 1");
    assertNothingIsLeft();
  }

  @Test
  void orNever() {
    diesWith("exit.oom_skip=never");

    assertThat(mm.oomSkip).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void upTo517LockedPagesAreUnlockedFirst() {
    diesWith("exit.munlock=true");

    assertThat(story).endsWith("9.100 OOM_SKIP 1", "12.108 EXIT_MMAP_DONE 8008");
  }

  // Who leaves the mm.

  @Test
  void whoIsNotTheLastToLeaveIsDeadAtOnceAndWithItItsMark() {
    given(
        "",
        """
        processes:
          - {name: asks, memory: []}
          - name: victim
            memory: [{kind: anonymous, size: 4000 pages, page_tables: 0 pages}]
            threads: [{name: a}, {name: b, run: [{block: 1ms}]}]
        """);
    oomKill();
    runTo(0.1);

    assertThat(victim.liveTasks).isOne();
    assertThat(victim.markedTasks).isZero();
    assertThat(mm.users).isOne();
    assertThat(mm.rss()).isEqualTo(4000);
    run();
    assertThat(story).endsWith("2.100 OOM_SKIP 1", "2.100 EXIT_MMAP_DONE 4000");
    assertNothingIsLeft();
  }

  @Test
  void theMarkOfTheLastGoesWithItsMemory() {
    given("");
    oomKill();
    runTo(11.1);
    assertThat(victim.markedTasks).isOne();
    assertThat(mm.gone).isFalse();

    runTo(11.108);
    assertThat(victim.markedTasks).isZero();
    assertThat(mm.gone).isTrue();
  }

  @Test
  void whoHasNoMmIsDeadAtOnce() {
    given(
        "",
        """
        processes:
          - {name: asks, memory: []}
          - {name: victim, memory: []}
          - {name: kthread, kernel_thread: true}
        """);
    Task thread = process(kernel, "kthread").tasks[0];
    kernel.waits.interrupt(thread.id);
    kernel.exitPath.die(thread, 7_000_000);
    run();

    assertThat(story).containsExactly("7.000 DO_EXIT 0");
    assertThat(thread.state).isEqualTo(Task.State.DEAD);
    assertThat(thread.process.liveTasks).isZero();
  }

  @Test
  void whoDiesTellsThoseWhoWaitForItsFutex() {
    given(
        "",
        """
        futexes: [F]
        processes:
          - {name: asks, memory: []}
          - name: victim
            memory: [{kind: anonymous, size: 40 pages}]
            run: [{take_futex: F}]
          - {name: waits, memory: [], run: [{wait_futex: F}]}
        """);
    oomKill();
    runTo(0.1);

    assertThat(kernel.machine.futexes[0].owner).isEqualTo(process(kernel, "waits").tasks[0].id);
  }

  @Test
  void whoDiedWhileItAllocatedIsNotStuckAnyMore() {
    given("");
    victim.tasks[0].growing = true;
    oomKill();
    assertThat(kernel.machine.dyingAllocators).isOne();
    run();

    assertThat(kernel.machine.dyingAllocators).isZero();
  }

  @Test
  void aioThatNeverEndsHoldsTheExitForEver() {
    given(
        "",
        """
        processes:
          - {name: asks, memory: []}
          - {name: victim, exit: {aio: never}, memory: [{kind: anonymous, size: 40 pages}]}
        """);
    oomKill();
    run();

    assertThat(story).containsExactly("0.100 DO_EXIT 0");
    assertThat(kernel.waits.of(victim.tasks[0].id)).isEqualTo(WaitsFor.A_SIGNAL);
    assertThat(victim.liveTasks).isOne();
    assertThat(mm.users).isZero();
  }

  @Test
  void withItsMmGoTheReservesThatItsAgeGave() {
    given("reserves.on_livelock_after=0s");
    oomKill();
    runTo(0.1);
    assertThat(story).contains("0.100 RESERVES_ENDED 0");

    story.clear();
    given("reserves.on_livelock_after=1s");
    oomKill();
    runTo(0.1);
    assertThat(story).doesNotContain("0.100 RESERVES_ENDED 0");
  }

  // Reaping itself, from 4.19 to 5.18.

  @ParameterizedTest
  @ValueSource(strings = {"unlocked", "under_oom_lock"})
  void aVictimReapsItselfBeforeItTakesTheLock(String how) {
    given("exit.mmap_lock=write exit.oom_skip=after_self_reap exit.self_reap=" + how);
    oomKill();
    runTo(5.1);

    assertThat(mm.unstable).isTrue();
    assertThat(mm.writer).isEqualTo(NOBODY);
    assertThat(kernel.machine.oomLock.owner)
        .isEqualTo(how.equals("unlocked") ? NOBODY : victim.tasks[0].id);
    runTo(7.1);
    assertThat(story).last().isEqualTo("7.100 OOM_SKIP 1");
    assertThat(mm.rss()).as("what is shared is left").isEqualTo(4000);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(mm.writer).isEqualTo(victim.tasks[0].id);
    run();
    assertNothingIsLeft();
  }

  @Test
  void whoIsKilledBySomebodyElseDoesNot() {
    given("exit.self_reap=unlocked exit.fence=after_self_reap exit.mmap_lock=none");
    mm.readers = 1;
    kernel.scheduler.sendKill(victim);
    runTo(12);

    assertThat(mm.unstable).isFalse();
    assertThat(story).contains("8.100 OOM_SKIP 1", "11.108 EXIT_MMAP_DONE 8008");
    mm.readers = 0;
  }

  @Test
  void whoHasReapedItselfWaitsForTheLockLikeAnyOther() {
    given("exit.self_reap=unlocked exit.mmap_lock=write");
    kernel.locks.tryRead(mm);
    oomKill();
    runTo(50);

    assertThat(victim.tasks[0].exitPhase).isEqualTo(ExitPhase.LOCKED);
    assertThat(mm.rss()).isEqualTo(4000);
    kernel.locks.readUnlock(mm);
    run();
    assertNothingIsLeft();
  }

  @Test
  void underOomLockItWaitsForWhoHasIt() {
    given("exit.self_reap=under_oom_lock");
    kernel.machine.oomLock.tryLock(Machine.REAPER);
    oomKill();
    runTo(6);
    assertThat(mm.rss()).isEqualTo(12000);
    assertThat(mm.unstable).isFalse();

    kernel.locks.unlockOom();
    run();
    assertThat(story).last().asString().endsWith("EXIT_MMAP_DONE 8008");
    assertNothingIsLeft();
  }

  // The mmap_lock.

  /** Somebody reads the address space when the exit comes, and for good. */
  @ParameterizedTest
  @CsvSource({
    // mmap_lock, fence; where it waits, pages left
    "none, none, NONE, 0",
    "write, none, LOCKED, 12000",
    "read_then_write, none, ALONE, 4000",
    "none, after_self_reap, FENCED, 12000",
    "none, before_page_tables, ALONE, 4000",
    "write, before_page_tables, LOCKED, 12000"
  })
  void itWaitsForReadersWhereThePolicySays(
      String lock, String fence, ExitPhase waits, long footprint) {
    given("exit.mmap_lock=" + lock + " exit.fence=" + fence);
    kernel.locks.tryRead(mm);
    oomKill();
    runTo(50);
    boolean waited = waits != ExitPhase.NONE;

    assertThat(victim.tasks[0].exitPhase).isEqualTo(waits);
    assertThat(mm.footprint()).isEqualTo(footprint == 0 ? 0 : footprint + 8);
    if (waited) {
      assertThat(kernel.waits.of(victim.tasks[0].id)).isEqualTo(WaitsFor.A_TURN);
    }
    kernel.locks.readUnlock(mm);
    run();
    assertThat(story).last().asString().endsWith("EXIT_MMAP_DONE 8008");
    assertNothingIsLeft();
  }

  @Test
  void aFenceIsForVictimsAlone() {
    given("exit.mmap_lock=none exit.fence=before_page_tables");
    kernel.locks.tryRead(mm);
    kernel.scheduler.sendKill(victim);
    runTo(20);

    assertThat(story).last().isEqualTo("11.108 EXIT_MMAP_DONE 8008");
    kernel.locks.readUnlock(mm);
  }

  @Test
  void aFenceIsOnlyPassedThrough() {
    for (String fence : List.of("after_self_reap", "before_page_tables")) {
      given("exit.mmap_lock=none exit.fence=" + fence);
      oomKill();
      boolean afterReap = fence.equals("after_self_reap");
      runTo(afterReap ? 5.1 : 8.1);

      assertThat(victim.tasks[0].exitPhase)
          .isEqualTo(afterReap ? ExitPhase.UNMAPPED : ExitPhase.PAGE_TABLES_FREED);
      assertThat(mm.writer).isEqualTo(NOBODY);
    }
  }

  @Test
  void whoHoldsTheLockForWritingHoldsItUntilThePageTablesAreFree() {
    given("exit.mmap_lock=write exit.fence=before_page_tables");
    oomKill();
    runTo(8.1);
    assertThat(mm.writer).isEqualTo(victim.tasks[0].id);

    runTo(8.108);
    assertThat(mm.writer).isEqualTo(NOBODY);
    run();
    assertNothingIsLeft();
  }

  @Test
  void aWriterHoldsUpTheWayOutOfTheMm() {
    given("");
    mm.writer = kernel.machine.tasks[0].id;
    oomKill();
    runTo(50);

    assertThat(victim.tasks[0].exitPhase).isEqualTo(ExitPhase.EXIT_MM);
    assertThat(mm.users).isOne();
    kernel.locks.writeUnlock(mm);
    run();
    assertNothingIsLeft();
  }

  @Test
  void aWriterHoldsUpTheUnmapping() {
    given("");
    oomKill();
    runTo(1);
    mm.writer = kernel.machine.tasks[0].id;
    runTo(50);

    assertThat(victim.tasks[0].exitPhase).isEqualTo(ExitPhase.LOCKED);
    assertThat(mm.rss()).isEqualTo(12000);
    kernel.locks.writeUnlock(mm);
    run();
    assertNothingIsLeft();
  }

  // The end of __mmput().

  @ParameterizedTest
  @CsvSource({"true, end_of_mmput, true", "true, after_unmap, false", "false, end_of_mmput, false"})
  void whereItIsHiddenUnderOomLockItWaitsForThat(boolean under, String where, boolean waits) {
    given("exit.skip_under_oom_lock=" + under + " exit.oom_skip=" + where);
    kernel.machine.oomLock.tryLock(Machine.REAPER);
    oomKill();
    runTo(50);

    assertThat(mm.gone).isEqualTo(!waits);
    assertThat(victim.liveTasks).isEqualTo(waits ? 1 : 0);
    kernel.locks.unlockOom();
    run();
    assertNothingIsLeft();
  }

  @Test
  void whoIsNoVictimNeedsNoOomLockForIt() {
    given("exit.skip_under_oom_lock=true exit.oom_skip=end_of_mmput");
    kernel.machine.oomLock.tryLock(Machine.REAPER);
    kernel.scheduler.sendKill(victim);
    runTo(50);

    assertThat(mm.gone).isTrue();
    assertThat(kernel.machine.oomLock.owner).isEqualTo(Machine.REAPER);
    kernel.locks.unlockOom();
  }

  // A promise to finish.

  @ParameterizedTest
  @CsvSource({
    "never, 99, false",
    "at_start, 5, false",
    "at_start, 5.1, true",
    "before_page_tables, 8, false",
    "before_page_tables, 8.1, true"
  })
  void anExitPromisesToFinishWhereThePolicySays(String when, double ms, boolean promised) {
    given("exit.handover=" + when);
    oomKill();
    runTo(ms);

    assertThat(mm.handedOver).isEqualTo(promised);
  }

  @Test
  void aPromiseIsNotTakenBack() {
    given("exit.handover=never");
    mm.handedOver = true;
    oomKill();
    run();

    assertThat(mm.handedOver).isTrue();
  }
}
