package org.oomlab.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/**
 * One thing a policy decides.
 *
 * <p>A knob has no default: the root policies set every one, so adding a knob forces its author to
 * say what each kernel did.
 *
 * @param path where it stands in a policy file, such as {@code reaper.delay}
 * @param symbol what the kernel's sources or the patch call it, or a function that shows it
 * @param doc one sentence on what it decides, with its unit if it has one
 * @param type the kind of value it takes
 * @param choices the values it may take if {@code type} is {@link Type#CHOICE}, else empty
 * @param least the smallest number it takes, for {@link Type#COUNT}
 * @param most the largest number it takes, for {@link Type#COUNT}
 * @param option the option of a daemon that it stands for, or null: then it is the kernel's
 */
public record Knob(
    String path,
    String symbol,
    String doc,
    Type type,
    List<String> choices,
    long least,
    long most,
    @Nullable Option option) {

  /** Of an amount, so many to a per cent, or to a number that need not be whole. */
  private static final double MILLION = 1e6;

  private static final long BYTES_PER_PAGE = 4096;

  /** The value of an option of a daemon that nobody has set and that has no default. */
  public static final long UNSET = Long.MIN_VALUE;

  private static final String NOT_SET = "unset";

  /** One of the kernel's. */
  public Knob(
      String path,
      String symbol,
      String doc,
      Type type,
      List<String> choices,
      long least,
      long most) {
    this(path, symbol, doc, type, choices, least, most, null);
  }

  /** What a knob's value can be. Inside oomlab every value is a {@code long}. */
  public enum Type {
    /** true or false; 1 or 0 inside. */
    FLAG,
    /** A whole number between {@code least} and {@code most}. */
    COUNT,
    /** A duration; nanoseconds inside. */
    SPAN,
    /** One of {@code choices}; its position inside. */
    CHOICE,
    /**
     * An amount of an option of a daemon: bytes or millionths, and below zero the millionths of a
     * percentage, less one.
     */
    AMOUNT
  }

  /** An option of a daemon. */
  static Knob of(String path, String symbol, Option option, Type type, List<String> choices) {
    return new Knob(
        path, symbol, option.doc(), type, choices, Long.MIN_VALUE + 1, Long.MAX_VALUE, option);
  }

  /** Whether a number without a unit is a percentage. */
  public boolean takesPercent() {
    return option != null && option.type() == org.oomlab.daemon.Type.PERCENT;
  }

  /** Whether it is an option of a daemon, which only policies with that daemon have. */
  public boolean isOfDaemon() {
    return option != null;
  }

  static Knob flag(String path, String symbol, String doc) {
    return new Knob(path, symbol, doc, Type.FLAG, List.of("false", "true"), 0, 1);
  }

  static Knob count(String path, String symbol, String doc, long least, long most) {
    return new Knob(path, symbol, doc, Type.COUNT, List.of(), least, most);
  }

  static Knob span(String path, String symbol, String doc) {
    return new Knob(path, symbol, doc, Type.SPAN, List.of(), 0, Span.FOREVER);
  }

  static <E extends Enum<E>> Knob choice(String path, String symbol, String doc, Class<E> values) {
    List<String> names = new ArrayList<>();
    for (E value : values.getEnumConstants()) {
      names.add(value.name().toLowerCase(Locale.ROOT));
    }
    return new Knob(path, symbol, doc, Type.CHOICE, List.copyOf(names), 0, names.size() - 1L);
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public long parse(String text) {
    String trimmed = text.strip();
    if (option != null) {
      return parse(option, trimmed);
    }
    return switch (type) {
      case FLAG, CHOICE -> {
        int index = choices.indexOf(trimmed);
        if (index < 0) {
          throw new IllegalArgumentException(
              "expected one of " + String.join(", ", choices) + ", not '" + trimmed + "'");
        }
        yield index;
      }
      case COUNT -> {
        long value;
        try {
          value = Long.parseLong(trimmed);
        } catch (NumberFormatException notANumber) {
          throw new IllegalArgumentException(
              "expected a whole number, not '" + trimmed + "'", notANumber);
        }
        if (value < least || value > most) {
          throw new IllegalArgumentException(
              "expected a number from " + least + " to " + most + ", not " + value);
        }
        yield value;
      }
      case SPAN -> Span.parse(trimmed);
      case AMOUNT -> throw new IllegalStateException("an amount of no daemon");
    };
  }

  private static long parse(Option option, String text) {
    if (text.equals(NOT_SET)) {
      return UNSET;
    }
    return switch (option.type()) {
      case PERCENT -> percent(option.number(text.endsWith("%") ? text : text + "%"));
      case SHARE -> text.endsWith("%") ? percent(option.number(text)) : bytes(option, text);
      case BYTES -> bytes(option, text);
      case NUMBER -> Math.round(option.number(text) * MILLION);
      default -> (long) option.number(text);
    };
  }

  private static long percent(double percent) {
    return -1 - Math.round(percent * MILLION);
  }

  /** A size as daemons are given it, or as oomlab writes pages. */
  private static long bytes(Option option, String text) {
    return text.contains("page")
        ? Bytes.parsePages(text) * BYTES_PER_PAGE
        : (long) option.number(text);
  }

  /** Writes a value so that {@link #parse} reads it back. */
  public String format(long value) {
    if (value == UNSET) {
      return NOT_SET;
    }
    return switch (type) {
      case FLAG, CHOICE -> choices.get((int) value);
      case COUNT -> Long.toString(value);
      case SPAN -> Span.format(value);
      case AMOUNT -> amount(value);
    };
  }

  private String amount(long value) {
    if (value < 0) {
      return org.oomlab.daemon.Type.percent((-1 - value) / MILLION);
    }
    boolean plain = option != null && option.type() == org.oomlab.daemon.Type.NUMBER;
    return plain
        ? org.oomlab.daemon.Type.decimal(value / MILLION)
        : org.oomlab.daemon.Type.bytes((double) value);
  }

  /** The value that a setting of this option has. */
  long valueOf(Setting setting) {
    if (!setting.has() || Double.isNaN(setting.number())) {
      return UNSET;
    }
    return switch (setting.option().type()) {
      case PERCENT -> percent(setting.number());
      case SHARE -> setting.isPercent() ? percent(setting.number()) : setting.whole();
      case NUMBER -> Math.round(setting.number() * MILLION);
      default -> setting.whole();
    };
  }

  /** There is one knob to a path; the generated comparison of all parts is slow to set up. */
  @Override
  public boolean equals(@Nullable Object that) {
    return that instanceof Knob knob && path.equals(knob.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
