package org.oomlab.unit;

/**
 * Seeds of episodes: {@code first} to {@code last}, both included.
 *
 * @param first at least 0
 * @param last at least {@code first}, and less than {@link Long#MAX_VALUE}, so that they can be
 *     counted
 */
public record SeedRange(long first, long last) {
  public SeedRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("expected seeds such as 1..30, the smaller one first");
    }
    if (last == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the last seed can be " + (Long.MAX_VALUE - 1) + " at most");
    }
  }

  /** The seeds 1 to {@code count}. */
  public static SeedRange of(long count) {
    return new SeedRange(1, count);
  }

  /** How many seeds there are. */
  public long count() {
    return last - first + 1;
  }

  /**
   * Reads {@code 7} or {@code 1..30}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static SeedRange parse(String text) {
    String trimmed = text.strip();
    int dots = trimmed.indexOf("..");
    try {
      if (dots < 0) {
        long seed = Long.parseLong(trimmed);
        return new SeedRange(seed, seed);
      }
      return new SeedRange(
          Long.parseLong(trimmed.substring(0, dots).strip()),
          Long.parseLong(trimmed.substring(dots + 2).strip()));
    } catch (NumberFormatException notSeeds) {
      throw new IllegalArgumentException(
          "expected a seed or a range of seeds such as 1..30, not '" + trimmed + "'", notSeeds);
    }
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + ".." + last;
  }
}
