package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.Findings.Effect;
import org.oomlab.daemon.file.Tree.Keys;
import org.oomlab.daemon.file.Tree.Member;
import org.oomlab.daemon.file.Tree.Word;
import org.oomlab.unit.Position;

/** oomd's JSON as its JsonConfigParser and ConfigCompiler read it. */
final class OomdReader {
  private static final List<String> RULESET_KEYS =
      List.of(
          "name",
          "drop-in",
          "silence-logs",
          "post_action_delay",
          "prekill_hook_timeout",
          "cgroup",
          "xattr_filter",
          "detectors",
          "actions");

  private static final Map<String, List<String>> REQUIRED =
      Ordered.map(
          Map.entry("pressure_above", List.of("cgroup", "resource", "threshold", "duration")),
          Map.entry(
              "pressure_rising_beyond", List.of("cgroup", "resource", "threshold", "duration")),
          Map.entry("memory_above", List.of("cgroup", "duration")),
          Map.entry("memory_reclaim", List.of("cgroup", "duration")),
          Map.entry("swap_free", List.of("threshold_pct")),
          Map.entry("exists", List.of("cgroup")),
          Map.entry("nr_dying_descendants", List.of("cgroup", "count")),
          Map.entry("dump_cgroup_overview", List.of("cgroup")),
          Map.entry("kill_by_pressure", List.of("resource")));

  private final Findings findings;
  private boolean first = true;

  OomdReader(Findings findings) {
    this.findings = findings;
  }

  /** The first file is the configuration; what follows are drop-ins for its rulesets. */
  Section file(Section before, Tree tree) {
    if (!(tree instanceof Keys top)) {
      findings.refused(tree.at(), "", "expected an object with rulesets, found " + tree.noun());
      return before;
    }
    top.members()
        .forEach(
            (key, member) -> {
              if (!key.equals("rulesets") && !key.equals("prekill_hooks")) {
                unknown(key, member, List.of("rulesets", "prekill_hooks"));
              }
            });
    Section root = before;
    Table.Part part = part(root.table(), "rulesets");
    List<Section> rulesets = new ArrayList<>(root.parts("rulesets"));
    for (Tree each : Tree.items(top.get("rulesets"))) {
      Section ruleset = ruleset(part.table().get(), each);
      if (first) {
        rulesets.add(ruleset);
      } else {
        root = dropIn(root, ruleset, each.at());
      }
    }
    root = first ? root.withParts("rulesets", rulesets) : root;
    if (first && Tree.items(top.get("rulesets")).isEmpty()) {
      findings.note(tree.at(), "no rulesets, so oomd starts and does nothing");
    }
    Table.Part hooks = part(root.table(), "prekill_hooks");
    for (Tree each : Tree.items(top.get("prekill_hooks"))) {
      Section hook = plugin(hooks, each);
      root = hook == null ? root : root.plus("prekill_hooks", hook);
    }
    if (root.parts("prekill_hooks").size() > 1) {
      findings.refused(tree.at(), "prekill_hooks", "Config cannot have more than 1 prekill hook");
    }
    first = false;
    return root;
  }

  private Section dropIn(Section root, Section dropIn, Position at) {
    List<Section> all = new ArrayList<>(root.parts("rulesets"));
    for (int i = 0; i < all.size(); i++) {
      Section target = all.get(i);
      if (!target.text("name").equals(dropIn.text("name"))) {
        continue;
      }
      Section may = target.part("drop-in");
      for (String what : List.of("detectors", "actions")) {
        if (!dropIn.parts(what).isEmpty() && !may.flag(what)) {
          findings.add(
              Effect.IGNORED,
              at,
              what,
              dropIn.text("name"),
              "the ruleset does not let drop-ins replace its "
                  + what
                  + ", so this drop-in is ignored");
          return root;
        }
      }
      Section merged = target;
      for (String what : List.of("detectors", "actions")) {
        merged = dropIn.parts(what).isEmpty() ? merged : merged.withParts(what, dropIn.parts(what));
      }
      if (may.flag("disable-on-drop-in")) {
        all.set(i, merged);
      } else {
        all.add(i, merged); // Drop-ins run before what they are added to.
      }
      return root.withParts("rulesets", all);
    }
    findings.add(
        Effect.IGNORED,
        at,
        "name",
        dropIn.text("name"),
        "could not locate the ruleset of this name that a drop-in is for, so it is ignored");
    return root;
  }

