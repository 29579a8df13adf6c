package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Explanation;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.ReportFormat;
import org.oomlab.report.Story;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oomlab explain}. */
@Command(
    name = "explain",
    description = {
      "Tell the story of one episode: who was killed when, why that one, who would have been next,"
          + " and whether the kill was necessary.",
      "",
      "The outcome and the kills come first, then the story. In the formats for programs there is a"
          + " row for each process at each kill, with the terms of its badness in pages."
    })
final class ExplainCommand extends SubCommand {
  private static final int TOP = 5;

  @Mixin OneEpisode episode = new OneEpisode();

  @Option(
      names = "--kills",
      order = 6,
      description = "Tell only of the kills and not of what happened between them.")
  boolean kills;

  @Option(
      names = "--top",
      paramLabel = "N",
      order = 7,
      description =
          "At each kill, show the N worst processes. Default: "
              + TOP
              + "; all in the formats for programs, with those that may not be killed.")
  @Nullable Integer top;

  @Mixin Destination destination = new Destination();

  ExplainCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Experiment.Case one = episode.of(this, "explained");
    if (top != null && top < 0) {
      throw misuse("--top: expected a number of processes, not " + top);
    }
    try (Output output = destination.open(session)) {
      Story story = new Story(one.workload());
      Explanation explanation = new Episode(one, true).explain(episode.seed(), story);
      if (destination.format == ReportFormat.TABLE) {
        int shown = top == null ? TOP : top;
        ExplainReport.View view = new ExplainReport.View(!kills, shown, colored(output));
        ExplainReport.write(output.writer(), explanation, story, view);
      } else {
        int shown = top == null ? -1 : top;
        ExplainReport.rows(output.writer(), explanation, shown, destination.format);
      }
      output.commit();
    }
    return ExitCodes.OK;
  }
}
