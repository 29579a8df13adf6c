package org.oomlab.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Tests of differences between pairs, and what becomes of many of them in one table. */
public final class Tests {
  private Tests() {}

  /**
   * The exact two-sided sign test: whether more pairs differ in one direction than a fair coin
   * explains. For differences between yes and no it is McNemar's exact test.
   */
  public static double sign(long more, long less) {
    long n = more + less;
    if (n == 0) {
      return 1;
    }
    BinomialDistribution coins = new BinomialDistribution(null, Math.toIntExact(n), 0.5);
    return Math.min(1, 2 * coins.cumulativeProbability(Math.toIntExact(Math.min(more, less))));
  }

  /**
   * Holm's correction: p-values such that whoever claims those below 5 % makes a false claim
   * anywhere in the table with a chance of at most 5 %. NaN stays NaN and counts for nothing: where
   * no pair differs, no claim could have come of it (R. E. Tarone, "A Modified Bonferroni Method
   * for Discrete Data", 1990).
   *
   * <p>S. Holm, "A simple sequentially rejective multiple test procedure", 1979.
   */
  public static double[] holm(double[] p) {
    double[] adjusted = new double[p.length];
    Arrays.fill(adjusted, Double.NaN);
    int[] order =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(i -> i)
            .toArray();
    double largest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      largest = Math.max(largest, Math.min(1, (order.length - rank) * p[order[rank]]));
      adjusted[order[rank]] = largest;
    }
    return adjusted;
  }
}
