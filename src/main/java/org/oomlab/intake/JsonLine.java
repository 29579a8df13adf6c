package org.oomlab.intake;

import org.jspecify.annotations.Nullable;

/** A line of a log in which each is JSON: those of containers, and journalctl -o json. */
final class JsonLine {
  /** What the message is called. */
  private static final String[] KEYS = {
    "\"MESSAGE\"",
    "\"log\"",
    "\"message\"",
    "\"msg\"",
    "\"textPayload\"",
    "\"text\"",
    "\"body\"",
    "\"line\""
  };

  /** What the machine is called. */
  private static final String[] HOSTS = {"\"_HOSTNAME\"", "\"hostname\"", "\"host\""};

  /** How far into a line the JSON may begin. */
  private static final int FAR = 200;

  /**
   * The message in a line.
   *
   * @return what the kernel said, or null if this is no JSON or no key for that is in it
   */
  static @Nullable String message(String line) {
    int brace = line.indexOf("{\"");
    String bare = line.stripLeading();
    if (brace > FAR || (brace < 0 && !bare.startsWith("\""))) {
      return null;
    }
    for (String key : KEYS) {
      // Pretty-printed, a line is a key and its value.
      int start =
          brace >= 0 ? line.indexOf(key, brace) : bare.startsWith(key) ? line.indexOf(key) : -1;
      String value = value(line, start, key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The machine whose line it is, or empty if this is no JSON or does not say. */
  static String host(String line) {
    int brace = line.indexOf("{\"");
    if (brace >= 0 && brace <= FAR) {
      for (String key : HOSTS) {
        String value = value(line, line.indexOf(key, brace), key);
        if (value != null && !value.isBlank()) {
          return value;
        }
      }
    }
    return "";
  }

  private static @Nullable String value(String line, int start, String key) {
    int i = start + key.length();
    while (start >= 0 && i < line.length() && " :=>".indexOf(line.charAt(i)) >= 0) {
      i++;
    }
    return start >= 0 && i < line.length() && line.charAt(i) == '"' ? unquote(line, i + 1) : null;
  }

  /** Whether this is a line of JSON, pretty-printed, with a key that is none of a message. */
  static boolean isOtherKey(String bare) {
    int quote = bare.startsWith("\"") ? bare.indexOf('"', 1) : -1;
    return quote > 1 && bare.startsWith(":", quote + 1) && bare.lastIndexOf(' ', quote) < 0;
  }

  /** The text of a string whose quotation mark is just before here. */
  static String unquote(String line, int start) {
    StringBuilder text = new StringBuilder(line.length());
    for (int i = start; i < line.length() && line.charAt(i) != '"'; i++) {
      char c = line.charAt(i);
      if (c != '\\' || i + 1 == line.length()) {
        text.append(c);
        continue;
      }
      c = line.charAt(++i);
      if (c == 'u' && i + 4 < line.length()) {
        int code = hex(line, i + 1);
        text.append(code < 0 ? '\ufffd' : (char) code);
        i += 4;
      } else {
        text.append(c == 'n' || c == 't' || c == 'r' ? ' ' : c);
      }
    }
    return text.toString();
  }

  private static int hex(String line, int start) {
    int code = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = Character.digit(line.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    return code;
  }

  private JsonLine() {}
}
