package org.oomlab.cli.intake;

import org.oomlab.cli.session.UserError;
import org.oomlab.intake.Draft;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.ProblemException;

/** Writes workloads that were made of what a machine said. */
public final class Drafts {
  private Drafts() {}

  /**
   * The text of a workload, which has been read back: what {@code run} would refuse is not written.
   *
   * @param from what it was made of, for people
   * @throws UserError if the figures do not go together
   */
  public static String text(Library library, Draft draft, String from) {
    String text = WorkloadWriter.write(draft.workload(), draft.comments());
    try {
      library.workload(from, text);
    } catch (ProblemException e) {
      throw new UserError(
          from + ": no workload can be made of it: " + e.problems().get(0).message());
    }
    return text;
  }
}
