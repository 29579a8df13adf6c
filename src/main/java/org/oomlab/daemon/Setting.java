package org.oomlab.daemon;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an option is in some configuration.
 *
 * @param option which one
 * @param text its value as a policy file writes it; empty if it has none
 * @param number its value in the unit of its type; {@link Double#NaN} for texts, for an option
 *     without a value, and where the daemon itself has no number there
 * @param origin whether somebody has set it
 * @param at where it was set, if somebody has and it was in a file
 */
public record Setting(
    Option option, String text, double number, Origin origin, @Nullable Place at) {

  /** Who says so. */
  public enum Origin {
    /** The configuration. */
    SET,
    /** Nobody: it is the daemon's own default. */
    DEFAULT,
    /** Nobody, and there is no default: it is off, or has no value. */
    UNSET
  }

  static Setting unset(Option option) {
    return new Setting(option, "", Double.NaN, Origin.UNSET, null);
  }

  public boolean isSet() {
    return origin == Origin.SET;
  }

  /** Whether it has a value, be it the default. */
  public boolean has() {
    return origin != Origin.UNSET;
  }

  public boolean flag() {
    return number == 1;
  }

  /** Whether a {@link Type#SHARE} is a percentage and no size. */
  public boolean isPercent() {
    return text.endsWith("%");
  }

  /**
   * A regular expression in Java's dialect, to be looked for anywhere in what it is held against;
   * null where there is none.
   */
  public @Nullable Pattern pattern() {
    if (!has()) {
      return null;
    }
    return switch (option.type()) {
      case ERE -> Ere.compile(text);
      case PYTHON -> PythonRe.compile(text);
      default -> throw new IllegalStateException(option.name() + " is no regular expression");
    };
  }

  /** Its value in one way, however it was written: two settings that are the same have the same. */
  public String written() {
    if (!has() || !option.type().isNumber()) {
      return text;
    }
    return isPercent() ? Type.percent(number) : option.write(number);
  }

  /** Its number as a whole one: bytes, nanoseconds or a count. */
  public long whole() {
    return (long) number;
  }
}
