package org.oomlab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Policy ZERO =
      new Policy(
          new Policy.About("zero", "", "", "", "", List.of(), ""),
          new long[Knobs.all().size()],
          new TreeMap<>());

  @Test
  void everyKnobHasItsOwnPathAndFindsItself() {
    assertThat(Knobs.all()).extracting(Knob::path).doesNotHaveDuplicates();
    for (Knob knob : Knobs.all()) {
      assertThat(Knobs.byPath(knob.path())).isSameAs(knob);
      assertThat(knob.doc()).endsWith(".").hasSizeLessThan(160);
      assertThat(knob.symbol()).isNotBlank();
    }
  }

  @Test
  void whatAKnobWritesItReads() {
    for (Knob knob : Knobs.all()) {
      for (long value = knob.least(); value <= Math.min(knob.most(), knob.least() + 9); value++) {
        assertThat(knob.parse(knob.format(value))).as(knob.path()).isEqualTo(value);
      }
    }
  }

  @Test
  void aKnobSaysWhatItExpected() {
    assertThatThrownBy(() -> Knobs.TIE.parse("middle")).hasMessageContaining("first, last");
    assertThatThrownBy(() -> Knobs.REAPER_RETRIES.parse("0")).hasMessageContaining("from 1");
    assertThatThrownBy(() -> Knobs.REAPER_DELAY.parse("2")).hasMessageContaining("unit");
    assertThatThrownBy(() -> Knobs.REAPER.parse("yes")).hasMessageContaining("true");
  }

  @Test
  void settingAKnobLeavesTheOldPolicyAloneAndSaysWhoDidIt() {
    Policy delayed = ZERO.with(Knobs.REAPER_DELAY, 5, "--set");
    assertThat(ZERO.get(Knobs.REAPER_DELAY)).isZero();
    assertThat(delayed.get(Knobs.REAPER_DELAY)).isEqualTo(5);
    assertThat(delayed.origin(Knobs.REAPER_DELAY)).isEqualTo("--set");
    assertThat(delayed.origin(Knobs.REAPER)).isEqualTo("zero");
  }

  @Test
  void aPolicyHasAValueForEveryKnob() {
    assertThatThrownBy(() -> new Policy(ZERO.about(), new long[3], new TreeMap<>()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
