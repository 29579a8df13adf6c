package org.oomlab.output;

/** Whoever read standard output has gone away, as {@code head} does; there is no more to do. */
public final class OutputClosed extends RuntimeException {
  private static final long serialVersionUID = 1;

  public OutputClosed() {
    super("standard output was closed", null, false, false);
  }
}
