package org.oomlab.daemon.file;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes maps, lists, texts and flags as JSON that people read. */
final class Json {
  private Json() {}

  static void write(StringBuilder out, Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      block(
          out,
          '{',
          '}',
          depth,
          map.entrySet().iterator(),
          each -> {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
            text(out, String.valueOf(entry.getKey()));
            out.append(": ");
            write(out, entry.getValue(), depth + 1);
          });
    } else if (value instanceof List<?> list) {
      block(out, '[', ']', depth, list.iterator(), each -> write(out, each, depth + 1));
    } else if (value instanceof Boolean) {
      out.append(value);
    } else {
      text(out, String.valueOf(value));
    }
  }

  private interface Item {
    void write(Object item);
  }

  private static void block(
      StringBuilder out, char open, char close, int depth, Iterator<?> items, Item each) {
    out.append(open);
    boolean any = items.hasNext();
    while (items.hasNext()) {
      out.append('\n').append("  ".repeat(depth + 1));
      each.write(items.next());
      out.append(items.hasNext() ? "," : "");
    }
    out.append(any ? "\n" + "  ".repeat(depth) : "").append(close);
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c >= 127) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
