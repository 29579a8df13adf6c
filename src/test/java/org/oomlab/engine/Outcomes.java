package org.oomlab.engine;

import java.util.Arrays;

/**
 * Every outcome of chance, one after the other: whoever draws gets what a script says, and the
 * script goes on to the next sequence of outcomes until there is none.
 *
 * <p>A draw has two outcomes, the least number a {@link RandomStream} can give and the greatest. So
 * a quantity comes out as its least and as its greatest value, and a step that depends on chance
 * happens and does not happen. Draws that reject what they drew (normal, log-normal) never end with
 * these and are not for worlds that are looked at completely.
 */
public final class Outcomes {
  private static final int MOST_DRAWS = 30;

  private final boolean[] script = new boolean[MOST_DRAWS];
  private int scripted;
  private int drawn;

  /** A stream whose draws are taken from here. */
  public RandomStream stream() {
    return new RandomStream(0) {
      @Override
      public void reseed(long seed) {}

      @Override
      public void copyFrom(RandomStream that) {}

      @Override
      public long nextLong() {
        return draw() ? -1 : 0;
      }

      @Override
      double nextLog() {
        return NaturalLog.of(1 - nextDouble());
      }
    };
  }

  private boolean draw() {
    if (drawn == scripted) {
      script[scripted++] = false;
    }
    return script[drawn++];
  }

  /** Begins with the first sequence: the least of everything. */
  public void first() {
    scripted = 0;
    drawn = 0;
  }

  /** What was drawn since the sequence began: true for the greatest. */
  public boolean[] made() {
    return Arrays.copyOf(script, drawn);
  }

  /** Whether no sequence follows this one. */
  public static boolean isLast(boolean[] made) {
    return greatestAtItsEnd(made) == made.length;
  }

  /** Goes on to the sequence that follows another; false if that was the last. */
  public boolean next(boolean[] made) {
    drawn = 0;
    scripted = made.length - greatestAtItsEnd(made);
    if (scripted == 0) {
      return false;
    }
    System.arraycopy(made, 0, script, 0, scripted - 1);
    script[scripted - 1] = true;
    return true;
  }

  private static int greatestAtItsEnd(boolean[] made) {
    int count = 0;
    while (count < made.length && made[made.length - 1 - count]) {
      count++;
    }
    return count;
  }
}
