package org.oomlab.kernel;

import java.util.EnumSet;
import java.util.Set;

/**
 * How much care is taken with an episode. None of it may change what comes of it.
 *
 * @param checksLaws whether every {@link Law} is looked at after every event; the cheap ones are
 *     anyway
 * @param shortcuts the shortcuts that are taken
 */
public record Rigour(boolean checksLaws, Set<Shortcut> shortcuts) {
  private static final Set<Shortcut> ALL = Set.copyOf(EnumSet.allOf(Shortcut.class));

  /** What a result takes. */
  public static final Rigour USUAL = new Rigour(false, ALL);

  /** Every law after every event. */
  public static final Rigour CHECKED = new Rigour(true, ALL);

  /** Every law after every event, and nothing decided early. */
  public static final Rigour LONG_WAY = new Rigour(true, Set.of());

  public Rigour {
    shortcuts = Set.copyOf(shortcuts);
  }
}
