package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantityTest {
  private static final int DRAWS = 200_000;

  @Test
  void splitMixGivesThePublishedNumbers() {
    // The first outputs of SplitMix64 for seed 1234567, as in its reference implementation.
    RandomStream random = new RandomStream(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }

  @Test
  void streamsOfDifferentPurposesDiffer() {
    assertThat(RandomStream.split(1, 1)).isNotEqualTo(RandomStream.split(1, 2));
    assertThat(RandomStream.split(1, "sizes")).isNotEqualTo(RandomStream.split(2, "sizes"));
  }

  @Test
  void aConstantDrawsNothing() {
    RandomStream random = new RandomStream(1);
    new Quantity.Constant(5).sample(random);
    assertThat(random.nextLong()).isEqualTo(new RandomStream(1).nextLong());
  }

  @Test
  void uniformReachesBothEndsAndNoFurther() {
    long[] draws = draws(new Quantity.Uniform(3, 7));
    assertThat(LongStream.of(draws).min()).hasValue(3);
    assertThat(LongStream.of(draws).max()).hasValue(7);
    assertThat(mean(draws)).isCloseTo(5, within(0.02));
  }

  @Test
  void logUniformHasTheMeanOfItsFormula() {
    // (b - a) / ln(b / a) = 9900 / ln 100 = 2149.76
    assertThat(mean(draws(new Quantity.LogUniform(100, 10_000)))).isCloseTo(2149.8, within(20.0));
  }

  @Test
  void exponentialHasItsMean() {
    assertThat(mean(draws(new Quantity.Exponential(1000)))).isCloseTo(1000, within(8.0));
  }

  @Test
  void normalHasItsMeanAndIsNeverNegative() {
    long[] draws = draws(new Quantity.Normal(1000, 100));
    assertThat(mean(draws)).isCloseTo(1000, within(1.0));
    assertThat(LongStream.of(draws(new Quantity.Normal(0, 100))).min()).hasValue(0);
  }

  @Test
  void logNormalHasItsMedianAndFactor() {
    long[] draws = draws(new Quantity.LogNormal(1000, 2));
    java.util.Arrays.sort(draws);
    assertThat((double) draws[DRAWS / 2]).isCloseTo(1000, within(15.0));
    assertThat((double) draws[(int) (DRAWS * 0.841345)]).isCloseTo(2000, within(40.0));
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> new Quantity.Uniform(2, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Quantity.LogUniform(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long[] draws(Quantity quantity) {
    RandomStream random = new RandomStream(7);
    return LongStream.range(0, DRAWS).map(i -> quantity.sample(random)).toArray();
  }

  private static double mean(long[] draws) {
    return LongStream.of(draws).average().orElseThrow();
  }
}
