package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.REAPER;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.Walk;
import org.oomlab.workload.VmaSpec;

/**
 * What has come out of walks: where the pages go, what the time went into, and when there will be
 * more. Nothing happens page by page; whoever looks first brings memory up to the present.
 *
 * <p>{@link Kernel} settles before everything but the steps of programs, most of which only let
 * time go by; {@link Scheduler} before those that do not. It makes no difference who else does, and
 * when: nobody has seen what was not settled, and {@link Watch} is woken in time.
 */
final class MemoryFlow {
  private final Kernel kernel;
  private final Machine machine;

  MemoryFlow(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** Whether no event may pass unsettled: somebody takes what comes free, or the disk writes. */
  boolean mustSettle() {
    return machine.writebackSinceNs >= 0 || !machine.drainers.isEmpty();
  }

  /** Whether memory is up to the present. */
  boolean isSettled() {
    return machine.settledNs == kernel.clock();
  }

  /** Brings memory up to the present: what has come out of every walk by now is free by now. */
  void settle() {
    machine.settledNs = kernel.clock();
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (!walk.isPaused()) {
        collect(walk);
      }
    }
    if (machine.writebackSinceNs >= 0) {
      kernel.reclaim.writeBack();
    }
    if (!machine.drainers.isEmpty()) {
      kernel.allocator.drain();
    }
  }

  /** The same for one walk, whose pace is about to change; its time so far goes into the ledger. */
  void settle(Walk walk) {
    account(walk);
    collect(walk);
  }

  private void collect(Walk walk) {
    long ns = presentOf(walk) - walk.startNs;
    long done = walk.doneAfter(ns);
    long free = walk.freeAfter(ns);
    long pages = done - walk.donePages;
    long freed = free - walk.comeFree;
    if (pages <= 0 && freed <= 0) {
      if (pages < 0 || freed < 0) {
        throw new LawBroken(Law.RIGHT_TO_FREE, "a walk puts pages back");
      }
      return;
    }
    walk.donePages = done;
    walk.comeFree = free;
    Mm mm = machine.mms[walk.mm];
    if (mm.gone && walk.pass != Walk.Pass.FREE_SHARED) {
      throw new LawBroken(Law.RIGHT_TO_FREE, "pages are taken out of what is gone");
    }
    switch (walk.pass) {
      case MUNLOCK -> {}
      case PAGE_TABLES -> {
        mm.pageTablePages -= pages;
        gather(walk, mm, pages, freed);
      }
      case FREE_SHARED -> {
        mm.sharedPending -= pages;
        free(walk, mm, pages);
      }
      case REAP, UNMAP -> unmap(walk, mm, mm.vmas[walk.vma], pages, freed);
      case NONE -> throw new IllegalStateException("a walk without a pass");
    }
  }

  /** Up to when a walker has been at work. */
  private long presentOf(Walk walk) {
    return walk.isPaused() ? walk.pausedNs : kernel.clock();
  }

  /** The time of every walk that is still under way goes into the ledger. */
  void accountAll() {
    for (int i = 0; i < machine.walkers.size(); i++) {
      account(machine.walk(machine.walkers.get(i)));
    }
  }

  /** A walker's time at its present pace goes into the ledger. */
  void account(Walk walk) {
    long ns = presentOf(walk) - walk.accountedNs;
    walk.accountedNs += ns;
    if (isExit(walk)) {
      machine.ledger.exitWalkNs += ns;
      machine.ledger.exitLockNs += ns * walk.lockShare;
    } else {
      machine.ledger.reaperWalkNs += ns;
      machine.ledger.reaperLockNs += ns * walk.lockShare;
    }
  }

  private void unmap(Walk walk, Mm mm, Vma vma, long pages, long freed) {
    vma.pages -= pages;
    if (vma.pages < 0) {
      throw new LawBroken(Law.RIGHT_TO_FREE, "a walk takes pages that are not there");
    }
    walk.quota -= pages;
    if (walk.down) {
      vma.zappedDown += pages;
    } else {
      vma.zappedUp += pages;
    }
    if (walk.pass == Walk.Pass.REAP) {
      vma.reapedPages += pages;
    }
    switch (vma.spec.kind()) {
      case ANONYMOUS -> gather(walk, mm, pages, freed);
      case FILE, SHARED_FILE -> {
        // A page of a file stays charged until it leaves the page cache: mm/filemap.c.
        if (mm.memcg != null) {
          mm.memcg.cachePages += pages;
        }
        if (vma.spec.dirty()) {
          machine.dirtyCachePages += pages;
        } else {
          machine.cleanCachePages += pages;
        }
      }
      case SHMEM -> {
        // The file outlives its users, and its charge with it.
        if (mm.memcg != null) {
          mm.memcg.orphanedPages += pages;
        }
        machine.orphanedPages += pages;
      }
      case HUGETLB -> {
        // The pool outlives its users.
        machine.orphanedPages += pages;
      }
      case SHARED_ANONYMOUS -> mm.sharedPending += pages;
      case PFNMAP, BORROWED -> {}
    }
  }

