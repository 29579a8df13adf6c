package org.oomlab.experiment;

import org.oomlab.kernel.ByHand;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;

/**
 * Was this kill necessary? A copy of the machine on the brink of the kill is run on with nobody
 * killed any more, until the request behind the kill is satisfied or patience ends.
 */
final class Counterfactual {
  /** The longer of the two horizons that extra kills are counted for. */
  static final long PATIENCE_NS = ByHand.PATIENCE_NS;

  /** What {@link #waitNs} says of a request that gets nothing within {@link #PATIENCE_NS}. */
  static final long NEVER = -1;

  private final Kernel scratch;

  Counterfactual(Experiment.Case of) {
    this.scratch = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
  }

  /**
   * Keeps the moment to come back to.
   *
   * @param kernel on the brink of a kill; not touched
   */
  void remember(Kernel kernel) {
    scratch.copyFrom(kernel);
  }

  /**
   * How long the request would wait for its memory if nobody were killed from the moment on that
   * was remembered. To be asked once.
   *
   * @return nanoseconds after the moment of the kill, or {@link #NEVER}
   */
  long waitNs() {
    return waitWithoutKills(scratch);
  }

  /** Whether chance has ever had a say in it. */
  boolean hasDrawn() {
    return scratch.hasDrawn();
  }

  /** The digest of what would have happened. */
  long digest() {
    return scratch.digest();
  }

  /** The same for a kernel that may be spoilt. */
  static long waitWithoutKills(Kernel kernel) {
    // Printing the report comes between the decision, where the clock stands, and the kill.
    long killNs = kernel.nextNs();
    kernel.vetoKills(killNs - kernel.nowNs() + PATIENCE_NS);
    return kernel.run() == Verdict.RECOVERED ? kernel.nowNs() - killNs : NEVER;
  }
}
