package org.oomlab.daemon.watch;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Setting;

/** A regular expression that names of processes are held against. */
final class Names {
  private static final Names NOBODY = new Names(null);

  private final @Nullable Pattern pattern;

  private Names(@Nullable Pattern pattern) {
    this.pattern = pattern;
  }

  /** What an option says, nobody if it says nothing. */
  static Names of(Setting setting) {
    return setting.isSet() && !setting.text().isEmpty() ? of(setting.text()) : NOBODY;
  }

  /**
   * An expression by itself.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Names of(String expression) {
    try {
      return new Names(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "expected a regular expression, not '" + expression + "'", e);
    }
  }

  /** Whether a part of the name matches, as regexec() has it. */
  boolean match(String name) {
    return pattern != null && pattern.matcher(name).find();
  }
}
