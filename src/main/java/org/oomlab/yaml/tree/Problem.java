package org.oomlab.yaml.tree;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/**
 * Something wrong with what a user wrote.
 *
 * @param position where; line 0 if it is no place in a text, such as a file that does not exist
 * @param message what is wrong, in one line
 * @param suggestion what may have been meant, or null
 */
public record Problem(Position position, String message, @Nullable String suggestion) {

  /** A problem with something as a whole: a file, a folder, a name on the command line. */
  public static Problem of(String name, String message, @Nullable String suggestion) {
    return new Problem(new Position(name, 0, 0), message, suggestion);
  }

  /** {@code file:line:column: message; did you mean this?}, as editors can jump to. */
  @Override
  public String toString() {
    String place = position.line() == 0 ? position.file() : position.toString();
    String hint = suggestion == null ? "" : "; did you mean " + suggestion + "?";
    return place + ": " + message + hint;
  }
}
