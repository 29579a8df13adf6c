package org.oomlab.daemon;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place of a configuration with what is said there. Every option of the table has a setting:
 * the one that was written, the default, or none.
 */
public final class Section {
  private final Table table;
  private final Map<String, Setting> settings;
  private final Map<String, List<Section>> parts;

  private Section(Table table, Map<String, Setting> settings, Map<String, List<Section>> parts) {
    this.table = table;
    this.settings = complete(table, settings);
    this.parts = parts;
  }

  /** Nothing said: all defaults. */
  public static Section of(Table table) {
    return new Section(table, Collections.emptyMap(), Collections.emptyMap());
  }

  /** What is set, and a default for each other option, later ones knowing the earlier. */
  private static Map<String, Setting> complete(Table table, Map<String, Setting> known) {
    Map<String, Setting> all = new LinkedHashMap<>();
    for (Option option : table.options()) {
      Setting set = known.get(option.name());
      if (set != null && set.isSet()) {
        all.put(option.name(), set);
        continue;
      }
      String text =
          option
              .fallback()
              .text(
                  name -> {
                    Setting other = known.get(name);
                    if (other != null && other.isSet()) {
                      return other; // Also one that the table lists later.
                    }
                    Setting earlier = all.get(name);
                    Option unset = table.option(name);
                    if (earlier == null && unset == null) {
                      throw new IllegalArgumentException(name);
                    }
                    return earlier != null ? earlier : Setting.unset(unset);
                  });
      all.put(
          option.name(),
          text == null ? Setting.unset(option) : option.read(text, Setting.Origin.DEFAULT, null));
    }
    return Collections.unmodifiableMap(all);
  }

  public Table table() {
    return table;
  }

  /** Every option with what it is, in the order of the table. */
  public Map<String, Setting> settings() {
    return settings;
  }

  /**
   * What an option is.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Setting get(String called) {
    Option option = table.option(called);
    Setting setting = option == null ? null : settings.get(option.name());
    if (setting == null) {
      throw new IllegalArgumentException(table.name() + " has no option " + called);
    }
    return setting;
  }

  public double number(String name) {
    return get(name).number();
  }

  public boolean flag(String name) {
    return get(name).flag();
  }

  public String text(String name) {
    return get(name).text();
  }

  /** The places under a key; none if there are none. */
  public List<Section> parts(String key) {
    return parts.getOrDefault(key, List.of());
  }

  /** The place under a key of which there is just one, with defaults if nothing is said there. */
  public Section part(String key) {
    List<Section> there = parts(key);
    Table.Part part = table.part(key);
    if (part == null) {
      throw new IllegalArgumentException(table.name() + " has no " + key);
    }
    return there.isEmpty() ? of(part.table().get()) : there.get(0);
  }

  /** Whether anything is said here or in a place within. */
  public boolean saysSomething() {
    return settings.values().stream().anyMatch(Setting::isSet)
        || table.parts().stream().anyMatch(part -> part.many() && !parts(part.key()).isEmpty())
        || parts.values().stream().flatMap(List::stream).anyMatch(Section::saysSomething);
  }

  /**
   * The same with an option set.
   *
   * @param called the option's name, or another that it is known by
   * @param text its value as a policy file writes it
   * @param at where that was said, or null
   * @throws IllegalArgumentException with what was expected, or if there is no such option
   */
  public Section with(String called, String text, @Nullable Place at) {
    Option option = table.option(called);
    if (option == null) {
      throw new IllegalArgumentException(table.name() + " has no option " + called);
    }
    Map<String, Setting> changed = new LinkedHashMap<>(settings);
    changed.put(option.name(), option.read(text, Setting.Origin.SET, at));
    return new Section(table, changed, parts);
  }

  /** The same with nothing said of an option. */
  public Section without(String called) {
    Map<String, Setting> changed = new LinkedHashMap<>(settings);
    changed.remove(get(called).option().name());
    return new Section(table, changed, parts);
  }

  /** The same with other places under a key. */
  public Section withParts(String key, List<Section> sections) {
    if (table.part(key) == null) {
      throw new IllegalArgumentException(table.name() + " has no " + key);
    }
    Map<String, List<Section>> changed = new LinkedHashMap<>();
    for (Table.Part part : table.parts()) { // In the order of the table, however they come.
      List<Section> those = part.key().equals(key) ? List.copyOf(sections) : parts(part.key());
      if (!those.isEmpty()) {
        changed.put(part.key(), those);
      }
    }
    return new Section(table, settings, Collections.unmodifiableMap(changed));
  }

  /** The same with one place more. */
  public Section plus(String key, Section section) {
    List<Section> more = new ArrayList<>(parts(key));
    more.add(section);
    return withParts(key, more);
  }

  /** Two are the same that say the same, wherever they say it. */
  @Override
  public boolean equals(@Nullable Object that) {
    return that instanceof Section other
        && table.name().equals(other.table.name())
        && said().equals(other.said())
        && parts.equals(other.parts);
  }

  @Override
  public int hashCode() {
    return said().hashCode();
  }

  private Map<String, String> said() {
    Map<String, String> said = new LinkedHashMap<>();
    settings.forEach(
        (name, setting) -> {
          if (setting.isSet()) {
            said.put(name, setting.written());
          }
        });
    return said;
  }

  @Override
  public String toString() {
    return table.name() + said() + parts;
  }
}
