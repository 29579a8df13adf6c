package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  /** Exponential decay with an offset, at four moments. */
  private static double[] decay(double[] at) {
    double[] figures = new double[4];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = at[0] * Math.exp(-i * at[1]) + 1;
    }
    return figures;
  }

  @Test
  void findsTheUnknownsBehindFiguresThatAreExact() {
    LeastSquares problem =
        new LeastSquares(new double[] {0, 0}, new double[] {100, 10}, LeastSquaresTest::decay);
    double[] found = problem.solve(new double[] {50, 1}, decay(new double[] {7, 0.3}));
    assertThat(found[0]).isCloseTo(7, within(1e-3));
    assertThat(found[1]).isCloseTo(0.3, within(1e-3));
  }

  @Test
  void findsWhatIsNearestWhenNothingFits() {
    LeastSquares problem =
        new LeastSquares(new double[] {0}, new double[] {10}, at -> new double[] {at[0], at[0]});
    // Of relative errors: 1.2 is a fifth above 1 and three fifths of 2.
    assertThat(problem.solve(new double[] {5}, new double[] {1, 2})[0])
        .isCloseTo(1.2, within(1e-6));
  }

  @Test
  void staysWithinTheRanges() {
    LeastSquares problem =
        new LeastSquares(new double[] {0}, new double[] {10}, at -> new double[] {at[0]});
    assertThat(problem.solve(new double[] {5}, new double[] {20})[0]).isEqualTo(10);
  }
}
