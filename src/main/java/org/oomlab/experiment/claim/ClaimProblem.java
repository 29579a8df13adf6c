package org.oomlab.experiment.claim;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/**
 * An expectation that cannot be understood.
 *
 * @param position where it stands
 * @param message what is wrong with it
 * @param suggestion what was probably meant, or null
 */
public record ClaimProblem(Position position, String message, @Nullable String suggestion) {
  @Override
  public String toString() {
    return position
        + ": "
        + message
        + (suggestion == null ? "" : "; did you mean " + suggestion + "?");
  }
}
