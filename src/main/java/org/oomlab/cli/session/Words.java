package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words the way a shell does, as far as a line that runs one command needs it:
 * blanks separate, quotes and backslashes protect, {@code #} at the start of a word begins a
 * comment. Nothing is expanded.
 */
public final class Words {
  private Words() {}

  /**
   * The words of a line; none if it is blank or a comment.
   *
   * @throws IllegalArgumentException if a quote is not closed
   */
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else if (c == '\\' && quote == '"' && i + 1 < line.length() && isSpecial(line, i + 1)) {
          word.append(line.charAt(++i));
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == '\\' && i + 1 < line.length()) {
        if (line.charAt(++i) != '\n') { // with which the line goes on
          word.append(line.charAt(i));
          inWord = true;
        }
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else if (c == '#' && !inWord) {
        i = endOfLine(line, i);
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("the quote " + quote + " is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /**
   * Whether the text ends within quotes, or in a backslash, so that the next line belongs to it.
   */
  public static boolean isUnfinished(CharSequence text) {
    char quote = 0;
    boolean blankBefore = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && c == '#' && blankBefore) {
        i = endOfLine(text, i);
        continue;
      }
      blankBefore = quote == 0 && Character.isWhitespace(c);
      if (quote == c) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && ++i == text.length()) {
        return true;
      }
    }
    return quote != 0;
  }

  private static int endOfLine(CharSequence text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '\n') {
      i++;
    }
    return i;
  }

  /** Within double quotes a backslash protects only itself and the quote. */
  private static boolean isSpecial(String line, int index) {
    return line.charAt(index) == '"' || line.charAt(index) == '\\';
  }

  /** Writes a word so that {@link #split} and a shell read it back. */
  public static String quote(String word) {
    if (!word.isEmpty() && word.matches("[\\w@%+=:,./~\\[\\]-]+")) {
      return word;
    }
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
