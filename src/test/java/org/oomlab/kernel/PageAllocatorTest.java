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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.AllocPhase;
import org.oomlab.kernel.state.Task.Request;
import org.oomlab.kernel.state.Vma;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.Step.Gfp;
import org.oomlab.workload.Workload;

/**
 * __alloc_pages_slowpath() of mm/page_alloc.c, step by step. The watermarks are 4096, 5120 and 6144
 * pages; a pass takes a millisecond, a tick four.
 */
class PageAllocatorTest {
  private static final String PROCESSES =
      """
      cgroups:
        - {name: pod, limit: 700 pages}
        - {name: soft, high: 100 pages}
      mutexes: [X]
      processes:
        - {name: p, memory: [{kind: anonymous, size: 512 pages}]}
        - {name: q, memory: [{kind: anonymous, size: 100 pages}]}
        - {name: in, cgroup: pod, memory: [{kind: anonymous, size: 512 pages}]}
        - {name: soft, cgroup: soft, memory: [{kind: anonymous, size: 10 pages}]}
        - {name: dumps, core_dumping: true, memory: []}
        - {name: kthread, kernel_thread: true}
        - {name: late, memory: [], run: [{sleep: 5ms}]}
      """;

  private final List<Tracepoint> heard = new ArrayList<>();
  private Kernel kernel;
  private Machine machine;

  private void given(String policy) {
    given(policy, PROCESSES);
  }

  private void given(String policy, String rest) {
    heard.clear();
    kernel = Worlds.booted(policy, rest, (now, point, subject, a, b) -> heard.add(point));
    machine = kernel.machine;
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    heard.clear();
  }

  private Task task(String name) {
    return process(kernel, name).tasks[0];
  }

  /** So much is free; what is not, the kernel has. */
  private void free(long pages) {
    machine.kernelPages += machine.freePages - pages;
    machine.freePages = pages;
  }

  /** It acts, and has a request in hand. */
  private Task asks(String name, Request request, Gfp gfp, long pages) {
    Task task = task(name);
    kernel.waits.interrupt(task.id);
    kernel.allocator.begin(task, request, gfp, pages, 0);
    kernel.waits.interrupt(task.id);
    return task;
  }

  private Task asks(String name, long pages) {
    return asks(name, Request.TOUCH, Gfp.KERNEL, pages);
  }

  private Task goes(Task task, AllocPhase phase) {
    task.allocPhase = phase;
    kernel.allocator.step(task);
    return task;
  }

  private long nextAllocNs(Task task) {
    return kernel.queue.timeOf(Event.ALLOC.ordinal(), task.id);
  }

  /** Five milliseconds later, when nothing else has happened. */
  private void later() {
    kernel.step();
    kernel.flow.settle();
    assertThat(kernel.clock()).isEqualTo(5 * Span.MILLISECOND);
  }

  // A request.

  @Test
  void nothingIsHadAtOnce() {
    given("linux-6.18");
    Task p = task("p");
    kernel.waits.interrupt(p.id);

    assertThat(kernel.allocator.begin(p, Request.TOUCH, Gfp.KERNEL, 0, 0)).isTrue();
    assertThat(p.state).isNotEqualTo(Task.State.ALLOCATING);
    assertThat(kernel.allocator.begin(p, Request.TOUCH, Gfp.KERNEL, 1, 0)).isFalse();
    assertThat(p.state).isEqualTo(Task.State.ALLOCATING);
    assertThat(nextAllocNs(p)).isZero();
    assertThat(p.growing).isTrue();
    assertThat(machine.drainers.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "TOUCH, false, false, true",
    "DRAIN, false, false, true",
    "ALLOC, false, true, false",
    "ALLOC, true, true, true",
    "TOUCH, true, false, false"
  })
  void whoWantsUserPagesGrowsAndWhoIsKilledRemainsWhatItWas(
      Request request, boolean killed, boolean was, boolean grows) {
    given("linux-6.18");
    Task p = task("p");
    kernel.waits.interrupt(p.id);
    p.killed = killed;
    p.growing = was;

    kernel.allocator.begin(p, request, Gfp.KERNEL, 9, 0);

    assertThat(p.growing).isEqualTo(grows);
    assertThat(machine.drainers.isEmpty()).isEqualTo(request != Request.DRAIN);
  }

  @Test
  void whoDoesNotAllocateIsLeftAlone() {
    given("linux-6.18");
    Task p = task("p");
    p.allocPhase = AllocPhase.ATTEMPT;
    p.wantPages = 9;

    kernel.allocator.step(p);

    assertThat(p.wantPages).isEqualTo(9);
  }

  // Watermarks.

  /** So many pages must be free for a page, and one fewer is too few. */
  @ParameterizedTest
  @CsvSource({
    "linux-6.18, KERNEL, no, 4097",
    "linux-6.18, NOFS, no, 4097",
    "linux-6.18, NORETRY, no, 4097",
    "linux-6.18, RETRY_MAYFAIL, no, 4097",
    "linux-6.18, HIGH, no, 2049",
    "linux-6.18, ATOMIC, no, 1537",
    "linux-6.18, NOFAIL, no, 2049",
    "linux-4.19, NOFAIL, no, 3073",
    "linux-6.18, KERNEL, victim, 2049",
    "linux-6.18, KERNEL, marked, 4097",
    "linux-4.13, KERNEL, marked, 1",
    "linux-4.13, KERNEL, victim, 4097",
    "linux-6.18, KERNEL, granted, 1"
  })
  void aRequestLeavesWhatItsWatermarkSays(String policy, Gfp gfp, String special, long least) {
    given(policy);
    Task p = asks("p", Request.ALLOC, gfp, 1);
    p.process.oomVictim = special.equals("victim");
    p.marked = special.equals("marked");
    p.reservesGranted = special.equals("granted");

    free(least - 1);
    assertThat(kernel.allocator.wouldGet(p)).isFalse();
    free(least);
    assertThat(kernel.allocator.wouldGet(p)).isTrue();
  }

