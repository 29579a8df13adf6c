package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  @Test
  void numbersCountAsNumbers() {
    assertThat(
            List.of("linux-6.18", "linux-4.13", "linux-4.5", "m10", "m9-b", "m9", "linux-6.1")
                .stream()
                .sorted(NaturalOrder.COMPARATOR))
        .containsExactly("linux-4.5", "linux-4.13", "linux-6.1", "linux-6.18", "m9", "m9-b", "m10");
  }

  @Test
  void leadingZerosDecideLast() {
    assertThat(List.of("a1", "a01", "a2").stream().sorted(NaturalOrder.COMPARATOR))
        .containsExactly("a01", "a1", "a2");
  }
}
