package org.oomlab.experiment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;

/**
 * What claims may ask of an episode beyond its outcome: what became of each process's request, of
 * each futex, and how often the reaper tried. An episode is run once more to find out.
 */
public final class Happenings implements TraceSink {
  /** What is not so, or has not happened. */
  public static final long ABSENT = -1;

  /** What may become of a robust futex. */
  public enum FutexEnd {
    /** Nobody who held it died. */
    INTACT,
    /** Its holder died, and a waiter was told. */
    OWNER_DIED,
    /** Its holder died, and nobody will ever be told. */
    BROKEN
  }

  private final IntUnaryOperator processOf;
  private final long[] recoveryNs;
  private final long[] reaperAttempts;
  private final FutexEnd[] futexes;
  private final BitSet exiting = new BitSet();
  private long firstKillNs = ABSENT;
  private long refusedNs = ABSENT;
  private int refused = -1;
  private long freeAtPanic = ABSENT;

  /**
   * Of an episode that is about to begin.
   *
   * @param processOf the process of a task
   */
  public Happenings(int processes, int futexes, IntUnaryOperator processOf) {
    this.processOf = processOf;
    this.recoveryNs = new long[processes];
    this.reaperAttempts = new long[processes];
    this.futexes = new FutexEnd[futexes];
    Arrays.fill(recoveryNs, ABSENT);
    Arrays.fill(this.futexes, FutexEnd.INTACT);
  }

  @Override
  public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
    switch (point) {
      case KILLED -> firstKillNs = firstKillNs == ABSENT ? nowNs : firstKillNs;
      case ALLOC_FAILED -> {
        refusedNs = nowNs;
        refused = subject;
      }
      case DO_EXIT -> exiting.set(subject);
      case ALLOC_DONE -> satisfied(nowNs, subject);
      case START_REAPING, SKIP_REAPING, UNABLE_TO_REAP ->
          reaperAttempts[subject] = Math.max(reaperAttempts[subject], a);
      case FUTEX_BROKEN -> futexes[(int) a] = FutexEnd.BROKEN;
      case OWNER_DIED -> futexes[(int) a] = FutexEnd.OWNER_DIED;
      default -> {}
    }
  }

  /** A request that is over without memory is no longer blocked either. */
  private void satisfied(long nowNs, int task) {
    boolean isOnlyTheEnd = exiting.get(task) || nowNs == refusedNs && task == refused;
    int process = processOf.applyAsInt(task);
    if (!isOnlyTheEnd && firstKillNs != ABSENT && recoveryNs[process] == ABSENT) {
      recoveryNs[process] = nowNs - firstKillNs;
    }
  }

  /** The machine has panicked with so many pages free. */
  public void panicked(long freePages) {
    freeAtPanic = freePages;
  }

  /** From the first kill to the first page for a request of the process that was blocked. */
  public long recoveryNs(int process) {
    return recoveryNs[process];
  }

  /** How often the reaper tried to take the process's memory. */
  public long reaperAttempts(int process) {
    return reaperAttempts[process];
  }

  public FutexEnd futex(int number) {
    return futexes[number];
  }

  /** Free pages when the machine panicked. */
  public long freeAtPanic() {
    return freeAtPanic;
  }
}
