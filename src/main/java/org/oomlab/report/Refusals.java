package org.oomlab.report;

import java.util.BitSet;
import org.oomlab.trace.Tracepoint;

/**
 * Tells requests that got their memory from those that only ended: a task is no longer blocked when
 * it is refused, and when it is dead, and the tracepoint is the same.
 */
final class Refusals {
  private final BitSet exiting = new BitSet();
  private long refusedNs = -1;
  private int refused = -1;

  /**
   * Whether this says that a request is satisfied which is not; to be asked of every event once.
   */
  boolean isOnlyTheEnd(long nowNs, Tracepoint point, int task) {
    switch (point) {
      case ALLOC_FAILED -> {
        refusedNs = nowNs;
        refused = task;
      }
      case DO_EXIT -> exiting.set(task);
      case ALLOC_DONE -> {
        return nowNs == refusedNs && task == refused || exiting.get(task);
      }
      default -> {}
    }
    return false;
  }
}
