package org.oomlab.pressure;

/**
 * A threshold that somebody has written to a pressure file: psi_trigger, window_update() and
 * update_triggers() of kernel/sched/psi.c@7.3. It fires at most once in a window.
 */
public final class PsiTrigger {
  /** A privileged trigger is looked at so many times in its window. */
  private static final int UPDATES_PER_WINDOW = 10;

  private final long thresholdNs;
  private final long windowNs;
  private long startNs;
  private long startTotalNs;
  private long previousGrowthNs;
  private long lastTotalNs;
  private long lastEventNs;
  private boolean pending;

  /**
   * A trigger that has seen nothing.
   *
   * @param thresholdNs stall time within a window that fires it
   * @param windowNs from 500 ms to 10 s in the kernel
   */
  public PsiTrigger(long thresholdNs, long windowNs) {
    if (thresholdNs <= 0 || thresholdNs > windowNs) {
      throw new IllegalArgumentException("a threshold is more than nothing and within its window");
    }
    this.thresholdNs = thresholdNs;
    this.windowNs = windowNs;
  }

  /** Somebody begins to wait for it. */
  public void start(long nowNs, long totalNs) {
    startNs = nowNs;
    startTotalNs = totalNs;
    previousGrowthNs = 0;
    lastTotalNs = totalNs;
    lastEventNs = nowNs - windowNs;
    pending = false;
  }

  /** Makes this trigger's state that of {@code that}. */
  public void copyFrom(PsiTrigger that) {
    startNs = that.startNs;
    startTotalNs = that.startTotalNs;
    previousGrowthNs = that.previousGrowthNs;
    lastTotalNs = that.lastTotalNs;
    lastEventNs = that.lastEventNs;
    pending = that.pending;
  }

  /** How often the kernel looks, in nanoseconds. */
  public long pollNs() {
    return windowNs / UPDATES_PER_WINDOW;
  }

  /**
   * The kernel looks.
   *
   * @param totalNs the total of the trigger's state by now
   * @return whether it fires
   */
  public boolean look(long nowNs, long totalNs) {
    if (totalNs != lastTotalNs) {
      lastTotalNs = totalNs;
      pending |= growth(nowNs, totalNs) >= thresholdNs;
    }
    if (!pending || nowNs < lastEventNs + windowNs) {
      return false;
    }
    lastEventNs = nowNs;
    pending = false;
    return true;
  }

  private long growth(long nowNs, long totalNs) {
    long elapsed = nowNs - startNs;
    long growth = totalNs - startTotalNs;
    if (elapsed > windowNs) {
      startNs = nowNs;
      startTotalNs = totalNs;
      previousGrowthNs = growth;
      return growth;
    }
    // What the window before this one had counts for as much of it as the last length of a window
    // reaches into. Without a sign, as in the kernel, where windows of more than four seconds wrap.
    long remaining = windowNs - elapsed;
    return growth + Long.divideUnsigned(previousGrowthNs * remaining, windowNs);
  }
}
