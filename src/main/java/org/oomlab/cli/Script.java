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
  private final BufferedReader lines;

  Script(Session session) {
    this.session = session;
    this.lines =
        new BufferedReader(new InputStreamReader(session.streams().in(), StandardCharsets.UTF_8));
  }

  /** Whether there is not even a first character. */
  boolean isEmpty() {
    try {
      lines.mark(1);
      if (lines.read() < 0) {
        return true;
      }
      lines.reset();
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
    try {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
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
      throw new UserError(OutputRefused.reason(e));
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