  @Test
  void theLowmemReserveRemainsBesideIt() {
    given("linux-6.18 machine.lowmem_reserve=400KiB");
    Task p = asks("p", Request.ALLOC, Gfp.KERNEL, 1);

    free(4196);
    assertThat(kernel.allocator.wouldGet(p)).isFalse();
    free(4197);
    assertThat(kernel.allocator.wouldGet(p)).isTrue();

    free(6244);
    goes(p, AllocPhase.PASS);
    assertThat(kernel.ledger().oomCalls()).as("nor does the last look take it").isOne();
  }

  @Test
  void noRetryCountsOnTheLowmemReserve() {
    for (long free : new long[] {4191, 4192}) {
      given("linux-6.18 machine.lowmem_reserve=400KiB");
      free(free);
      machine.kernelPages -= 5;
      machine.dirtyCachePages = 5;
      Task p = goes(asks("p", 1), AllocPhase.PASS);

      assertThat(p.allocPhase == AllocPhase.ATTEMPT).isEqualTo(free == 4192);
    }
  }

  @Test
  void userPagesNeedRoomInTheCgroupAsWell() {
    given("linux-6.18");
    Task in = asks("in", 1);
    assertThat(kernel.allocator.wouldGet(in)).isTrue();
    assertThat(kernel.allocator.asksCgroup(in)).isFalse();

    Machine.charge(memcg(kernel, "pod"), 700 - memcg(kernel, "pod").usagePages);
    assertThat(kernel.allocator.wouldGet(in)).isFalse();
    assertThat(kernel.allocator.asksCgroup(in)).isTrue();
    in.request = Request.ALLOC;
    assertThat(kernel.allocator.wouldGet(in)).as("kernel pages do not").isTrue();
    assertThat(kernel.allocator.asksCgroup(in)).isFalse();
  }

  // A batch.

  @ParameterizedTest
  @CsvSource({"8000, 1000", "256, 32", "100, 32", "10, 10", "1, 1"})
  void aBatchIsAnEighthOfWhatIsLeftOrALittle(long available, long batch) {
    given("linux-6.18");
    free(4096 + available);
    Task p = goes(asks("p", Request.ALLOC, Gfp.KERNEL, 5000), AllocPhase.ATTEMPT);

    assertThat(p.wantPages).isEqualTo(5000 - batch);
    assertThat(p.batchPages).isEqualTo(batch);
    assertThat(p.kernelPages).isEqualTo(batch);
    assertThat(machine.freePages).isEqualTo(4096 + available - batch);
    assertThat(p.allocPhase).isEqualTo(AllocPhase.BUSY);
  }

  @Test
  void reservesAreHandedOutAPageAtATime() {
    given("linux-6.18");
    Task p = asks("p", Request.ALLOC, Gfp.KERNEL, 5000);
    p.reservesGranted = true;
    p.noProgressLoops = 3;
    p.stalls = true;
    kernel.watch.blocked(p);

    goes(p, AllocPhase.ATTEMPT);

    assertThat(p.stalls).isFalse();
    assertThat(p.isBlockedOnMemory()).isFalse();

    assertThat(p.wantPages).isEqualTo(4999);
    assertThat(p.reservesGranted).isFalse();
    assertThat(p.noProgressLoops).isZero();
  }

  @Test
  void aBatchFitsIntoTheCgroupAndEndsAtMemoryHigh() {
    given("linux-6.18");
    long room = kernel.memcgCharge.room(task("in"));
    assertThat(goes(asks("in", 5000), AllocPhase.ATTEMPT).batchPages).isEqualTo(room);

    long until = kernel.memcgCharge.batchUntilHigh(task("soft"));
    assertThat(goes(asks("soft", 5000), AllocPhase.ATTEMPT).batchPages).isEqualTo(until);
  }

  @ParameterizedTest
  @CsvSource({"1000, 10", "40, 1"})
  void aPaceAllowsAHundredthOfASecondAtOnce(long rate, long batch) {
    given("linux-6.18");
    Task p = asks("p", 5000);
    kernel.allocator.paces(p, rate);

    goes(p, AllocPhase.ATTEMPT);

    assertThat(p.batchPages).isEqualTo(batch);
    assertThat(p.pacedPages).isEqualTo(batch);
  }

  @Test
  void whoIsAheadOfItsPaceSleepsUntilItIsNot() {
    given("linux-6.18");
    Task p = asks("p", 30);
    kernel.allocator.paces(p, 1000);
    goes(p, AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    goes(p, AllocPhase.BUSY);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.AHEAD);
    assertThat(nextAllocNs(p)).isEqualTo(10 * Span.MILLISECOND);
    while (p.state == Task.State.ALLOCATING) {
      kernel.step();
    }
    assertThat(kernel.clock()).isEqualTo(30 * Span.MILLISECOND);
    assertThat(p.wantPages).isZero();
  }

