package org.oomlab.kernel.state;

import org.oomlab.workload.VmaSpec;

/** A stretch of an address space: vm_area_struct, or several alike. */
public final class Vma {
  public final VmaSpec spec;
  public final int index;

  /** Resident pages. */
  public long pages;

  /** Resident pages it has ever had since boot that count towards its page tables. */
  public long touchedPages;

  /** VM_LOCKED. */
  public boolean locked;

  /** Pages that a reaper has taken out of it, for whoever looks for a futex list in it. */
  public long reapedPages;

  /** Pages that walkers on their way up have taken out of it. */
  public long zappedUp;

  /** Pages that walkers on their way down have taken out of it. */
  public long zappedDown;

  /** Where in it the heads of robust futex lists are: so many pages from its beginning. */
  public long robustHeadAt;

  /** Pages of it that have left memory: in swap, or of a file that can be read again. */
  public long outPages;

  /** Pages that its process has missed and not asked for yet. */
  public double missed;

  /** When it was last used; of what is not used any more, when its pages were touched. */
  public long usedNs;

  /** In how long each of its pages is really touched once, with all the waiting. */
  public long everyNs;

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
  public long pageTables() {
    return spec.pageTables() >= 0 ? spec.pageTables() : Machine.tablesFor(this, touchedPages);
  }

  /** How many page tables there are to a page. */
  public double tablesPerPage() {
    return touchedPages == 0 ? 0 : (double) pageTables() / touchedPages;
  }

  /** Pages that walkers on their way up, or down, have taken out of it. */
  public long zapped(boolean down) {
    return down ? zappedDown : zappedUp;
  }

  /** How long its pages have not been used, on average. */
  public long unusedNs(long nowNs) {
    long ns = nowNs - usedNs;
    return spec.access() == null || ns > everyNs ? ns + everyNs : everyNs;
  }

  /** So many pages more have been touched. */
  public void touched(long more, long nowNs) {
    usedNs += (long) ((nowNs - usedNs) * ((double) more / (pages + more)));
  }

  /** Counted in anon, file or shmem RSS; mm/oom_kill.c oom_badness() sees only those. */
  public boolean countsAsRss() {
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
  public boolean isPrivate() {
    return spec.kind() == VmaSpec.Kind.ANONYMOUS || spec.kind() == VmaSpec.Kind.FILE;
  }

  public boolean isFile() {
    return spec.kind() == VmaSpec.Kind.FILE || spec.kind() == VmaSpec.Kind.SHARED_FILE;
  }

  /** Reclaim may take its pages although they are mapped. */
  public boolean isReclaimable() {
    return isFile() && !locked && !spec.referenced();
  }
}
