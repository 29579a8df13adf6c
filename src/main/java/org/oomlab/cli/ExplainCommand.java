package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Explanation;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Story;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab explain}. */
final class ExplainCommand extends SubCommand {
  private final OneEpisode episode = new OneEpisode(session);
  private final OptionSpec kills =
      Args.flag("--kills")
          .order(6)
          .description("Tell only of the kills and not of what happened between them.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  ExplainCommand(Session session) {
    super(session);
  }

  @Override
  CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "explain",
            "Tell the story of one episode: who was killed when, why that one, who would have been"
                + " next, and whether the kill was necessary.");
    episode.addTo(spec);
    return spec.addOption(kills).addOption(file);
  }

  @Override
  public Integer call() {
    Experiment.Case one = episode.of(this, "explained");
    try (Output output = Output.open(session.streams(), file.<@Nullable String>getValue())) {
      Story story = new Story(one.workload());
      Explanation explanation = new Episode(one, true).explain(episode.seed(), story);
      ExplainReport.write(
          output.writer(), explanation, Args.isSet(kills) ? null : story, colored(output));
      output.commit();
    }
    return ExitCodes.OK;
  }
}
