package org.oomlab.refute;

import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.Span;

/**
 * How near an episode came to an end that it did not have, 0 to 1. What it takes on the way there
 * comes first, then how much of it.
 */
final class Nearness {
  /** A request that waits so long in vain is a livelock. */
  private static final double LONGEST_NS = 60e9;

  private Nearness() {}

  /** The distance to an end. */
  static double to(Verdict verdict, Course course) {
    if (course.outcome().verdict() == verdict) {
      return 0;
    } else if (!course.has(Trait.OOM)) {
      return 1;
    }
    return switch (verdict) {
      case PANIC -> toPanic(course);
      case LIVELOCK -> toLivelock(course);
      default -> 0.5;
    };
  }

  /** Nobody left to kill; then kills, and the fewest free pages there were. */
  private static double toPanic(Course course) {
    if (course.has(Trait.NOBODY_LEFT)) {
      return 0.1;
    }
    int kills = course.outcome().kills().size();
    return 0.2 + 0.3 * course.reserve() + 0.4 / (1 + kills);
  }

  /** The longest that all demand took; more where a request was never satisfied. */
  private static double toLivelock(Course course) {
    Outcome outcome = course.outcome();
    if (outcome.demandMetNs() < 0) {
      return 0.1;
    }
    double ms = Math.max(outcome.demandMetNs(), outcome.stallNs()) / (double) Span.MILLISECOND;
    return 0.9 - 0.7 * Math.min(1, Math.log1p(ms) / Math.log1p(LONGEST_NS / Span.MILLISECOND));
  }
}
