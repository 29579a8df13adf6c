package org.oomlab.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PsiTriggerTest {
  private static final long MS = 1_000_000L;

  @Test
  void itFiresOnceTheStallOfAWindowIsEnough() {
    PsiTrigger trigger = started(70 * MS, 1000 * MS);
    assertThat(trigger.look(100 * MS, 30 * MS)).isFalse();
    assertThat(trigger.look(200 * MS, 69 * MS)).isFalse();
    assertThat(trigger.look(300 * MS, 70 * MS)).isTrue();
  }

  @Test
  void itFiresOnceAWindowAtMostAndDoesNotForget() {
    PsiTrigger trigger = started(70 * MS, 1000 * MS);
    assertThat(trigger.look(100 * MS, 80 * MS)).isTrue();
    assertThat(trigger.look(200 * MS, 180 * MS)).isFalse();
    assertThat(trigger.look(1100 * MS, 180 * MS)).isTrue(); // That of 200 ms was kept.
    assertThat(trigger.look(1200 * MS, 180 * MS)).isFalse();
  }

  @Test
  void theWindowBeforeCountsForWhatOfItIsLeft() {
    PsiTrigger trigger = started(100 * MS, 1000 * MS);
    assertThat(trigger.look(1001 * MS, 90 * MS)).isFalse(); // A new window: 90 ms before it.
    assertThat(trigger.look(1501 * MS, 140 * MS)).isFalse(); // 50 ms and half of 90.
    assertThat(trigger.look(1601 * MS, 165 * MS)).isTrue(); // 75 ms and two fifths of 90.
  }

  @Test
  void theKernelLooksTenTimesAWindow() {
    assertThat(started(1 * MS, 500 * MS).pollNs()).isEqualTo(50 * MS);
  }

  @Test
  void aThresholdLiesWithinItsWindow() {
    assertThatThrownBy(() -> new PsiTrigger(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PsiTrigger(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static PsiTrigger started(long thresholdNs, long windowNs) {
    PsiTrigger trigger = new PsiTrigger(thresholdNs, windowNs);
    trigger.start(0, 0);
    return trigger;
  }
}
