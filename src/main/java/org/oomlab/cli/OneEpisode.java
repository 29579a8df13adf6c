package org.oomlab.cli;

import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.unit.SeedRange;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which episode, for commands that look at a single one. */
final class OneEpisode {
  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "1",
      completionCandidates = Names.Workloads.class,
      description = "A workload: a name, a file, or - for standard input.")
  String workload = "";

  @Mixin Selection selection = new Selection();

  @Option(
      names = {"-s", "--seed", "--seeds"},
      paramLabel = "N",
      order = 2,
      defaultValue = "1",
      converter = Effort.Range.class,
      description = "Which episode. Default: ${DEFAULT-VALUE}.")
  SeedRange seeds = SeedRange.of(1);

  /** The seed. */
  long seed() {
    return seeds.first();
  }

  /**
   * Reads the documents.
   *
   * @param done what the command does to episodes, as in {@code explained}
   * @return the workload under the policy
   * @throws UserError if there is more than one of either
   */
  Case of(SubCommand command, String done) {
    if (seeds.count() != 1) {
      throw command.misuse("--seed: one episode can be " + done + " at a time, not " + seeds);
    }
    List<Case> cases =
        selection.cases(selection.library(command.session), List.of(workload), command::note);
    if (cases.size() != 1) {
      throw new UserError(
          command.spec.name()
              + ": one workload under one policy can be "
              + done
              + " at a time, and these are "
              + cases.size()
              + " such pairs");
    }
    return cases.get(0);
  }
}
