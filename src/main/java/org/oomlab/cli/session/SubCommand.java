package org.oomlab.cli.session;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.Output;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** A command, and the options that every command understands. */
public abstract class SubCommand implements Callable<Integer> {
  protected final Session session;

  private final OptionSpec help =
      Args.flag("-h", "--help")
          .usageHelp(true)
          .order(100)
          .description("Show this help and exit.")
          .build();

  private final OptionSpec quiet =
      Args.flag("-q", "--quiet")
          .order(101)
          .description("Say nothing on standard error but errors.")
          .build();

  private final OptionSpec verbose =
      Args.flag("-v", "--verbose")
          .order(102)
          .description(
              "Say more on standard error: what was read from where, and how long it took.")
          .build();

  private final OptionSpec color =
      Args.choice("WHEN", "--color", "auto", "always", "never")
          .defaultValue("auto")
          .order(103)
          .description(
              "auto, always or never. auto means on a terminal, unless NO_COLOR is set."
                  + " Default: ${DEFAULT-VALUE}.")
          .build();

  private final OptionSpec debug =
      Args.flag("--debug")
          .order(104)
          .description("If oomlab itself fails, show where: a stack trace for the bug report.")
          .build();

  private @Nullable CommandSpec spec;

  protected SubCommand(Session session) {
    this.session = session;
  }

  /** What this command understands: what it is annotated with, unless it says so itself. */
  public CommandSpec describe(IFactory factory) {
    return annotated(factory);
  }

  /** Puts a command below another one. */
  public static void add(CommandSpec parent, Object command, IFactory factory) {
    CommandSpec spec =
        command instanceof SubCommand ours
            ? ours.describe(factory)
            : CommandSpec.forAnnotatedObject(command, factory);
    parent.addSubcommand(spec.name(), new CommandLine(spec, factory));
  }

  /** A description by what the command is annotated with, and by parts it shares with others. */
  protected final CommandSpec annotated(IFactory factory, Part... parts) {
    CommandSpec described = withCommon(CommandSpec.forAnnotatedObject(this, factory));
    for (Part part : parts) {
      part.addTo(described);
    }
    return described;
  }

  /**
   * A description to which options are to be added.
   *
   * @param lines what the help says of the command
   */
  protected final CommandSpec describe(IFactory factory, String name, String... lines) {
    CommandSpec described = CommandSpec.wrapWithoutInspection(this, factory).name(name);
    described.usageMessage().description(lines);
    return withCommon(described);
  }

  private CommandSpec withCommon(CommandSpec described) {
    spec = described;
    return described
        .addOption(help)
        .addOption(quiet)
        .addOption(verbose)
        .addOption(color)
        .addOption(debug);
  }

  /** What it selects, if it runs workloads under policies and nothing besides. */
  public @Nullable Selection selection() {
    return null;
  }

  /** The names of the workloads it runs. */
  public List<String> workloads() {
    return List.of();
  }

  public CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  public boolean quiet() {
    return Args.isSet(quiet);
  }

  protected boolean verbose() {
    return Args.isSet(verbose);
  }

  /** Whether data on this output is coloured; from now on it lets colours through. */
  protected boolean colored(Output output) {
    boolean colored = wantsColor(output);
    output.colour(colored);
    return colored;
  }

  private boolean wantsColor(Output output) {
    return wantsColor(!output.isFile() && session.streams().outIsTerminal());
  }

  /** Whether answers on standard output are coloured. */
  protected boolean colored() {
    return wantsColor(session.streams().outIsTerminal());
  }

  private boolean wantsColor(boolean onTerminal) {
    return switch (color.<String>getValue()) {
      case "always" -> true;
      case "never" -> false;
      default -> onTerminal && wantsColor(session);
    };
  }

  /** What the environment says about colour on a terminal; see no-color.org. */
  public static boolean wantsColor(Session session) {
    return session.variable("NO_COLOR").isEmpty() && !session.variable("TERM").equals("dumb");
  }

  /** Something worth saying beside the data, unless asked to be quiet. */
  public void note(String line) {
    if (!quiet()) {
      session.say(line);
    }
  }

  /** A number of things, of which there may be one. */
  protected static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** The same for a thing whose plural is irregular. */
  protected static String count(long number, String thing, String things) {
    return number + " " + (number == 1 ? thing : things);
  }

  /** A mistake in the arguments that picocli cannot know of. */
  protected ParameterException misuse(String message) {
    return new ParameterException(spec().commandLine(), message);
  }
}
