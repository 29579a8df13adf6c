package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.process;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.ReaperPhase;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.ProcessSpec;

/**
 * The oom_reaper thread of mm/oom_kill.c with a victim that does not exit by itself: a thousand
 * pages, 250 ns each; the reaper wakes 0.1 ms after it is called, and nothing else takes time.
 */
class OomReaperTest {
  private static final String PAGES = "kind: anonymous, size: 1000 pages, page_tables: 0 pages";
  private static final String HELD = "{mmap_lock: {of: victim, time: 60s}}";

  private static final EnumSet<Tracepoint> OF_THE_REAPER =
      EnumSet.of(
          Tracepoint.WAKE_REAPER,
          Tracepoint.START_REAPING,
          Tracepoint.FINISH_REAPING,
          Tracepoint.SKIP_REAPING,
          Tracepoint.UNABLE_TO_REAP,
          Tracepoint.OOM_SKIP);

  private final List<String> story = new ArrayList<>();

  /** A kill at 0, and all that the reaper does of it: when (ms), what, and its two arguments. */
  private Kernel killed(String policy, String mapping, String others) {
    Kernel kernel = ready(policy, mapping, others);
    kill(kernel, "victim");
    run(kernel);
    return kernel;
  }

  private Kernel ready(String policy, String mapping, String others) {
    Kernel kernel =
        Worlds.booted(
            policy,
            """
            processes:
              - {name: asks, memory: []}
              - {name: victim, memory: [{%s}], run: [{block: forever}]}
              - {name: second, memory: [{%s}], run: [{block: forever}]}
              - {name: holder, run: [%s]}
            """
                .formatted(mapping, PAGES, others),
            (now, point, subject, a, b) -> {
              if (OF_THE_REAPER.contains(point)) {
                String who = subject == 1 ? "" : " of " + subject;
                story.add(
                    String.format(Locale.ROOT, "%.2f %s%s %d %d", now / 1e6, point, who, a, b));
              }
            });
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    kernel.machine.ledger.oomCalls = 1;
    return kernel;
  }

  private static void kill(Kernel kernel, String name) {
    kernel.victims.oomKillProcess(kernel.machine.tasks[0], process(kernel, name), null);
  }

  private static void run(Kernel kernel) {
    while (kernel.step()) {}
    assertThat(kernel.machine.reaperPhase).isEqualTo(ReaperPhase.IDLE);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(Machine.NOBODY);
    for (Mm mm : kernel.machine.mms) {
      assertThat(mm.readers).isZero();
    }
  }

  private static Process victim(Kernel kernel) {
    return process(kernel, "victim");
  }

  @Test
  void in45ThereIsNone() {
    killed("linux-4.5", PAGES, "");

    assertThat(story).isEmpty();
  }

