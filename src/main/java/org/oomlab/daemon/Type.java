package org.oomlab.daemon;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;

/**
 * What the value of a daemon's option is, and how a policy file writes it. What the daemon's own
 * file has is read by the rules of that daemon and written anew by these.
 */
public enum Type {
  /** {@code 10%}; the number before the sign inside. {@code nan} compares false, as in C. */
  PERCENT,
  /** {@code 100MiB}; bytes inside. */
  BYTES,
  /** Either of the two: {@code 5%} or {@code 100MiB}. */
  SHARE,
  /** {@code 30s}; nanoseconds inside. */
  SPAN,
  /** A whole number. */
  COUNT,
  /** A number that need not be whole. */
  NUMBER,
  /** {@code true} or {@code false}; 1 or 0 inside. */
  FLAG,
  /** One of a few words; its position inside. */
  CHOICE,
  /** A POSIX extended regular expression, as {@link Ere} has it. */
  ERE,
  /** A regular expression of Python, as {@link PythonRe} has it. */
  PYTHON,
  /** Up to six pairs of pages and an oom_score_adj, {@code 18432:0,55296:900}, as lmkd has them. */
  LEVELS,
  /** Any text. */
  TEXT;

  private static final String NUMBER_WRITTEN = "-?" + Decimal.UNSIGNED + "(?:[eE][+-]?[0-9]{1,3})?";
  private static final Pattern PLAIN = Pattern.compile(NUMBER_WRITTEN);
  private static final Pattern BYTES_WRITTEN =
      Pattern.compile("(" + NUMBER_WRITTEN + ") ?(B|kB|[KMGT]iB?)");
  private static final String LEVEL = "[0-9]{1,10} ?: ?-?[0-9]{1,4}";
  private static final Pattern LEVELS_WRITTEN =
      Pattern.compile(LEVEL + "(?: ?, ?" + LEVEL + "){0,5}");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Map<String, Integer> POWERS =
      Ordered.map(
          Map.entry("B", 0),
          Map.entry("k", 1),
          Map.entry("K", 1),
          Map.entry("M", 2),
          Map.entry("G", 3),
          Map.entry("T", 4));

  /** Whether a value is text, in which blanks count. */
  boolean isText() {
    return this == TEXT || this == ERE || this == PYTHON;
  }

  /** Whether a value is a number that can be swept. */
  public boolean isNumber() {
    return ordinal() <= NUMBER.ordinal();
  }

  /**
   * The number that a written value stands for.
   *
   * @return in the unit of this type; for patterns and texts, which have none, {@link Double#NaN}
   * @throws IllegalArgumentException with what was expected
   */
  double number(String text, Option option) {
    return switch (this) {
      case PERCENT -> percent(text);
      case BYTES -> bytes(text);
      case SHARE -> text.endsWith("%") ? percent(text) : bytes(text);
      case SPAN -> (double) Span.parse(text);
      case COUNT -> {
        if (!WHOLE.matcher(text).matches()) {
          throw new IllegalArgumentException("expected a whole number, not '" + text + "'");
        }
        yield (double) Long.parseLong(text);
      }
      case NUMBER -> plain(text, "a number such as 0.85");
      case FLAG -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw new IllegalArgumentException("expected true or false, not '" + text + "'");
        }
        yield text.equals("true") ? 1 : 0;
      }
      case CHOICE -> {
        int index = option.choices().indexOf(text);
        if (index < 0) {
          throw new IllegalArgumentException(
              "expected one of " + String.join(", ", option.choices()) + ", not '" + text + "'");
        }
        yield index;
      }
      case ERE -> {
        Ere.compile(text);
        yield Double.NaN;
      }
      case PYTHON -> {
        PythonRe.compile(text);
        yield Double.NaN;
      }
      case LEVELS -> {
        if (!LEVELS_WRITTEN.matcher(text).matches()) {
          throw new IllegalArgumentException(
              "expected up to six pairs pages:adj, such as 18432:0,55296:900, not '" + text + "'");
        }
        yield Double.NaN;
      }
      case TEXT -> Double.NaN;
    };
  }

  private static double percent(String text) {
    if (text.equals("nan")) {
      return Double.NaN;
    }
    if (!text.endsWith("%")) {
      throw new IllegalArgumentException(
          "expected a percentage with its sign, such as 10%, not '" + text + "'");
    }
    return plain(text.substring(0, text.length() - 1).strip(), "a percentage such as 10%");
  }

  private static double bytes(String text) {
    if (text.equals("0")) {
      return 0;
    }
    Matcher matcher = BYTES_WRITTEN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a size with its unit, such as 100MiB or 4096B, not '" + text + "'");
    }
    int power = POWERS.getOrDefault(matcher.group(2).substring(0, 1), 0);
    return plain(matcher.group(1), "a size") * (double) (1L << 10 * power);
  }

  private static double plain(String text, String noun) {
    if (text.equals("nan")) {
      return Double.NaN;
    }
    if (!PLAIN.matcher(text).matches()) {
      throw new IllegalArgumentException("expected " + noun + ", not '" + text + "'");
    }
    return Double.parseDouble(text);
  }

  /** Writes a number of this type so that it is read back as the same. */
  public static String percent(double percent) {
    return Double.isNaN(percent) ? "nan" : decimal(percent) + "%";
  }

  /** Bytes in the largest unit of which they are a whole number. */
  public static String bytes(double bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double left = bytes;
    int unit = 0;
    while (unit < units.length - 1 && left != 0 && left % 1024 == 0) {
      left /= 1024;
      unit++;
    }
    return bytes == 0 ? "0" : decimal(left) + units[unit];
  }

  /** Nanoseconds as a policy file writes them. */
  public static String span(double nanos) {
    return Span.format((long) nanos);
  }

  /** A number without an exponent and without zeros that say nothing. */
  public static String decimal(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (number == 0) {
      return "0";
    }
    return new BigDecimal(number, new MathContext(15)).stripTrailingZeros().toPlainString();
  }

  /** Its name as people read it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
