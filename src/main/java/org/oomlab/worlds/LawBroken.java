package org.oomlab.worlds;

/** A law does not hold in a world. */
public final class LawBroken extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean slow;

  /**
   * A law that does not hold.
   *
   * @param message which, and what was found instead
   */
  public LawBroken(String message) {
    this(message, false);
  }

  /**
   * The same.
   *
   * @param slow whether to find that out takes long, so that it should not be done often
   */
  public LawBroken(String message, boolean slow) {
    super(message);
    this.slow = slow;
  }

  boolean isSlow() {
    return slow;
  }
}
