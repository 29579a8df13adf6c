package org.oomlab.debug;

import java.math.BigDecimal;
import java.math.MathContext;
import org.oomlab.experiment.Metric;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/** What the value of an expression is counted in. */
enum Unit {
  PAGES("an amount of memory, such as 900MiB or 30 pages"),
  TIME("a time, such as 1.5ms"),
  NUMBER("a number"),
  TRUTH("something that is true or not");

  private final String words;

  Unit(String words) {
    this.words = words;
  }

  /** In words, with an example. */
  String words() {
    return words;
  }

  static Unit of(Metric.Unit unit) {
    return switch (unit) {
      case PAGES -> PAGES;
      case MILLISECONDS -> TIME;
      case COUNT, WORK, SHARE -> NUMBER;
    };
  }

  /** A value for people. */
  String show(double value) {
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
    };
  }
}
