package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.workload.CgroupSpec;

/** A memory cgroup: mem_cgroup. */
final class Memcg {
  final int id;
  final CgroupSpec spec;
  final @Nullable Memcg parent;

  /** Pages charged to it, its descendants included. */
  long usagePages;

  /** Up to 4.18: the task that has the cgroup's own OOM lock. */
  int oomOwner;

  Memcg(int id, CgroupSpec spec, @Nullable Memcg parent) {
    this.id = id;
    this.spec = spec;
    this.parent = parent;
  }

  void clear() {
    usagePages = 0;
    oomOwner = Machine.NOBODY;
  }

  void copyFrom(Memcg that) {
    usagePages = that.usagePages;
    oomOwner = that.oomOwner;
  }

  boolean isWithin(Memcg ancestor) {
    for (Memcg memcg = this; memcg != null; memcg = memcg.parent) {
      if (memcg == ancestor) {
        return true;
      }
    }
    return false;
  }

  /** Whether a process belongs to a domain: to a cgroup or one below it, or to the machine. */
  static boolean isIn(Process process, @Nullable Memcg domain) {
    return domain == null || (process.memcg != null && process.memcg.isWithin(domain));
  }
}
