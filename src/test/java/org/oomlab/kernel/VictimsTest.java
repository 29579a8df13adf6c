package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.process;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;

/** oom_kill_process(), mark_oom_victim() and MMF_OOM_SKIP of mm/oom_kill.c. */
class VictimsTest {
  private static final String FAMILY =
      """
      cgroups:
        - {name: pod}
      processes:
        - {name: other, cgroup: pod, memory: [{kind: anonymous, size: 10 pages}]}
        - {name: parent, cgroup: pod, memory: [{kind: anonymous, size: 5000 pages}]}
        - {name: nothing, cgroup: pod, parent: parent, memory: []}
        - {name: small, cgroup: pod, parent: parent, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: large, parent: parent, memory: [{kind: anonymous, size: 300 pages}]}
        - {name: equal, parent: parent, memory: [{kind: anonymous, size: 300 pages}]}
        - {name: sharer, cgroup: pod, parent: parent, shares_mm: parent}
      """;

  private static final String GROUPS =
      """
      cgroups:
        - {name: top, oom_group: true}
        - {name: pod, parent: top, oom_group: true}
        - {name: deep, parent: pod}
        - {name: beside, parent: top}
      processes:
        - {name: init, init: true, cgroup: pod, memory: [{kind: anonymous, size: 10 pages}]}
        - {name: chosen, cgroup: deep, memory: [{kind: anonymous, size: 200 pages}]}
        - {name: mate, cgroup: pod, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: exempt, cgroup: pod, oom_score_adj: -1000, memory: []}
        - {name: dead, cgroup: pod, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: beside, cgroup: beside, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: outside, memory: [{kind: anonymous, size: 100 pages}]}
      """;

  private static final String SHARERS =
      """
      processes:
        - {name: init, init: true, memory: [{kind: anonymous, size: 10 pages}]}
        - {name: victim, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: sharer, shares_mm: victim}
        - {name: exempt, shares_mm: victim, oom_score_adj: -1000}
        - {name: other, memory: [{kind: anonymous, size: 100 pages}]}
      """;

  private final List<String> heard = new ArrayList<>();

  private Kernel kernel(String policy, String rest) {
    Kernel kernel =
        Worlds.booted(
            policy,
            rest,
            (now, point, subject, a, b) -> heard.add(point + " " + subject + " " + a));
    kernel.machine.ledger.oomCalls = 1;
    heard.clear();
    return kernel;
  }

  private static List<String> killed(Kernel kernel) {
    Ledger ledger = kernel.ledger();
    return IntStream.range(0, ledger.kills())
        .mapToObj(i -> kernel.machine.processes[ledger.killedProcess(i)].name)
        .toList();
  }

  private static void kill(Kernel kernel, String chosen, @Nullable Memcg domain) {
    Task invoker = kernel.machine.tasks[0];
    kernel.victims.oomKillProcess(invoker, process(kernel, chosen), domain);
  }

  private long heard(Tracepoint point) {
    return heard.stream().filter(line -> line.startsWith(point + " ")).count();
  }

  // Whom.

  @Test
  void aKillIsSaidAndCounted() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    kernel.machine.pendingBadness = 77;
    kernel.machine.freePages = 5;
    Process other = process(kernel, "other");
    other.workNs = 7 * other.spec.workUnit();

    kill(kernel, "other", null);

