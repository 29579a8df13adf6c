package org.oomlab.daemon;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions of Python's {@code re}, in Java's dialect: what differs between the two is
 * written anew, and what Java does not have is refused.
 */
public final class PythonRe {
  private final String python;
  private final StringBuilder java = new StringBuilder();
  private final Map<String, Integer> names = new TreeMap<>();
  private int at;
  private int depth;
  private int groups;

  private PythonRe(String python) {
    this.python = python;
  }

  /**
   * The same pattern in Java; whoever uses it looks for it anywhere, as {@code re.search} does.
   *
   * @throws IllegalArgumentException if it is none, or Java cannot have it
   */
  public static Pattern compile(String python) {
    PythonRe reader = new PythonRe(python);
    return Pattern.compile(reader.checked(), Pattern.UNIX_LINES);
  }

  private String checked() {
    if (python.length() > Ere.LONGEST) {
      throw wrong("it has more than the " + Ere.LONGEST + " characters that oomlab takes");
    }
    while (at < python.length()) {
      step();
    }
    String text = java.toString();
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw wrong(e.getDescription(), e);
    }
    return text;
  }

  private void step() {
    char c = python.charAt(at);
    switch (c) {
      case '(' -> group();
      case ')' -> {
        depth--;
        java.append(c);
        at++;
      }
      case '[' -> bracket();
      case '{' -> brace();
      case '}' -> {
        java.append("\\}");
        at++;
      }
      case '\\' -> escape();
      default -> {
        java.append(c);
        at++;
      }
    }
  }

  private void group() {
    depth++;
    if (depth > Ere.DEEPEST) {
      throw wrong("it is nested deeper than the " + Ere.DEEPEST + " levels that oomlab takes");
    }
    if (python.startsWith("(?P<", at)) {
      int close = python.indexOf('>', at);
      groups++;
      names.put(close < 0 ? "" : python.substring(at + 4, close), groups);
      java.append('(');
      at = close < 0 ? python.length() : close + 1;
    } else if (python.startsWith("(?P=", at)) {
      int close = python.indexOf(')', at);
      Integer group = close < 0 ? null : names.get(python.substring(at + 4, close));
      if (group == null) {
        throw wrong("unknown group name");
      }
      java.append("(?:\\").append(group);
      at = close;
    } else if (python.startsWith("(?#", at)) {
      int close = python.indexOf(')', at);
      if (close < 0) {
        throw wrong("missing ), unterminated comment");
      }
      depth--;
      at = close + 1;
    } else if (python.startsWith("(?(", at)) {
      throw wrong("oomlab has no conditional groups");
    } else {
      groups += python.startsWith("(?", at) ? 0 : 1;
      java.append('(');
      at++;
      if (at < python.length() && python.charAt(at) == '?') {
        java.append('?');
        at++;
      }
    }
  }

  /** A repetition, or a brace that Python takes for itself. */
  private void brace() {
    int close = python.indexOf('}', at);
    String inside = close < 0 ? "" : python.substring(at + 1, close);
    if (inside.matches("[0-9]{1,4}(,[0-9]{0,4})?|,[0-9]{1,4}")) {
      java.append(inside.startsWith(",") ? "{0" + inside + "}" : "{" + inside + "}");
      at = close + 1;
    } else if (inside.matches("[0-9]+(,[0-9]*)?|,[0-9]+")) {
      throw wrong("it repeats more often than oomlab takes");
    } else {
      java.append("\\{");
      at++;
    }
  }

  /** In brackets Java knows sets in sets and intersections; Python knows neither. */
  private void bracket() {
    int from = at;
    java.append('[');
    at++;
    if (at < python.length() && python.charAt(at) == '^') {
      java.append('^');
      at++;
    }
    boolean first = true;
    while (at < python.length() && (first || python.charAt(at) != ']')) {
      char c = python.charAt(at);
      first = false;
      if (c == '\\') {
        escape();
      } else {
        java.append(c == '[' || c == '&' || c == ']' || c == '^' ? "\\" : "").append(c);
        at++;
      }
    }
    if (at >= python.length()) {
      at = from;
      throw wrong("unterminated character set");
    }
    java.append(']');
    at++;
  }

  private void escape() {
    if (at + 1 >= python.length()) {
      throw wrong("bad escape (end of pattern)");
    }
    char c = python.charAt(at + 1);
    at += 2;
    if (c == 'Z') {
      java.append("\\z");
    } else if ("AbBdDsSwWnrtfvax0123456789uU".indexOf(c) >= 0) {
      java.append(c == 'v' ? "\\x0B" : "\\" + c);
    } else if (Character.isLetter(c)) {
      throw wrong("bad escape \\" + c);
    } else {
      java.append('\\').append(c);
    }
  }

  private IllegalArgumentException wrong(String why) {
    return wrong(why, null);
  }

  private IllegalArgumentException wrong(String why, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "the regular expression '" + Ere.shortened(python) + "' is not one: " + why, cause);
  }
}
