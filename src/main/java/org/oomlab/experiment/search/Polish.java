package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * The last part of a search for one objective: CMA-ES over the ranges, from the best candidate so
 * far, whose other values stay.
 */
final class Polish {
  private final Search.Terms terms;
  private final Trials trials;

  Polish(Search.Terms terms, Trials trials) {
    this.terms = terms;
    this.trials = trials;
  }

  /**
   * Goes on from the best so far until the budget is used up.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  void run() throws InterruptedException {
    int left = terms.budget() - trials.count();
    if (left < 1 || trials.stopped()) {
      return;
    }
    List<String> from = Trial.best(trials.all(), 1).get(0).values();
    List<Integer> ranges = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      if (terms.axes().get(i).size() == 0) {
        ranges.add(i);
      }
    }
    int n = ranges.size();
    double[] start =
        ranges.stream()
            .mapToDouble(i -> terms.axes().get(i).shareOf(from.get(i)))
            .map(share -> Math.max(0, Math.min(1, share)))
            .toArray();
    double[] zero = new double[n];
    double[] one = new double[n];
    double[] sigma = new double[n];
    Arrays.fill(one, 1);
    Arrays.fill(sigma, Evolution.SPREAD);
    CMAESOptimizer optimizer =
        new CMAESOptimizer(
            left,
            0,
            true,
            0,
            0,
            new MersenneTwister(terms.seed()),
            false,
            (iteration, before, now) -> false);
    try {
      optimizer.optimize(
          new InitialGuess(start),
          new SimpleBounds(zero, one),
          new CMAESOptimizer.Sigma(sigma),
          new CMAESOptimizer.PopulationSize(4 + (int) (3 * Math.log(n))),
          new MaxEval(left),
          GoalType.MINIMIZE,
          new ObjectiveFunction(point -> scoreAt(from, ranges, point)));
    } catch (TooManyEvaluationsException enough) {
      // What was tried is remembered.
    } catch (CancellationException wasStopped) {
      trials.stop();
    }
  }

  private double scoreAt(List<String> from, List<Integer> ranges, double[] point) {
    List<String> values = new ArrayList<>(from);
    for (int i = 0; i < point.length; i++) {
      values.set(ranges.get(i), terms.axes().get(ranges.get(i)).at(point[i]));
    }
    try {
      trials.evaluate(List.of(List.copyOf(values)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
    Trial candidate = trials.of(values);
    if (candidate == null) {
      throw new CancellationException();
    }
    return candidate.scores().get(0);
  }
}
