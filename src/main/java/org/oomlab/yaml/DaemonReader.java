package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Table;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;

/**
 * Reads the {@code daemon:} block of a policy: the kind, and its options by the names that the
 * daemon itself has for them.
 */
final class DaemonReader {
  private static final String NONE = "none";

  private DaemonReader() {}

  /**
   * The daemon that a block says.
   *
   * @param parent the daemon of the policy that is extended, which a block without a kind changes
   * @return null if there is none, or nothing that can be read
   */
  static @Nullable DaemonSettings read(Value value, @Nullable DaemonSettings parent) {
    if (!value.isMap()) {
      String text = value.scalar("the options of a daemon, or none");
      if (text != null && !text.equals(NONE)) {
        value.problem("expected the options of a daemon, or none, not '" + text + "'");
      }
      return null;
    }
    Fields fields = value.fields();
    Value named = fields.find("kind");
    String kind = named == null ? parent == null ? "" : parent.kind() : named.text();
    if (named == null && parent == null) {
      value.problem("kind is missing: one of " + String.join(", ", Daemons.kinds()));
      return null;
    }
    if (!Daemons.kinds().contains(kind)) {
      if (named != null) {
        named.problem(
            "expected one of " + String.join(", ", Daemons.kinds()) + ", not '" + kind + "'",
            Suggestions.nearest(kind, Daemons.kinds()));
      }
      return null;
    }
    boolean same = parent != null && parent.kind().equals(kind);
    Section root = same ? parent.root() : DaemonSettings.of(kind).root();
    for (Map.Entry<String, Value> entry : fields.all()) {
      if (!entry.getKey().equals("kind")) {
        root = with(root, entry.getKey(), entry.getValue());
      }
    }
    return Daemons.finished(new DaemonSettings(kind, root));
  }

  private static Section with(Section section, String key, Value value) {
    Option option = section.table().option(key);
    if (option != null) {
      String text = value.scalar("a value");
      try {
        return text == null
            ? section
            : section.with(key, text, new Place(value.node().at(), key + ": " + text));
      } catch (IllegalArgumentException e) {
        value.problem(e.getMessage());
        return section;
      }
    }
    Table.Part part = section.table().part(key);
    if (part == null) {
      value.problem(
          section.table().name() + " has no option " + key,
          Suggestions.nearest(key, section.table().names()));
      return section;
    }
    if (!part.many()) {
      return section.withParts(key, List.of(read(section.part(key), value)));
    }
    List<Section> those = new ArrayList<>();
    for (Value item : value.items()) {
      Table table = table(part, item);
      if (table != null) {
        those.add(read(Section.of(table), item));
      }
    }
    return section.withParts(key, those);
  }

  private static @Nullable Table table(Table.Part part, Value item) {
    if (part.variants().get().isEmpty()) {
      return part.table().get();
    }
    Value name = item.fields().need("name");
    Table table = name == null ? null : part.of(name.text());
    if (name != null && table == null) {
      List<String> known = List.copyOf(part.variants().get().keySet());
      name.problem("no such " + part.key(), Suggestions.nearest(name.text(), known));
    }
    return table;
  }

  private static Section read(Section section, Value value) {
    Section changed = section;
    for (Map.Entry<String, Value> entry : value.fields().all()) {
      changed = with(changed, entry.getKey(), entry.getValue());
    }
    return changed;
  }
}
