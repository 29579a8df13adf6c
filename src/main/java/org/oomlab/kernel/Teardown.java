package org.oomlab.kernel;

import static org.oomlab.kernel.Machine.NOBODY;
import static org.oomlab.kernel.Machine.REAPER;

import org.oomlab.kernel.Kernel.Event;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.VmaSpec;

/**
 * Takes address spaces apart: unmap_vmas(), munlock_vma_pages_all(), free_pgtables() and
 * __oom_reap_task_mm(), as walks at a steady rate.
 *
 * <p>Two walkers that unmap the same mm make no more progress together than one alone: the second
 * follows the first and then looks at what is left (kernel-model 8.4, contention off).
 */
final class Teardown {
  private static final long PAGES_PER_HUGE_PAGE = 512;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean takesMlocked;
  private final boolean munlockPass;
  private final boolean asksEachVma;
  private final boolean backward;

  Teardown(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.takesMlocked = policy.is(Knobs.REAPER_MLOCKED);
    this.munlockPass = policy.is(Knobs.EXIT_MUNLOCK);
    this.asksEachVma =
        policy.choice(Knobs.REAPER_NOTIFIERS, Knobs.Notifiers.class)
            == Knobs.Notifiers.TRY_EACH_VMA;
    this.backward =
        policy.choice(Knobs.REAPER_DIRECTION, Knobs.Direction.class) == Knobs.Direction.BACKWARD;
  }

  /** Prepares a walk; {@link #run} makes it. */
  void start(Walk walk, Mm mm, Walk.Pass pass) {
    assert !walk.isActive() : "a walker in two places";
    walk.clear();
    walk.pass = pass;
    walk.mm = mm.id;
  }

  /**
   * Goes on with a walk.
   *
   * @return true if it is over; false if the walker's own event will call again
   */
  boolean run(Walk walk) {
    Mm mm = machine.mms[walk.mm];
    if (walk.zaps()) {
      if (mm.zapper == NOBODY) {
        mm.zapper = walk.id;
        walk.following = false;
      } else if (mm.zapper != walk.id) {
        if (!walk.following) {
          walk.following = true;
          mm.followers.addLast(walk.id);
        }
        return false;
      }
    }
    if (walk.endNs > kernel.clock()) {
      return false; // Woken early: the mapping under the walker is not done.
    }
    if (walk.pages > 0) {
      endSegment(walk, mm);
    }
    if (nextSegment(walk, mm)) {
      return false;
    }
    finish(walk, mm);
    return true;
  }

  private void endSegment(Walk walk, Mm mm) {
    assert walk.donePages == walk.pages;
    machine.walkers.remove(walk.id);
    if (walk.pass == Walk.Pass.MUNLOCK) {
      mm.vmas[walk.vma].locked = false;
    }
    walk.pages = 0;
    walk.donePages = 0;
  }

  private boolean nextSegment(Walk walk, Mm mm) {
    switch (walk.pass) {
      case PAGE_TABLES -> {
        if (walk.vma == -1 && mm.pageTablePages > 0) {
          walk.vma = 0;
          begin(walk, mm.pageTablePages, machine.pageTableNs, 0);
          return true;
        }
        return false;
      }
      case FREE_SHARED -> {
        if (walk.vma == -1 && mm.sharedPending > 0) {
          walk.vma = 0;
          begin(walk, mm.sharedPending, machine.freeSharedNs, 0);
          return true;
        }
        return false;
      }
      case REAP, MUNLOCK, UNMAP -> {
        return nextVma(walk, mm);
      }
      case NONE -> throw new IllegalStateException("a walk without a pass");
    }
    throw new IllegalStateException();
  }

  private boolean nextVma(Walk walk, Mm mm) {
    // unmap_vmas() goes up; the reaper goes whichever way the policy says.
    boolean down = backward && walk.pass == Walk.Pass.REAP;
    int step = down ? -1 : 1;
    int from = walk.vma == -1 ? (down ? mm.vmas.length - 1 : 0) : walk.vma + step;
    for (int i = from; i >= 0 && i < mm.vmas.length && walk.quota > 0; i += step) {
      Vma vma = mm.vmas[i];
      walk.vma = i;
      if (isEligible(walk, vma) && vma.pages > 0) {
        long areas = walk.pass == Walk.Pass.UNMAP ? vma.spec.areas() * machine.areaNs : 0;
        long pages = Math.min(vma.pages, walk.quota);
        walk.quota -= pages;
        begin(walk, pages, costPerPage(walk, vma), areas);
        return true;
      }
    }
    return false;
  }

