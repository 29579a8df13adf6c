package org.oomlab.bench;

/**
 * SplitMix64, and exponential spans by inversion: the increments of the C++ reference that the
 * figures are compared with, and not those of {@code engine}, which are quicker.
 */
final class Chance {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  Chance(long seed) {
    this.state = seed;
  }

  void restart(long seed) {
    state = seed;
  }

  long bits() {
    state += GOLDEN_GAMMA;
    long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** From 0 on, rounded down. */
  long exponential(double mean) {
    double uniform = (bits() >>> 11) * 0x1.0p-53;
    return (long) (-mean * Math.log(1 - uniform));
  }
}
