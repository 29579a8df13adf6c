package org.oomlab.kernel.state;

/** How an episode ended. */
public enum Verdict {
  /** It has not ended. */
  RUNNING,
  /** There was an OOM, and every request it blocked was satisfied or its owner died. */
  RECOVERED,
  /** The kernel panicked. */
  PANIC,
  /** A request stayed blocked while nothing that could unblock it was left to happen. */
  LIVELOCK,
  /** The horizon came first. */
  UNDECIDED,
  /** out_of_memory() was never called. */
  NO_OOM
}
