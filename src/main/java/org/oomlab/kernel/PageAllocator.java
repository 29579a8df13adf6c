package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.AllocPhase;
import org.oomlab.kernel.state.Task.Request;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Step;
import org.oomlab.workload.VmaSpec;

/**
 * The page allocator as seen by a request that finds too little: __alloc_pages_slowpath() and
 * __alloc_pages_may_oom() of mm/page_alloc.c, for pages of order 0 in one zone.
 *
 * <p>While there is plenty, pages are handed out in batches, smaller as the watermark comes nearer,
 * so that the cost of a large allocation grows with its logarithm. A request that fails goes round
 * in passes: an attempt, a pass of reclaim, the OOM killer, and again.
 */
final class PageAllocator {
  /** A batch is at most this share of what is left above the watermark... */
  private static final int BATCH_SHARE = 8;

  /** ...or this many pages, as the per-CPU lists of mm/page_alloc.c take in one go. */
  private static final long SMALL_BATCH = 32;

  /** Who grows at a pace gets so much at once as it may have in a hundredth of a second. */
  private static final int BATCHES_PER_SECOND = 100;

  private static final int UNLIMITED = 0;

  private final Kernel kernel;
  private final Machine machine;

  private final boolean allThreadsHalf;
  private final long modestPercent;
  private final boolean victimFailsEarly;
  private final boolean nofsEnters;
  private final int reclaimRetries;
  private final boolean estimateShrinks;

  PageAllocator(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.allThreadsHalf =
        policy.choice(Knobs.VICTIM_RESERVES, Knobs.VictimReserves.class)
            == Knobs.VictimReserves.ALL_THREADS_HALF;
    this.modestPercent = policy.get(Knobs.MODEST_RESERVES);
    this.victimFailsEarly = policy.is(Knobs.VICTIM_FAILS_EARLY);
    this.nofsEnters = policy.is(Knobs.NOFS_REACHES_KILLER);
    this.reclaimRetries = (int) policy.get(Knobs.RECLAIM_RETRIES);
    this.estimateShrinks = policy.is(Knobs.RECLAIM_ESTIMATE_SHRINKS);
  }

  /** A task's program asks for pages; false, because even having them takes time. */
  boolean begin(Task task, Request request, Step.Gfp gfp, long pages, int vma) {
    if (pages == 0) {
      return true;
    }
    task.state = Task.State.ALLOCATING;
    task.request = request;
    task.growing = task.killed ? task.growing : isUser(task);
    task.gfp = gfp;
    task.requestVma = vma;
    task.wantPages = pages;
    task.batchPages = 0;
    task.countingDown = false;
    task.reservesGranted = false;
    task.forceCharge = false;
    task.passedMemcgOom = false;
    task.noProgressLoops = 0;
    task.memcgRetries = MemcgCharge.DRAINS;
    task.paceRate = 0;
    task.toldToWaitNs = -1;
    task.allocPhase = AllocPhase.ATTEMPT;
    if (request == Request.DRAIN) {
      machine.drainers.insert(task.id);
    }
    kernel.waits.in(task.id, Event.ALLOC, 0);
    return false;
  }

  /** It asks for so many pages a second; who has been held up makes up for it. */
  void paces(Task task, long pagesPerSecond) {
    task.paceRate = pagesPerSecond;
    task.paceSinceNs = kernel.clock();
    task.pacedPages = 0;
  }

  /** A request goes on. */
  void step(Task task) {
    if (task.state != Task.State.ALLOCATING) {
      return;
    }
    switch (task.allocPhase) {
      case ATTEMPT -> attempt(task);
      case PASS -> passIsOver(task);
      case BUSY -> batchIsFaulted(task);
      case READ -> readOn(task);
      case READ_REST -> batchIsCharged(task);
      case AHEAD, HIGH -> batchIsIn(task);
      case MEMCG_PASS -> kernel.memcgCharge.passIsOver(task);
      case MEMCG_LOCK -> kernel.memcgCharge.locked(task);
      case REAPING -> kernel.directReaper.goOn(task);
      case KILLING -> throw new IllegalStateException(task + " is waiting for its own kill");
    }
  }

