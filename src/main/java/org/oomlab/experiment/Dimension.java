package org.oomlab.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/** What the value of an expression is counted in. */
public enum Dimension {
  PAGES("an amount of memory, such as 900MiB or 30 pages"),
  TIME("a time, such as 1.5ms"),
  NUMBER("a number"),
  TRUTH("something that is true or not"),
  OUTCOME("an outcome, such as panic");

  private final String words;

  Dimension(String words) {
    this.words = words;
  }

  /** In words, with an example. */
  public String words() {
    return words;
  }

  /** What a metric is counted in. */
  public static Dimension of(Metric.Unit unit) {
    return switch (unit) {
      case PAGES -> PAGES;
      case MILLISECONDS -> TIME;
      case COUNT, WORK, SHARE -> NUMBER;
    };
  }

  /** A value for people. */
  public String show(double value) {
    if (Double.isNaN(value)) {
      return "none";
    }
    return switch (this) {
      case PAGES -> Bytes.format((long) value) + " (" + Bytes.human((long) value) + ")";
      case TIME -> (value < 0 ? "-" : "") + Span.format(Math.abs((long) value));
      case NUMBER ->
          value == Math.rint(value)
              ? Long.toString((long) value)
              : new BigDecimal(value).round(new MathContext(6)).toPlainString();
      case TRUTH -> value != 0 ? "true" : "false";
      case OUTCOME -> Outcome.text(Verdict.values()[(int) value]);
    };
  }
}
