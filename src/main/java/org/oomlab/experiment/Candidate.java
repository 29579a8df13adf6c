package org.oomlab.experiment;

/**
 * A process as the OOM killer sees it when it chooses.
 *
 * @param name the process
 * @param points its badness in pages, or {@link Long#MIN_VALUE} if it may not be killed
 */
public record Candidate(String name, long points) {
  /** Whether it may be killed. */
  public boolean eligible() {
    return points != Long.MIN_VALUE;
  }
}
