package org.oomlab.cli.session;

import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * One line on a terminal that says how far a long command has come, how fast it is and how long it
 * will take. It appears after two seconds, and leaves nothing behind.
 *
 * <p>The bar is told where to print and how wide it may be; left to itself it would open a terminal
 * of its own beside the shell's.
 */
public final class ProgressLine implements AutoCloseable {
  private static final long PATIENCE_NS = 2_000_000_000L;
  private static final int INTERVAL_MS = 200;
  private static final int MOST_WIDE = 78;
  private static final String CLEAR = "\r\033[K";

  private final PrintStream err;
  private final boolean shown;
  private final String unit;
  private final int width;
  private final LongSupplier clock;
  private final long startNs;
  private @Nullable ProgressBar bar;
  private long last;
  private long lastOf;

  /**
   * A line that has not appeared yet.
   *
   * @param shown whether anybody wants to see it
   * @param unit what is counted, such as {@code episodes}
   * @param width columns of the terminal; a line that fills them all would scroll
   */
  public ProgressLine(PrintStream err, boolean shown, String unit, int width) {
    this(err, shown, unit, width, System::nanoTime);
  }

  /**
   * The same by another clock.
   *
   * @param clock nanoseconds since whenever
   */
  public ProgressLine(PrintStream err, boolean shown, String unit, int width, LongSupplier clock) {
    this.err = err;
    this.shown = shown;
    this.unit = unit;
    this.width = Math.min(MOST_WIDE, width - 1);
    this.clock = clock;
    this.startNs = clock.getAsLong();
  }

  /** No more are done than before, which is worth saying too once it has taken long. */
  synchronized void stillAt() {
    if (bar == null) {
      advanced(last, lastOf);
    }
  }

  /** So many are done; from any thread. */
  public synchronized void advanced(long done, long of) {
    last = done;
    lastOf = of;
    if (!shown) {
      return;
    }
    ProgressBar visible = bar;
    if (visible == null) {
      long elapsedNs = clock.getAsLong() - startNs;
      if (elapsedNs < PATIENCE_NS) {
        return;
      }
      visible = bar(of, Duration.ofNanos(elapsedNs));
      bar = visible;
    }
    visible.maxHint(of == 0 ? -1 : of);
    visible.stepTo(done);
  }

  private ProgressBar bar(long of, Duration elapsed) {
    return new ProgressBarBuilder()
        .setTaskName(unit)
        .setInitialMax(of == 0 ? -1 : of)
        .startsFrom(0, elapsed)
        .setStyle(ProgressBarStyle.ASCII)
        .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .setUpdateIntervalMillis(INTERVAL_MS)
        .setConsumer(new DelegatingProgressBarConsumer(this::print, width))
        .build();
  }

  /** Called by a thread of the bar's own. */
  private void print(String line) {
    String shown = line.stripTrailing();
    // The bar itself knows no narrower than what it has to say beside it.
    err.print(CLEAR + shown.substring(0, Math.min(shown.length(), Math.max(0, width))));
    err.flush();
  }

  /** Takes the line away, so that something else can be printed. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close(); // waits until the bar's thread has printed for the last time
      bar = null;
      err.print(CLEAR);
      err.flush();
    }
  }
}
