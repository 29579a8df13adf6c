package org.oomlab.kernel.state;

/**
 * A processor: who is on it, and since when.
 *
 * <p>Whoever runs is counted against the clock, so that nothing has to be brought up to date while
 * they do: the moment their burst is done, and their vruntime less the clock, stay the same.
 */
public final class Processor {
  /** Nothing is to be done, or what was is done: a burst never ends with the boot. */
  public static final long NO_BURST = 0;

  /** Where nobody runs, nobody has had less. */
  public static final long NOBODY_RUNS = Long.MAX_VALUE;

  /** The number of a {@link SchedEntity}, or {@link Machine#NOBODY}. */
  public int running = Machine.NOBODY;

  /** When the burst of whoever is on it is done if nothing interrupts it, or {@link #NO_BURST}. */
  public long burstEndNs = NO_BURST;

  /** The vruntime of whoever is on it, less the clock, or {@link #NOBODY_RUNS}. */
  public long vruntimeLessClockNs = NOBODY_RUNS;

  /** When the turn of whoever is on it began. */
  public long turnBeganNs;

  /** How many others were waiting then. */
  public int othersWaiting;

  void clear() {
    running = Machine.NOBODY;
    burstEndNs = NO_BURST;
    vruntimeLessClockNs = NOBODY_RUNS;
    turnBeganNs = 0;
    othersWaiting = 0;
  }

  void copyFrom(Processor that) {
    running = that.running;
    burstEndNs = that.burstEndNs;
    vruntimeLessClockNs = that.vruntimeLessClockNs;
    turnBeganNs = that.turnBeganNs;
    othersWaiting = that.othersWaiting;
  }
}
