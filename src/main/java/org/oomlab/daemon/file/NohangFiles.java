package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.unit.Position;

/** nohang.conf. */
final class NohangFiles implements DaemonFiles {
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?([0-9][0-9_]{0,300}\\.?[0-9_]{0,300}|\\.[0-9][0-9_]{0,300})([eE][+-]?[0-9]{1,3})?");
  private static final String SEPARATOR = "///";
  private static final String BADNESS = "@BADNESS_ADJ_RE_";
  private static final String ACTION = "@SOFT_ACTION_RE_";

  @Override
  public String kind() {
    return "nohang";
  }

  @Override
  public int recognises(ConfigFile file) {
    String text = "\n" + file.text();
    if (text.contains("\nsoft_threshold_")
        || text.contains("\nhard_threshold_")
        || text.contains("\n" + BADNESS)
        || text.contains("\n" + ACTION)) {
      return 10;
    }
    return file.base().contains("nohang") ? 8 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    List<ConfigFile> units = files.stream().filter(CommandLines::isUnit).toList();
    List<ConfigFile> own = files.stream().filter(file -> !units.contains(file)).toList();
    Section root = DaemonSettings.of(kind()).root();
    if (!own.isEmpty()) {
      root = new Reading(findings).read(own.get(own.size() - 1));
      if (own.size() > 1) {
        findings.note(
            own.get(0).position(0),
            "nohang reads one file; the last one given counts: " + own.get(own.size() - 1).name());
      }
    }
    DaemonSettings settings = new DaemonSettings(kind(), root);
    return units.isEmpty()
        ? settings
        : ServiceKeys.read(
            settings, new CommandLines("nohang", "", findings).find(units).service(), findings);
  }

  private static final class Reading {
    private final Findings findings;
    private final Map<String, Located> values = new LinkedHashMap<>();
    private final List<Section> badness = new ArrayList<>();
    private final List<Section> actions = new ArrayList<>();
    private Section root = DaemonSettings.of("nohang").root();

    Reading(Findings findings) {
      this.findings = findings;
    }

    Section read(ConfigFile file) {
      for (Located line : file.whole().lines()) {
        line(line);
      }
      root = root.withParts("badness_adj", badness).withParts("soft_actions", actions);
      List<String> missing = new ArrayList<>();
      for (Option option : root.table().options()) {
        Located value = values.get(option.name());
        if (value == null) {
          missing.add(option.name());
        } else {
          root = value(option, value);
        }
      }
      if (!missing.isEmpty()) {
        findings.refused(
            file.whole().sub(file.text().length()),
            missing.get(0),
            "missing key: "
                + String.join(", ", missing)
                + "; nohang has no defaults, every key must be in the file (exit 1)");
      }
      conflicts(file);
      return root;
    }

    /** Lines that begin with a blank are comments, as those with # are. */
    private void line(Located line) {
      if (line.isEmpty()) {
        return;
      }
      char first = line.charAt(0);
      int equals = line.indexOf('=');
      Located key = line.sub(0, equals < 0 ? line.length() : equals).strip();
      String name = key.toString();
      if (first == '#' || first == '\t' || first == ' ') {
        if (first != '#' && equals > 0 && root.table().option(name) != null) {
          findings.ignored(
              line.strip(), name, "the line begins with a blank, so nohang takes it for a comment");
        }
        return;
      }
      String text = line.toString();
      if (text.startsWith(ACTION + "NAME")
          || text.startsWith(ACTION + "CGROUP_V1")
          || text.startsWith(ACTION + "CGROUP_V2")) {
        action(line);
        return;
      }
      Located before =
          values.putIfAbsent(
              name, equals < 0 ? line.sub(line.length()) : line.sub(equals + 1).strip());
      if (before != null) {
        findings.refused(
            key,
            name,
            "config key duplication, first in line "
                + before.at().line()
                + " (exit 1)"
                + (first == '@' ? "; lines with @ are told apart only up to the first =" : ""));
        return;
      }
      if (text.startsWith(BADNESS)) {
        badness(line);
      } else if (root.table().option(name) == null) {
        String nearest = findings.nearest(name, root.table().names());
        findings.ignored(
            key,
            name,
            "no key of nohang, which ignores it"
                + (nearest == null ? "" : "; " + nearest + " would count"));
      }
    }

    private static Table part(String key) {
      Table.Part part = DaemonSettings.of("nohang").root().table().part(key);
      if (part == null) {
        throw new AssertionError(key);
      }
      return part.table().get();
    }

    private void badness(Located line) {
      Section rule = Section.of(part("badness_adj"));
      Located rest = matched(line, BADNESS, rule);
      if (rest == null) {
        return;
      }
      rule = withMatch(rule, line, BADNESS);
      int at = rest.toString().indexOf(SEPARATOR);
      Located adj = rest.sub(0, at < 0 ? rest.length() : at).strip();
      Located pattern = at < 0 ? rest.sub(rest.length()) : rest.sub(at + 3).strip();
      if (!adj.toString().replace("_", "").matches("[+-]?[0-9]{1,15}")) {
        findings.refused(
            adj.isEmpty() ? line : adj,
            BADNESS,
            "expected a whole number before ///; nohang --check does not see it, and nohang ends"
                + " with a ValueError when it first looks for a victim");
        return;
      }
      if (pattern.isEmpty()) {
        findings.otherwise(line, BADNESS, "no pattern behind ///, so it matches every process");
      }
      rule =
          findings.set(rule, "badness_adj", adj.toString().replace("_", "").replace("+", ""), adj);
      badness.add(pattern(rule, pattern));
    }

