package org.oomlab.kernel.state;

import static org.oomlab.kernel.state.Machine.PAGES_PER_TABLE;

/**
 * One walker on its way through an address space, taking pages out of it or unlocking them.
 *
 * <p>Pages come out at a steady rate, one mapping after another. Nothing happens page by page: what
 * has come out by now is worked out whenever somebody looks ({@link MemoryFlow#settle}), so a walk
 * costs as many events as there are mappings, and a few more where it meets another.
 */
public final class Walk {
  /** What a walk is for. */
  public enum Pass {
    NONE,
    /** __oom_reap_task_mm(): private mappings only. */
    REAP,
    /** munlock_vma_pages_all(). */
    MUNLOCK,
    /** unmap_vmas(): whatever is left. */
    UNMAP,
    /** free_pgtables(). */
    PAGE_TABLES,
    /** The last file reference of shared anonymous memory goes. */
    FREE_SHARED
  }

  /** Where a walk is within a mapping. */
  public enum Stage {
    /** Between two mappings. */
    BETWEEN,
    /** Its pages come out. */
    PAGES,
    /** Past its pages: page tables that others have emptied, and what each area costs. */
    REST
  }

  public static final long NOT_PAUSED = -1;

  /** Two hundred days: so long a walk takes on the largest of machines with the slowest pages. */
  private static final long LONG_NS = Long.MAX_VALUE / PAGES_PER_TABLE;

  /** The number of this walk: its task's, or {@link Machine#REAPER}. */
  public final int id;

  public Pass pass = Pass.NONE;
  public Stage stage = Stage.BETWEEN;

  /** The number of the address space. */
  public int mm = Machine.NOBODY;

  /** The mapping under the walker, or -1 where the pass is not by mapping. */
  public int vma;

  /** Whether it goes from high addresses to low ones. */
  public boolean down;

  /** Since when it has gone at this pace. */
  public long startNs;

  /** When it is done with the mapping, or with its share of it. */
  public long endNs;

  /** Pages to take at this pace. */
  public long pages;

  /** Pages taken at this pace. */
  public long donePages;

  /** The pace: nanoseconds for a page table's worth of pages. */
  public long nsPerTable;

  /** The pages that it unmaps before it frees them; not in use if it frees each at once. */
  public final Gather gather = new Gather();

  /** Pages that have come free since it is in this mapping, at this pace. */
  public long comeFree;

  /** The part of its time that goes into getting page table locks, from 0 to 1. */
  public double lockShare;

  /** Up to when its time is in the ledger. */
  public long accountedNs;

  /** Pages that walkers in its direction had taken out of the mapping before it came there. */
  public long aheadPages;

  /** Pages this pass has put on the free list. */
  public long freedPages;

  /** Pages freed by all walks of an exit path so far. */
  public long freedByExitPages;

  /** Pages that the pass may still take before it ends, however many are left. */
  public long quota;

  /** A notifier refused: the pass was not complete. */
  public boolean refused;

  /** Since when it has had no processor, or {@link #NOT_PAUSED}. */
  public long pausedNs = NOT_PAUSED;

  /** Waiting for another walker to finish with the pages. */
  public boolean following;

  Walk(int id) {
    this.id = id;
  }

  public void clear() {
    pass = Pass.NONE;
    mm = Machine.NOBODY;
    vma = -1;
    stage = Stage.BETWEEN;
    down = false;
    startNs = 0;
    endNs = 0;
    pages = 0;
    donePages = 0;
    nsPerTable = 0;
    gather.clear();
    comeFree = 0;
    lockShare = 0;
    accountedNs = 0;
    aheadPages = 0;
    freedPages = 0;
    quota = Long.MAX_VALUE;
    refused = false;
    following = false;
    pausedNs = NOT_PAUSED;
  }

  void copyFrom(Walk that) {
    pass = that.pass;
    mm = that.mm;
    vma = that.vma;
    stage = that.stage;
    down = that.down;
    startNs = that.startNs;
    endNs = that.endNs;
    pages = that.pages;
    donePages = that.donePages;
    nsPerTable = that.nsPerTable;
    gather.copyFrom(that.gather);
    comeFree = that.comeFree;
    lockShare = that.lockShare;
    accountedNs = that.accountedNs;
    aheadPages = that.aheadPages;
    freedPages = that.freedPages;
    freedByExitPages = that.freedByExitPages;
    quota = that.quota;
    refused = that.refused;
    following = that.following;
    pausedNs = that.pausedNs;
  }

  /** Pages that have come out when it has been at work for so long at this pace. */
  public long doneAfter(long ns) {
    if (gather.isInUse()) {
      return ns >= endNs - startNs ? pages : gather.unmappedAfter(ns, pages);
    }
    if (nsPerTable == 0) {
      return pages;
    }
    long done =
        ns < LONG_NS
            ? ns * PAGES_PER_TABLE / nsPerTable
            : ns / nsPerTable * PAGES_PER_TABLE + ns % nsPerTable * PAGES_PER_TABLE / nsPerTable;
    return Math.min(pages, done);
  }

  /** Of those, and of what it has found in the gather, the pages that have come free. */
  public long freeAfter(long ns) {
    if (gather.isInUse()) {
      return ns >= endNs - startNs ? gather.freedOf(pages) : gather.freedAfter(ns, pages);
    }
    return doneAfter(ns);
  }

  /** Whether more pages will come free before it is done with the mapping. */
  public boolean hasMoreToFree() {
    return comeFree < (gather.isInUse() ? gather.freedOf(pages) : pages);
  }

  /** When so many pages of what it is at will have come out, where it does not gather. */
  public long whenDone(long count) {
    long tables = count / PAGES_PER_TABLE;
    long rest = count % PAGES_PER_TABLE;
    return startNs
        + tables * nsPerTable
        + (rest * nsPerTable + PAGES_PER_TABLE - 1) / PAGES_PER_TABLE;
  }

  public boolean isActive() {
    return pass != Pass.NONE;
  }

  /** In a mapping, with work to do there. */
  public boolean isUnderWay() {
    return stage != Stage.BETWEEN;
  }

  public boolean isPaused() {
    return pausedNs != NOT_PAUSED;
  }

  /** It takes mapped pages away, so that a second walker beside it gets in its way. */
  public boolean zaps() {
    return pass == Pass.REAP || pass == Pass.UNMAP;
  }
}
