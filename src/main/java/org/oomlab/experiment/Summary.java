package org.oomlab.experiment;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

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

  private static final Summary ABSENT =
      new Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Quantiles of t by degrees of freedom: slow to compute, and every cell needs the same few. */
  private static final Map<Integer, Double> T = new ConcurrentHashMap<>();

  /** Half the width of the interval around the mean. */
  public double halfWidth() {
    return (ciHigh - ciLow) / 2;
  }

  /** Summarises values, none of which may be NaN. */
  static Summary of(double[] values) {
    if (values.length == 0) {
      return ABSENT;
    }
    double max = StatUtils.max(values);
    if (StatUtils.min(values) == max) {
      // Not left to the formulas: rounding would give a constant a width.
      return new Summary(values.length, max, max, max, max, max, max);
    }
    double mean = StatUtils.mean(values);
    double error = Math.sqrt(new Variance().evaluate(values, mean) / values.length);
    double half = t(values.length - 1) * error;
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
    percentile.setData(values);
    return new Summary(
        values.length,
        mean,
        mean - half,
        mean + half,
        percentile.evaluate(50),
        percentile.evaluate(95),
        max);
  }

  /** The median of values, none of which may be NaN; NaN if there is none. */
  public static double median(double[] values) {
    return of(values).p50();
  }

  private static double t(int degreesOfFreedom) {
    return T.computeIfAbsent(
        degreesOfFreedom,
        df -> new TDistribution(null, df).inverseCumulativeProbability((1 + CONFIDENCE) / 2));
  }
}
