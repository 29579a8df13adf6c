package org.oomlab.unit;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Guesses what was meant. */
public final class Suggestions {
  /** Nobody means a name so long by a few slips; and the work grows with the square of it. */
  private static final int LONGEST = 60;

  /** So many names are looked through, for an answer that comes at once. */
  private static final int MOST = 1000;

  private Suggestions() {}

  /**
   * The candidate that takes the fewest slips of the finger to become {@code written}, the first of
   * equals, or null if none is near enough to be worth a guess.
   */
  public static @Nullable String nearest(String written, Collection<String> candidates) {
    if (written.length() > LONGEST) {
      return null;
    }
    int left = MOST;
    // One letter may be any other one.
    int bound = Math.min(1 + written.length() / 3, written.length() - 1);
    String nearest = null;
    for (String candidate : candidates) {
      if (left-- == 0) {
        break;
      }
      if (Math.abs(candidate.length() - written.length()) <= bound) {
        int distance = distance(written, candidate);
        if (distance <= bound && distance > 0) {
          nearest = candidate;
          bound = distance - 1;
        }
      }
    }
    return nearest;
  }

  /** Edit distance in which swapping two neighbours counts once, as fingers do it. */
  static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
        best = Math.min(best, steps[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, steps[i - 2][j - 2] + 1);
        }
        steps[i][j] = best;
      }
    }
    return steps[a.length()][b.length()];
  }
}
