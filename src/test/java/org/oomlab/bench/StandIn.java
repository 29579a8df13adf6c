package org.oomlab.bench;

import java.util.Arrays;

/**
 * As little of a machine as can run out of memory: fifty processes that take and give back pages,
 * kswapd, direct reclaim, a killer that looks for the worst, and a reaper. A toy for measuring what
 * carries it; nothing is learnt from it about Linux.
 *
 * <p>Whoever carries it tells it which actor's time has come, and is told when it will next.
 */
final class StandIn {
  static final int PROCESSES = 50;

  /** The processes and kswapd, which is the last. */
  static final int ACTORS = PROCESSES + 1;

  private static final int KSWAPD = PROCESSES;
  private static final long RAM_PAGES = 1 << 18;
  private static final long SWAP_PAGES = 1 << 16;
  private static final long MIN_PAGES = RAM_PAGES / 93;
  private static final long LOW_PAGES = MIN_PAGES * 5 / 4;
  private static final long HIGH_PAGES = MIN_PAGES * 3 / 2;
  private static final double STEP_NS = 10_000;
  private static final double REQUEST_PAGES = 400;
  private static final double RESTART_NS = 1_000_000;

  private final long[] resident = new long[PROCESSES];
  private final long[] swapped = new long[PROCESSES];
  private final long[] adjPages = new long[PROCESSES];
  private final boolean[] killed = new boolean[PROCESSES];
  private final Chance chance = new Chance(0);
  private long freePages;
  private long cachePages;
  private long swapPages;
  private int kills;

  /** An empty machine. */
  void boot(long seed) {
    chance.restart(seed);
    Arrays.fill(resident, 0);
    Arrays.fill(swapped, 0);
    Arrays.fill(killed, false);
    for (int i = 0; i < PROCESSES; i++) {
      int oomScoreAdj = (int) (chance.bits() >>> 55) - 256;
      adjPages[i] = (RAM_PAGES + SWAP_PAGES) * oomScoreAdj / 1000;
    }
    cachePages = RAM_PAGES / 4;
    freePages = RAM_PAGES - cachePages;
    swapPages = SWAP_PAGES;
    kills = 0;
  }

  /** Nanoseconds from boot to an actor's first event. */
  long first(int actor) {
    return actor == KSWAPD ? (long) STEP_NS : chance.exponential(STEP_NS);
  }

  /** Something happens to the actor; returns nanoseconds until something does again. */
  long happen(int actor) {
    if (actor == KSWAPD) {
      reclaim(HIGH_PAGES - freePages);
      return (long) STEP_NS;
    }
    return killed[actor] ? reap(actor) : step(actor);
  }

  private long step(int process) {
    if ((chance.bits() & 15) < 3) {
      long given = resident[process] / 4;
      resident[process] -= given;
      freePages += given;
      return 1 + chance.exponential(STEP_NS);
    }
    long wanted = 1 + chance.exponential(REQUEST_PAGES);
    if (freePages - wanted < LOW_PAGES) {
      reclaim(HIGH_PAGES + wanted - freePages);
    }
    if (freePages - wanted < MIN_PAGES) {
      kill();
      return 1 + chance.exponential(STEP_NS / 10);
    }
    freePages -= wanted;
    resident[process] += wanted;
    return 1 + chance.exponential(STEP_NS);
  }

  private void reclaim(long wanted) {
    if (wanted <= 0) {
      return;
    }
    long dropped = Math.min(wanted, cachePages);
    cachePages -= dropped;
    freePages += dropped;
    long left = Math.min(wanted - dropped, swapPages);
    if (left > 0) {
      int process = (int) ((chance.bits() >>> 32) * PROCESSES >>> 32);
      long out = Math.min(left, resident[process] / 2);
      resident[process] -= out;
      swapped[process] += out;
      swapPages -= out;
      freePages += out;
    }
  }

  private void kill() {
    int worst = -1;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < PROCESSES; i++) {
      long badness = resident[i] + swapped[i] + resident[i] / 512 + adjPages[i];
      if (!killed[i] && badness > most) {
        worst = i;
        most = badness;
      }
    }
    if (worst >= 0) {
      killed[worst] = true;
      kills++;
    }
  }

  /** All of it comes back, and somebody starts the process again. */
  private long reap(int process) {
    freePages += resident[process];
    swapPages += swapped[process];
    resident[process] = 0;
    swapped[process] = 0;
    killed[process] = false;
    return 1 + chance.exponential(RESTART_NS);
  }

  int kills() {
    return kills;
  }

  /** Equal for equal courses of events, most likely. */
  long digest() {
    return ((kills * 31L + freePages) * 31 + swapPages) * 31 + chance.bits();
  }
}
