package org.oomlab.kernel.state;

/** The simulated kernel has broken a {@link Law}: whatever came of the episode is worth nothing. */
public final class LawBroken extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final Law law;

  /**
   * A law that does not hold.
   *
   * @param how what was found instead
   */
  public LawBroken(Law law, String how) {
    super("law broken: " + law + ": " + how + "; " + law.sentence());
    this.law = law;
  }

  /** Which one. */
  public Law law() {
    return law;
  }
}
