package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** What people read, on its way out. */
final class Text {
  private Text() {}

  /**
   * Writes a piece that can be read by itself, so that it is seen at once.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  static void print(Writer out, CharSequence text) {
    try {
      out.append(text);
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
