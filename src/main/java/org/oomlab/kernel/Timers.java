package org.oomlab.kernel;

/**
 * Sleeps in ticks. With {@code timer_wheel}, a sleep ends on a tick, and never early: the wheel of
 * kernel/time/timer.c (4.8 and later) has 64 slots a level, each level eight times coarser than the
 * one below, and calc_index() adds one slot, so that a sleep of one tick takes one to two. Kernels
 * before 4.8 woke up to a tick earlier; they are given the same wheel.
 */
final class Timers {
  private static final int SLOTS_PER_LEVEL = 64;
  private static final int LEVEL_SHIFT = 3;

  private final Kernel kernel;
  private final long tickNs;
  private final boolean wheel;

  Timers(Kernel kernel) {
    this.kernel = kernel;
    this.tickNs = kernel.machine.tickNs;
    this.wheel = kernel.machine.costs.timerWheel();
  }

  /** When a sleep of so many ticks, begun now, ends. */
  long afterTicks(long ticks) {
    return afterNs(ticks * tickNs);
  }

  /** When a sleep of so many nanoseconds (a whole number of ticks in the kernel) ends. */
  long afterNs(long ns) {
    long now = kernel.clock();
    if (!wheel) {
      return now + ns;
    }
    long jiffies = now / tickNs;
    long ticks = (ns + tickNs - 1) / tickNs;
    long expires = jiffies + ticks;
    int shift = 0;
    while ((ticks >> shift) >= SLOTS_PER_LEVEL - 1) {
      shift += LEVEL_SHIFT;
    }
    return (((expires >> shift) + 1) << shift) * tickNs;
  }

  /** The first tick at or after a time; without a timer wheel, every moment is one. */
  long tickFrom(long ns) {
    return wheel ? (ns + tickNs - 1) / tickNs * tickNs : ns;
  }
}
