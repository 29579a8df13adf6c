package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.apache.commons.math3.stat.StatUtils;
import org.oomlab.engine.RandomStream;
import org.oomlab.statistics.Estimate;

/** Finds out which of its inputs a result depends on, and how much. */
public final class Sensitivity {
  private static final int RESAMPLES = 400;
  private static final int LEVELS = 4;

  /** Groups of points that are the least to estimate anything from. */
  public static final int FEWEST = 2;

  private Sensitivity() {}

  /** Something with several inputs, each from 0 to 1, and one result. */
  @FunctionalInterface
  public interface Model {
    /** The results at these points, in their order; fewer if somebody stopped it. */
    double[] at(List<double[]> points) throws InterruptedException;
  }

  /**
   * How much an input matters.
   *
   * @param main its own effect: the first-order index, or Morris's mean absolute effect
   * @param total its effect together with others: the total index, or for Morris's method the
   *     standard deviation of its effects, which is zero if it acts the same everywhere
   */
  public record Influence(Estimate main, Estimate total) {}

  /**
   * What was found.
   *
   * @param influences of each input
   * @param results every result there was
   */
  public record Found(List<Influence> influences, List<Double> results) {
    public Found {
      influences = List.copyOf(influences);
      results = List.copyOf(results);
    }
  }

  /**
   * Sobol's indices: which share of the variance goes with an input alone, and which with it at
   * all.
   *
   * <p>From {@code samples * (inputs + 2)} points of Sobol's sequence, by Jansen's estimators
   * (Saltelli and others, "Variance based sensitivity analysis of model output", 2010, table 2),
   * with intervals by resampling. Estimates of small indices may be slightly negative.
   *
   * @param seed of the resampling
   */
  public static Found sobol(int inputs, int samples, long seed, Model model)
      throws InterruptedException {
    List<double[]> points = new ArrayList<>();
    SobolSequenceGenerator sequence = new SobolSequenceGenerator(2 * inputs);
    sequence.skipTo(1); // the first point is a corner
    for (int i = 0; i < samples; i++) {
      double[] both = sequence.nextVector();
      double[] a = Arrays.copyOf(both, inputs);
      double[] b = Arrays.copyOfRange(both, inputs, 2 * inputs);
      points.add(a);
      points.add(b);
      for (int input = 0; input < inputs; input++) {
        double[] mixed = a.clone();
        mixed[input] = b[input];
        points.add(mixed);
      }
    }
    int block = inputs + 2;
    double[] results = whole(model.at(points), block);
    List<Influence> influences = new ArrayList<>();
    for (int input = 0; input < inputs; input++) {
      int mixed = 2 + input;
      influences.add(
          new Influence(
              index(results, block, 1, mixed, true, seed),
              index(results, block, 0, mixed, false, seed)));
    }
    return new Found(influences, boxed(results));
  }

  /** Half the mean squared difference between two columns, as a share of the variance. */
  private static Estimate index(
      double[] results, int block, int one, int other, boolean complement, long seed) {
    int samples = results.length / block;
    ToDoubleFunction<int[]> of =
        rows -> {
          double sum = 0;
          double[] pool = new double[2 * rows.length];
          for (int k = 0; k < rows.length; k++) {
            int at = rows[k] * block;
            double difference = results[at + one] - results[at + other];
            sum += difference * difference;
            pool[2 * k] = results[at];
            pool[2 * k + 1] = results[at + 1];
          }
          double variance = StatUtils.populationVariance(pool);
          double share = variance == 0 ? 0 : sum / (2.0 * rows.length) / variance;
          return variance == 0 ? 0 : complement ? 1 - share : share;
        };
    return resampled(samples, seed, of);
  }

  /** An estimate from rows, with the interval that chance gives it: a percentile bootstrap. */
  private static Estimate resampled(int rows, long seed, ToDoubleFunction<int[]> of) {
    int[] all = new int[rows];
    Arrays.setAll(all, i -> i);
    RandomStream random = new RandomStream(RandomStream.split(seed, "bootstrap"));
    double[] again = new double[RESAMPLES];
    int[] drawn = new int[rows];
    for (int i = 0; i < RESAMPLES; i++) {
      Arrays.setAll(drawn, k -> (int) random.nextBelow(rows));
      again[i] = of.applyAsDouble(drawn);
    }
    Arrays.sort(again);
    int tail = RESAMPLES / 40;
    return new Estimate(of.applyAsDouble(all), again[tail], again[RESAMPLES - 1 - tail]);
  }