  /** psi_memstall_enter() and psi_memstall_leave(). */
  private void stalls(Task task, boolean stalls) {
    if (task.stalls != stalls) {
      task.stalls = stalls;
      if (machine.ledger.firstStallNs < 0) {
        machine.ledger.firstStallNs = kernel.clock();
      }
      if (kernel.pressure != null) {
        kernel.pressure.look(task.id);
      }
    }
  }

  /** get_page_from_freelist() with the watermark this request must respect. */
  void attempt(Task task) {
    if (isUser(task) && !kernel.memcgCharge.mayCharge(task)) {
      return; // The cgroup comes first, and takes its time.
    }
    long available = available(task);
    task.triedReserves = task.process.oomVictim;
    if (available > 0) {
      grant(task, available);
      return;
    }
    kernel.watch.blocked(task);
    kernel.reclaim.wakeKswapd();
    boolean cannotWait = task.gfp == Step.Gfp.ATOMIC;
    if (cannotWait || (victimFailsEarly && task.marked && !isLocked(task))) {
      fail(task);
      return;
    }
    task.allocPhase = AllocPhase.PASS;
    stalls(task, true);
    long passNs = kernel.reclaim.passNs(task);
    machine.ledger.spinNs += passNs;
    kernel.waits.work(task.id, Event.ALLOC, passNs);
  }

  /** Whether an attempt would get a page now. */
  boolean wouldGet(Task task) {
    return available(task) > 0 && (!isUser(task) || kernel.memcgCharge.room(task) > 0);
  }

  /**
   * Whether the next attempt of a request that was refused is its last: its task has been chosen as
   * a victim, or killed, since the last one began, and fails without memory where it used to go
   * round.
   */
  boolean wouldGiveUp(Task task) {
    if (asksCgroup(task)) {
      return !isLocked(task) && kernel.memcgCharge.wouldGiveUp(task);
    }
    boolean chosen = victimFailsEarly ? task.marked : task.process.oomVictim;
    return chosen && !isLocked(task);
  }

  /** Whether an attempt would end at the limit of a cgroup, before it comes to the free list. */
  boolean asksCgroup(Task task) {
    return isUser(task) && kernel.memcgCharge.room(task) <= 0;
  }

  /** Pages this request may take now. */
  private long available(Task task) {
    if (ignoresWatermarks(task)) {
      return machine.freePages;
    }
    long pages = machine.freePages - watermark(task) - machine.workload.machine().lowmemReserve();
    return machine.vigil == null ? pages : pages - daemonsShare(task);
  }

  /**
   * A page fault takes one page, and whoever wants a few gets in between; here a batch is handed
   * out at a time, and who grows would always be first. So what a daemon waits for, if it is
   * little, is left to it.
   */
  private long daemonsShare(Task task) {
    Task daemon = machine.tasks[machine.vigil.task];
    boolean waits = daemon.state == Task.State.ALLOCATING && daemon.isBlockedOnMemory();
    return waits && task != daemon ? Math.min(daemon.wantPages, SMALL_BATCH) : 0;
  }

  /** ALLOC_NO_WATERMARKS: by policy after a livelock, or for a marked thread up to 4.13. */
  private boolean ignoresWatermarks(Task task) {
    return task.reservesGranted || (!allThreadsHalf && task.marked);
  }

  /**
   * Pages that must remain, beside the lowmem reserve: __zone_watermark_ok() of mm/page_alloc.c.
   */
  private long watermark(Task task) {
    if (allThreadsHalf && task.process.oomVictim) {
      return machine.minPages / 2; // ALLOC_OOM
    }
    return switch (task.gfp) {
      case HIGH -> machine.minPages / 2;
      case ATOMIC -> machine.minPages * 3 / 8;
      case NOFAIL -> machine.minPages * modestPercent / 100;
      case KERNEL, NOFS, NORETRY, RETRY_MAYFAIL -> machine.minPages;
    };
  }

