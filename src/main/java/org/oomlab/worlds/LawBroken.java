package org.oomlab.worlds;

/** A law does not hold in a world. */
public final class LawBroken extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A law that does not hold.
   *
   * @param message which, and what was found instead
   */
  public LawBroken(String message) {
    super(message);
  }
}
