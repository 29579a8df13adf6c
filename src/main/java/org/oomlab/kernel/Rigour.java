package org.oomlab.kernel;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.Shortcut;

/**
 * How much care is taken with an episode. None of it may change what comes of it.
 *
 * @param laws when the laws that take long to look at are looked at
 * @param shortcuts the shortcuts that are taken
 */
public record Rigour(Looks laws, Set<Shortcut> shortcuts) implements Serializable {
  /** When every {@link Law} is looked at; the cheap ones always are. */
  public enum Looks {
    /** Never. */
    NEVER,
    /** Often enough to find what is broken, at a cost that does not grow with the machine. */
    NOW_AND_THEN,
    /** After every event. */
    ALWAYS
  }

  private static final Set<Shortcut> ALL = EnumSet.allOf(Shortcut.class);

  /** What a result takes. Tests set a property, so that all of them look at the laws. */
  public static final Rigour USUAL =
      new Rigour(Looks.valueOf(System.getProperty("oomlab.laws", "NEVER")), ALL);

  /** Every law after every event. */
  public static final Rigour CHECKED = new Rigour(Looks.ALWAYS, ALL);

  /** Every law now and then, as tests do. */
  public static final Rigour WATCHED = new Rigour(Looks.NOW_AND_THEN, ALL);

  /** Nothing is decided early. */
  public static final Rigour LONG_WAY = new Rigour(Looks.NEVER, EnumSet.noneOf(Shortcut.class));

  public Rigour {
    Set<Shortcut> own = EnumSet.noneOf(Shortcut.class);
    own.addAll(shortcuts);
    shortcuts = Collections.unmodifiableSet(own);
  }
}
