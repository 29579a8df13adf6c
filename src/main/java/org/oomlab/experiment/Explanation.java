package org.oomlab.experiment;

import java.util.List;

/**
 * One episode with what is needed to tell why it went as it did.
 *
 * @param outcome what it came to
 * @param rankings for each kill, the processes of that moment, worst first and those that may not
 *     be killed last; empty for a kill that came with the one before it
 * @param atEnd the same for the end of the episode
 * @param cannotTell why it cannot be told whether the kills were needed; empty where it can
 */
public record Explanation(
    Outcome outcome,
    List<List<Candidate>> rankings,
    List<Candidate> atEnd,
    List<String> cannotTell) {
  public Explanation {
    cannotTell = List.copyOf(cannotTell);
    atEnd = List.copyOf(atEnd);
    rankings = rankings.stream().map(List::copyOf).toList();
  }
}
