package org.oomlab.yaml;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.handler.Handler;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/**
 * What one policy file says, before it is known what the policy it extends says.
 *
 * @param source the file
 * @param document the file as a value, for messages
 * @param parent the name of the policy it extends, or null in a root
 * @param kernel the version it says it follows, or empty
 * @param values the knobs it sets
 * @param daemon what it says of a daemon in user space, or null
 * @param handlers what is asked before the killer, or null if it says nothing of that
 */
record PolicyFile(
    Source source,
    Value document,
    String name,
    String title,
    String origin,
    String wins,
    String loses,
    @Nullable Value parent,
    String kernel,
    Map<Knob, Long> values,
    @Nullable Value daemon,
    @Nullable List<Handler> handlers) {

  /** Reads a file, noting what is wrong with it; null if there is nothing to go on with. */
  static @Nullable PolicyFile read(Source source, Problems problems) {
    Node.Mapping root = source.parse(Kind.POLICY, problems);
    if (root == null) {
      return null;
    }
    Value document = new Value(root, "", problems);
    Fields fields = document.fields();
    String name = fileName(fields.need("policy"), source);
    String title = fields.text("title");
    String origin = fields.text("source");
    String wins = fields.text("wins");
    String loses = fields.text("loses");
    Value parent = fields.find("extends");
    Value versions = fields.find("versions");
    if (versions != null) {
      versions.parse("versions", "", text -> VersionRange.parse(text).written());
    }
    String kernel = version(fields.find("kernel"));
    Map<Knob, Long> values = knobs(fields);
    Value daemon = fields.find("daemon");
    Value asked = fields.find("handlers");
    List<Handler> handlers = asked == null ? null : HandlerReader.read(asked);
    fields.end();
    return new PolicyFile(
        source, document, name, title, origin, wins, loses, parent, kernel, values, daemon,
        handlers);
  }

  /** A file's own name for itself, which must be the one it is found by; empty without one. */
  static String fileName(@Nullable Value value, Source source) {
    if (value == null) {
      return "";
    }
    String name = value.name();
    String expected = source.name();
    if (expected != null && !name.isEmpty() && !name.equals(expected)) {
      value.problem("'" + name + "' is in a file called " + expected, expected);
    }
    return name;
  }

  private static String version(@Nullable Value value) {
    String text = value == null ? null : value.scalar("a kernel version");
    if (value == null || text == null) {
      return "";
    }
    if (!VersionRange.isVersion(text)) {
      value.problem("expected a kernel version such as 6.1, found '" + text + "'");
      return "";
    }
    return text;
  }

  /** Sections nest by the dots of the knobs' paths. */
  private static Map<Knob, Long> knobs(Fields fields) {
    Map<Knob, Long> values = new LinkedHashMap<>();
    for (String section : sections()) {
      Value value = fields.find(section);
      if (value == null) {
        continue;
      }
      Fields inSection = value.fields();
      for (Knob knob : Knobs.all()) {
        if (knob.path().startsWith(section + ".")) {
          Value set = inSection.find(knob.path().substring(section.length() + 1));
          if (set != null) {
            values.put(knob, knobValue(knob, set));
          }
        }
      }
      inSection.end();
    }
    return values;
  }

  /** The first parts of the knobs' paths. */
  static List<String> sections() {
    Set<String> sections = new LinkedHashSet<>();
    for (Knob knob : Knobs.all()) {
      sections.add(knob.path().substring(0, knob.path().indexOf('.')));
    }
    return List.copyOf(sections);
  }

  static long knobValue(Knob knob, Value value) {
    return switch (knob.type()) {
      case SPAN -> value.span();
      case FLAG -> value.flag() ? 1 : 0;
      case COUNT -> value.parse("a whole number", knob.least(), knob::parse);
      case CHOICE -> value.choice(knob.choices());
      case AMOUNT -> value.parse("an amount", 0L, knob::parse);
    };
  }
}