  private boolean isEligible(Walk walk, Vma vma) {
    return switch (walk.pass) {
      case MUNLOCK -> vma.locked;
      case REAP -> {
        if (!vma.isPrivate() || (vma.locked && !takesMlocked)) {
          yield false;
        }
        if (asksEachVma && vma.spec.notifier() == VmaSpec.Notifier.BLOCKABLE && !isOwnExit(walk)) {
          walk.refused = true; // mmu_notifier_invalidate_range_start_nonblock() says no.
          yield false;
        }
        yield true;
      }
      default -> true;
    };
  }

  /** The exit path has released the notifiers before it walks. */
  private boolean isOwnExit(Walk walk) {
    return walk.id != REAPER && machine.tasks[walk.id].state == Task.State.EXITING;
  }

  private long costPerPage(Walk walk, Vma vma) {
    if (walk.pass == Walk.Pass.MUNLOCK) {
      return machine.munlockNs;
    }
    long cost =
        switch (vma.spec.kind()) {
          case ANONYMOUS ->
              vma.spec.huge() ? machine.unmapHugeNs / PAGES_PER_HUGE_PAGE : machine.unmapNs;
          case HUGETLB -> machine.unmapHugeNs / PAGES_PER_HUGE_PAGE;
          case FILE, SHARED_FILE, SHMEM, SHARED_ANONYMOUS -> machine.unmapFileNs;
          case PFNMAP -> 0L;
        };
    if (vma.locked) {
      // Where there is a separate pass to unlock pages, taking one without it does both jobs.
      cost += munlockPass ? machine.munlockNs : machine.unmapLockedNs;
    }
    return cost;
  }

  private void begin(Walk walk, long pages, long nsPerPage, long moreNs) {
    walk.startNs = kernel.clock();
    walk.pausedNs = Walk.NOT_PAUSED; // It may have lost its processor while it followed another.
    walk.pages = pages;
    walk.donePages = 0;
    walk.nsPerPage = nsPerPage;
    walk.endNs = walk.startNs + pages * nsPerPage + moreNs;
    machine.walkers.addLast(walk.id);
    if (nsPerPage == 0) {
      settle(); // Everything at once.
    }
    kernel.runQueue.run(walk.id, eventOf(walk.id), subjectOf(walk.id), walk.endNs - walk.startNs);
    if (!kernel.runQueue.isRunning(walk.id)) {
      walk.pausedNs = kernel.clock();
    }
  }

  private void finish(Walk walk, Mm mm) {
    if (walk.zaps()) {
      mm.swapPages = 0; // Swap entries are dropped with the page table entries that hold them.
      mm.zapper = NOBODY;
      while (!mm.followers.isEmpty()) {
        wake(mm.followers.removeFirst(), kernel.clock());
      }
    }
    walk.pass = Walk.Pass.NONE;
  }

  /** Lets a walker go on at a time. */
  private void wake(int walker, long timeNs) {
    machine.walk(walker).following = false;
    kernel.at(eventOf(walker), subjectOf(walker), timeNs);
  }

  private Event eventOf(int walker) {
    return walker == REAPER ? Event.REAPER : kernel.scheduler.eventOf(machine.tasks[walker]);
  }

  private static int subjectOf(int walker) {
    return walker == REAPER ? 0 : walker;
  }

  /** A walker loses its processor: what has come out so far stays out, and no more comes. */
  void pause(int walker) {
    Walk walk = machine.walk(walker);
    if (walk.isActive() && !walk.isPaused()) {
      settle(walk);
      walk.pausedNs = kernel.clock();
    }
  }

  /** A walker has a processor again: the rest of its walk is as much later. */
  void goOn(int walker) {
    Walk walk = machine.walk(walker);
    if (walk.isActive() && walk.isPaused()) {
      long waitedNs = kernel.clock() - walk.pausedNs;
      walk.startNs += waitedNs;
      walk.endNs += waitedNs;
      walk.pausedNs = Walk.NOT_PAUSED;
    }
  }

