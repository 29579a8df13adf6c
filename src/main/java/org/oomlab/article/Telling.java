package org.oomlab.article;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;

/**
 * Which episodes of one policy are worth being told: one as most are, and the worst.
 *
 * @param typical of those that end as most do, the one in the middle
 * @param worst the one than which none ends worse; the typical one if none is worse than that
 */
public record Telling(Outcome typical, Outcome worst) {
  /** How an episode ends, who died for it, and how long it took; of equal ones no one is worse. */
  private static final Comparator<Outcome> BADNESS =
      Comparator.comparingInt((Outcome outcome) -> severity(outcome.verdict()))
          .thenComparingLong(Telling::extraKills)
          .thenComparingInt(outcome -> outcome.kills().size())
          .thenComparingLong(
              outcome -> outcome.recoveryNs() < 0 ? Long.MAX_VALUE : outcome.recoveryNs());

  /**
   * Chooses among the episodes of one workload under one policy, of which there is one at least.
   */
  static Telling of(List<Outcome> outcomes) {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    outcomes.forEach(each -> counts.merge(each.verdict(), 1, Integer::sum));
    int most = counts.values().stream().max(Comparator.naturalOrder()).orElseThrow();
    List<Outcome> usual =
        outcomes.stream()
            .filter(each -> counts.get(each.verdict()) == most)
            .sorted(BADNESS.thenComparingLong(Outcome::seed))
            .toList();
    Outcome typical = usual.get((usual.size() - 1) / 2);
    Outcome worst = typical;
    for (Outcome each : outcomes) {
      worst = BADNESS.compare(each, worst) > 0 ? each : worst;
    }
    return new Telling(typical, worst);
  }

  private static int severity(Verdict verdict) {
    return switch (verdict) {
      case RUNNING, NO_OOM -> 0;
      case RECOVERED -> 1;
      case UNDECIDED -> 2;
      case LIVELOCK -> 3;
      case PANIC -> 4;
    };
  }

  /** Kills without which the request would have been satisfied within ten seconds. */
  static long extraKills(Outcome outcome) {
    return outcome.judged() ? outcome.kills().stream().filter(kill -> kill.extra10s()).count() : 0;
  }

  /** Whether some episode is worse than the typical one. */
  boolean hasWorse() {
    return worst.seed() != typical.seed();
  }
}
