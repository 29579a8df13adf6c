package org.oomlab.yaml.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/** How names, texts and amounts are written in files, so that they are read back as the same. */
public final class YamlText {
  private YamlText() {}

  /** A key, from the name of what it is in Java. */
  public static String key(String javaName) {
    return javaName.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** One of a few words. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * An amount that may be uncertain.
   *
   * @param time whether it is in nanoseconds rather than in pages
   */
  public static String quantity(Quantity quantity, boolean time) {
    if (quantity instanceof Quantity.Constant it) {
      return amount(it.value(), time);
    }
    if (quantity instanceof Quantity.Uniform it) {
      return "{uniform: [" + amount(it.low(), time) + ", " + amount(it.high(), time) + "]}";
    }
    if (quantity instanceof Quantity.LogUniform it) {
      return "{log_uniform: [" + amount(it.low(), time) + ", " + amount(it.high(), time) + "]}";
    }
    if (quantity instanceof Quantity.Exponential it) {
      return "{exponential: " + amount(it.mean(), time) + "}";
    }
    if (quantity instanceof Quantity.Normal it) {
      return "{normal: [" + amount(it.mean(), time) + ", " + amount(it.deviation(), time) + "]}";
    }
    Quantity.LogNormal it = (Quantity.LogNormal) quantity;
    return "{log_normal: [" + amount(it.median(), time) + ", " + it.factor() + "]}";
  }

  /**
   * An amount.
   *
   * @param time whether it is in nanoseconds rather than in pages
   */
  public static String amount(long value, boolean time) {
    if (time) {
      return Span.format(value);
    }
    return value >= Span.FOREVER ? "all" : Bytes.format(value);
  }

  /** A map on one line; its values are YAML already. */
  public static String mapping(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** A list on one line; its items are YAML already. */
  public static String sequence(List<String> items) {
    return "[" + String.join(", ", items) + "]";
  }

  /** A value of any shape on one line. */
  public static String node(Node node) {
    if (node instanceof Node.Mapping mapping) {
      Map<String, String> entries = new LinkedHashMap<>();
      mapping.members().forEach((key, member) -> entries.put(key, node(member.value())));
      return mapping(entries);
    }
    if (node instanceof Node.Sequence sequence) {
      return sequence(sequence.items().stream().map(YamlText::node).toList());
    }
    Node.Scalar scalar = (Node.Scalar) node;
    return scalar.plain() && scalar.text().matches("[A-Za-z0-9_.-]*")
        ? scalar.text()
        : quote(scalar.text());
  }

  /** A scalar that is read back as the text, whatever that holds. */
  public static String quote(String text) {
    // Words with single blanks between them; not by a group that repeats, which takes a stack.
    boolean plain =
        text.matches("[A-Za-z][A-Za-z0-9_./() -]*")
            && !text.contains("  ")
            && !text.endsWith(" ")
            && !text.equals("null");
    if (plain) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (mustEscape(c)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A line for a comment: whatever would end it, or be refused in it, is escaped. */
  public static String comment(String line) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      out.append(
          mustEscape(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
    }
    return out.toString();
  }

  /** Controls, what YAML takes for a line break, and what it refuses or may lose. */
  private static boolean mustEscape(char c) {
    return Character.isISOControl(c)
        || Character.isSurrogate(c)
        || c == 0xa0
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || c >= 0xfffe;
  }
}
