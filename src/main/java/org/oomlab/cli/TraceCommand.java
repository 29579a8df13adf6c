package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.report.EventLog;
import org.oomlab.report.KernelLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

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
  private static final String[] FORMATS = {"dmesg", "ndjson"};

  private final OneEpisode episode = new OneEpisode(session);

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "dmesg",
      order = 8,
      completionCandidates = TraceFormats.class,
      description =
          "dmesg, as 'dmesg' prints the kernel log, or ndjson, an event to a line. Default:"
              + " ${DEFAULT-VALUE}.")
  void setFormat(String word) {
    format = Choice.of("--format", word, FORMATS);
  }

  private String format = FORMATS[0];

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      order = 9,
      description =
          "Write to FILE instead of standard output. FILE appears when all is done, or not at all.")
  @Nullable String file;

  TraceCommand(Session session) {
    super(session);
  }

  @Override
  CommandSpec describe(IFactory factory) {
    CommandSpec spec = super.describe(factory);
    episode.addTo(spec);
    return spec;
  }

  /** The values of {@code --format}. */
  static final class TraceFormats extends Names.Fixed {
    TraceFormats(Session session) {
      super(session, FORMATS);
    }
  }

  @Override
  public Integer call() {
    Case of = episode.of(this, "traced");
    try (Output output = Output.open(session.streams(), file)) {
      if (format.equals("dmesg")) {
        new Episode(of, false)
            .trace(
                episode.seed(),
                (procfs, ledger) -> new KernelLog(output.writer(), of, procfs, ledger));
      } else {
        try (EventLog log = new EventLog(output.writer(), of.workload())) {
          new Episode(of, false).run(episode.seed(), log);
        }
      }
      output.commit();
    }
    return ExitCodes.OK;
  }
}
