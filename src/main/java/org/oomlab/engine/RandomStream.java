package org.oomlab.engine;

/**
 * A stream of random numbers: SplitMix64 over one {@code long}.
 *
 * <p>There is no global generator. Every purpose (a process's sizes, a task's sleeps, a task's
 * latencies) owns a stream seeded from the episode's seed and the purpose's name or number, so a
 * policy that kills one task does not shift the draws of another, and two policies under one seed
 * face the same world.
 *
 * <p>Open only for whoever wants every outcome and not a random one; nothing that ships extends it,
 * so a virtual machine calls it as if it were final.
 */
public class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Where the stream was when {@link #log} was worked out, which then belongs to the next draw. */
  private long logOf;

  private double log;

  private boolean drawn;

  public RandomStream(long seed) {
    this.state = seed;
    this.logOf = ~seed;
  }

  /** Begins the stream again from {@code seed}. */
  public void reseed(long seed) {
    this.state = seed;
    this.logOf = ~seed;
  }

  /** Makes this stream continue exactly as {@code that} will. */
  public void copyFrom(RandomStream that) {
    this.state = that.state;
    this.logOf = that.logOf;
    this.log = that.log;
    this.drawn |= that.drawn;
  }

  /** The seed of an independent stream: a bijective mix of the parent seed and a purpose. */
  public static long split(long seed, long purpose) {
    return mix(seed + GOLDEN_GAMMA * (2 * purpose + 1));
  }

  /** The seed of a stream for a named purpose. */
  public static long split(long seed, String purpose) {
    long hash = 0xcbf29ce484222325L; // FNV-1a: String.hashCode would do, but is only 32 bits wide
    for (int i = 0; i < purpose.length(); i++) {
      hash = (hash ^ purpose.charAt(i)) * 0x100000001b3L;
    }
    return split(seed, hash);
  }

  /**
   * Whether anything was ever drawn from it, whatever its seed was then, or from what it copied.
   */
  public boolean isDrawn() {
    return drawn;
  }

  /** 64 uniform bits. */
  public long nextLong() {
    drawn = true;
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * ln(1 - {@link #nextDouble}). The next one is worked out at once, while nobody waits for it: a
   * processor does that beside what follows, and the next time there is no waiting.
   */
  double nextLog() {
    drawn = true;
    double result = logOf == state ? log : logAfter(state);
    state += GOLDEN_GAMMA;
    logOf = state;
    log = logAfter(state);
    return result;
  }

  private static double logAfter(long state) {
    return NaturalLog.of(1.0 - (mix(state + GOLDEN_GAMMA) >>> 11) * 0x1.0p-53);
  }

  /** Uniform in [0, bound); {@code bound} must be positive. The bias is below bound / 2^64. */
  public long nextBelow(long bound) {
    assert bound > 0;
    return Math.multiplyHigh(nextLong() >>> 1, bound << 1);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