  private static boolean isUser(Task task) {
    return switch (task.request) {
      case TOUCH, DRAIN, FAULT -> true;
      case ALLOC, UNTIL_KILLED -> false;
    };
  }

  private void grant(Task task, long available) {
    long pages = Math.min(task.wantPages, batch(available));
    if (task.reservesGranted || (task.request == Request.UNTIL_KILLED && seesTheKill(task))) {
      pages = 1; // A page at a time: each is a request of its own in the kernel.
    }
    if (isUser(task)) {
      pages = Math.min(pages, kernel.memcgCharge.room(task));
      pages = Math.min(pages, kernel.memcgCharge.batchUntilHigh(task));
    }
    if (task.paceRate > 0) {
      pages = Math.min(pages, Math.max(1, task.paceRate / BATCHES_PER_SECOND));
      task.pacedPages += pages;
    }
    stalls(task, false);
    pages = handOut(task, pages);
    long cost = isUser(task) ? machine.faultNs : machine.kernelPageNs;
    if (task.request == Request.FAULT) {
      cost = machine.swapInNs;
    }
    task.allocPhase = AllocPhase.BUSY;
    kernel.waits.work(task.id, Event.ALLOC, pages * cost);
  }

  private static long batch(long available) {
    return Math.max(Math.min(available, SMALL_BATCH), available / BATCH_SHARE);
  }

  /** The thread of the livelock module looks for the signal after every page it gets. */
  private boolean seesTheKill(Task task) {
    return !task.countingDown && machine.processes[task.untilProcess].groupExit;
  }

  /** Moves pages from the free list to whoever asked; returns how many went to the request. */
  private long handOut(Task task, long pages) {
    machine.take(pages);
    machine.lastProgressNs = kernel.clock();
    if (isUser(task)) {
      populate(task, pages);
    } else {
      task.kernelPages += pages;
    }
    task.batchPages = pages;
    task.wantPages -= pages;
    if (task.request == Request.UNTIL_KILLED && seesTheKill(task)) {
      task.countingDown = true;
      task.wantPages = task.thenPages;
    }
    task.reservesGranted = false;
    task.noProgressLoops = 0;
    if (task.request == Request.TOUCH || task.wantPages == 0) {
      task.satisfied++;
    }
    kernel.watch.granted(task);
    return pages;
  }

  private void populate(Task task, long pages) {
    Mm mm = task.process.mm;
    Vma vma = mm.vmas[task.requestVma];
    long tables = 0;
    if (task.request == Request.TOUCH) {
      tables =
          Machine.tablesFor(vma, vma.touchedPages + pages)
              - Machine.tablesFor(vma, vma.touchedPages);
      tables = Math.min(tables, machine.freePages);
      machine.take(tables);
      mm.pageTablePages += tables;
    }
    if (task.request == Request.FAULT) {
      kernel.pageIn().comeBack(task, pages);
    } else {
      vma.touched(pages, kernel.clock());
      vma.pages += pages;
      vma.touchedPages += pages;
    }
    kernel.memcgCharge.charge(task, pages + tables);
  }

  /** The processor has done its part of a batch; the disk and the cgroup may have theirs. */
  private void batchIsFaulted(Task task) {
    long pages = task.batchPages;
    boolean uses = isUser(task) && task.request != Request.FAULT;
    task.process.workNs += uses ? pages * machine.faultNs : 0;
    if (task.request != Request.FAULT || !reads(task, pages)) {
      batchIsCharged(task);
    }
  }

