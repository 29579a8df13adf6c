package org.oomlab.cli.session;

import org.jspecify.annotations.Nullable;

/** Something the user can put right that is neither in a document nor in the grammar of options. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * An error to be shown as one line and to end the command with {@link ExitCodes#USAGE}.
   *
   * @param message what is wrong, beginning with the word it is about
   * @param suggestion what was perhaps meant, or null
   */
  public UserError(String message, @Nullable String suggestion) {
    super(suggestion == null ? message : message + "; did you mean " + suggestion + "?");
  }

  public UserError(String message) {
    this(message, null);
  }
}
