package org.oomlab.experiment.fidelity;

import org.oomlab.statistics.Summary;

/**
 * A duration that was observed beside what was simulated of it, in milliseconds.
 *
 * @param observed of the runs that had one
 * @param observedMin the shortest of these, or NaN
 * @param simulated of the episodes that had one
 */
public record TimeLikeness(Summary observed, double observedMin, Summary simulated) {
  /** What is called agreement, if the answer must be yes or no. */
  private static final double ENOUGH = 0.5;

  /** Whether there is anything to compare. */
  public boolean isPresent() {
    return observed.n() > 0 || simulated.n() > 0;
  }

  /** The simulated median by the observed one; NaN if one is absent. */
  public double ratio() {
    return simulated.p50() / observed.p50();
  }

  /**
   * The lesser median by the greater: 1 if they are equal, 0.5 if one is twice the other, 0 if one
   * is absent.
   */
  public double agreement() {
    double ratio = ratio();
    return Double.isNaN(ratio) ? 0 : Math.min(ratio, 1 / ratio);
  }

  /** Whether they agree: within a factor of two. */
  public boolean agrees() {
    return agreement() >= ENOUGH;
  }
}
