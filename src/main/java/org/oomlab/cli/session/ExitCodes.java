package org.oomlab.cli.session;

/**
 * What a run of oomlab tells the shell that started it. Part of the interface: scripts depend on
 * these numbers, so they are listed in oomlab(1) and do not change.
 */
public final class ExitCodes {
  /** Done; also when whoever read the output has seen enough of it. */
  public static final int OK = 0;

  /** Everything ran, but a claim did not hold. */
  public static final int CLAIM_FAILED = 1;

  /** The command line or a file is wrong, or the output cannot be written. */
  public static final int USAGE = 2;

  /** A bug in oomlab: EX_SOFTWARE of sysexits.h. */
  public static final int BUG = 70;

  /** Ctrl-C: 128 and the number of SIGINT, as shells report it. */
  public static final int INTERRUPTED = 130;

  private ExitCodes() {}
}
