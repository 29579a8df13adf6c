package org.oomlab.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Builds the tree of commands, for each command line anew: a parsed tree keeps what it parsed. */
final class Commands {
  private static final int USAGE_WIDTH = 90;

  private Commands() {}

  /** The commands as they are offered in a session. */
  static CommandLine tree(Session session) {
    CommandLine tree = new CommandLine(new RootCommand(session), new Factory(session));
    if (session.takesCommands()) {
      tree.addSubcommand("exit", new LeaveCommand(session), "quit");
    }
    arrange(tree);
    return tree.setUsageHelpWidth(USAGE_WIDTH);
  }

  private static void arrange(CommandLine parent) {
    for (CommandLine command : parent.getSubcommands().values()) {
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
      arrange(command);
    }
  }

  /** Leaves the interactive shell. */
  @Command(name = "exit", description = "Leave; so does Ctrl-D.")
  static final class LeaveCommand extends SubCommand {
    LeaveCommand(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      session.leave();
      return ExitCodes.OK;
    }
  }

  /** Makes commands and lists of candidates, which want the session, and whatever else there is. */
  private record Factory(Session session) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Session.class})) {
          try {
            return type.cast(constructor.newInstance(session));
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
          }
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
