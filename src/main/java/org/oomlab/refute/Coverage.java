package org.oomlab.refute;

/** In how many worlds each trait was, and each two of them together. */
public final class Coverage {
  private static final int TRAITS = Trait.values().length;

  private final long[][] together = new long[TRAITS][TRAITS];
  private long worlds;
  private long parted;

  void add(Courses courses) {
    worlds++;
    parted += courses.part() ? 1 : 0;
    long traits = courses.traits();
    for (int i = 0; i < TRAITS; i++) {
      if ((traits >> i & 1) != 0) {
        for (int j = i; j < TRAITS; j++) {
          together[i][j] += traits >> j & 1;
        }
      }
    }
  }

  /** How many worlds were tried. */
  public long worlds() {
    return worlds;
  }

  /** In how many of them the policies parted. */
  public long parted() {
    return parted;
  }

  /** In how many a trait was. */
  public long of(Trait trait) {
    return together[trait.ordinal()][trait.ordinal()];
  }

  /** In how many both were. */
  public long of(Trait one, Trait other) {
    int low = Math.min(one.ordinal(), other.ordinal());
    int high = Math.max(one.ordinal(), other.ordinal());
    return together[low][high];
  }
}
