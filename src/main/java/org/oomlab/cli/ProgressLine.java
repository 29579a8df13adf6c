package org.oomlab.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * One line on a terminal that says how far a long command has come. It appears after two seconds,
 * is rewritten in place five times a second, and leaves nothing behind.
 */
final class ProgressLine implements AutoCloseable {
  private static final long PATIENCE_NS = 2_000_000_000L;
  private static final long INTERVAL_NS = 200_000_000L;

  private final PrintStream err;
  private final boolean shown;
  private final String unit;
  private final long startNs = System.nanoTime();
  private long lastNs = startNs + PATIENCE_NS - INTERVAL_NS;
  private boolean visible;

  /**
   * A line that has not appeared yet.
   *
   * @param shown whether anybody wants to see it
   * @param unit what is counted, such as {@code episodes}
   */
  ProgressLine(PrintStream err, boolean shown, String unit) {
    this.err = err;
    this.shown = shown;
    this.unit = unit;
  }

  /** So many are done; from any thread. */
  synchronized void advanced(long done, long of) {
    long now = System.nanoTime();
    if (!shown || now - lastNs < INTERVAL_NS) {
      return;
    }
    lastNs = now;
    visible = true;
    err.print("\r\033[K" + text(done, of, now - startNs));
    err.flush();
  }

  private String text(long done, long of, long elapsedNs) {
    String line = done + " of " + of + " " + unit;
    if (done > 0 && of > 0) {
      double perSecond = done / (elapsedNs / 1e9);
      line += ", " + 100 * done / of + "%, " + rate(perSecond) + " a second, ";
      line += left(Math.round((of - done) / perSecond)) + " left";
    }
    return line;
  }

  private static String rate(double perSecond) {
    return perSecond < 10
        ? String.format(Locale.ROOT, "%.1f", perSecond)
        : Long.toString(Math.round(perSecond));
  }

  /** About how long, in one unit. */
  static String left(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }

  /** Takes the line away, so that something else can be printed. */
  @Override
  public synchronized void close() {
    if (visible) {
      visible = false;
      err.print("\r\033[K");
      err.flush();
    }
  }
}
