package org.oomlab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Dialogue;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.OneEpisode;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.debug.Debugger;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.output.OutputRefused;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab debug}. */
final class DebugCommand extends SubCommand {
  private final OneEpisode episode = new OneEpisode(session);
  private final OptionSpec script =
      Args.option(String.class, "SCRIPT", "--script")
          .order(6)
          .description("Take what is said to it from a file, a command to a line.")
          .build();

  DebugCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "debug",
            "Stop in the middle of one episode, look at everything, go on or back, and try what"
                + " would have been.",
            "",
            "On a terminal it is a shell; otherwise it takes a script from standard input or"
                + " --script, and the first command that fails ends it, with its exit code."
                + " 'help' lists what can be said to it; so does oomlab-debug(1).");
    episode.addTo(spec);
    spec.addOption(script);
    return spec;
  }

  @Override
  public Integer call() {
    String file = script.getValue();
    boolean withinShell = session.takesCommands();
    Case of = episode.of(this, "debugged");
    if (file == null && !withinShell && episode.isFromStandardInput()) {
      throw misuse("--script is needed, for standard input is the workload");
    }
    Debugger debugger = new Debugger(of, episode.seed(), session::cancelled);
    Dialogue dialogue = new Dialogue(session, debugger, colored(), withinShell);
    session.debug(dialogue);
    dialogue.answer(debugger::greet);
    if (file != null) {
      return run(file);
    }
    if (withinShell) {
      return ExitCodes.OK;
    }
    return session.somebodyTypes() ? Shell.onSystemTerminal(session) : new Script(session).run();
  }

  private int run(String file) {
    try (BufferedReader in = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      return new Script(session, file, in).run();
    } catch (IOException | UncheckedIOException e) {
      IOException cause = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
      throw new UserError("--script: " + file + " cannot be read: " + OutputRefused.reason(cause));
    }
  }
}
