package org.oomlab.cli;

import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab help}, which takes the words of a command as one would type them. */
final class HelpCommand extends SubCommand {
  private final PositionalParamSpec words =
      PositionalParamSpec.builder()
          .type(List.class)
          .auxiliaryTypes(String.class)
          .paramLabel("COMMAND")
          .arity("0..*")
          .description("The command, such as run or import oom-report. Default: all of them.")
          .build();

  HelpCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = describe(factory, "help", "Show what a command does and understands.");
    return spec.addPositional(words).helpCommand(true);
  }

  @Override
  public Integer call() {
    CommandLine command = spec().commandLine().getParent();
    for (String word : Args.all(words)) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        boolean root = command.getParent() == null;
        throw new UserError(
            "there is no command " + (root ? "" : command.getCommandName() + " ") + word,
            Suggestions.nearest(word, command.getSubcommands().keySet()));
      }
      command = next;
    }
    command.usage(spec().commandLine().getOut(), spec().commandLine().getColorScheme());
    return ExitCodes.OK;
  }
}
