package org.oomlab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command understands. */
abstract class SubCommand implements Callable<Integer> {
  final Session session;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-q", "--quiet"},
      order = 101,
      description = "Say nothing on standard error but errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      order = 102,
      description = "Say more on standard error: what was read from where, and how long it took.")
  boolean verbose;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      order = 103,
      completionCandidates = Names.Colors.class,
      description =
          "auto, always or never. auto means on a terminal, unless NO_COLOR is set."
              + " Default: ${DEFAULT-VALUE}.")
  void setColor(String when) {
    color = Choice.of("--color", when, "auto", "always", "never");
  }

  private String color = "auto";

  @Option(
      names = "--debug",
      order = 104,
      description = "If oomlab itself fails, show where: a stack trace for the bug report.")
  boolean debug;

  SubCommand(Session session) {
    this.session = session;
  }

  /** Whether data on this output is coloured. */
  boolean colored(Output output) {
    return switch (color) {
      case "always" -> true;
      case "never" -> false;
      default -> !output.isFile() && session.streams().outIsTerminal() && wantsColor(session);
    };
  }

  /** What the environment says about colour on a terminal; see no-color.org. */
  static boolean wantsColor(Session session) {
    return session.variable("NO_COLOR").isEmpty() && !session.variable("TERM").equals("dumb");
  }

  /** Something worth saying beside the data, unless asked to be quiet. */
  void note(String line) {
    if (!quiet) {
      session.say(line);
    }
  }

  /** A number of things, of which there may be one. */
  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** A mistake in the arguments that picocli cannot know of. */
  ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
