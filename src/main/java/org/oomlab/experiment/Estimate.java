package org.oomlab.experiment;

import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.StatUtils;

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

  /** The mean, with Student's interval. */
  public static Estimate mean(double[] values) {
    Summary summary = Summary.of(values);
    return summary.n() == 1
        ? new Estimate(summary.mean(), Double.NaN, Double.NaN)
        : new Estimate(summary.mean(), summary.ciLow(), summary.ciHigh());
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
