package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Ere;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Type;
import org.oomlab.unit.Suggestions;

/** earlyoom's arguments, in units, in {@code /etc/default/earlyoom}, in scripts. */
final class EarlyoomFiles implements DaemonFiles {
  private static final String WITH_VALUE = "msMSNPrw";
  private static final String FLAGS = "kingdvph";
  private static final List<String> LONG =
      List.of(
          "prefer=",
          "avoid=",
          "ignore=",
          "dryrun",
          "ignore-root-user",
          "sort-by-rss",
          "kernel-oom",
          "syslog",
          "debug",
          "help");

  /** Short options that are nothing but a flag of the settings. */
  private static final Map<Character, String> SWITCHES =
      Ordered.map(
          Map.entry('n', "notify"),
          Map.entry('g', "kill_process_group"),
          Map.entry('d', "debug"),
          Map.entry('p', "priority"));

  @Override
  public String kind() {
    return "earlyoom";
  }

  @Override
  public int recognises(ConfigFile file) {
    if (file.has("EARLYOOM_ARGS|(?m)(^|[\\s/=\"'-])earlyoom(\\s{1,9}-|\\s{0,9}$)")) {
      return 9;
    }
    return file.name().contains("earlyoom") ? 8 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    CommandLines.Found found =
        new CommandLines("earlyoom", "EARLYOOM_(ARGS|OPTS)|command_args|DAEMON_ARGS", findings)
            .find(files);
    Section root = new Reading(findings).read(found.arguments(), files.get(0));
    return ServiceKeys.read(new DaemonSettings(kind(), root), found.service(), findings);
  }

  /** What getopt_long() and the switch in main() make of arguments. */
  private static final class Reading {
    private final Findings findings;
    private final Map<String, Located> seen = new TreeMap<>();
    private Section root = DaemonSettings.of("earlyoom").root();

    Reading(Findings findings) {
      this.findings = findings;
    }

    Section read(List<Located> arguments, ConfigFile file) {
      List<Located> extra = new ArrayList<>();
      for (int i = 0; i < arguments.size(); i++) {
        Located argument = arguments.get(i);
        String text = argument.toString();
        if (text.equals("--")) {
          extra.addAll(arguments.subList(i + 1, arguments.size()));
          break;
        }
        boolean isOption = text.startsWith("-") && text.length() > 1;
        if (!isOption) {
          extra.add(argument);
        } else if (text.startsWith("--")) {
          i += longOption(argument, i + 1 < arguments.size() ? arguments.get(i + 1) : null);
        } else {
          i += shortOptions(argument, i + 1 < arguments.size() ? arguments.get(i + 1) : null);
        }
      }
      for (Located each : extra) {
        findings.refused(
            each, "", "extra argument not understood (exit 13); expected options such as -m 10");
      }
      both(file);
      return root;
    }

    /** How many more arguments it took. */
    private int longOption(Located argument, @Nullable Located next) {
      int equals = argument.indexOf('=');
      String name = argument.sub(2, equals < 0 ? argument.length() : equals).toString();
      List<String> fitting =
          LONG.stream().filter(each -> bare(each).startsWith(name) && !name.isEmpty()).toList();
      String option =
          LONG.stream()
              .filter(each -> bare(each).equals(name))
              .findFirst()
              .orElse(fitting.size() == 1 ? fitting.get(0) : null);
      if (option == null) {
        String nearest = Suggestions.nearest(name, LONG.stream().map(EarlyoomFiles::bare).toList());
        findings.refused(
            argument,
            "--" + name,
            fitting.isEmpty()
                ? "unrecognized option (exit 13)"
                    + (nearest == null ? "" : "; did you mean --" + nearest + "?")
                : "ambiguous option (exit 13); expected one of --"
                    + String.join(", --", fitting.stream().map(EarlyoomFiles::bare).toList()));
        return 0;
      }
      boolean takes = option.endsWith("=");
      if (!takes && equals >= 0) {
        findings.refused(argument, "--" + bare(option), "takes no argument (exit 13)");
        return 0;
      }
      Located value = equals >= 0 ? argument.sub(equals + 1) : takes ? next : argument;
      if (value == null) {
        findings.refused(argument, "--" + bare(option), "needs an argument (exit 13)");
        return 0;
      }
      longOption(bare(option), argument, value);
      return takes && equals < 0 ? 1 : 0;
    }

    private void longOption(String name, Located argument, Located value) {
      switch (name) {
        case "prefer", "avoid", "ignore" -> pattern(name, value);
        case "help" -> exits(argument);
        default -> set(name, "true", argument);
      }
    }

