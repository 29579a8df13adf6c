package org.oomlab.policy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Table;

/**
 * The options of daemons as knobs: {@code daemon.mem_min_percent}, {@code
 * daemon.rulesets[0].detectors[0].plugins[0].threshold}, or by the daemon's own short name, {@code
 * -m}. They are no part of {@link Knobs#all()}: a policy has those of its daemon.
 */
public final class DaemonKnobs {
  /** What a path of one begins with. */
  public static final String PREFIX = "daemon.";

  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+(?:\\[[0-9]{1,6}\\])?)\\.(.+)");

  private DaemonKnobs() {}

  /** Whether a path speaks of a daemon, be there such an option or not. */
  public static boolean isPath(String path) {
    return path.startsWith(PREFIX) || path.startsWith("-");
  }

  /** The knob at a path; null if no daemon has it, or its value is neither number nor choice. */
  static @Nullable Knob byPath(String path) {
    Found found = isPath(path) ? find(path) : null;
    return found == null ? null : knob(PREFIX + found.path(), found.option());
  }

  /** A path by the names that policy files have: without short ones; null if no daemon has it. */
  public static @Nullable String canonical(String path) {
    Found found = isPath(path) ? find(path) : null;
    return found == null ? null : found.path();
  }

  /** Every option of every daemon that stands at a fixed place, with what it decides. */
  public static Map<String, String> described() {
    Map<String, String> all = new TreeMap<>();
    for (String kind : Daemons.kinds()) {
      Table table = Daemons.table(kind);
      table.options().forEach(option -> all.put(PREFIX + option.name(), option.doc()));
      for (Table.Part part : table.parts()) {
        if (!part.many()) {
          String before = PREFIX + part.key() + ".";
          List<Option> options = part.table().get().options();
          options.forEach(option -> all.put(before + option.name(), option.doc()));
        }
      }
    }
    return all;
  }

  private record Found(String path, Option option) {}

  private static @Nullable Found find(String path) {
    String bare = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
    for (String kind : Daemons.kinds()) {
      Found found = find(Daemons.table(kind), bare);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Found find(Table table, String path) {
    Option option = table.option(path);
    if (option != null) {
      return new Found(option.name(), option);
    }
    Matcher step = STEP.matcher(path);
    if (!step.matches()) {
      return null;
    }
    String key = step.group(1).replaceFirst("\\[.*", "");
    Table.Part part = table.part(key);
    if (part == null) {
      return null;
    }
    Found below = find(part.table().get(), step.group(2));
    for (Table variant : part.variants().get().values()) {
      below = below == null ? find(variant, step.group(2)) : below;
    }
    return below == null ? null : new Found(step.group(1) + "." + below.path(), below.option());
  }

  private static @Nullable Knob knob(String path, Option option) {
    String symbol = option.where();
    return switch (option.type()) {
      case FLAG -> Knob.of(path, symbol, option, Knob.Type.FLAG, List.of("false", "true"));
      case CHOICE -> Knob.of(path, symbol, option, Knob.Type.CHOICE, option.choices());
      case SPAN -> Knob.of(path, symbol, option, Knob.Type.SPAN, List.of());
      case COUNT -> Knob.of(path, symbol, option, Knob.Type.COUNT, List.of());
      case PERCENT, BYTES, SHARE, NUMBER ->
          Knob.of(path, symbol, option, Knob.Type.AMOUNT, List.of());
      default -> null;
    };
  }
}
