package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words at blanks, as a shell or systemd does. */
final class Words {
  /** Whose rules. */
  enum Quoting {
    /** systemd's split of a variable: quotes and backslashes go, and mean no more than that. */
    SYSTEMD_VARIABLE,
    /** systemd's command lines: the same with C's escapes. */
    SYSTEMD_COMMAND,
    /** A shell's: within single quotes a backslash is itself. */
    SHELL
  }

  private Words() {}

  /** The words; a quote that is not closed ends with the line. */
  static List<Located> split(Located line, Quoting quoting) {
    List<Located> words = new ArrayList<>();
    Located.Builder word = null;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean blank = quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
      if (blank) {
        if (word != null) {
          words.add(word.build());
          word = null;
        }
        continue;
      }
      if (word == null) {
        word = new Located.Builder(line.file(), line.offset(i));
      }
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (c == '\\'
          && i + 1 < line.length()
          && escapes(quoting, quote, line.charAt(i + 1))) {
        i++;
        word.add(unescaped(quoting, line.charAt(i)), line.offset(i));
      } else {
        word.add(c, line.offset(i));
      }
    }
    if (word != null) {
      words.add(word.build());
    }
    return words;
  }

  private static boolean escapes(Quoting quoting, char quote, char next) {
    if (quoting == Quoting.SHELL) {
      return quote == 0 || quote == '"' && "\"\\$`".indexOf(next) >= 0;
    }
    // EXTRACT_CUNESCAPE_RELAX keeps the backslash of what is no escape of C.
    return quoting == Quoting.SYSTEMD_VARIABLE || "abfnrtv\\\"'s".indexOf(next) >= 0;
  }

  private static char unescaped(Quoting quoting, char c) {
    if (quoting != Quoting.SYSTEMD_COMMAND) {
      return c;
    }
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 's' -> ' ';
      default -> c;
    };
  }
}
