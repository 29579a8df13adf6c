package org.oomlab.workload;

import java.io.Serializable;
import org.oomlab.engine.Quantity;

/**
 * The machine a workload runs on: one zone, in pages of 4 KiB.
 *
 * @param memory managed pages of the zone; also, with {@code swap}, the total that badness divides
 * @param free free pages at boot, or -1: what the workload's own memory leaves
 * @param min the min watermark, or -1: min_free_kbytes by the kernel's formula
 * @param low the low watermark, or -1: by the formula
 * @param high the high watermark, or -1: by the formula
 * @param watermarkScaleFactor vm.watermark_scale_factor, in 1/10000 of the zone
 * @param lowmemReserve pages an ordinary request must leave beside the watermark
 * @param swap pages of swap, whether or not they can be used: badness counts them
 * @param pageCache unmapped page cache at boot; clean unless {@code dirtyCache} says otherwise
 * @param dirtyCache of the page cache, pages that need writing first
 * @param writeback pages written back in a second
 * @param cpus processors
 * @param hz timer ticks in a second: 100, 250, 300 or 1000
 * @param paging how memory moves between the machine and its disks
 */
public record MachineSpec(
    long memory,
    long free,
    long min,
    long low,
    long high,
    int watermarkScaleFactor,
    long lowmemReserve,
    long swap,
    Quantity pageCache,
    Quantity dirtyCache,
    Quantity writeback,
    int cpus,
    int hz,
    Paging paging)
    implements Serializable {

  /** A machine whose memory comes and goes with its processes alone. */
  public MachineSpec(
      long memory,
      long free,
      long min,
      long low,
      long high,
      int watermarkScaleFactor,
      long lowmemReserve,
      long swap,
      Quantity pageCache,
      Quantity dirtyCache,
      Quantity writeback,
      int cpus,
      int hz) {
    this(
        memory,
        free,
        min,
        low,
        high,
        watermarkScaleFactor,
        lowmemReserve,
        swap,
        pageCache,
        dirtyCache,
        writeback,
        cpus,
        hz,
        Paging.NONE);
  }

  /** The same with so many pages more, all of them free at boot. */
  public MachineSpec grownBy(long pages) {
    return with(memory + pages, free < 0 ? free : free + pages, min, lowmemReserve);
  }

  /** The same with another min watermark, in pages. */
  public MachineSpec withMin(long other) {
    return with(memory, free, other, lowmemReserve);
  }

  /** The same where an ordinary request must leave so many pages beside the watermark. */
  public MachineSpec withReserve(long other) {
    return with(memory, free, min, other);
  }

  private MachineSpec with(long memory, long free, long min, long lowmemReserve) {
    return new MachineSpec(
        memory,
        free,
        min,
        low,
        high,
        watermarkScaleFactor,
        lowmemReserve,
        swap,
        pageCache,
        dirtyCache,
        writeback,
        cpus,
        hz,
        paging);
  }
}
