package org.oomlab.kernel;

/** A processor: who is on it, and since when. */
final class Processor {
  /** The number of a {@link SchedEntity}, or {@link Machine#NOBODY}. */
  int running = Machine.NOBODY;

  /** When its work was last counted. */
  long countedNs;

  /** When its turn ends. */
  long sliceEndNs;

  void clear() {
    running = Machine.NOBODY;
    countedNs = 0;
    sliceEndNs = 0;
  }

  void copyFrom(Processor that) {
    running = that.running;
    countedNs = that.countedNs;
    sliceEndNs = that.sliceEndNs;
  }
}
