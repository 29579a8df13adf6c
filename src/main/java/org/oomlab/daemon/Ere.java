package org.oomlab.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * POSIX extended regular expressions as glibc's {@code regcomp(3)} takes them, in Java's dialect.
 *
 * <p>What glibc refuses is refused, in its words; what it reads in another sense than most other
 * dialects is read in that: {@code \d} is a d, a backslash in brackets is itself, and a {@code )}
 * that closes nothing is an ordinary character. Where both have a choice between matches they may
 * take different ones, but whether there is one is the same.
 */
public final class Ere {
  /** Names have 15 bytes; nobody needs more for them, and Java's compiler recurses. */
  static final int LONGEST = 4096;

  static final int DEEPEST = 50;

  /** RE_DUP_MAX of glibc. */
  private static final int MOST_REPEATS = 32767;

  /** Beyond this Java's matcher may need more memory than anybody has. */
  private static final int MOST_REPEATS_HERE = 1000;

  private static final String CLASSES =
      "alnum alpha blank cntrl digit graph lower print punct" + " space upper xdigit";

  private final String ere;
  private final StringBuilder java = new StringBuilder();

  /** Where the groups that are open begin in the Java pattern. */
  private final Deque<Integer> open = new ArrayDeque<>();

  /** And which ones they are, from 1. */
  private final Deque<Integer> numbers = new ArrayDeque<>();

  /** Where the last thing that can be repeated begins there. */
  private int last;

  private int at;
  private int repeats;
  private int groups;

  /** Which groups are complete, as bits; a reference may be to one of those. */
  private int complete;

  private boolean stray;

  private Ere(String ere) {
    this.ere = ere;
  }

  /**
   * The same pattern in Java; whoever uses it looks for it anywhere in a name.
   *
   * @throws IllegalArgumentException with what regcomp says of it, or with why oomlab cannot have
   *     it
   */
  public static Pattern compile(String ere) {
    Ere reader = new Ere(ere);
    return compiled(ere, reader.translate());
  }

  /** Whether it has a closing parenthesis that closes nothing, which stands for itself. */
  public static boolean hasStray(String ere) {
    Ere reader = new Ere(ere);
    reader.translate();
    return reader.stray;
  }

  static Pattern compiled(String written, String java) {
    try {
      return Pattern.compile(java, Pattern.DOTALL | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "oomlab cannot express the regular expression '" + written + "'", e);
    }
  }

  private String translate() {
    if (ere.length() > LONGEST) {
      throw wrong("it has more than the " + LONGEST + " characters that oomlab takes");
    }
    boolean repeatable = false; // Whether there is something before that can be repeated.
    while (at < ere.length()) {
      char c = ere.charAt(at);
      switch (c) {
        case '(' -> {
          open();
          repeatable = false;
        }
        case ')' -> {
          close();
          repeatable = true;
        }
        case '|' -> {
          java.append('|');
          at++;
          repeatable = false;
        }
        case '^' -> {
          java.append('^');
          at++;
          repeatable = false;
        }
        case '$' -> {
          java.append("\\z");
          at++;
          repeatable = false;
        }
        case '*', '+', '?', '{' -> {
          if (!repeatable) {
            throw wrong("Invalid preceding regular expression");
          }
          repeat(c);
        }
        case '[' -> {
          bracket();
          repeatable = true;
        }
        case '\\' -> repeatable = escape();
        case '.' -> {
          atom(".");
          at++;
          repeatable = true;
        }
        default -> {
          int whole = ere.codePointAt(at);
          literal(whole);
          at += Character.charCount(whole);
          repeatable = true;
        }
      }
    }
    if (!open.isEmpty()) {
      throw wrong("Unmatched ( or \\(");
    }
    return java.toString();
  }

  private void open() {
    groups++;
    if (open.size() == DEEPEST) {
      throw wrong("it is nested deeper than the " + DEEPEST + " levels that oomlab takes");
    }
    open.push(java.length());
    numbers.push(groups);
    java.append('(');
    at++;
  }

  private void close() {
    at++;
    if (open.isEmpty()) {
      stray = true; // RE_UNMATCHED_RIGHT_PAREN_ORD
      atom("\\)");
    } else {
      java.append(')');
      last = open.pop();
      complete |= 1 << Math.min(numbers.pop(), 31);
    }
  }

  private void atom(String text) {
    last = java.length();
    java.append(text);
  }

  /** Repeats the last thing; several signs in a row are taken one after the other. */
  private void repeat(char c) {
    String times = c == '{' ? interval() : String.valueOf(c);
    at += c == '{' ? 0 : 1;
    repeats++;
    if (repeats > DEEPEST) {
      throw wrong("it repeats more than the " + DEEPEST + " things that oomlab takes");
    }
    // In a group of its own: a second sign would be a reluctant or possessive one to Java.
    java.insert(last, "(?:").append(')').append(times);
  }

