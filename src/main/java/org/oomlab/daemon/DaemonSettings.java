package org.oomlab.daemon;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Suggestions;

/**
 * How a daemon is configured.
 *
 * <p>An option is named by its path: {@code SwapUsedLimit}, {@code units[0].ManagedOOMSwap}, {@code
 * rulesets[1].detectors[0].plugins[0].threshold}, {@code evictionHard.memory.available}, or by the
 * short name of the daemon itself, {@code -m}.
 *
 * @param kind which daemon: the name in {@link Daemons}
 * @param root what is said, with the defaults
 */
@SuppressWarnings("serial") // Said goes in its place.
public record DaemonSettings(String kind, Section root) implements Serializable {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)(?:\\[([0-9]{1,6})\\])?");

  /** All defaults. */
  public static DaemonSettings of(String kind) {
    return new DaemonSettings(kind, Section.of(Daemons.table(kind)));
  }

  private Object writeReplace() {
    return new Said.Whole(kind, Said.of(root));
  }

  /** The process the daemon is: its memory, whether that is locked, how it is scheduled. */
  public Section process() {
    return root.part("process");
  }

  /**
   * What the option at a path is.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Setting get(String path) {
    List<Setting> found = new ArrayList<>();
    walk(
        root,
        path,
        path,
        (section, option) -> {
          found.add(section.get(option.name()));
          return section;
        });
    return found.get(0);
  }

  /**
   * The same with the option at a path set.
   *
   * @param text as a policy file writes it
   * @throws IllegalArgumentException if there is no such option, or with what was expected
   */
  public DaemonSettings with(String path, String text) {
    return new DaemonSettings(
        kind, walk(root, path, path, (section, option) -> section.with(option.name(), text, null)));
  }

  /** The paths of all options that have a number, in the order in which they are written. */
  public List<String> numbers() {
    List<String> paths = new ArrayList<>();
    collect(root, "", paths);
    return paths;
  }

  /** Every option there is, in places that are said and in those of which there is just one. */
  public Map<String, Setting> settings() {
    Map<String, Setting> all = new LinkedHashMap<>();
    collectAll(root, "", all);
    return all;
  }

  private static void collectAll(Section section, String before, Map<String, Setting> all) {
    section.settings().forEach((name, setting) -> all.put(before + name, setting));
    for (Table.Part part : section.table().parts()) {
      List<Section> sections = section.parts(part.key());
      if (!part.many()) {
        collectAll(section.part(part.key()), before + part.key() + ".", all);
      }
      for (int i = 0; part.many() && i < sections.size(); i++) {
        collectAll(sections.get(i), before + part.key() + "[" + i + "].", all);
      }
    }
  }

  private static void collect(Section section, String before, List<String> paths) {
    section
        .settings()
        .forEach(
            (name, setting) -> {
              if (setting.option().type().isNumber() && setting.has()) {
                paths.add(before + name);
              }
            });
    for (Table.Part part : section.table().parts()) {
      List<Section> sections = section.parts(part.key());
      for (int i = 0; i < sections.size(); i++) {
        String step = part.key() + (part.many() ? "[" + i + "]" : "");
        collect(sections.get(i), before + step + ".", paths);
      }
    }
  }

  private interface AtOption {
    Section apply(Section section, Option option);
  }

  /** Goes down a path and up again, with what has changed. */
  private static Section walk(Section section, String path, String whole, AtOption change) {
    Option option = section.table().option(path);
    if (option != null) {
      return change.apply(section, option);
    }
    Matcher step = STEP.matcher(path);
    if (step.lookingAt()) {
      String key = step.group(1);
      Table.Part part = section.table().part(key);
      String rest = path.substring(step.end());
      if (part != null && rest.startsWith(".")) {
        UnaryOperator<Section> down = within -> walk(within, rest.substring(1), whole, change);
        return within(section, part, step.group(2), whole, down);
      }
    }
    String nearest = Suggestions.nearest(path, section.table().names());
    throw new IllegalArgumentException(
        section.table().name()
            + " has no option "
            + whole
            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }

  private static Section within(
      Section section,
      Table.Part part,
      @Nullable String index,
      String whole,
      UnaryOperator<Section> down) {
    if (!part.many()) {
      return section.withParts(part.key(), List.of(down.apply(section.part(part.key()))));
    }
    List<Section> those = new ArrayList<>(section.parts(part.key()));
    int at = index == null ? -1 : Integer.parseInt(index);
    if (at < 0 || at >= those.size()) {
      throw new IllegalArgumentException(
          whole
              + ": "
              + part.key()
              + (those.isEmpty() ? " is empty" : " is counted from 0 to " + (those.size() - 1)));
    }
    those.set(at, down.apply(those.get(at)));
    return section.withParts(part.key(), those);
  }
}
