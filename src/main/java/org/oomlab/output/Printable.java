package org.oomlab.output;

import java.util.Arrays;

/**
 * Text that can be printed and does nothing else. What a terminal would obey (controls of ASCII and
 * of ISO 6429), what would change the order of the text around it (bidi overrides and isolates),
 * and what has no shape of its own (zero-width and other format characters) is written as {@code
 * \}{@code u001b}, an escape of JSON and of YAML too, so that data stays what it was.
 */
public final class Printable {
  /** What is longer is shortened where people read it. */
  static final int MOST = 1000;

  private static final String LINE_FEED = "\n";

  /**
   * From and to, both included, ascending. Written down and not asked of the JDK, since the classes
   * of characters differ from one to the next: Unicode's Default_Ignorable_Code_Point, controls,
   * separators of lines, surrogates without a partner, and noncharacters.
   */
  private static final int[] HIDDEN = {
    0x0000, 0x001f,
    0x007f, 0x009f,
    0x00ad, 0x00ad,
    0x034f, 0x034f,
    0x061c, 0x061c,
    0x115f, 0x1160,
    0x17b4, 0x17b5,
    0x180b, 0x180f,
    0x200b, 0x200f,
    0x2028, 0x202e,
    0x2060, 0x206f,
    0x3164, 0x3164,
    0xd800, 0xdfff,
    0xfdd0, 0xfdef,
    0xfe00, 0xfe0f,
    0xfeff, 0xfeff,
    0xffa0, 0xffa0,
    0xfff0, 0xfffb,
    0xfffe, 0xffff,
    0x1bca0, 0x1bca3,
    0x1d173, 0x1d17a,
    0xe0000, 0xe0fff,
  };

  private Printable() {}

  /** A word or a line for people: on one line, and of a length that somebody may read. */
  public static String line(String text) {
    String shown = escaped(text, "");
    if (shown.length() <= MOST) {
      return shown;
    }
    // Both ends tell something: what it is about, and what is wrong with it.
    int head = MOST * 3 / 4;
    int tail = shown.length() - MOST / 4;
    head -= Character.isLowSurrogate(shown.charAt(head)) ? 1 : 0;
    tail -= Character.isLowSurrogate(shown.charAt(tail)) ? 1 : 0;
    String left = " [... " + (tail - head) + " characters ...] ";
    return shown.substring(0, head) + left + shown.substring(tail);
  }

  /** A field of data: on one line, nothing shortened. */
  public static String field(String text) {
    return escaped(text, "");
  }

  /** A text of several lines. */
  public static String text(String text) {
    return escaped(text, LINE_FEED);
  }

  private static String escaped(String text, String harmless) {
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, i);
    while (i < text.length()) {
      int character = text.codePointAt(i);
      int units = Character.charCount(character);
      if (isHidden(character) && harmless.indexOf(character) < 0) {
        for (int unit = i; unit < i + units; unit++) {
          escape(shown, text.charAt(unit));
        }
      } else {
        shown.append(text, i, i + units);
      }
      i += units;
    }
    return shown.toString();
  }

  private static void escape(StringBuilder shown, char unit) {
    shown.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      shown.append(Character.forDigit(unit >> shift & 0xf, 16));
    }
  }

  static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }

  private static boolean isHidden(int character) {
    if ((character & 0xfffe) == 0xfffe) {
      return true; // the last two of each plane
    }
    int found = Arrays.binarySearch(HIDDEN, character);
    // Between two numbers, the first of which begins a range, or one of the numbers itself.
    return found >= 0 || (-found - 1) % 2 == 1;
  }
}
