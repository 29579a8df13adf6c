package org.oomlab.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A script for fish, which picocli has none for. Read off the commands' own specifications, so that
 * a new option completes without a line here.
 */
final class FishCompletion {
  /** What stands for a file, which the shell knows better than we do. */
  private static final Set<String> FILES = Set.of("FILE", "LOG");

  private final String program;
  private final StringBuilder out = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  /** The script for all commands below this one. */
  static String of(CommandSpec root) {
    FishCompletion script = new FishCompletion(root.name());
    script
        .out
        .append("# ")
        .append(root.name())
        .append(" in fish; generated, so do not change it\n");
    script.commands(root, "__fish_use_subcommand");
    script.options(root, "__fish_use_subcommand");
    for (CommandLine command : root.subcommands().values()) {
      script.command(command.getCommandSpec(), "__fish_seen_subcommand_from ");
    }
    return script.out.toString();
  }

  private void command(CommandSpec command, String seen) {
    String here = seen + command.name();
    if (!command.subcommands().isEmpty()) {
      String below = String.join(" ", command.subcommands().keySet());
      commands(command, here + "; and not __fish_seen_subcommand_from " + below);
      command
          .subcommands()
          .values()
          .forEach(each -> command(each.getCommandSpec(), here + "; and " + seen));
    }
    options(command, here);
    for (PositionalParamSpec argument : command.positionalParameters()) {
      List<String> words = words(argument);
      if (!words.isEmpty()) {
        line(here, "-a " + quoted(String.join(" ", words)), "");
      }
    }
  }

  private void commands(CommandSpec parent, String when) {
    parent
        .subcommands()
        .forEach(
            (name, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden()) {
                String about = about(command.getCommandSpec().usageMessage().description());
                line(when, "-f -a " + quoted(name), about);
              }
            });
  }

  private void options(CommandSpec command, String when) {
    for (OptionSpec option : command.options()) {
      if (option.hidden()) {
        continue;
      }
      StringBuilder words = new StringBuilder();
      for (String name : option.names()) {
        words.append(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
        words.append(' ');
      }
      if (option.arity().max() > 0) {
        List<String> values = words(option);
        boolean mayBeFile = FILES.contains(option.paramLabel()) || !values.isEmpty();
        words.append(mayBeFile ? "-r " : "-x ");
        words.append(values.isEmpty() ? "" : "-a " + quoted(String.join(" ", values)));
      }
      line(when, words.toString().strip(), about(option.description()));
    }
  }

  /** What may stand there; a word with a blank in it cannot be told from two. */
  private static List<String> words(ArgSpec argument) {
    List<String> words = new ArrayList<>();
    @Nullable Iterable<String> candidates = argument.completionCandidates();
    if (candidates != null) {
      for (String each : candidates) {
        if (each.matches("[\\w@%+=:,./-]+")) {
          words.add(each);
        }
      }
    }
    return words;
  }

  private void line(String when, String what, String about) {
    out.append("complete -c ").append(program).append(" -n ").append(quoted(when)).append(' ');
    out.append(what);
    out.append(about.isEmpty() ? "" : " -d " + quoted(about)).append('\n');
  }

  /** The first sentence. */
  private static String about(String[] description) {
    if (description.length == 0) {
      return "";
    }
    String all =
        CommandLine.Help.Ansi.OFF
            .string(description[0])
            .replace("%%", "%")
            .replace("%n", " ")
            .strip();
    return all.replaceFirst("(?s)\\. .*", "").replaceFirst("[.:]$", "").replace('\n', ' ');
  }

  /** Between single quotes only they and backslashes mean something. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