  /** Pages go into the gather of a walk, and others come free out of it. */
  private void gather(Walk walk, Mm mm, long pages, long freed) {
    mm.gatheredPages += pages - freed;
    if (freed > 0) {
      free(walk, mm, freed);
    }
  }

  /** Frees what is in the gather of an exit, which pages of a file have made full. */
  void emptyGather(Walk walk, Mm mm) {
    gather(walk, mm, 0, mm.gatheredPages);
  }

  private void free(Walk walk, Mm mm, long pages) {
    machine.freePages += pages;
    machine.lastProgressNs = kernel.clock();
    Machine.charge(mm.memcg, -pages);
    walk.freedPages += pages;
    walk.freedByExitPages += pages;
    Ledger ledger = machine.ledger;
    if (ledger.freedFromNs < 0) {
      ledger.freedFromNs = walk.startNs;
    }
    if (isExit(walk)) {
      ledger.freedByExitPages += pages;
    } else {
      ledger.freedByReaperPages += pages;
      ledger.reapedUntilNs = walk.whenDone(walk.donePages);
    }
  }

  /**
   * When so many more pages will have come free if nothing else changes; {@link Long#MAX_VALUE} if
   * the walks under way will not free as many before one of them ends.
   *
   * @param memcg where pages count that are no longer charged to it; null for the free list
   */
  long whenFreed(long pages, @Nullable Memcg memcg) {
    int count = 0;
    Walk last = null;
    long firstEnd = Long.MAX_VALUE; // There the walker's own event comes.
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isFilling(walk, memcg)) {
        count++;
        last = walk;
        firstEnd = Math.min(firstEnd, walk.endNs);
      }
    }
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    if (count > 1 || last.gather.isInUse()) {
      return whenFreedByAll(pages, firstEnd, memcg);
    }
    long when = last.whenDone(Math.min(last.donePages + pages, last.pages));
    return when < firstEnd ? when : Long.MAX_VALUE;
  }

  /** The same of walks whose paces differ, or change: the moment is found by halving. */
  private long whenFreedByAll(long pages, long firstEnd, @Nullable Memcg memcg) {
    long early = kernel.clock();
    long late = firstEnd - 1;
    if (freedBy(late, memcg) < pages) {
      return Long.MAX_VALUE;
    }
    while (early < late) {
      long middle = (early + late) >>> 1;
      if (freedBy(middle, memcg) < pages) {
        early = middle + 1;
      } else {
        late = middle;
      }
    }
    return late;
  }

  private long freedBy(long timeNs, @Nullable Memcg memcg) {
    long pages = 0;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isFilling(walk, memcg)) {
        pages += walk.freeAfter(timeNs - walk.startNs) - walk.comeFree;
      }
    }
    return pages;
  }

  /** Whether more pages are coming out of a walk, and go to the free list or leave a cgroup. */
  private boolean isFilling(Walk walk, @Nullable Memcg memcg) {
    return walk.nsPerTable > 0
        && walk.hasMoreToFree()
        && !walk.isPaused()
        && (memcg == null ? fillsFreeList(walk) : leaves(walk, memcg));
  }

  private boolean fillsFreeList(Walk walk) {
    return switch (walk.pass) {
      case PAGE_TABLES, FREE_SHARED -> true;
      case REAP, UNMAP -> kindOf(walk) == VmaSpec.Kind.ANONYMOUS;
      case MUNLOCK, NONE -> false;
    };
  }

  /** Whether its pages are no longer charged: not those of files, which outlive the mapping. */
  private boolean leaves(Walk walk, Memcg memcg) {
    Memcg charged = machine.mms[walk.mm].memcg;
    if (charged == null || !charged.isWithin(memcg)) {
      return false;
    }
    return switch (walk.pass) {
      case PAGE_TABLES, FREE_SHARED -> true;
      case REAP, UNMAP ->
          switch (kindOf(walk)) {
            case ANONYMOUS -> true;
            case FILE, SHARED_FILE, SHMEM, SHARED_ANONYMOUS, HUGETLB, PFNMAP, BORROWED -> false;
          };
      case MUNLOCK, NONE -> false;
    };
  }

  private VmaSpec.Kind kindOf(Walk walk) {
    return machine.mms[walk.mm].vmas[walk.vma].spec.kind();
  }

  /** A walk of the mm's own exit path, which has released the notifiers before it begins. */
  boolean isExit(Walk walk) {
    return walk.id != REAPER && machine.tasks[walk.id].state == Task.State.EXITING;
  }
}
