package org.oomlab.experiment;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.oomlab.statistics.Estimate;
import org.oomlab.statistics.SignedRank;
import org.oomlab.statistics.Tests;

/**
 * How a policy does beside the base policy, by one measure, in the same episodes.
 *
 * @param workload name of the workload
 * @param base name of the policy that is compared with
 * @param policy name of the policy
 * @param measure what is compared
 * @param episodes seeds under which both were run
 * @param pairs those in which both policies have a value
 * @param more pairs in which it is more than under the base
 * @param less pairs in which it is less
 * @param baseValue the base's median if the measure is a time, else its mean, which of an outcome
 *     is the share of episodes that end so
 * @param value the same of the policy; both over all episodes that have a value
 * @param difference by how much the policy has more: the Hodges-Lehmann estimate for times, else
 *     the mean difference
 * @param p the chance of as clear a difference if there were none: Wilcoxon's signed-rank test for
 *     times, else the sign test; NaN if no pair differs and there is nothing to test
 * @param adjustedP the same after Holm's correction over the whole table
 */
public record Comparison(
    String workload,
    String base,
    String policy,
    Measure measure,
    long episodes,
    long pairs,
    long more,
    long less,
    Estimate baseValue,
    Estimate value,
    Estimate difference,
    double p,
    double adjustedP) {
  /** Below this, a difference is claimed. */
  public static final double LEVEL = 0.05;

  /** Finer differences come from the arithmetic and not from the episodes. */
  private static final double RESOLUTION = 1e9;

  /** What can be said. */
  public enum Finding {
    /** No pair differs. */
    SAME,
    /** Pairs differ, but not so that anything could be claimed. */
    UNCLEAR,
    /** The policy has less than the base. */
    LESS,
    /** The policy has more than the base. */
    MORE,
    /** There is no episode in which both have a value. */
    ABSENT
  }

  /**
   * Compares two rows of values, seed by seed; NaN stands for an absent value.
   *
   * @return the comparison, not yet corrected for others
   */
  static Comparison of(
      String workload,
      String base,
      String policy,
      Measure measure,
      double[] baseValues,
      double[] values) {
    double[] differences = new double[values.length];
    int pairs = 0;
    int more = 0;
    int less = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = Math.rint((values[i] - baseValues[i]) * RESOLUTION) / RESOLUTION;
      if (!Double.isNaN(difference)) {
        differences[pairs++] = difference;
        more += difference > 0 ? 1 : 0;
        less += difference < 0 ? 1 : 0;
      }
    }
    double[] paired = Arrays.copyOf(differences, pairs);
    double p = Double.NaN;
    if (more + less > 0) {
      p = measure.isTime() ? SignedRank.test(paired) : Tests.sign(more, less);
    }
    Estimate difference =
        switch (measure.kind()) {
          case TIME -> Estimate.shift(paired);
          case SHARE -> Estimate.shareDifference(more, less, pairs);
          case NUMBER -> Estimate.mean(paired);
        };
    return new Comparison(
        workload,
        base,
        policy,
        measure,
        values.length,
        pairs,
        more,
        less,
        typical(measure, baseValues),
        typical(measure, values),
        difference,
        p,
        p);
  }

  /** The value of a measure over many episodes, of which those without one (NaN) are left out. */
  static Estimate typical(Measure measure, double[] values) {
    double[] present = DoubleStream.of(values).filter(value -> !Double.isNaN(value)).toArray();
    return switch (measure.kind()) {
      case TIME -> Estimate.median(present);
      case SHARE -> Estimate.share(present);
      case NUMBER -> Estimate.mean(present);
    };
  }

  Comparison adjusted(double adjusted) {
    return new Comparison(
        workload,
        base,
        policy,
        measure,
        episodes,
        pairs,
        more,
        less,
        baseValue,
        value,
        difference,
        p,
        adjusted);
  }

  /**
   * What can be said. A difference is claimed only if the test says so after its correction, and
   * the interval lies on the side to which more pairs differ: the test counts pairs or ranks, the
   * interval is about a size, and where the two disagree nobody should rest anything on either.
   */
  public Finding finding() {
    if (pairs == 0) {
      return Finding.ABSENT;
    }
    if (more + less == 0) {
      return Finding.SAME;
    }
    if (adjustedP < LEVEL && less > more && difference.high() < 0) {
      return Finding.LESS;
    }
    return adjustedP < LEVEL && more > less && difference.low() > 0
        ? Finding.MORE
        : Finding.UNCLEAR;
  }

  /** Whether nothing is claimed although the test alone would. */
  public boolean isContradictory() {
    return finding() == Finding.UNCLEAR && adjustedP < LEVEL;
  }
}
