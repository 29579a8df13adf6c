package org.oomlab.kernel.state;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.workload.VmaSpec;

/** An address space: mm_struct. */
public final class Mm {
  public final int id;
  public final Vma[] vmas;
  public final @Nullable Memcg memcg;

  /** Whether its process uses any of it when it computes. */
  public final boolean used;

  /** On how many processors the threads have run of late. */
  public final int spread;

  /** Threads that may keep pages uncounted. */
  public final int threads;

  /** How many of the counters (anonymous, file, shmem) it uses. */
  public final int kinds;

  /** What is read of its counters at once: too little (-1) or too much (1) by all that may be. */
  public double lean;

  /** Pages of page tables. */
  public long pageTablePages;

  public long swapPages;

  /** Threads that use it: mm_users. */
  public int users;

  /** MMF_OOM_SKIP (4.9 and later) or MMF_OOM_REAPED (4.7, 4.8): the killer does not wait for it. */
  public boolean oomSkip;

  /** MMF_UNSTABLE: what it held may be gone. */
  public boolean unstable;

  /** MMF_OOM_VICTIM. */
  public boolean victim;

  /** MMF_OOM_REAP_QUEUED. */
  public boolean reapQueued;

  /** Shared with somebody who may not be killed: the reaper must leave it alone. */
  public boolean unreapable;

  /** MMF_OOM_NOT_REAPABLE of 4.8: every attempt has failed once. */
  public boolean reapFailedOnce;

  /** Its teardown is over. */
  public boolean gone;

  public int reapAttempts;

  /** mm->oom_free_expire of the 2018 patches. */
  public long oomFreeExpireNs;

  /** The fewest pages it was seen to own (resident, swapped, page tables) by whoever counts. */
  public long fewestPages;

  /** When that was seen. */
  public long shrunkNs;

  /** Rounds of the reaper since then. */
  public int fruitlessRounds;

  /** Its exit has promised to finish: reaper and MMF_OOM_SKIP are left to it. */
  public boolean handedOver;

  // mmap_lock: readers, or one writer (a task's number), and whoever waits in turn.
  public int readers;
  public int writer;
  public final IntList waiters = new IntList();

  /** Without contention, the walk that is unmapping pages; whoever else would has to follow it. */
  public int zapper;

  /** The walks that follow it. */
  public final IntList followers = new IntList();

  /** Shared anonymous pages that are unmapped but not freed before the last file reference goes. */
  public long sharedPending;

  // The mmu_gather of its exit, from unmap_vmas() to tlb_finish_mmu().

  /** Entries in it. */
  public long gatheredEntries;

  /** Pages in it that come free with it: unmapped, and still in use. */
  public long gatheredPages;

  /** How long it takes to free those. */
  public double gatheredNs;

  Mm(int id, Vma[] vmas, @Nullable Memcg memcg, int spread, int threads) {
    this.id = id;
    this.vmas = vmas;
    this.memcg = memcg;
    this.spread = spread;
    this.threads = threads;
    boolean any = false;
    EnumSet<VmaSpec.Kind> counted = EnumSet.noneOf(VmaSpec.Kind.class);
    for (Vma vma : vmas) {
      any |= vma.spec.access() != null;
      if (vma.countsAsRss()) {
        counted.add(vma.spec.kind());
      }
    }
    this.used = any;
    this.kinds = counted.size();
    clear();
  }

  void clear() {
    lean = 0;
    pageTablePages = 0;
    swapPages = 0;
    users = 0;
    oomSkip = false;
    unstable = false;
    victim = false;
    reapQueued = false;
    unreapable = false;
    reapFailedOnce = false;
    gone = false;
    reapAttempts = 0;
    oomFreeExpireNs = 0;
    fewestPages = Long.MAX_VALUE;
    shrunkNs = 0;
    fruitlessRounds = 0;
    handedOver = false;
    readers = 0;
    writer = Machine.NOBODY;
    waiters.clear();
    zapper = Machine.NOBODY;
    followers.clear();
    sharedPending = 0;
    gatheredEntries = 0;
    gatheredPages = 0;
    gatheredNs = 0;
  }

  void copyFrom(Mm that) {
    for (int i = 0; i < vmas.length; i++) {
      vmas[i].copyFrom(that.vmas[i]);
    }
    lean = that.lean;
    pageTablePages = that.pageTablePages;
    swapPages = that.swapPages;
    users = that.users;
    oomSkip = that.oomSkip;
    unstable = that.unstable;
    victim = that.victim;
    reapQueued = that.reapQueued;
    unreapable = that.unreapable;
    reapFailedOnce = that.reapFailedOnce;
    gone = that.gone;
    reapAttempts = that.reapAttempts;
    oomFreeExpireNs = that.oomFreeExpireNs;
    fewestPages = that.fewestPages;
    shrunkNs = that.shrunkNs;
    fruitlessRounds = that.fruitlessRounds;
    handedOver = that.handedOver;
    readers = that.readers;
    writer = that.writer;
    waiters.copyFrom(that.waiters);
    zapper = that.zapper;
    followers.copyFrom(that.followers);
    sharedPending = that.sharedPending;
    gatheredEntries = that.gatheredEntries;
    gatheredPages = that.gatheredPages;
    gatheredNs = that.gatheredNs;
  }

  /** get_mm_rss(): anonymous, file and shmem pages. */
  public long rss() {
    long sum = 0;
    for (Vma vma : vmas) {
      if (vma.countsAsRss()) {
        sum += vma.pages;
      }
    }
    return sum;
  }

  /** Every page it holds, page tables included. */
  public long footprint() {
    long sum = pageTablePages + sharedPending + gatheredPages;
    for (Vma vma : vmas) {
      if (vma.takesMemory()) {
        sum += vma.pages;
      }
    }
    return sum;
  }

  /** What its cgroup is charged for. */
  public long charged() {
    long sum = footprint();
    for (Vma vma : vmas) {
      if (vma.takesMemory() && !vma.isCharged()) {
        sum -= vma.pages;
      }
    }
    return sum;
  }

  /** Whether there is anonymous memory to unmap. */
  public boolean hasAnonymousPages() {
    for (Vma vma : vmas) {
      if (vma.spec.kind() == VmaSpec.Kind.ANONYMOUS && vma.pages > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether any mapping is watched by a notifier, or by one that may block. */
  public boolean hasNotifier(boolean blockableOnly) {
    for (Vma vma : vmas) {
      if (vma.spec.notifier() == VmaSpec.Notifier.BLOCKABLE
          || (!blockableOnly && vma.spec.notifier() == VmaSpec.Notifier.NON_BLOCKING)) {
        return true;
      }
    }
    return false;
  }
}
