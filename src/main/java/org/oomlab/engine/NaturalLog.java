package org.oomlab.engine;

/**
 * The natural logarithm, the same on every virtual machine: additions and multiplications, which
 * Java defines to the last bit, and a table made by {@link StrictMath}.
 *
 * <p>{@code Math.log} may differ between virtual machines, and {@code StrictMath.log} is native
 * code before Java 21: calling it took a seventh of an episode's time.
 */
final class NaturalLog {
  private static final int INDEX_BITS = 7;
  private static final int SIZE = 1 << INDEX_BITS;
  private static final int MANTISSA_BITS = 52;
  private static final int BIAS = 1023;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final long ONE = (long) BIAS << MANTISSA_BITS;

  /** The bits of a mantissa that say in which part of [1, 2) it is. */
  private static final long PART = MANTISSA & -(1L << (MANTISSA_BITS - INDEX_BITS));

  /** Half of such a part. */
  private static final long HALF_PART = 1L << (MANTISSA_BITS - INDEX_BITS - 1);

  private static final double LN2 = StrictMath.log(2);

  /** The logarithm in the middle of each part of [1, 2), and one over that middle. */
  private static final double[] LOG = new double[SIZE];

  private static final double[] INVERSE = new double[SIZE];

  static {
    for (int i = 0; i < SIZE; i++) {
      LOG[i] = StrictMath.log(middle(i));
      INVERSE[i] = 1 / middle(i);
    }
  }

  private NaturalLog() {}

  private static double middle(int part) {
    return 1 + (part + 0.5) / SIZE;
  }

  /**
   * ln(x), off by two units in its last place at most, or by 4e-16 where it is close to 0.
   *
   * @param x positive, finite, and no smaller than {@link Double#MIN_NORMAL}
   */
  static double of(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> MANTISSA_BITS) - BIAS;
    int part = (int) (bits >>> (MANTISSA_BITS - INDEX_BITS)) & (SIZE - 1);
    double mantissa = Double.longBitsToDouble(bits & MANTISSA | ONE);
    double middle = Double.longBitsToDouble(bits & PART | HALF_PART | ONE); // middle(part), sooner
    // x = 2^exponent × middle × (1 + r), where r is below 2^-8: six terms of ln(1 + r) will do, in
    // an order that does not have every operation wait for the one before.
    double r = (mantissa - middle) * INVERSE[part];
    double square = r * r;
    double high = (1 / 3.0 - r * (1 / 4.0)) + square * (1 / 5.0 - r * (1 / 6.0));
    double series = r * ((1 - r * (1 / 2.0)) + square * high);
    return exponent * LN2 + (LOG[part] + series);
  }
}
