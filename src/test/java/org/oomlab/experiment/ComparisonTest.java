package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Comparison.Finding;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.statistics.Estimate;

/** What is said of two policies, pair by pair. */
class ComparisonTest {
  private static final Measure TIME = new Measure.Figure(Metric.RECOVERY_MS);
  private static final Measure COUNT = new Measure.Figure(Metric.KILLS);
  private static final Measure PANIC = new Measure.Ending(Verdict.PANIC);
  private static final double NONE = Double.NaN;

  private static Comparison of(Measure measure, double[] base, double... values) {
    return Comparison.of("w", "a", "b", measure, base, values);
  }

  private static double[] times(int n, double value) {
    double[] values = new double[n];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void equalPairsAreTheSameAndNotTested() {
    Comparison same = of(TIME, new double[] {1, 2, 3}, 1, 2, 3);
    assertThat(same.finding()).isEqualTo(Finding.SAME);
    assertThat(same.p()).isNaN();
    assertThat(same.difference().value()).isZero();
  }

  @Test
  void oneSeedClaimsNothing() {
    for (Measure measure : new Measure[] {TIME, COUNT, PANIC}) {
      Comparison one = of(measure, new double[] {0}, 1);
      assertThat(one.p()).isEqualTo(1);
      assertThat(one.finding()).isEqualTo(Finding.UNCLEAR);
      assertThat(one.isContradictory()).isFalse();
    }
  }

  @Test
  void onlyPairsWithBothValuesCount() {
    double[] base = {5, NONE, 7, 8, 9, 10, 11, 12};
    Comparison some = of(TIME, base, 4, 1, NONE, 7, 8, 9, 10, 11);
    assertThat(some.episodes()).isEqualTo(8);
    assertThat(some.pairs()).isEqualTo(6);
    assertThat(some.less()).isEqualTo(6);
    assertThat(some.p()).isEqualTo(2 / 64.0);
    assertThat(some.finding()).isEqualTo(Finding.LESS);
    assertThat(some.difference()).isEqualTo(new Estimate(-1, -1, -1));
  }

  @Test
  void withoutAnyCommonEpisodeNothingIsSaid() {
    Comparison apart = of(TIME, new double[] {1, NONE}, NONE, 2);
    assertThat(apart.finding()).isEqualTo(Finding.ABSENT);
    assertThat(apart.difference()).isEqualTo(Estimate.ABSENT);
  }

  /** Six of forty are shorter and none longer; but the typical pair does not differ. */
  @Test
  void aTestThatItsIntervalContradictsIsNoClaim() {
    double[] values = times(40, 10);
    Arrays.fill(values, 0, 6, 4);
    Comparison few = of(TIME, times(40, 10), values);
    assertThat(few.p()).isEqualTo(2 / 64.0);
    assertThat(few.difference().high()).isZero();
    assertThat(few.finding()).isEqualTo(Finding.UNCLEAR);
    assertThat(few.isContradictory()).isTrue();
  }

  /** Most have one kill less, two have very many more: the directions and the mean disagree. */
  @Test
  void aMeanThatAFewPullOverIsNoClaim() {
    double[] values = times(20, 1);
    values[0] = 40;
    values[1] = 40;
    Comparison pulled = of(COUNT, times(20, 2), values);
    assertThat(pulled.p()).isLessThan(0.001);
    assertThat(pulled.difference().value()).isPositive();
    assertThat(pulled.finding()).isEqualTo(Finding.UNCLEAR);
  }

  @Test
  void outcomesHaveAnIntervalEvenIfAllPairsDiffer() {
    Comparison all = of(PANIC, times(20, 1), times(20, 0));
    assertThat(all.finding()).isEqualTo(Finding.LESS);
    assertThat(all.difference().low()).isEqualTo(-1);
    assertThat(all.difference().high()).isBetween(-0.68, -0.67);
  }

  /** Whatever the data: a claim's interval excludes zero, on the side of the claim. */
  @Test
  void claimsExcludeZero() {
    for (int less = 0; less <= 30; less++) {
      int n = less;
      double[] values =
          IntStream.range(0, 30)
              .mapToDouble(i -> i < n ? -1 - i % 3 : i % 4 == 0 ? 2 : 0)
              .toArray();
      for (Measure measure : new Measure[] {TIME, COUNT}) {
        Comparison comparison = of(measure, times(30, 0), values);
        switch (comparison.finding()) {
          case LESS -> assertThat(comparison.difference().high()).isNegative();
          case MORE -> assertThat(comparison.difference().low()).isPositive();
          case SAME, UNCLEAR, ABSENT -> assertThat(comparison.pairs()).isEqualTo(30);
        }
      }
    }
  }
}
