package org.oomlab.workload;

import java.io.Serializable;

/**
 * A swap device: a disk, or zram.
 *
 * @param size its slots, in pages
 * @param read pages that a disk reads in a second; 0 for zram
 * @param write pages that a disk writes in a second; 0 for zram
 * @param requestNs the least time of a request of a disk
 * @param ratio how many pages zram keeps in one; 0 for a disk
 */
public record SwapSpec(long size, long read, long write, long requestNs, double ratio)
    implements Serializable {
  /** Whether it keeps its pages in memory. */
  public boolean isZram() {
    return ratio > 0;
  }
}
