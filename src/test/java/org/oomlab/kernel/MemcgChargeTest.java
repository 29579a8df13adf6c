package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.memcg;
import static org.oomlab.kernel.Worlds.process;
import static org.oomlab.kernel.state.Machine.NOBODY;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.AllocPhase;
import org.oomlab.unit.Span;

/** try_charge() and mem_cgroup_out_of_memory() of mm/memcontrol.c. */
class MemcgChargeTest {
  private static final String PROCESSES =
      """
      cgroups:
        - {name: top, limit: 3000 pages}
        - {name: pod, parent: top, limit: 1000 pages}
        - {name: soft, high: 1000 pages}
        - {name: softer, parent: soft, high: 500 pages}
      processes:
        - {name: free, memory: [{kind: anonymous, size: 40 pages, page_tables: 0 pages}]}
        - name: in
          cgroup: pod
          memory: [{kind: anonymous, size: 400 pages, page_tables: 0 pages}]
        - name: mate
          cgroup: pod
          memory: [{kind: anonymous, size: 100 pages, page_tables: 0 pages}]
        - name: soft
          cgroup: softer
          memory: [{kind: anonymous, size: 400 pages, page_tables: 0 pages}]
        - {name: kthread, kernel_thread: true}
        - {name: late, memory: [], run: [{sleep: 5ms}]}
      """;

  private Kernel kernel;
  private Memcg pod;
  private Memcg top;

  private void given(String policy) {
    given(policy, PROCESSES);
    top = memcg(kernel, "top");
    pod = memcg(kernel, "pod");
  }

  private void given(String policy, String rest) {
    kernel = Worlds.booted(policy, rest);
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
  }

  /** Five milliseconds later, when nothing else has happened. */
  private void later() {
    kernel.step();
    kernel.flow.settle();
    assertThat(kernel.clock()).isEqualTo(5 * Span.MILLISECOND);
  }

  private Task task(String name) {
    return process(kernel, name).tasks[0];
  }

  /** It wants a page, and has tried to charge it often enough. */
  private Task asks(String name) {
    Task task = task(name);
    kernel.waits.interrupt(task.id);
    task.state = Task.State.ALLOCATING;
    task.request = Task.Request.TOUCH;
    task.wantPages = 1;
    task.allocPhase = AllocPhase.MEMCG_PASS;
    task.memcgRetries = 1000;
    return task;
  }

  private void fill(Memcg memcg) {
    Machine.charge(memcg, memcg.spec.limit() - memcg.usagePages);
  }

  private boolean isSleeping(Task task) {
    return task.allocPhase == AllocPhase.ATTEMPT && kernel.queue.nextNs() > kernel.clock();
  }

  // Room.