  private static Table.Part part(Table table, String key) {
    Table.Part part = table.part(key);
    if (part == null) {
      throw new AssertionError(key);
    }
    return part;
  }

  private void unknown(String key, Member member, List<String> known) {
    String nearest = findings.nearest(key, known);
    findings.add(
        Effect.IGNORED,
        member.at(),
        key,
        String.valueOf(Tree.text(member.value())),
        "oomd does not look at this key"
            + (nearest == null ? "" : "; " + nearest + " would count"));
  }

  private Section ruleset(Table table, Tree tree) {
    Section ruleset = Section.of(table);
    if (!(tree instanceof Keys keys)) {
      findings.refused(tree.at(), "rulesets", "expected an object, found " + tree.noun());
      return ruleset;
    }
    for (Map.Entry<String, Member> each : keys.members().entrySet()) {
      String key = each.getKey();
      Tree value = each.getValue().value();
      switch (key) {
        case "name", "silence-logs", "cgroup", "xattr_filter" -> {
          String text = scalar(value, key);
          if (text != null) {
            ruleset = findings.set(ruleset, key, text, place(value));
          }
        }
        case "post_action_delay", "prekill_hook_timeout" -> {
          Option option = ruleset.get(key).option();
          String text = scalar(value, key);
          ruleset = text == null ? ruleset : value(ruleset, option, text, place(value));
        }
        case "drop-in" -> ruleset = dropInKeys(ruleset, value);
        case "detectors" -> {
          List<Section> groups = new ArrayList<>();
          for (Tree group : Tree.items(value)) {
            groups.add(group(part(table, "detectors").table().get(), group));
          }
          ruleset = ruleset.withParts("detectors", groups);
        }
        case "actions" -> {
          List<Section> actions = new ArrayList<>();
          for (Tree action : Tree.items(value)) {
            Section plugin = plugin(part(table, "actions"), action);
            if (plugin != null) {
              actions.add(plugin);
            }
          }
          ruleset = ruleset.withParts("actions", actions);
        }
        default -> unknownInRuleset(key, each.getValue());
      }
    }
    complete(ruleset, keys);
    return ruleset;
  }

  private void unknownInRuleset(String key, Member member) {
    if (key.matches("disable-on-drop-in|(detectors|actions)-?_?drop-?in.*")) {
      findings.add(
          Effect.IGNORED,
          member.at(),
          key,
          String.valueOf(Tree.text(member.value())),
          "the documented grammar has it here, but the parser looks only within \"drop-in\", so"
              + " it is ignored");
    } else {
      unknown(key, member, RULESET_KEYS);
    }
  }

  private void complete(Section ruleset, Keys keys) {
    if (ruleset.text("name").isEmpty()) {
      findings.refused(keys.at(), "name", "Ruleset is missing name");
    }
    if (first && (ruleset.parts("detectors").isEmpty() || ruleset.parts("actions").isEmpty())) {
      findings.refused(
          keys.at(), "detectors", "Ruleset is missing DetectorGroups or missing Actions");
    }
    for (String source : ruleset.text("silence-logs").split(",", -1)) {
      if (!source.isBlank() && !List.of("engine", "plugins").contains(source.strip())) {
        findings.refused(
            keys.at(),
            "silence-logs",
            "Unrecognized log source=" + source.strip() + "; expected engine or plugins");
      }
    }
  }

  private Section dropInKeys(Section ruleset, Tree value) {
    Section dropIn = ruleset.part("drop-in");
    for (Map.Entry<String, Member> each : Tree.keys(value).entrySet()) {
      if (dropIn.table().option(each.getKey()) == null) {
        unknown(each.getKey(), each.getValue(), dropIn.table().names());
        continue;
      }
      Tree flag = each.getValue().value();
      if (flag instanceof Word word && word.plain() && word.text().matches("true|false")) {
        dropIn = findings.set(dropIn, each.getKey(), word.text(), place(word));
      } else {
        findings.refused(flag.at(), each.getKey(), "expected true or false, found " + flag.noun());
      }
    }
    return ruleset.withParts("drop-in", List.of(dropIn));
  }

