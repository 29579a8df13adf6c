package org.oomlab.output;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Data cannot go where a user wants it. The message begins with the option and the file. */
public final class OutputRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutputRefused(String message) {
    super(message);
  }

  /** What an exception of the file system says, without the class name people do not know. */
  public static String reason(Exception e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    @Nullable String message =
        e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    if (message == null) {
      return e.getClass().getSimpleName();
    }
    return isClosed(e) ? "it is closed" : message;
  }

  /** Whether a stream was closed before this process began, or cannot be used this way. */
  public static boolean isClosed(Exception e) {
    return "Bad file descriptor".equals(e.getMessage());
  }
}
