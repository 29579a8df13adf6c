package org.oomlab.worlds;

import java.util.List;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.unit.Span;

/**
 * Chance, as a world is made of it. What lies at an edge is drawn often: nothing, one, one more or
 * less than a batch or a page table holds, and for ever.
 */
final class Draw {
  /** Edges of what the kernel counts in: a batch, a page table, a huge page, and beside them. */
  private static final long[] EDGES = {0, 1, 2, 3, 31, 32, 33, 255, 256, 511, 512, 513, 1024, 5120};

  private static final long[] TIMES = {
    0,
    1,
    2,
    999,
    1000,
    999_999,
    1_000_000,
    1_000_001,
    4_000_000,
    10_000_000,
    100_000_000,
    Span.SECOND,
    2 * Span.SECOND,
    10 * Span.SECOND,
    60 * Span.SECOND,
    300 * Span.SECOND
  };

  /** The largest amount of memory that can be written. */
  static final long MOST_PAGES = 1L << 40;

  private final RandomStream random;
  private final boolean distributions;
  private final boolean extremes;
  private final long longestNs;

  /**
   * Draws for one world.
   *
   * @param distributions whether a quantity may be uncertain
   * @param extremes whether amounts may be as large as can be written
   */
  Draw(RandomStream random, boolean distributions, boolean extremes) {
    this(random, distributions, extremes, Span.FOREVER);
  }

  /** The same for a world in which nothing lasts longer, unless it lasts for ever. */
  Draw(RandomStream random, boolean distributions, boolean extremes, long longestNs) {
    this.longestNs = longestNs;
    this.random = random;
    this.distributions = distributions;
    this.extremes = extremes;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From 0 to below the bound. */
  int below(int bound) {
    return (int) random.nextBelow(bound);
  }

  /** From the least to the most, both included. */
  long between(long least, long most) {
    return least + random.nextBelow(most - least + 1);
  }

  /** The same, as often below a hundredth of the most as above it. */
  long scaled(long least, long most) {
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, most - least));
    long bound = 1L << between(1, bits);
    return least + Math.min(most - least, random.nextBelow(bound));
  }

  <T> T of(List<T> things) {
    return things.get(below(things.size()));
  }

  @SafeVarargs
  final <T> T of(T... things) {
    return things[below(things.length)];
  }

  long number() {
    return random.nextLong();
  }

  boolean isExtreme() {
    return extremes && chance(0.1);
  }

  /** Pages, seldom more than {@code room}, often near an edge or near all of it. */
  long pages(long room) {
    long most = Math.max(1, room);
    return switch (below(10)) {
      case 0, 1 -> EDGES[below(EDGES.length)];
      case 2 -> Math.max(0, most - EDGES[below(EDGES.length)]);
      case 3 -> most / (1 + below(8));
      case 4 -> scaled(0, 2 * most);
      case 5 -> isExtreme() ? scaled(0, MOST_PAGES) : most;
      default -> scaled(0, most);
    };
  }

  /** Nanoseconds, seldom beyond a minute; never {@link Span#FOREVER}. */
  long ns() {
    return Math.min(longestNs, anyNs());
  }

  private long anyNs() {
    return switch (below(6)) {
      case 0, 1 -> TIMES[below(TIMES.length)];
      case 2 -> scaled(0, 60 * Span.SECOND);
      case 3 -> isExtreme() ? scaled(0, Span.FOREVER / 64) : scaled(0, Span.SECOND);
      default -> scaled(0, Span.SECOND);
    };
  }

  /** The same, or for ever. */
  long nsOrForever(double forever) {
    return chance(forever) ? Span.FOREVER : ns();
  }

  Quantity sizes(long room) {
    return quantity(pages(room), MOST_PAGES);
  }

  Quantity times(double forever) {
    long ns = nsOrForever(forever);
    return ns == Span.FOREVER ? new Quantity.Constant(ns) : quantity(ns, Span.FOREVER - 1);
  }

  /** An amount, or a distribution that has it for its middle or its end. */
  Quantity quantity(long amount, long most) {
    if (!distributions || chance(0.5)) {
      return new Quantity.Constant(amount);
    }
    long positive = Math.max(1, amount);
    return switch (below(5)) {
      case 0 -> new Quantity.Uniform(scaled(0, amount), amount);
      case 1 -> new Quantity.LogUniform(between(1, positive), positive);
      case 2 -> new Quantity.Exponential(Math.min(amount, most / 64));
      case 3 -> new Quantity.Normal(Math.min(amount, most / 64), scaled(0, amount / 2));
      default -> new Quantity.LogNormal(Math.min(positive, most >> 20), 1 + below(20) / 10.0);
    };
  }
}
