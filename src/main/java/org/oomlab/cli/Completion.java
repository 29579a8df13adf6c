package org.oomlab.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Names;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What could come next on a command line, read off the commands' own specifications, so that a new
 * option completes without a line here.
 */
final class Completion {
  /**
   * One way to go on.
   *
   * @param value the whole word
   * @param shown the part of it worth showing in a list
   * @param description a line about it, or empty
   * @param finished whether the word ends here; if not, more may follow without a blank
   */
  record Proposal(String value, String shown, String description, boolean finished) {}

  private final CommandSpec root;

  Completion(CommandSpec root) {
    this.root = root;
  }

  /**
   * Proposals for the word at the cursor, whether or not they begin as it does.
   *
   * @param before the words before it
   * @param current the word as far as the cursor
   */
  List<Proposal> propose(List<String> before, String current) {
    CommandSpec command = root;
    OptionSpec pending = null;
    boolean onlyArguments = false;
    int arguments = 0;
    for (String word : before) {
      if (pending != null) {
        pending = null;
      } else if (onlyArguments || !word.startsWith("-") || word.equals("-")) {
        CommandLine next = arguments == 0 ? command.subcommands().get(word) : null;
        if (next == null) {
          arguments++;
        } else {
          command = next.getCommandSpec();
        }
      } else if (word.equals("--")) {
        onlyArguments = true;
      } else {
        OptionSpec option = command.findOption(word);
        pending = takesValue(option) ? option : null;
      }
    }
    if (pending != null) {
      return values(pending, "", current);
    }
    int equals = current.indexOf('=');
    if (!onlyArguments && current.startsWith("--") && equals > 0) {
      OptionSpec option = command.findOption(current.substring(0, equals));
      return takesValue(option)
          ? values(option, current.substring(0, equals + 1), current.substring(equals + 1))
          : List.of();
    }
    if (!onlyArguments && current.startsWith("-")) {
      return options(command, before);
    }
    List<Proposal> proposals = new ArrayList<>();
    if (arguments == 0) {
      proposals.addAll(subcommands(isHelp(command) ? root : command));
    }
    PositionalParamSpec argument = argumentAt(command, arguments);
    if (argument != null && !isHelp(command)) {
      proposals.addAll(values(argument, "", current));
    }
    return proposals;
  }

  private static boolean takesValue(@Nullable OptionSpec option) {
    return option != null && option.arity().max() > 0;
  }

  private static boolean isHelp(CommandSpec command) {
    return command.helpCommand();
  }

  private static @Nullable PositionalParamSpec argumentAt(CommandSpec command, int index) {
    for (PositionalParamSpec argument : command.positionalParameters()) {
      if (argument.index().contains(index)) {
        return argument;
      }
    }
    return null;
  }

  private static List<Proposal> subcommands(CommandSpec command) {
    List<Proposal> proposals = new ArrayList<>();
    for (Map.Entry<String, CommandLine> entry : command.subcommands().entrySet()) {
      CommandSpec spec = entry.getValue().getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        proposals.add(
            new Proposal(
                entry.getKey(), entry.getKey(), line(spec.usageMessage().description()), true));
      }
    }
    return proposals;
  }

  /** Long names of options that may still be given. */
  private static List<Proposal> options(CommandSpec command, List<String> before) {
    List<Proposal> proposals = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      boolean given = Arrays.stream(option.names()).anyMatch(before::contains);
      if (!option.hidden() && (!given || option.isMultiValue())) {
        String name = option.longestName();
        proposals.add(new Proposal(name, name, line(option.description()), true));
      }
    }
    proposals.sort(Comparator.comparing(Proposal::value));
    return proposals;
  }

  /**
   * Values of an argument. Where a comma separates several, the last of them is completed; after an
   * equals sign, what may stand there.
   */
  private static List<Proposal> values(ArgSpec argument, String prefix, String typed) {
    Iterable<String> candidates = argument.completionCandidates();
    if (candidates == null) {
      return List.of();
    }
    boolean list = !argument.splitRegex().isEmpty();
    int comma = list ? typed.lastIndexOf(',') : -1;
    boolean afterEquals = typed.lastIndexOf('=') > comma;
    String others = prefix + typed.substring(0, comma + 1);
    String labelled = prefix + typed.substring(0, typed.lastIndexOf('=') + 1);
    Map<String, String> described = candidates instanceof Names names ? names.described() : null;
    List<Proposal> proposals = new ArrayList<>();
    for (String name : candidates) {
      String description = described == null ? "" : described.getOrDefault(name, "");
      int equals = name.indexOf('=');
      if (equals < 0) {
        // A name; with a label before it, label=name.
        String start = afterEquals ? labelled : others;
        proposals.add(new Proposal(start + name, name, description, !list));
      } else if (equals == name.length() - 1) {
        if (!afterEquals) {
          proposals.add(new Proposal(others + name, name, description, false));
        }
      } else if (afterEquals) {
        proposals.add(new Proposal(others + name, name.substring(equals + 1), description, true));
      }
    }
    return proposals;
  }

  /** The first line of a description as its help would have it, of picocli's own commands too. */
  private static String line(String[] description) {
    return description.length == 0
        ? ""
        : String.format(Locale.ROOT, CommandLine.Help.Ansi.OFF.string(description[0]))
            .strip()
            .lines()
            .findFirst()
            .orElse("");
  }
}
