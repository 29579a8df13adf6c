package org.oomlab.kernel.state;

import org.jspecify.annotations.Nullable;
import org.oomlab.reclaim.Balance;
import org.oomlab.reclaim.Lru;
import org.oomlab.swap.Disk;
import org.oomlab.swap.WriteQueue;
import org.oomlab.workload.DiskSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.SwapSpec;

/** What is behind memory: the swap device, the disk of the files, and what reclaim remembers. */
public final class Backing {
  /** The swap device, or null: then nothing can be swapped out. */
  final @Nullable SwapSpec swap;

  /** Whether the device is memory itself. */
  public final boolean zram;

  /** What the device does one after another; never used of zram. */
  public final Disk swapDisk;

  /** The disk of the files, or null: then what is evicted is never read again. */
  public final @Nullable Disk fileDisk;

  /** Pages that are on their way to the device, and take memory until they are there. */
  public final WriteQueue writes = new WriteQueue();

  public final Balance balance;

  /** Whether pages are kept in generations. */
  public final boolean generations;

  /** Slots in use. */
  public long usedSlots;

  /** Pages of memory in which zram keeps its own. */
  public long zramPages;

  /**
   * Processor time that the pages took which were swapped out since somebody was charged for it.
   */
  public long workNs;

  /** The mapping that is being swapped out, and until when nobody looks for a colder one. */
  public int coldMm;

  public int coldVma;
  public long coldUntilNs;

  Backing(Paging paging) {
    this.swap = paging.swap();
    this.zram = swap != null && swap.isZram();
    this.generations = paging.generations();
    this.swapDisk =
        swap == null || zram
            ? new Disk(1, 1, 0)
            : new Disk(swap.read(), swap.write(), swap.requestNs());
    DiskSpec disk = paging.disk();
    this.fileDisk = disk == null ? null : new Disk(disk.read(), disk.read(), disk.requestNs());
    this.balance = new Balance(generations ? Lru.GENERATIONS : Lru.CLASSIC, paging.swappiness());
    clear();
  }

  void clear() {
    swapDisk.clear();
    if (fileDisk != null) {
      fileDisk.clear();
    }
    writes.clear();
    balance.clear();
    usedSlots = 0;
    zramPages = 0;
    workNs = 0;
    coldMm = Machine.NOBODY;
    coldVma = 0;
    coldUntilNs = -1;
  }

  void copyFrom(Backing that) {
    swapDisk.copyFrom(that.swapDisk);
    if (fileDisk != null && that.fileDisk != null) {
      fileDisk.copyFrom(that.fileDisk);
    }
    writes.copyFrom(that.writes);
    balance.copyFrom(that.balance);
    usedSlots = that.usedSlots;
    zramPages = that.zramPages;
    workNs = that.workNs;
    coldMm = that.coldMm;
    coldVma = that.coldVma;
    coldUntilNs = that.coldUntilNs;
  }

  /** Slots that are free. */
  public long freeSlots() {
    return swap == null ? 0 : swap.size() - usedSlots;
  }

  /** Pages of memory that so many slots take in zram. */
  public long zramPagesFor(long slots) {
    return swap == null ? 0 : (long) Math.ceil(slots / swap.ratio());
  }

  /** Pages that memory has and no process. */
  public long heldPages() {
    return writes.pages() + zramPages;
  }
}
