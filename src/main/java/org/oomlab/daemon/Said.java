package org.oomlab.daemon;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is said in a place of a configuration and nothing else, as it goes from one machine to
 * another: tables and defaults are known there, and where something was said is of no use.
 *
 * @param options what is set, by name
 * @param parts the places within, by key
 */
record Said(LinkedHashMap<String, String> options, LinkedHashMap<String, ArrayList<Said>> parts)
    implements Serializable {

  /** A whole configuration. */
  record Whole(String kind, Said root) implements Serializable {
    private Object readResolve() {
      return new DaemonSettings(kind, root.in(Daemons.table(kind)));
    }
  }

  static Said of(Section section) {
    LinkedHashMap<String, String> options = new LinkedHashMap<>();
    section
        .settings()
        .forEach(
            (name, setting) -> {
              if (setting.isSet()) {
                options.put(name, setting.text());
              }
            });
    LinkedHashMap<String, ArrayList<Said>> parts = new LinkedHashMap<>();
    for (Table.Part part : section.table().parts()) {
      ArrayList<Said> those = new ArrayList<>();
      section.parts(part.key()).forEach(each -> those.add(of(each)));
      parts.put(part.key(), those);
    }
    return new Said(options, parts);
  }

  private Section in(Table table) {
    Section section = Section.of(table);
    for (Map.Entry<String, String> option : options.entrySet()) {
      section = section.with(option.getKey(), option.getValue(), null);
    }
    for (Map.Entry<String, ArrayList<Said>> entry : parts.entrySet()) {
      Table.Part part = Objects.requireNonNull(table.part(entry.getKey()));
      List<Section> those = new ArrayList<>();
      for (Said said : entry.getValue()) {
        String name = said.options().getOrDefault("name", "");
        those.add(said.in(Objects.requireNonNull(part.of(name))));
      }
      section = section.withParts(entry.getKey(), those);
    }
    return section;
  }
}
