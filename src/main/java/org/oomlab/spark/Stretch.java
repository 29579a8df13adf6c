package org.oomlab.spark;

import java.io.Serializable;
import org.oomlab.experiment.Experiment.Case;

/** Some of the episodes of one case: those of the seeds from the first to the last. */
record Stretch(Case of, long first, long last) implements Serializable {
  long episodes() {
    return last - first + 1;
  }
}