  /** Waits for the disk; false if there is nothing to wait for. */
  private boolean reads(Task task, long pages) {
    long now = kernel.clock();
    task.readDoneNs = kernel.pageIn().readUntil(task, pages);
    long ns = task.readDoneNs - now;
    if (ns <= 0) {
      return false;
    }
    // Who waits for a page of the working set is stalled; who waits for any other just reads.
    long stalledNs = (long) (ns * task.recentShare);
    if (stalledNs > 0) {
      stalls(task, true);
      task.allocPhase = AllocPhase.READ;
      kernel.waits.until(task.id, Event.ALLOC, now + stalledNs);
    } else {
      readOn(task);
    }
    return true;
  }

  private void readOn(Task task) {
    stalls(task, false);
    task.allocPhase = AllocPhase.READ_REST;
    kernel.waits.until(task.id, Event.ALLOC, Math.max(task.readDoneNs, kernel.clock()));
  }

  /** mem_cgroup_handle_over_high() on the way back to user space, and then on. */
  private void batchIsCharged(Task task) {
    long charged = isUser(task) ? task.batchPages : 0;
    task.batchPages = 0;
    long ns = charged > 0 && !task.killed ? kernel.memcgCharge.highDelayNs(task, charged) : 0;
    if (ns > 0) {
      machine.ledger.throttledNs += ns;
      stalls(task, true);
      task.allocPhase = AllocPhase.HIGH;
      kernel.waits.in(task.id, Event.ALLOC, ns);
    } else {
      batchIsIn(task);
    }
  }

  /** schedule_timeout_killable() ends with a signal. */
  void receiveKill(Task task) {
    if (task.allocPhase == AllocPhase.HIGH || task.allocPhase == AllocPhase.AHEAD) {
      kernel.waits.interrupt(task.id);
      kernel.waits.in(task.id, Event.ALLOC, 0);
    }
  }

  /** The batch is there: on to the next, or back to the program. */
  private void batchIsIn(Task task) {
    stalls(task, false);
    boolean interrupted = task.killed && task.heldMutexes == 0 && isUser(task);
    if (task.paceRate > 0 && !interrupted && isAhead(task)) {
      return;
    }
    if (task.wantPages == 0 || interrupted) {
      done(task);
    } else {
      attempt(task);
    }
  }

  /** Whether it has more than its pace allows by now, and sleeps until it does. */
  private boolean isAhead(Task task) {
    double seconds = (double) task.pacedPages / task.paceRate;
    long untilNs = task.paceSinceNs + Math.round(seconds * 1e9);
    if (untilNs <= kernel.clock() || task.allocPhase == AllocPhase.AHEAD) {
      return false;
    }
    task.allocPhase = AllocPhase.AHEAD;
    kernel.waits.until(task.id, Event.ALLOC, untilNs);
    return true;
  }

  private void done(Task task) {
    leave(task);
    kernel.scheduler.resume(task);
  }

  private void leave(Task task) {
    if (task.request == Request.DRAIN) {
      machine.drainers.remove(task.id);
    }
    stalls(task, false);
    kernel.watch.unblocked(task);
    task.growing &= task.killed;
    task.reservesGranted = false;
  }

  /** The request returns NULL. */
  void fail(Task task) {
    machine.ledger.failedRequests++;
    kernel.emit(Tracepoint.ALLOC_FAILED, task.id, 0, 0);
    if (task.gfp == Step.Gfp.NOFAIL || (isUser(task) && !task.killed)) {
      // __GFP_NOFAIL never fails; a user fault is tried again (pagefault_out_of_memory()).
      again(task, 0);
      return;
    }
    task.wantPages = 0;
    done(task);
  }

  /** A pass of reclaim is over: S5 to S9 of the slow path. */
  private void passIsOver(Task task) {
    if (kernel.reclaim.direct() > 0) {
      task.noProgressLoops = 0;
      again(task, wouldGet(task) ? 0 : kernel.reclaim.writeNs());
      return;
    }
    stalls(task, false);
    if (task.gfp == Step.Gfp.NORETRY) {
      fail(task);
      return;
    }
    task.noProgressLoops++;
    if (shouldRetryReclaim(task)) {
      again(task, kernel.reclaim.throttleNs());
      return;
    }
    mayOom(task);
  }

