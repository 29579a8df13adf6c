package org.oomlab.report;

import java.util.Locale;

/** How a word is said, on a terminal that has colours. */
public enum Tone {
  PLAIN(""),
  HEADING("1"),
  GOOD("32"),
  DOUBTFUL("33"),
  BAD("31"),
  /** On the way out; beside DOUBTFUL a colour that everybody can tell from it. */
  LEAVING("36"),
  QUIET("2");

  private final String sgr;

  Tone(String sgr) {
    this.sgr = sgr;
  }

  /** Text as it can stand in a page of HTML. */
  static String escaped(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The same in HTML, by a class that a style sheet may know. */
  String html(String escaped) {
    return this == PLAIN || escaped.isEmpty()
        ? escaped
        : "<span class=\"" + name().toLowerCase(Locale.ROOT) + "\">" + escaped + "</span>";
  }

  /** The text in this tone, by the escape sequences of ECMA-48, if colours are wanted. */
  String say(String text, boolean colour) {
    return colour && !sgr.isEmpty() && !text.isEmpty()
        ? "\u001b[" + sgr + "m" + text + "\u001b[0m"
        : text;
  }
}
