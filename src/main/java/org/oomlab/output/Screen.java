package org.oomlab.output;

import java.io.Writer;

/** What data is written to, if it knows how many columns its reader sees side by side. */
public interface Screen {
  /** As wide as anything may be. */
  int UNLIMITED = Integer.MAX_VALUE;

  /** How many columns there are. */
  int columns();

  /** How many columns whatever is behind this writer has; {@link #UNLIMITED} if it does not say. */
  static int columnsOf(Writer out) {
    return out instanceof Screen screen ? screen.columns() : UNLIMITED;
  }
}
