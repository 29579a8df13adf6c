package org.oomlab.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
 */
public record Knob(
    String path,
    String symbol,
    String doc,
    Type type,
    List<String> choices,
    long least,
    long most) {

  /** What a knob's value can be. Inside oomlab every value is a {@code long}. */
  public enum Type {
    /** true or false; 1 or 0 inside. */
    FLAG,
    /** A whole number between {@code least} and {@code most}. */
    COUNT,
    /** A duration; nanoseconds inside. */
    SPAN,
    /** One of {@code choices}; its position inside. */
    CHOICE
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
    };
  }

  /** Writes a value so that {@link #parse} reads it back. */
  public String format(long value) {
    return switch (type) {
      case FLAG, CHOICE -> choices.get((int) value);
      case COUNT -> Long.toString(value);
      case SPAN -> Span.format(value);
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
