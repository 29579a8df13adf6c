package org.oomlab.experiment.claim;

import java.util.function.ToDoubleFunction;

/**
 * The values that an expectation allows: {@code 3}, {@code = 3}, {@code >= 2}, {@code < 1s}, {@code
 * 2..3} with both ends, or {@code absent}.
 *
 * @param low the smallest, or negative infinity
 * @param high the largest, or infinity
 * @param open whether the ends themselves are not allowed
 */
record Range(double low, double high, boolean open) {
  private static final Range ABSENT = new Range(Double.NaN, Double.NaN, false);

  /**
   * Reads the values that are allowed.
   *
   * @param value reads one value
   * @throws IllegalArgumentException saying what was expected
   */
  static Range parse(String text, ToDoubleFunction<String> value) {
    String trimmed = text.strip();
    if (trimmed.equals("absent")) {
      return ABSENT;
    }
    if (trimmed.startsWith(">=")) {
      return new Range(read(trimmed, 2, value), Double.POSITIVE_INFINITY, false);
    }
    if (trimmed.startsWith("<=")) {
      return new Range(Double.NEGATIVE_INFINITY, read(trimmed, 2, value), false);
    }
    if (trimmed.startsWith(">")) {
      return new Range(read(trimmed, 1, value), Double.POSITIVE_INFINITY, true);
    }
    if (trimmed.startsWith("<")) {
      return new Range(Double.NEGATIVE_INFINITY, read(trimmed, 1, value), true);
    }
    int dots = trimmed.indexOf("..");
    if (dots >= 0) {
      double low = value.applyAsDouble(trimmed.substring(0, dots).strip());
      double high = read(trimmed, dots + 2, value);
      if (low > high) {
        throw new IllegalArgumentException("'" + trimmed + "' ends before it begins");
      }
      return new Range(low, high, false);
    }
    double only = read(trimmed, trimmed.startsWith("=") ? 1 : 0, value);
    return new Range(only, only, false);
  }

  private static double read(String text, int from, ToDoubleFunction<String> value) {
    return value.applyAsDouble(text.substring(from).strip());
  }

  /** Whether the value, NaN if absent, is allowed. */
  boolean allows(double value) {
    if (Double.isNaN(value)) {
      return Double.isNaN(low);
    }
    return open ? low < value && value < high : low <= value && value <= high;
  }
}
