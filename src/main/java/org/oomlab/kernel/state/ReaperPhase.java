package org.oomlab.kernel.state;

/** What the thread does next when it wakes. */
public enum ReaperPhase {
  /** Waits for a victim. */
  IDLE,
  /** Takes the next victim from the list. */
  PICK,
  /** Holds oom_lock, if the policy wants that, and attempts to reap. */
  ATTEMPT,
  /** Has slept in place of reaping an mm with notifiers. */
  SLEPT_FOR_NOTIFIER,
  /** Is on its walk. */
  REAPING,
  /** Has slept after a failed attempt. */
  RETRY
}
