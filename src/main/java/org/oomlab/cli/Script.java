package org.oomlab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oomlab.cli.session.Dialogue;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.output.OutputRefused;

/**
 * Commands from standard input or a file when nobody types them: no prompt, and the first command
 * that fails is the last. What is said to a debugger is repeated before its answer, which would
 * mean little without it.
 */
final class Script {
  /** Nobody quotes more lines than that; somebody has forgotten to close the quote. */
  private static final int MOST_LINES = 100;

  private final Session session;
  private final String name;
  private final BufferedReader in;
  private final boolean tells;

  Script(Session session) {
    this(
        session,
        "stdin",
        new BufferedReader(new InputStreamReader(session.streams().in(), StandardCharsets.UTF_8)));
  }

  /**
   * A script.
   *
   * @param name for messages
   * @param in where it is; stays open
   */
  Script(Session session, String name, BufferedReader in) {
    this(session, name, in, false);
  }

  /**
   * The same.
   *
   * @param tells whether its comments are for those who look on, and every command is repeated
   */
  Script(Session session, String name, BufferedReader in, boolean tells) {
    this.tells = tells;
    this.session = session;
    this.name = name;
    this.in = in;
  }

  /** Whether there is not even a first character. */
  boolean isEmpty() {
    try {
      in.mark(1);
      if (in.read() < 0) {
        return true;
      }
      in.reset();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Runs the commands.
   *
   * @return the exit code of the first that failed, or {@link ExitCodes#OK}
   */
  int run() {
    session.takeCommands();
    int number = 0;
    int begun = 1;
    StringBuilder command = new StringBuilder();
    try {
      LineReader lines = new LineReader(in);
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        command.append(command.length() == 0 ? "" : "\n").append(line);
        if (number - begun < MOST_LINES && Words.isUnfinished(command)) {
          continue; // The next line belongs to it.
        }
        int code = run(command.toString(), begun);
        command.setLength(0);
        if (session.left() || session.streams().out().checkError()) {
          return code;
        }
        if (code != ExitCodes.OK) {
          session.say(name + ":" + begun + ": stopped, since this command ended with " + code);
          return code;
        }
        begun = number + 1;
      }
      return command.length() == 0 ? ExitCodes.OK : run(command.toString(), begun);
    } catch (IOException e) {
      throw new UserError(
          name + ":" + (number + 1) + ": cannot be read: " + OutputRefused.reason(e));
    }
  }

  private int run(String line, int number) {
    List<String> words;
    try {
      words = Words.split(line);
    } catch (IllegalArgumentException e) {
      session.say(name + ":" + number + ": " + e.getMessage());
      return ExitCodes.USAGE;
    }
    if (tells && words.isEmpty()) {
      Dialogue.answer(session, false, page -> page.line(line.replaceFirst("^#+ ?", "")));
    } else if ((tells || session.dialogue() != null) && !words.isEmpty()) {
      Dialogue.answer(session, false, page -> page.line("> " + line.strip()));
    }
    return words.isEmpty() ? ExitCodes.OK : Oomlab.dispatch(session, words);
  }
}
