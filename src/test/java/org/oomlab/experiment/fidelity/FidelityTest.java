package org.oomlab.experiment.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.oomlab.statistics.Summary;

/** How agreement is counted. */
class FidelityTest {
  private static final Offset<Double> EXACTLY = within(1e-12);

  private static Likeness<Integer> kills(List<Integer> observed, List<Integer> simulated) {
    return Likeness.of(observed, simulated, count -> count);
  }

  private static TimeLikeness times(double[] observed, double... simulated) {
    return new TimeLikeness(Summary.of(observed), 0, Summary.of(simulated));
  }

  @Test
  void theAgreementOfValuesIsWhatTheDistributionsHaveInCommon() {
    assertThat(kills(List.of(1, 1), List.of(1)).agreement()).isEqualTo(1);
    assertThat(kills(List.of(1, 1), List.of(2, 2)).agreement()).isZero();
    assertThat(kills(List.of(1, 1, 1, 2, 2), List.of(1, 1, 1, 1)).agreement())
        .isEqualTo(0.6, EXACTLY);
    assertThat(kills(List.of(1, 2), List.of(1, 1, 1, 2)).agreement()).isEqualTo(0.75, EXACTLY);
  }

  private static List<Integer> episodes(int ones, int twos) {
    return Stream.concat(
            Collections.nCopies(ones, 1).stream(), Collections.nCopies(twos, 2).stream())
        .toList();
  }

  @Test
  void theyAgreeWhereWhatWasObservedIsPlausible() {
    assertThat(kills(List.of(1, 1, 1), episodes(100, 100)).agrees()).isTrue();
    assertThat(kills(List.of(1, 1, 2), episodes(150, 50)).agrees()).isTrue();
    assertThat(kills(List.of(1, 1, 1), episodes(15, 185)).agrees())
        .as("one in thirteen, three times")
        .isFalse();
    assertThat(kills(List.of(1, 1, 2), episodes(200, 0)).agrees()).as("never simulated").isFalse();
  }

  @Test
  void fewRunsOfManyKindsAreNoContradiction() {
    List<Integer> each = IntStream.range(0, 200).boxed().toList();
    assertThat(kills(List.of(1, 2, 3, 4, 5), each).agrees()).isTrue();
    assertThat(kills(List.of(1, 1, 1, 1, 1), each).agrees()).isFalse();
  }

  @Test
  void theMostFrequentValuesAreShown() {
    Likeness<Integer> kills = kills(List.of(1, 2, 2), List.of(3, 1));

    assertThat(kills.observed()).isEqualTo(2);
    assertThat(kills.simulated()).as("of equals, the first").isEqualTo(3);
  }

  @Test
  void theAgreementOfTimesIsTheLesserMedianByTheGreater() {
    TimeLikeness times = times(new double[] {100, 200, 400}, 50, 50);

    assertThat(times.ratio()).isEqualTo(0.25);
    assertThat(times.agreement()).isEqualTo(0.25);
    assertThat(times.agrees()).isFalse();
    assertThat(times(new double[] {100}, 200).agrees()).as("a factor of two").isTrue();
  }

  @Test
  void aTimeThatIsAbsentOnOneSideDoesNotAgree() {
    assertThat(times(new double[0], 200).agreement()).isZero();
    assertThat(times(new double[0], 200).isPresent()).isTrue();
    assertThat(times(new double[0]).isPresent()).isFalse();
  }
}
