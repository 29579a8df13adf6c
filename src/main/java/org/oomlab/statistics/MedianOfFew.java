package org.oomlab.statistics;

import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * The median of a few runs, if what they show is drawn from the same distribution as many simulated
 * episodes: how far from the simulated median it may lie by chance alone.
 *
 * <p>By order statistics: the median of n is at most x if at least half of the n are. Of an even
 * number it lies between two of them, and what is said is halfway between what holds for these.
 */
public final class MedianOfFew {
  private final double[] simulated;
  private final int runs;

  /**
   * @param simulated what the metric was in each episode; at least one, none of them NaN
   * @param runs how many real runs there are, at least 1
   */
  public MedianOfFew(double[] simulated, int runs) {
    this.simulated = simulated;
    this.runs = runs;
  }

  /**
   * The probability that the median of the runs lies at least as far out as the measured one, to
   * either side: 1 if it is what is simulated, small if the simulation is wrong.
   */
  public double chance(double measured) {
    double below = atMost(it -> it <= measured);
    double above = 1 - atMost(it -> it < measured);
    return Math.min(1, 2 * Math.min(below, above));
  }

  /** The probability that the simulated median is within such a part of the measured one. */
  public double within(double part) {
    double median = Summary.median(simulated);
    return atMost(it -> it <= median / (1 - part)) - atMost(it -> it < median / (1 + part));
  }

  private double atMost(DoublePredicate isBelow) {
    // Half an episode is added to either side: what was never seen is rare, but not impossible.
    double share =
        (DoubleStream.of(simulated).filter(isBelow).count() + 0.5) / (simulated.length + 1);
    BinomialDistribution belows = new BinomialDistribution(null, runs, share);
    double lower = 1 - belows.cumulativeProbability((runs + 1) / 2 - 1);
    double upper = 1 - belows.cumulativeProbability(runs / 2);
    return (lower + upper) / 2;
  }
}