  @Test
  void thereIsRoomWhereEveryCgroupAboveHasIt() {
    given("linux-6.18");
    assertThat(kernel.memcgCharge.room(task("in"))).isEqualTo(1000 - 500);

    Machine.charge(top, 2400);
    assertThat(kernel.memcgCharge.room(task("in"))).isEqualTo(3000 - 2900);
    assertThat(kernel.memcgCharge.room(task("free"))).isEqualTo(Long.MAX_VALUE);
    assertThat(kernel.memcgCharge.room(task("kthread"))).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"linux-4.19, true", "linux-6.18, false"})
  void theDyingExceedTheLimitInOldKernels(String policy, boolean exceeds) {
    given(policy);
    task("in").killed = true;

    assertThat(kernel.memcgCharge.room(task("in")) == Long.MAX_VALUE).isEqualTo(exceeds);
    assertThat(kernel.memcgCharge.room(task("mate"))).isEqualTo(500);
  }

  @Test
  void aChargeCountsAtEveryLevelAndForcesOnce() {
    given("linux-6.18");
    Task in = task("in");
    in.forceCharge = true;
    in.memcgRetries = 3;
    assertThat(kernel.memcgCharge.room(in)).isEqualTo(Long.MAX_VALUE);

    kernel.memcgCharge.charge(in, 7);

    assertThat(pod.usagePages).isEqualTo(507);
    assertThat(top.usagePages).isEqualTo(507);
    assertThat(in.forceCharge).isFalse();
    assertThat(in.memcgRetries).isEqualTo(MemcgCharge.DRAINS);
  }

  @ParameterizedTest
  @CsvSource({"500, 0", "501, MAX"})
  void whoDrainsKnowsWhenThereIsRoom(long pages, String when) {
    given("linux-6.18");

    assertThat(kernel.memcgCharge.whenRoom(task("in"), pages))
        .isEqualTo(when.equals("MAX") ? Long.MAX_VALUE : 0);
    assertThat(kernel.memcgCharge.whenRoom(task("free"), pages)).isZero();
    task("in").forceCharge = true;
    assertThat(kernel.memcgCharge.whenRoom(task("in"), pages)).isZero();
  }

  // memory.high.

  @Test
  void upToMemoryHighAllAtOnceAndThenABatchAtATime() {
    given("linux-6.18");
    assertThat(kernel.memcgCharge.batchUntilHigh(task("in"))).isEqualTo(Long.MAX_VALUE);
    assertThat(kernel.memcgCharge.batchUntilHigh(task("soft"))).isEqualTo(100);

    Machine.charge(memcg(kernel, "softer"), 200);
    assertThat(kernel.memcgCharge.batchUntilHigh(task("soft"))).isEqualTo(64);
    Machine.charge(memcg(kernel, "softer"), -600);
    Machine.charge(memcg(kernel, "soft"), 850);
    assertThat(kernel.memcgCharge.batchUntilHigh(task("soft"))).isEqualTo(150);
  }

  /** calculate_high_delay(): with 1000 pages of memory.high, and 250 ticks a second. */
  @ParameterizedTest
  @CsvSource({
    // usage, pages charged, ticks
    "1000, 64, 0", // Not above.
    "1100, 64, 159", // (0.1 * 2^20)^2 * 250 >> 34
    "1100, 32, 79",
    "1100, 640, 500", // Two seconds at the most.
    "1010, 64, 0", // One tick: not worth a sleep.
    "1010, 128, 0", // Nor are two, 10 ms with 250 ticks.
    "1010, 192, 3",
    "899000, 64, 500"
  })
  void whoIsAboveMemoryHighSleepsTheLongerTheFurther(long usage, long pages, long ticks) {
    given("linux-6.18");
    later();
    Memcg soft = memcg(kernel, "soft");
    Machine.charge(soft, usage - soft.usagePages);

    assertThat(kernel.memcgCharge.highDelayNs(task("soft"), pages))
        .isEqualTo(ticks * 4 * Span.MILLISECOND);
  }

  @Test
  void withAMemoryHighOfAPageTheDelayIsTheLongest() {
    given(
        "linux-6.18",
        """
        cgroups: [{name: one, high: 1 page}]
        processes: [{name: p, cgroup: one, memory: [{kind: anonymous, size: 700000 pages}]}]
        """);

    for (long pages : new long[] {1, 64}) {
      assertThat(kernel.memcgCharge.highDelayNs(task("p"), pages)).isEqualTo(2 * Span.SECOND);
    }
  }

  @Test
  void theFurthestAboveOfAllCgroupsDecides() {
    given("linux-6.18");
    Machine.charge(memcg(kernel, "softer"), 650);

    // 1050 of 500 in one, 1050 of 1000 in the one above it.
    assertThat(kernel.memcgCharge.highDelayNs(task("soft"), 1))
        .isEqualTo(302 * 4 * Span.MILLISECOND);
  }

  @Test
  void whatCanBeReclaimedIsBeforeAnybodySleeps() {
    String rest =
        """
        cgroups: [{name: soft, high: 100 pages}]
        processes:
          - name: p
            cgroup: soft
            memory: [{kind: file, size: %d pages, page_tables: 0 pages}]
        """;
    given("linux-6.18", rest.formatted(200));
    assertThat(kernel.memcgCharge.highDelayNs(task("p"), 64)).isZero();
    assertThat(memcg(kernel, "soft").usagePages).as("32 at a time").isEqualTo(200 - 4 * 32);

    given("linux-6.18", rest.formatted(100));
    kernel.memcgCharge.highDelayNs(task("p"), 64);
    assertThat(memcg(kernel, "soft").usagePages).isEqualTo(100);
  }

  // The way to the killer.

  @Test
  void whoHasRoomOrNoCgroupMayGoOn() {
    given("linux-6.18");

    assertThat(kernel.memcgCharge.mayCharge(task("free"))).isTrue();
    assertThat(kernel.memcgCharge.mayCharge(task("in"))).isTrue();
  }

  @Test
  void whoHasNoneIsBlockedAndTriesToReclaim() {
    given("linux-6.18");
    fill(pod);
    Task in = asks("in");

    assertThat(kernel.memcgCharge.mayCharge(in)).isFalse();

    assertThat(in.allocPhase).isEqualTo(AllocPhase.MEMCG_PASS);
    assertThat(in.isBlockedOnMemory()).isTrue();
    assertThat(kernel.ledger().spinNs()).isEqualTo(Span.MILLISECOND);
    assertThat(kernel.queue.nextNs()).isEqualTo(Span.MILLISECOND);
  }

  @ParameterizedTest
  @CsvSource({
    // policy says, victim, hidden; fails
    "fails_at_once, true, true, true",
    "fails_at_once, false, true, false",
    "fails_at_once, true, false, false",
    "retries, true, true, false"
  })
  void aHiddenVictimMayFailAtOnce(String says, boolean victim, boolean hidden, boolean fails) {
    given("linux-6.18 memcg.hidden_victim=" + says);
    fill(pod);
    Task in = asks("in");
    in.process.oomVictim = victim;
    in.process.mm.oomSkip = hidden;

    assertThat(kernel.memcgCharge.mayCharge(in)).isFalse();

    assertThat(kernel.ledger().failedRequests()).isEqualTo(fails ? 1 : 0);
    assertThat(in.isBlockedOnMemory()).isEqualTo(!fails);
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "false, true, false", "true, false, false"})
  void whoIsDyingFailsOnceItHasBeenThroughTheOomPath(
      boolean passed, boolean killed, boolean fails) {
    given("linux-6.18");
    fill(pod);
    Task in = asks("in");
    in.passedMemcgOom = passed;
    in.killed = killed;

    assertThat(kernel.memcgCharge.mayCharge(in)).isFalse();

    assertThat(kernel.ledger().failedRequests()).isEqualTo(fails ? 1 : 0);
  }

  @Test
  void whereTheDyingExceedTheLimitTheyDoNotFail() {
    given("linux-4.19");
    fill(pod);
    Task in = asks("in");
    in.passedMemcgOom = true;
    in.killed = true;

    assertThat(kernel.memcgCharge.mayCharge(in)).isTrue();
    assertThat(kernel.ledger().failedRequests()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"5, 7", "16, 18"})
  void theKillerIsCalledAfterADrainAndOneAttemptMoreThanThereAreRetries(int retries, int passes) {
    given("linux-6.18 memcg.reclaim_retries=" + retries);
    fill(pod);
    Task in = asks("in");
    in.memcgRetries = MemcgCharge.DRAINS;
    kernel.memcgCharge.mayCharge(in);

    kernel.runToNextKill();

    assertThat(kernel.clock()).isEqualTo(passes * Span.MILLISECOND);
    assertThat(kernel.ledger().spinNs()).isEqualTo(passes * Span.MILLISECOND);
    assertThat(kernel.machine.pendingMemcg).isEqualTo(pod.id);
    assertThat(in.passedMemcgOom).isTrue();
    assertThat(in.memcgRetries).isZero();
  }

  @Test
  void theLowestCgroupThatIsFullIsTheOneThatIsOutOfMemory() {
    given("linux-6.18");
    fill(top);
    kernel.memcgCharge.passIsOver(asks("in"));

    assertThat(kernel.machine.pendingMemcg).isEqualTo(top.id);
    assertThat(pod.usagePages).isLessThan(pod.spec.limit());
  }

  @Test
  void whatMakesProgressTakesNothingOffTheRetries() {
    given(
        "linux-6.18 memcg.reclaim_retries=5",
        """
        cgroups: [{name: pod, limit: 200 pages}]
        processes:
          - {name: p, cgroup: pod, memory: [{kind: anonymous, size: 10 pages, page_tables: 0 pages}]}
          - name: files
            cgroup: pod
            memory: [{kind: file, size: 190 pages, page_tables: 0 pages}]
        """);
    Memcg full = memcg(kernel, "pod");
    Machine.charge(full, 100); // Whatever is taken, it remains above its limit for a while.
    Task p = asks("p");
    p.memcgRetries = 5;

    kernel.memcgCharge.passIsOver(p);

    assertThat(p.memcgRetries).isEqualTo(5);
    assertThat(full.usagePages).isEqualTo(300 - 32);
    assertThat(p.allocPhase).isEqualTo(AllocPhase.MEMCG_PASS);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @Test
  void whoseCgroupIsNotFullAnyMoreTriesTheFreeList() {
    for (boolean before : new boolean[] {true, false}) {
      given(
          "linux-6.18",
          """
          cgroups: [{name: pod, limit: 200 pages}]
          processes:
            - {name: p, cgroup: pod, memory: [{kind: anonymous, size: 10 pages, page_tables: 0 pages}]}
            - name: files
              cgroup: pod
              memory: [{kind: file, size: 190 pages, page_tables: 0 pages}]
          """);
      Task p = asks("p");
      if (before) {
        Machine.charge(memcg(kernel, "pod"), -1);
      }

      kernel.memcgCharge.passIsOver(p);

      assertThat(p.allocPhase).isEqualTo(AllocPhase.BUSY);
      assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
    }
  }

  @Test
  void whoMayExceedTheLimitDoesSo() {
    given("linux-6.18");
    fill(pod);
    Task in = asks("in");
    in.forceCharge = true;

    kernel.memcgCharge.passIsOver(in);

    assertThat(in.allocPhase).isEqualTo(AllocPhase.BUSY);
    assertThat(pod.usagePages).isEqualTo(1001);
  }

  // One kills, others wait.

  @Test
  void upTo418TheOthersOfACgroupSleepATickWhileOneKills() {
    given("linux-4.14");
    later();
    fill(pod);
    Task first = asks("in");
    Task second = asks("mate");

    kernel.memcgCharge.passIsOver(first);
    kernel.memcgCharge.passIsOver(second);

    assertThat(pod.oomOwner).isEqualTo(first.id);
    assertThat(first.allocPhase).isEqualTo(AllocPhase.KILLING);
    assertThat(kernel.machine.oomLock.waiters.size()).isZero();
    assertThat(second.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(kernel.queue.timeOf(Event.ALLOC.ordinal(), second.id))
        .isEqualTo(9 * Span.MILLISECOND);
  }

  @Test
  void whoSleepsSoAndIsKilledFails() {
    given("linux-4.14 memcg.dying_exceeds_limit=false");
    fill(pod);
    pod.oomOwner = task("in").id;
    Task mate = asks("mate");
    mate.killed = true;

    kernel.memcgCharge.passIsOver(mate);

    assertThat(kernel.ledger().failedRequests()).isOne();
    assertThat(pod.oomOwner).isEqualTo(task("in").id);
  }

  @Test
  void whoKillsLetsTheCgroupsLockGoAfterwardsAndNoOtherOnes() {
    given("linux-4.14");
    fill(pod);
    pod.oomOwner = task("in").id;
    top.oomOwner = task("mate").id;

    kernel.memcgCharge.afterOom(task("in"));

    assertThat(pod.oomOwner).isEqualTo(NOBODY);
    assertThat(top.oomOwner).isEqualTo(task("mate").id);
  }

  @Test
  void whoHasTheLockAlreadyKillsAgain() {
    given("linux-4.14");
    fill(pod);
    Task in = asks("in");
    pod.oomOwner = in.id;

    kernel.memcgCharge.passIsOver(in);

    assertThat(in.allocPhase).isEqualTo(AllocPhase.KILLING);
  }

  @Test
  void laterTheyQueueForOomLock() {
    given("linux-6.18");
    fill(pod);
    Task first = asks("in");
    Task second = asks("mate");

    kernel.memcgCharge.passIsOver(first);
    kernel.memcgCharge.passIsOver(second);

    assertThat(pod.oomOwner).isEqualTo(NOBODY);
    assertThat(second.allocPhase).isEqualTo(AllocPhase.MEMCG_LOCK);
    assertThat(kernel.machine.oomLock.waiters.size()).isOne();
    assertThat(kernel.ledger().oomCalls()).isOne();
  }

  @Test
  void whereKillsAreDisabledEverybodyWaits() {
    given(
        "linux-6.18",
        """
        cgroups: [{name: pod, limit: 100 pages, oom_kill_disable: true}]
        processes:
          - {name: p, cgroup: pod, memory: [{kind: anonymous, size: 100 pages, page_tables: 0 pages}]}
        """);
    Task p = asks("p");

    kernel.memcgCharge.passIsOver(p);

    assertThat(isSleeping(p)).isTrue();
    assertThat(kernel.queue.nextNs()).isEqualTo(4 * Span.MILLISECOND);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  // With oom_lock.

  private Task locked(String name) {
    Task task = asks(name);
    task.allocPhase = AllocPhase.MEMCG_LOCK;
    kernel.machine.oomLock.tryLock(task.id);
    kernel.memcgCharge.locked(task);
    return task;
  }

  @ParameterizedTest
  @CsvSource({"linux-5.10, false", "linux-6.18, false", "linux-4.19, true"})
  void whoseCgroupIsNotFullAnyMoreKillsInOldKernels(String policy, boolean kills) {
    given(policy);

    Task in = locked("in");

    assertThat(kernel.machine.pendingVictim != NOBODY).isEqualTo(kills);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(kills ? in.id : NOBODY);
    assertThat(in.passedMemcgOom).isEqualTo(kills);
    assertThat(in.allocPhase).isEqualTo(kills ? AllocPhase.KILLING : AllocPhase.ATTEMPT);
  }

  @Test
  void whoHasWhatItWantedMeanwhileKillsNobody() {
    given("linux-6.18");
    fill(pod);
    Task in = asks("in");
    in.wantPages = 0;
    kernel.machine.oomLock.tryLock(in.id);

    kernel.memcgCharge.locked(in);

    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(kernel.machine.pendingVictim).isEqualTo(NOBODY);
    assertThat(in.state).isNotEqualTo(Task.State.ALLOCATING);
  }

  @ParameterizedTest
  @CsvSource({
    "true, killed, false",
    "true, exiting, false",
    "true, victim, false",
    "true, nothing, true",
    "false, exiting, true"
  })
  void from51To615WhoIsDyingDoesNotEvenCallTheKiller(boolean bypass, String how, boolean calls) {
    given("linux-6.18 memcg.dying_bypass=" + bypass);
    fill(pod);
    task("in").killed = how.equals("killed");
    task("in").exiting = how.equals("exiting");
    task("in").process.oomVictim = how.equals("victim");

    Task in = locked("in");

    assertThat(kernel.ledger().oomCalls()).isEqualTo(calls ? 1 : 0);
    assertThat(in.passedMemcgOom).isTrue();
    if (!calls) {
      assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
      assertThat(in.toldByCgroup).isTrue();
    }
  }

  @Test
  void whoIsToldToWaitTriesAgain() {
    given("linux-6.18");
    fill(pod);
    process(kernel, "mate").oomVictim = true;

    Task in = locked("in");

    assertThat(in.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(kernel.ledger().oomCalls()).isOne();
    assertThat(kernel.machine.pendingVictim).isEqualTo(NOBODY);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @ParameterizedTest
  @CsvSource({"force, true", "fail, false"})
  void whereNobodyCanBeKilledTheChargeIsForcedOrFails(String nothing, boolean forced) {
    given("linux-6.18 memcg.nothing_to_kill=" + nothing);
    fill(pod);
    process(kernel, "in").oomScoreAdj = -1000;
    process(kernel, "mate").oomScoreAdj = -1000;

    Task in = locked("in");

    assertThat(in.forceCharge).isEqualTo(forced);
    assertThat(kernel.ledger().failedRequests()).isEqualTo(forced ? 0 : 1);
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @Test
  void aForcedChargeFitsInto() {
    given("linux-6.18 memcg.nothing_to_kill=force");
    fill(pod);
    process(kernel, "in").oomScoreAdj = -1000;
    process(kernel, "mate").oomScoreAdj = -1000;
    locked("in");

    while (kernel.step()) {}

    assertThat(pod.usagePages).isEqualTo(1001);
  }
}
