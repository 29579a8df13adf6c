package org.oomlab.experiment;

import java.util.List;

/**
 * One episode with what is needed to tell why it went as it did.
 *
 * @param outcome what it came to
 * @param rankings for each kill, the processes of that moment, worst first and those that may not
 *     be killed last; empty for a kill that came with the one before it
 */
public record Explanation(Outcome outcome, List<List<Candidate>> rankings) {
  public Explanation {
    rankings = rankings.stream().map(List::copyOf).toList();
  }
}