  /**
   * Morris's screening: how much the result changes when one input moves by two thirds of its
   * range, at many places, in units of the whole range. From {@code trajectories * (inputs + 1)}
   * points (M. Morris, "Factorial sampling plans for preliminary computational experiments", 1991;
   * mean of absolute effects after Campolongo and others, 2007).
   */
  public static Found morris(int inputs, int trajectories, long seed, Model model)
      throws InterruptedException {
    RandomStream random = new RandomStream(RandomStream.split(seed, "morris"));
    double step = LEVELS / (2.0 * (LEVELS - 1));
    List<double[]> points = new ArrayList<>();
    int[][] orders = new int[trajectories][];
    for (int t = 0; t < trajectories; t++) {
      double[] point = new double[inputs];
      for (int i = 0; i < inputs; i++) {
        point[i] = (double) random.nextBelow(LEVELS) / (LEVELS - 1);
      }
      points.add(point);
      orders[t] = order(inputs, random);
      for (int input : orders[t]) {
        point = point.clone();
        point[input] += point[input] + step <= 1 + 1e-9 ? step : -step;
        points.add(point);
      }
    }
    double[] results = whole(model.at(points), inputs + 1);
    int complete = results.length / (inputs + 1);
    double[][] effects = new double[inputs][complete];
    for (int t = 0; t < complete; t++) {
      int at = t * (inputs + 1);
      for (int k = 0; k < inputs; k++) {
        int input = orders[t][k];
        double moved = points.get(at + k + 1)[input] - points.get(at + k)[input];
        effects[input][t] = (results[at + k + 1] - results[at + k]) / moved;
      }
    }
    List<Influence> influences = new ArrayList<>();
    for (double[] of : effects) {
      influences.add(
          new Influence(
              resampled(complete, seed, rows -> meanSize(of, rows)),
              resampled(complete, seed, rows -> deviation(of, rows))));
    }
    return new Found(influences, boxed(results));
  }

  /** As many results as belong to whole groups of points. */
  private static double[] whole(double[] results, int group) {
    if (results.length < FEWEST * group) {
      throw new CancellationException("stopped before there was anything to say");
    }
    return Arrays.copyOf(results, results.length / group * group);
  }

  private static int[] order(int inputs, RandomStream random) {
    int[] order = new int[inputs];
    for (int i = 0; i < inputs; i++) {
      int j = (int) random.nextBelow(i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static double meanSize(double[] effects, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> Math.abs(effects[row])).average().orElse(0);
  }

  private static double deviation(double[] effects, int[] rows) {
    return Math.sqrt(
        StatUtils.variance(Arrays.stream(rows).mapToDouble(row -> effects[row]).toArray()));
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /**
   * The model of a result of episodes: an objective, or if there are several policies, by how much
   * it is more under the second than under the first.
   *
   * @param points makes the cases of a point; those of a policy at a stride of the number of
   *     policies
   * @param policies 1 or 2
   * @param objective what the result is
   * @return the results, up to the first point that was not reached before somebody stopped it
   */
  public static double[] results(
      Experiment.Plan points,
      int casesOfPoint,
      int policies,
      Objective objective,
      Progress progress)
      throws InterruptedException {
    long seeds = points.seeds().count();
    double[] results = new double[points.cases().size() / casesOfPoint];
    long[] number = {0};
    double weight = (double) policies / casesOfPoint / seeds;
    Experiment.run(
        points,
        outcome -> {
          long of = number[0]++ / seeds;
          boolean minuend = policies == 1 || of % casesOfPoint % policies == 1;
          double value = objective.of(outcome) * weight;
          results[(int) (of / casesOfPoint)] += minuend ? value : -value;
        },
        progress);
    return Arrays.copyOf(results, (int) (number[0] / seeds / casesOfPoint));
  }
}
