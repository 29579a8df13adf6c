package org.oomlab.statistics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What a metric was like over many episodes. All but {@code n} are NaN if no episode had a value.
 *
 * @param n how many episodes had a value
 * @param mean the arithmetic mean
 * @param ciLow lower end of the 95 % confidence interval of the mean, by Student's t; the mean
 *     itself for fewer than two values or when all are equal
 * @param ciHigh its upper end
 * @param p50 the median
 * @param p95 the 95th percentile, interpolated as R, NumPy and spreadsheets do (Hyndman and Fan,
 *     "Sample Quantiles in Statistical Packages", 1996: type 7)
 * @param max the largest
 */
public record Summary(
    long n, double mean, double ciLow, double ciHigh, double p50, double p95, double max) {
  private static final double CONFIDENCE = 0.95;

  private static final Quantile QUANTILE = Quantile.withDefaults().with(EstimationMethod.HF7);

  private static final Summary ABSENT =
      new Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Quantiles of t by degrees of freedom: slow to compute, and every cell needs the same few. */
  private static final Map<Integer, Double> T = new ConcurrentHashMap<>();

  /** Half the width of the interval around the mean. */
  public double halfWidth() {
    return (ciHigh - ciLow) / 2;
  }

  /** Summarises values, none of which may be NaN. */
  public static Summary of(double[] values) {
    if (values.length == 0) {
      return ABSENT;
    }
    double min = values[0];
    double max = values[0];
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (min == max) {
      // Not left to the formulas: rounding would give a constant a width.
      return new Summary(values.length, max, max, max, max, max, max);
    }
    double mean = Mean.of(values).getAsDouble();
    double error = Math.sqrt(Variance.of(values).getAsDouble() / values.length);
    double half = t(values.length - 1) * error;
    double[] quantiles = QUANTILE.evaluate(values, 0.5, 0.95);
    return new Summary(
        values.length, mean, mean - half, mean + half, quantiles[0], quantiles[1], max);
  }

  /** The median of values, none of which may be NaN; NaN if there is none. */
  public static double median(double[] values) {
    return of(values).p50();
  }

  private static double t(int degreesOfFreedom) {
    return T.computeIfAbsent(
        degreesOfFreedom,
        df -> TDistribution.of(df).inverseSurvivalProbability((1 - CONFIDENCE) / 2));
  }
}