  @ParameterizedTest
  @CsvSource({"TOUCH, 70", "DRAIN, 70", "ALLOC, 30"})
  void aBatchTakesItsTime(Request request, long ns) {
    given("linux-6.18");
    machine.faultNs = 7;
    machine.kernelPageNs = 3;

    Task p = goes(asks("p", request, Gfp.KERNEL, 10), AllocPhase.ATTEMPT);

    assertThat(nextAllocNs(p)).isEqualTo(ns);
    kernel.step();
    assertThat(p.process.workNs)
        .as("to fault is work")
        .isEqualTo(request == Request.ALLOC ? 0 : ns);
    assertThat(p.state).isEqualTo(Task.State.SLEEPING);
  }

  @Test
  void whereAMappingGrowsBeyondItsPageTablesItTakesOneMore() {
    given("linux-6.18");
    Task in = task("in");
    Mm mm = in.process.mm;
    long free = machine.freePages;
    long usage = memcg(kernel, "pod").usagePages;
    assertThat(mm.pageTablePages).isOne();

    goes(asks("in", 1), AllocPhase.ATTEMPT);

    assertThat(mm.vmas[0].pages).isEqualTo(513);
    assertThat(mm.vmas[0].touchedPages).isEqualTo(513);
    assertThat(mm.pageTablePages).isEqualTo(2);
    assertThat(machine.freePages).isEqualTo(free - 2);
    assertThat(memcg(kernel, "pod").usagePages).isEqualTo(usage + 2);
    assertThat(in.satisfied).isOne();

    goes(asks("q", 1), AllocPhase.ATTEMPT);
    assertThat(task("q").process.mm.pageTablePages).as("100 pages have one for 512").isOne();
  }

  @Test
  void theLastPageIsNoReasonToTakeATableThatIsNotThere() {
    given("linux-4.13");
    Task p = asks("p", 1);
    p.marked = true;
    free(1);

    goes(p, AllocPhase.ATTEMPT);

    assertThat(machine.freePages).isZero();
    assertThat(p.process.mm.pageTablePages).isOne();
  }

  @ParameterizedTest
  @CsvSource({"TOUCH, 1, 2", "ALLOC, 0, 1", "DRAIN, 0, 1"})
  void userPagesAreARequestEachAndTheOthersAreOneRequest(Request request, long first, long second) {
    given("linux-6.18");
    free(4096 + 32);
    Task p = goes(asks("p", request, Gfp.KERNEL, 64), AllocPhase.ATTEMPT);
    assertThat(p.satisfied).isEqualTo(first);

    free(4096 + 32);
    kernel.waits.interrupt(p.id);
    goes(p, AllocPhase.ATTEMPT);
    assertThat(p.satisfied).isEqualTo(second);
  }

  @Test
  void whatIsTouchedIsNew() {
    given("linux-6.18");
    later();
    Vma vma = task("p").process.mm.vmas[0];

    goes(asks("p", 512), AllocPhase.ATTEMPT);

    assertThat(vma.usedNs).as("half of it is").isEqualTo(2_500_000);
  }

  // The slow path.

  @Test
  void belowTheLowWatermarkKswapdIsWoken() {
    for (boolean has : new boolean[] {true, false}) {
      given("linux-6.18 costs.kswapd=" + has);
      free(4096);
      machine.cleanCachePages = 100;
      machine.kernelPages -= 100;

      goes(asks("p", 1), AllocPhase.ATTEMPT);

      assertThat(kernel.queue.isPending(Event.KSWAPD.ordinal(), 0)).isEqualTo(has);
    }
  }

  @Test
  void theFirstStallIsTheFirst() {
    given("linux-6.18");
    free(4096);
    goes(asks("p", 1), AllocPhase.ATTEMPT);
    kernel.waits.interrupt(task("p").id);
    later();

    goes(asks("q", 1), AllocPhase.ATTEMPT);

    assertThat(kernel.ledger().firstStallNs()).isZero();
  }