  @Test
  void in46AReapedVictimIsPardoned() {
    Process victim = victim(killed("linux-4.6", PAGES, ""));

    assertThat(story)
        .containsExactly(
            "0.00 WAKE_REAPER 0 0", "0.10 START_REAPING 1 0", "0.35 FINISH_REAPING 1000 0");
    assertThat(victim.markedTasks).isZero();
    assertThat(victim.oomScoreAdj).isEqualTo(-1000);
    assertThat(victim.mm.oomSkip).isFalse();
    assertThat(victim.mm.unstable).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"linux-4.7, 0", "linux-4.8, 0", "linux-4.9, 1", "linux-5.10, 1"})
  void from47OnItIsHiddenAndUpTo48ItsMarkIsTakenAway(String policy, int marks) {
    Process victim = victim(killed(policy, PAGES, ""));

    assertThat(story)
        .containsExactly(
            "0.00 WAKE_REAPER 0 0",
            "0.10 START_REAPING 1 0",
            "0.35 FINISH_REAPING 1000 0",
            "0.35 OOM_SKIP 0 0");
    assertThat(victim.markedTasks).isEqualTo(marks);
    assertThat(victim.oomScoreAdj).isZero();
    assertThat(victim.mm.rss()).isZero();
  }

  @Test
  void from518OnItComesTwoSecondsLater() {
    killed("linux-5.18", PAGES, "");

    assertThat(story).startsWith("2000.00 WAKE_REAPER 0 0", "2000.10 START_REAPING 1 0");
  }

  @Test
  void aVictimThatIsHiddenBeforeTheDelayIsOverIsNotReaped() {
    Kernel kernel = ready("linux-6.18", PAGES, "");
    kill(kernel, "victim");
    victim(kernel).mm.oomSkip = true;

    run(kernel);

    assertThat(story).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"false, 0.00", "true, 2000.00"})
  void aDelayForRobustListsIsForThoseWhoHaveOne(boolean registers, String woken) {
    killed(
        "linux-6.18 reaper.no_delay_for=no_robust_list futex.every_thread_registers=" + registers,
        PAGES,
        "");

    assertThat(story).first().isEqualTo(woken + " WAKE_REAPER 0 0");
  }

  @ParameterizedTest
  @CsvSource({
    "frozen, v1, 0.00",
    "frozen, v2, 2000.00",
    "frozen_v2, v1, 2000.00",
    "frozen_v2, v2, 0.00",
    "nobody, v1, 2000.00"
  })
  void aDelayIsNotForWhoIsHeldByTheFreezerThatItLooksAt(
      String exempt, String freezer, String woken) {
    Kernel kernel =
        ready("linux-6.18 reaper.frozen_test=before_thaw reaper.no_delay_for=" + exempt, PAGES, "");
    Process victim = victim(kernel);
    victim.freezer = ProcessSpec.Freezer.valueOf(freezer.toUpperCase(Locale.ROOT));
    victim.tasks[0].frozen = true;
    kill(kernel, "victim");
    while (story.isEmpty() && kernel.step()) {}

    assertThat(story).first().isEqualTo(woken + " WAKE_REAPER 0 0");
  }

  @Test
  void nobodyIsQueuedTwice() {
    Kernel kernel = ready("linux-5.10", PAGES, "");

    kernel.reaper.queue(victim(kernel));
    kernel.reaper.queue(victim(kernel));

    assertThat(story).containsExactly("0.00 WAKE_REAPER 0 0");
  }

  // The mmap_lock.

  private static List<String> attempts(int many) {
    return IntStream.range(0, many)
        .mapToObj(i -> "%d.10 SKIP_REAPING %d 0".formatted(100 * i, i + 1))
        .toList();
  }

  @Test
  void itTriesEveryTenthOfASecondForTheMmapLock() {
    killed("linux-5.10", PAGES, "{mmap_lock: {of: victim, time: 350ms}}");

    assertThat(story).startsWith("0.00 WAKE_REAPER 0 0").containsAll(attempts(4));
    assertThat(story.subList(5, 8))
        .containsExactly(
            "400.10 START_REAPING 5 0", "400.35 FINISH_REAPING 1000 0", "400.35 OOM_SKIP 0 0");
  }

  @ParameterizedTest
  @CsvSource({
    // policy, marks left, in the list for good, hidden, has failed once
    "linux-4.6, 1, true, false, false",
    "linux-4.7, 0, false, false, false",
    "linux-4.8, 0, false, false, true",
    "linux-4.9, 1, true, true, false"
  })
  void afterTenAttemptsItGivesUpAsEachVersionDoes(
      String policy, int marks, boolean queued, boolean hidden, boolean once) {
    Process victim = victim(killed(policy, PAGES, HELD));

    assertThat(story.subList(1, 11)).isEqualTo(attempts(10));
    assertThat(story.get(11)).isEqualTo("1000.10 UNABLE_TO_REAP 10 0");
    assertThat(story.size() == 13).isEqualTo(hidden);
    assertThat(victim.markedTasks).isEqualTo(marks);
    assertThat(victim.mm.reapQueued).isEqualTo(queued);
    assertThat(victim.mm.oomSkip).isEqualTo(hidden);
    assertThat(victim.mm.reapFailedOnce).isEqualTo(once);
    assertThat(victim.mm.rss()).isEqualTo(1000);
  }

  @Test
  void in48TheSecondFailureHides() {
    Kernel kernel = ready("linux-4.8", PAGES, HELD);
    victim(kernel).mm.reapFailedOnce = true;
    kill(kernel, "victim");

    run(kernel);

    assertThat(story).endsWith("1000.10 UNABLE_TO_REAP 10 0", "1000.10 OOM_SKIP 0 0");
    assertThat(victim(kernel).markedTasks).isZero();
  }

  @Test
  void whoDoesNotSleepBetweenAttemptsLearnsSomethingWithEveryTick() {
    killed("linux-5.10 reaper.retry_interval=0s", PAGES, HELD);

    assertThat(story).contains("0.10 SKIP_REAPING 1 0", "4.10 SKIP_REAPING 2 0");
    assertThat(story).endsWith("40.10 UNABLE_TO_REAP 10 0", "40.10 OOM_SKIP 0 0");
  }

  // Notifiers.

  @ParameterizedTest
  @CsvSource({
    "sleep_if_any, blockable, true",
    "sleep_if_any, non_blocking, true",
    "sleep_if_any, none, false",
    "sleep_if_blockable, blockable, true",
    "sleep_if_blockable, non_blocking, false",
    "ignore, blockable, false",
    "try_each_vma, non_blocking, false",
    "leave_blockable, non_blocking, false"
  })
  void itSleepsASecondInPlaceOfReapingWhereThereIsANotifier(
      String looksAt, String notifier, boolean sleeps) {
    Kernel kernel =
        killed("linux-5.10 reaper.notifiers=" + looksAt, PAGES + ", notifier: " + notifier, "");

    if (sleeps) {
      assertThat(story).containsExactly("0.00 WAKE_REAPER 0 0", "1000.10 OOM_SKIP 0 0");
    } else {
      assertThat(story).endsWith("0.35 FINISH_REAPING 1000 0", "0.35 OOM_SKIP 0 0");
    }
    assertThat(victim(kernel).mm.rss()).isEqualTo(sleeps ? 1000 : 0);
  }

  @Test
  void itSleepsWithOomLockWhereItReapsUnderIt() {
    Kernel kernel = ready("linux-4.14 reaper.oom_lock=true", PAGES + ", notifier: blockable", "");
    kill(kernel, "victim");
    while (kernel.machine.reaperPhase != ReaperPhase.SLEPT_FOR_NOTIFIER && kernel.step()) {}

    assertThat(kernel.machine.oomLock.owner).isEqualTo(Machine.REAPER);
    run(kernel);
  }

  @ParameterizedTest
  @CsvSource({"try_each_vma, true", "leave_blockable, false"})
  void whatABlockableNotifierRefusesIsTriedTenTimes(String looksAt, boolean starts) {
    killed("linux-5.10 reaper.notifiers=" + looksAt, PAGES + ", notifier: blockable", "");

    assertThat(story).contains("0.10 SKIP_REAPING 1 1", "900.10 SKIP_REAPING 10 1");
    assertThat(story.contains("0.10 START_REAPING 1 0")).isEqualTo(starts);
    assertThat(story).endsWith("1000.10 UNABLE_TO_REAP 10 0", "1000.10 OOM_SKIP 0 0");
  }

  // What is left.

  @ParameterizedTest
  @CsvSource({"599, false", "600, true"})
  void moreLeftoverThanIsAllowedIsAFailure(int pages, boolean success) {
    killed(
        "linux-5.10 reaper.leftover=" + pages,
        "kind: shared_anonymous, size: 600 pages, page_tables: 0 pages",
        "");

    assertThat(story.contains("0.10 FINISH_REAPING 0 600")).isEqualTo(success);
    assertThat(story.contains("0.10 SKIP_REAPING 1 2")).isEqualTo(!success);
  }

  // Whom it leaves alone.

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "gone", "handed over", "dead", "unstable"})
  void whoIsOutOfTheWayCountsAsReaped(String how) {
    Kernel kernel =
        ready(
            "linux-5.10 reaper.unstable=leave reaper.dead_mm=call_it_success reaper.oom_lock=true",
            PAGES,
            "");
    kill(kernel, "victim");
    Mm mm = victim(kernel).mm;
    mm.oomSkip = how.equals("hidden");
    mm.gone = how.equals("gone");
    mm.handedOver = how.equals("handed over");
    mm.users = how.equals("dead") ? 0 : 1;
    mm.unstable = how.equals("unstable");

    run(kernel);

    assertThat(story).doesNotContain("0.10 START_REAPING 1 0");
    assertThat(mm.oomSkip).as("who handed over hides itself").isEqualTo(!how.equals("handed over"));
    assertThat(mm.rss()).isEqualTo(1000);
  }

  @Test
  void withoutALimitWhateverIsLeftIsASuccess() {
    killed("linux-5.10", "kind: shared_anonymous, size: 600 pages, page_tables: 0 pages", "");

    assertThat(story).endsWith("0.10 FINISH_REAPING 0 600", "0.10 OOM_SKIP 0 0");
  }

  // Under oom_lock, from 4.7 to 4.18.

  @Test
  void underOomLockItWaitsForWhoHasThat() {
    Kernel kernel = ready("linux-5.10 reaper.oom_lock=true", PAGES, "{sleep: 5ms}");
    kernel.machine.oomLock.tryLock(kernel.machine.tasks[0].id);
    kill(kernel, "victim");
    while (kernel.clock() < 5_000_000 && kernel.step()) {}
    assertThat(story).containsExactly("0.00 WAKE_REAPER 0 0");

    kernel.locks.unlockOom();
    run(kernel);

    assertThat(story).contains("5.00 START_REAPING 1 0", "5.25 FINISH_REAPING 1000 0");
  }

  @ParameterizedTest
  @CsvSource({"mmap_lock", "notifier", "leftover"})
  void betweenAttemptsItLetsOomLockGo(String cause) {
    Kernel kernel =
        ready(
            "linux-5.10 reaper.oom_lock=true reaper.notifiers=leave_blockable reaper.leftover=1",
            cause.equals("leftover")
                ? "kind: shared_anonymous, size: 600 pages"
                : cause.equals("notifier") ? PAGES + ", notifier: blockable" : PAGES,
            cause.equals("mmap_lock") ? HELD : "");
    kill(kernel, "victim");
    while (kernel.machine.reaperPhase != ReaperPhase.RETRY && kernel.step()) {}

    assertThat(kernel.machine.oomLock.owner).isEqualTo(Machine.NOBODY);
    run(kernel);
    assertThat(story).endsWith("1000.10 UNABLE_TO_REAP 10 0", "1000.10 OOM_SKIP 0 0");
  }

  @Test
  void aDeadMmIsReapedByLaterKernels() {
    Kernel kernel = ready("linux-6.18 reaper.delay=0s", PAGES, "");
    kill(kernel, "victim");
    victim(kernel).mm.users = 0;

    run(kernel);

    assertThat(story).contains("0.35 FINISH_REAPING 1000 0");
  }

  // Several victims.

  @Test
  void theLastToBeQueuedIsTheFirstToBeReaped() {
    Kernel kernel = ready("linux-5.10", PAGES, "");
    kill(kernel, "victim");
    kill(kernel, "second");

    run(kernel);

    assertThat(story)
        .containsExactly(
            "0.00 WAKE_REAPER 0 0",
            "0.00 WAKE_REAPER of 2 0 0",
            "0.10 START_REAPING of 2 1 0",
            "0.35 FINISH_REAPING of 2 1000 0",
            "0.35 OOM_SKIP of 2 0 0",
            "0.35 START_REAPING 1 0",
            "0.60 FINISH_REAPING 1000 0",
            "0.60 OOM_SKIP 0 0");
  }

  /** A round-robin list: the second victim is reaped, the first cannot be. */
  private void twoInTurn(String settings) {
    Kernel kernel =
        ready(
            "linux-5.10 reaper.list=round_robin exit.oom_free_timeout=300ms " + settings,
            PAGES,
            HELD);
    kill(kernel, "victim");
    kill(kernel, "second");
    run(kernel);
    story.removeIf(line -> line.contains("WAKE_REAPER"));
  }

  @Test
  void afterAFailureTheNextComesATenthOfASecondLater() {
    twoInTurn("reaper.sleeps_after=failure");

    assertThat(story)
        .containsExactly(
            "0.10 START_REAPING of 2 1 0",
            "0.35 FINISH_REAPING of 2 1000 0",
            "0.35 OOM_SKIP of 2 0 0",
            "0.35 SKIP_REAPING 1 0",
            "100.35 SKIP_REAPING 1 0",
            "200.35 SKIP_REAPING 1 0",
            "300.35 SKIP_REAPING 1 0",
            "300.35 UNABLE_TO_REAP 1 0",
            "300.35 OOM_SKIP 2 0");
  }

  @ParameterizedTest
  @CsvSource({"time_after_eq, 300", "time_after, 400"})
  void aTimeoutIsOverAtItsTickOrAtTheNext(String expiry, int ms) {
    Kernel kernel =
        killed(
            "linux-5.10 reaper.list=round_robin exit.oom_free_timeout=300ms exit.expiry=" + expiry,
            PAGES,
            "{mmap_lock: {of: victim, time: 60s}}");

    assertThat(story).endsWith(ms + ".10 UNABLE_TO_REAP 1 0", ms + ".10 OOM_SKIP 2 0");
    assertThat(victim(kernel).mm.oomFreeExpireNs)
        .isEqualTo(300_000_000 + (expiry.equals("time_after") ? 4_000_000 : 0));
  }

  @Test
  void aTimeoutThatEndsAtThisMomentIsOver() {
    Kernel kernel =
        ready("linux-5.10 reaper.list=round_robin exit.oom_free_timeout=300ms", PAGES, HELD);
    kill(kernel, "victim");
    victim(kernel).mm.oomFreeExpireNs = 100_000;

    run(kernel);

    assertThat(story).endsWith("0.10 UNABLE_TO_REAP 1 0", "0.10 OOM_SKIP 2 0");
  }

  @ParameterizedTest
  @CsvSource({
    // when it sleeps; when the first victim is visited, and visited again
    "failure, 0.35, 100.35",
    "visit, 100.35, 300.35",
    "round, 0.35, 100.35"
  })
  void whoIsNotFinishedComesAgainWhenTheOthersHad(String sleeps, String first, String again) {
    twoInTurn("reaper.on_success=wait reaper.unstable=leave reaper.sleeps_after=" + sleeps);

    assertThat(story.subList(2, 4))
        .containsExactly(first + " SKIP_REAPING 1 0", again + " SKIP_REAPING 1 0");
  }

  @ParameterizedTest
  @CsvSource({"failure, 4", "round, 100", "visit, 100"})
  void aRoundWithoutAFailureIsATickLongUnlessItIsRoundsThatItSleepsAfter(String sleeps, int ms) {
    killed(
        "linux-5.10 reaper.list=round_robin exit.oom_free_timeout=300ms reaper.on_success=wait"
            + " reaper.sleeps_after="
            + sleeps,
        PAGES,
        "");

    assertThat(story.subList(1, 5))
        .containsExactly(
            "0.10 START_REAPING 1 0",
            "0.35 FINISH_REAPING 1000 0",
            ms + ".35 START_REAPING 1 0",
            ms + ".35 FINISH_REAPING 0 0");
    assertThat(story).endsWith("300.35 UNABLE_TO_REAP 1 0", "300.35 OOM_SKIP 2 0");
  }

  @Test
  void whatWasReapedOnceIsLeftToItsTimeout() {
    killed(
        "linux-5.10 reaper.list=round_robin exit.oom_free_timeout=300ms reaper.on_success=wait"
            + " reaper.unstable=leave",
        PAGES,
        "");

    assertThat(story)
        .containsExactly(
            "0.00 WAKE_REAPER 0 0",
            "0.10 START_REAPING 1 0",
            "0.35 FINISH_REAPING 1000 0",
            "300.35 UNABLE_TO_REAP 1 0",
            "300.35 OOM_SKIP 2 0");
  }

  @Test
  void moreFruitlessRoundsThanAreAllowedEndTheWait() {
    killed(
        "linux-5.10 reaper.list=round_robin reaper.fruitless_rounds=3 reaper.on_success=wait",
        PAGES,
        "");

    // The first visit is the first to count, and four in which it has not become smaller follow.
    assertThat(story).endsWith("16.35 UNABLE_TO_REAP 1 0", "16.35 OOM_SKIP 2 0");
    assertThat(story).contains("12.35 FINISH_REAPING 0 0");
  }

  @Test
  void aRoundInWhichItBecomesSmallerCountsAnew() {
    Kernel kernel =
        ready(
            "linux-5.10 reaper.list=round_robin reaper.fruitless_rounds=3 reaper.retry_interval=0s",
            PAGES,
            HELD);
    kill(kernel, "victim");
    while (kernel.clock() < 12_000_000 && kernel.step()) {}
    victim(kernel).mm.vmas[0].pages--;
    kernel.machine.freePages++;

    run(kernel);

    assertThat(story).endsWith("32.10 UNABLE_TO_REAP 1 0", "32.10 OOM_SKIP 2 0");
  }
}
