package org.oomlab.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Explanation;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Story;
import org.oomlab.unit.SeedRange;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab explain}. */
@Command(
    name = "explain",
    description = {
      "Tell the story of one episode: who was killed when, why that one, who would have been next,"
          + " and whether the kill was necessary."
    })
final class ExplainCommand extends SubCommand {
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
  SeedRange seed = SeedRange.of(1);

  @Option(
      names = "--kills",
      order = 6,
      description = "Tell only of the kills and not of what happened between them.")
  boolean kills;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      order = 9,
      description =
          "Write to FILE instead of standard output. FILE appears when all is done, or not at all.")
  @Nullable String file;

  ExplainCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (seed.count() != 1) {
      throw misuse("--seed: one episode can be explained at a time, not " + seed);
    }
    Library library = selection.library(session);
    List<Experiment.Case> cases = selection.cases(library, List.of(workload), this::note);
    if (cases.size() != 1) {
      throw new UserError(
          "explain: one workload under one policy can be explained at a time, and these are "
              + cases.size()
              + " such pairs");
    }
    Experiment.Case one = cases.get(0);
    try (Output output = Output.open(session.streams(), file)) {
      Story story = new Story(one.workload());
      Explanation explanation = new Episode(one, true).explain(seed.first(), story);
      ExplainReport.write(output.writer(), explanation, kills ? null : story, colored(output));
      output.commit();
    }
    return ExitCodes.OK;
  }
}
