package org.oomlab.unit;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Decimal numbers as people write them: {@code 3}, {@code 0.25}.
 *
 * <p>They have at most 1100 digits before the point and as many behind it. A double, written in
 * full, has 309 and 1074; and reading takes time that grows with the square of them.
 */
public final class Decimal {
  /** A number without a sign, as part of a regular expression. It has no group. */
  public static final String UNSIGNED = "[0-9]{1,1100}(?:\\.[0-9]{1,1100})?";

  private static final Pattern WRITTEN = Pattern.compile("-?" + UNSIGNED);

  private Decimal() {}

  public static boolean isWritten(String text) {
    return WRITTEN.matcher(text).matches();
  }

  /**
   * Reads a number, to its last digit.
   *
   * @throws IllegalArgumentException with what was expected, for anything else
   */
  public static BigDecimal parse(String text) {
    if (!isWritten(text)) {
      throw new IllegalArgumentException("expected a number, not '" + text + "'");
    }
    return new BigDecimal(text);
  }
}
