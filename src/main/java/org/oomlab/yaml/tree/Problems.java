package org.oomlab.yaml.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/** The problems found so far. */
public final class Problems {
  /** More than anybody reads; a file that is not what it should be can have one in every line. */
  private static final int MOST = 200;

  private static final String MORE = "more may be wrong with it; this is where reading ended";

  /** A set, since a file that several others extend is wrong only once. */
  private final Set<Problem> found = new LinkedHashSet<>();

  private int count;
  private final @Nullable Sketch sketch;

  public Problems() {
    this(null);
  }

  /** Problems that nobody wants to know of: what a reader asks for is written down instead. */
  public Problems(@Nullable Sketch sketch) {
    this.sketch = sketch;
  }

  /** Who writes down what is asked for, or null. */
  @Nullable Sketch sketch() {
    return sketch;
  }

  /**
   * Notes one.
   *
   * @throws ProblemException if that is as much as anybody reads
   */
  public void add(Problem problem) {
    count++;
    if (sketch != null) {
      return;
    }
    found.add(problem);
    if (found.size() == MOST) {
      found.add(Problem.of(problem.position().file(), MORE, null));
      throwIfAny();
    }
  }

  public void add(Position position, String message) {
    add(position, message, null);
  }

  public void add(Position position, String message, @Nullable String suggestion) {
    add(new Problem(position, message, suggestion));
  }

  /** How often something was added; a reader that sees this grow knows of a part it cannot use. */
  public int count() {
    return count;
  }

  /**
   * Throws if anything was found: files in the order in which they came up, and within a file from
   * top to bottom, whatever order the readers looked in.
   */
  public void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    List<String> files = found.stream().map(problem -> problem.position().file()).toList();
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.<Problem>comparingInt(problem -> files.indexOf(problem.position().file()))
            .thenComparingInt(Problems::line)
            .thenComparingInt(problem -> problem.position().column()));
    throw new ProblemException(sorted);
  }

  /** That there may be more comes last. */
  private static int line(Problem problem) {
    return problem.message().equals(MORE) ? Integer.MAX_VALUE : problem.position().line();
  }
}
