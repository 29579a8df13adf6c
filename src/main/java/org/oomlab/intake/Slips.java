package org.oomlab.intake;

/**
 * Figures that no machine has: slips of whoever copied the log, or of what damaged it. They count
 * as figures that the log does not tell.
 */
final class Slips {
  /** 1 PiB, in kB. */
  static final long MOST_KB = 1L << 40;

  /** The same, in pages of 4 KiB. */
  static final long MOST_PAGES = MOST_KB / 4;

  /** No machine has more threads, and no workload more processes. */
  static final int MOST_ROWS = 100_000;

  private int count;

  /** The figure, in kB; UNKNOWN if it cannot be. */
  long kilobytes(long figure) {
    return upTo(MOST_KB, figure);
  }

  /** The figure, in pages of 4 KiB or more; UNKNOWN if it cannot be. */
  long pages(long figure) {
    return upTo(MOST_PAGES, figure);
  }

  private long upTo(long most, long figure) {
    count += figure > most ? 1 : 0;
    return figure > most ? OomReport.UNKNOWN : figure;
  }

  /** How many there were. */
  int count() {
    return count;
  }
}
