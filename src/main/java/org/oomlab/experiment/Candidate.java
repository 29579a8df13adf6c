package org.oomlab.experiment;

import org.oomlab.kernel.state.Standing;

/**
 * A process as the OOM killer sees it when it chooses.
 *
 * @param name the process
 * @param standing its badness, term by term, or why it may not be killed
 */
public record Candidate(String name, Standing standing) {
  /** Its badness in pages, or {@link Long#MIN_VALUE} if it may not be killed. */
  public long points() {
    return standing.points();
  }

  /** Whether it may be killed. */
  public boolean eligible() {
    return standing.eligible();
  }
}
