package org.oomlab.daemon;

import org.oomlab.unit.Position;

/**
 * Where something was said.
 *
 * @param position the file, line and column
 * @param words what stood there, for whoever looks for it
 */
public record Place(Position position, String words) {
  /** The file and the line, as messages have it. */
  @Override
  public String toString() {
    return position.file() + ":" + position.line();
  }
}
