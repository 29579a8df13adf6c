package org.oomlab.statistics;

import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * A share of episodes, from 0 to 1.
 *
 * @param count how many
 * @param of of how many, at least 1
 * @param low lower end of Wilson's 95 % score interval, which unlike the textbook's stays between 0
 *     and 1 and does not collapse when all episodes agree
 * @param high its upper end
 */
public record Share(long count, long of, double low, double high) {
  private static final double CONFIDENCE = 0.95;

  /** The share {@code count} out of {@code of}. */
  public static Share of(long count, long of) {
    ConfidenceInterval interval =
        new WilsonScoreInterval()
            .createInterval(Math.toIntExact(of), Math.toIntExact(count), CONFIDENCE);
    return new Share(
        count, of, Math.max(0, interval.getLowerBound()), Math.min(1, interval.getUpperBound()));
  }

  /** The share itself. */
  public double value() {
    return (double) count / of;
  }
}
