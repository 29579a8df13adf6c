package org.oomlab.engine;

import java.io.Serializable;

/**
 * A number that may be uncertain: a constant, or a distribution over whole numbers (nanoseconds or
 * pages), drawn from a {@link RandomStream}.
 *
 * <p>Of the functions of a real number only {@link NaturalLog}, {@link NaturalExp} and the square
 * root are used, because the platform's {@code Math.log} may differ between virtual machines in the
 * last bit, and one bit is another episode.
 */
public sealed interface Quantity extends Serializable {
  /** Draws a value, never below zero. A constant draws nothing from the stream. */
  long sample(RandomStream random);

  /** The same value every time. */
  record Constant(long value) implements Quantity {
    @Override
    public long sample(RandomStream random) {
      return value;
    }
  }

  /** Every whole number from {@code low} to {@code high}, both included, equally likely. */
  record Uniform(long low, long high) implements Quantity {
    public Uniform {
      if (low > high) {
        throw new IllegalArgumentException("the range ends before it begins");
      }
    }

    @Override
    public long sample(RandomStream random) {
      return low + random.nextBelow(high - low + 1);
    }
  }

  /**
   * Uniform on a logarithmic scale, for quantities known only to an order of magnitude.
   *
   * @param ratio the logarithm of high / low
   */
  record LogUniform(long low, long high, double ratio) implements Quantity {
    public LogUniform(long low, long high) {
      this(low, high, NaturalLog.of((double) high / low));
      if (low <= 0 || low > high) {
        throw new IllegalArgumentException("a logarithmic range must be positive and ascending");
      }
    }

    @Override
    public long sample(RandomStream random) {
      return (long) (low * NaturalExp.of(random.nextDouble() * ratio) + 0.5);
    }
  }

  /** Exponential with the given mean. */
  record Exponential(long mean) implements Quantity {
    @Override
    public long sample(RandomStream random) {
      return (long) (0.5 - mean * random.nextLog());
    }
  }

  /** Normal with the given mean and standard deviation, cut off at zero. */
  record Normal(long mean, long deviation) implements Quantity {
    @Override
    public long sample(RandomStream random) {
      long value = Math.round(mean + deviation * standardNormal(random));
      return value < 0 ? 0 : value;
    }
  }

  /** Log-normal by its median and the factor that one standard deviation multiplies by. */
  record LogNormal(long median, double factor) implements Quantity {
    public LogNormal {
      if (median <= 0 || !(factor >= 1)) {
        throw new IllegalArgumentException(
            "a log-normal needs a positive median and a factor >= 1");
      }
    }

    @Override
    public long sample(RandomStream random) {
      return Math.round(median * NaturalExp.of(standardNormal(random) * NaturalLog.of(factor)));
    }
  }

  /**
   * A standard normal number by G. Marsaglia's polar method: no cosine, which some virtual machines
   * compute with the help of objects.
   */
  private static double standardNormal(RandomStream random) {
    double u;
    double square;
    do {
      u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    return u * Math.sqrt(-2 * NaturalLog.of(square) / square);
  }

  /** The smallest value that can be drawn: what must fit for the workload to be possible. */
  default long least() {
    if (this instanceof Constant constant) {
      return constant.value();
    }
    if (this instanceof Uniform uniform) {
      return uniform.low();
    }
    return this instanceof LogUniform logUniform ? logUniform.low() : 0;
  }

  /** True if every draw gives the same value. */
  default boolean isConstant() {
    return this instanceof Constant || (this instanceof Uniform u && u.low() == u.high());
  }

  /** True if it is always nothing. */
  default boolean isZero() {
    return isConstant() && least() == 0;
  }
}
