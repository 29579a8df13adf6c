package org.oomlab.experiment;

import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/**
 * Was this kill necessary? A copy of the machine on the brink of the kill is run on with nobody
 * killed any more, until the request behind the kill is satisfied or patience ends.
 */
final class Counterfactual {
  /** The longer of the two horizons that extra kills are counted for. */
  static final long PATIENCE_NS = 10 * Span.SECOND;

  /** What {@link #waitNs} says of a request that gets nothing within {@link #PATIENCE_NS}. */
  static final long NEVER = -1;

  private final Kernel scratch;

  Counterfactual(Experiment.Case of) {
    this.scratch = new Kernel(of.workload(), of.costs(), of.policy());
  }

  /**
   * How long the request would wait for its memory if nobody were killed from here on.
   *
   * @param kernel on the brink of a kill; not touched
   * @return nanoseconds, or {@link #NEVER}
   */
  long waitNs(Kernel kernel) {
    scratch.copyFrom(kernel);
    return waitWithoutKills(scratch);
  }

  /**
   * The same for the {@code k}-th brink of an episode (from 0), found by running it again. This is
   * what the copy has to agree with: slow, but there is nothing in it that could be forgotten.
   */
  static long replayedWaitNs(Experiment.Case of, long seed, int k) {
    Kernel again = new Kernel(of.workload(), of.costs(), of.policy());
    again.boot(seed, TraceSink.NONE);
    for (int brink = 0; again.runToNextKill(); brink++) {
      if (brink == k) {
        return waitWithoutKills(again);
      }
      again.step();
    }
    throw new IllegalArgumentException("the episode has no brink " + k);
  }

  private static long waitWithoutKills(Kernel kernel) {
    long brinkNs = kernel.nowNs();
    kernel.vetoKills(PATIENCE_NS);
    if (kernel.run() != Verdict.RECOVERED) {
      return NEVER;
    }
    long waitNs = kernel.nowNs() - brinkNs;
    return waitNs <= PATIENCE_NS ? waitNs : NEVER;
  }
}
