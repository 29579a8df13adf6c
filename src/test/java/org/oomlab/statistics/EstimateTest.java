package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimates at their edges: of nothing, of too little, and where two ways to count meet. */
class EstimateTest {
  @Test
  void ofNothingThereIsNoEstimate() {
    double[] nothing = {};

    for (Estimate estimate :
        new Estimate[] {
          Estimate.share(nothing),
          Estimate.median(nothing),
          Estimate.shift(nothing),
          Estimate.shareDifference(0, 0, 0)
        }) {
      assertThat(estimate.value()).isNaN();
      assertThat(estimate.low()).isNaN();
      assertThat(estimate.high()).isNaN();
      assertThat(estimate.halfWidth()).isNaN();
    }
    assertThat(Estimate.max(nothing)).isNaN();
    assertThat(Estimate.max(new double[] {-3, -1, -2})).isEqualTo(-1);
  }

  @Test
  void aWidthIsHalfAnIntervalAndMayBeInRelationToItsMiddle() {
    assertThat(new Estimate(-2, -3, 5).halfWidth()).isEqualTo(4);
    assertThat(new Estimate(-2, -3, 5).relativeWidth()).isEqualTo(2);
    assertThat(new Estimate(0, 0, 0).relativeWidth()).isZero();
    assertThat(new Estimate(3, Double.NaN, Double.NaN).relativeWidth()).isNaN();
  }

  @Test
  void fromSixValuesOnThereIsAnInterval() {
    double[] six = {-6, -5, -4, -3, -2, -1};
    double[] five = {-5, -4, -3, -2, -1};

    assertThat(Estimate.shift(six)).isEqualTo(new Estimate(-3.5, -6, -1));
    assertThat(Estimate.median(six)).isEqualTo(new Estimate(-3.5, -6, -1));
    assertThat(Estimate.shift(five).low()).isNaN();
    assertThat(Estimate.median(five).low()).isNaN();
  }

  @Test
  void aShiftIsWhatAllMeansOfTwoWouldGiveIfTheyWereWrittenDown() {
    for (int n = 6; n <= 40; n++) {
      int size = n;
      double[] values = IntStream.range(0, n).mapToDouble(i -> i * i - size).toArray();
      double[] means =
          IntStream.range(0, n)
              .boxed()
              .flatMapToDouble(
                  i -> IntStream.rangeClosed(0, i).mapToDouble(j -> (values[i] + values[j]) / 2))
              .sorted()
              .toArray();
      int below = (int) SignedRank.belowTail(n, 0.025);

      Estimate shift = Estimate.shift(values);

      assertThat(shift.low()).isEqualTo(means[below]);
      assertThat(shift.high()).isEqualTo(means[means.length - 1 - below]);
      assertThat(shift.value())
          .isEqualTo((means[(means.length - 1) / 2] + means[means.length / 2]) / 2);
    }
  }

  @Test
  void aShiftMayBeZeroOfEitherSign() {
    assertThat(Estimate.shift(new double[] {-0.0, 0.0, -0.0}).value()).isZero();
    assertThat(Estimate.shift(new double[] {-1, -0.0, 1}).value()).isZero();
  }

  @Test
  void aShareIsACountOfACount() {
    assertThat(Share.of(1, 4).value()).isEqualTo(0.25);
    assertThat(Share.of(0, 4).value()).isZero();
  }

  // Wilcoxon's test and the interval that belongs to it.

  /** Differences of 1 to n, of which those that are positive have so large a sum. */
  private static double[] withSum(int n, long sum) {
    double[] differences = IntStream.rangeClosed(1, n).mapToDouble(i -> -i).toArray();
    long left = sum;
    for (int i = n; i > 0; i--) {
      if (i <= left) {
        differences[i - 1] = i;
        left -= i;
      }
    }
    assertThat(left).isZero();
    return differences;
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 20, 99, 100, 101, 150, 1000})
  void anIntervalEndsWhereTheTestBecomesSignificant(int n) {
    long below = SignedRank.belowTail(n, 0.025);

    assertThat(SignedRank.test(withSum(n, below))).isLessThanOrEqualTo(0.05);
    assertThat(SignedRank.test(withSum(n, below + 1))).isGreaterThan(0.05);
  }

  @ParameterizedTest
  @CsvSource({"5, 0.03125, 0", "5, 0.03124, -1", "5, 0.0625, 1", "5, 0.09375, 2"})
  void whatIsJustInTheTailIsInIt(int n, double tail, long below) {
    // Of 32 ways to put signs one each has a sum of 0, 1 and 2, and two have 3.
    assertThat(SignedRank.belowTail(n, tail)).isEqualTo(below);
  }
}
