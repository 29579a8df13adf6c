package org.oomlab.kernel.state;

/**
 * What is not worked out because the result is known: a matter of speed, and of nothing else
 * ({@link Law#NO_SHORTCUT_CHANGES_A_RESULT}). Each can be switched off by {@link Rigour}.
 */
public enum Shortcut {
  /**
   * A livelock is declared when nothing is to come but attempts that find what the last ones found,
   * and not only after a minute of them.
   */
  FORESEEN_LIVELOCK,
  /** A counterfactual is given up when nobody can end the wait before patience does. */
  HOPELESS_WAIT,
  /** The killer looks for a victim in flight before it works out how bad everybody is. */
  FIRST_IN_FLIGHT,
  /** Memory is brought up to the present when somebody looks, and not with every event. */
  LAZY_MEMORY,
  /** Where chance has no say, one episode is that of every seed. */
  SAME_FOR_EVERY_SEED
}
