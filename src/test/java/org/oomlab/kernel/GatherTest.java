package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.oomlab.kernel.state.Gather;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/** Pages that stay in an mmu_gather until it is full. */
class GatherTest {
  private static final double FILL_NS = 400;
  private static final double EMPTY_NS = 600;
  private static final int BLOCK = 100;

  private static Gather gather(int first) {
    Gather gather = new Gather();
    gather.begin(FILL_NS, EMPTY_NS, BLOCK, first);
    return gather;
  }

  @Test
  void nothingIsFreeBeforeTheFirstGatherIsFull() {
    Gather gather = gather(BLOCK);
    assertThat(gather.unmappedAfter(20_000, 250)).isEqualTo(50);
    assertThat(gather.freedAfter(40_000, 250)).isZero();
    assertThat(gather.freedAfter(70_000, 250)).isEqualTo(50);
    assertThat(gather.freedAfter(100_000, 250)).isEqualTo(100);
    assertThat(gather.freedAfter(140_000, 250)).isEqualTo(100);
  }

  @Test
  void theLastGatherStaysWhenTheMappingEnds() {
    Gather gather = gather(BLOCK);
    assertThat(gather.wholeNs(250)).isEqualTo(220_000);
    assertThat(gather.unmappedAfter(220_000, 250)).isEqualTo(250);
    assertThat(gather.freedAfter(220_000, 250)).isEqualTo(200);
    assertThat(gather.freedOf(250)).isEqualTo(200);
    assertThat(gather.keptNs(250)).isEqualTo(30_000);
  }

  @Test
  void itIsFreedWhereTheGatherEndsWithTheMapping() {
    Gather gather = gather(BLOCK);
    gather.finishes();
    assertThat(gather.wholeNs(250)).isEqualTo(250_000);
    assertThat(gather.freedAfter(235_000, 250)).isEqualTo(225);
    assertThat(gather.freedOf(250)).isEqualTo(250);
    assertThat(gather.keptNs(250)).isZero();
  }

  @Test
  void whatIsFoundInItComesFreeWithIt() {
    Gather gather = gather(30);
    gather.finds(70, 42_000);
    assertThat(gather.freedAfter(12_000, 50)).isZero();
    assertThat(gather.freedAfter(42_000, 50)).isEqualTo(50);
    assertThat(gather.freedOf(50)).isEqualTo(100);
    assertThat(gather.wholeNs(50)).isEqualTo(20_000 + 60_000);
  }

  @Property(tries = 300)
  void everyPageComesOutOnceAndNoneGoesBack(
      @ForAll @IntRange(min = 1, max = 1000) int pages,
      @ForAll @IntRange(min = 1, max = BLOCK) int first,
      @ForAll @IntRange(min = 0, max = BLOCK) int found,
      @ForAll boolean finishes,
      @ForAll @DoubleRange(min = 0, max = 900) double fillNs) {
    Gather gather = new Gather();
    gather.begin(fillNs, 1000 - fillNs, BLOCK, first);
    gather.finds(found, found * (1000 - fillNs));
    if (finishes) {
      gather.finishes();
    }
    long whole = gather.wholeNs(pages);
    long unmapped = 0;
    long freed = 0;
    for (long ns = 0; ns <= whole; ns += 97) {
      assertThat(gather.unmappedAfter(ns, pages)).isBetween(unmapped, (long) pages);
      assertThat(gather.freedAfter(ns, pages)).isBetween(freed, gather.freedOf(pages));
      unmapped = gather.unmappedAfter(ns, pages);
      freed = gather.freedAfter(ns, pages);
      assertThat(freed).isLessThanOrEqualTo(unmapped + found);
    }
    // A walk that is over has everything, whatever rounding says: Walk.doneAfter().
    assertThat(gather.unmappedAfter(whole + 1, pages)).isGreaterThanOrEqualTo(pages - 1L);
    assertThat(gather.freedAfter(whole + 1, pages))
        .isGreaterThanOrEqualTo(gather.freedOf(pages) - 1);
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
