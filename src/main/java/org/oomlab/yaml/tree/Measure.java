package org.oomlab.yaml.tree;

import java.util.regex.Pattern;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.engine.Quantity.Exponential;
import org.oomlab.engine.Quantity.LogNormal;
import org.oomlab.engine.Quantity.LogUniform;
import org.oomlab.engine.Quantity.Normal;
import org.oomlab.engine.Quantity.Uniform;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;

/** What a quantity is a quantity of. */
public enum Measure {
  /** Memory; pages inside. */
  SIZE("MiB", " pages"),
  /** Time; nanoseconds inside. */
  SPAN("ms", "s");

  private static final Pattern ZERO = Pattern.compile("0+");
  private static final Pattern NEGATIVE = Pattern.compile("-[0-9].*");
  private static final Pattern BARE = Pattern.compile(Decimal.UNSIGNED);

  private final String oneUnit;
  private final String otherUnit;

  Measure(String oneUnit, String otherUnit) {
    this.oneUnit = oneUnit;
    this.otherUnit = otherUnit;
  }

  /**
   * Reads one amount.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  long parse(String text) {
    String trimmed = text.strip();
    if (ZERO.matcher(trimmed).matches()) {
      return 0; // the same in every unit
    }
    if (NEGATIVE.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(trimmed + " is negative");
    }
    if (BARE.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(
          trimmed + " has no unit; write " + trimmed + oneUnit + " or " + trimmed + otherUnit);
    }
    return this == SIZE ? Bytes.parsePages(trimmed) : Span.parse(trimmed);
  }

  /** How large an amount can be, for a message. */
  String most() {
    return this == SIZE
        ? "a size is at most " + Span.FOREVER + " pages"
        : "a time that ends is at most " + Span.FOREVER / Span.SECOND + "s";
  }

  /** Writes one amount so that {@link #parse} reads it back. */
  public String format(long amount) {
    return this == SIZE ? Bytes.format(amount) : Span.format(amount);
  }

  /** Writes a quantity so that it is read back as the same. */
  public String format(Quantity quantity) {
    if (quantity instanceof Constant constant) {
      return format(constant.value());
    }
    if (quantity instanceof Uniform uniform) {
      return format(uniform.low()) + ".." + format(uniform.high());
    }
    if (quantity instanceof LogUniform range) {
      return "{log_uniform: [" + format(range.low()) + ", " + format(range.high()) + "]}";
    }
    if (quantity instanceof Exponential exponential) {
      return "{exponential: " + format(exponential.mean()) + "}";
    }
    if (quantity instanceof Normal normal) {
      return "{normal: [" + format(normal.mean()) + ", " + format(normal.deviation()) + "]}";
    }
    LogNormal logNormal = (LogNormal) quantity;
    return "{log_normal: [" + format(logNormal.median()) + ", " + logNormal.factor() + "]}";
  }
}
