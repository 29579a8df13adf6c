package org.oomlab.diagnosis;

import java.util.List;
import org.oomlab.intake.OomReport;
import org.oomlab.unit.Span;

/** Which reports are of one and the same machine that goes on, and how far they are apart. */
public final class Consecutive {
  /** So many reports make one workload at most. */
  public static final int MOST = 8;

  /** The least time between two. */
  static final long INSTANT = Span.MILLISECOND;

  /** Reports that are further apart, in seconds, have nothing to do with each other. */
  private static final double APART = 600;

  private Consecutive() {}

  /** Whether a report tells enough to be one of several. */
  public static boolean isWhole(OomReport report) {
    boolean sized =
        report.isMemcg()
            ? report.memcg() != null && report.memcg().usageKb() > 0
            : report.memory() != null
                && (report.memory().free() > 0 || !report.memory().zones().isEmpty());
    return sized
        && !report.tasks().isEmpty()
        && !report.kills().isEmpty()
        && report.circumstances().chopped() == 0
        && report.unread() == 0;
  }

  /** Whether one and the same machine, or cgroup, goes on from one report to another. */
  public static boolean follows(OomReport before, OomReport report) {
    double apart = report.secondsAfter(before);
    return isWhole(before)
        && isWhole(report)
        && before.isMemcg() == report.isMemcg()
        && before.oomCgroup().equals(report.oomCgroup())
        && before.pageKb() == report.pageKb()
        && before.circumstances().host().equals(report.circumstances().host())
        && before.circumstances().boot() == report.circumstances().boot()
        && apart >= 0
        && apart <= APART;
  }

  /** How long it is from the first report to the last, in nanoseconds. */
  static long lasts(List<OomReport> reports) {
    long nanos = 0;
    for (int i = 1; i < reports.size(); i++) {
      nanos += between(reports.get(i - 1), reports.get(i));
    }
    return nanos;
  }

  /** A log that writes whole seconds may have several reports in one. */
  static long between(OomReport before, OomReport report) {
    return Math.max(INSTANT, (long) (report.secondsAfter(before) * Span.SECOND));
  }
}
