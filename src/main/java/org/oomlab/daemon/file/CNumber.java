package org.oomlab.daemon.file;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as the C library reads them. */
final class CNumber {
  private static final Pattern DECIMAL =
      Pattern.compile("[ \\t\\n]*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)");
  private static final Pattern HEX =
      Pattern.compile(
          "[ \\t\\n]*([+-]?0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)"
              + "(?:[pP][+-]?[0-9]+)?)");
  private static final Pattern WORD =
      Pattern.compile("[ \\t\\n]*([+-]?)(inf(?:inity)?|nan(?:\\([A-Za-z0-9_]*\\))?)", 2);
  private static final Pattern WHOLE = Pattern.compile("[ \\t\\n]*([+-]?[0-9]+)");

  /** So many characters are looked at; a number of more digits is what its first ones are. */
  private static final int LONGEST = 1000;

  private CNumber() {}

  /**
   * What was read.
   *
   * @param value 0 if there was no number
   * @param rest what stands behind it
   */
  record Read(double value, String rest) {}

  /** strtod(). */
  static Read strtod(String text) {
    String head = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    Matcher hex = HEX.matcher(head);
    if (hex.lookingAt()) {
      String digits = hex.group(1);
      boolean power = digits.toLowerCase(Locale.ROOT).indexOf('p') >= 0;
      return new Read(
          Double.parseDouble(power ? digits : digits + "p0"), text.substring(hex.end()));
    }
    Matcher decimal = DECIMAL.matcher(head);
    if (decimal.lookingAt()) {
      return new Read(Double.parseDouble(decimal.group(1)), text.substring(decimal.end()));
    }
    Matcher word = WORD.matcher(head);
    if (word.lookingAt()) {
      boolean nan = word.group(2).toLowerCase(Locale.ROOT).startsWith("nan");
      double sign = word.group(1).equals("-") ? -1 : 1;
      return new Read(
          nan ? Double.NaN : sign * Double.POSITIVE_INFINITY, text.substring(word.end()));
    }
    return new Read(0, text);
  }

  /** std::stoi and strtol() to the base of 10: a whole number, whatever follows it. */
  static Read strtol(String text) {
    String head = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    Matcher whole = WHOLE.matcher(head);
    return whole.lookingAt()
        ? new Read(Double.parseDouble(whole.group(1)), text.substring(whole.end()))
        : new Read(0, text);
  }
}
