package org.oomlab.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * Wilcoxon's signed-rank test, exact also where differences are tied, which the one in Commons Math
 * is not: here many episodes differ by the same sum of round numbers.
 *
 * <p>Pairs without a difference are left out, as Wilcoxon did, and not ranked as Pratt proposed:
 * what is left has a distribution that can be counted. Equal differences share the mean of their
 * ranks. Up to {@value #EXACT} differences the distribution is counted out over all ways to put
 * signs before these very ranks; beyond, it is taken for normal, with its variance corrected for
 * ties and half a step for continuity (Hollander and Wolfe, "Nonparametric Statistical Methods",
 * 1999, section 3.1).
 */
public final class SignedRank {
  private static final int EXACT = 100;
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  private SignedRank() {}

  /** The two-sided p-value of differences that should lie evenly around zero. */
  public static double test(double[] differences) {
    double[] some = DoubleStream.of(differences).filter(d -> d != 0).toArray();
    if (some.length == 0) {
      return 1;
    }
    double[] sizes = DoubleStream.of(some).map(Math::abs).toArray();
    double[] ranks = new NaturalRanking(TiesStrategy.AVERAGE).rank(sizes);
    // Twice the ranks, so that halves are whole numbers.
    long[] weights = DoubleStream.of(ranks).mapToLong(rank -> Math.round(2 * rank)).toArray();
    long positive = 0;
    for (int i = 0; i < some.length; i++) {
      positive += some[i] > 0 ? weights[i] : 0;
    }
    long all = LongStream.of(weights).sum();
    long smaller = Math.min(positive, all - positive);
    double tail = some.length <= EXACT ? counted(weights, smaller) : normal(weights, smaller);
    return Math.min(1, 2 * tail);
  }

  /** P(T &lt;= bound) where T is the sum of those weights before which a fair coin puts a plus. */
  private static double counted(long[] weights, long bound) {
    double[] distribution = distribution(weights);
    double sum = 0;
    for (int t = 0; t <= bound; t++) {
      sum += distribution[t];
    }
    return sum;
  }

  private static double[] distribution(long[] weights) {
    double[] of = new double[Math.toIntExact(LongStream.of(weights).sum()) + 1];
    of[0] = 1;
    int reached = 0;
    for (long weight : weights) {
      int step = (int) weight;
      reached += step;
      for (int t = reached; t >= 0; t--) {
        of[t] = (of[t] + (t >= step ? of[t - step] : 0)) / 2;
      }
    }
    return of;
  }

  /** The same, by the normal distribution. The weights are twice the ranks: so is the half step. */
  private static double normal(long[] weights, long bound) {
    double mean = LongStream.of(weights).sum() / 2.0;
    double variance = LongStream.of(weights).mapToDouble(w -> (double) w * w).sum() / 4;
    return NORMAL.cumulativeProbability((bound + 1 - mean) / Math.sqrt(variance));
  }

  /**
   * The largest sum of ranks t of n untied differences with P(T &lt;= t) &lt;= tail; -1 if there is
   * none.
   */
  static long belowTail(int n, double tail) {
    if (n > EXACT) {
      double mean = n * (n + 1.0) / 4;
      double deviation = Math.sqrt(n * (n + 1.0) * (2.0 * n + 1) / 24);
      double quantile = mean + NORMAL.inverseCumulativeProbability(tail) * deviation;
      return (long) Math.floor(quantile - 0.5);
    }
    long[] ranks = new long[n];
    Arrays.setAll(ranks, i -> i + 1L);
    double[] distribution = distribution(ranks);
    double sum = 0;
    long t = -1;
    while (sum + distribution[(int) t + 1] <= tail) {
      t++;
      sum += distribution[(int) t];
    }
    return t;
  }
}
