package org.oomlab.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.OneEpisode;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Explanation;
import org.oomlab.output.Output;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.ReportFormat;
import org.oomlab.report.Story;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab explain}. */
final class ExplainCommand extends SubCommand {
  private static final int TOP = 5;

  private final OneEpisode episode = new OneEpisode(session);
  private final OptionSpec kills =
      Args.flag("--kills")
          .order(6)
          .description("Tell only of the kills and not of what happened between them.")
          .build();
  private final OptionSpec top =
      Args.option(Integer.class, "N", "--top")
          .order(7)
          .description(
              "At each kill, show the N worst processes. Default: "
                  + TOP
                  + "; all in the formats for programs, with those that may not be killed.")
          .build();
  private final Destination destination = new Destination();

  ExplainCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "explain",
            "Tell the story of one episode: who was killed when, why that one, who would have been"
                + " next, and whether the kill was necessary.",
            "",
            "The outcome and the kills come first, then the story. In the formats for programs there"
                + " is a row for each process at each kill, with the terms of its badness in"
                + " pages.");
    episode.addTo(spec);
    spec.addOption(kills).addOption(top);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Selection selection() {
    return episode.selection();
  }

  @Override
  public List<String> workloads() {
    return episode.workloads();
  }

  @Override
  public Integer call() {
    Experiment.Case one = episode.of(this, "explained");
    Integer worst = top.<@Nullable Integer>getValue();
    if (worst != null && worst < 0) {
      throw misuse("--top: expected a number of processes, not " + worst);
    }
    try (Output output = destination.open(session)) {
      Story story = new Story(one.inhabited());
      Explanation explanation = new Episode(one, true).explain(episode.seed(), story);
      if (destination.format() == ReportFormat.TABLE) {
        int shown = worst == null ? TOP : worst;
        ExplainReport.View view =
            new ExplainReport.View(!Args.isSet(kills), shown, colored(output));
        ExplainReport.write(output.writer(), explanation, story, view);
      } else {
        int shown = worst == null ? -1 : worst;
        ExplainReport.rows(output.writer(), explanation, shown, destination.format());
      }
      output.commit();
    }
    return ExitCodes.OK;
  }
}
