package org.oomlab.experiment.fidelity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.statistics.LeastSquares;
import org.oomlab.statistics.MedianOfFew;
import org.oomlab.statistics.Summary;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Statistic;
import org.oomlab.workload.Measurements.Unknown;
import org.oomlab.workload.Measurements.Use;
import org.oomlab.workload.Workload;

/**
 * Finds costs that nobody has measured from figures that somebody has: by running what was measured
 * with other and other costs, until its figures are as near as they get.
 */
public final class Calibration {
  /** Costs are told to so many digits; more would pretend. */
  private static final MathContext DIGITS = new MathContext(3);

  /** Of an unknown's range: medians go up and down in steps, and a slope must see beyond them. */
  private static final double STEP_BETWEEN_MEDIANS = 0.04;

  /** How far off a simulated median may be to count as near. */
  public static final double NEAR = 0.25;

  /** From here on an error, as a logarithm, counts as large: 22 %. */
  private static final double LARGE = 0.2;

  /** What is needed to run it. */
  public interface World {
    /** The costs, with the unknown ones set to these values, as a cost file says them. */
    Costs costs(Map<String, String> found);

    /** A workload by its name. */
    Workload workload(String name);

    /** A policy by its name. */
    Policy policy(String name);

    /** How much care is taken with each episode. */
    default Rigour rigour() {
      return Rigour.USUAL;
    }

    /** Called before every run; throws to stop. */
    default void checkpoint() {}
  }

  /**
   * What was found.
   *
   * @param found each unknown with its value as a cost file says it
   * @param simulated for each figure what comes of these values
   */
  public record Result(Map<String, String> found, List<Simulated> simulated) {
    public Result {
      found = Collections.unmodifiableMap(new LinkedHashMap<>(found));
      simulated = List.copyOf(simulated);
    }
  }

  /**
   * What is simulated in place of a figure.
   *
   * @param value in the figure's unit
   * @param chance the probability that real runs lie so far from it by chance; NaN if the figure
   *     does not say how many there were
   * @param near the probability that {@link #NEAR} would be kept were the simulation exact; NaN too
   */
  public record Simulated(double value, double chance, double near) {}

  private record Run(String workload, String policy, SeedRange seeds) {}

  private final Measurements measurements;
  private final World world;
  private final Map<Run, Case> known = new LinkedHashMap<>();

  private Calibration(Measurements measurements, World world) {
    this.measurements = measurements;
    this.world = world;
  }

  /**
   * Finds the costs.
   *
   * @throws ArithmeticException if the search leads nowhere
   */
  public static Result of(Measurements measurements, World world) {
    Calibration calibration = new Calibration(measurements, world);
    List<Unknown> unknowns = measurements.unknowns();
    List<Figure> fitted =
        measurements.figures().stream().filter(figure -> figure.use() == Use.FIT).toList();
    boolean smooth = fitted.stream().allMatch(figure -> figure.statistic() == Statistic.MEAN);
    LeastSquares problem =
        new LeastSquares(
            numbers(unknowns, Unknown::low),
            numbers(unknowns, Unknown::high),
            smooth ? LeastSquares.STEP : STEP_BETWEEN_MEDIANS,
            values -> calibration.distances(fitted, values));
    double[] values =
        problem.solve(numbers(unknowns, Unknown::start), numbers(fitted, Figure::value));
    Map<String, String> found = calibration.spell(values, DIGITS);
    return new Result(found, calibration.simulate(measurements.figures(), found));
  }

  /** What comes of the costs as they are: nothing is looked for, and nothing found. */
  public static Result asItIs(Measurements measurements, World world) {
    Calibration calibration = new Calibration(measurements, world);
    return new Result(Map.of(), calibration.simulate(measurements.figures(), Map.of()));
  }

  /** The figures, or what stands for them where not the relative error is to be small. */
  private double[] distances(List<Figure> figures, double[] values) {
    double[] simulated =
        numbers(simulate(figures, spell(values, MathContext.DECIMAL64)), Simulated::value);
    for (int i = 0; i < simulated.length; i++) {
      Figure figure = figures.get(i);
      if (figure.statistic() == Statistic.MEDIAN) {
        simulated[i] = figure.value() * (1 + robust(StrictMath.log(simulated[i] / figure.value())));
      }
    }
    return simulated;
  }

  /**
   * Small errors count by their squares and large ones by their size, so that one scenario whose
   * host was busier than the others' does not decide: the "soft l1" loss.
   */
  private static double robust(double error) {
    double scaled = error / LARGE;
    return Math.copySign(LARGE * Math.sqrt(2 * (Math.sqrt(1 + scaled * scaled) - 1)), error);
  }

  private static <T> double[] numbers(List<T> list, ToDoubleFunction<T> number) {
    return list.stream().mapToDouble(number).toArray();
  }

  /** Each value as a cost file says it. */
  private Map<String, String> spell(double[] values, MathContext digits) {
    Map<String, String> spelled = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      Unknown unknown = measurements.unknowns().get(i);
      BigDecimal value = new BigDecimal(values[i]).round(digits);
      spelled.put(unknown.key(), spell(unknown, value));
      for (Map.Entry<String, Double> other : unknown.with().entrySet()) {
        BigDecimal part = value.multiply(new BigDecimal(other.getValue())).round(digits);
        spelled.put(other.getKey(), spell(unknown, part));
      }
    }
    return spelled;
  }

  private static String spell(Unknown unknown, BigDecimal value) {
    String text =
        unknown.isSpan()
            ? Math.round(value.doubleValue()) + "ns"
            : value.stripTrailingZeros().toPlainString();
    return unknown.factor() == 1 ? text : "{log_normal: [" + text + ", " + unknown.factor() + "]}";
  }

  private List<Simulated> simulate(List<Figure> figures, Map<String, String> values) {
    Costs costs = world.costs(values);
    Map<Run, List<Outcome>> outcomes = new LinkedHashMap<>();
    List<Simulated> simulated = new ArrayList<>();
    for (Figure figure : figures) {
      Run run = new Run(figure.workload(), figure.policy(), figure.seeds());
      simulated.add(of(figure, outcomes.computeIfAbsent(run, r -> episodes(r, costs))));
    }
    return simulated;
  }

  private static Simulated of(Figure figure, List<Outcome> outcomes) {
    Metric metric = Metric.named(figure.metric()).orElseThrow();
    if (figure.statistic() == Statistic.MEAN) {
      double mean = outcomes.stream().mapToDouble(metric::of).average().orElseThrow();
      return new Simulated(mean, Double.NaN, Double.NaN);
    }
    double[] values =
        outcomes.stream().mapToDouble(metric::of).filter(it -> !Double.isNaN(it)).toArray();
    if (figure.runs() == 0 || values.length == 0) {
      return new Simulated(Summary.median(values), Double.NaN, Double.NaN);
    }
    MedianOfFew real = new MedianOfFew(values, figure.runs());
    return new Simulated(Summary.median(values), real.chance(figure.value()), real.within(NEAR));
  }

  private List<Outcome> episodes(Run run, Costs costs) {
    world.checkpoint();
    Case before =
        known.computeIfAbsent(
            run, r -> new Case(world.workload(r.workload()), costs, world.policy(r.policy())));
    Episode bench =
        new Episode(new Case(before.workload(), costs, before.policy(), world.rigour()), false);
    List<Outcome> outcomes = new ArrayList<>();
    for (long seed = run.seeds().first(); seed <= run.seeds().last(); seed++) {
      outcomes.add(bench.run(seed));
    }
    return outcomes;
  }
}
