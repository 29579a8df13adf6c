package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/** Pages that stay in an mmu_gather until it is full. */
class GatherTest {
  private static final int PAGE_NS = 1000;
  private static final int GATHER = 100;

  private static Walk walk(int pages, double share) {
    Walk walk = new Walk(1);
    walk.pages = pages;
    walk.nsPerTable = 512L * PAGE_NS;
    walk.gatherPages = GATHER;
    walk.gatherShare = share;
    return walk;
  }

  @Test
  void nothingIsFreeBeforeTheFirstGatherIsFull() {
    Walk walk = walk(250, 0.4);
    assertThat(walk.doneAfter(40 * PAGE_NS)).isZero();
    assertThat(walk.doneAfter(70 * PAGE_NS)).isBetween(49L, 50L);
    assertThat(walk.doneAfter(100 * PAGE_NS)).isEqualTo(100);
    assertThat(walk.doneAfter(140 * PAGE_NS)).isEqualTo(100);
  }

  @Test
  void theLastGatherIsFreedWhenThereIsNoMoreToCome() {
    Walk walk = walk(250, 0.4);
    assertThat(walk.doneAfter(220 * PAGE_NS)).isEqualTo(200);
    assertThat(walk.doneAfter(250 * PAGE_NS)).isEqualTo(250);
  }

  @Property(tries = 300)
  void aPageIsFreeWhenItIsSaidToBe(
      @ForAll @IntRange(min = 1, max = 1000) int pages,
      @ForAll @DoubleRange(min = 0.01, max = 0.95) double share) {
    Walk walk = walk(pages, share);
    long before = 0;
    for (int page = 1; page <= pages; page++) {
      long when = walk.whenDone(page);
      assertThat(when).isGreaterThanOrEqualTo(before);
      assertThat(walk.doneAfter(when)).isGreaterThanOrEqualTo(page);
      before = when;
    }
  }

  @Test
  void anAllocatorGetsItsShareOfTheProcessorBesideAnExit() {
    Kernel kernel = Worlds.kernel("lab-f1", "linux-6.1");
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    Ledger ledger = kernel.ledger();
    long sinceKill = ledger.firstRecoveryNs() - (ledger.firstKillNs() - ledger.firstOomNs());
    assertThat(sinceKill).isLessThan(ledger.exitWalkNs());
    assertThat(ledger.stableRecoveryNs()).isGreaterThanOrEqualTo(ledger.firstRecoveryNs());
  }

  @Test
  void recoveryIsNotBeforeAnAllocatorThatDiesIsDead() {
    Kernel kernel = Worlds.kernel("lab-a1", "linux-6.1");
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    Ledger ledger = kernel.ledger();
    assertThat(ledger.firstRecoveryNs()).isGreaterThan(ledger.exitWalkNs());
    assertThat(ledger.recoveryNs()).isLessThan(ledger.firstRecoveryNs());
    assertThat(ledger.firstRecoveryNs()).isLessThan(10 * Span.SECOND);
  }
}
