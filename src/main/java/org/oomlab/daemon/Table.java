package org.oomlab.daemon;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in one place of a daemon's configuration.
 *
 * @param name what the place is called
 * @param options the options, in the order in which they are written
 * @param parts the places within
 */
public record Table(String name, List<Option> options, List<Part> parts) {
  public Table {
    options = List.copyOf(options);
    parts = List.copyOf(parts);
  }

  /**
   * A place within a place.
   *
   * @param key under which key it stands
   * @param many whether there may be several, as a list, or just one, as a map
   * @param table what may stand in it
   * @param variants what may stand in it instead, by its {@code name}; empty if that decides
   *     nothing
   */
  public record Part(
      String key, boolean many, Supplier<Table> table, Supplier<Map<String, Table>> variants) {

    static Part one(String key, Table table) {
      return new Part(key, false, () -> table, Collections::emptyMap);
    }

    static Part many(String key, Table table) {
      return new Part(key, true, () -> table, Collections::emptyMap);
    }

    /** The table of one that has this name; null if names decide and this is none of them. */
    public @Nullable Table of(String name) {
      Map<String, Table> known = variants.get();
      return known.isEmpty() ? table.get() : known.get(name);
    }
  }

  static Table of(String name, List<Option> options) {
    return new Table(name, options, List.of());
  }

  /** The option of this name, or known by it; null if there is none. */
  public @Nullable Option option(String called) {
    for (Option option : options) {
      if (option.isCalled(called)) {
        return option;
      }
    }
    return null;
  }

  /** The place within under this key; null if there is none. */
  public @Nullable Part part(String key) {
    for (Part part : parts) {
      if (part.key().equals(key)) {
        return part;
      }
    }
    return null;
  }

  /** Every name and key that may stand here. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    options.forEach(option -> names.add(option.name()));
    parts.forEach(part -> names.add(part.key()));
    return names;
  }
}
