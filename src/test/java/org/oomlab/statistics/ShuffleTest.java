package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that are computed one place at a time. */
class ShuffleTest {
  private static long[] order(long seed, long bound) {
    Shuffle shuffle = new Shuffle(seed, bound);
    return LongStream.range(0, bound).map(shuffle::at).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 16, 17, 1000, 4096, 20_000})
  void everyNumberHasOnePlace(long bound) {
    assertThat(LongStream.of(order(9, bound)).sorted().toArray())
        .isEqualTo(LongStream.range(0, bound).toArray());
  }

  @Test
  void theOrderLooksLikeChance() {
    double[] places = LongStream.range(0, 5000).asDoubleStream().toArray();
    double[] one = LongStream.of(order(1, 5000)).asDoubleStream().toArray();
    double[] other = LongStream.of(order(2, 5000)).asDoubleStream().toArray();
    PearsonsCorrelation correlation = new PearsonsCorrelation();
    // Of 5000 pairs by chance, beyond three standard errors in one case of four hundred.
    assertThat(Math.abs(correlation.correlation(places, one))).isLessThan(0.042);
    assertThat(Math.abs(correlation.correlation(one, other))).isLessThan(0.042);
  }

  @Test
  void itIsTheSameForTheSameSeed() {
    assertThat(order(3, 77)).isEqualTo(order(3, 77)).isNotEqualTo(order(4, 77));
  }
}
