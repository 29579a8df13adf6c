package org.oomlab.refute;

import org.oomlab.worlds.World;

/**
 * A world that was tried.
 *
 * @param number of the world in its search
 * @param margin how far it is from refuting the claim; NaN if it says nothing about it
 */
record Trial(long number, World world, Courses courses, double margin) {
  /** Where a claim is about something that a world does not have, at least it could be. */
  private static final double SAYS_NOTHING = 1.25;

  private static final double DOES_NOT_PART = 1.5;
  private static final double HAS_NO_OOM = 3;

  /** What a search makes small: what it takes to be about the claim at all, then the margin. */
  double score() {
    long traits = courses.traits();
    if ((traits & Trait.OOM.bit()) == 0) {
      return HAS_NO_OOM;
    }
    // A world of more kinds of things is nearer to one of those that it takes.
    double plain = 1 - Long.bitCount(traits) / 64.0;
    if (courses.of().size() > 1 && !courses.part()) {
      return DOES_NOT_PART + plain;
    }
    return Double.isNaN(margin) ? SAYS_NOTHING + plain / 8 : margin;
  }

  boolean isRefutation() {
    return margin < 0;
  }
}
