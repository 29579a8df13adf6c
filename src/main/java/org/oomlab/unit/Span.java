package org.oomlab.unit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 250ns}, {@code 100us}, {@code 1.5ms}, {@code 2s}, {@code
 * 5min}, {@code 1h}, and {@code never} or {@code forever} for one that does not end.
 *
 * <p>Inside oomlab a duration is a {@code long} of nanoseconds; a bare number is refused, because
 * the kernel's own sources use ticks, milliseconds and seconds side by side.
 */
public final class Span {
  /** A duration that does not end. Far enough from {@link Long#MAX_VALUE} to be added to a time. */
  public static final long FOREVER = Long.MAX_VALUE / 4;

  public static final long MICROSECOND = 1_000L;
  public static final long MILLISECOND = 1_000_000L;
  public static final long SECOND = 1_000_000_000L;

  private static final Pattern WRITTEN =
      Pattern.compile("(" + Decimal.UNSIGNED + ") ?(ns|us|µs|ms|s|min|h)");

  private Span() {}

  /**
   * Reads a duration.
   *
   * @return nanoseconds, or {@link #FOREVER}
   * @throws IllegalArgumentException with what was expected, for anything else
   */
  public static long parse(String text) {
    String trimmed = text.strip();
    if (trimmed.equals("never") || trimmed.equals("forever")) {
      return FOREVER;
    }
    Matcher matcher = WRITTEN.matcher(trimmed);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a duration with its unit, such as 100ms, 2s or never, not '" + trimmed + "'");
    }
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(nanosPer(matcher.group(2)));
    if (nanos.compareTo(BigDecimal.valueOf(FOREVER)) >= 0) {
      throw new IllegalArgumentException("'" + trimmed + "' is too long; write never");
    }
    try {
      return nanos.longValueExact();
    } catch (ArithmeticException notWhole) {
      throw new IllegalArgumentException("'" + trimmed + "' is finer than a nanosecond", notWhole);
    }
  }

  private static BigDecimal nanosPer(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs" -> MICROSECOND;
          case "ms" -> MILLISECOND;
          case "s" -> SECOND;
          case "min" -> 60 * SECOND;
          case "h" -> 3600 * SECOND;
          default -> throw new IllegalArgumentException("unknown unit of time: " + unit);
        });
  }

  /** Writes a duration so that {@link #parse} reads it back: the largest unit of 1 or more. */
  public static String format(long nanos) {
    if (nanos >= FOREVER) {
      return "never";
    }
    if (nanos >= SECOND) {
      return decimal(nanos, 9) + "s";
    }
    if (nanos >= MILLISECOND) {
      return decimal(nanos, 6) + "ms";
    }
    if (nanos >= MICROSECOND) {
      return decimal(nanos, 3) + "us";
    }
    return nanos == 0 ? "0s" : nanos + "ns";
  }

  private static String decimal(long nanos, int scale) {
    BigDecimal value = BigDecimal.valueOf(nanos, scale).setScale(scale, RoundingMode.UNNECESSARY);
    BigDecimal plain = value.stripTrailingZeros();
    return plain.toPlainString();
  }
}
