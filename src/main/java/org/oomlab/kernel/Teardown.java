package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.PAGES_PER_TABLE;
import static org.oomlab.kernel.state.Machine.REAPER;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.VmaSpec;

/**
 * Takes address spaces apart: unmap_vmas(), munlock_vma_pages_all(), free_pgtables() and
 * __oom_reap_task_mm(), as walks at a steady rate.
 *
 * <p>How two walkers that unmap the same mm share the work is a matter of costs. Where these have
 * no contention, the two make no more progress together than one alone: the second follows the
 * first and then looks at what is left. Where they have, both are at work, at the pace that {@link
 * PageTableLocks} leaves them.
 */
final class Teardown {
  private static final long PAGES_PER_HUGE_PAGE = 512;

  /**
   * Entries of an mmu_gather: 8 on the stack, and MAX_GATHER_BATCH_COUNT pages, which is 10000 /
   * 510, of MAX_GATHER_BATCH each; include/asm-generic/tlb.h.
   */
  private static final long GATHER_ENTRIES = 8 + 19 * 510;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean takesMlocked;
  private final boolean munlockPass;
  private final boolean asksEachVma;
  private final boolean backward;
  private final boolean sideBySide;
  private final boolean gathers;
  private final PageTableLocks locks;

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
    this.sideBySide = machine.costs.pageTableContention() != null;
    this.gathers = machine.costs.gather() && !sideBySide;
    this.locks = new PageTableLocks(this, machine);
  }

  /** Prepares a walk; {@link #run} makes it. */
  void start(Walk walk, Mm mm, Walk.Pass pass) {
    if (walk.isActive()) {
      throw new LawBroken(Law.ONE_WAIT, "a walker would be in two places");
    }
    walk.clear();
    walk.pass = pass;
    walk.mm = mm.id;
    // unmap_vmas() goes up; the reaper goes whichever way the policy says.
    walk.down = backward && pass == Walk.Pass.REAP;
  }

  /**
   * Goes on with a walk.
   *
   * @return true if it is over; false if the walker's own event will call again
   */
  boolean run(Walk walk) {
    Mm mm = machine.mms[walk.mm];
    if (walk.zaps() && !sideBySide && mustFollow(walk, mm)) {
      return false;
    }
    if (walk.endNs > kernel.clock()) {
      throw new LawBroken(Law.ONE_WAIT, "a walker is woken in the middle of its walk");
    }
    if (endSegment(walk, mm) || nextSegment(walk, mm) || spinsForOthers(walk, mm)) {
      return false;
    }
    finish(walk, mm);
    return true;
  }

  private boolean mustFollow(Walk walk, Mm mm) {
    if (mm.zapper == NOBODY) {
      mm.zapper = walk.id;
      walk.following = false;
    } else if (mm.zapper != walk.id) {
      if (!walk.following) {
        walk.following = true;
        mm.followers.addLast(walk.id);
        kernel.waits.behind(walk.id);
      }
      return true;
    }
    return false;
  }

  /** Ends what the walker was at; true if the mapping still has something for it to do. */
  private boolean endSegment(Walk walk, Mm mm) {
    Walk.Stage ended = walk.stage;
    if (ended == Walk.Stage.BETWEEN) {
      return false;
    }
    if (walk.donePages != walk.pages) {
      throw new LawBroken(Law.RIGHT_TO_FREE, "a walk is over before it has taken its pages");
    }
    kernel.flow.account(walk);
    machine.walkers.remove(walk.id);
    if (gathers && ended == Walk.Stage.PAGES) {
      keepGather(walk, mm);
    }
    walk.stage = Walk.Stage.BETWEEN;
    walk.pages = 0;
    walk.donePages = 0;
    walk.comeFree = 0;
    if (walk.pass == Walk.Pass.MUNLOCK) {
      mm.vmas[walk.vma].locked = false;
    }
    if (!walk.zaps()) {
      return false;
    }
    Vma vma = mm.vmas[walk.vma];
    if (ended == Walk.Stage.REST) {
      dropSwap(mm, vma);
      return false;
    }
    if (sideBySide) {
      locks.share(mm);
      return walk.quota > 0 && beginRest(walk, vma);
    }
    return beginSwap(walk, mm, vma);
  }

  private boolean nextSegment(Walk walk, Mm mm) {
    switch (walk.pass) {
      case PAGE_TABLES -> {
        if (walk.vma == -1 && mm.pageTablePages + mm.gatheredPages > 0) {
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
    int step = walk.down ? -1 : 1;
    int from = walk.vma == -1 ? (walk.down ? mm.vmas.length - 1 : 0) : walk.vma + step;
    for (int i = from; i >= 0 && i < mm.vmas.length && walk.quota > 0; i += step) {
      Vma vma = mm.vmas[i];
      walk.vma = i;
      if (isEligible(walk, vma) && enter(walk, mm, vma)) {
        return true;
      }
    }
    return false;
  }

  // What has been swapped out of a mapping: its entries stand in the page tables, and whoever
  // empties those frees them (free_swap_and_cache_nr() of mm/swapfile.c).

  private long swapNs(Vma vma) {
    return vma.outPages > 0 && !vma.isFile() ? vma.outPages * machine.freeSwapNs : 0;
  }

  private boolean beginSwap(Walk walk, Mm mm, Vma vma) {
    long ns = walk.quota > 0 ? swapNs(vma) : 0;
    if (ns == 0) {
      dropSwap(mm, vma);
      return false;
    }
    enlist(walk, Walk.Stage.REST);
    walk.lockShare = 0;
    walk.endNs = walk.startNs + ns;
    work(walk);
    return true;
  }

  private void dropSwap(Mm mm, Vma vma) {
    if (vma.outPages > 0 && vma.pages == 0) {
      if (!vma.isFile()) {
        kernel.pageOut().release(mm, vma.outPages);
      }
      vma.outPages = 0;
      vma.missed = 0;
    }
  }

  /** Begins with a mapping; false if it has nothing to do for the walker. */
  private boolean enter(Walk walk, Mm mm, Vma vma) {
    if (!sideBySide || !walk.zaps()) {
      if (vma.pages == 0) {
        return passesEmptyTables(walk, mm, vma);
      }
      long areas = walk.pass == Walk.Pass.UNMAP ? vma.spec.areas() * machine.areaNs : 0;
      begin(walk, Math.min(vma.pages, walk.quota), costPerPage(walk, vma), areas);
      return true;
    }
    walk.aheadPages = vma.zapped(walk.down);
    if (vma.pages == 0) {
      return beginRest(walk, vma);
    }
    // A processor first, since who has one decides about the pace; that will correct the time.
    kernel.waits.work(walk.id, eventOf(walk.id), 1);
    enlist(walk, Walk.Stage.PAGES);
    waitUnlessRunning(walk);
    locks.share(mm);
    return true;
  }

  /**
   * What is left to do in a mapping without pages: to look at the page tables that others have
   * emptied while the walker was elsewhere, and to take down the areas. False if that is nothing.
   */
  private boolean beginRest(Walk walk, Vma vma) {
    long others = vma.zapped(!walk.down) + walk.aheadPages;
    long visitsNs = Math.round(others * vma.tablesPerPage() * machine.visitNs);
    boolean removes = walk.pass == Walk.Pass.UNMAP && vma.touchedPages > 0;
    long areasNs = (removes ? vma.spec.areas() * machine.areaNs : 0) + swapNs(vma);
    if (visitsNs + areasNs == 0) {
      dropSwap(machine.mms[walk.mm], vma);
      return false;
    }
    enlist(walk, Walk.Stage.REST);
    walk.lockShare = (double) visitsNs / (visitsNs + areasNs);
    walk.endNs = walk.startNs + visitsNs + areasNs;
    work(walk);
    return true;
  }

  /**
   * unmap_vmas() goes through the page tables of a mapping whether or not a reaper, or the exit
   * itself up to 5.17, has emptied them before: they are freed by free_pgtables() only. False if
   * that takes no time.
   */
  private boolean passesEmptyTables(Walk walk, Mm mm, Vma vma) {
    long ns = gathers && walk.pass == Walk.Pass.UNMAP ? vma.pageTables() * machine.tableWalkNs : 0;
    ns += walk.zaps() ? swapNs(vma) : 0;
    if (ns == 0 || vma.touchedPages == 0) {
      dropSwap(mm, vma);
      return false;
    }
    enlist(walk, Walk.Stage.REST);
    walk.lockShare = 0;
    walk.endNs = walk.startNs + ns;
    work(walk);
    return true;
  }

  private void enlist(Walk walk, Walk.Stage stage) {
    walk.stage = stage;
    walk.startNs = kernel.clock();
    walk.accountedNs = walk.startNs;
    walk.pausedNs = Walk.NOT_PAUSED;
    walk.pages = 0;
    walk.donePages = 0;
    walk.comeFree = 0;
    walk.gather.clear();
    machine.walkers.addLast(walk.id);
  }

  /**
   * unmap_vmas() leaves nothing behind: where another walker still has pages of a page table in
   * hand it gets the lock of that table only afterwards, and takes what is left if the other has
   * lost its processor. zap_pte_range() of mm/memory.c. False if nothing is left.
   */
  private boolean spinsForOthers(Walk walk, Mm mm) {
    if (!sideBySide || walk.pass != Walk.Pass.UNMAP) {
      return false;
    }
    for (Vma vma : mm.vmas) {
      if (vma.pages == 0) {
        continue;
      }
      long untilNs = locks.whenDone(mm, vma.index);
      if (untilNs <= kernel.clock()) {
        walk.vma = vma.index;
        return enter(walk, mm, vma);
      }
      walk.vma = mm.vmas.length - 1;
      enlist(walk, Walk.Stage.REST);
      walk.lockShare = 1;
      walk.endNs = untilNs;
      work(walk);
      return true;
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
        if (asksEachVma
            && vma.spec.notifier() == VmaSpec.Notifier.BLOCKABLE
            && !kernel.flow.isExit(walk)) {
          walk.refused = true; // mmu_notifier_invalidate_range_start_nonblock() says no.
          yield false;
        }
        yield true;
      }
      default -> true;
    };
  }

  /** Nanoseconds to take out, or unlock, a page of a mapping, for a walker that is alone. */
  long costPerPage(Walk walk, Vma vma) {
    if (walk.pass == Walk.Pass.MUNLOCK) {
      return machine.munlockNs;
    }
    long cost =
        switch (vma.spec.kind()) {
          case ANONYMOUS ->
              vma.spec.huge() ? machine.unmapHugeNs / PAGES_PER_HUGE_PAGE : machine.unmapNs;
          case HUGETLB -> machine.unmapHugeNs / PAGES_PER_HUGE_PAGE;
          case FILE, SHARED_FILE, SHMEM, SHARED_ANONYMOUS, BORROWED -> machine.unmapFileNs;
          case PFNMAP -> 0L;
        };
    if (vma.locked) {
      // Where there is a separate pass to unlock pages, taking one without it does both jobs.
      cost += munlockPass ? machine.munlockNs : machine.unmapLockedNs;
    }
    return cost;
  }

  private void begin(Walk walk, long pages, long nsPerPage, long moreNs) {
    Mm mm = machine.mms[walk.mm];
    enlist(walk, Walk.Stage.PAGES);
    walk.nsPerTable = PAGES_PER_TABLE * nsPerPage;
    walk.lockShare = 0;
    walk.pages = pages;
    walk.endNs = walk.whenDone(pages) + moreNs;
    if (gathers) {
      switch (walk.pass) {
        case UNMAP -> unmapIntoGather(walk, mm, nsPerPage, moreNs);
        case REAP -> reapIntoGather(walk, mm, nsPerPage);
        case PAGE_TABLES -> finishGather(walk, mm);
        case MUNLOCK, FREE_SHARED, NONE -> {}
      }
    }
    if (nsPerPage == 0 || walk.endNs == walk.startNs) {
      kernel.flow.settle(); // Everything at once.
    }
    work(walk);
  }

  /**
   * unmap_vmas() of an exit has one mmu_gather for all mappings. tlb_next_batch() of
   * mm/mmu_gather.c finds pages for a whole one where the walker may use reserves, as a victim may
   * until exit_mm() takes TIF_MEMDIE from it, which is after mmput(). What it takes to get from
   * page to page, through areas and page tables, is part of unmapping.
   */
  private void unmapIntoGather(Walk walk, Mm mm, long nsPerPage, long areasNs) {
    Vma vma = mm.vmas[walk.vma];
    if (vma.spec.kind() == VmaSpec.Kind.ANONYMOUS) {
      double wayNs = (double) (areasNs + vma.pageTables() * machine.tableWalkNs) / walk.pages;
      long pagesPerEntry = pagesPerEntry(vma);
      gather(walk, vma, nsPerPage, wayNs, (GATHER_ENTRIES - mm.gatheredEntries) * pagesPerEntry);
      walk.gather.finds(mm.gatheredPages, mm.gatheredNs);
      walk.endNs = walk.startNs + walk.gather.wholeNs(walk.pages);
    } else if (emptiesGather(walk, mm)) {
      walk.endNs += Math.round(mm.gatheredNs);
    }
  }

  /**
   * What an exit reaps up to 5.17 is gathered for each mapping. MADV_DONTNEED, which the reaper and
   * process_mrelease() do, takes as long from page table to page table; but they get no pages for a
   * gather while memory is short.
   */
  private void reapIntoGather(Walk walk, Mm mm, long nsPerPage) {
    Vma vma = mm.vmas[walk.vma];
    double wayNs = vma.tablesPerPage() * machine.tableWalkNs;
    if (kernel.flow.isExit(walk)) {
      gather(walk, vma, nsPerPage, wayNs, GATHER_ENTRIES * pagesPerEntry(vma));
      walk.gather.finishes();
      walk.endNs = walk.startNs + walk.gather.wholeNs(walk.pages);
    } else {
      walk.nsPerTable += Math.round(PAGES_PER_TABLE * wayNs);
      walk.endNs = walk.whenDone(walk.pages);
    }
  }

  private void gather(Walk walk, Vma vma, long nsPerPage, double wayNs, long firstPages) {
    long pagesPerEntry = pagesPerEntry(vma);
    double zapNs = Math.min((double) nsPerPage, (double) machine.unmapFileNs / pagesPerEntry);
    walk.nsPerTable += Math.round(PAGES_PER_TABLE * wayNs);
    walk.gather.begin(zapNs + wayNs, nsPerPage - zapNs, GATHER_ENTRIES * pagesPerEntry, firstPages);
  }

  /**
   * pte_free_tlb() puts page tables into the same gather, and tlb_finish_mmu() frees what is in it
   * after free_pgtables(): from 6.0 on after MMF_OOM_SKIP is set.
   */
  private void finishGather(Walk walk, Mm mm) {
    long freeNs = Math.min(machine.pageTableNs, machine.unmapNs - machine.unmapFileNs);
    double emptyNs = (double) Math.max(0, freeNs);
    walk.gather.begin(
        machine.pageTableNs - emptyNs,
        emptyNs,
        GATHER_ENTRIES,
        GATHER_ENTRIES - mm.gatheredEntries);
    walk.gather.finds(mm.gatheredPages, mm.gatheredNs);
    walk.gather.finishes();
    walk.endNs = walk.startNs + walk.gather.wholeNs(walk.pages);
  }

  /** What is in the gather when a mapping ends. */
  private void keepGather(Walk walk, Mm mm) {
    if (walk.pass == Walk.Pass.PAGE_TABLES) {
      mm.gatheredEntries = 0;
      mm.gatheredNs = 0;
      return;
    }
    if (walk.pass != Walk.Pass.UNMAP) {
      return;
    }
    Vma vma = mm.vmas[walk.vma];
    if (walk.gather.isInUse()) {
      mm.gatheredNs = walk.gather.keptNs(walk.pages);
    } else if (emptiesGather(walk, mm)) {
      kernel.flow.emptyGather(walk, mm);
      mm.gatheredNs = 0;
    }
    boolean flushed = isWritten(vma.spec);
    mm.gatheredEntries =
        flushed ? 0 : (mm.gatheredEntries + entries(vma, walk.pages)) % GATHER_ENTRIES;
  }

  /** Whether pages that stay with their file let the gather go. */
  private boolean emptiesGather(Walk walk, Mm mm) {
    Vma vma = mm.vmas[walk.vma];
    return isWritten(vma.spec) || mm.gatheredEntries + entries(vma, walk.pages) >= GATHER_ENTRIES;
  }

  /**
   * Shared pages that were written to. Their file must not miss the dirty bit, so zap_pte_range()
   * of mm/memory.c flushes at the end of the page table (force_flush), and what is gathered is
   * freed with that.
   */
  private static boolean isWritten(VmaSpec spec) {
    return switch (spec.kind()) {
      case SHMEM, SHARED_ANONYMOUS -> true;
      case SHARED_FILE -> spec.dirty();
      case ANONYMOUS, FILE, HUGETLB, BORROWED, PFNMAP -> false;
    };
  }

  /** Entries that pages of a mapping take in a gather: one for each struct page. */
  private static long entries(Vma vma, long pages) {
    if (vma.spec.kind() == VmaSpec.Kind.PFNMAP) {
      return 0;
    }
    long pagesPerEntry =
        vma.spec.kind() == VmaSpec.Kind.HUGETLB ? PAGES_PER_HUGE_PAGE : pagesPerEntry(vma);
    return (pages + pagesPerEntry - 1) / pagesPerEntry;
  }

  private static long pagesPerEntry(Vma vma) {
    return vma.spec.huge() ? PAGES_PER_HUGE_PAGE : 1;
  }

  private void work(Walk walk) {
    kernel.waits.work(walk.id, eventOf(walk.id), walk.endNs - walk.startNs);
    waitUnlessRunning(walk);
  }

  private void waitUnlessRunning(Walk walk) {
    if (!kernel.runQueue.isRunning(walk.id)) {
      walk.pausedNs = kernel.clock();
    }
  }

  /** A walker's time at the pace it has had goes into the ledger. */
  void account(Walk walk) {
    kernel.flow.account(walk);
  }

  /** A walker at work takes so many pages out of its mapping from now on, at a pace of its own. */
  void take(Walk walk, long pages) {
    walk.startNs = kernel.clock();
    walk.pages = pages;
    walk.donePages = 0;
    walk.comeFree = 0;
    walk.endNs = walk.whenDone(pages);
    kernel.flow.settle(walk); // What takes no time has happened.
    kernel.waits.adjust(walk.id, eventOf(walk.id), walk.endNs - walk.startNs);
  }

  private void finish(Walk walk, Mm mm) {
    if (walk.zaps()) {
      // Swap entries are dropped with the page table entries that hold them.
      if (machine.backing == null) {
        mm.swapPages = 0;
      } else {
        kernel.pageOut().release(mm, mm.swapPages - swappedOut(mm));
      }
      mm.zapper = NOBODY;
      while (!mm.followers.isEmpty()) {
        wake(mm.followers.removeFirst(), kernel.clock());
      }
    }
    walk.pass = Walk.Pass.NONE;
  }

  /** Pages of its mappings that are in swap, beside what it had there at boot. */
  private static long swappedOut(Mm mm) {
    long pages = 0;
    for (Vma vma : mm.vmas) {
      pages += vma.isFile() ? 0 : vma.outPages;
    }
    return pages;
  }

  /** Lets a walker go on at a time. */
  private void wake(int walker, long timeNs) {
    machine.walk(walker).following = false;
    kernel.waits.wake(walker, eventOf(walker), timeNs);
  }

  private Event eventOf(int walker) {
    return walker == REAPER ? Event.REAPER : kernel.scheduler.eventOf(machine.tasks[walker]);
  }

  /** A walker loses its processor: what has come out so far stays out, and no more comes. */
  void pause(int walker) {
    if (machine.walkers.isEmpty()) {
      return;
    }
    Walk walk = machine.walk(walker);
    if (walk.isUnderWay() && !walk.isPaused()) {
      pause(walk);
    }
  }

  private void pause(Walk walk) {
    kernel.flow.settle();
    kernel.flow.account(walk);
    walk.pausedNs = kernel.clock();
    shareAgain(walk);
  }

  /** A walker has a processor again: the rest of its walk is as much later. */
  void goOn(int walker) {
    if (machine.walkers.isEmpty()) {
      return;
    }
    Walk walk = machine.walk(walker);
    if (walk.isUnderWay() && walk.isPaused()) {
      goOn(walk);
    }
  }

  private void goOn(Walk walk) {
    kernel.flow.settle();
    long waitedNs = kernel.clock() - walk.pausedNs;
    walk.startNs += waitedNs;
    walk.endNs += waitedNs;
    walk.accountedNs += waitedNs;
    walk.pausedNs = Walk.NOT_PAUSED;
    shareAgain(walk);
  }

  private void shareAgain(Walk walk) {
    if (sideBySide && walk.zaps() && walk.stage == Walk.Stage.PAGES) {
      locks.share(machine.mms[walk.mm]);
    }
  }
}