    private int shortOptions(Located argument, @Nullable Located next) {
      for (int i = 1; i < argument.length(); i++) {
        char letter = argument.charAt(i);
        Located here = argument.sub(i, i + 1);
        if (WITH_VALUE.indexOf(letter) >= 0) {
          Located value = i + 1 < argument.length() ? argument.sub(i + 1) : next;
          if (value == null) {
            findings.refused(argument, "-" + letter, "needs an argument (exit 13)");
            return 0;
          }
          value(letter, value);
          return i + 1 < argument.length() ? 0 : 1;
        }
        if (FLAGS.indexOf(letter) < 0) {
          findings.refused(
              here, "-" + letter, "no such option (exit 13); expected one of those of earlyoom(1)");
          return 0;
        }
        flag(letter, here);
      }
      return 0;
    }

    private void flag(char letter, Located here) {
      String name = SWITCHES.get(letter);
      if (name != null) {
        set(name, "true", here);
      } else if (letter == 'k' || letter == 'i') {
        findings.ignored(
            here,
            "-" + letter,
            letter == 'k'
                ? "ignored since 1.2; it meant to use the kernel's OOM killer"
                : "ignored since 1.7; it meant to ignore positive oom_score_adj");
      } else {
        exits(here);
      }
    }

    private void exits(Located here) {
      findings.refused(
          here, here.toString(), "earlyoom prints something and exits; no daemon runs");
    }

    private void value(char letter, Located value) {
      switch (letter) {
        case 'm' -> tuple("-m", value, "mem", "_percent", 99, Type::percent);
        case 's' -> tuple("-s", value, "swap", "_percent", 100, Type::percent);
        case 'M' -> tuple("-M", value, "mem", "", 1L << 40, kib -> Type.bytes(kib * 1024));
        case 'S' -> tuple("-S", value, "swap", "", 1L << 40, kib -> Type.bytes(kib * 1024));
        case 'r' -> seconds("-r", "report_interval", value);
        case 'w' -> seconds("-w", "kill_wait", value);
        case 'N' -> script("-N", "notify_script", value);
        default -> script("-P", "prekill_script", value);
      }
    }

    /** parse_term_kill_tuple(). */
    private void tuple(
        String option,
        Located value,
        String what,
        String unit,
        long limit,
        Function<Double, String> write) {
      again(option, value);
      int comma = value.indexOf(',');
      Located first = value.sub(0, comma < 0 ? value.length() : comma);
      Double term = part(option, first, limit);
      Located second = comma < 0 ? null : value.sub(comma + 1);
      Double kill = second == null ? (term == null ? null : term / 2) : part(option, second, limit);
      if (term == null || kill == null) {
        return;
      }
      if (term < kill) {
        findings.otherwise(
            value,
            option,
            String.format(
                Locale.ROOT,
                "SIGTERM value %.2f is below SIGKILL value %.2f, so earlyoom sets SIGTERM ="
                    + " SIGKILL = %.2f",
                term,
                kill,
                kill));
        term = kill;
      }
      if (term == 0 && kill == 0) {
        findings.refused(
            value,
            option,
            "both SIGTERM and SIGKILL values are zero (exit "
                + code(option)
                + "); expected more than 0");
        return;
      }
      set(what + "_min" + unit, write.apply(term), first);
      if (second == null) {
        root = root.without(what + "_kill" + unit);
      } else {
        set(what + "_kill" + unit, write.apply(kill), second);
      }
      remarks(option, value, second != null, term, kill);
    }

    private static int code(String option) {
      return option.equalsIgnoreCase("-m") ? 15 : 16;
    }

    private void remarks(String option, Located value, boolean pair, double term, double kill) {
      if (Double.isNaN(term) || Double.isNaN(kill)) {
        findings.otherwise(
            value, option, "not a number, which earlyoom takes: nothing is at or below it, ever");
      }
      if (pair && kill == 0) {
        findings.otherwise(
            value,
            option,
            "the SIGKILL value is 0, so SIGKILL is as good as off: it needs exactly none left");
      }
      if (option.equals("-s") && term == 100 && !pair) {
        findings.otherwise(
            value,
            option,
            "does not ignore swap: SIGTERM does, but SIGKILL needs free swap at or below half of"
                + " it, 50 % (the manual says otherwise); -s 100,100 would");
      }
      if (option.equals("-S")) {
        findings.note(
            value.at(),
            "-S on a machine without swap is fatal (exit 16); the manual says it is ignored");
      }
    }

    private @Nullable Double part(String option, Located part, long limit) {
      CNumber.Read read = CNumber.strtod(part.toString());
      String wrong = null;
      if (!read.rest().isEmpty()) {
        wrong = "trailing garbage '" + Findings.shortened(read.rest()) + "'";
      } else if (read.value() > limit) {
        wrong = String.format(Locale.ROOT, "value %f exceeds limit %d", read.value(), limit);
      } else if (read.value() < 0) {
        wrong = String.format(Locale.ROOT, "value %f below zero", read.value());
      }
      if (wrong == null) {
        return read.value();
      }
      findings.refused(
          part,
          option,
          wrong
              + " (exit "
              + code(option)
              + "); expected "
              + (option.equals("-M") || option.equals("-S")
                  ? "a size in KiB, or two with a comma between them"
                  : "a percentage from 0 to " + limit + " without a sign, or two with a comma"));
      return null;
    }

