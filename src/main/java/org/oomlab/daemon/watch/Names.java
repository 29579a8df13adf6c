package org.oomlab.daemon.watch;

import java.util.regex.Pattern;
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
    Pattern pattern = setting.pattern();
    return pattern == null ? NOBODY : new Names(pattern);
  }

  /** Whether a part of the name matches, as regexec() has it. */
  boolean match(String name) {
    return pattern != null && pattern.matcher(name).find();
  }
}