  /** should_reclaim_retry(): whether what looks reclaimable would be enough. */
  private boolean shouldRetryReclaim(Task task) {
    long looksReclaimable = kernel.reclaim.looksReclaimable();
    if (reclaimRetries == UNLIMITED) {
      return looksReclaimable > 0; // Up to 4.6: zone_reclaimable() is progress enough.
    }
    if (task.noProgressLoops > reclaimRetries) {
      return false;
    }
    if (estimateShrinks) {
      long shrink = task.noProgressLoops * looksReclaimable;
      looksReclaimable -= (shrink + reclaimRetries - 1) / reclaimRetries;
    }
    long reserve = machine.workload.machine().lowmemReserve();
    // Where nothing can be reclaimed the kernel looks at what is free as well. That is left out
    // where memory does not move: d2 of the laboratory comes out less well, and why is not known.
    boolean any = looksReclaimable > 0 || machine.backing != null;
    return any && machine.freePages + looksReclaimable > watermark(task) + reserve;
  }

  /** __alloc_pages_may_oom(). */
  private void mayOom(Task task) {
    if (!machine.oomLock.tryLock(task.id)) {
      // Somebody else is making progress for us, we hope: schedule_timeout_uninterruptible(1).
      task.noProgressLoops = 0;
      task.allocPhase = AllocPhase.ATTEMPT;
      kernel.waits.until(task.id, Event.ALLOC, kernel.timers.afterTicks(1));
      return;
    }
    long high = machine.highPages + machine.workload.machine().lowmemReserve();
    if (machine.freePages > high) {
      kernel.locks.unlockOom(); // The last look, with the high watermark, finds enough.
      if (isUser(task) && kernel.memcgCharge.room(task) <= 0) {
        attempt(task); // But its cgroup has become full meanwhile.
      } else {
        grant(task, machine.freePages - high);
      }
      return;
    }
    boolean refused = task.process.spec.coreDumping() || task.gfp == Step.Gfp.RETRY_MAYFAIL;
    boolean refusedAsProgress = task.gfp == Step.Gfp.NOFS && !nofsEnters;
    if (refused || refusedAsProgress) {
      afterOom(task, null, refusedAsProgress);
      return;
    }
    switch (kernel.killer.outOfMemory(task, null)) {
      case PROGRESS -> afterOom(task, null, true);
      case NOTHING -> afterOom(task, null, false);
      case KILLING, PANIC -> {}
    }
  }

  /**
   * out_of_memory() has returned: releases oom_lock, and what the policy has do its work does.
   *
   * @param domain the cgroup it was about, or null for the machine
   */
  void afterOom(Task task, @Nullable Memcg domain, boolean progress) {
    kernel.watch.toldToWait(task, domain != null);
    goOn(task, progress);
    kernel.watch.mayGiveUp(task); // With oom_lock released: an exit may have waited for it.
  }

  /** It was given oom_lock, but has all it wanted by now. */
  void servedMeanwhile(Task task) {
    kernel.locks.unlockOom();
    kernel.memcgCharge.afterOom(task);
    batchIsFaulted(task);
  }

  /** The same after a kill, which may have changed what the next call finds. */
  void afterKill(Task task) {
    goOn(task, true);
  }

  private void goOn(Task task, boolean progress) {
    kernel.locks.unlockOom();
    kernel.memcgCharge.afterOom(task);
    if (!progress || !kernel.directReaper.begin(task)) {
      goRound(task, progress);
    }
  }