  /** Brings memory up to the present: what has come out of every walk by now is free by now. */
  void settle() {
    long before = machine.freePages;
    for (int i = 0; i < machine.walkers.size(); i++) {
      settle(machine.walk(machine.walkers.get(i)));
    }
    if (machine.writebackSinceNs >= 0) {
      kernel.reclaim.writeBack();
    }
    if (machine.freePages != before) {
      machine.lastProgressNs = kernel.clock();
    }
    if (!machine.drainers.isEmpty()) {
      kernel.allocator.drain();
    }
  }

  private void settle(Walk walk) {
    long elapsed = (walk.isPaused() ? walk.pausedNs : kernel.clock()) - walk.startNs;
    long done = walk.nsPerPage == 0 ? walk.pages : Math.min(walk.pages, elapsed / walk.nsPerPage);
    long pages = done - walk.donePages;
    assert pages >= 0 : "a walk that puts pages back";
    if (pages == 0) {
      return;
    }
    walk.donePages = done;
    Mm mm = machine.mms[walk.mm];
    switch (walk.pass) {
      case MUNLOCK -> {}
      case PAGE_TABLES -> {
        mm.pageTablePages -= pages;
        free(walk, mm, pages);
      }
      case FREE_SHARED -> {
        mm.sharedPending -= pages;
        free(walk, mm, pages);
      }
      case REAP, UNMAP -> unmap(walk, mm, mm.vmas[walk.vma], pages);
      case NONE -> throw new IllegalStateException("a walk without a pass");
    }
  }

  private void unmap(Walk walk, Mm mm, Vma vma, long pages) {
    vma.pages -= pages;
    if (walk.pass == Walk.Pass.REAP) {
      vma.reapedPages += pages;
    }
    switch (vma.spec.kind()) {
      case ANONYMOUS -> free(walk, mm, pages);
      case FILE, SHARED_FILE -> {
        Machine.charge(mm.memcg, -pages);
        if (vma.spec.dirty()) {
          machine.dirtyCachePages += pages;
        } else {
          machine.cleanCachePages += pages;
        }
      }
      case SHMEM, HUGETLB -> {
        // The file, or the pool, outlives its users.
        Machine.charge(mm.memcg, -pages);
        machine.orphanedPages += pages;
      }
      case SHARED_ANONYMOUS -> mm.sharedPending += pages;
      case PFNMAP -> {}
    }
  }

  private void free(Walk walk, Mm mm, long pages) {
    machine.freePages += pages;
    Machine.charge(mm.memcg, -pages);
    walk.freedPages += pages;
    Ledger ledger = machine.ledger;
    if (ledger.freedFromNs < 0) {
      ledger.freedFromNs = walk.startNs;
    }
    if (walk.id != REAPER && machine.tasks[walk.id].state == Task.State.EXITING) {
      ledger.freedByExitPages += pages;
    } else {
      ledger.freedByReaperPages += pages;
      ledger.reapedUntilNs = walk.startNs + walk.donePages * walk.nsPerPage;
    }
  }

  /**
   * When so many more pages will have come free if nothing else changes, or a little earlier;
   * {@link Long#MAX_VALUE} if the walks under way will not free as many before one of them ends.
   */
  long whenFreed(long pages) {
    long earliest = Long.MAX_VALUE;
    long fastest = Long.MAX_VALUE;
    long firstEnd = Long.MAX_VALUE;
    long count = 0;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (walk.nsPerPage > 0
          && walk.donePages < walk.pages
          && !walk.isPaused()
          && fillsFreeList(walk)) {
        count++;
        fastest = Math.min(fastest, walk.nsPerPage);
        firstEnd = Math.min(firstEnd, walk.endNs);
        earliest = Math.min(earliest, walk.startNs + (walk.donePages + 1) * walk.nsPerPage);
      }
    }
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    long when = Math.max(earliest, earliest + (pages - count) * fastest / count);
    return when < firstEnd ? when : Long.MAX_VALUE; // At its end the walker's own event comes.
  }

  private boolean fillsFreeList(Walk walk) {
    return switch (walk.pass) {
      case PAGE_TABLES, FREE_SHARED -> true;
      case REAP, UNMAP -> machine.mms[walk.mm].vmas[walk.vma].spec.kind() == VmaSpec.Kind.ANONYMOUS;
      case MUNLOCK, NONE -> false;
    };
  }
}