  private Section group(Table table, Tree tree) {
    Section group = Section.of(table);
    List<Tree> items = Tree.items(tree);
    boolean named = !items.isEmpty() && items.get(0) instanceof Word word && !word.plain();
    if (!named || Tree.text(items.get(0)) == null || items.get(0).noun().equals("''")) {
      findings.refused(
          tree.at(), "detectors", "DetectorGroup is missing name: expected it as the first item");
    }
    List<Section> plugins = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (i == 0 && named) {
        group =
            findings.set(
                group, "name", String.valueOf(Tree.text(items.get(0))), place(items.get(0)));
        continue;
      }
      Section plugin = plugin(part(table, "plugins"), items.get(i));
      if (plugin != null) {
        plugins.add(plugin);
      }
    }
    group = group.withParts("plugins", plugins);
    if (items.size() < 2) {
      findings.refused(tree.at(), "detectors", "DetectorGroup is missing Detectors");
    }
    return group;
  }

  private @Nullable Section plugin(Table.Part part, Tree tree) {
    Tree named = Tree.down(tree, "name");
    String name = named instanceof Word word && !word.plain() ? word.text() : null;
    if (name == null || name.isEmpty()) {
      findings.refused(tree.at(), "name", "Plugin is missing name");
      return null;
    }
    Table table = part.of(name);
    if (table == null) {
      String nearest = findings.nearest(name, part.variants().get().keySet());
      findings.refused(
          named.at(),
          "name",
          "Could not locate plugin="
              + name
              + " in plugin registry"
              + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      return null;
    }
    Section plugin = findings.set(Section.of(table), "name", name, place(named));
    for (String key : Tree.keys(tree).keySet()) {
      if (!key.equals("name") && !key.equals("args")) {
        unknown(key, Tree.keys(tree).get(key), List.of("name", "args"));
      }
    }
    Map<String, Member> args = new TreeMap<>(Tree.keys(Tree.down(tree, "args")));
    for (Map.Entry<String, Member> each : args.entrySet()) {
      String text = argument(each.getValue().value());
      if (text == null) {
        findings.add(
            Effect.TAKEN_OTHERWISE,
            each.getValue().at(),
            each.getKey(),
            each.getValue().value().noun(),
            "no string, number or flag: oomd leaves it out, and all arguments behind it in the"
                + " alphabet");
        break;
      }
      plugin = argument(plugin, each.getKey(), each.getValue(), text);
    }
    required(plugin, name, args, tree);
    return plugin;
  }

  private static @Nullable String argument(Tree value) {
    return value instanceof Word word && !(word.plain() && word.isNull()) ? word.text() : null;
  }

  private Section argument(Section plugin, String key, Member member, String text) {
    Option option = key.equals("name") ? null : plugin.table().option(key);
    if (option != null) {
      return value(plugin, option, text, place(member.value()));
    }
    String nearest =
        findings.nearest(key, plugin.table().options().stream().map(Option::name).toList());
    findings.refused(
        member.at(),
        key,
        "Unknown arg \""
            + key
            + "\" in plugin \""
            + plugin.text("name")
            + "\""
            + (nearest == null || nearest.equals("name") ? "" : "; did you mean " + nearest + "?"));
    return plugin;
  }

  private void required(Section plugin, String name, Map<String, Member> args, Tree tree) {
    for (String key : REQUIRED.getOrDefault(name, List.of())) {
      if (!args.containsKey(key)) {
        findings.refused(
            tree.at(), key, "Required arg \"" + key + "\" missing in plugin \"" + name + "\"");
      }
    }
    if (name.equals("memory_above")
        && !args.containsKey("threshold")
        && !args.containsKey("threshold_anon")) {
      findings.refused(
          tree.at(), "threshold", "Argument=[anon_]threshold not present in memory_above");
    }
    if (name.startsWith("kill_by") && !plugin.get("cgroup").has()) {
      findings.note(tree.at(), name + " without a cgroup has nothing to choose from");
    }
  }

  /** One argument, as PluginArgParser has it for its type. */
  private Section value(Section plugin, Option option, String text, Place at) {
    boolean whole = option.name().equals("min_growth_ratio");
    switch (option.type()) {
      case PERCENT, SPAN, COUNT -> {
        return number(plugin, option, text, at, true);
      }
      case NUMBER -> {
        return number(plugin, option, text, at, whole);
      }
      case SHARE -> {
        return share(plugin, option, text, at);
      }
      case FLAG -> {
        if (!text.matches("true|True|1|false|False|0")) {
          findings.refused(
              at.position(), option.name(), "must be true/false, True/False or 1/0: " + text);
          return plugin;
        }
        return findings.set(plugin, option.name(), String.valueOf(text.matches("true|True|1")), at);
      }
      default -> {
        return findings.set(plugin, option.name(), text, at);
      }
    }
  }

  /** std::stoi or std::stof: what follows the number is not looked at. */
  private Section number(Section plugin, Option option, String text, Place at, boolean whole) {
    CNumber.Read read = whole ? CNumber.strtol(text) : CNumber.strtod(text);
    boolean none = read.rest().equals(text);
    boolean large = whole && Math.abs(read.value()) > Long.MAX_VALUE / 2.0;
    boolean tooLarge =
        whole
            && !option.name().contains("bps")
            && !option.name().contains("bytes")
            && Math.abs(read.value()) > Integer.MAX_VALUE;
    boolean negative =
        read.value() < 0
            && option.name().matches("size_threshold|min_growth_ratio|post_action_delay");
    if (none || large || tooLarge || negative) {
      findings.refused(
          at.position(),
          option.name(),
          "Failed to parse argument \""
              + option.name()
              + "\": expected a "
              + (whole ? "whole number" : "number")
              + (negative ? " that is not negative" : "")
              + ", found '"
              + Findings.shortened(text)
              + "'");
      return plugin;
    }
    String written =
        switch (option.type()) {
          case PERCENT -> Type.percent(read.value());
          case SPAN -> span(read.value());
          default -> Type.decimal(read.value());
        };
    if (!read.rest().isEmpty()) {
      findings.add(
          Effect.TAKEN_OTHERWISE,
          at.position(),
          option.name(),
          text,
          "oomd reads the whole number at its beginning, so this is " + written);
    }
    remark(option, read.value(), text, at);
    return findings.set(plugin, option.name(), written, at);
  }

  private static String span(double seconds) {
    return seconds < 0 ? "0s" : Type.span(seconds * 1e9);
  }

  private void remark(Option option, double value, String text, Place at) {
    boolean pressure = option.name().equals("threshold");
    boolean free = option.name().equals("threshold_pct");
    String why =
        pressure && value >= 100
            ? "pressure is never above 100 %, so this is never true"
            : pressure && value < 0
                ? "pressure is always above it, so this is always true"
                : free && value > 100
                    ? "free swap is always below it, so this is always true"
                    : free && value <= 0 ? "free swap is never below it" : null;
    if (why != null) {
      findings.add(
          Effect.TAKEN_OTHERWISE,
          at.position(),
          option.name(),
          text,
          "not checked for its range: " + why);
    }
  }

  /** Util::parseSizeOrPercent(). */
  private Section share(Section plugin, Option option, String text, Place at) {
    String written = null;
    if (text.endsWith("%")) {
      CNumber.Read read = CNumber.strtol(text.substring(0, text.length() - 1));
      boolean fits = read.value() >= 0 && read.value() <= 100;
      written = fits && read.rest().isEmpty() ? Type.percent(read.value()) : null;
    } else if (text.matches("[0-9]{1,12}")) {
      written = Type.bytes(Double.parseDouble(text) * (1L << 20));
      findings.add(
          Effect.TAKEN_OTHERWISE,
          at.position(),
          option.name(),
          text,
          "a bare number is MiB here, so this is " + written);
    } else {
      Double bytes = size(text);
      written = bytes == null ? null : Type.bytes(bytes);
    }
    if (written == null) {
      findings.refused(
          at.position(),
          option.name(),
          "Failed to parse "
              + option.name()
              + ": '"
              + Findings.shortened(text)
              + "'; expected 0% to 100%, or a size such as 1.5G or 512M");
      return plugin;
    }
    return findings.set(plugin, option.name(), written, at);
  }

  /** Util::parseSize(): components with K, M, G or T, or bytes. */
  private static @Nullable Double size(String text) {
    double bytes = 0;
    boolean any = false;
    for (String part : text.strip().split("(?<=[KMGTkmgt])\\s*|\\s+", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      if (!part.matches("[0-9]{1,15}(\\.[0-9]{1,15})?[KMGTkmgt]?")) {
        return null;
      }
      int power = " KMGT".indexOf(Character.toUpperCase(part.charAt(part.length() - 1)));
      String digits = power > 0 ? part.substring(0, part.length() - 1) : part;
      bytes += Double.parseDouble(digits) * (double) (1L << 10 * Math.max(0, power));
      any = true;
    }
    return any ? Double.valueOf(Math.floor(bytes)) : null;
  }

  private @Nullable String scalar(Tree value, String key) {
    String text = argument(value);
    if (text == null && !(value instanceof Word)) {
      findings.refused(value.at(), key, "expected a string, found " + value.noun());
    }
    return text;
  }

  private static Place place(Tree value) {
    return new Place(value.at(), value instanceof Word word ? word.text() : value.noun());
  }
}