  private String interval() {
    int close = ere.indexOf('}', at);
    String inside = close < 0 ? ere.substring(at + 1) : ere.substring(at + 1, close);
    if (inside.isEmpty() || !inside.matches("[0-9]{0,9}(,[0-9]{0,9})?") || close < 0) {
      boolean digits = inside.matches("[0-9]+[^0-9,].*");
      throw wrong(
          close >= 0 && digits ? "Invalid content of \\{\\}" : "Unmatched { or invalid content");
    }
    at = close + 1;
    int comma = inside.indexOf(',');
    String low = comma < 0 ? inside : inside.substring(0, comma);
    String high = comma < 0 ? inside : inside.substring(comma + 1);
    int least = low.isEmpty() ? 0 : Integer.parseInt(low);
    int most = high.isEmpty() ? -1 : Integer.parseInt(high);
    if (most >= 0 && most < least) {
      throw wrong("Invalid content of \\{\\}");
    }
    if (Math.max(least, most) > MOST_REPEATS) {
      throw wrong("Regular expression too big");
    }
    if (Math.max(least, most) > MOST_REPEATS_HERE) {
      throw wrong("it repeats more than the " + MOST_REPEATS_HERE + " times that oomlab takes");
    }
    return "{" + least + (comma < 0 ? "" : "," + (most < 0 ? "" : most)) + "}";
  }

  private void bracket() {
    int start = at;
    at++;
    StringBuilder set = new StringBuilder("[");
    if (peek() == '^') {
      set.append('^');
      at++;
    }
    boolean first = true;
    while (true) {
      if (at >= ere.length()) {
        at = start;
        throw wrong("Unmatched [, [^, [:, [., or [=");
      }
      if (peek() == ']' && !first) {
        at++;
        break;
      }
      if (!first && isRange()) {
        throw wrong("Invalid range end"); // A - that is not between two, and not the last.
      }
      first = false;
      item(set);
    }
    atom(set.append(']').toString());
  }

  /** One character, class or range of a bracket expression. */
  private void item(StringBuilder set) {
    if (ere.startsWith("[:", at)) {
      int close = ere.indexOf(":]", at + 2);
      String name = close < 0 ? "" : ere.substring(at + 2, close);
      if (name.isEmpty() || !(" " + CLASSES + " ").contains(" " + name + " ")) {
        throw wrong("Invalid character class name");
      }
      at = close + 2;
      set.append(posixClass(name));
      if (isRange()) {
        throw wrong("Invalid range end");
      }
      return;
    }
    int low = element();
    if (!isRange()) {
      member(set, low);
      return;
    }
    at++;
    if (ere.startsWith("[:", at)) {
      throw wrong("Invalid range end");
    }
    int high = element();
    if (high < low) {
      throw wrong("Invalid range end");
    }
    member(set, low);
    set.append('-');
    member(set, high);
  }

  private boolean isRange() {
    return peek() == '-' && at + 1 < ere.length() && ere.charAt(at + 1) != ']';
  }

  private int element() {
    for (String kind : new String[] {".", "="}) {
      if (ere.startsWith("[" + kind, at)) {
        int close = ere.indexOf(kind + "]", at + 2);
        if (close != at + 3) {
          throw wrong("Invalid collation character");
        }
        int c = ere.charAt(at + 2);
        at = close + 2;
        return c;
      }
    }
    int c = ere.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private static void member(StringBuilder set, int c) {
    if (!Character.isLetterOrDigit(c) && c < 128) {
      set.append('\\');
    }
    set.appendCodePoint(c);
  }

  private static String posixClass(String name) {
    return switch (name) {
      case "alnum" -> "\\p{Alnum}";
      case "alpha" -> "\\p{Alpha}";
      case "blank" -> "\\p{Blank}";
      case "cntrl" -> "\\p{Cntrl}";
      case "digit" -> "\\p{Digit}";
      case "graph" -> "\\p{Graph}";
      case "lower" -> "\\p{Lower}";
      case "print" -> "\\p{Print}";
      case "punct" -> "\\p{Punct}";
      case "space" -> "\\p{Space}";
      case "upper" -> "\\p{Upper}";
      default -> "\\p{XDigit}";
    };
  }

  /** What follows a backslash; true if it can be repeated. */
  private boolean escape() {
    if (at + 1 >= ere.length()) {
      throw wrong("Trailing backslash");
    }
    int c = ere.codePointAt(at + 1);
    at += 1 + Character.charCount(c);
    if (c >= '1' && c <= '9') {
      if ((complete >> (c - '0') & 1) == 0) {
        throw wrong("Invalid back reference");
      }
      atom("(?:\\" + (char) c + ")");
      return true;
    }
    String special =
        switch (c) {
          case 'w' -> "[A-Za-z0-9_]";
          case 'W' -> "[^A-Za-z0-9_]";
          case 's' -> "[\\p{Space}]";
          case 'S' -> "[^\\p{Space}]";
          case 'b' -> "\\b";
          case 'B' -> "\\B";
          case '<' -> "\\b(?=\\w)";
          case '>' -> "\\b(?<=\\w)";
          case '`' -> "\\A";
          case '\'' -> "\\z";
          default -> null;
        };
    if (special == null) {
      literal(c);
      return true;
    }
    atom(special);
    return special.endsWith("]");
  }

  private void literal(int c) {
    boolean sign = c < 128 && !Character.isLetterOrDigit(c);
    atom((sign ? "\\" : "") + Character.toString(c));
  }

  private int peek() {
    return at < ere.length() ? ere.charAt(at) : -1;
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "the regular expression '" + shortened(ere) + "' is not one: " + why);
  }

  static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }
}
