package org.oomlab.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import org.oomlab.cli.article.ReportCommand;
import org.oomlab.cli.completion.CompletionCommand;
import org.oomlab.cli.daemon.ExportCommand;
import org.oomlab.cli.intake.DiagnoseCommand;
import org.oomlab.cli.intake.ImportCommand;
import org.oomlab.cli.picture.DiffCommand;
import org.oomlab.cli.picture.PlotCommand;
import org.oomlab.cli.picture.TimelineCommand;
import org.oomlab.cli.session.Dialogue;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Builds the tree of commands, for each command line anew: a parsed tree keeps what it parsed. */
public final class Commands {
  /** Help is hard to read in longer lines, and cannot be laid out in much shorter ones. */
  private static final int WIDEST_HELP = 100;

  private static final int NARROWEST_HELP = 55;

  /** All of them, in the order of the help. */
  private static final List<String> ALL =
      List.of(
          "diagnose",
          "run",
          "compare",
          "sweep",
          "merge",
          "search",
          "sensitivity",
          "threshold",
          "outcomes",
          "check",
          "list",
          "show",
          "explain",
          "timeline",
          "diff",
          "plot",
          "report",
          "trace",
          "fidelity",
          "import",
          "export",
          "calibrate",
          "debug",
          "tour",
          "bundle",
          "fuzz",
          "refute",
          "repl",
          "help",
          "generate-completion");

  /** Those of them that have to know the others. */
  private static final List<String> ABOUT_OTHERS = List.of("help", "generate-completion");

  /** In an episode that is being debugged, things are set by hand. */
  private static final List<SubCommand> NONE = List.of();

  private Commands() {}

  private static Object command(String name, Session session) {
    return switch (name) {
      case "diagnose" -> new DiagnoseCommand(session);
      case "run" -> new RunCommand(session);
      case "compare" -> new CompareCommand(session);
      case "sweep" -> new SweepCommand(session);
      case "merge" -> new MergeCommand(session);
      case "search" -> new SearchCommand(session);
      case "sensitivity" -> new SensitivityCommand(session);
      case "threshold" -> new ThresholdCommand(session);
      case "outcomes" -> new OutcomesCommand(session);
      case "check" -> new CheckCommand(session);
      case "list" -> new ListCommand(session);
      case "show" -> new ShowCommand(session);
      case "explain" -> new ExplainCommand(session);
      case "timeline" -> new TimelineCommand(session);
      case "diff" -> new DiffCommand(session);
      case "plot" -> new PlotCommand(session);
      case "report" -> new ReportCommand(session);
      case "trace" -> new TraceCommand(session);
      case "fidelity" -> new FidelityCommand(session);
      case "import" -> new ImportCommand(session);
      case "export" -> new ExportCommand(session);
      case "calibrate" -> new CalibrateCommand(session);
      case "debug" -> new DebugCommand(session);
      case "tour" -> new TourCommand(session);
      case "bundle" -> new BundleCommand(session);
      case "fuzz" -> new FuzzCommand(session);
      case "refute" -> new RefuteCommand(session);
      case "repl" -> new ReplCommand(session);
      case "help" -> new HelpCommand(session);
      case "generate-completion" -> new CompletionCommand(session);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The commands as they are offered in a session. */
  static CommandLine tree(Session session) {
    return having(ALL, session);
  }

  /**
   * The part of the tree that a command line needs. To find out what every command understands
   * takes longer than most runs; so, if the first word says which one is meant, only that is there.
   */
  static CommandLine tree(Session session, List<String> words) {
    String first = words.isEmpty() ? "" : words.get(0);
    if (first.equals("--version") || first.equals("-V")) {
      return having(List.of(), session);
    }
    Dialogue dialogue = session.dialogue();
    if (dialogue != null && !ABOUT_OTHERS.contains(first)) {
      CommandLine verb = dialogue.verb(first);
      if (verb != null) {
        return verb;
      }
    }
    boolean alone = ALL.contains(first) && !ABOUT_OTHERS.contains(first);
    return having(alone ? List.of(first) : ALL, session);
  }

  private static CommandLine having(List<String> names, Session session) {
    Factory factory = new Factory(session);
    CommandSpec root = new RootCommand(session, factory).spec();
    Dialogue dialogue = session.dialogue();
    if (dialogue != null) {
      dialogue.addVerbs(root);
    }
    for (String name : names) {
      if (!root.subcommands().containsKey(name)) {
        SubCommand.add(root, command(name, session), factory);
      }
    }
    if (session.takesCommands()) {
      for (SubCommand each : dialogue == null ? ScenarioCommands.all(session) : NONE) {
        SubCommand.add(root, each, factory);
      }
      SubCommand.add(root, new LeaveCommand(session), factory);
    }
    CommandLine tree = new CommandLine(root, factory);
    arrange(tree);
    tree.setHelpFactory(UnbrokenHelp::new);
    return tree.setUsageHelpWidth(
        Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, session.columns())));
  }

  private static void arrange(CommandLine parent) {
    for (CommandLine command : parent.getSubcommands().values()) {
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
      Examples.addTo(command.getCommandSpec());
      arrange(command);
    }
  }

  /** Leaves the interactive shell. */
  @Command(
      name = "exit",
      aliases = "quit",
      description = "Leave, the episode that is being debugged first; so does Ctrl-D.")
  static final class LeaveCommand extends SubCommand {
    LeaveCommand(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (!session.leaveDialogue()) {
        session.leave();
      }
      return ExitCodes.OK;
    }
  }

  /** Makes commands and lists of candidates, which want the session, and whatever else there is. */
  private record Factory(Session session) implements IFactory {
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