  @Test
  void whoGetsNothingIsBlockedForAPass() {
    given("linux-6.18");
    free(4096);
    Task p = goes(asks("p", 1), AllocPhase.ATTEMPT);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.PASS);
    assertThat(p.isBlockedOnMemory()).isTrue();
    assertThat(p.stalls).isTrue();
    assertThat(kernel.ledger().firstStallNs()).isZero();
    assertThat(kernel.ledger().spinNs()).isEqualTo(Span.MILLISECOND);
    assertThat(nextAllocNs(p)).isEqualTo(Span.MILLISECOND);
  }

  @ParameterizedTest
  @CsvSource({
    "linux-6.18, ATOMIC, false, true",
    "linux-6.18, KERNEL, true, false",
    "linux-4.7, KERNEL, true, true",
    "linux-4.7, KERNEL, false, false",
    "linux-4.7, NOFAIL, true, false"
  })
  void whoMayNotWaitFailsAtOnceAndAMarkedOneDidInOldKernels(
      String policy, Gfp gfp, boolean marked, boolean fails) {
    given(policy);
    Task p = asks("p", Request.ALLOC, gfp, 1);
    free(0);
    p.marked = marked;
    p.stalls = true; // Since a pass that freed something, of which others were first.

    goes(p, AllocPhase.ATTEMPT);

    assertThat(p.stalls).isEqualTo(!fails);
    assertThat(kernel.ledger().failedRequests()).isEqualTo(fails ? 1 : 0);
    assertThat(p.wantPages).isEqualTo(fails ? 0 : 1);
    assertThat(heard.contains(Tracepoint.ALLOC_FAILED)).isEqualTo(fails);
    assertThat(p.isBlockedOnMemory()).isEqualTo(!fails);
  }

  @Test
  void aPassThatFreesSomethingIsTriedAgainAtOnce() {
    given("linux-6.18");
    free(4096);
    machine.cleanCachePages = 100;
    machine.kernelPages -= 100;
    Task p = asks("p", 1);
    p.noProgressLoops = 5;

    goes(p, AllocPhase.PASS);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(p.noProgressLoops).isZero();
    assertThat(nextAllocNs(p)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"NORETRY, true", "KERNEL, false"})
  void whoIsNotToRetryFailsAfterAPassInVain(Gfp gfp, boolean fails) {
    given("linux-6.18");
    free(4096);
    Task p = asks("p", Request.ALLOC, gfp, 1);
    p.stalls = true;

    goes(p, AllocPhase.PASS);

    assertThat(kernel.ledger().failedRequests()).isEqualTo(fails ? 1 : 0);
    assertThat(kernel.ledger().oomCalls()).isEqualTo(fails ? 0 : 1);
    assertThat(p.stalls).isFalse();
  }

  /** should_reclaim_retry(): whether dirty pages, which a pass cannot free, would be enough. */
  @ParameterizedTest
  @CsvSource({
    // policy, dirty pages, free, passes in vain before; whether it tries again
    "linux-6.18, 0, 4096, 0, false",
    "linux-6.18, 1, 4096, 0, true",
    "linux-6.18, 100, 3996, 0, false",
    "linux-6.18, 101, 3996, 0, true",
    "linux-6.18, 1, 4096, 15, true",
    "linux-6.18, 1, 4096, 16, false",
    "linux-4.5, 1, 0, 1000, true",
    "linux-4.5, 0, 4096, 0, false",
    // Up to 4.11 it is taken to be the less the longer nothing comes of it, in sixteenths.
    "linux-4.7, 160, 3946, 0, false",
    "linux-4.7, 160, 3947, 0, true",
    "linux-4.7, 161, 3946, 0, false",
    "linux-4.7, 161, 3947, 0, true",
    "linux-4.7, 160, 4096, 14, true",
    "linux-4.7, 160, 4096, 15, false"
  })
  void itTriesAgainWhileWhatLooksReclaimableWouldBeEnough(
      String policy, long dirty, long free, int before, boolean again) {
    given(policy);
    free(free);
    machine.dirtyCachePages = dirty;
    machine.kernelPages -= dirty;
    machine.writebackPagesPerSecond = 0;
    Task p = asks("p", 1);
    p.noProgressLoops = before;

    goes(p, AllocPhase.PASS);

    assertThat(p.allocPhase == AllocPhase.ATTEMPT).isEqualTo(again);
    assertThat(kernel.ledger().oomCalls()).isEqualTo(again ? 0 : 1);
    if (again) {
      assertThat(p.noProgressLoops).isEqualTo(before + 1);
      assertThat(nextAllocNs(p)).as("a tenth of a second for the disk").isEqualTo(100_000_000);
    }
  }

  // __alloc_pages_may_oom().

  @Test
  void whileAnotherHasOomLockItSleepsATick() {
    given("linux-6.18");
    free(4096);
    machine.oomLock.tryLock(task("q").id);
    Task p = asks("p", 1);
    p.noProgressLoops = 9;

    goes(p, AllocPhase.PASS);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(p.noProgressLoops).isZero();
    assertThat(nextAllocNs(p)).isEqualTo(4 * Span.MILLISECOND);
    assertThat(machine.oomLock.waiters.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"6144, 0", "6145, 1", "6154, 10"})
  void theLastLookIsWithTheHighWatermark(long free, long got) {
    given("linux-6.18");
    free(free);
    Task p = goes(asks("p", Request.ALLOC, Gfp.KERNEL, 100), AllocPhase.PASS);

    assertThat(p.batchPages).isEqualTo(got);
    assertThat(kernel.ledger().oomCalls()).isEqualTo(got == 0 ? 1 : 0);
    assertThat(machine.oomLock.owner).isEqualTo(got == 0 ? p.id : NOBODY);
  }

  @ParameterizedTest
  @CsvSource({"TOUCH, MEMCG_PASS", "ALLOC, BUSY"})
  void whatItFindsMayBeTooMuchForTheCgroup(Request request, AllocPhase phase) {
    given("linux-6.18");
    Task in = asks("in", request, Gfp.KERNEL, 1);
    Machine.charge(memcg(kernel, "pod"), 700 - memcg(kernel, "pod").usagePages);
    free(7000);

    goes(in, AllocPhase.PASS);

    assertThat(in.allocPhase).isEqualTo(phase);
    assertThat(machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @ParameterizedTest
  @CsvSource({
    // who, policy, gfp; calls of the killer, failures
    "p, linux-6.18, KERNEL, 1, 0",
    "p, linux-6.18, RETRY_MAYFAIL, 0, 1",
    "p, linux-6.18, NOFS, 1, 0",
    "p, linux-4.5, NOFS, 0, 0",
    "p, linux-4.5, KERNEL, 1, 0",
    "dumps, linux-6.18, KERNEL, 0, 1"
  })
  void notEverybodyComesToTheKiller(String who, String policy, Gfp gfp, int calls, int failures) {
    given(policy);
    free(0);
    Task task = goes(asks(who, Request.ALLOC, gfp, 1), AllocPhase.PASS);

    assertThat(kernel.ledger().oomCalls()).isEqualTo(calls);
    assertThat(kernel.ledger().failedRequests()).isEqualTo(failures);
    if (failures == 0 && calls == 0) {
      assertThat(task.allocPhase).as("as if there had been progress").isEqualTo(AllocPhase.ATTEMPT);
    }
  }

  @Test
  void whoIsToldToWaitLetsOomLockGoAndTriesAgain() {
    given("linux-6.18");
    free(0);
    process(kernel, "q").oomVictim = true;
    Task p = goes(asks("p", Request.ALLOC, Gfp.KERNEL, 1), AllocPhase.PASS);

    assertThat(kernel.ledger().oomCalls()).isOne();
    assertThat(p.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(p.toldToWaitNs).isZero();
    assertThat(p.toldByCgroup).isFalse();
    assertThat(machine.oomLock.owner).isEqualTo(NOBODY);
  }

  @Test
  void whoIsToldToWaitMayReapAPartOfTheVictimItself() {
    given("linux-6.18 reaper.direct_pages=50");
    free(0);
    kernel.victims.mark(task("q"));
    kernel.scheduler.sendKill(process(kernel, "q"));
    Task p = goes(asks("p", Request.ALLOC, Gfp.KERNEL, 1), AllocPhase.PASS);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.REAPING);
    kernel.step();
    kernel.step();
    assertThat(task("q").process.mm.rss()).isLessThanOrEqualTo(50);
    assertThat(p.allocPhase).isNotEqualTo(AllocPhase.REAPING);
  }

  @Test
  void aRequestOfACgroupGoesOnWhereItWas() {
    given("linux-6.18");
    Machine.charge(memcg(kernel, "pod"), 700 - memcg(kernel, "pod").usagePages);
    Task in = asks("in", 1);
    in.memcgRetries = 1000;

    goes(in, AllocPhase.MEMCG_PASS);
    assertThat(in.allocPhase).isEqualTo(AllocPhase.KILLING);

    given("linux-6.18");
    Task again = asks("in", 1);
    machine.oomLock.tryLock(again.id);
    goes(again, AllocPhase.MEMCG_LOCK);
    assertThat(machine.oomLock.owner).as("its cgroup is not full any more").isEqualTo(NOBODY);
  }

  // Round again, or not.

  @Test
  void aFailureIsNullUnlessItMayNotBeOrIsAFault() {
    given("linux-6.18");
    free(0);
    Task kernels = asks("kthread", Request.ALLOC, Gfp.KERNEL, 9);
    kernel.allocator.goRound(kernels, false);
    assertThat(kernels.wantPages).isZero();

    Task fault = asks("p", 9);
    kernel.allocator.goRound(fault, false);
    assertThat(fault.wantPages).isEqualTo(9);
    assertThat(nextAllocNs(fault)).as("pagefault_out_of_memory(): the fault again").isZero();

    Task dies = asks("q", 9);
    dies.killed = true;
    kernel.allocator.goRound(dies, false);
    assertThat(dies.wantPages).isZero();

    Task nofail = asks("in", Request.ALLOC, Gfp.NOFAIL, 9);
    kernel.allocator.goRound(nofail, false);
    assertThat(nofail.wantPages).isEqualTo(9);
    assertThat(kernel.ledger().failedRequests()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Gfp.class,
      names = {"KERNEL", "NOFAIL"})
  void whoMayNotFailHasOneAttemptWithoutAWatermarkAfterTheKiller(Gfp gfp) {
    given("linux-6.18");
    Task p = asks("p", Request.ALLOC, gfp, 9);
    p.noProgressLoops = 4;

    kernel.allocator.goRound(p, true);

    assertThat(p.reservesGranted).isEqualTo(gfp == Gfp.NOFAIL);
    assertThat(p.noProgressLoops).isZero();
    assertThat(p.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
    assertThat(nextAllocNs(p)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // policy, has tried the reserves, victim, gfp; fails
    "linux-6.18, true, true, KERNEL, true",
    "linux-6.18, false, true, KERNEL, false",
    "linux-6.18, true, false, KERNEL, false",
    "linux-6.18, true, true, NOFAIL, false",
    "linux-4.7, true, true, KERNEL, false"
  })
  void aVictimThatItsReservesDidNotHelpFails(
      String policy, boolean tried, boolean victim, Gfp gfp, boolean fails) {
    given(policy);
    Task p = asks("p", Request.ALLOC, gfp, 9);
    p.triedReserves = tried;
    p.process.oomVictim = victim;

    kernel.allocator.goRound(p, true);

    assertThat(kernel.ledger().failedRequests()).isEqualTo(fails ? 1 : 0);
  }

  @Test
  void whoHasAllByNowIsDone() {
    given("linux-6.18");
    Task p = asks("in", 9);
    p.wantPages = 0;
    machine.oomLock.tryLock(p.id);
    memcg(kernel, "pod").oomOwner = p.id;

    kernel.allocator.servedMeanwhile(p);

    assertThat(machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(memcg(kernel, "pod").oomOwner).isEqualTo(NOBODY);
    assertThat(p.state).isEqualTo(Task.State.SLEEPING);

    Task q = asks("q", 9);
    q.wantPages = 0;
    kernel.allocator.goRound(q, true);
    assertThat(q.state).isEqualTo(Task.State.SLEEPING);
  }

  @Test
  void afterAKillOomLockIsReleasedAndTheCgroupsOwn() {
    given("linux-4.14");
    Task in = asks("in", 9);
    machine.oomLock.tryLock(in.id);
    memcg(kernel, "pod").oomOwner = in.id;

    kernel.allocator.afterKill(in);

    assertThat(machine.oomLock.owner).isEqualTo(NOBODY);
    assertThat(memcg(kernel, "pod").oomOwner).isEqualTo(NOBODY);
    assertThat(in.allocPhase).isEqualTo(AllocPhase.ATTEMPT);
  }

  // A batch is there.

  @ParameterizedTest
  @CsvSource({
    // killed, with a mutex, request; goes on allocating
    "false, 0, TOUCH, true",
    "true, 0, TOUCH, false",
    "true, 1, TOUCH, true",
    "true, 0, ALLOC, true"
  })
  void aSignalEndsAFaultAndNothingElse(
      boolean killed, int mutexes, Request request, boolean goesOn) {
    given("linux-6.18");
    Task p = goes(asks("p", request, Gfp.KERNEL, 500_000), AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    p.killed = killed;
    p.heldMutexes = mutexes;
    long had = p.wantPages;

    goes(p, AllocPhase.BUSY);

    assertThat(p.state == Task.State.ALLOCATING).isEqualTo(goesOn);
    assertThat(p.wantPages < had).isEqualTo(goesOn);
  }

  @Test
  void whoIsBeyondMemoryHighIsHeldBack() {
    given("linux-6.18");
    Memcg soft = memcg(kernel, "soft");
    Machine.charge(soft, 300);
    Task p = goes(asks("soft", 64), AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    goes(p, AllocPhase.BUSY);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.HIGH);
    assertThat(p.stalls).isTrue();
    assertThat(nextAllocNs(p)).isEqualTo(2 * Span.SECOND);
    assertThat(kernel.ledger().throttledNs()).isEqualTo(2 * Span.SECOND);

    kernel.allocator.receiveKill(p);
    assertThat(nextAllocNs(p)).as("a signal ends that").isZero();
    kernel.step();
    assertThat(p.stalls).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"killed", "kernel pages"})
  void whoDiesOrTakesKernelPagesIsNot(String who) {
    given("linux-6.18");
    Machine.charge(memcg(kernel, "soft"), 300);
    boolean killed = who.equals("killed");
    Task p =
        goes(
            asks("soft", killed ? Request.TOUCH : Request.ALLOC, Gfp.KERNEL, 64),
            AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    p.killed = killed;

    goes(p, AllocPhase.BUSY);

    assertThat(kernel.ledger().throttledNs()).isZero();
  }

  @Test
  void aSignalDoesNotEndAPass() {
    given("linux-6.18");
    free(4096);
    Task p = goes(asks("p", 1), AllocPhase.ATTEMPT);

    kernel.allocator.receiveKill(p);

    assertThat(nextAllocNs(p)).isEqualTo(Span.MILLISECOND);
  }

  @Test
  void aRequestThatIsDoneLeavesNothingBehind() {
    given("linux-6.18");
    free(4096);
    Task p = goes(asks("p", Request.DRAIN, Gfp.KERNEL, 1), AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    p.reservesGranted = true;
    goes(p, AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    goes(p, AllocPhase.BUSY);

    assertThat(p.state).isEqualTo(Task.State.SLEEPING);
    assertThat(machine.drainers.isEmpty()).isTrue();
    assertThat(p.stalls).isFalse();
    assertThat(p.isBlockedOnMemory()).isFalse();
    assertThat(p.growing).isFalse();
  }

  @Test
  void whoWasHeldBackAndIsAheadOfItsPaceStallsNoLonger() {
    given("linux-6.18");
    Machine.charge(memcg(kernel, "soft"), 300);
    Task p = asks("soft", 500);
    kernel.allocator.paces(p, 1);
    goes(p, AllocPhase.ATTEMPT);
    kernel.waits.interrupt(p.id);
    p.pacedPages = 1000;
    p.stalls = true;

    goes(p, AllocPhase.HIGH);

    assertThat(p.allocPhase).isEqualTo(AllocPhase.AHEAD);
    assertThat(p.stalls).isFalse();
  }

  // Pages that come back.

  private static final String DISK =
      """
      machine:
        {memory: 900000 pages, min: 4096 pages, disk: {read: 400MiB, latency: 100us},
        swap: {size: 1GiB, ratio: 2}}
      processes:
        - name: p
          memory:
            - {kind: file, size: 1000 pages, access: {every: 1s}}
            - {kind: anonymous, size: 1000 pages, access: {every: 1s}}
          run: [{sleep: 5ms}, {compute: 1ms}]
        - {name: late, memory: [], run: [{sleep: 5ms}]}
      """;

  /** It has missed forty pages of a mapping, of which this part was part of the working set. */
  private Task faults(int mapping, double recent) {
    given("linux-6.18 costs.swap_in=0ns", DISK);
    later();
    Task p = task("p");
    Vma vma = p.process.mm.vmas[mapping];
    vma.pages -= 40;
    vma.outPages = 40;
    machine.freePages += 40;
    kernel.waits.interrupt(p.id);
    kernel.allocator.begin(p, Request.FAULT, Gfp.KERNEL, 40, mapping);
    kernel.waits.interrupt(p.id);
    if (mapping == 1) {
      machine.backing.usedSlots += 40;
      p.process.mm.swapPages += 40;
    }
    goes(p, AllocPhase.ATTEMPT);
    assertThat(vma.outPages).isZero();
    assertThat(vma.pages).isEqualTo(1000);
    assertThat(p.process.mm.pageTablePages).as("they have their page tables").isEqualTo(4);
    kernel.waits.interrupt(p.id);
    p.recentShare = recent;
    return goes(p, AllocPhase.BUSY);
  }

  @ParameterizedTest
  @CsvSource({"1, READ", "0.5, READ", "0, READ_REST"})
  void whoReadsStallsForThePartThatWasInUse(double recent, AllocPhase phase) {
    Task p = faults(0, recent);
    long now = kernel.clock();
    long readsNs = p.readDoneNs - now;
    assertThat(readsNs).isGreaterThan(Span.MILLISECOND / 10);

    assertThat(p.allocPhase).isEqualTo(phase);
    assertThat(p.stalls).isEqualTo(phase == AllocPhase.READ);
    assertThat(nextAllocNs(p)).isEqualTo(now + (recent == 0 ? readsNs : (long) (readsNs * recent)));
    assertThat(p.process.workNs).as("to wait is no work").isZero();

    if (phase == AllocPhase.READ) {
      kernel.waits.interrupt(p.id);
      goes(p, AllocPhase.READ);
      assertThat(p.allocPhase).isEqualTo(AllocPhase.READ_REST);
      assertThat(p.stalls).isFalse();
      assertThat(nextAllocNs(p)).isEqualTo(p.readDoneNs);
    }
    while (p.state == Task.State.ALLOCATING && kernel.step()) {}
    assertThat(kernel.clock()).isEqualTo(now + readsNs);
  }

  @Test
  void whereNothingHasToBeReadNobodyWaits() {
    Task p = faults(1, 1);

    assertThat(p.state).isNotEqualTo(Task.State.ALLOCATING);
    assertThat(p.stalls).isFalse();
  }

  // A daemon's few pages.

  @ParameterizedTest
  @CsvSource({
    // the daemon allocates, and is blocked, and wants so many; left to it
    "true, true, 10, 10",
    "true, true, 100, 32",
    "true, false, 10, 0",
    "false, true, 10, 0"
  })
  void whatADaemonWaitsForIsLeftToItIfItIsLittle(
      boolean allocates, boolean blocked, long wants, long left) {
    Workload loaded = Worlds.workload("pressure-6.12-p2");
    kernel =
        new Kernel(
            loaded,
            Worlds.costs(loaded),
            Worlds.policy("linux-6.18").with(DaemonSettings.of("earlyoom")));
    kernel.boot(1, TraceSink.NONE);
    machine = kernel.machine;
    Task daemon = machine.tasks[machine.vigil.task];
    daemon.state = allocates ? Task.State.ALLOCATING : Task.State.SLEEPING;
    daemon.blockedSinceNs = blocked ? 0 : -1;
    daemon.wantPages = wants;
    daemon.request = Request.ALLOC;
    Task other = machine.tasks[0];
    other.request = Request.ALLOC;

    machine.freePages = machine.minPages + loaded.machine().lowmemReserve() + left;
    assertThat(kernel.allocator.wouldGet(other)).isFalse();
    assertThat(kernel.allocator.wouldGet(daemon)).isEqualTo(left > 0);
    machine.freePages++;
    assertThat(kernel.allocator.wouldGet(other)).isTrue();
  }

  // Until a process is killed.

  @Test
  void theThreadOfTheModuleTakesPagesUntilItSeesTheKillAndThenSoManyMoreOneByOne() {
    given("linux-6.18");
    Task thread = task("kthread");
    thread.untilProcess = process(kernel, "p").id;
    thread.thenPages = 3;
    asks("kthread", Request.UNTIL_KILLED, Gfp.KERNEL, Long.MAX_VALUE / 4);
    goes(thread, AllocPhase.ATTEMPT);
    assertThat(thread.batchPages).isGreaterThan(1000);
    assertThat(thread.countingDown).isFalse();

    process(kernel, "p").groupExit = true;
    kernel.waits.interrupt(thread.id);
    goes(thread, AllocPhase.ATTEMPT);
    assertThat(thread.batchPages).isOne();
    assertThat(thread.countingDown).isTrue();
    assertThat(thread.wantPages).isEqualTo(3);

    kernel.waits.interrupt(thread.id);
    goes(thread, AllocPhase.ATTEMPT);
    assertThat(thread.wantPages).as("three more, in a batch").isZero();
  }

  // The antagonists.

  @Test
  void whatComesFreeIsDrained() {
    given("linux-6.18");
    free(4096);
    Task p = goes(asks("p", Request.DRAIN, Gfp.KERNEL, 50), AllocPhase.ATTEMPT);
    long rss = p.process.mm.rss();
    kernel.allocator.drain();
    assertThat(p.wantPages).isEqualTo(50);

    free(4096 + 20);
    kernel.allocator.drain();
    assertThat(p.wantPages).isEqualTo(30);
    assertThat(p.process.mm.rss()).isEqualTo(rss + 20);
    assertThat(machine.freePages).isEqualTo(4096);
    assertThat(p.allocPhase).as("its pass goes on").isEqualTo(AllocPhase.PASS);

    free(4096 + 100);
    kernel.allocator.drain();
    assertThat(p.wantPages).isZero();
    assertThat(p.allocPhase).as("it has all, and need not wait").isEqualTo(AllocPhase.BUSY);
    assertThat(nextAllocNs(p)).isZero();
    assertThat(machine.freePages).isEqualTo(4096 + 70);
  }

  @ParameterizedTest
  @CsvSource({
    "ATTEMPT, BUSY", "PASS, BUSY", "MEMCG_PASS, BUSY", "MEMCG_LOCK, MEMCG_LOCK", "HIGH, HIGH",
    "AHEAD, AHEAD", "READ, READ", "READ_REST, READ_REST", "REAPING, REAPING", "KILLING, KILLING"
  })
  void whoHasAllGoesOnAtOnceUnlessSomethingElseIsUnderWay(AllocPhase phase, AllocPhase then) {
    given("linux-6.18");
    free(4096);
    Task p = goes(asks("p", Request.DRAIN, Gfp.KERNEL, 5), AllocPhase.ATTEMPT);
    p.allocPhase = phase;
    free(5000);

    kernel.allocator.drain();

    assertThat(p.wantPages).isZero();
    assertThat(p.allocPhase).isEqualTo(then);
  }

  @Test
  void whoIsNotBlockedDoesNotDrain() {
    given("linux-6.18");
    Task p = asks("p", Request.DRAIN, Gfp.KERNEL, 5);

    kernel.allocator.drain();

    assertThat(p.wantPages).isEqualTo(5);
  }

  @Test
  void aDrainerTakesNoMoreThanItsCgroupHasRoomFor() {
    given("linux-6.18");
    free(4096);
    Task in = goes(asks("in", Request.DRAIN, Gfp.KERNEL, 5000), AllocPhase.ATTEMPT);
    long room = kernel.memcgCharge.room(in);
    free(9000);

    kernel.allocator.drain();

    assertThat(in.wantPages).isEqualTo(5000 - room);
    kernel.allocator.drain();
    assertThat(in.wantPages).isEqualTo(5000 - room);
  }

  @Test
  void withoutAWalkNothingWillEverBeDrained() {
    given("linux-6.18");
    free(4096);
    assertThat(kernel.allocator.whenDrained()).isEqualTo(Long.MAX_VALUE);
    Task p = goes(asks("p", Request.DRAIN, Gfp.KERNEL, 5), AllocPhase.ATTEMPT);
    assertThat(p.isBlockedOnMemory()).isTrue();
    assertThat(kernel.allocator.whenDrained()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aWalkBringsWhatIsMissingPageByPage() {
    given("linux-6.18");
    free(4090);
    goes(asks("p", Request.DRAIN, Gfp.KERNEL, 14), AllocPhase.ATTEMPT);
    kernel.waits.interrupt(task("q").id);
    kernel.exitPath.die(task("q"), 0);
    kernel.step();

    // Six to the watermark and fourteen that are wanted, 250 ns each.
    assertThat(kernel.allocator.whenDrained()).isEqualTo(20 * 250);
  }

  // Back.

  @Test
  void kernelPagesAreGivenBackAsFarAsThereAreAny() {
    given("linux-6.18");
    Task p = asks("p", Request.ALLOC, Gfp.KERNEL, 30);
    goes(p, AllocPhase.ATTEMPT);
    long free = machine.freePages;
    machine.lastProgressNs = -5;

    assertThat(kernel.allocator.giveBackKernel(p, 0)).isZero();
    assertThat(machine.lastProgressNs).as("nothing is no progress").isEqualTo(-5);
    assertThat(kernel.allocator.giveBackKernel(p, 10)).isEqualTo(10);
    assertThat(machine.lastProgressNs).isZero();
    assertThat(kernel.allocator.giveBackKernel(p, 100)).isEqualTo(20);
    assertThat(kernel.allocator.giveBackKernel(p, 100)).isZero();
    assertThat(p.kernelPages).isZero();
    assertThat(machine.freePages).isEqualTo(free + 30);
  }

  @Test
  void theYoungestAnonymousMappingIsUnmappedFirst() {
    given(
        "linux-6.18",
        """
        cgroups: [{name: pod}]
        processes:
          - name: p
            cgroup: pod
            memory:
              - {kind: anonymous, size: 100 pages, page_tables: 0 pages}
              - {kind: anonymous, size: 30 pages, page_tables: 0 pages}
              - {kind: file, size: 50 pages, page_tables: 0 pages}
        """);
    Mm mm = process(kernel, "p").mm;
    long free = machine.freePages;

    kernel.allocator.unmap(mm, 20);
    assertThat(mm.vmas[1].pages).isEqualTo(10);
    kernel.allocator.unmap(mm, 40);
    assertThat(mm.vmas[1].pages).isZero();
    assertThat(mm.vmas[0].pages).isEqualTo(70);
    assertThat(memcg(kernel, "pod").usagePages).isEqualTo(180 - 60);
    kernel.allocator.unmap(mm, 1000);
    assertThat(mm.vmas[0].pages).isZero();
    assertThat(mm.vmas[2].pages).isEqualTo(50);
    assertThat(machine.freePages).isEqualTo(free + 130);
  }
}
