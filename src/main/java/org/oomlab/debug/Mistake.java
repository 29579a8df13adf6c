package org.oomlab.debug;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Suggestions;

/** What somebody has asked for cannot be done; the message is for them. Nothing has changed. */
@SuppressWarnings("serial") // Caught where it is thrown for, and never written down.
public final class Mistake extends RuntimeException {
  Mistake(String message) {
    super(message);
  }

  /** A name that means nothing, with the one that may have been meant. */
  static Mistake unknown(String what, String written, Collection<String> candidates) {
    @Nullable String meant = Suggestions.nearest(written, candidates);
    return new Mistake(what + (meant == null ? "" : "; did you mean " + meant + "?"));
  }
}
