package org.oomlab.experiment.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.experiment.Happenings;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.claim.Assertion.Compared;
import org.oomlab.experiment.claim.Assertion.Every;
import org.oomlab.experiment.claim.Assertion.OfStatistic;
import org.oomlab.experiment.claim.Assertion.Relation;
import org.oomlab.experiment.claim.Assertion.ShareOf;
import org.oomlab.experiment.claim.Assertion.Statistic;
import org.oomlab.unit.SeedRange;

/** What an expectation needs to know, and when two means are the same. */
class AssertionTest {
  private static final Range ANY = Range.parse("0..1", Double::parseDouble);

  private static List<Assertion> about(Metric metric) {
    Statement statement = new Statement.OfMetric(metric, ANY);
    return List.of(
        new Every(statement),
        new ShareOf(statement, ANY),
        new OfStatistic(Statistic.MEAN, metric, ANY),
        new Compared(metric, Relation.LESS, "base"));
  }

  @Test
  void whatIsAboutExtraKillsNeedsToKnowWhichWereAndNothingElseDoes() {
    assertThat(about(Metric.EXTRA_KILLS_1S)).allMatch(Assertion::needsCounterfactuals);
    assertThat(about(Metric.KILLS)).noneMatch(Assertion::needsCounterfactuals);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, true, false, false",
    "2, 1, false, true, false",
    "1, 1, false, false, true",
    "0, 0, false, false, true",
    "1000000, 1000000.0001, false, false, true",
    "1000000, 1000000.01, true, false, false",
    "0.000001, 0.000002, true, false, false",
    "-1, -2, false, true, false"
  })
  void oneMeanIsLessMoreOrTheSameButForTheLastBits(
      double mine, double theirs, boolean less, boolean more, boolean same) {
    assertThat(Relation.LESS.holds(mine, theirs)).isEqualTo(less);
    assertThat(Relation.FEWER.holds(mine, theirs)).isEqualTo(less);
    assertThat(Relation.MORE.holds(mine, theirs)).isEqualTo(more);
    assertThat(Relation.SAME.holds(mine, theirs)).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({
    "1, a",
    "4, 'a (1 of 4), b (1 of 4), c (1 of 4), d (1 of 4)'",
    "5, 5 different values"
  })
  void upToFourDifferentValuesAreToldAndMoreAreCounted(int different, String told) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < different; i++) {
      outcomes.add(outcome("p", i + 1L).kill(kill(String.valueOf((char) ('a' + i)), 0)).build());
    }
    List<List<String>> anybody =
        List.of(List.of("a"), List.of("b"), List.of("c"), List.of("d"), List.of("e"));
    Assertion every = new Every(new Statement.OfVictims(anybody, false));

    Assertion.Finding finding = every.test(evidence(outcomes), "p", new SeedRange(1, different));

    assertThat(finding.holds()).isTrue();
    assertThat(finding.measured()).isEqualTo(told);
  }

  /** Evidence of episodes, and of nothing else. */
  private static Assertion.Evidence evidence(List<Outcome> outcomes) {
    return new Assertion.Evidence() {
      @Override
      public List<Outcome> outcomes(String policy, SeedRange seeds) {
        return outcomes;
      }

      @Override
      public Statement.Inside inside(String policy) {
        return new Statement.Inside() {
          @Override
          public OptionalLong badness(long seed, int process) {
            return OptionalLong.empty();
          }

          @Override
          public Happenings happenings(long seed) {
            throw new AssertionError("nobody asks");
          }
        };
      }
    };
  }
}
