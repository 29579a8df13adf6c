package org.oomlab.kernel;

/** A processor: who is on it, and since when. */
final class Processor {
  /** The number of a {@link SchedEntity}, or {@link Machine#NOBODY}. */
  int running = Machine.NOBODY;

  /** When its work was last counted. */
  long countedNs;

  /** When the turn of whoever is on it began. */
  long turnBeganNs;

  /** How many others were waiting then. */
  int othersWaiting;

  void clear() {
    running = Machine.NOBODY;
    countedNs = 0;
    turnBeganNs = 0;
    othersWaiting = 0;
  }

  void copyFrom(Processor that) {
    running = that.running;
    countedNs = that.countedNs;
    turnBeganNs = that.turnBeganNs;
    othersWaiting = that.othersWaiting;
  }
}
