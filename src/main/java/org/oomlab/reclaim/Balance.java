package org.oomlab.reclaim;

/**
 * Whether reclaim goes for page cache or for anonymous memory.
 *
 * <p>With generations the type goes first whose evictions have come back least often, weighed by
 * swappiness: get_type_to_scan() and positive_ctrl_err() of mm/vmscan.c@6.12. With the classic
 * lists both are scanned, in a proportion that hangs on what reclaim of each has cost of late:
 * calculate_pressure_balance() and lru_note_cost().
 */
public final class Balance {
  /** MIN_LRU_BATCH: fewer refaults than a word has bits say nothing. */
  private static final long FEW = 64;

  private static final int FULL_SWAPPINESS = 200;

  private final Lru lru;
  private final int swappiness;

  // Generations: evicted and come back, in this generation and before.
  private final long[] evicted = new long[2];
  private final long[] refaulted = new long[2];
  private final double[] evictedBefore = new double[2];
  private final double[] refaultedBefore = new double[2];

  // Classic lists: anon_cost and file_cost of lruvec.
  private final double[] cost = new double[2];

  /** What there is to choose between, as an index. */
  private static final int ANON = 0;

  private static final int FILE = 1;

  /**
   * A balance without a past.
   *
   * @param swappiness vm.swappiness, 0 to 200
   */
  public Balance(Lru lru, int swappiness) {
    this.lru = lru;
    this.swappiness = swappiness;
  }

  /** Forgets the past. */
  public void clear() {
    for (int type = ANON; type <= FILE; type++) {
      evicted[type] = 0;
      refaulted[type] = 0;
      evictedBefore[type] = 0;
      refaultedBefore[type] = 0;
      cost[type] = 0;
    }
  }

  /** Makes this balance's state that of {@code that}. */
  public void copyFrom(Balance that) {
    for (int type = ANON; type <= FILE; type++) {
      evicted[type] = that.evicted[type];
      refaulted[type] = that.refaulted[type];
      evictedBefore[type] = that.evictedBefore[type];
      refaultedBefore[type] = that.refaultedBefore[type];
      cost[type] = that.cost[type];
    }
  }

  /**
   * The part, 0 to 1, of what is to be reclaimed that should be anonymous, where there is enough of
   * both.
   */
  public double anonShare() {
    return switch (lru) {
      case GENERATIONS -> prefersFile() ? 0 : 1;
      case CLASSIC -> {
        double total = cost[ANON] + cost[FILE];
        double anon = swappiness * (total + 1) / (total + cost[ANON] + 1);
        double file = (FULL_SWAPPINESS - swappiness) * (total + 1) / (total + cost[FILE] + 1);
        yield anon / (anon + file);
      }
    };
  }

  /** positive_ctrl_err(): anonymous memory is the set point, files are what is measured. */
  private boolean prefersFile() {
    if (swappiness == 0) {
      return true;
    }
    double fileBack = refaultedBefore[FILE] + refaulted[FILE];
    double fileOut = evictedBefore[FILE] + evicted[FILE];
    double anonBack = refaultedBefore[ANON] + refaulted[ANON];
    double anonOut = evictedBefore[ANON] + evicted[ANON];
    return fileBack < FEW
        || fileBack * (anonOut + FEW) * swappiness
            <= (anonBack + 1) * fileOut * (FULL_SWAPPINESS - swappiness);
  }

  /**
   * Pages have been evicted.
   *
   * @param generation how many pages of the type make a generation: with so many gone it ends, and
   *     what it had counts for half from then on (reset_ctrl_pos())
   */
  public void evicted(boolean anon, long pages, long generation) {
    int type = anon ? ANON : FILE;
    evicted[type] += pages;
    if (evicted[type] >= Math.max(FEW, generation)) {
      evictedBefore[type] = (evictedBefore[type] + evicted[type]) / 2;
      refaultedBefore[type] = (refaultedBefore[type] + refaulted[type]) / 2;
      evicted[type] = 0;
      refaulted[type] = 0;
    }
  }

  /** Anonymous pages have been written out, which costs: lru_note_cost(). */
  public void wrote(long pages, long listPages) {
    note(ANON, pages, listPages);
  }

  /** Pages have come back that were part of the working set. */
  public void refaulted(boolean anon, long pages, long listPages) {
    int type = anon ? ANON : FILE;
    refaulted[type] += pages;
    note(type, pages, listPages);
  }

  /** lru_note_cost(): the costs of more than a quarter of the lists count for half. */
  private void note(int type, long pages, long listPages) {
    cost[type] += pages;
    while (cost[ANON] + cost[FILE] > Math.max(1, listPages / 4)) {
      cost[ANON] /= 2;
      cost[FILE] /= 2;
    }
  }
}
