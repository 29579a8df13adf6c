package org.oomlab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import umontreal.ssj.simevents.eventlist.Henriksen;
import umontreal.ssj.simevents.eventlist.SplayTree;

/** What the benchmarks compare does the same work. */
class StandInTest {
  private static final int EVENTS = 50_000;

  @Test
  void theSameHappensWhoeverCarriesIt() {
    StandInCarrier ours = StandInCarrier.ours();
    for (long seed = 1; seed <= 3; seed++) {
      long digest = ours.episode(seed, EVENTS);
      assertThat(StandInCarrier.ssj(new SplayTree()).episode(seed, EVENTS)).isEqualTo(digest);
      assertThat(StandInCarrier.ssj(new Henriksen()).episode(seed, EVENTS)).isEqualTo(digest);
    }
  }

  @Test
  void anEpisodeLeavesNothingToTheNext() {
    StandInCarrier fresh = StandInCarrier.ssj(new Henriksen());
    StandInCarrier used = StandInCarrier.ssj(new Henriksen());
    used.episode(1, EVENTS);
    assertThat(used.episode(2, EVENTS)).isEqualTo(fresh.episode(2, EVENTS));
  }

  @Test
  void itRunsOutOfMemory() {
    StandInCarrier ours = StandInCarrier.ours();
    ours.episode(1, 5_000);
    assertThat(ours.machine.kills()).isBetween(10, 100);
  }
}
