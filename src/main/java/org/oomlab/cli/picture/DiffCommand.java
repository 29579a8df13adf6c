package org.oomlab.cli.picture;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.OneEpisode;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.report.Page;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Tone;
import org.oomlab.timeline.Parting;
import org.oomlab.timeline.Recorder;
import org.oomlab.timeline.Recording;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab diff}. */
public final class DiffCommand extends SubCommand {
  private final OneEpisode episode = new OneEpisode(session);
  private final OptionSpec ascii =
      Args.flag("--ascii")
          .order(7)
          .description("Draw with letters and signs that every terminal has.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  public DiffCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "diff",
            "Find the first moment at which two policies part in one episode, and tell what follows"
                + " from it under each.",
            "",
            "Up to then the same has happened at the same times. 'compare' says in what policies"
                + " differ over many episodes.");
    episode.addTo(spec);
    return spec.addOption(ascii).addOption(file);
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
    List<Case> cases = episode.ofEach(this, "told apart");
    if (cases.size() != 2) {
      throw new UserError(
          "diff: two policies are needed, such as -p linux-4.17,linux-6.18, and there "
              + (cases.size() == 1 ? "is 1" : "are " + cases.size()));
    }
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      List<Recording> both = new ArrayList<>();
      for (Case each : cases) {
        both.add(Recorder.of(each, episode.seed(), session::cancelled));
        if (session.cancelled()) {
          return ExitCodes.INTERRUPTED;
        }
      }
      Recording first = both.get(0);
      Page page = new Page(colored(output));
      page.line(new Field(first.of().workload().name() + ", seed " + episode.seed(), Tone.HEADING));
      Parting parting = Parting.of(first, both.get(1));
      parting.write(page, first.timeline().zeroNs());
      parting.draw(page, session.columns(), Args.isSet(ascii));
      page.print(output.writer());
      output.commit();
    }
    return ExitCodes.OK;
  }
}