  /** Goes round again, or gives up. */
  void goRound(Task task, boolean progress) {
    if (task.wantPages == 0) {
      batchIsFaulted(task); // An antagonist has had what it wanted meanwhile.
    } else if (task.triedReserves
        && !victimFailsEarly
        && task.process.oomVictim
        && !isLocked(task)) {
      fail(task); // 4.13 and later: a victim that could not be helped by its reserves.
    } else if (progress) {
      task.noProgressLoops = 0;
      if (task.gfp == Step.Gfp.NOFAIL) {
        task.reservesGranted = true; // One attempt without a watermark.
      }
      again(task, 0);
    } else {
      fail(task);
    }
  }

  private static boolean isLocked(Task task) {
    return task.gfp == Step.Gfp.NOFAIL;
  }

  /** Back to the attempt, after a time. */
  void again(Task task, long delayNs) {
    task.allocPhase = AllocPhase.ATTEMPT;
    kernel.waits.in(task.id, Event.ALLOC, delayNs);
  }

  /**
   * The antagonists take what has come free since somebody last looked, in their order. Called
   * between events alone: whoever has a kill, a walk or a lock under way goes on with that first.
   */
  void drain() {
    for (int i = 0; i < machine.drainers.size(); i++) {
      Task task = machine.tasks[machine.drainers.get(i)];
      if (!task.isBlockedOnMemory() || task.wantPages == 0) {
        continue;
      }
      long pages = Math.min(task.wantPages, available(task));
      pages = Math.min(pages, kernel.memcgCharge.room(task));
      if (pages > 0) {
        handOut(task, pages);
        if (task.wantPages == 0 && mayStopWaiting(task)) {
          batchComes(task);
        }
      }
    }
  }

  private static boolean mayStopWaiting(Task task) {
    return switch (task.allocPhase) {
      case ATTEMPT, PASS, BUSY, MEMCG_PASS -> true;
      case AHEAD, READ, READ_REST, HIGH, MEMCG_LOCK, KILLING, REAPING -> false;
    };
  }

  /** A pass ends here: it has what it wanted. */
  private void batchComes(Task task) {
    task.allocPhase = AllocPhase.BUSY;
    if (kernel.waits.of(task.id) != WaitsFor.ACTS) {
      kernel.waits.interrupt(task.id);
      kernel.waits.in(task.id, Event.ALLOC, 0);
    }
  }

  /** When the first of the antagonists has what would change anything, if nobody else asks. */
  long whenDrained() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < machine.drainers.size(); i++) {
      Task task = machine.tasks[machine.drainers.get(i)];
      if (task.isBlockedOnMemory()) {
        long pages = kernel.watch.isWaitingForFirstPage(task) ? 1 : task.wantPages;
        long missing = Math.max(0, -available(task)) + pages;
        long when = kernel.flow.whenFreed(missing, null);
        when = Math.max(when, kernel.memcgCharge.whenRoom(task, pages));
        earliest = Math.min(earliest, when);
      }
    }
    return earliest;
  }

  /** Gives kernel memory back, so many pages at most; returns how many. */
  long giveBackKernel(Task task, long amount) {
    long pages = Math.min(amount, task.kernelPages);
    task.kernelPages -= pages;
    givenBack(pages);
    return pages;
  }

  /** Unmaps anonymous memory, the youngest mapping first, with mmap_lock held for writing. */
  void unmap(Mm mm, long amount) {
    long left = amount;
    for (int i = mm.vmas.length - 1; i >= 0 && left > 0; i--) {
      Vma vma = mm.vmas[i];
      if (vma.spec.kind() == VmaSpec.Kind.ANONYMOUS) {
        long some = Math.min(left, vma.pages);
        vma.pages -= some;
        Machine.charge(mm.memcg, -some);
        givenBack(some);
        left -= some;
      }
    }
  }

  private void givenBack(long pages) {
    machine.freePages += pages;
    if (pages > 0) {
      machine.lastProgressNs = kernel.clock();
    }
  }
}
