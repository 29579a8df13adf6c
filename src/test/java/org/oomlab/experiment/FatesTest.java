package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.Verdict;

/** In which ways episodes end. */
class FatesTest {
  private final Fates fates = new Fates();

  private void killed(long seed, String... victims) {
    Samples.Builder outcome = outcome("p", seed);
    for (String victim : victims) {
      outcome.kill(kill(victim, 0));
    }
    fates.add(outcome.build());
  }

  @Test
  void theMostFrequentIsTheFirstAndOfEquallyFrequentOnesTheOneSeenFirst() {
    killed(7, "b");
    killed(8, "a");
    killed(9, "c");
    killed(10, "c");
    killed(11, "a", "b");

    assertThat(fates.episodes()).isEqualTo(5);
    assertThat(fates.all())
        .extracting(each -> each.fate().victimsText())
        .containsExactly("c", "b", "a", "a, b");
    assertThat(fates.all()).extracting(Fates.Counted::firstSeed).containsExactly(9L, 7L, 8L, 11L);
    assertThat(fates.mostFrequent().fate().victims()).containsExactly("c");
    assertThat(fates.mostFrequent().share().count()).isEqualTo(2);
    assertThat(fates.mostFrequent().share().of()).isEqualTo(5);
  }

  @Test
  void thatNothingWasSeenOfAWayInAHundredEpisodesLeavesItNearlyFourInAHundred() {
    for (int seed = 1; seed <= 100; seed++) {
      killed(seed, "a");
    }

    assertThat(fates.unseen()).as("Wilson: z^2 / (n + z^2)").isCloseTo(0.03699, within(1e-5));
  }

  @Test
  void withoutAnEpisodeNothingIsTheMostFrequent() {
    assertThatThrownBy(fates::mostFrequent).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void copiesOfAProcessShareItsFate() {
    killed(1, "w[0]", "w[3]", "db");
    killed(2, "w[1]", "w[2]", "db");

    assertThat(fates.all()).hasSize(1);
    assertThat(fates.mostFrequent().fate())
        .isEqualTo(new Fate(Verdict.RECOVERED, List.of("w[*]", "w[*]", "db")));
    assertThat(fates.mostFrequent().fate().text()).isEqualTo("recovered, 2 x w[*], db");
  }

  @ParameterizedTest
  @CsvSource({
    "w[0], w[*]",
    "w[12], w[*]",
    "w, w",
    "[0], [0]",
    "w[x], w[x]",
    "w[0]x, w[0]x",
    "w[], w[]"
  })
  void aNumberInBracketsAtTheEndIsThatOfACopy(String name, String shared) {
    assertThat(Fate.withoutNumber(name)).isEqualTo(shared);
  }

  @Test
  void victimsInARowAreCountedAndNobodyIsNobody() {
    assertThat(victims()).isEqualTo("nobody");
    assertThat(victims("a")).isEqualTo("a");
    assertThat(victims("a", "a", "b", "a")).isEqualTo("2 x a, b, a");
    assertThat(victims("a", "b", "b", "b")).isEqualTo("a, 3 x b");
  }

  private static String victims(String... names) {
    return new Fate(Verdict.RECOVERED, List.of(names)).victimsText();
  }
}
