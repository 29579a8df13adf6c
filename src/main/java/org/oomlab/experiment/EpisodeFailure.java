package org.oomlab.experiment;

import java.util.HexFormat;

/** The simulator broke its own rules in an episode: a bug in oomlab, never in its input. */
public final class EpisodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String workload;
  private final String policy;
  private final long seed;
  private final long digest;

  EpisodeFailure(Experiment.Case of, long seed, long digest, Throwable cause) {
    super(
        "workload "
            + of.workload().name()
            + ", policy "
            + of.policy().name()
            + ", seed "
            + seed
            + " failed at digest "
            + HexFormat.of().toHexDigits(digest)
            + ": "
            + cause,
        cause);
    this.workload = of.workload().name();
    this.policy = of.policy().name();
    this.seed = seed;
    this.digest = digest;
  }

  /** Name of the workload. */
  public String workload() {
    return workload;
  }

  /** Name of the policy. */
  public String policy() {
    return policy;
  }

  /** The episode's seed. */
  public long seed() {
    return seed;
  }

  /** The digest of what had happened before. */
  public long digest() {
    return digest;
  }
}
