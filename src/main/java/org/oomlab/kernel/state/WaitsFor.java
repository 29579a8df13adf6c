package org.oomlab.kernel.state;

/** What is waited for. */
public enum WaitsFor {
  /** Nothing: it acts, right now. Never seen between two events. */
  ACTS,
  /** A time: an event of its own is pending. */
  A_MOMENT,
  /** Its own work to be done, on a processor or in line for one. */
  WORK,
  /** Its turn at a mutex, an mmap_lock, oom_lock or a futex. */
  A_TURN,
  /** The walk ahead of its own to be over. */
  A_WALK,
  /** A signal, a thaw, a victim to reap: nothing that is on its way. */
  A_SIGNAL,
  /** Nothing any more: it is dead. */
  NOTHING
}
