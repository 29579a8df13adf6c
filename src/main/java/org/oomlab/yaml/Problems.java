package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/** The problems found so far. */
final class Problems {
  /** A set, since a file that several others extend is wrong only once. */
  private final Set<Problem> found = new LinkedHashSet<>();

  void add(Problem problem) {
    found.add(problem);
  }

  void add(Position position, String message) {
    add(position, message, null);
  }

  void add(Position position, String message, @Nullable String suggestion) {
    found.add(new Problem(position, message, suggestion));
  }

  /** How many there are; a reader that sees this grow knows that a part could not be read. */
  int count() {
    return found.size();
  }

  /**
   * Throws if anything was found: files in the order in which they came up, and within a file from
   * top to bottom, whatever order the readers looked in.
   */
  void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    List<String> files = found.stream().map(problem -> problem.position().file()).toList();
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.<Problem>comparingInt(problem -> files.indexOf(problem.position().file()))
            .thenComparingInt(problem -> problem.position().line())
            .thenComparingInt(problem -> problem.position().column()));
    throw new ProblemException(sorted);
  }
}
