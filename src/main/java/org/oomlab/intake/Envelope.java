package org.oomlab.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a whole line has been put into on its way from the kernel: JSON, an export of the journal,
 * colours, markup, quotation marks, escapes. Whatever is not known is left alone.
 */
final class Envelope {
  /** ESC as it is, and as cat -v and syslog daemons write it. */
  private static final Pattern COLOUR =
      Pattern.compile("(\u001b|\\^\\[|#033)\\[[0-9;]{0,40}[A-Za-z]");

  /** Markup for one character; its name or number is short. */
  private static final Pattern ENTITY = Pattern.compile("&(#?[A-Za-z0-9]{1,8});");

  /** A key of logfmt, Splunk or the like whose value in quotation marks is the message. */
  private static final Pattern MESSAGE =
      Pattern.compile("(?:^|[ ,{])(?:_raw|msg|message|MESSAGE|log|line|text|body)=\"");

  /** No tag has a longer list of attributes; one that does not end must not be sought far away. */
  private static final Pattern MARKUP =
      Pattern.compile("<br ?/?>|</?(p|pre|code|span|div)[^<>]{0,400}>");

  /** A field of the journal's export format, and of what it shows with -o verbose. */
  private static final String FIELD = "MESSAGE=";

  private Envelope() {}

  /** The machine that a whole line is of, or empty if what it has been put into does not say. */
  static String host(String line) {
    return line.indexOf('"') < 0 ? "" : JsonLine.host(line);
  }

  /** The line that was in it. */
  static String open(String line) {
    String text = line.startsWith("\ufeff") ? line.substring(1) : line;
    text = text.indexOf('\t') < 0 ? text : text.replace('\t', ' ');
    // Mail programs keep columns apart with blanks that do not break.
    if (text.indexOf('\u00a0') >= 0) {
      text = text.replace('\u00a0', ' ');
    }
    if (text.indexOf('\u001b') >= 0 || text.contains("^[[") || text.contains("#033[")) {
      text = COLOUR.matcher(text).replaceAll("");
    }
    if (text.indexOf('"') >= 0) {
      text = quoted(text);
    }
    int field = text.indexOf(FIELD);
    if (field >= 0 && text.substring(0, field).isBlank()) {
      text = text.substring(field + FIELD.length());
    }
    if (text.indexOf("</") >= 0 || (text.indexOf('&') >= 0 && ENTITY.matcher(text).find())) {
      text = marked(text);
    } else if (text.endsWith("<br>") || text.endsWith("<br/>")) {
      text = text.substring(0, text.lastIndexOf("<br"));
    }
    return escaped(text);
  }

  private static String quoted(String text) {
    String json = JsonLine.message(text);
    if (json != null) {
      return json;
    }
    // An element of a list of strings.
    String bare = text.strip();
    if (JsonLine.isOtherKey(bare)) {
      return "";
    }
    Matcher message = MESSAGE.matcher(text);
    if (message.find()) {
      return JsonLine.unquote(text, message.end());
    }
    boolean ends = bare.endsWith("\"") || bare.endsWith("\",");
    int column = bare.lastIndexOf(",\"");
    if (column > 0 && column + 2 < bare.length() && bare.endsWith("\"")) {
      // The last column of a table whose columns have commas between them.
      return bare.substring(column + 2, bare.length() - 1).replace("\"\"", "\"");
    }
    if (bare.lastIndexOf('"') == 0) {
      return bare.substring(1); // The first line of a string that holds many.
    }
    if (bare.length() > 3 && bare.startsWith("\"") && ends) {
      return JsonLine.unquote(bare, 1);
    }
    return text;
  }

  private static String marked(String text) {
    // A number or a name only once: what was "&amp;lt;" stands for "&lt;".
    return ENTITY
        .matcher(MARKUP.matcher(text).replaceAll(""))
        .replaceAll(entity -> Matcher.quoteReplacement(character(entity.group(1), entity.group())));
  }

  private static String character(String name, String written) {
    if (name.startsWith("#")) {
      boolean hex = name.startsWith("x", 1) || name.startsWith("X", 1);
      try {
        int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
        return Character.isValidCodePoint(code) ? Character.toString(code) : written;
      } catch (NumberFormatException e) {
        return written;
      }
    }
    return switch (name) {
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      case "amp" -> "&";
      case "nbsp" -> " ";
      default -> written;
    };
  }

  /** Line breaks that syslog daemons have written as escapes, and code in Markdown. */
  private static String escaped(String text) {
    String plain = text;
    // Where it was escaped twice, the end of the line is left.
    int end = plain.length();
    while (plain.startsWith("\\n", end - 2)
        || plain.startsWith("\\r", end - 2)
        || plain.startsWith("^M", end - 2)) {
      end -= 2;
    }
    plain = plain.substring(0, end);
    if (plain.indexOf("#01") >= 0) {
      plain = plain.replace("#012", " ").replace("#011", " ").replace("#015", " ");
    }
    if (plain.indexOf("\\x0a") >= 0) {
      plain = plain.replace("\\x0a", " ");
    }
    int tick = plain.indexOf('`');
    if (tick >= 0 && tick < 8 && plain.stripTrailing().endsWith("`")) {
      plain = plain.stripTrailing();
      plain = plain.substring(tick + 1, Math.max(tick + 1, plain.length() - 1));
    }
    return plain;
  }
}
