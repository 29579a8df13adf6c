package org.oomlab.daemon;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An option of a daemon.
 *
 * @param name as the daemon itself writes it
 * @param aliases other names it is known by, such as {@code -m}
 * @param type what its value is
 * @param choices the words it may be, for {@link Type#CHOICE}
 * @param least the least number it may be, in the unit of its type
 * @param most the largest
 * @param fallback what it is where nobody sets it
 * @param where in which source file or document, and of which version, that is written
 * @param doc one sentence on what it decides
 */
public record Option(
    String name,
    List<String> aliases,
    Type type,
    List<String> choices,
    double least,
    double most,
    Fallback fallback,
    String where,
    String doc) {

  /**
   * What an option is where nobody sets it, as written in a policy file.
   *
   * <p>It may depend on other options of the same place, which are those that the table lists
   * before it.
   */
  @FunctionalInterface
  public interface Fallback {
    /** The default; null for an option that is off, or has no value, until it is set. */
    @Nullable String text(Function<String, Setting> others);
  }

  /** No value until it is set. */
  static final Fallback NONE = others -> null;

  public Option {
    aliases = List.copyOf(aliases);
    choices = List.copyOf(choices);
  }

  static Option of(String name, Type type, String fallback, String where, String doc) {
    return new Option(
        name,
        List.of(),
        type,
        List.of(),
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        others -> fallback,
        where,
        doc);
  }

  /** One that has no value until it is set. */
  static Option off(String name, Type type, String where, String doc) {
    return of(name, type, "", where, doc).derived(NONE);
  }

  /** One of a few words, of which the first is the default. */
  static Option choice(String name, List<String> choices, String where, String doc) {
    Option option = of(name, Type.CHOICE, choices.get(0), where, doc);
    return new Option(
        name,
        List.of(),
        Type.CHOICE,
        choices,
        option.least,
        option.most,
        option.fallback,
        where,
        doc);
  }

  Option derived(Fallback from) {
    return new Option(name, aliases, type, choices, least, most, from, where, doc);
  }

  Option also(String... others) {
    return new Option(name, List.of(others), type, choices, least, most, fallback, where, doc);
  }

  Option from(double lowest, double highest) {
    return new Option(name, aliases, type, choices, lowest, highest, fallback, where, doc);
  }

  /** Whether it goes by this name. */
  public boolean isCalled(String called) {
    return name.equals(called) || aliases.contains(called);
  }

  /**
   * What it is when it is written so.
   *
   * @throws IllegalArgumentException with what was expected
   */
  Setting read(String text, Setting.Origin origin, @Nullable Place at) {
    String trimmed = type.isText() ? text : text.strip();
    double number = type.number(trimmed, this);
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "expected "
              + (most == Double.POSITIVE_INFINITY
                  ? write(least) + " or more"
                  : write(least) + " to " + write(most))
              + ", not '"
              + trimmed
              + "'");
    }
    return new Setting(this, trimmed, number, origin, at);
  }

  /**
   * The number that a text stands for, in the unit of its type.
   *
   * @throws IllegalArgumentException with what was expected
   */
  public double number(String text) {
    return read(text, Setting.Origin.SET, null).number();
  }

  /** Writes a number of this option's unit as a policy file does. */
  public String write(double number) {
    return switch (type) {
      case PERCENT -> Type.percent(number);
      case BYTES, SHARE -> Type.bytes(number);
      case SPAN -> Type.span(number);
      case FLAG -> number == 0 ? "false" : "true";
      case CHOICE -> choices.get((int) number);
      case COUNT, NUMBER, ERE, PYTHON, LEVELS, TEXT -> Type.decimal(number);
    };
  }
}