    private Section pattern(Section rule, Located pattern) {
      try {
        return rule.with("pattern", pattern.toString(), pattern.place());
      } catch (IllegalArgumentException wrong) {
        findings.refused(pattern, "pattern", "Invalid regexp (exit 1): " + wrong.getMessage());
        return rule;
      }
    }

    private void action(Located line) {
      Section rule = Section.of(part("soft_actions"));
      Located rest = matched(line, ACTION, rule);
      if (rest == null) {
        return;
      }
      rule = withMatch(rule, line, ACTION);
      int at = rest.toString().indexOf(SEPARATOR);
      Located pattern = rest.sub(0, at < 0 ? rest.length() : at).strip();
      Located command = at < 0 ? rest.sub(rest.length()) : rest.sub(at + 3).strip();
      rule = pattern(rule, pattern);
      actions.add(findings.set(rule, "command", command.toString(), command));
    }

    /** What follows the name of the rule; null if there is no such rule. */
    private @Nullable Located matched(Located line, String prefix, Section rule) {
      String match = matchOf(line, prefix, rule);
      if (match == null) {
        findings.ignored(
            line,
            prefix,
            "no rule of nohang, which ignores it; expected "
                + prefix
                + " with one of "
                + String.join(", ", rule.get("match").option().choices()));
        return null;
      }
      return line.sub(prefix.length() + match.length());
    }

    private static @Nullable String matchOf(Located line, String prefix, Section rule) {
      for (String match : rule.get("match").option().choices()) {
        if (line.toString().startsWith(prefix + match)) {
          return match;
        }
      }
      return null;
    }

    private Section withMatch(Section rule, Located line, String prefix) {
      return findings.set(rule, "match", String.valueOf(matchOf(line, prefix, rule)), line);
    }

    private Section value(Option option, Located value) {
      String name = option.name();
      String text = value.toString();
      switch (option.type()) {
        case FLAG -> {
          return text.equals("True") || text.equals("False")
              ? findings.set(root, name, text.equals("True") ? "true" : "false", value)
              : invalid(option, value, "expected True or False");
        }
        case CHOICE -> {
          return option.choices().contains(text)
              ? findings.set(root, name, text, value)
              : invalid(option, value, "expected one of " + String.join(", ", option.choices()));
        }
        case COUNT -> {
          String digits = text.replace("_", "");
          return digits.matches("[+-]?[0-9]{1,15}") && Long.parseLong(digits) >= option.least()
              ? findings.set(root, name, digits.replace("+", ""), value)
              : invalid(option, value, "expected a whole number from 1");
        }
        case SPAN, NUMBER -> {
          Double number = number(text);
          double unit = option.type() == Type.SPAN ? 1e9 : 1;
          boolean fits =
              number != null
                  && !(number * unit < option.least())
                  && !(option.type() == Type.NUMBER && number > option.most());
          if (!fits) {
            return invalid(
                option,
                value,
                "expected "
                    + Type.decimal(option.least() / unit)
                    + (option.most() == 100 ? " to 100" : " or more")
                    + (unit > 1 ? " seconds" : ""));
          }
          boolean ever = number * unit < 1e17;
          return findings.set(
              root,
              name,
              unit > 1 ? (ever ? Type.span(number * 1e9) : "never") : Type.decimal(number),
              value);
        }
        case SHARE -> {
          return name.endsWith("_swap") ? swap(option, value) : memory(option, value);
        }
        default -> {
          return findings.set(root, name, text, value);
        }
      }
    }

    private Section invalid(Option option, Located value, String expected) {
      findings.refused(
          value,
          option.name(),
          "invalid \""
              + option.name()
              + "\" value '"
              + Findings.shortened(value.toString())
              + "' (exit 1); "
              + expected);
      return root;
    }

