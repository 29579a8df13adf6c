package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.memcg;
import static org.oomlab.kernel.Worlds.process;
import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.kernel.OomKiller.Result;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Panic;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Standing.Spared;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.Step;

/** out_of_memory() and select_bad_process() of mm/oom_kill.c, check by check. */
class OomKillerTest {
  private static final String PROCESSES =
      """
      cgroups:
        - {name: pod, limit: 50000 pages}
      processes:
        - {name: init, init: true, memory: [{kind: anonymous, size: 90000 pages}]}
        - {name: kthread, kernel_thread: true}
        - {name: small, cgroup: pod, memory: [{kind: anonymous, size: 1000 pages}]}
        - {name: large, memory: [{kind: anonymous, size: 3000 pages}]}
        - {name: equal, memory: [{kind: anonymous, size: 3000 pages}]}
        - {name: exempt, oom_score_adj: -1000, memory: [{kind: anonymous, size: 9000 pages}]}
        - {name: asks, cgroup: pod, memory: []}
      """;

  private final List<String> heard = new ArrayList<>();

  private Kernel kernel(String policy) {
    return kernel(policy, PROCESSES);
  }

  private Kernel kernel(String policy, String rest) {
    Kernel kernel =
        Worlds.booted(
            policy,
            rest,
            (now, point, subject, a, b) -> heard.add(point + " " + subject + " " + a + " " + b));
    while (kernel.queue.nextNs() == 0) {
      kernel.step(); // Everybody has begun, and sleeps.
    }
    heard.clear();
    return kernel;
  }

  /** The call of one that has asked for a page, and holds oom_lock. */
  private static Result call(Kernel kernel, String who, Memcg domain) {
    Task task = process(kernel, who).tasks[0];
    kernel.waits.interrupt(task.id);
    task.state = Task.State.ALLOCATING;
    task.wantPages = 1;
    if (kernel.machine.oomLock.owner == NOBODY) {
      kernel.machine.oomLock.tryLock(task.id);
    }
    return kernel.killer.outOfMemory(task, domain);
  }

  private static Result call(Kernel kernel) {
    return call(kernel, "asks", null);
  }

  private static String chosen(Kernel kernel) {
    int victim = kernel.machine.pendingVictim;
    return victim == NOBODY ? "nobody" : kernel.machine.processes[victim].name;
  }

  private static String choice(Kernel kernel) {
    call(kernel);
    return chosen(kernel);
  }

  private long heard(Tracepoint point) {
    return heard.stream().filter(line -> line.startsWith(point + " ")).count();
  }

  // The checks before anybody is looked at.

  @Test
  void whoIsAboutToDieIsMarkedAndNobodyIsKilled() {
    Kernel kernel = kernel("linux-6.18");
    process(kernel, "asks").groupExit = true;

    assertThat(call(kernel)).isEqualTo(Result.PROGRESS);
    assertThat(process(kernel, "asks").oomVictim).isTrue();
    assertThat(chosen(kernel)).isEqualTo("nobody");
  }

  @ParameterizedTest
  @CsvSource({"true, false, true", "false, true, true", "false, false, false"})
  void upTo47ASignalOrAnExitIsEnoughForThat(boolean killed, boolean exiting, boolean marked) {
    Kernel kernel = kernel("linux-4.7");
    Task task = process(kernel, "asks").tasks[0];
    task.killed = killed;
    task.exiting = exiting;

    assertThat(call(kernel)).isEqualTo(marked ? Result.PROGRESS : Result.KILLING);
    assertThat(task.marked).isEqualTo(marked);
  }

  @Test
  void upTo47WhoHasNoMmAnyMoreHasNothingToFree() {
    Kernel kernel = kernel("linux-4.7");
    Task task = process(kernel, "asks").tasks[0];
    task.killed = true;
    task.hasMm = false;

    assertThat(call(kernel)).isEqualTo(Result.KILLING);
  }

