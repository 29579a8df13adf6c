package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ObjectiveTest {
  @Test
  void aSumHasATermForEachMeasureAndAWeightOf1WhereNoneIsGiven() {
    Objective objective = Objective.parse(" 100*panic + 0.5 * kills+livelock ");
    assertThat(objective.text()).isEqualTo("100*panic + 0.5 * kills+livelock");
    assertThat(objective.terms())
        .extracting(Objective.Term::weight)
        .containsExactly(100.0, 0.5, 1.0);
  }

  @Test
  void anUnknownMeasureIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> Objective.parse("panik"))
        .hasMessage("there is no outcome or metric 'panik'; did you mean panic?");
    assertThatThrownBy(() -> Objective.parse("-1*kills")).hasMessageStartingWith("expected a sum");
  }

  @Test
  void aWeightIsOneThatCanBeMultiplied() {
    assertThat(Objective.parse("9".repeat(308) + "*kills").terms().get(0).weight()).isFinite();
    assertThatThrownBy(() -> Objective.parse("9".repeat(310) + "*kills"))
        .hasMessageStartingWith("a weight has at most 308 digits");
  }
}
