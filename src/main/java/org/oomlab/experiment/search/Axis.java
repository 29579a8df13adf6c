package org.oomlab.experiment.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;

/**
 * One thing that is varied, and the values it takes.
 *
 * <p>It is a knob of the policies ({@code policy.reaper.delay}), a quantity of the workloads
 * ({@code workload.machine.min}) or a cost ({@code costs.pass}). Its values are a list ({@code
 * 0s,1s,never}), steps ({@code 0s..4s/250ms}), so many values at equal ratios ({@code log
 * 1ms..100s/30}), or a whole range ({@code 0s..4s}, {@code log 1ms..100s}) from which a {@link
 * Design} draws.
 */
public final class Axis {
  /** What its values are. */
  public enum Kind {
    /** Durations; in nanoseconds here, in milliseconds in a column. */
    SPAN("_ms"),
    /** Amounts of memory; in pages. */
    SIZE("_pages"),
    NUMBER(""),
    /** Percentages of a daemon's option. */
    PERCENT(""),
    /** Anything else. */
    WORD("");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }

    private BigDecimal parse(String text) {
      String trimmed = text.strip();
      if (trimmed.matches("0+")) {
        return BigDecimal.ZERO;
      }
      return switch (this) {
        case SPAN -> BigDecimal.valueOf(Span.parse(trimmed));
        case SIZE -> BigDecimal.valueOf(Bytes.parsePages(trimmed));
        case NUMBER -> Decimal.parse(trimmed);
        case PERCENT -> Decimal.parse(trimmed.replaceFirst("\\s*%$", ""));
        case WORD -> throw new IllegalArgumentException("'" + trimmed + "' is no amount");
      };
    }

    private boolean reads(String text) {
      try {
        return parse(text) != null;
      } catch (IllegalArgumentException not) {
        return false;
      }
    }

