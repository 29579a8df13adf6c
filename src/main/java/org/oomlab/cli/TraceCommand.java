package org.oomlab.cli;

import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.OneEpisode;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.report.EventLog;
import org.oomlab.report.KernelLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab trace}. */
@Command(
    name = "trace",
    description = {
      "Write down one episode: as the kernel log that the policy's kernel would have left, in the"
          + " format of its version, or as events.",
      "",
      "The log has the messages of the OOM killer, in their order; what the model does not know is"
          + " left out or 0."
    })
final class TraceCommand extends SubCommand {
  private final OneEpisode episode = new OneEpisode(session);

  private final OptionSpec format =
      Args.choice("FORMAT", "--format", "dmesg", "ndjson")
          .defaultValue("dmesg")
          .order(8)
          .description(
              "dmesg, as 'dmesg' prints the kernel log, or ndjson, an event to a line. Default:"
                  + " ${DEFAULT-VALUE}.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  TraceCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, episode).addOption(format).addOption(file);
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
    Case of = episode.of(this, "traced");
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      if (format.getValue().equals("dmesg")) {
        new Episode(of, false)
            .trace(
                episode.seed(),
                (procfs, ledger) -> new KernelLog(output.writer(), of, procfs, ledger));
      } else {
        try (EventLog log = new EventLog(output.writer(), of.inhabited())) {
          new Episode(of, false).run(episode.seed(), log);
        }
      }
      output.commit();
    }
    return ExitCodes.OK;
  }
}
