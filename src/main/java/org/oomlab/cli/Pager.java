package org.oomlab.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.builtins.Less;
import org.jline.builtins.Source;
import org.jline.terminal.Terminal;

/**
 * Shows what is longer than a screen, a screen at a time: with less, or where there is none with
 * JLine's own.
 */
final class Pager {
  /** Of a terminal that can be told a colour, and no more is written to ours. */
  private static final String COLOUR = "\u001b\\[[0-9;]*m";

  private final Terminal terminal;
  private final boolean isOurs;

  /**
   * A pager.
   *
   * @param isOurs whether the terminal is that of this process, so that another one finds it too
   */
  Pager(Terminal terminal, boolean isOurs) {
    this.terminal = terminal;
    this.isOurs = isOurs;
  }

  /** Shows a text; false if it fits on the screen or the terminal has none. */
  boolean show(String text) {
    if (terminal.getType().startsWith(Terminal.TYPE_DUMB) || rows(text) < terminal.getRows()) {
      return false;
    }
    return isOurs && showWithLess(text) || showHere(text);
  }

  /** How many rows it takes, long lines being broken by the terminal. */
  private long rows(String text) {
    int width = Math.max(1, terminal.getColumns());
    return text.replaceAll(COLOUR, "")
        .lines()
        .mapToLong(line -> 1 + Math.max(0, line.length() - 1) / width)
        .sum();
  }

  private static boolean showWithLess(String text) {
    try {
      Process less =
          new ProcessBuilder("less", "-R")
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (OutputStream in = less.getOutputStream()) {
        in.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException left) {
        // Whoever has seen enough leaves before the end.
      }
      less.waitFor();
      return true;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean showHere(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      new Less(terminal, Path.of(""))
          .run(new Source.InputStreamSource(new ByteArrayInputStream(bytes), true, "answer"));
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
