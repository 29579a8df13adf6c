package org.oomlab.cli;

import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import picocli.CommandLine.Command;

/** {@code oomlab repl}. */
@Command(
    name = "repl",
    description = {
      "Take commands one after the other.",
      "",
      "On a terminal: a shell with completion (Tab) and a history that is kept in"
          + " $OOMLAB_HISTORY, or in oomlab/history under $XDG_STATE_HOME or ~/.local/state."
          + " Ctrl-C stops the command at work or clears the line, Ctrl-D leaves.",
      "",
      "Otherwise: a script on standard input, a command to a line, # for comments, quotes as in a"
          + " shell. The first command that fails ends it, with its exit code."
    })
final class ReplCommand extends SubCommand {
  ReplCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (session.takesCommands()) {
      throw new UserError("repl: commands are being taken already");
    }
    return session.somebodyTypes() ? Shell.onSystemTerminal(session) : new Script(session).run();
  }
}
