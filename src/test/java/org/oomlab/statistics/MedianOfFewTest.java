package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far the median of a few runs may lie from a simulated one by chance. */
class MedianOfFewTest {
  /** 1 to 9999: as good as uniform, whose order statistics are a beta distribution. */
  private static final double[] UNIFORM =
      IntStream.rangeClosed(1, 9999).mapToDouble(i -> i).toArray();

  @Test
  void whatIsSimulatedIsCertainlyPossible() {
    assertThat(new MedianOfFew(UNIFORM, 5).chance(5000)).isEqualTo(1);
  }

  /** Twice the distribution function of Beta((n + 1) / 2, (n + 1) / 2), from R's pbeta(). */
  @ParameterizedTest
  @CsvSource({
    "1, 0.1, 0.2",
    "3, 0.1, 0.056",
    "5, 0.1, 0.01712",
    "5, 0.8, 0.11584",
    "9, 0.9, 0.0017819"
  })
  void theMedianOfUniformNumbersIsBetaDistributed(int runs, double share, double chance) {
    assertThat(new MedianOfFew(UNIFORM, runs).chance(1e4 * share)).isCloseTo(chance, within(1e-3));
  }

  /** The median of an even number lies between the two in the middle. */
  @Test
  void ofAnEvenNumberTheTwoInTheMiddleCount() {
    double low = 0.9 * 0.9; // Of two, that both are above.
    double high = 1 - 0.1 * 0.1;
    assertThat(new MedianOfFew(UNIFORM, 2).chance(1000))
        .isCloseTo(2 * (1 - (low + high) / 2), within(1e-3));
  }

  @Test
  void manyRunsAreNearerThanFew() {
    double five = new MedianOfFew(UNIFORM, 5).within(0.25);
    assertThat(five).isCloseTo(0.4727, within(5e-3)); // pbeta(2/3, 3, 3) - pbeta(0.4, 3, 3)
    assertThat(new MedianOfFew(UNIFORM, 101).within(0.25)).isGreaterThan(0.95);
  }

  @Test
  void whatWasNeverSeenIsRareButNotImpossible() {
    MedianOfFew alike = new MedianOfFew(new double[] {100, 100, 100, 100}, 5);
    assertThat(alike.chance(100)).isEqualTo(1);
    assertThat(alike.chance(101)).isPositive().isLessThan(0.05);
  }
}
