package org.oomlab.article;

import java.util.List;
import org.oomlab.experiment.Measure;
import org.oomlab.experiment.Sensitivity;

/**
 * Whether a result hangs on costs that nobody has measured.
 *
 * @param measure what the result is: its value, or by how much it is more under the second policy
 * @param policies the one, or the two that are compared
 * @param sign -1 if it is claimed that the second has less than the first, 1 if more, else 0
 * @param inputs the costs, in the order of their influences
 * @param found how much each of them moves the result
 */
public record Guesses(
    Measure measure, List<String> policies, int sign, List<Input> inputs, Sensitivity.Found found) {

  /**
   * A cost that may lie between two values.
   *
   * @param path where it is set
   * @param low at least so much
   * @param high at most so much
   * @param source where that is known from
   */
  public record Input(String path, String low, String high, String source) {
    /** Whether its file calls it a guess. */
    boolean isGuess() {
      return source.contains("guess");
    }
  }

  public Guesses {
    policies = List.copyOf(policies);
    inputs = List.copyOf(inputs);
  }

  /** Points at which the result is below zero. */
  long below() {
    return found.results().stream().filter(result -> result < 0).count();
  }

  /** Points at which it is above zero. */
  long above() {
    return found.results().stream().filter(result -> result > 0).count();
  }

  /** Points at which the opposite of what is claimed is so. */
  long against() {
    return sign < 0 ? above() : sign > 0 ? below() : 0;
  }

  /** All points. */
  int points() {
    return found.results().size();
  }
}
