package org.oomlab.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.debug.Mistake;
import org.oomlab.experiment.Crew;
import org.oomlab.experiment.EpisodeFailure;
import org.oomlab.experiment.claim.ClaimException;
import org.oomlab.output.OutputClosed;
import org.oomlab.output.OutputRefused;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user what went wrong, and the caller by which exit code. */
final class Failures {
  private Failures() {}

  /** The command line is wrong. */
  static int usage(Session session, ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    session.say(e instanceof UnmatchedArgumentException u ? unmatched(command, u) : message(e));
    session.more("see '" + command.qualifiedName() + " --help'");
    return ExitCodes.USAGE;
  }

  private static String message(ParameterException e) {
    String message = String.valueOf(e.getMessage());
    if (e.getCause() instanceof TypeConversionException conversion) {
      // Our own words; picocli would put the names of the field and its type around them.
      message = about(e.getArgSpec()) + conversion.getMessage();
    }
    String first = message.substring(0, 1).toLowerCase(Locale.ROOT);
    return first + message.substring(1);
  }

  /** Of several names of an option the long one, which says what it is. */
  private static String about(@Nullable ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() + ": " : "";
  }

  /** The command line with the command first, if there is one in it. */
  private static @Nullable String after(CommandSpec root, UnmatchedArgumentException e) {
    List<String> words = new ArrayList<>(e.getCommandLine().getParseResult().originalArgs());
    for (String word : words) {
      if (root.subcommands().containsKey(word)) {
        words.remove(word);
        words.add(0, word);
        words.add(0, root.name());
        return words.stream().map(Words::quote).collect(Collectors.joining(" "));
      }
    }
    return null;
  }

  private static String unmatched(CommandSpec command, UnmatchedArgumentException e) {
    String word = e.getUnmatched().get(0);
    List<String> candidates = new ArrayList<>();
    String what;
    if (e.isUnknownOption() && command.parent() == null && after(command, e) != null) {
      return "options come after the command: " + after(command, e);
    }
    if (e.isUnknownOption()) {
      what = command.qualifiedName() + " has no option ";
      command.options().forEach(option -> candidates.addAll(List.of(option.names())));
    } else if (!command.subcommands().isEmpty()) {
      what = "there is no command ";
      candidates.addAll(command.subcommands().keySet());
    } else {
      what = command.qualifiedName() + " does not take the argument ";
    }
    String meant = Suggestions.nearest(word, candidates);
    return what + word + (meant == null ? "" : "; did you mean " + meant + "?");
  }

  /**
   * A command failed.
   *
   * @param words the command line
   */
  static int execution(Session session, List<String> words, Throwable e) {
    if (e instanceof ProblemException problems) {
      problems.problems().forEach(problem -> session.say(problem.toString()));
      return ExitCodes.USAGE;
    }
    if (e instanceof ClaimException claims) {
      claims.problems().forEach(problem -> session.say(problem.toString()));
      return ExitCodes.USAGE;
    }
    if (e instanceof Mistake) {
      session.say((words.isEmpty() ? "" : words.get(0) + ": ") + e.getMessage());
      return ExitCodes.USAGE;
    }
    if (e instanceof UserError || e instanceof OutputRefused || e instanceof Crew.Refused) {
      session.say(e.getMessage());
      return ExitCodes.USAGE;
    }
    if (e instanceof InvalidPathException path) {
      session.say(path.getInput() + ": is no path: " + path.getReason());
      return ExitCodes.USAGE;
    }
    if (e instanceof OutputClosed) {
      return ExitCodes.OK;
    }
    if (e instanceof InterruptedException || e instanceof CancellationException) {
      session.say("stopped");
      return ExitCodes.INTERRUPTED;
    }
    if (isOutOfMemory(e)) {
      session.say(
          "out of memory: its heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + "MiB is too small for this; give it more (OOMLAB_JAVA_OPTS=-Xmx4g oomlab ...), or ask"
              + " for less at a time");
      return ExitCodes.BUG;
    }
    return bug(session, words, e);
  }

  private static boolean isOutOfMemory(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  private static int bug(Session session, List<String> words, Throwable e) {
    session.say("this is a bug in oomlab, not a mistake of yours: " + e);
    String command = words.stream().map(Words::quote).collect(Collectors.joining(" "));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", "oomlab " + command);
    facts.put(
        "version", RootCommand.Version.number() + ", Java " + System.getProperty("java.version"));
    if (e instanceof EpisodeFailure episode) {
      facts.put("workload", episode.workload());
      facts.put("policy", episode.policy());
      facts.put("seed", Long.toString(episode.seed()));
      facts.put("event", Long.toString(episode.events()));
      facts.put("digest", HexFormat.of().toHexDigits(episode.digest()));
    }
    session.more("Please report it, with the files it was given and these lines:");
    facts.forEach((name, value) -> session.more("  " + name + ": " + value));
    if (words.contains("--debug")) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().map(line -> line.replace("\t", "    ")).forEach(session::more);
    } else {
      session.more("With --debug it also shows where it happened.");
    }
    return ExitCodes.BUG;
  }

  /** How a command line's errors are shown. */
  static void install(CommandLine line, Session session, List<String> words) {
    line.setParameterExceptionHandler((e, args) -> usage(session, e));
    line.setExecutionExceptionHandler((e, command, result) -> execution(session, words, e));
  }
}
