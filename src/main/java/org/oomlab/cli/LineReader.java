package org.oomlab.cli;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a text that somebody else wrote: none is read that is longer than any honest one. */
public final class LineReader implements AutoCloseable {
  /** In characters. */
  static final int LONGEST = 1 << 20;

  private final Reader in;
  private boolean afterReturn;

  /**
   * A reader.
   *
   * @param in the text, buffered
   */
  public LineReader(Reader in) {
    this.in = in;
  }

  /**
   * The next line, without its end.
   *
   * @return null at the end
   * @throws IOException if the text cannot be read, or the line is too long
   */
  public @Nullable String next() throws IOException {
    StringBuilder line = null;
    for (int c = in.read(); c >= 0; c = in.read()) {
      boolean second = c == '\n' && afterReturn;
      afterReturn = c == '\r';
      if (second) {
        continue;
      }
      line = line == null ? new StringBuilder() : line;
      if (c == '\n' || c == '\r') {
        return line.toString();
      }
      if (line.length() == LONGEST) {
        throw new IOException("a line is longer than " + (LONGEST >> 20) + "MiB");
      }
      line.append((char) c);
    }
    return line == null ? null : line.toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
