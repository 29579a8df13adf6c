package org.oomlab.pressure;

import java.util.Arrays;

/**
 * The three running averages of a state, over 10, 60 and 300 seconds, in the kernel's fixed point:
 * calc_avgs() of kernel/sched/psi.c, calc_load() of include/linux/sched/loadavg.h.
 */
public final class PsiAverages {
  private static final int FSHIFT = 11;
  private static final long FIXED_1 = 1 << FSHIFT;

  // EXP_10s, EXP_60s and EXP_300s: what of an average is left after a period of two seconds.
  private static final long[] DECAY = {1677, 1981, 2034};

  private final long[] load = new long[DECAY.length];
  private long seenNs;

  /** The highest that the shortest has been at the end of a period, and how many were so high. */
  private long highest;

  private final long periodNs;
  private long frozenPeriods;

  PsiAverages(long periodNs) {
    this.periodNs = periodNs;
  }

  void clear() {
    Arrays.fill(load, 0);
    seenNs = 0;
    highest = 0;
    frozenPeriods = 0;
  }

  void copyFrom(PsiAverages that) {
    System.arraycopy(that.load, 0, load, 0, load.length);
    seenNs = that.seenNs;
    highest = that.highest;
    frozenPeriods = that.frozenPeriods;
  }

  /**
   * A period is over.
   *
   * @param missed whole periods before it in which nothing happened
   * @param totalNs the total of the state, ever
   * @param ns how long the period was
   */
  void update(long missed, long totalNs, long ns) {
    long sample = Math.min(totalNs - seenNs, ns);
    seenNs += sample;
    long percent = sample * 100 / ns * FIXED_1;
    for (int i = 0; i < load.length; i++) {
      if (missed > 0) {
        load[i] = calcLoad(load[i], power(DECAY[i], missed), 0);
      }
      load[i] = calcLoad(load[i], DECAY[i], percent);
    }
    highest = Math.max(highest, load[0]);
    frozenPeriods += sample * 10 >= ns * 9 ? 1 : 0;
  }

  private static long calcLoad(long load, long decay, long active) {
    long next = load * decay + active * (FIXED_1 - decay);
    return (active >= load ? next + FIXED_1 - 1 : next) / FIXED_1;
  }

  /** fixed_power_int(): x to the n-th. */
  private static long power(long x, long n) {
    long result = FIXED_1;
    long base = x;
    for (long left = n; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result = rounded(result * base);
      }
      base = rounded(base * base);
    }
    return result;
  }

  private static long rounded(long product) {
    return (product + (1L << (FSHIFT - 1))) >> FSHIFT;
  }

  /** The average over ten seconds, in hundredths of a per cent, as the file shows it. */
  public int avg10() {
    return hundredths(load[0]);
  }

  /** The same over a minute. */
  public int avg60() {
    return hundredths(load[1]);
  }

  /** The same over five minutes. */
  public int avg300() {
    return hundredths(load[2]);
  }

  /** The highest {@link #avg10} that there has been. */
  public int highestAvg10() {
    return hundredths(highest);
  }

  /** Time in periods of which nine tenths were lost, in nanoseconds. */
  public long frozenNs() {
    return frozenPeriods * periodNs;
  }

  /** LOAD_INT and LOAD_FRAC. */
  private static int hundredths(long load) {
    return Math.toIntExact((load >> FSHIFT) * 100 + (((load & (FIXED_1 - 1)) * 100) >> FSHIFT));
  }
}
