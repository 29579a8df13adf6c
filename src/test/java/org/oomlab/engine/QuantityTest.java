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
  void aDrawIsOnTheSameSideOfTheMiddleWhateverIsMadeOfIt() {
    long[] normal = draws(new Quantity.Normal(1000, 100));
    long[] logNormal = draws(new Quantity.LogNormal(1000, 2));
    for (int i = 0; i < DRAWS; i++) {
      assertThat((logNormal[i] - 1000) * (normal[i] - 1000)).isNotNegative();
    }
  }

  @Test
  void aConstantIsWhatItSays() {
    assertThat(new Quantity.Constant(5).sample(new RandomStream(1))).isEqualTo(5);
  }

  @Test
  void whatMustFitIsTheSmallestThatCanBeDrawn() {
    assertThat(new Quantity.Constant(5).least()).isEqualTo(5);
    assertThat(new Quantity.Uniform(3, 7).least()).isEqualTo(3);
    assertThat(new Quantity.LogUniform(4, 9).least()).isEqualTo(4);
    assertThat(new Quantity.Exponential(9).least()).isZero();
  }

  @Test
  void onlyWhatIsAlwaysTheSameIsConstant() {
    assertThat(new Quantity.Constant(0).isConstant()).isTrue();
    assertThat(new Quantity.Constant(0).isZero()).isTrue();
    assertThat(new Quantity.Constant(1).isZero()).isFalse();
    assertThat(new Quantity.Uniform(3, 3).isConstant()).isTrue();
    assertThat(new Quantity.Uniform(3, 4).isConstant()).isFalse();
    assertThat(new Quantity.Uniform(0, 0).isZero()).isTrue();
    assertThat(new Quantity.Uniform(0, 1).isZero()).isFalse();
    assertThat(new Quantity.Exponential(0).isConstant()).isFalse();
  }

  @Test
  void aLogUniformOfOneValueIsThatAndRoundsToTheNearest() {
    assertThat(draws(new Quantity.LogUniform(3, 3))).containsOnly(3);
    long[] draws = draws(new Quantity.LogUniform(1, 3));
    assertThat(LongStream.of(draws).min()).hasValue(1);
    assertThat(LongStream.of(draws).max()).hasValue(3);
    // ln 1.5 / ln 3 of them round down to 1.
    assertThat(LongStream.of(draws).filter(draw -> draw == 1).count() / (double) DRAWS)
        .isCloseTo(0.3691, within(0.004));
  }

  @Test
  void aSeedOfAPurposeIsADrawOfTheStreamThatItBelongsTo() {
    RandomStream stream = new RandomStream(42);
    for (int purpose = 0; purpose < 20; purpose++) {
      assertThat(RandomStream.split(42, purpose)).isEqualTo(stream.nextLong());
      stream.nextLong();
    }
  }

  @Test
  void aPurposeHasANumberByItsName() {
    // The published values of FNV-1a with 64 bits.
    assertThat(RandomStream.split(1, "")).isEqualTo(RandomStream.split(1, 0xcbf29ce484222325L));
    assertThat(RandomStream.split(1, "a")).isEqualTo(RandomStream.split(1, 0xaf63dc4c8601ec8cL));
    assertThat(RandomStream.split(1, "foobar"))
        .isEqualTo(RandomStream.split(1, 0x85944171f73967e8L));
  }

  @Test
  void aLogarithmIsThatOfTheDrawItStandsFor() {
    RandomStream logs = new RandomStream(3);
    RandomStream draws = new RandomStream(3);
    for (int i = 0; i < 100; i++) {
      if (i % 7 == 3) {
        assertThat(logs.nextLong()).isEqualTo(draws.nextLong());
      }
      assertThat(logs.nextLog()).isEqualTo(NaturalLog.of(1 - draws.nextDouble()));
    }
  }

  @Test
  void aStreamBeginsAgainAndIsCopiedWithWhatItHasWorkedOut() {
    RandomStream stream = new RandomStream(3);
    double first = stream.nextLog();
    RandomStream copy = new RandomStream(9);
    copy.copyFrom(stream);
    assertThat(copy.nextLog()).isEqualTo(stream.nextLog());
    for (long seed : new long[] {3, 0, -1}) {
      stream.reseed(seed);
      assertThat(stream.nextLog()).isEqualTo(new RandomStream(seed).nextLog());
    }
    stream.reseed(3);
    assertThat(stream.nextLog()).isEqualTo(first);
  }

  @Test
  void aStreamKnowsWhetherAnythingWasDrawnFromIt() {
    RandomStream stream = new RandomStream(3);
    RandomStream other = new RandomStream(3);
    other.copyFrom(stream);
    assertThat(stream.isDrawn() || other.isDrawn()).isFalse();
    stream.nextLog();
    stream.reseed(1);
    other.copyFrom(stream);
    assertThat(stream.isDrawn() && other.isDrawn()).isTrue();
    other.copyFrom(new RandomStream(3));
    assertThat(other.isDrawn()).as("once drawn, for ever drawn").isTrue();
    RandomStream plain = new RandomStream(3);
    plain.nextLong();
    assertThat(plain.isDrawn()).isTrue();
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
