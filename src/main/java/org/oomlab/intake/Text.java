package org.oomlab.intake;

/** Finding numbers behind their names in a line of a log. */
final class Text {
  private Text() {}

  /** The text without blanks: a line that was broken in the middle of a word is whole again. */
  static String squeeze(String text) {
    if (text.indexOf(' ') < 0) {
      return text;
    }
    StringBuilder squeezed = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        squeezed.append(c);
      }
    }
    return squeezed.toString();
  }

  /**
   * The number behind a key.
   *
   * @param squeezed a line without blanks
   * @param key such as {@code anon-rss:}; not found where it is the end of a longer word
   * @return the number, or UNKNOWN
   */
  static long number(String squeezed, String key) {
    int at = squeezed.indexOf(key);
    while (at >= 0) {
      char before = at == 0 ? ' ' : squeezed.charAt(at - 1);
      boolean inWord = (before >= 'a' && before <= 'z') || before == '_' || before == '-';
      if (!inWord) {
        return leading(squeezed, at + key.length());
      }
      at = squeezed.indexOf(key, at + 1);
    }
    return OomReport.UNKNOWN;
  }

  /**
   * A number of kB behind a key: as it stands, or, where a line break has cut it, from what is left
   * when all blanks are taken out.
   */
  static long kilobytes(String text, String squeezed, String key) {
    int at = text.indexOf(key);
    if (at >= 0) {
      long number = leading(text, at + key.length());
      if (number >= 0 && text.startsWith(number + "kB", at + key.length())) {
        return number;
      }
    }
    return number(squeezed, key);
  }

  /** A task's name. A kernel's has 15 characters, a worker's with its queue 63; the rest is cut. */
  static String comm(String text) {
    String name = text.strip();
    return name.length() <= 64 ? name : name.substring(0, 64);
  }

  /** The number that begins here, or UNKNOWN. */
  static long leading(String text, int at) {
    int i = at;
    long number = 0;
    while (i < text.length() && i - at < 18) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        break;
      }
      number = number * 10 + (c - '0');
      i++;
    }
    return i == at ? OomReport.UNKNOWN : number;
  }

  /** What stands between a key and the next of the words given, or the end; empty if no key. */
  static String between(String text, String key, String... ends) {
    int at = text.indexOf(key);
    if (at < 0) {
      return "";
    }
    int start = at + key.length();
    int end = text.length();
    for (String word : ends) {
      int found = text.indexOf(word, start);
      end = found >= 0 && found < end ? found : end;
    }
    return text.substring(start, end).strip();
  }

  /** The sum of numbers of which some may be unknown; unknown if all are. */
  static long sum(long... numbers) {
    long sum = OomReport.UNKNOWN;
    for (long number : numbers) {
      if (number >= 0) {
        sum = Math.max(sum, 0) + number;
      }
    }
    return sum;
  }
}
