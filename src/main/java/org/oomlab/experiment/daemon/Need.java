package org.oomlab.experiment.daemon;

/** Whether a kill of a daemon was needed. */
public enum Need {
  /** Nobody has asked. */
  NOT_ASKED,
  /** Without it the kernel would have killed, or everything would have stood still. */
  NEEDED,
  /** Without it neither would have been. */
  NEEDLESS,
  /** The episode ends too early to tell, or pressure is not measured. */
  CANNOT_TELL
}
