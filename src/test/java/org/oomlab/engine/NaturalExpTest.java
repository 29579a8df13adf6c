package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class NaturalExpTest {
  @Test
  void zeroGivesOne() {
    assertThat(NaturalExp.of(0)).isEqualTo(1);
  }

  @Property(tries = 10_000)
  void itIsTheExponential(@ForAll @DoubleRange(min = -700, max = 700) double x) {
    double exact = StrictMath.exp(x);
    assertThat(NaturalExp.of(x)).isCloseTo(exact, within(3 * Math.ulp(exact)));
  }
}
