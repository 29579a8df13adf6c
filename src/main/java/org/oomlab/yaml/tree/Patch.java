package org.oomlab.yaml.tree;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;
import org.oomlab.yaml.tree.Node.Mapping;
import org.oomlab.yaml.tree.Node.Scalar;

/**
 * Puts another value where one stands in the text of a file, and leaves the rest of it as it is,
 * comments included. Only what is a single word or text on one line can be replaced.
 */
public final class Patch {
  private Patch() {}

  /**
   * The text with another value.
   *
   * @param document what the text says
   * @return null if the setting's path has no such value in it
   */
  public static @Nullable String apply(String text, Mapping document, Setting setting) {
    Node found = setting.find(document);
    if (!(found instanceof Scalar scalar)) {
      return null;
    }
    int from = offset(text, scalar.at());
    for (String quote : new String[] {"", "\"", "'"}) {
      String written = quote + scalar.text() + quote;
      if (!written.isEmpty() && text.startsWith(written, from)) {
        return text.substring(0, from) + setting.text() + text.substring(from + written.length());
      }
    }
    return null;
  }

  private static int offset(String text, Position at) {
    int offset = 0;
    for (int line = 1; line < at.line(); line++) {
      offset = text.indexOf('\n', offset) + 1;
    }
    return offset + at.column() - 1;
  }
}
