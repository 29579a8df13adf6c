package org.oomlab.statistics;

import org.oomlab.engine.RandomStream;

/**
 * The numbers below some bound in another order, which is computed and not stored, so that millions
 * of them take no memory.
 *
 * <p>A Feistel network of four rounds permutes the numbers of an even count of bits; what falls
 * outside the bound goes through it again until it does not (J. Black and P. Rogaway, "Ciphers with
 * Arbitrary Finite Domains", 2002).
 */
public final class Shuffle {
  private static final int ROUNDS = 4;

  private final long seed;
  private final long bound;
  private final int halfBits;

  /** The order that belongs to a seed, of the numbers from 0 to {@code bound} - 1. */
  public Shuffle(long seed, long bound) {
    assert bound > 0 && bound <= 1L << 62;
    this.seed = seed;
    this.bound = bound;
    this.halfBits = Math.max(1, (65 - Long.numberOfLeadingZeros(bound - 1)) / 2);
  }

  /** The number in this place. */
  public long at(long place) {
    long number = place;
    do { // Ends: the network is a permutation, so it leads back into the bound, at last to place.
      number = permuted(number);
    } while (number >= bound);
    return number;
  }

  private long permuted(long number) {
    long mask = (1L << halfBits) - 1;
    long left = number >>> halfBits;
    long right = number & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = left ^ RandomStream.split(RandomStream.split(seed, round), right) & mask;
      left = right;
      right = mixed;
    }
    return left << halfBits | right;
  }
}
