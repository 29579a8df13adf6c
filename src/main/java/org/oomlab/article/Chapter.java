package org.oomlab.article;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Measure;
import org.oomlab.experiment.Outcome;
import org.oomlab.timeline.Recording;
import org.oomlab.workload.Workload;

/**
 * What is to be told of one workload.
 *
 * @param round how its policies compare
 * @param outcomes every episode, a list for each policy
 * @param recordings the episodes that are drawn, by the policy's place and the seed
 * @param guesses what the result hangs on; null if that was not looked at
 * @param file the workload as it was run, as a file
 */
public record Chapter(
    Round round,
    List<List<Outcome>> outcomes,
    Map<Drawn, Recording> recordings,
    @Nullable Guesses guesses,
    String file) {

  /** An episode that is drawn: of the policy at this place, with this seed. */
  public record Drawn(int policy, long seed) {}

  public Chapter {
    outcomes = outcomes.stream().map(List::copyOf).toList();
    recordings = Collections.unmodifiableMap(new LinkedHashMap<>(recordings));
  }

  /** Which episodes of a policy are told. */
  public static Telling telling(List<Outcome> outcomes) {
    return Telling.of(outcomes);
  }

  /** What to ask about guesses: the measure by which a round is decided, and between whom. */
  public static Dispute dispute(Round round) {
    return Answer.dispute(round);
  }

  /**
   * Something that a result may hang on.
   *
   * @param measure by what
   * @param policies the places of one policy or of two
   * @param sign -1 if it is claimed that the second has less than the first, 1 if more, else 0
   */
  public record Dispute(Measure measure, List<Integer> policies, int sign) {}

  Workload workload() {
    return round.cases().get(0).workload();
  }

  List<Case> cases() {
    return round.cases();
  }
}
