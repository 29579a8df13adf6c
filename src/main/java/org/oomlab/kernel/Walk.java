package org.oomlab.kernel;

/**
 * One walker on its way through an address space, taking pages out of it or unlocking them.
 *
 * <p>Pages come out at a steady rate, one mapping after another. Nothing happens page by page: what
 * has come out by now is worked out whenever somebody looks ({@link Teardown#settle}), so a walk
 * costs as many events as there are mappings.
 */
final class Walk {
  /** What a walk is for. */
  enum Pass {
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

  static final long NOT_PAUSED = -1;

  /** The number of this walk: its task's, or {@link Machine#REAPER}. */
  final int id;

  Pass pass = Pass.NONE;

  /** The number of the address space. */
  int mm = Machine.NOBODY;

  /** The mapping under the walker, or -1 where the pass is not by mapping. */
  int vma;

  long startNs;
  long endNs;
  long pages;
  long donePages;
  long nsPerPage;

  /** Pages this pass has put on the free list. */
  long freedPages;

  /** Pages that the pass may still take before it ends, however many are left. */
  long quota;

  /** A notifier refused: the pass was not complete. */
  boolean refused;

  /** Since when it has had no processor, or {@link #NOT_PAUSED}. */
  long pausedNs = NOT_PAUSED;

  /** Waiting for another walker to finish with the pages. */
  boolean following;

  Walk(int id) {
    this.id = id;
  }

  void clear() {
    pass = Pass.NONE;
    mm = Machine.NOBODY;
    vma = -1;
    startNs = 0;
    endNs = 0;
    pages = 0;
    donePages = 0;
    nsPerPage = 0;
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
    startNs = that.startNs;
    endNs = that.endNs;
    pages = that.pages;
    donePages = that.donePages;
    nsPerPage = that.nsPerPage;
    freedPages = that.freedPages;
    quota = that.quota;
    refused = that.refused;
    following = that.following;
    pausedNs = that.pausedNs;
  }

  boolean isActive() {
    return pass != Pass.NONE;
  }

  boolean isPaused() {
    return pausedNs != NOT_PAUSED;
  }

  /** It takes mapped pages away, so that no second walker can do the same beside it. */
  boolean zaps() {
    return pass == Pass.REAP || pass == Pass.UNMAP;
  }
}
