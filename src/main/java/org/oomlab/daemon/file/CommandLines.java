package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.file.EnvironmentFile.Variable;
import org.oomlab.daemon.file.UnitFile.Assignment;

/**
 * Finds the arguments that a daemon is started with, in whatever they come: a unit with its
 * drop-ins and the files with variables, such a file alone, a script, or just the arguments.
 */
final class CommandLines {
  /** Sections of units that say nothing of memory, but belong to them. */
  static final List<String> UNIT_SECTIONS =
      List.of(
          "Unit",
          "Service",
          "Install",
          "Slice",
          "Scope",
          "Socket",
          "Mount",
          "Swap",
          "Timer",
          "Path",
          "Automount");

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern ASSIGNED =
      Pattern.compile("(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_]*)=");
  private static final Pattern PROGRAM_VARIABLE =
      Pattern.compile("^[ \\t]*(?:export[ \\t]+)?[A-Za-z_][A-Za-z0-9_]*=.*", Pattern.DOTALL);

  /**
   * What was found.
   *
   * @param arguments without the program
   * @param service what the unit says of the process, by key; the last one of each
   */
  record Found(List<Located> arguments, Map<String, Located> service) {}

  private final String program;
  private final Pattern variables;
  private final Findings findings;
  private final Map<String, Located> environment = new LinkedHashMap<>();
  private final Map<String, Located> service = new LinkedHashMap<>();
  private final List<Located> commands = new ArrayList<>();
  private final List<Located> scripts = new ArrayList<>();
  private boolean hasUnit;

  /**
   * For one daemon.
   *
   * @param program the name of its program
   * @param variables which variables have its arguments where there is no unit to say so
   */
  CommandLines(String program, String variables, Findings findings) {
    this.program = program;
    this.variables = Pattern.compile(variables);
    this.findings = findings;
  }

  Found find(List<ConfigFile> files) {
    for (ConfigFile file : files) {
      if (isUnit(file)) {
        unit(file);
      } else if (isEnvironment(file)) {
        environment(file);
      } else {
        script(file);
      }
    }
    return new Found(arguments(files.get(0)), service);
  }

  static boolean isUnit(ConfigFile file) {
    return UnitFile.looksLike(file, UNIT_SECTIONS.toArray(String[]::new));
  }

