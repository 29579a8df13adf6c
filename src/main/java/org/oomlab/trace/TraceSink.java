package org.oomlab.trace;

/**
 * Somebody who listens to what the simulated kernel announces. Called with numbers only, so that
 * nothing is built to be ignored.
 */
@FunctionalInterface
public interface TraceSink {
  /** Nobody listens. */
  TraceSink NONE = (nowNs, point, subject, a, b) -> {};

  /**
   * Something happened.
   *
   * @param nowNs when, in nanoseconds since boot
   * @param point what
   * @param subject the number of the process or task it happened to; see {@link Tracepoint}
   * @param a first argument of the tracepoint
   * @param b second argument of the tracepoint
   */
  void emit(long nowNs, Tracepoint point, int subject, long a, long b);
}
