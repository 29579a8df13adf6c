package org.oomlab.kernel.state;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Pages that come out at a steady rate. */
class WalkTest {
  private static final long MOST_PAGES = 1L << 31;
  private static final long SLOWEST_NS = 10_000_000_000L;

  /** A walk through all pages may take longer than a long has room for, times a page table. */
  @Property
  void whatIsDoneIsDoneWhenItWasSaid(
      @ForAll @LongRange(min = 1, max = MOST_PAGES) long pages,
      @ForAll @LongRange(min = 1, max = SLOWEST_NS) long nsPerTable) {
    Walk walk = new Walk(0);
    walk.pages = pages;
    walk.nsPerTable = nsPerTable;

    long wholeNs = walk.whenDone(pages);

    assertThat(wholeNs).isPositive();
    assertThat(walk.doneAfter(wholeNs)).isEqualTo(pages);
    assertThat(walk.doneAfter(wholeNs - 1)).isLessThan(pages);
  }
}
