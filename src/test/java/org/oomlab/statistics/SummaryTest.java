package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
  /**
   * Student's own sleep data ("The Probable Error of a Mean", Biometrika 1908), as R's t.test() and
   * quantile() give it.
   */
  @Test
  void agreesWithRsSleepExample() {
    Summary summary = Summary.of(new double[] {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4});
    assertThat(summary.n()).isEqualTo(10);
    assertThat(summary.mean()).isCloseTo(1.58, within(1e-12));
    assertThat(summary.ciLow()).isCloseTo(0.7001142, within(5e-8));
    assertThat(summary.ciHigh()).isCloseTo(2.4598858, within(5e-8));
    assertThat(summary.p50()).isCloseTo(1.3, within(1e-12));
    assertThat(summary.p95()).isCloseTo(3.61, within(1e-12));
    assertThat(summary.max()).isEqualTo(4.6);
  }

  /** Quantiles of t as every statistics book prints them; two values have a mean error of 1. */
  @ParameterizedTest
  @CsvSource({"1, 12.706", "2, 4.303", "4, 2.776", "9, 2.262", "29, 2.045", "99, 1.984"})
  void usesStudentsT(int degreesOfFreedom, double t) {
    double[] values = new double[degreesOfFreedom + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    // The whole numbers 0..n-1 have the variance n(n+1)/12.
    double n = values.length;
    double error = Math.sqrt(n * (n + 1) / 12 / n);
    assertThat(Summary.of(values).halfWidth() / error).isCloseTo(t, within(5e-4));
  }

  /** Python's statistics.quantiles(method="inclusive"). */
  @ParameterizedTest
  @CsvSource({"1;2;3;4;10, 3, 8.8", "7;1, 4, 6.7", "5, 5, 5", "3;1;2;4, 2.5, 3.85"})
  void interpolatesPercentiles(String values, double p50, double p95) {
    Summary summary = Summary.of(numbers(values));
    assertThat(summary.p50()).isCloseTo(p50, within(1e-12));
    assertThat(summary.p95()).isCloseTo(p95, within(1e-12));
  }

  private static double[] numbers(String text) {
    return java.util.Arrays.stream(text.split(";")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void aConstantHasNoWidth() {
    Summary summary = Summary.of(new double[] {0.1, 0.1, 0.1});
    assertThat(summary).isEqualTo(new Summary(3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1));
  }

  @Test
  void nothingHasNoFigures() {
    Summary summary = Summary.of(new double[0]);
    assertThat(summary.n()).isZero();
    assertThat(summary.mean()).isNaN();
    assertThat(summary.p95()).isNaN();
  }

  /**
   * R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
   * Medicine 1998, table I, method 3.
   */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void sharesHaveWilsonsInterval(long count, long of, double low, double high) {
    Share share = Share.of(count, of);
    assertThat(share.low()).isCloseTo(low, within(5e-5));
    assertThat(share.high()).isCloseTo(high, within(5e-5));
  }
}
