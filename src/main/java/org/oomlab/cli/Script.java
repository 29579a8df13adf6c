package org.oomlab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oomlab.output.OutputRefused;

/**
 * Commands from standard input when nobody types them: no prompt, no echo, and the first command
 * that fails is the last.
 */
final class Script {
  private final Session session;
  private final BufferedReader in;

  Script(Session session) {
    this.session = session;
    this.in =
        new BufferedReader(new InputStreamReader(session.streams().in(), StandardCharsets.UTF_8));
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
    try {
      LineReader lines = new LineReader(in);
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        int code = run(line, number);
        if (session.left() || session.streams().out().checkError()) {
          return code;
        }
        if (code != ExitCodes.OK) {
          session.say("stdin:" + number + ": stopped, since this command ended with " + code);
          return code;
        }
      }
      return ExitCodes.OK;
    } catch (IOException e) {
      throw new UserError("stdin:" + (number + 1) + ": cannot be read: " + OutputRefused.reason(e));
    }
  }

  private int run(String line, int number) {
    List<String> words;
    try {
      words = Words.split(line);
    } catch (IllegalArgumentException e) {
      session.say("stdin:" + number + ": " + e.getMessage());
      return ExitCodes.USAGE;
    }
    return words.isEmpty() ? ExitCodes.OK : Oomlab.dispatch(session, words);
  }
}