    Ledger ledger = kernel.ledger();
    assertThat(killed(kernel)).containsExactly("other");
    assertThat(ledger.killReason(0)).isEqualTo(Ledger.Reason.WORST);
    assertThat(ledger.killBadness(0)).isEqualTo(77);
    assertThat(ledger.killInvoker(0)).isZero();
    assertThat(ledger.killFreePages(0)).isEqualTo(5);
    assertThat(ledger.killTimeNs(0)).isZero();
    assertThat(ledger.killEvents()).isOne();
    assertThat(ledger.killLines()).isOne();
    assertThat(ledger.markings()).isZero();
    assertThat(ledger.rssLostPages()).isEqualTo(100);
    assertThat(ledger.workLost()).isEqualTo(7);
    assertThat(ledger.firstKillNs()).isZero();
    assertThat(other.groupExit).isTrue();
    assertThat(other.oomVictim).isTrue();
    assertThat(other.tasks[0].killed).isTrue();
    assertThat(other.mm.reapQueued).isTrue();
    assertThat(kernel.machine.tasks[0].awaitedVictim).isEqualTo(other.id);
    assertThat(heard(Tracepoint.KILLED)).isOne();
    assertThat(heard(Tracepoint.MARK_VICTIM)).isOne();
  }

  @Test
  void upTo419AChildDiesForItsParentTheFirstOfTheWorst() {
    Kernel kernel = kernel("linux-4.19", FAMILY);
    kernel.machine.pendingBadness = 5010;

    kill(kernel, "parent", null);

    assertThat(killed(kernel)).containsExactly("large");
    assertThat(kernel.ledger().killReason(0)).isEqualTo(Ledger.Reason.CHILD);
    assertThat(kernel.ledger().killBadness(0))
        .isEqualTo(300 + kernel.badness.pageTables(process(kernel, "large").mm));
  }

  @Test
  void laterTheParentDiesItself() {
    Kernel kernel = kernel("linux-5.10", FAMILY);

    kill(kernel, "parent", null);

    assertThat(killed(kernel)).containsExactly("parent");
  }

  @Test
  void whoIsKilledBecauseItAllocatesHasNobodyDieForIt() {
    Kernel kernel = kernel("linux-4.19", FAMILY);
    kernel.machine.pendingReason = Ledger.Reason.ALLOCATING_TASK;

    kill(kernel, "parent", null);

    assertThat(killed(kernel)).containsExactly("parent");
    assertThat(kernel.ledger().killReason(0)).isEqualTo(Ledger.Reason.ALLOCATING_TASK);
  }

  @Test
  void aChildOutsideTheFullCgroupDoesNotDieForIt() {
    Kernel kernel = kernel("linux-4.19", FAMILY);

    kill(kernel, "parent", Worlds.memcg(kernel, "pod"));

    assertThat(killed(kernel)).containsExactly("small");
  }

  @Test
  void aChildWithoutPointsDoesNotDieForIt() {
    Kernel kernel = kernel("linux-4.19 killer.floor_of_one=false", FAMILY);
    for (String name : List.of("small", "large", "equal")) {
      process(kernel, name).oomScoreAdj = -1000;
    }

    kill(kernel, "parent", null);

    assertThat(killed(kernel)).containsExactly("parent");
  }

  // A cgroup as one.

  @Test
  void aGroupDiesWithItsMemberAndIsOneDecision() {
    Kernel kernel = kernel("linux-6.18", GROUPS);
    process(kernel, "dead").liveTasks = 0;

    kill(kernel, "chosen", Worlds.memcg(kernel, "pod"));

    assertThat(killed(kernel)).containsExactly("chosen", "mate");
    Ledger ledger = kernel.ledger();
    assertThat(ledger.killReason(1)).isEqualTo(Ledger.Reason.GROUP);
    assertThat(ledger.killBadness(1))
        .isEqualTo(100 + kernel.badness.pageTables(process(kernel, "mate").mm));
    assertThat(ledger.killEvents()).isOne();
    // Whoever goes through the group comes to the chosen one too, and says it again.
    assertThat(ledger.killLines()).isEqualTo(3);
  }

  @Test
  void theHighestGroupUpToTheFullCgroupDies() {
    Kernel kernel = kernel("linux-6.18", GROUPS);

    kill(kernel, "chosen", null);

    assertThat(killed(kernel)).containsExactly("chosen", "mate", "dead", "beside");
  }

  @Test
  void aGroupThatIsHigherThanTheFullCgroupDoesNotDie() {
    Kernel kernel = kernel("linux-6.18", GROUPS);

    kill(kernel, "chosen", Worlds.memcg(kernel, "deep"));

    assertThat(killed(kernel)).containsExactly("chosen");
  }

  @Test
  void before419ThereAreNoGroups() {
    Kernel kernel = kernel("linux-4.17", GROUPS);

    kill(kernel, "chosen", null);

    assertThat(killed(kernel)).containsExactly("chosen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"until_exit_begins", "until_unmapped"})
  void whereExitingOnesAreLostToTheirCgroupTheyAreNotKilledWithIt(String seen) {
    Kernel kernel = kernel("linux-6.18 memcg.victim_seen=" + seen, GROUPS);
    process(kernel, "mate").tasks[0].exiting = true;

    kill(kernel, "chosen", Worlds.memcg(kernel, "pod"));

    assertThat(killed(kernel).contains("mate")).isEqualTo(seen.equals("until_unmapped"));
  }

  @Test
  void aHandlerKillsACgroupButWhoIsExemptOrDying() {
    Kernel kernel = kernel("linux-6.18", GROUPS);
    process(kernel, "dead").liveTasks = 0;
    process(kernel, "chosen").groupExit = true;
    Memcg pod = Worlds.memcg(kernel, "pod");

    kernel.victims.killAll(kernel.machine.tasks[0], pod, pod);

    assertThat(killed(kernel)).containsExactly("mate");
    assertThat(kernel.ledger().killReason(0)).isEqualTo(Ledger.Reason.GROUP);
    assertThat(kernel.ledger().killBadness(0))
        .isEqualTo(100 + kernel.badness.pageTables(process(kernel, "mate").mm));
  }

  // Who is dying already.

  @Test
  void whoIsDyingAlreadyIsMarkedAndNotKilled() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    Process other = process(kernel, "other");
    other.groupExit = true;

    kill(kernel, "other", null);

    assertThat(kernel.ledger().kills()).isZero();
    assertThat(kernel.ledger().killEvents()).isZero();
    assertThat(kernel.ledger().markings()).isOne();
    assertThat(other.oomVictim).isTrue();
    assertThat(other.mm.reapQueued).as("the reaper comes, too").isTrue();
  }

  @Test
  void whoIsMarkedTwiceIsCountedOnce() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    Task task = process(kernel, "other").tasks[0];

    kernel.victims.markDying(task);
    kernel.victims.markDying(task);

    assertThat(kernel.ledger().markings()).isOne();
    assertThat(task.process.markedTasks).isOne();
    assertThat(heard(Tracepoint.MARK_VICTIM)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"linux-4.6, false", "linux-4.7, true"})
  void in46NoReaperComesToWhoWasMarkedWithoutAKill(String policy, boolean comes) {
    Kernel kernel = kernel(policy, SHARERS);
    Process other = process(kernel, "other");

    kernel.victims.markDying(other.tasks[0]);

    assertThat(other.mm.reapQueued).isEqualTo(comes);
  }

  @ParameterizedTest
  @CsvSource({
    // leader in do_exit, with its mm, dumping core; killed?
    "true, true, false, false",
    "false, true, false, true",
    "true, false, false, true",
    "true, true, true, true"
  })
  void upTo47ALeaderInDoExitIsDyingUnlessItDumpsCore(
      boolean exiting, boolean hasMm, boolean dumps, boolean killed) {
    Kernel kernel =
        kernel(
            "linux-4.7",
            """
            processes:
              - {name: other, memory: [{kind: anonymous, size: 10 pages}]}
              - name: p
                core_dumping: %s
                memory: [{kind: anonymous, size: 10 pages}]
                threads: [{name: a}, {name: b}]
            """
                .formatted(dumps));
    Task leader = process(kernel, "p").tasks[0];
    leader.exiting = exiting;
    leader.hasMm = hasMm;

    kill(kernel, "p", null);

    assertThat(kernel.ledger().kills()).isEqualTo(killed ? 1 : 0);
  }

  @Test
  void whoHasLeftItsMmWhileTheReportWasPrintedIsNotKilled() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    process(kernel, "other").tasks[0].hasMm = false;

    kill(kernel, "other", null);

    assertThat(kernel.ledger().kills()).isZero();
    assertThat(kernel.ledger().killEvents()).isZero();
    assertThat(kernel.ledger().killLines()).isZero();
  }

  @Test
  void aDyingProcessWillFreeItsMemoryUnlessItIsHiddenOrDumpsCore() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    Process other = process(kernel, "other");
    assertThat(kernel.victims.willFreeMem(other)).as("it lives").isFalse();

    other.groupExit = true;
    assertThat(kernel.victims.willFreeMem(other)).isTrue();
    other.mm.oomSkip = true;
    assertThat(kernel.victims.willFreeMem(other)).as("hidden").isFalse();
    other.mm.oomSkip = false;
    other.tasks[0].hasMm = false;
    assertThat(kernel.victims.willFreeMem(other)).as("nothing to free").isFalse();
  }

  @Test
  void theOnlyThreadInDoExitIsADyingProcessAndOneOfTwoIsNot() {
    Kernel kernel =
        kernel(
            "linux-6.18",
            """
            processes:
              - {name: one, memory: []}
              - {name: two, memory: [], threads: [{name: a}, {name: b}]}
            """);
    Process one = process(kernel, "one");
    Process two = process(kernel, "two");
    one.tasks[0].exiting = true;
    two.tasks[0].exiting = true;

    assertThat(kernel.victims.willFreeMem(one)).isTrue();
    assertThat(kernel.victims.willFreeMem(two)).isFalse();
  }

  @Test
  void whoDumpsCoreFreesNothing() {
    Kernel kernel =
        kernel("linux-6.18", "processes: [{name: p, core_dumping: true, memory: []}]\n");
    Process p = process(kernel, "p");
    p.groupExit = true;

    assertThat(kernel.victims.willFreeMem(p)).isFalse();
  }

  @Test
  void aSharedMmIsFreedOnceAllWhoHaveItDie() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    Process victim = process(kernel, "victim");
    victim.groupExit = true;
    assertThat(kernel.victims.willFreeMem(victim)).isFalse();

    process(kernel, "sharer").groupExit = true;
    assertThat(kernel.victims.willFreeMem(victim)).isFalse();
    process(kernel, "exempt").tasks[0].hasMm = false;
    assertThat(kernel.victims.willFreeMem(victim)).isTrue();
  }

  // Who shares the memory.

  @Test
  void whoSharesTheMmIsKilledWithItButCountsAsNoKill() {
    Kernel kernel = kernel("linux-6.18", SHARERS);

    kill(kernel, "victim", null);

    assertThat(process(kernel, "sharer").groupExit).isTrue();
    assertThat(process(kernel, "exempt").groupExit).isTrue();
    assertThat(process(kernel, "other").groupExit).isFalse();
    assertThat(process(kernel, "victim").mm.unreapable).isFalse();
    assertThat(killed(kernel)).containsExactly("victim");
    assertThat(heard(Tracepoint.KILLED_WITH)).isEqualTo(2);
  }

  @Test
  void upTo47AnExemptSharerLivesAndNobodyReapsUnderIt() {
    Kernel kernel = kernel("linux-4.7", SHARERS);

    kill(kernel, "victim", null);

    Process victim = process(kernel, "victim");
    assertThat(process(kernel, "exempt").groupExit).isFalse();
    assertThat(process(kernel, "sharer").groupExit).isTrue();
    assertThat(victim.mm.unreapable).isTrue();
    assertThat(victim.mm.reapQueued).isFalse();
    assertThat(victim.mm.oomSkip).isFalse();
  }

  @Test
  void whoSharesWithInitIsHiddenAtOnceAndNeverReaped() {
    Kernel kernel =
        kernel(
            "linux-6.18",
            """
            processes:
              - {name: first, memory: [{kind: anonymous, size: 10 pages}]}
              - {name: init, init: true, shares_mm: first}
            """);

    kill(kernel, "first", null);

    Process first = process(kernel, "first");
    assertThat(process(kernel, "init").groupExit).isFalse();
    assertThat(first.mm.unreapable).isTrue();
    assertThat(first.mm.oomSkip).isTrue();
    assertThat(first.mm.reapQueued).isFalse();
  }

  @Test
  void whoSharesButIsDyingOrGoneIsLeftAlone() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    process(kernel, "sharer").groupExit = true;
    process(kernel, "exempt").tasks[0].hasMm = false;

    kill(kernel, "victim", null);

    assertThat(heard(Tracepoint.KILLED_WITH)).isZero();
    assertThat(process(kernel, "exempt").groupExit).isFalse();
  }

  @Test
  void whoIsKilledAgainIsMarkedInAnotherThreadAtMost() {
    Kernel kernel = kernel("linux-6.18 killer.dying_shortcut=fatal_signal", SHARERS);

    kill(kernel, "other", null);
    kill(kernel, "other", null);
    assertThat(kernel.ledger().kills()).isOne();
    assertThat(kernel.ledger().markings()).isZero();
    assertThat(kernel.ledger().killLines()).isEqualTo(2);

    kernel.victims.unmark(process(kernel, "other").tasks[0]);
    kill(kernel, "other", null);
    assertThat(kernel.ledger().kills()).isOne();
    assertThat(kernel.ledger().markings()).isOne();
    assertThat(kernel.ledger().rssLostPages()).isEqualTo(100);
  }

  // The marks.

  @Test
  void aMarkEndsAFreezeAndIsTakenAwayOnce() {
    Kernel kernel =
        kernel(
            "linux-6.18",
            "processes: [{name: p, frozen: v1, memory: []}, {name: q, memory: []}]\n");
    Process p = process(kernel, "p");
    assertThat(p.tasks[0].frozen).isTrue();

    kernel.victims.mark(p.tasks[0]);
    assertThat(p.tasks[0].frozen).isFalse();
    assertThat(p.mm.victim).isTrue();
    assertThat(p.markedTasks).isOne();

    kernel.victims.unmark(p.tasks[0]);
    kernel.victims.unmark(p.tasks[0]);
    assertThat(p.markedTasks).isZero();
    assertThat(p.oomVictim).as("that remains").isTrue();
  }

  @Test
  void whoIsKilledFrozenIsRememberedAsFrozen() {
    Kernel kernel =
        kernel(
            "linux-6.18",
            "processes: [{name: p, frozen: v1, memory: []}, {name: q, frozen: v1, memory: []}]\n");

    kill(kernel, "p", null);
    kernel.victims.markDying(process(kernel, "q").tasks[0]);

    assertThat(process(kernel, "p").frozenWhenChosen).isTrue();
    assertThat(process(kernel, "q").frozenWhenChosen).isTrue();
  }

  @Test
  void anMmIsHiddenOnce() {
    Kernel kernel = kernel("linux-6.18", SHARERS);
    Process other = process(kernel, "other");

    kernel.victims.hide(other, Victims.BY_TIMEOUT);
    kernel.victims.hide(other, Victims.BY_TIMEOUT);

    assertThat(other.mm.oomSkip).isTrue();
    assertThat(heard)
        .containsExactly(Tracepoint.OOM_SKIP + " " + other.id + " " + Victims.BY_TIMEOUT);
  }

  @Test
  void whoWaitsForAnMmToBeHiddenGoesOn() {
    Kernel kernel =
        kernel(
            "linux-6.18",
            """
            processes:
              - {name: p, memory: [{kind: anonymous, size: 10 pages}]}
              - {name: daemon, run: [{wait_oom_skip: p}, {exit: }]}
            """);
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    kernel.victims.hide(process(kernel, "p"), 0);
    while (kernel.step()) {}

    assertThat(process(kernel, "daemon").liveTasks).isZero();
  }

  @Test
  void aPolicyThatHoldsOffDoesSoFromTheMark() {
    Kernel kernel = kernel("linux-6.18 killer.holdoff=3s", SHARERS);

    kill(kernel, "other", null);

    assertThat(kernel.machine.holdoffUntilNs).isEqualTo(3 * Span.SECOND);
    assertThat(kernel.patience.holdsOff()).isTrue();
  }
}
