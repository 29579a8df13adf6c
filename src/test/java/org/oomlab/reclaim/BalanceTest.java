package org.oomlab.reclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BalanceTest {
  @Test
  void theClassicListsShareBySwappinessWhileNothingHasCost() {
    assertThat(new Balance(Lru.CLASSIC, 60).anonShare()).isCloseTo(0.3, within(1e-9));
    assertThat(new Balance(Lru.CLASSIC, 200).anonShare()).isEqualTo(1);
    assertThat(new Balance(Lru.CLASSIC, 0).anonShare()).isZero();
  }

  @Test
  void whatComesBackIsTakenLess() {
    Balance balance = new Balance(Lru.CLASSIC, 100);
    balance.refaulted(false, 1000, 100_000);
    assertThat(balance.anonShare()).isGreaterThan(0.6);
    balance.refaulted(true, 3000, 100_000);
    assertThat(balance.anonShare()).isLessThan(0.5);
  }

  @Test
  void generationsGoForFilesUntilTheseComeBack() {
    Balance balance = new Balance(Lru.GENERATIONS, 60);
    balance.evicted(false, 5000, 100_000);
    assertThat(balance.anonShare()).isZero();
    balance.refaulted(false, 2500, 100_000);
    // 2500 x 64 x 60 of files against 1 x 5000 x 140 of anonymous memory.
    assertThat(balance.anonShare()).isEqualTo(1);
    balance.evicted(true, 5000, 100_000);
    balance.refaulted(true, 5000, 100_000);
    assertThat(balance.anonShare()).isZero();
  }

  @Test
  void aGenerationThatIsOverCountsForHalf() {
    Balance balance = new Balance(Lru.GENERATIONS, 60);
    balance.evicted(false, 5000, 1000);
    balance.refaulted(false, 63, 1000);
    assertThat(balance.anonShare()).isZero(); // Fewer than 64 refaults say nothing.
  }

  @Test
  void pagesThatWereAwayForLessThanTheListIsLongArePartOfTheWorkingSet() {
    assertThat(Workingset.recentShare(100, 100, true)).isEqualTo(1);
    assertThat(Workingset.recentShare(101, 100, true)).isZero();
    assertThat(Workingset.recentShare(100, 100, false)).isCloseTo(0.632, within(0.001));
    assertThat(Workingset.recentShare(0, 0, false)).isEqualTo(1);
    assertThat(Workingset.recentShare(1, 1_000_000, false)).isEqualTo(1);
  }
}
