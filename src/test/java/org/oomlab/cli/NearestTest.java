package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsASwapAsOneSlip() {
    assertThat(Nearest.slips("rnu", "run")).isEqualTo(1);
    assertThat(Nearest.slips("seeds", "seed")).isEqualTo(1);
    assertThat(Nearest.slips("", "abc")).isEqualTo(3);
    assertThat(Nearest.slips("same", "same")).isZero();
  }

  @Test
  void guessesOnlyWhatIsNear() {
    assertThat(Nearest.to("chekc", List.of("run", "check"))).isEqualTo("check");
    assertThat(Nearest.to("zebra", List.of("run", "check"))).isNull();
    assertThat(Nearest.to("rn", List.of())).isNull();
  }
}