  @Test
  void aPolicyThatHoldsOffLooksForNobody() {
    Kernel kernel = kernel("linux-6.18 killer.holdoff=1s");
    kernel.machine.holdoffUntilNs = Span.SECOND;

    assertThat(call(kernel)).isEqualTo(Result.PROGRESS);
    assertThat(chosen(kernel)).isEqualTo("nobody");
  }

  @ParameterizedTest
  @CsvSource({
    "NOFS, ALLOC, PROGRESS",
    "KERNEL, ALLOC, KILLING",
    "NOFAIL, ALLOC, KILLING",
    "NOFS, TOUCH, KILLING"
  })
  void whoMayNotEnterFileSystemsNeverKills(Step.Gfp gfp, Task.Request request, Result result) {
    Kernel kernel = kernel("linux-6.18");
    Task task = process(kernel, "asks").tasks[0];
    task.gfp = gfp;
    task.request = request;

    assertThat(call(kernel)).isEqualTo(result);
  }

  @Test
  void inACgroupItMay() {
    Kernel kernel = kernel("linux-6.18");
    Task task = process(kernel, "asks").tasks[0];
    task.gfp = Step.Gfp.NOFS;
    task.request = Task.Request.ALLOC;

    assertThat(call(kernel, "asks", memcg(kernel, "pod"))).isEqualTo(Result.KILLING);
  }

  @ParameterizedTest
  @CsvSource({"0, NONE, NONE", "1, SYSTEM_WIDE, NONE", "2, COMPULSORY, COMPULSORY"})
  void panicOnOomIsForTheMachineAndFrom2OnForCgroupsToo(int set, Panic machine, Panic cgroup) {
    Kernel whole = kernel("linux-6.18 killer.panic_on_oom=" + set);
    Kernel part = kernel("linux-6.18 killer.panic_on_oom=" + set);

    Result of = call(whole);
    Result ofPart = call(part, "asks", memcg(part, "pod"));

    assertThat(of).isEqualTo(machine == Panic.NONE ? Result.KILLING : Result.PANIC);
    assertThat(ofPart).isEqualTo(cgroup == Panic.NONE ? Result.KILLING : Result.PANIC);
    assertThat(whole.machine.ledger.panic).isEqualTo(machine);
    assertThat(part.machine.ledger.panic).isEqualTo(cgroup);
    assertThat(whole.verdict() == Verdict.PANIC).isEqualTo(machine != Panic.NONE);
    assertThat(heard(Tracepoint.PANIC)).isEqualTo(set);
  }

  @ParameterizedTest
  @CsvSource({
    "asks, asks, ALLOCATING_TASK",
    "exempt, equal, WORST",
    "init, equal, WORST",
    "kthread, equal, WORST"
  })
  void whoAllocatesIsKilledWhereThatIsSetUnlessItMayNotBe(
      String asks, String dies, Ledger.Reason reason) {
    Kernel kernel = kernel("linux-6.18 killer.kill_allocating_task=true");

    assertThat(call(kernel, asks, null)).isEqualTo(Result.KILLING);

    assertThat(chosen(kernel)).isEqualTo(dies);
    assertThat(kernel.machine.pendingReason).isEqualTo(reason);
  }

  @Test
  void inACgroupOrWithoutAnMmItIsNot() {
    Kernel cgroup = kernel("linux-6.18 killer.kill_allocating_task=true");
    Kernel gone = kernel("linux-6.18 killer.kill_allocating_task=true");
    process(gone, "asks").tasks[0].hasMm = false;

    call(cgroup, "asks", memcg(cgroup, "pod"));
    call(gone);

    assertThat(chosen(cgroup)).isEqualTo("small");
    assertThat(chosen(gone)).isEqualTo("equal");
  }

  // Who is the worst.

