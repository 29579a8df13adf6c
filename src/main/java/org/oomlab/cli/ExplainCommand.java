package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Explanation;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Story;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oomlab explain}. */
@Command(
    name = "explain",
    description = {
      "Tell the story of one episode: who was killed when, why that one, who would have been next,"
          + " and whether the kill was necessary."
    })
final class ExplainCommand extends SubCommand {
  @Mixin OneEpisode episode = new OneEpisode();

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
    Experiment.Case one = episode.of(this, "explained");
    try (Output output = Output.open(session.streams(), file)) {
      Story story = new Story(one.workload());
      Explanation explanation = new Episode(one, true).explain(episode.seed(), story);
      ExplainReport.write(output.writer(), explanation, kills ? null : story, colored(output));
      output.commit();
    }
    return ExitCodes.OK;
  }
}
