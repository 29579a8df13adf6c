package org.oomlab.kernel.state;

/**
 * Everything that can be scheduled, with the number of the task or process it happens to.
 *
 * <p>The order matters: events due at the same nanosecond happen in the order of these constants,
 * then in the order of the numbers. Nothing comes between choosing a victim and killing it; then
 * whoever wakes up or releases a lock, then what gives memory back, and last what asks for more, so
 * a victim that frees its last page just as somebody looks has exited in time.
 */
public enum Event {
  /** The decision to kill a process takes effect; an event so that a fork can stop before it. */
  OOM_KILL,
  /** A processor's turn with somebody is over, or their work done. */
  CPU,
  /** The killer's sleep after a kill is over, and with it its hold on oom_lock. */
  OOM_UNLOCK,
  /** A task goes on with its program. */
  TASK_STEP,
  /** A victim's OOM_REAPER_DELAY has run out. */
  REAP_TIMER,
  /** The reaper thread goes on. */
  REAPER,
  /** A task goes on in do_exit(). */
  EXIT,
  /** Free memory reaches a level that somebody waits for. */
  MEMORY,
  /** Pages have been written to the swap device. */
  SWAP_WRITE,
  /** kswapd goes on. */
  KSWAPD,
  /** A request goes on in the page allocator. */
  ALLOC;

  private static final Event[] VALUES = values();

  /** The event of a number, which is what a queue knows it by. */
  public static Event of(int number) {
    return VALUES[number];
  }

  /** Whether it is what a task has waited for. */
  public boolean isOfTask() {
    return switch (this) {
      case OOM_KILL, OOM_UNLOCK, TASK_STEP, EXIT, ALLOC -> true;
      case CPU, REAP_TIMER, REAPER, MEMORY, SWAP_WRITE, KSWAPD -> false;
    };
  }
}
