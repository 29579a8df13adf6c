package org.oomlab.workload;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How memory moves between the machine and its disks. A machine without any has memory that comes
 * and goes with its processes alone.
 *
 * @param swap its swap device, or null
 * @param disk where its files are, or null: then those that are mapped are never read again
 * @param swappiness vm.swappiness, 0 to 200
 * @param generations whether pages are kept in generations (CONFIG_LRU_GEN_ENABLED), or on active
 *     and inactive lists
 * @param psi whether pressure is measured (PSI)
 */
public record Paging(
    @Nullable SwapSpec swap,
    @Nullable DiskSpec disk,
    int swappiness,
    boolean generations,
    boolean psi)
    implements Serializable {
  /** Nothing moves, and nobody measures. */
  public static final Paging NONE = new Paging(null, null, 60, true, false);

  /** Whether pages may leave memory and come back. */
  public boolean moves() {
    return swap != null || disk != null;
  }
}