    private String format(BigDecimal value) {
      return switch (this) {
        case SPAN -> Span.format(value.longValueExact());
        case SIZE -> Bytes.format(value.longValueExact());
        case NUMBER, WORD -> value.stripTrailingZeros().toPlainString();
        case PERCENT -> value.stripTrailingZeros().toPlainString() + "%";
      };
    }
  }

  /** Digits of a value that was computed; more would only be hard to read. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private static final String LOG = "log ";

  private final String path;
  private final Kind kind;

  /** The values of a list; empty for a range. */
  private final List<String> list;

  private final BigDecimal low;
  private final BigDecimal high;
  private final @Nullable BigDecimal step;

  /** How many values a logarithmic range has; 0 if that is open. */
  private final long count;

  private final boolean log;

  /** The unit in which the upper end was given, if it is one of memory, or empty. */
  private final String unit;

  private Axis(
      String path,
      Kind kind,
      List<String> list,
      BigDecimal low,
      BigDecimal high,
      @Nullable BigDecimal step,
      long count,
      boolean log,
      String unit) {
    this.path = path;
    this.kind = kind;
    this.list = list;
    this.low = low;
    this.high = high;
    this.step = step;
    this.count = count;
    this.log = log;
    this.unit = unit;
  }

  /**
   * Reads {@code PATH=VALUES}. A knob with a fixed set of values may stand alone: then it takes all
   * of them.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Axis parse(String written) {
    int equals = written.indexOf('=');
    String path = canonical((equals < 0 ? written : written.substring(0, equals)).strip());
    Knob knob = knob(path);
    if (equals < 0) {
      if (knob == null || knob.choices().isEmpty()) {
        throw new IllegalArgumentException("expected PATH=VALUES");
      }
      return list(path, Kind.WORD, knob.choices());
    }
    String values = written.substring(equals + 1).strip();
    if (path.isEmpty() || values.isEmpty()) {
      throw new IllegalArgumentException("expected PATH=VALUES, found no value");
    }
    List<String> items = split(values);
    boolean range = items.size() == 1 && values.contains("..") && !values.contains("{");
    if (range) {
      return range(path, values);
    }
    return list(path, kind(items, knob), items);
  }

  /** A range from which values are drawn. */
  public static Axis range(String path, Kind kind, BigDecimal low, BigDecimal high, boolean log) {
    return new Axis(canonical(path), kind, List.of(), low, high, null, 0, log, "");
  }

  private static Axis list(String path, Kind kind, List<String> items) {
    return new Axis(
        path, kind, List.copyOf(items), BigDecimal.ZERO, BigDecimal.ZERO, null, 0, false, "");
  }

  private static Axis range(String path, String written) {
    boolean log = written.startsWith(LOG);
    String text = log ? written.substring(LOG.length()) : written;
    int slash = text.indexOf('/');
    String ends = slash < 0 ? text : text.substring(0, slash);
    String by = slash < 0 ? null : text.substring(slash + 1).strip();
    int dots = ends.indexOf("..");
    if (dots < 0) {
      throw new IllegalArgumentException(
          "expected the ends of a range before the slash, as in 0s..4s/250ms");
    }
    List<String> amounts =
        new ArrayList<>(List.of(ends.substring(0, dots), ends.substring(dots + 2)));
    if (by != null && !log) {
      amounts.add(by);
    }
    Kind kind = kind(amounts, knob(path));
    if (kind == Kind.WORD) {
      throw new IllegalArgumentException(
          "expected amounts of one kind, such as 0s..4s/250ms or 16MiB..64MiB/8MiB");
    }
    BigDecimal low = kind.parse(amounts.get(0));
    BigDecimal high = kind.parse(amounts.get(1));
    if (low.compareTo(high) > 0) {
      throw new IllegalArgumentException("the range " + ends.strip() + " is empty");
    }
    if (kind == Kind.SPAN && high.longValue() >= Span.FOREVER) {
      throw new IllegalArgumentException("a range cannot end at never; write a list");
    }
    if (log && low.signum() <= 0) {
      throw new IllegalArgumentException("a logarithmic range begins above 0");
    }
    String unit = kind == Kind.SIZE ? amounts.get(1).strip().replaceFirst("^[0-9.]+\\s*", "") : "";
    if (log) {
      return new Axis(
          path, kind, List.of(), low, high, null, by == null ? 0 : count(by), true, unit);
    }
    BigDecimal step = by == null ? null : kind.parse(by);
    if (step != null && step.signum() <= 0) {
      throw new IllegalArgumentException("the step " + by + " leads nowhere");
    }
    return new Axis(path, kind, List.of(), low, high, step, 0, false, unit);
  }

  private static long count(String text) {
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException(
          "expected a number of values after the slash, not '" + text + "'");
    }
    return Long.parseLong(text);
  }

  /** Commas within brackets belong to a value. */
  private static List<String> split(String values) {
    List<String> items = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < values.length(); i++) {
      char c = values.charAt(i);
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        items.add(values.substring(start, i).strip());
        start = i + 1;
      }
    }
    items.add(values.substring(start).strip());
    if (items.contains("")) {
      throw new IllegalArgumentException("a value is missing between two commas");
    }
    return items;
  }

  private static Kind kind(List<String> amounts, @Nullable Knob knob) {
    if (knob != null) {
      return switch (knob.type()) {
        case SPAN -> Kind.SPAN;
        case COUNT -> Kind.NUMBER;
        case FLAG, CHOICE -> Kind.WORD;
        case AMOUNT -> amounts(amounts, knob);
      };
    }
    List<Kind> kinds = List.of(Kind.NUMBER, Kind.SPAN, Kind.SIZE);
    for (Kind kind : kinds) {
      if (amounts.stream().allMatch(kind::reads)) {
        return kind;
      }
    }
    return Kind.WORD;
  }

  /** Of an option of a daemon: a bare number is a percentage where one is expected. */
  private static Kind amounts(List<String> amounts, Knob knob) {
    boolean percent = amounts.stream().anyMatch(amount -> amount.strip().endsWith("%"));
    if (percent || knob.takesPercent()) {
      return amounts.stream().allMatch(Kind.PERCENT::reads) ? Kind.PERCENT : Kind.WORD;
    }
    return amounts.stream().allMatch(Kind.NUMBER::reads) ? Kind.NUMBER : Kind.SIZE;
  }

  /** The path with what it is a path in: {@code policy.}, {@code workload.} or {@code costs.}. */
  private static String canonical(String path) {
    boolean prefixed = path.startsWith("policy.") || path.startsWith("workload.");
    String bare = prefixed ? path.substring(path.indexOf('.') + 1) : path;
    Knob knob = Knobs.byPath(bare);
    if (knob != null) {
      return "policy." + knob.path(); // Which may be longer than a daemon's own name for it.
    }
    return prefixed && !bare.startsWith("costs.") || path.startsWith("costs.")
        ? path
        : bare.startsWith("costs.") ? bare : "workload." + bare;
  }

  private static @Nullable Knob knob(String canonical) {
    return canonical.startsWith("policy.")
        ? Knobs.byPath(canonical.substring("policy.".length()))
        : null;
  }

  /** Its path, with what it is a path in. */
  public String path() {
    return path;
  }

  /** The path as a document has it: without {@code policy.} or {@code workload.}. */
  public String pathInDocument() {
    return path.startsWith("costs.") ? path : path.substring(path.indexOf('.') + 1);
  }

  /** The knob that is varied, or null. */
  public @Nullable Knob knob() {
    return knob(path);
  }

  /** The name of its column, with the unit: {@code policy.reaper.delay_ms}. */
  public String column() {
    return path + kind.suffix;
  }

  /** A value as its column has it: a number in the column's unit, or a word. */
  public Object inColumn(String value) {
    if (kind == Kind.WORD) {
      return value;
    }
    BigDecimal amount = kind.parse(value);
    if (kind == Kind.SPAN) {
      return amount.longValue() >= Span.FOREVER ? "inf" : plain(amount.movePointLeft(6));
    }
    return plain(amount);
  }

  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** How many values it has; 0 for a range that has all of them. */
  public long size() {
    if (!list.isEmpty()) {
      return list.size();
    }
    if (step != null) {
      return high.subtract(low).divideToIntegralValue(step).longValue() + 1;
    }
    return count;
  }

  /** Its value of this number, from 0. */
  public String value(long index) {
    if (!list.isEmpty()) {
      return list.get((int) index);
    }
    if (step != null) {
      return kind.format(low.add(step.multiply(BigDecimal.valueOf(index))));
    }
    if (index == 0 || index == count - 1) {
      return kind.format(index == 0 ? low : high); // not left to rounding
    }
    return at((double) index / (count - 1));
  }

  /** Its value so far, from 0 to 1, along the range or through the list. */
  public String at(double share) {
    if (size() > 0 && !(log && step == null && list.isEmpty())) {
      return value(Math.min(size() - 1, (long) (share * size())));
    }
    double a = low.doubleValue();
    double b = high.doubleValue();
    boolean whole = kind != Kind.NUMBER || low.scale() <= 0 && high.scale() <= 0;
    double value = log ? a * StrictMath.exp(share * StrictMath.log(b / a)) : a + share * (b - a);
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    if (whole) {
      rounded = rounded.setScale(0, RoundingMode.HALF_EVEN);
    }
    return inUnit(rounded.max(low).min(high));
  }

  /** In the unit in which the range was given; it names as many pages, or a page more. */
  private String inUnit(BigDecimal value) {
    if (unit.isEmpty() || value.signum() == 0) {
      return kind.format(value);
    }
    BigDecimal each = BigDecimal.valueOf(Bytes.parsePages("1024" + unit), 0);
    BigDecimal amount =
        value.multiply(BigDecimal.valueOf(1024)).divide(each, DIGITS).stripTrailingZeros();
    return amount.toPlainString() + (unit.startsWith("page") ? " " + unit : unit);
  }

  /** Where along the range a value lies, from 0 to 1; of a list, the middle of its place. */
  public double shareOf(String value) {
    if (size() > 0 && !list.isEmpty()) {
      return (list.indexOf(value) + 0.5) / list.size();
    }
    double a = low.doubleValue();
    double b = high.doubleValue();
    double x = Math.max(a, Math.min(b, kind.parse(value).doubleValue()));
    if (a == b) {
      return 0;
    }
    return log ? StrictMath.log(x / a) / StrictMath.log(b / a) : (x - a) / (b - a);
  }

  /** Whether it is a list of values that have no order. */
  public boolean isList() {
    return !list.isEmpty();
  }

  @Override
  public String toString() {
    return path;
  }
}
