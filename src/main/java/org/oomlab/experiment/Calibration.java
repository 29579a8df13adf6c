package org.oomlab.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Unknown;
import org.oomlab.workload.Workload;

/**
 * Finds costs that nobody has measured from figures that somebody has: by running what was measured
 * with other and other costs, until its figures are as near as they get.
 */
public final class Calibration {
  /** Costs are told to so many digits; more would pretend. */
  private static final MathContext DIGITS = new MathContext(3);

  /** What is needed to run it. */
  public interface World {
    /** The costs, with the unknown ones set to these values, as a cost file says them. */
    Costs costs(Map<String, String> found);

    /** A workload by its name. */
    Workload workload(String name);

    /** A policy by its name. */
    Policy policy(String name);

    /** Called before every run; throws to stop. */
    default void checkpoint() {}
  }

  /**
   * What was found.
   *
   * @param found each unknown with its value as a cost file says it
   * @param simulated for each figure what comes of these values, in the figure's unit
   */
  public record Result(Map<String, String> found, List<Double> simulated) {}

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
    LeastSquares problem =
        new LeastSquares(
            numbers(unknowns, Unknown::low),
            numbers(unknowns, Unknown::high),
            values -> calibration.simulate(calibration.spell(values, MathContext.DECIMAL64)));
    double[] values =
        problem.solve(
            numbers(unknowns, Unknown::start), numbers(measurements.figures(), Figure::value));
    Map<String, String> found = calibration.spell(values, DIGITS);
    return new Result(found, Arrays.stream(calibration.simulate(found)).boxed().toList());
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
      String text =
          unknown.isSpan()
              ? Math.round(value.doubleValue()) + "ns"
              : value.stripTrailingZeros().toPlainString();
      spelled.put(unknown.key(), text);
    }
    return spelled;
  }

  private double[] simulate(Map<String, String> values) {
    Costs costs = world.costs(values);
    Map<Run, List<Outcome>> outcomes = new LinkedHashMap<>();
    return numbers(
        measurements.figures(),
        figure -> {
          Run run = new Run(figure.workload(), figure.policy(), figure.seeds());
          List<Outcome> its = outcomes.computeIfAbsent(run, r -> episodes(r, costs));
          Metric metric = Metric.named(figure.metric()).orElseThrow();
          return its.stream().mapToDouble(metric::of).average().orElseThrow();
        });
  }

  private List<Outcome> episodes(Run run, Costs costs) {
    world.checkpoint();
    Case before =
        known.computeIfAbsent(
            run, r -> new Case(world.workload(r.workload()), costs, world.policy(r.policy())));
    Episode bench = new Episode(new Case(before.workload(), costs, before.policy()), false);
    List<Outcome> outcomes = new ArrayList<>();
    for (long seed = run.seeds().first(); seed <= run.seeds().last(); seed++) {
      outcomes.add(bench.run(seed));
    }
    return outcomes;
  }
}
