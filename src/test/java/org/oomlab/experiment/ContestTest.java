package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** A contest that somebody stops. */
class ContestTest {
  private static final Library LIBRARY = Library.open(null);
  private static final Terms TERMS =
      new Terms(List.of(new Measure.Figure(Metric.KILLS)), SeedRange.of(70), 0, 0, false, 2);

  private static List<List<Case>> cases() {
    Workload workload = LIBRARY.resolveWorkloads(List.of("mlocked-all"), note -> {}).get(0);
    return List.of(
        LIBRARY.resolvePolicies(List.of("linux-4.17", "linux-6.18"), note -> {}).stream()
            .map(policy -> new Case(workload, LIBRARY.costs(workload.costsName()), policy))
            .toList());
  }

  /** Loses patience after so many episodes. */
  private static Progress patience(long episodes) {
    AtomicLong done = new AtomicLong();
    return new Progress() {
      @Override
      public void advanced(long episodesDone, long of) {
        done.set(episodesDone);
      }

      @Override
      public boolean cancelled() {
        return done.get() >= episodes;
      }
    };
  }

  @Test
  void showsTheSeedsThatAllPoliciesHaveMet() throws InterruptedException {
    List<Round> rounds = Contest.run(cases(), TERMS, patience(100));
    assertThat(rounds).hasSize(1);
    assertThat(rounds.get(0).partial()).isTrue();
    assertThat(rounds.get(0).seeds()).isEqualTo(SeedRange.of(40));
    assertThat(rounds.get(0).comparisons().get(0).pairs()).isEqualTo(40);
  }

  @Test
  void hasNothingToShowTooEarly() throws InterruptedException {
    assertThat(Contest.run(cases(), TERMS, patience(5))).isEmpty();
  }

  @Test
  void isTheSameInOneGo() throws InterruptedException {
    Terms forty = new Terms(TERMS.measures(), SeedRange.of(40), 0, 0, false, 1);
    Round whole = Contest.run(cases(), forty, Progress.NONE).get(0);
    Round part = Contest.run(cases(), TERMS, patience(100)).get(0);
    assertThat(whole.partial()).isFalse();
    assertThat(part.comparisons()).isEqualTo(whole.comparisons());
  }
}