    /** float() of Python. */
    private static @Nullable Double number(String text) {
      String bare = text.strip();
      if (bare.matches("(?i)[+-]?nan")) {
        return Double.NaN;
      }
      if (bare.matches("(?i)[+-]?inf(inity)?")) {
        return bare.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      return FLOAT.matcher(bare).matches() && !bare.contains("__") && !bare.endsWith("_")
          ? Double.valueOf(bare.replace("_", ""))
          : null;
    }

    /** calculate_percent(). */
    private Section memory(Option option, Located value) {
      String text = value.toString();
      boolean zram = option.name().endsWith("_zram") && !option.name().startsWith("warning");
      double most = option.name().startsWith("warning") ? 100 : zram ? 90 : 50;
      double least = zram ? 10 : 0;
      String range = Type.decimal(least) + " % to " + Type.decimal(most) + " %, or a number with M";
      Double number = text.isEmpty() ? null : number(text.substring(0, text.length() - 1));
      if (number == null || !text.endsWith("%") && !text.endsWith("M")) {
        return invalid(option, value, "only % and M are units; expected " + range);
      }
      if (text.endsWith("%")) {
        return number > most || number < least
            ? invalid(option, value, "expected " + range)
            : findings.set(root, option.name(), Type.percent(number), value);
      }
      if (number < 0 || number > 1e9) {
        return invalid(option, value, "expected " + range);
      }
      findings.note(
          value.at(),
          option.name()
              + " in M is refused on a machine where it is not "
              + Type.decimal(least)
              + " % to "
              + Type.decimal(most)
              + " % of MemTotal");
      return findings.set(root, option.name(), Type.bytes(number * (1L << 20)), value);
    }

    /** get_swap_threshold_tuple(). */
    private Section swap(Option option, Located value) {
      String text = value.toString();
      Double number = text.isEmpty() ? null : number(text.substring(0, text.length() - 1));
      String range = "0 % to 100 %, or 0 M or more";
      if (number == null || !text.endsWith("%") && !text.endsWith("M")) {
        return invalid(option, value, "only % and M are units; expected " + range);
      }
      if (number < 0 || number > (text.endsWith("%") ? 100 : 1e9)) {
        return invalid(option, value, "expected " + range);
      }
      if (text.endsWith("%")) {
        return findings.set(root, option.name(), Type.percent(number), value);
      }
      findings.otherwise(
          value,
          option.name(),
          "compared as KiB, which is 1024 times too low, though nohang --check prints MiB: this is "
              + Type.bytes(number * 1024));
      return findings.set(root, option.name(), Type.bytes(number * 1024), value);
    }

    private void conflicts(ConfigFile file) {
      Setting least = root.get("min_sleep");
      Setting most = root.get("max_sleep");
      if (least.number() > most.number() && least.at() != null) {
        findings.refused(
            least.at().position(),
            "min_sleep",
            "invalid \"min_sleep\" value (exit 1); expected no more than max_sleep");
      }
      for (String what : List.of("min_mem", "min_swap")) {
        order("hard_threshold_" + what, "soft_threshold_" + what, "is not below");
      }
      for (String what : List.of("max_zram", "max_psi")) {
        order("soft_threshold_" + what, "hard_threshold_" + what, "is not below");
      }
      if (root.flag("psi_checking_enabled")) {
        findings.note(
            where("psi_checking_enabled", file),
            "pressure counts only while MemAvailable is at or below the threshold, and not at all"
                + " without swap");
      }
      if (root.flag("zram_checking_enabled")) {
        findings.note(
            where("zram_checking_enabled", file),
            "zram counts only while MemAvailable is at or below the threshold as well");
      }
      if (root.parts("badness_adj").stream().anyMatch(rule -> rule.number("badness_adj") > 0)) {
        findings.note(
            file.position(0),
            "a positive badness_adj is not added to a process with a negative oom_score_adj");
      }
    }

    private Position where(String name, ConfigFile file) {
      Setting setting = root.get(name);
      return setting.at() == null ? file.position(0) : setting.at().position();
    }

    private void order(String low, String high, String how) {
      Setting lower = root.get(low);
      Setting higher = root.get(high);
      boolean comparable = lower.isPercent() == higher.isPercent();
      if (comparable && lower.isSet() && lower.number() >= higher.number() && lower.at() != null) {
        findings.note(
            lower.at().position(), low + " " + how + " " + high + ", which nohang does not check");
      }
    }
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    Section root = settings.root();
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line.isEmpty() ? "#" : "# " + line).append('\n'));
    for (Setting setting : root.settings().values()) {
      text.append(setting.option().name()).append(" = ").append(written(setting)).append('\n');
    }
    for (Section rule : root.parts("badness_adj")) {
      text.append(BADNESS + rule.text("match") + " " + rule.text("badness_adj"))
          .append(" " + SEPARATOR + " " + rule.text("pattern") + "\n");
    }
    for (Section rule : root.parts("soft_actions")) {
      text.append(ACTION + rule.text("match") + " " + rule.text("pattern"))
          .append(" " + SEPARATOR + " " + rule.text("command") + "\n");
    }
    List<Written> files = new ArrayList<>();
    files.add(new Written("/etc/nohang/nohang.conf", text.toString()));
    files.addAll(ServiceKeys.write(settings, "nohang", missing));
    return files;
  }

  private static String written(Setting setting) {
    boolean swap = setting.option().name().endsWith("_swap");
    return switch (setting.option().type()) {
      case FLAG -> setting.flag() ? "True" : "False";
      case SPAN -> setting.text().equals("never") ? "inf" : Type.decimal(setting.number() / 1e9);
      case SHARE ->
          setting.isPercent()
              ? Type.decimal(setting.number()) + " %"
              : Type.decimal(setting.number() / (swap ? 1 << 10 : 1 << 20)) + " M";
      case NUMBER -> Type.decimal(setting.number());
      default -> setting.text();
    };
  }
}
