package org.oomlab.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * An estimate and its 95 % confidence interval. All three are NaN without any value; the ends are
 * NaN where there are too few values for an interval, and equal where all values are.
 *
 * @param value the estimate
 * @param low lower end of the interval
 * @param high its upper end
 */
public record Estimate(double value, double low, double high) {
  /** Nothing is known. */
  public static final Estimate ABSENT = new Estimate(Double.NaN, Double.NaN, Double.NaN);

  private static final double TAIL = 0.025;
  private static final double QUANTILE = 1.959963984540054;

  /**
   * The mean, with Student's interval. It is the mean that adds up over episodes, of whatever
   * distribution; of twenty values and more it is near enough to normal for counts as they occur
   * here. Values that are all the same leave it without a width.
   */
  public static Estimate mean(double[] values) {
    Summary summary = Summary.of(values);
    return summary.n() == 1
        ? new Estimate(summary.mean(), Double.NaN, Double.NaN)
        : new Estimate(summary.mean(), summary.ciLow(), summary.ciHigh());
  }

  /**
   * The share of ones among zeros and ones, with Wilson's score interval: E. B. Wilson, "Probable
   * Inference, the Law of Succession, and Statistical Inference", 1927. Unlike Student's it has a
   * width when all values are the same.
   */
  public static Estimate share(double[] values) {
    if (values.length == 0) {
      return ABSENT;
    }
    int ones = (int) Math.round(StatUtils.sum(values));
    ConfidenceInterval interval =
        new WilsonScoreInterval().createInterval(values.length, ones, 1 - 2 * TAIL);
    return new Estimate(
        (double) ones / values.length,
        ones == 0 ? 0 : interval.getLowerBound(),
        ones == values.length ? 1 : interval.getUpperBound());
  }

  /**
   * How much larger a share is than another in the same episodes, with Tango's score interval: T.
   * Tango, "Equivalence test and confidence interval for the difference in proportions for the
   * paired-sample design", 1998. It holds zero if and only if McNemar's statistic is not
   * significant, and so never where the exact test is.
   *
   * @param more pairs of 1 and 0
   * @param less pairs of 0 and 1
   * @param pairs all of them
   */
  public static Estimate shareDifference(long more, long less, long pairs) {
    if (pairs == 0) {
      return ABSENT;
    }
    double difference = (double) (more - less) / pairs;
    return new Estimate(
        difference,
        difference == -1 ? -1 : scoreBound(more, less, pairs, QUANTILE, -1, difference),
        difference == 1 ? 1 : scoreBound(more, less, pairs, -QUANTILE, difference, 1));
  }

  /** Where Tango's score, which falls as the difference grows, passes a quantile. */
  private static double scoreBound(
      long more, long less, long pairs, double quantile, double low, double high) {
    double below = low;
    double above = high;
    for (int i = 0; i < 60; i++) {
      double middle = (below + above) / 2;
      if (score(more, less, pairs, middle) > quantile) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return (below + above) / 2;
  }

  private static double score(long more, long less, long pairs, double difference) {
    double b = (2.0 * pairs - more + less) * difference - more - less;
    double c = -less * difference * (1 - difference);
    // The chance of 0 and 1, most likely if the shares differ by this much.
    double chance = (Math.sqrt(b * b - 8.0 * pairs * c) - b) / (4.0 * pairs);
    double variance = pairs * (2 * chance + difference * (1 - difference));
    double excess = more - less - pairs * difference;
    return excess == 0 ? 0 : excess / Math.sqrt(variance);
  }

  /**
   * The median, with the interval between two order statistics, which needs no assumption about the
   * distribution: Conover, "Practical Nonparametric Statistics", 1999, section 3.2. Fewer than six
   * values have none.
   */
  public static Estimate median(double[] values) {
    if (values.length == 0) {
      return ABSENT;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int below = belowTail(n);
    return below < 0
        ? new Estimate(median, Double.NaN, Double.NaN)
        : new Estimate(median, sorted[below], sorted[n - 1 - below]);
  }

  /** The largest k with P(X &lt;= k) &lt;= 2.5 % for X of n fair coins; -1 if there is none. */
  private static int belowTail(int n) {
    BinomialDistribution coins = new BinomialDistribution(null, n, 0.5);
    int k = coins.inverseCumulativeProbability(TAIL);
    return coins.cumulativeProbability(k) <= TAIL ? k : k - 1;
  }

  /**
   * How far differences lie from zero: the Hodges-Lehmann estimate, which is the median of the
   * means of all pairs (each with itself as well), with the interval that belongs to Wilcoxon's
   * test: Hollander and Wolfe, "Nonparametric Statistical Methods", 1999, sections 3.2 and 3.3.
   * Fewer than six differences have no interval.
   */
  public static Estimate shift(double[] differences) {
    if (differences.length == 0) {
      return ABSENT;
    }
    double[] sorted = differences.clone();
    Arrays.sort(sorted);
    long n = sorted.length;
    long pairs = n * (n + 1) / 2;
    double middle = (walsh(sorted, (pairs + 1) / 2) + walsh(sorted, pairs / 2 + 1)) / 2;
    long below = SignedRank.belowTail(sorted.length, TAIL);
    return below < 0
        ? new Estimate(middle, Double.NaN, Double.NaN)
        : new Estimate(middle, walsh(sorted, below + 1), walsh(sorted, pairs - below));
  }

  /**
   * The k-th smallest mean of two, from 1. Sums are not stored, of which there may be millions, but
   * counted: a bisection over the doubles between the smallest and the largest.
   */
  private static double walsh(double[] sorted, long k) {
    long low = order(2 * sorted[0]);
    long high = order(2 * sorted[sorted.length - 1]);
    while (low < high) {
      long middle = (low & high) + ((low ^ high) >> 1);
      if (sumsUpTo(sorted, order(middle)) >= k) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return order(low) / 2;
  }

  private static long sumsUpTo(double[] sorted, double bound) {
    long count = 0;
    int j = sorted.length - 1;
    for (int i = 0; i < sorted.length; i++) {
      while (j >= i && sorted[i] + sorted[j] > bound) {
        j--;
      }
      if (j < i) {
        break;
      }
      count += j - i + 1;
    }
    return count;
  }

  /** Doubles as integers in the same order. */
  private static long order(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }

  private static double order(long order) {
    return Double.longBitsToDouble(order >= 0 ? order : Long.MIN_VALUE - order);
  }

  /** Half the width of the interval; NaN if there is none. */
  public double halfWidth() {
    return (high - low) / 2;
  }

  /**
   * Half the width of the interval in relation to the estimate; 0 for an interval without a width,
   * NaN if there is no interval.
   */
  public double relativeWidth() {
    return high == low ? 0 : halfWidth() / Math.abs(value);
  }

  /** The largest of some values; NaN of none. */
  static double max(double[] values) {
    return values.length == 0 ? Double.NaN : StatUtils.max(values);
  }
}
