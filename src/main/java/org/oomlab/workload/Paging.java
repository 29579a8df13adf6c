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
 * @param lruRemembered the part of the pages in memory within which a page that went and came back
 *     is taken for one of those in use (workingset.c); 0 to 1. A guess, since lists are not
 *     modelled page by page: of 2 to 4 generations one or two are young, of classic lists the
 *     active one is
 * @param missedInTurn who reads in turn misses every page as soon as this part of them is out: of a
 *     list in the order of use it is always the next one that has just gone; above 0, to 1. Seen to
 *     be 0.05 with one reader on a real kernel
 * @param psi whether pressure is measured (PSI)
 */
public record Paging(
    @Nullable SwapSpec swap,
    @Nullable DiskSpec disk,
    int swappiness,
    boolean generations,
    double lruRemembered,
    double missedInTurn,
    boolean psi)
    implements Serializable {
  /** Unless a workload says otherwise. */
  private static final double MISSED_IN_TURN = 0.05;

  /** Nothing moves, and nobody measures. */
  public static final Paging NONE =
      new Paging(null, null, 60, true, remembered(true), MISSED_IN_TURN, false);

  /** What is remembered unless a workload says otherwise. */
  public static double remembered(boolean generations) {
    return generations ? 1.0 / 3 : 1.0 / 2;
  }

  /** Whether pages may leave memory and come back. */
  public boolean moves() {
    return swap != null || disk != null;
  }
}
