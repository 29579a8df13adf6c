package org.oomlab.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.oomlab.experiment.Metric;
import org.oomlab.statistics.Summary;
import org.oomlab.unit.Bytes;

/** Numbers as they are written, the same in every locale and on every JDK. */
public final class Numbers {
  /** What stands for an absent value in what people read. */
  static final String ABSENT = "-";

  private static final int SIGNIFICANT = 3;
  private static final int SIGNIFICANT_OF_ERROR = 2;

  private Numbers() {}

  /** Nanoseconds as milliseconds, exactly. */
  static BigDecimal milliseconds(long nanos) {
    return strip(BigDecimal.valueOf(nanos, 6));
  }

  private static BigDecimal strip(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** A number for people: three significant digits, but all of those before the point. */
  public static String human(double value) {
    return Double.isNaN(value) ? ABSENT : digits(value, SIGNIFICANT);
  }

  /** A number with so many significant digits, but all of those before the point. */
  public static String significant(double value, int digits) {
    return Double.isInfinite(value) || Double.isNaN(value) ? ABSENT : digits(value, digits);
  }

  private static String digits(double value, int significant) {
    BigDecimal all = new BigDecimal(value);
    int whole = all.precision() - all.scale();
    MathContext context = new MathContext(Math.max(significant, whole), RoundingMode.HALF_EVEN);
    return strip(all.round(context)).toPlainString();
  }

  /** A duration for people, in its largest unit up to seconds: {@code 97.1ms}. */
  public static String span(double milliseconds) {
    if (Double.isNaN(milliseconds)) {
      return ABSENT;
    }
    if (milliseconds == 0) {
      return "0s";
    }
    if (milliseconds >= 999.5) {
      return human(milliseconds / 1e3) + "s";
    }
    if (milliseconds >= 0.9995) {
      return human(milliseconds) + "ms";
    }
    if (milliseconds >= 0.0009995) {
      return human(milliseconds * 1e3) + "us";
    }
    return human(milliseconds * 1e6) + "ns";
  }

  /** A value of a metric for people, with its unit. */
  public static String human(Metric.Unit unit, double value) {
    if (Double.isNaN(value)) {
      return ABSENT;
    }
    return switch (unit) {
      case MILLISECONDS -> span(value);
      case PAGES -> value == 0 ? "0" : Bytes.human(Math.round(value));
      case COUNT, WORK, SHARE -> human(value);
    };
  }

  /** A mean and half the width of its interval, unless that has none: {@code 3.25 ± 0.41}. */
  static String mean(Summary summary) {
    return summary.halfWidth() > 0
        ? human(summary.mean()) + " ± " + digits(summary.halfWidth(), SIGNIFICANT_OF_ERROR)
        : human(summary.mean());
  }

  /** The small raised number of a footnote, from 1. */
  static String raised(int note) {
    StringBuilder raised = new StringBuilder();
    for (char digit : Integer.toString(note).toCharArray()) {
      raised.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
    }
    return raised.toString();
  }
}
