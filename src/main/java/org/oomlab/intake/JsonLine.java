package org.oomlab.intake;

/** A line of a log in which each is JSON: those of containers, and journalctl -o json. */
final class JsonLine {
  /** What the message is called. */
  private static final String[] KEYS = {"\"log\"", "\"MESSAGE\"", "\"message\"", "\"msg\""};

  /**
   * The message in a line.
   *
   * @param brace where the JSON begins
   * @return what the kernel said, or the line as it is if no key for that is in it
   */
  static String message(String line, int brace) {
    for (String key : KEYS) {
      int start = line.indexOf(key, brace);
      if (start >= 0) {
        int i = start + key.length();
        while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == ':')) {
          i++;
        }
        if (i < line.length() && line.charAt(i) == '"') {
          return unquote(line, i + 1);
        }
      }
    }
    return line;
  }

  private static String unquote(String line, int start) {
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