  @Test
  void theWorstThatMayBeChosenIs() {
    Kernel kernel = kernel("linux-6.18");
    process(kernel, "equal").mm.oomSkip = true;

    assertThat(call(kernel)).isEqualTo(Result.KILLING);

    Machine machine = kernel.machine;
    assertThat(chosen(kernel)).isEqualTo("large");
    assertThat(machine.pendingReason).isEqualTo(Ledger.Reason.WORST);
    assertThat(machine.pendingBadness).isEqualTo(kernel.badness.of(process(kernel, "large")));
    assertThat(machine.pendingMemcg).isEqualTo(NOBODY);
    assertThat(machine.pendingInvoker).isEqualTo(process(kernel, "asks").tasks[0].id);
    assertThat(kernel.ledger().oomCalls()).isOne();
    assertThat(heard(Tracepoint.OOM_INVOKED)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"first, large", "last, equal"})
  void ofEqualsThePolicySaysWhich(String tie, String dies) {
    assertThat(choice(kernel("linux-6.18 killer.tie=" + tie))).isEqualTo(dies);
  }

  @Test
  void inACgroupItIsTheWorstOfTheCgroup() {
    Kernel kernel = kernel("linux-6.18");
    Memcg pod = memcg(kernel, "pod");

    call(kernel, "asks", pod);

    assertThat(chosen(kernel)).isEqualTo("small");
    assertThat(kernel.machine.pendingMemcg).isEqualTo(pod.id);
    assertThat(heard)
        .first()
        .asString()
        .startsWith(Tracepoint.OOM_INVOKED + " ")
        .endsWith(" " + pod.id);
  }

  @Test
  void whoHasAskedForItIsTheFirstTheLastOfThoseWhoDid() {
    String rest =
        """
        processes:
          - {name: asks, memory: []}
          - {name: gone, oom_origin: true, memory: []}
          - {name: one, oom_origin: true, memory: [{kind: anonymous, size: 30 pages}]}
          - {name: two, oom_origin: true, memory: [{kind: anonymous, size: 20 pages}]}
          - {name: left, oom_origin: true, memory: []}
          - {name: large, memory: [{kind: anonymous, size: 3000 pages}]}
        """;
    Kernel kernel = kernel("linux-6.18", rest);
    process(kernel, "left").tasks[0].hasMm = false;

    call(kernel);

    assertThat(chosen(kernel)).isEqualTo("two");
    assertThat(kernel.machine.pendingReason).isEqualTo(Ledger.Reason.ORIGIN);
    assertThat(kernel.machine.pendingBadness).isEqualTo(kernel.badness.of(process(kernel, "two")));
  }

  @Test
  void theDeadAreNotLookedAt() {
    Kernel kernel = kernel("linux-6.18");
    process(kernel, "equal").liveTasks = 0;

    assertThat(choice(kernel)).isEqualTo("large");
  }

  @ParameterizedTest
  @CsvSource({"linux-4.14, NO_KILLABLE_PROCESSES", "linux-6.18, DEADLOCKED"})
  void nobodyToKillIsThePanicOfTheMachineAndNotOfACgroup(String policy, Panic panic) {
    String rest =
        """
        cgroups: [{name: pod, limit: 9 pages}]
        processes:
          - {name: asks, cgroup: pod, oom_score_adj: -1000, memory: []}
          - {name: init, init: true, memory: []}
        """;
    Kernel cgroup = kernel(policy, rest);
    assertThat(call(cgroup, "asks", memcg(cgroup, "pod"))).isEqualTo(Result.NOTHING);
    assertThat(cgroup.machine.ledger.panic).isEqualTo(Panic.NONE);
    assertThat(heard).contains(Tracepoint.NOTHING_TO_KILL + " 0 0 0");

    Kernel machine = kernel(policy, rest);
    assertThat(call(machine)).isEqualTo(Result.PANIC);
    assertThat(machine.machine.ledger.panic).isEqualTo(panic);
    assertThat(heard).contains(Tracepoint.NOTHING_TO_KILL + " 0 -1 0");
  }

  // Victims in flight.

