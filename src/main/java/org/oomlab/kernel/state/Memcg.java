package org.oomlab.kernel.state;

import org.jspecify.annotations.Nullable;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.workload.CgroupSpec;

/** A memory cgroup: mem_cgroup. */
public final class Memcg {
  public final int id;
  public final CgroupSpec spec;
  public final @Nullable Memcg parent;

  /** Its pressure, where that is measured. */
  public final @Nullable PsiGroup psi;

  /** Pages charged to it, its descendants included. */
  public long usagePages;

  /** Pages of files that nobody maps any more: charged to it until reclaim takes them. */
  public long cachePages;

  /** Pages of files in tmpfs that nobody maps any more: charged to it, and nobody can take them. */
  public long orphanedPages;

  /** Up to 4.18: the task that has the cgroup's own OOM lock. */
  public int oomOwner;

  /** Slots of swap that its processes and those below it have. */
  public long swapPages;

  /** Pages that reclaim has taken from its processes and those below it: pgscan, about. */
  public long takenPages;

  Memcg(int id, CgroupSpec spec, @Nullable Memcg parent, @Nullable PsiGroup psi) {
    this.psi = psi;
    this.id = id;
    this.spec = spec;
    this.parent = parent;
  }

  void clear() {
    usagePages = 0;
    cachePages = 0;
    orphanedPages = 0;
    oomOwner = Machine.NOBODY;
    swapPages = 0;
    takenPages = 0;
    if (psi != null) {
      psi.clear();
    }
  }

  void copyFrom(Memcg that) {
    usagePages = that.usagePages;
    cachePages = that.cachePages;
    orphanedPages = that.orphanedPages;
    oomOwner = that.oomOwner;
    swapPages = that.swapPages;
    takenPages = that.takenPages;
    if (psi != null && that.psi != null) {
      psi.copyFrom(that.psi);
    }
  }

  /**
   * Takes cache from it, with the clean pages that there are.
   *
   * @return how many pages, which are charged to nobody any more
   */
  public long takeCache(long want) {
    long pages = Math.min(want, cachePages);
    cachePages -= pages;
    Machine.charge(this, -pages);
    return pages;
  }

  public PsiGroup psi() {
    if (psi == null) {
      throw new IllegalStateException("nobody measures pressure");
    }
    return psi;
  }

  public boolean isWithin(Memcg ancestor) {
    for (Memcg memcg = this; memcg != null; memcg = memcg.parent) {
      if (memcg == ancestor) {
        return true;
      }
    }
    return false;
  }

  /** Whether a process belongs to a domain: to a cgroup or one below it, or to the machine. */
  public static boolean isIn(Process process, @Nullable Memcg domain) {
    return domain == null || (process.memcg != null && process.memcg.isWithin(domain));
  }
}
