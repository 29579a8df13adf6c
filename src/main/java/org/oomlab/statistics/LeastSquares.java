package org.oomlab.statistics;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.exception.TooManyIterationsException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;

/**
 * Finds the values of unknowns at which the figures of a model come nearest to those wanted: the
 * least sum of squared relative errors, by Levenberg and Marquardt's method.
 */
public final class LeastSquares {
  /** Of an unknown's range: large enough to be seen through what models round. */
  public static final double STEP = 2e-3;

  private static final double TOLERANCE = 1e-9;
  private static final int MOST_ITERATIONS = 100;

  private final double[] low;
  private final double[] high;
  private final UnaryOperator<double[]> model;
  private final double step;

  /** A problem whose model is smooth but for what it rounds. */
  public LeastSquares(double[] low, double[] high, UnaryOperator<double[]> model) {
    this(low, high, STEP, model);
  }

  /**
   * A problem.
   *
   * @param low the least value of each unknown
   * @param high the largest value of each unknown
   * @param step the part of an unknown's range over which the model's slope is taken
   * @param model from the values of the unknowns to the figures
   */
  public LeastSquares(double[] low, double[] high, double step, UnaryOperator<double[]> model) {
    this.low = low.clone();
    this.high = high.clone();
    this.step = step;
    this.model = model;
  }

  /**
   * The values of the unknowns.
   *
   * @param start where to begin, within the ranges
   * @param wanted the figures to come near to; none is 0
   * @throws ArithmeticException if there is no progress towards any
   */
  public double[] solve(double[] start, double[] wanted) {
    double[] ones = new double[wanted.length];
    Arrays.fill(ones, 1);
    try {
      LeastSquaresOptimizer.Optimum optimum =
          new LevenbergMarquardtOptimizer()
              .withCostRelativeTolerance(TOLERANCE)
              .withParameterRelativeTolerance(TOLERANCE)
              .optimize(
                  new LeastSquaresBuilder()
                      .start(scaled(start))
                      .target(ones)
                      .model(at -> linearized(at.toArray(), wanted))
                      .parameterValidator(LeastSquares::clamped)
                      .maxEvaluations(MOST_ITERATIONS)
                      .maxIterations(MOST_ITERATIONS)
                      .build());
      return unscaled(optimum.getPoint().toArray());
    } catch (TooManyEvaluationsException | TooManyIterationsException e) {
      throw new ArithmeticException("no solution found in " + MOST_ITERATIONS + " iterations");
    }
  }

  private Pair<RealVector, RealMatrix> linearized(double[] at, double[] wanted) {
    double[] here = relative(at, wanted);
    double[][] slopes = new double[wanted.length][at.length];
    for (int j = 0; j < at.length; j++) {
      double[] before = at.clone();
      double[] after = at.clone();
      before[j] = Math.max(0, at[j] - step);
      after[j] = Math.min(1, at[j] + step);
      double[] least = relative(before, wanted);
      double[] most = relative(after, wanted);
      for (int i = 0; i < wanted.length; i++) {
        slopes[i][j] = (most[i] - least[i]) / (after[j] - before[j]);
      }
    }
    return new Pair<>(new ArrayRealVector(here, false), new Array2DRowRealMatrix(slopes, false));
  }

  private double[] relative(double[] at, double[] wanted) {
    double[] figures = model.apply(unscaled(at));
    for (int i = 0; i < figures.length; i++) {
      figures[i] /= wanted[i];
    }
    return figures;
  }

  private static RealVector clamped(RealVector at) {
    return at.map(value -> Math.min(1, Math.max(0, value)));
  }

  /** From the unknowns' own units to parts of their ranges. */
  private double[] scaled(double[] values) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (values[i] - low[i]) / (high[i] - low[i]);
    }
    return scaled;
  }

  private double[] unscaled(double[] parts) {
    double[] values = new double[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = low[i] + parts[i] * (high[i] - low[i]);
    }
    return values;
  }
}