  /** What follows from a victim among the candidates, by what the policy looks at. */
  @ParameterizedTest
  @CsvSource({
    // looks at, marked, exiting, victim, hidden; the scan
    "memdie_or_exiting, true, false, false, false, WAIT",
    "memdie_or_exiting, false, true, false, false, WAIT",
    "memdie_or_exiting, false, false, true, false, EVALUATE",
    "memdie, true, false, false, false, WAIT",
    "memdie, false, true, true, false, EVALUATE",
    "victim_count, true, false, false, true, WAIT",
    "victim_count, false, true, true, false, EVALUATE",
    "victim_count_unless_reaped, true, false, true, false, WAIT",
    "victim_count_unless_reaped, true, false, true, true, SKIP",
    "victim_count_unless_reaped, false, false, true, false, EVALUATE",
    "oom_mm, false, false, true, false, WAIT",
    "oom_mm, true, false, true, true, SKIP",
    "oom_mm, true, true, false, false, EVALUATE"
  })
  void aVictimInFlightEndsTheScan(
      String looksAt, boolean marked, boolean exiting, boolean victim, boolean hidden, String is) {
    Kernel kernel = kernel("linux-6.18 killer.in_flight=" + looksAt);
    Process equal = process(kernel, "equal");
    equal.tasks[0].marked = marked;
    equal.tasks[0].exiting = exiting;
    equal.markedTasks = marked ? 1 : 0;
    equal.oomVictim = victim;
    equal.mm.oomSkip = hidden;

    Result result = call(kernel);

    assertThat(result).isEqualTo(is.equals("WAIT") ? Result.PROGRESS : Result.KILLING);
    assertThat(chosen(kernel))
        .isEqualTo(is.equals("WAIT") ? "nobody" : is.equals("SKIP") ? "large" : "equal");
    assertThat(heard(Tracepoint.OOM_ABORT)).isEqualTo(is.equals("WAIT") ? 1 : 0);
    Task asks = process(kernel, "asks").tasks[0];
    assertThat(asks.awaitedVictim).isEqualTo(is.equals("WAIT") ? equal.id : NOBODY);
    assertThat(asks.reservesGranted).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void in45WhoDumpsCoreIsNoReasonToWait(boolean dumps) {
    Kernel kernel =
        kernel(
            "linux-4.5",
            """
            processes:
              - {name: asks, memory: []}
              - {name: p, core_dumping: %s, memory: [{kind: anonymous, size: 9 pages}]}
            """
                .formatted(dumps));
    process(kernel, "p").tasks[0].exiting = true;

    assertThat(call(kernel)).isEqualTo(dumps ? Result.KILLING : Result.PROGRESS);
  }

  @Test
  void in45WhoHasLeftItsMmIsNoReasonToWait() {
    Kernel kernel = kernel("linux-4.5");
    Task left = process(kernel, "small").tasks[0];
    left.exiting = true;
    left.hasMm = false;

    assertThat(choice(kernel)).isEqualTo("large");
  }

  @Test
  void aVictimOfAnotherCgroupIsNoReasonToWait() {
    Kernel kernel = kernel("linux-6.18");
    process(kernel, "large").oomVictim = true;

    call(kernel, "asks", memcg(kernel, "pod"));

    assertThat(chosen(kernel)).isEqualTo("small");
    assertThat(kernel.killer.firstInFlight(memcg(kernel, "pod"))).isNull();
    assertThat(kernel.killer.firstInFlight(null)).isSameAs(process(kernel, "large"));
  }

  @Test
  void withoutLookingAheadTheScanWaitsForTheSameOne() {
    Kernel kernel = kernel("linux-6.18 killer.victim_wait=5s");
    Process large = process(kernel, "large");
    large.oomVictim = true;
    kernel.machine.victimWaitUntilNs = Span.SECOND;

    assertThat(call(kernel)).isEqualTo(Result.PROGRESS);
    assertThat(process(kernel, "asks").tasks[0].awaitedVictim).isEqualTo(large.id);
  }

  @Test
  void aVictimThatHasHadItsTimeIsPassedOver() {
    Kernel kernel = kernel("linux-6.18 killer.victim_wait=5s");
    process(kernel, "equal").oomVictim = true;
    kernel.machine.victimWaitUntilNs = 0;

    assertThat(choice(kernel)).isEqualTo("large");
    assertThat(process(kernel, "equal").mm.oomSkip).isFalse();
  }

  @Test
  void aVictimThatGivesNothingBackIsHiddenAndPassedOver() {
    Kernel kernel = kernel("linux-6.18 killer.stalled_after=5s");
    Process equal = process(kernel, "equal");
    kernel.victims.mark(equal.tasks[0]);
    equal.mm.fewestPages = 0;
    equal.mm.shrunkNs = -5 * Span.SECOND;

    assertThat(choice(kernel)).isEqualTo("large");
    assertThat(equal.mm.oomSkip).isTrue();
  }

  @Test
  void whoWaitsForAVictimOfOldMayUseTheReserves() {
    Kernel kernel = kernel("linux-6.18 reserves.on_livelock_after=5s");
    Process equal = process(kernel, "equal");
    equal.oomVictim = true;
    equal.oomKillExpireNs = 1;
    call(kernel);
    Task asks = process(kernel, "asks").tasks[0];
    assertThat(asks.reservesGranted).as("not yet").isFalse();

    equal.oomKillExpireNs = 0;
    equal.tasks[0].hasMm = false;
    call(kernel);
    assertThat(asks.reservesGranted).as("it has left its mm").isFalse();

    equal.tasks[0].hasMm = true;
    call(kernel);
    assertThat(asks.reservesGranted).isTrue();
    assertThat(heard(Tracepoint.RESERVES_STARTED)).isOne();
  }

  @Test
  void inACgroupThereAreNoReserves() {
    Kernel kernel = kernel("linux-6.18 reserves.on_livelock_after=5s");
    process(kernel, "small").oomVictim = true;

    call(kernel, "asks", memcg(kernel, "pod"));

    assertThat(process(kernel, "asks").tasks[0].reservesGranted).isFalse();
    assertThat(heard(Tracepoint.OOM_ABORT)).isOne();
  }

  // Whom a cgroup's scan does not see.

  @ParameterizedTest
  @CsvSource({
    "until_unmapped, true, PROGRESS",
    "until_exit_begins, true, KILLING",
    "counted, true, PROGRESS",
    "until_unmapped, false, PROGRESS",
    "until_exit_begins, false, PROGRESS",
    "counted, false, PROGRESS"
  })
  void aCgroupsScanLosesWhoExitsUnlessVictimsAreCounted(
      String seen, boolean exiting, Result result) {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=" + seen);
    Process small = process(kernel, "small");
    kernel.victims.mark(small.tasks[0]);
    small.tasks[0].exiting = exiting;

    assertThat(call(kernel, "asks", memcg(kernel, "pod"))).isEqualTo(result);
    assertThat(kernel.killer.isLost(small, memcg(kernel, "pod")))
        .isEqualTo(exiting && !seen.equals("until_unmapped"));
    assertThat(kernel.killer.isLost(small, null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "gone", "outside", "no victim"})
  void aCountedVictimIsOneThatStillHasMemoryOfTheCgroup(String which) {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=counted");
    Process small = process(kernel, which.equals("outside") ? "large" : "small");
    kernel.victims.mark(small.tasks[0]);
    small.oomVictim = !which.equals("no victim");
    small.mm.gone = which.equals("gone");
    small.mm.oomSkip = which.equals("hidden");
    small.tasks[0].exiting = true;

    assertThat(call(kernel, "asks", memcg(kernel, "pod"))).isEqualTo(Result.KILLING);
  }

  @Test
  void theMachinesScanSeesThemAllTheSame() {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=counted");
    process(kernel, "equal").oomVictim = true;
    process(kernel, "equal").tasks[0].exiting = true;

    assertThat(call(kernel)).isEqualTo(Result.PROGRESS);
  }

  @Test
  void withoutLookingAheadIn45WhoExitsIsWaitedForThoughNobodyChoseIt() {
    Kernel kernel = kernel("linux-6.18 killer.victim_wait=5s killer.in_flight=memdie_or_exiting");
    process(kernel, "large").tasks[0].exiting = true;

    assertThat(call(kernel)).isEqualTo(Result.PROGRESS);
  }

  // How exactly it is known who is the worst.

  @Test
  void inTwoPassesTheExactSizeDecides() {
    String rest =
        """
        processes:
          - {name: asks, memory: []}
          - {name: a, spread: 1, memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]}
          - {name: b, spread: 1, memory: [{kind: anonymous, size: 1010 pages, page_tables: 0 pages}]}
          - {name: c, spread: 1, memory: [{kind: anonymous, size: 700 pages, page_tables: 0 pages}]}
        """;
    for (String policy : List.of("linux-6.18", "two-pass-2026")) {
      Kernel kernel = kernel(policy, rest);
      process(kernel, "a").mm.lean = 1;
      process(kernel, "b").mm.lean = -1;
      process(kernel, "c").mm.lean = 0;

      call(kernel);

      boolean exact = policy.equals("two-pass-2026");
      assertThat(chosen(kernel)).as(policy).isEqualTo(exact ? "b" : "a");
      assertThat(kernel.machine.pendingBadness).isEqualTo(exact ? 1010 : 1128);
      assertThat(kernel.machine.exactSums)
          .as("c cannot be the worst, whatever its counters hide")
          .isEqualTo(exact ? 2 : 0);
    }
  }

  @Test
  void whoMayBeAsLargeAsTheLargestForSureIsLookedAtAndEachChoiceCountsAnew() {
    Kernel kernel =
        kernel(
            "two-pass-2026",
            """
            processes:
              - {name: asks, memory: []}
              - {name: a, spread: 1, memory: [{kind: anonymous, size: 1256 pages, page_tables: 0 pages}]}
              - {name: b, spread: 1, memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]}
              - {name: c, spread: 1, memory: [{kind: anonymous, size: 999 pages, page_tables: 0 pages}]}
            """);
    for (Process process : kernel.machine.processes) {
      process.mm.lean = 0;
    }

    kernel.machine.exactSums = 9; // Of the choice before.

    call(kernel);

    // Off by 128 at the most: a has 1128 for sure, and b may have that.
    assertThat(kernel.machine.exactSums).isEqualTo(2);
  }

  @Test
  void noMoreExactSizesAreAskedForThanSixteen() {
    Kernel kernel =
        kernel(
            "two-pass-2026",
            """
            processes:
              - {name: asks, memory: []}
              - {name: p, count: 20, spread: 1, memory: [{kind: anonymous, size: 1000 pages}]}
              - {name: exempt, oom_score_adj: -1000, spread: 1, memory: []}
            """);

    call(kernel);

    assertThat(kernel.machine.exactSums).isEqualTo(16);
  }

  // The kill.

  @Test
  void aReportTakesItsTimeAndSomeForEveryProcess() {
    Kernel kernel = kernel("linux-6.18");
    kernel.machine.reportTaskNs = 1000;
    long reportNs =
        kernel.machine.costs.report().sample(process(kernel, "asks").tasks[0].latencies);

    call(kernel);

    assertThat(kernel.queue.nextNs() - kernel.clock())
        .isEqualTo(reportNs + 1000L * kernel.machine.processes.length);
  }

  @Test
  void aChoiceAmongCountersTakesTimeUnlessNobodyChooses() {
    for (String how : List.of("true", "false")) {
      Kernel kernel = kernel("linux-6.18 killer.kill_allocating_task=" + how);
      kernel.machine.scanNs = 1000;

      call(kernel);

      assertThat(kernel.queue.nextNs() - kernel.clock())
          .isEqualTo(how.equals("true") ? 0 : 1000L * kernel.machine.processes.length);
    }
  }

  @Test
  void aKillThatWasDecidedOnHappens() {
    Kernel kernel = kernel("linux-6.18");
    call(kernel);

    assertThat(kernel.runToNextKill()).isTrue();
    kernel.step();

    assertThat(process(kernel, "equal").groupExit).isTrue();
    assertThat(kernel.machine.pendingVictim).isEqualTo(NOBODY);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @Test
  void aVetoedKillDoesNotHappenAndWhoAskedGoesOn() {
    Kernel kernel = kernel("linux-6.18");
    call(kernel);
    kernel.runToNextKill();
    kernel.vetoKills(Span.SECOND);

    kernel.step();

    assertThat(process(kernel, "equal").groupExit).isFalse();
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(process(kernel, "asks").tasks[0].allocPhase).isEqualTo(Task.AllocPhase.ATTEMPT);
  }

  @Test
  void upTo418TheKillerSleepsATickWithOomLockUnlessItIsKilledItself() {
    Kernel kernel = kernel("linux-4.14");
    call(kernel);
    kernel.runToNextKill();

    kernel.step();

    Task asks = process(kernel, "asks").tasks[0];
    assertThat(kernel.machine.oomLock.owner).isEqualTo(asks.id);
    while (kernel.machine.oomLock.owner == asks.id && kernel.step()) {}
    assertThat(kernel.clock()).isEqualTo(4 * Span.MILLISECOND);

    Kernel killed = kernel("linux-4.14");
    call(killed);
    killed.runToNextKill();
    process(killed, "asks").tasks[0].killed = true;
    killed.step();
    assertThat(killed.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  // How everybody stands.

  @Test
  void whoIsPassedOverIsSaidWhy() {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=until_exit_begins");
    process(kernel, "large").liveTasks = 0;
    process(kernel, "equal").oomVictim = true;

    assertThat(standing(kernel, "init")).isEqualTo(Spared.INIT);
    assertThat(standing(kernel, "kthread")).isEqualTo(Spared.KERNEL_THREAD);
    assertThat(standing(kernel, "large")).isEqualTo(Spared.GONE);
    assertThat(standing(kernel, "exempt")).isEqualTo(Spared.ADJ_MIN);
    assertThat(standing(kernel, "equal")).isEqualTo(Spared.VICTIM);
    assertThat(standing(kernel, "small")).isEqualTo(Spared.NO);
    process(kernel, "equal").mm.oomSkip = true;
    assertThat(standing(kernel, "equal")).isEqualTo(Spared.OOM_SKIP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memdie_or_exiting",
        "memdie",
        "victim_count",
        "victim_count_unless_reaped",
        "oom_mm"
      })
  void whoLivesAndIsNoVictimIsNotPassedOver(String looksAt) {
    Kernel kernel = kernel("linux-6.18 killer.in_flight=" + looksAt);

    assertThat(standing(kernel, "large")).isEqualTo(Spared.NO);
  }

  @Test
  void inACgroupItIsSaidOfTheCgroup() {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=until_exit_begins");
    call(kernel, "asks", memcg(kernel, "pod"));
    process(kernel, "small").tasks[0].exiting = true;

    assertThat(standing(kernel, "large")).isEqualTo(Spared.OTHER_CGROUP);
    assertThat(standing(kernel, "small")).isEqualTo(Spared.EXITING);
    assertThat(standing(kernel, "asks")).isEqualTo(Spared.NO);
    process(kernel, "asks").oomScoreAdj = 100;
    assertThat(kernel.killer.standing(process(kernel, "asks")).adjShare()).isEqualTo(100 * 50);
  }

  private static Spared standing(Kernel kernel, String name) {
    return kernel.killer.standing(process(kernel, name)).spared();
  }
}
