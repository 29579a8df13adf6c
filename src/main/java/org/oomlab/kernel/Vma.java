package org.oomlab.kernel;

import org.oomlab.workload.VmaSpec;

/** A stretch of an address space: vm_area_struct, or several alike. */
final class Vma {
  final VmaSpec spec;
  final int index;

  /** Resident pages. */
  long pages;

  /** Resident pages it has ever had since boot that count towards its page tables. */
  long touchedPages;

  /** VM_LOCKED. */
  boolean locked;

  /** Pages that a reaper has taken out of it, for whoever looks for a futex list in it. */
  long reapedPages;

  /** Pages that walkers on their way up have taken out of it. */
  long zappedUp;

  /** Pages that walkers on their way down have taken out of it. */
  long zappedDown;

  /** Where in it the heads of robust futex lists are: so many pages from its beginning. */
  long robustHeadAt;

  /** Pages of it that have left memory: in swap, or of a file that can be read again. */
  long outPages;

  /** Pages that its process has missed and not asked for yet. */
  double missed;

  /** When it was last used; of what is not used any more, when its pages were touched. */
  long usedNs;

  /** In how long each of its pages is really touched once, with all the waiting. */
  long everyNs;

  Vma(VmaSpec spec, int index) {
    this.spec = spec;
    this.index = index;
  }

  void copyFrom(Vma that) {
    pages = that.pages;
    touchedPages = that.touchedPages;
    locked = that.locked;
    reapedPages = that.reapedPages;
    zappedUp = that.zappedUp;
    zappedDown = that.zappedDown;
    robustHeadAt = that.robustHeadAt;
    outPages = that.outPages;
    missed = that.missed;
    usedNs = that.usedNs;
    everyNs = that.everyNs;
  }

  /** Page tables that map its pages. */
  long pageTables() {
    return spec.pageTables() >= 0 ? spec.pageTables() : Machine.tablesFor(this, touchedPages);
  }

  /** How many page tables there are to a page. */
  double tablesPerPage() {
    return touchedPages == 0 ? 0 : (double) pageTables() / touchedPages;
  }

  /** Pages that walkers on their way up, or down, have taken out of it. */
  long zapped(boolean down) {
    return down ? zappedDown : zappedUp;
  }

  /** How long its pages have not been used, on average. */
  long unusedNs(long nowNs) {
    long ns = nowNs - usedNs;
    return spec.access() == null || ns > everyNs ? ns + everyNs : everyNs;
  }

  /** So many pages more have been touched. */
  void touched(long more, long nowNs) {
    usedNs += (long) ((nowNs - usedNs) * ((double) more / (pages + more)));
  }

  /** Counted in anon, file or shmem RSS; mm/oom_kill.c oom_badness() sees only those. */
  boolean countsAsRss() {
    return spec.kind() != VmaSpec.Kind.HUGETLB && spec.kind() != VmaSpec.Kind.PFNMAP;
  }

  /** Its pages are the machine's and this address space's: nobody else accounts for them. */
  boolean takesMemory() {
    return spec.kind() != VmaSpec.Kind.PFNMAP && spec.kind() != VmaSpec.Kind.BORROWED;
  }

  /**
   * A cgroup is charged for them. Those of hugetlb are charged to a controller of their own, and to
   * memory cgroups only where cgroup2 is mounted with memory_hugetlb_accounting (6.7 and later);
   * mm/hugetlb.c alloc_hugetlb_folio().
   */
  boolean isCharged() {
    return spec.kind() != VmaSpec.Kind.HUGETLB;
  }

  /** vma_is_anonymous() or not VM_SHARED, and not hugetlb or PFNMAP; mm/oom_kill.c@6.18. */
  boolean isPrivate() {
    return spec.kind() == VmaSpec.Kind.ANONYMOUS || spec.kind() == VmaSpec.Kind.FILE;
  }

  boolean isFile() {
    return spec.kind() == VmaSpec.Kind.FILE || spec.kind() == VmaSpec.Kind.SHARED_FILE;
  }

  /** Reclaim may take its pages although they are mapped. */
  boolean isReclaimable() {
    return isFile() && !locked && !spec.referenced();
  }
}
