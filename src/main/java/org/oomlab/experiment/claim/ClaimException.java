package org.oomlab.experiment.claim;

import java.util.List;
import java.util.stream.Collectors;

/** Claims that cannot be checked because they cannot be understood. */
public final class ClaimException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<ClaimProblem> problems;

  ClaimException(List<ClaimProblem> problems) {
    super(problems.stream().map(ClaimProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, in the order of the file. */
  public List<ClaimProblem> problems() {
    return problems;
  }
}
