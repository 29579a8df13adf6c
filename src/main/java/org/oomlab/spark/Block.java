package org.oomlab.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.EpisodeFailure;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Outcome;

/**
 * What one task of Spark's is: stretches of episodes, one after another. An episode is a pure
 * function of its case and seed, so that a block that is tried again, or by two at once, comes out
 * the same.
 *
 * @param stretches in the order in which their outcomes are wanted
 * @param counterfactuals whether to ask of every kill if it was necessary
 * @param model the digest of the simulator that is asked
 */
record Block(List<Stretch> stretches, boolean counterfactuals, String model)
    implements Serializable {
  Block {
    stretches = List.copyOf(stretches);
  }

  /**
   * What comes of a block.
   *
   * @param outcomes of its episodes, in their order; up to the one that failed
   * @param failure of an episode, or null
   * @param nanos how long it took
   */
  record Done(List<Outcome> outcomes, @Nullable EpisodeFailure failure, long nanos)
      implements Serializable {}

  long episodes() {
    long sum = 0;
    for (Stretch stretch : stretches) {
      sum += stretch.episodes();
    }
    return sum;
  }

  /**
   * Runs it, wherever this is.
   *
   * @throws IllegalStateException if the simulator here is another one
   */
  Done run(String mine) {
    if (!mine.equals(model)) {
      throw new IllegalStateException(
          "an executor has another oomlab: its model is " + mine + ", and " + model + " was asked");
    }
    long began = System.nanoTime();
    List<Outcome> outcomes = new ArrayList<>();
    EpisodeFailure failure = null;
    for (int i = 0; i < stretches.size() && failure == null; i++) {
      Stretch next = stretches.get(i);
      failure =
          Experiment.inTurn(next.of(), counterfactuals, next.first(), next.last(), outcomes::add);
    }
    return new Done(outcomes, failure, System.nanoTime() - began);
  }
}
