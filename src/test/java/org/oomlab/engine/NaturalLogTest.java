package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class NaturalLogTest {
  @Test
  void oneHasNone() {
    assertThat(NaturalLog.of(1)).isCloseTo(0, within(4e-16));
  }

  @Property(tries = 10_000)
  void itIsTheLogarithmOfEveryUniformDraw(@ForAll @LongRange(min = 1, max = 1L << 53) long bits) {
    double x = bits * 0x1.0p-53;
    assertThat(NaturalLog.of(x))
        .isCloseTo(StrictMath.log(x), within(4e-16 + 2 * Math.ulp(StrictMath.log(x))));
  }

  @Property(tries = 10_000)
  void itIsTheLogarithmOfEveryRatio(@ForAll @DoubleRange(min = 2, max = 1e18) double x) {
    assertThat(NaturalLog.of(x) / StrictMath.log(x)).isCloseTo(1, within(6e-16));
  }
}
