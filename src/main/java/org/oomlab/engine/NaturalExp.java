package org.oomlab.engine;

/**
 * The exponential function, the same on every virtual machine and quicker than {@link StrictMath},
 * which every pass of a request that goes round in vain would call.
 */
public final class NaturalExp {
  private static final int INDEX_BITS = 7;
  private static final int SIZE = 1 << INDEX_BITS;
  private static final int MANTISSA_BITS = 52;
  private static final int BIAS = 1023;

  // ln 2 / 128 in two parts; the first has so few digits that its multiples are exact.
  private static final double LN2 = StrictMath.log(2);
  private static final double STEP_HIGH =
      Double.longBitsToDouble(Double.doubleToRawLongBits(LN2) & -1L << 24) / SIZE;
  private static final double STEP_LOW = LN2 / SIZE - STEP_HIGH + 2.3190468138462996e-17 / SIZE;
  private static final double STEPS = SIZE / LN2;

  /** 2^(i/128). */
  private static final double[] POWER = new double[SIZE];

  static {
    for (int i = 0; i < SIZE; i++) {
      POWER[i] = StrictMath.pow(2, (double) i / SIZE);
    }
  }

  private NaturalExp() {}

  /**
   * e to the power of x, off by three units in its last place at most.
   *
   * @param x from -700 to 700
   */
  public static double of(double x) {
    double steps = Math.rint(x * STEPS);
    int k = (int) steps;
    // e^x = 2^(k/128) × e^r, where r is below 0.0028: five terms will do.
    double r = (x - steps * STEP_HIGH) - steps * STEP_LOW;
    double square = r * r;
    double tail =
        square * (1 / 2.0 + r * (1 / 6.0)) + square * square * (1 / 24.0 + r * (1 / 120.0));
    double power = POWER[k & (SIZE - 1)];
    long scale = (long) ((k >> INDEX_BITS) + BIAS) << MANTISSA_BITS;
    return (power + power * (r + tail)) * Double.longBitsToDouble(scale);
  }
}
