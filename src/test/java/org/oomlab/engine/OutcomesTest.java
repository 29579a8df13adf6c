package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  @Test
  void everySequenceOfOutcomesComesOnceAlsoWhereOneDecidesHowMuchElseIsDrawn() {
    Outcomes outcomes = new Outcomes();
    RandomStream stream = outcomes.stream();
    List<String> seen = new ArrayList<>();
    outcomes.first();
    boolean[] made;
    do {
      String drawn = stream.nextDouble() < 0.5 ? "yes" : "no";
      if (drawn.equals("yes")) {
        drawn += " " + new Quantity.Uniform(3, 7).sample(stream);
      }
      seen.add(drawn);
      made = outcomes.made();
      assertThat(Outcomes.isLast(made)).isEqualTo(drawn.equals("no"));
    } while (outcomes.next(made));
    assertThat(seen).containsExactly("yes 3", "yes 7", "no");
  }

  @Test
  void aSequenceCanBeGoneOnFromWhenOthersHaveBeenMadeMeanwhile() {
    Outcomes outcomes = new Outcomes();
    RandomStream stream = outcomes.stream();
    outcomes.first();
    stream.nextLong();
    stream.nextLong();
    boolean[] made = outcomes.made();
    outcomes.first();
    outcomes.next(new boolean[] {true, false, false});
    assertThat(outcomes.next(made)).isTrue();
    assertThat(stream.nextLong()).isEqualTo(0);
    assertThat(stream.nextLong()).isEqualTo(-1);
  }

  @Test
  void whereNothingIsDrawnThereIsOneSequence() {
    Outcomes outcomes = new Outcomes();
    outcomes.first();
    assertThat(outcomes.next(outcomes.made())).isFalse();
  }

  @Test
  void quantitiesComeOutAsTheirLeastAndTheirGreatest() {
    Outcomes outcomes = new Outcomes();
    RandomStream stream = outcomes.stream();
    outcomes.first();
    assertThat(new Quantity.LogUniform(10, 1000).sample(stream)).isEqualTo(10);
    assertThat(outcomes.next(outcomes.made())).isTrue();
    assertThat(new Quantity.LogUniform(10, 1000).sample(stream)).isEqualTo(1000);
  }
}