  /** Whether its first line that says anything sets a variable. */
  static boolean isEnvironment(ConfigFile file) {
    for (Located raw : file.whole().lines()) {
      Located line = raw.strip();
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';') {
        return PROGRAM_VARIABLE.matcher(line.toString()).matches();
      }
    }
    return true; // All comments: nothing is set.
  }

  private void unit(ConfigFile file) {
    hasUnit = true;
    for (Assignment each : UnitFile.read(file, UNIT_SECTIONS, findings)) {
      if (!each.section().equals("Service")) {
        continue;
      }
      String key = each.key().toString();
      switch (key) {
        case "ExecStart" -> {
          if (each.value().isEmpty()) {
            commands.clear();
          } else {
            commands.add(each.value());
          }
        }
        case "Environment" -> {
          for (Located word : Words.split(each.value(), Words.Quoting.SYSTEMD_COMMAND)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
              environment.putIfAbsent(word.sub(0, equals).toString(), word.sub(equals + 1));
            }
          }
        }
        default -> service.put(key, each.value());
      }
    }
  }

  private void environment(ConfigFile file) {
    for (Variable each : EnvironmentFile.read(file, findings)) {
      // A file goes before Environment=, and a later line before an earlier one.
      Located before = environment.put(each.name().toString(), each.value());
      if (before != null && before.file() == file) {
        findings.ignored(
            before, each.name().toString(), "set once more in a later line, which counts");
      }
    }
  }

  private void script(ConfigFile file) {
    for (Located line : joined(file)) {
      Matcher assigned = ASSIGNED.matcher(line.toString());
      if (assigned.lookingAt() && variables.matcher(assigned.group(1)).matches()) {
        List<Located> words = Words.split(line.sub(assigned.end()), Words.Quoting.SHELL);
        environment.put(
            assigned.group(1), words.isEmpty() ? line.sub(line.length()) : words.get(0));
      } else {
        scripts.add(line);
      }
    }
  }

  /** Lines of a script after those that go on have been joined, without comments. */
  private static List<Located> joined(ConfigFile file) {
    return UnitFile.logicalLines(file).stream()
        .map(Located::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private List<Located> arguments(ConfigFile first) {
    List<Located> all = new ArrayList<>();
    if (!commands.isEmpty()) {
      Located command = command();
      List<Located> words = Words.split(command, Words.Quoting.SYSTEMD_COMMAND);
      for (Located word : words.subList(Math.min(words.size(), start(words)), words.size())) {
        expand(word, all);
      }
      return all;
    }
    for (Located line : scripts) {
      List<Located> words = Words.split(line, Words.Quoting.SHELL);
      int program = start(words);
      if (program > 0 || words.get(0).toString().startsWith("-")) {
        if (!all.isEmpty() && program > 0) {
          findings.note(line.at(), "another command line; all of its arguments are added");
        }
        for (Located word : words.subList(program, words.size())) {
          if (word.toString().matches("[|;&]+|[0-9]*[<>].*")) {
            break;
          }
          all.add(word);
        }
      } else if (environment.isEmpty()) {
        findings.ignored(line, "", "neither a command line of " + program() + " nor arguments");
      }
    }
    for (Map.Entry<String, Located> each : environment.entrySet()) {
      if (variables.matcher(each.getKey()).matches()) {
        all.addAll(Words.split(each.getValue(), Words.Quoting.SYSTEMD_VARIABLE));
      } else if (scripts.isEmpty() && !hasUnit) {
        findings.ignored(
            each.getValue(), each.getKey(), "no variable that the unit of " + program() + " uses");
      }
    }
    if (hasUnit && commands.isEmpty() && environment.isEmpty() && scripts.isEmpty()) {
      findings.note(first.position(0), "the files say nothing of how " + program() + " is started");
    }
    return all;
  }

  private String program() {
    return program;
  }

  private Located command() {
    Located last = commands.get(commands.size() - 1);
    for (Located each : commands) {
      if (each.toString().contains(program)) {
        last = each;
      }
    }
    if (commands.size() > 1) {
      findings.note(
          last.at(), "several ExecStart=, which a service that is not oneshot may not have");
    }
    return last;
  }

  /** Where the arguments begin: behind the program, if it is there. */
  private int start(List<Located> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).toString();
      String bare = word.replaceFirst("^[-@:+!|]*", "");
      if (bare.substring(bare.lastIndexOf('/') + 1).equals(program)) {
        return i + 1;
      }
    }
    return commands.isEmpty() ? 0 : 1;
  }

  /** Variables of a word: alone it may become several, in braces it stays one. */
  private void expand(Located word, List<Located> all) {
    Matcher whole = VARIABLE.matcher(word.toString());
    if (whole.matches() && whole.group(2) != null) {
      Located value = value(whole.group(2), word);
      if (value != null) {
        all.addAll(Words.split(value, Words.Quoting.SYSTEMD_VARIABLE));
      }
      return;
    }
    whole.reset();
    Located.Builder built = new Located.Builder(word.file(), word.offset(0));
    int from = 0;
    boolean replaced = false;
    while (whole.find()) {
      if (whole.group(1) == null) {
        continue; // Without braces only a word of its own is replaced.
      }
      replaced = true;
      built.add(word.sub(from, whole.start()));
      Located value = value(whole.group(1), word);
      if (value != null) {
        for (int i = 0; i < value.length(); i++) {
          built.add(value.charAt(i), word.offset(whole.start()));
        }
      }
      from = whole.end();
    }
    all.add(replaced ? built.add(word.sub(from)).build() : word);
  }

  private @Nullable Located value(String name, Located word) {
    Located value = environment.get(name);
    if (value == null) {
      findings.note(
          word.at(),
          "nothing that was given sets " + name + ", so it is empty; give its file as well");
    }
    return value;
  }
}
