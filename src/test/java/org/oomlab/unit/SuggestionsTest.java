package org.oomlab.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  @Test
  void countsASwapAsOneSlip() {
    assertThat(Suggestions.distance("rnu", "run")).isEqualTo(1);
    assertThat(Suggestions.distance("seeds", "seed")).isEqualTo(1);
    assertThat(Suggestions.distance("", "abc")).isEqualTo(3);
    assertThat(Suggestions.distance("same", "same")).isZero();
  }

  @Test
  void guessesOnlyWhatIsNear() {
    assertThat(Suggestions.nearest("chekc", List.of("run", "check"))).isEqualTo("check");
    assertThat(Suggestions.nearest("zebra", List.of("run", "check"))).isNull();
    assertThat(Suggestions.nearest("rn", List.of())).isNull();
  }

  @Test
  void nothingIsSuggestedForWhatIsTooLongToBeASlip() {
    String name = "n".repeat(60);
    assertThat(Suggestions.nearest(name, List.of(name + "m"))).isEqualTo(name + "m");
    assertThat(Suggestions.nearest(name + "m", List.of(name))).isNull();
  }
}