    private void seconds(String option, String name, Located value) {
      again(option, value);
      CNumber.Read read = CNumber.strtod(value.toString());
      if (read.value() < 0) {
        findings.refused(value, option, "invalid interval (exit 14); expected 0 or more seconds");
        return;
      }
      boolean number = read.value() <= Integer.MAX_VALUE;
      if (!read.rest().isEmpty() || !number) {
        findings.otherwise(
            value,
            option,
            "not a number of seconds; earlyoom takes it for "
                + Type.decimal(number ? read.value() : 0));
      }
      // It has milliseconds: (int)(seconds * 1000).
      double nanos = number ? Math.floor(read.value() * 1000) * 1e6 : 0;
      set(name, Type.span(nanos), value);
    }

    private void script(String option, String name, Located value) {
      again(option, value);
      if (!value.toString().startsWith("/")) {
        findings.otherwise(
            value, option, "not an absolute path, which the manual asks for; it is not found");
      }
      set(name, value.toString(), value);
    }

    private void pattern(String name, Located value) {
      again("--" + name, value);
      try {
        if (Ere.hasStray(value.toString())) {
          findings.otherwise(
              value,
              "--" + name,
              "a ) that closes nothing is an ordinary character to regcomp(3): the pattern is"
                  + " accepted, and does not match what it seems to");
        }
        set(name, value.toString(), value);
      } catch (IllegalArgumentException wrong) {
        findings.refused(
            value, "--" + name, "could not compile regexp (exit 6): " + wrong.getMessage());
      }
    }

    private void again(String option, Located value) {
      Located before = seen.put(option, value);
      if (before != null) {
        findings.ignored(before, option, "given once more later, which replaces it");
      }
    }

    private void set(String name, String text, Located from) {
      root = findings.set(root, name, text, from);
    }

    private void both(ConfigFile file) {
      for (String what : List.of("mem", "swap")) {
        Setting size = root.get(what + "_min");
        if (size.isSet() && root.get(what + "_min_percent").isSet()) {
          String m = what.equals("mem") ? "m" : "s";
          findings.note(
              size.at() == null ? file.position(0) : size.at().position(),
              "-"
                  + m
                  + " and -"
                  + m.toUpperCase(Locale.ROOT)
                  + " are both given: the lower of the two counts"
                  + (m.equals("m")
                      ? ", though one is of MemAvailable + AnonPages and the other of MemTotal"
                      : ""));
        }
      }
    }
  }

  private static String bare(String option) {
    return option.endsWith("=") ? option.substring(0, option.length() - 1) : option;
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    Section root = settings.root();
    List<String> words = new ArrayList<>();
    tuple(words, "-m", root, "mem", "_percent", 1);
    tuple(words, "-M", root, "mem", "", 1024);
    tuple(words, "-s", root, "swap", "_percent", 1);
    tuple(words, "-S", root, "swap", "", 1024);
    SWITCHES.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .filter(each -> root.get(each.getValue()).isSet() && root.flag(each.getValue()))
        .forEach(each -> words.add("-" + each.getKey()));
    value(words, "-r", root.get("report_interval"));
    value(words, "-w", root.get("kill_wait"));
    value(words, "-N", root.get("notify_script"));
    value(words, "-P", root.get("prekill_script"));
    for (String each : LONG) {
      String name = bare(each);
      if (!name.equals("help") && !name.equals("debug")) {
        Setting setting = root.get(name);
        if (each.endsWith("=")) {
          value(words, "--" + name, setting);
        } else if (setting.isSet() && setting.flag()) {
          words.add("--" + name);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line.isEmpty() ? "#" : "# " + line).append('\n'));
    text.append("EARLYOOM_ARGS=\"")
        .append(String.join(" ", words).replaceAll("([\"\\\\`$])", "\\\\$1"))
        .append("\"\n");
    List<Written> files = new ArrayList<>();
    files.add(new Written("/etc/default/earlyoom", text.toString()));
    files.addAll(ServiceKeys.write(settings, "earlyoom", missing));
    return files;
  }

  private static void tuple(
      List<String> words, String option, Section root, String what, String unit, double per) {
    Setting term = root.get(what + "_min" + unit);
    Setting kill = root.get(what + "_kill" + unit);
    if (kill.isSet() || term.isSet()) {
      words.add(option);
      words.add(
          Type.decimal(term.number() / per)
              + (kill.isSet() ? "," + Type.decimal(kill.number() / per) : ""));
    }
  }

  private static void value(List<String> words, String option, Setting setting) {
    if (setting.isSet()) {
      words.add(option);
      words.add(
          setting.option().type() == Type.SPAN
              ? Type.decimal(setting.number() / 1e9)
              : quoted(setting.text()));
    }
  }

  /** As systemd takes it apart: a backslash goes, also within quotes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
