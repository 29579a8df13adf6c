package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Backing;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Vma;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.VmaSpec;

/**
 * Takes pages out of the memory of living processes: shrink_folio_list() of mm/vmscan.c, with the
 * swap device behind it (mm/page_io.c). Whose pages go is a matter of how long ago they were used,
 * mapping by mapping; no page is looked at by itself.
 *
 * <p>Pages for a disk take memory until they are written, and whoever needs memory waits for that
 * (reclaim_throttle()). zram compresses them at once, on the processor of who reclaims.
 */
final class PageOut {
  /**
   * For so long the coldest mapping is not looked for again: a round of the lists takes longer than
   * this under any load, and looking at every mapping for each cluster would cost more than the
   * rest.
   */
  private static final long SAME_FOR_NS = 10_000_000;

  private final Kernel kernel;

  private final Machine machine;
  private final Backing backing;

  /** The process of each address space. */
  private final int[] owner;

  PageOut(Kernel kernel, Backing backing) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.backing = backing;
    this.owner = new int[machine.mms.length];
    for (int i = machine.processes.length - 1; i >= 0; i--) {
      Mm mm = machine.processes[i].mm;
      if (mm != null) {
        owner[mm.id] = i;
      }
    }
  }

  /** Whether anonymous memory can be swapped out: can_reclaim_anon_pages(). */
  boolean canSwap(@Nullable Memcg memcg) {
    return backing.freeSlots() > 0
        && swapRoom(memcg) > 0
        && coldest(memcg, true, kernel.clock()) != null;
  }

  /** Slots that a cgroup and all above it may still take: memory.swap.max. */
  private static long swapRoom(@Nullable Memcg memcg) {
    long room = Long.MAX_VALUE;
    for (Memcg up = memcg; up != null; up = up.parent) {
      room = Math.min(room, up.spec.soft().swapMax() - up.swapPages);
    }
    return room;
  }

  /**
   * Takes pages of processes.
   *
   * @param want how many
   * @param memcg whose, or null: anybody's
   * @return how many were taken, on their way to the disk or free
   */
  long take(long want, @Nullable Memcg memcg) {
    long anon = backing.freeSlots() > 0 ? Math.round(want * backing.balance.anonShare()) : 0;
    long got = anon > 0 ? swapOut(anon, memcg) : 0;
    got += evict(want - got, memcg);
    if (got < want && backing.freeSlots() > 0) {
      got += swapOut(want - got, memcg);
    }
    return got;
  }

  /** The same of page cache alone, which comes free at once. */
  private long evict(long want, @Nullable Memcg memcg) {
    long got = 0;
    while (got < want) {
      Vma vma = coldest(memcg, false, kernel.clock());
      if (vma == null) {
        break;
      }
      Mm mm = machine.mms[backing.coldMm];
      long pages = Math.min(want - got, vma.pages);
      vma.pages -= pages;
      vma.outPages += pages;
      if (vma.spec.dirty()) {
        machine.dirtyCachePages += pages;
        if (mm.memcg != null) {
          mm.memcg.cachePages += pages;
        }
      } else {
        Machine.charge(mm.memcg, -pages);
        machine.freePages += pages;
        machine.ledger.freedByReclaimPages += pages;
        got += pages;
      }
      machine.ledger.evictedPages += pages;
      countTaken(mm.memcg, pages);
      backing.balance.evicted(false, pages, listPages(false, null) / 2);
    }
    return got;
  }

  private long swapOut(long want, @Nullable Memcg memcg) {
    long got = 0;
    while (got < want) {
      Vma vma = cold(memcg);
      if (vma == null) {
        break;
      }
      Mm mm = machine.mms[backing.coldMm];
      long pages = Math.min(Math.min(want - got, vma.pages), backing.freeSlots());
      pages = Math.min(pages, swapRoom(mm.memcg));
      if (pages <= 0) {
        break;
      }
      vma.pages -= pages;
      vma.outPages += pages;
      mm.swapPages += pages;
      Machine.charge(mm.memcg, -pages);
      chargeSwap(mm.memcg, pages);
      countTaken(mm.memcg, pages);
      send(pages);
      got += pages;
    }
    if (got > 0) {
      machine.ledger.swappedOutPages += got;
      backing.balance.evicted(true, got, listPages(true, null) / 2);
      backing.balance.wrote(got, listPages(true, null) + listPages(false, null));
      kernel.emit(Tracepoint.SWAP_OUT, owner[backing.coldMm], got, backing.freeSlots());
    }
    return got;
  }

  private void send(long pages) {
    backing.usedSlots += pages;
    if (backing.freeSlots() == 0 && machine.ledger.swapFullNs < 0) {
      machine.ledger.swapFullNs = kernel.clock();
    }
    backing.workNs += pages * machine.swapOutNs;
    if (backing.zram) {
      // At boot there may have been less room for what it holds than it should have needed.
      long more = backing.zramPagesFor(backing.usedSlots) - backing.zramPages;
      more = Math.max(0, Math.min(pages, more));
      machine.freePages += pages - more;
      backing.zramPages += more;
      machine.ledger.freedByReclaimPages += pages;
    } else {
      backing.writes.add(pages, backing.swapDisk.write(kernel.clock(), pages));
      arm();
    }
  }

  private void arm() {
    long next = backing.writes.nextNs();
    if (next != Long.MAX_VALUE && !kernel.queue.isPending(Event.SWAP_WRITE.ordinal(), 0)) {
      kernel.at(Event.SWAP_WRITE, 0, next);
    }
  }

  /** The device has written something: end_swap_bio_write(). */
  void written() {
    long pages = backing.writes.takeDone(kernel.clock());
    machine.freePages += pages;
    machine.ledger.freedByReclaimPages += pages;
    if (pages > 0) {
      machine.lastProgressNs = kernel.clock();
    }
    arm();
    kernel.reclaim.wakeKswapd();
  }

  /** How long who has sent pages off waits for as many to be written: reclaim_throttle(). */
  long throttleNs(long pages) {
    long when = backing.writes.whenDone(pages);
    return when == Long.MAX_VALUE ? 0 : Math.max(0, when - kernel.clock());
  }

  /** Processor time that somebody is to be charged for. */
  long takeWorkNs() {
    long ns = backing.workNs;
    backing.workNs = 0;
    return ns;
  }

  long freeSlots() {
    return backing.freeSlots();
  }

  // Slots come free.

  /** So many slots of a mapping are given back. */
  void release(Mm mm, long pages) {
    if (pages == 0) {
      return;
    }
    mm.swapPages -= pages;
    backing.usedSlots -= pages;
    chargeSwap(mm.memcg, -pages);
    if (backing.zram) {
      long now = backing.zramPagesFor(backing.usedSlots);
      if (now < backing.zramPages) {
        machine.freePages += backing.zramPages - now;
        backing.zramPages = now;
      }
    }
  }

  private static void countTaken(@Nullable Memcg memcg, long pages) {
    for (Memcg up = memcg; up != null; up = up.parent) {
      up.takenPages += pages;
    }
  }

  private static void chargeSwap(@Nullable Memcg memcg, long pages) {
    for (Memcg up = memcg; up != null; up = up.parent) {
      up.swapPages += pages;
    }
  }

  // Whose pages.

  /** The mapping to swap out next: the one that it was, for a while. */
  private @Nullable Vma cold(@Nullable Memcg memcg) {
    if (memcg == null && vmaIsKnown()) {
      Mm mm = machine.mms[backing.coldMm];
      Vma vma = mm.vmas[backing.coldVma];
      if (isCandidate(mm, vma, true)) {
        return vma;
      }
    }
    Vma vma = coldest(memcg, true, kernel.clock());
    backing.coldUntilNs = memcg == null && vma != null ? kernel.clock() + SAME_FOR_NS : -1;
    return vma;
  }

  private boolean vmaIsKnown() {
    return kernel.clock() < backing.coldUntilNs;
  }

  /** The mapping whose pages have not been used for longest; remembers whose it is. */
  private @Nullable Vma coldest(@Nullable Memcg memcg, boolean anon, long nowNs) {
    Vma coldest = null;
    boolean spared = true;
    long longest = Long.MIN_VALUE;
    for (Mm mm : machine.mms) {
      boolean inside = memcg == null || (mm.memcg != null && mm.memcg.isWithin(memcg));
      if (!inside || mm.gone) {
        continue;
      }
      boolean spare = isProtected(mm, memcg);
      for (Vma vma : mm.vmas) {
        if (!isCandidate(mm, vma, anon)) {
          continue;
        }
        long unusedNs = vma.unusedNs(nowNs);
        if (coldest == null || (spared && !spare) || (spared == spare && unusedNs > longest)) {
          longest = unusedNs;
          spared = spare;
          coldest = vma;
          backing.coldMm = mm.id;
          backing.coldVma = vma.index;
        }
      }
    }
    return coldest;
  }

  /**
   * memory.low: a cgroup below it is spared while others have something, which the generations of
   * 6.12 were seen not to do.
   */
  private boolean isProtected(Mm mm, @Nullable Memcg domain) {
    if (backing.generations) {
      return false;
    }
    for (Memcg up = mm.memcg; up != null && up != domain; up = up.parent) {
      if (up.usagePages <= up.spec.soft().low()) {
        return true;
      }
    }
    return false;
  }

  private boolean isCandidate(Mm mm, Vma vma, boolean anon) {
    if (vma.pages == 0 || vma.locked || mm.gone) {
      return false;
    }
    boolean kind =
        anon ? vma.spec.kind() == VmaSpec.Kind.ANONYMOUS && !vma.spec.huge() : vma.isReclaimable();
    return kind && !kernel.reclaim.isUnderWalker(mm, vma);
  }

  /** Pages of a kind that processes have in memory and that can leave it. */
  long listPages(boolean anon, @Nullable Memcg memcg) {
    long pages = anon ? 0 : machine.cleanCachePages + machine.dirtyCachePages;
    for (Mm mm : machine.mms) {
      if (memcg != null && (mm.memcg == null || !mm.memcg.isWithin(memcg))) {
        continue;
      }
      for (Vma vma : mm.vmas) {
        if (!vma.locked && (anon ? vma.spec.kind() == VmaSpec.Kind.ANONYMOUS : vma.isFile())) {
          pages += vma.pages;
        }
      }
    }
    return pages;
  }
}
