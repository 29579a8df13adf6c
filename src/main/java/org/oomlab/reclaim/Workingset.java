package org.oomlab.reclaim;

import org.oomlab.engine.NaturalExp;

/**
 * Whether a page that comes back was part of the working set, so that who waits for it is stalled:
 * workingset_test_recent() and lru_gen_test_recent() of mm/workingset.c, in closed form.
 *
 * <p>A page counts if fewer pages were evicted since it was than the list is long: the active list,
 * or the generation that is being evicted. Of pages that are touched at random those that come back
 * were away for a time with an exponential distribution, whose mean in evictions is the number of
 * pages that are away. Of pages that are read in turn each was away for exactly so many.
 */
public final class Workingset {
  private Workingset() {}

  /**
   * The part of refaults, 0 to 1, that count.
   *
   * @param awayPages pages that are out
   * @param recentPages evictions that are remembered as recent
   * @param inTurn whether pages are touched one after another, or at random
   */
  public static double recentShare(long awayPages, long recentPages, boolean inTurn) {
    if (awayPages <= 0) {
      return 1;
    }
    if (inTurn) {
      return awayPages <= recentPages ? 1 : 0;
    }
    return 1 - NaturalExp.of(Math.max(-700, -(double) recentPages / awayPages));
  }
}
