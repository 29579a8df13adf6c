package org.oomlab.experiment;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The simulator broke its own rules in an episode: a bug in oomlab, never in its input. */
public final class EpisodeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String workload;
  private final String policy;
  private final long seed;
  private final long events;
  private final long digest;

  EpisodeFailure(
      Experiment.Case of, long seed, Experiment.@Nullable Bench<?> bench, Throwable cause) {
    super(
        "workload "
            + of.workload().name()
            + ", policy "
            + of.policy().name()
            + ", seed "
            + seed
            + " failed after event "
            + eventsOf(bench)
            + ", at digest "
            + HexFormat.of().toHexDigits(digestOf(bench))
            + ": "
            + cause,
        cause);
    this.workload = of.workload().name();
    this.policy = of.policy().name();
    this.seed = seed;
    this.events = eventsOf(bench);
    this.digest = digestOf(bench);
  }

  private static long eventsOf(Experiment.@Nullable Bench<?> bench) {
    return bench == null ? 0 : bench.events();
  }

  private static long digestOf(Experiment.@Nullable Bench<?> bench) {
    return bench == null ? 0 : bench.digest();
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

  /**
   * How many events the episode had had; if what failed was the look at what would have been, those
   * before the kill in question.
   */
  public long events() {
    return events;
  }

  /** The digest of what had happened before. */
  public long digest() {
    return digest;
  }
}
