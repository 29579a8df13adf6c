package org.oomlab.cli;

/** Whoever read standard output has gone away, as {@code head} does; there is no more to do. */
final class OutputClosed extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutputClosed() {
    super("standard output was closed", null, false, false);
  }
}
