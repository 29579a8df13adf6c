package org.oomlab.workload;

import java.util.List;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;

/**
 * How much there is of a workload, and how much there may be: what takes memory when the machine is
 * made, and how many steps its programs can come to by the end of an episode.
 */
public final class Extent {
  /** Threads that there may be. */
  public static final long MOST_THREADS = 200_000;

  /** Mappings that there may be in all address spaces together. */
  public static final long MOST_MAPPINGS = 1_000_000;

  /** Steps that there may be in the programs of all threads, each written step once a process. */
  public static final long MOST_WRITTEN_STEPS = 1_000_000;

  /** Steps that all threads together may do by the horizon. */
  public static final long MOST_STEPS = 1_000_000_000;

  /** Steps without a time of their own that a thread does before it lets a tick go by. */
  private static final long STEPS_AT_ONCE = 1000;

  /** No draw of a distribution is further than so many standard deviations from its middle. */
  private static final int DEVIATIONS = 9;

  /** The longest that an exponential one is drawn, in means: -ln(2^-53). */
  private static final double LONGEST_MEANS = 36.8;

  private final double horizonNs;
  private final double tickNs;

  private Extent(Workload workload) {
    this.horizonNs = workload.horizon();
    this.tickNs = (double) Span.SECOND / workload.machine().hz();
  }

  /** Threads of all processes. */
  public static long threads(List<ProcessSpec> processes) {
    return processes.stream()
        .mapToLong(
            each -> each.count() * each.threads().stream().mapToLong(ThreadSpec::count).sum())
        .sum();
  }

  /** Mappings of all address spaces. */
  public static long mappings(List<ProcessSpec> processes) {
    return processes.stream().mapToLong(each -> (long) each.count() * each.memory().size()).sum();
  }

  /** Steps of all programs, as they are written. */
  public static long writtenSteps(List<ProcessSpec> processes) {
    return processes.stream()
        .mapToLong(
            each -> each.count() * each.threads().stream().mapToLong(it -> written(it.run())).sum())
        .sum();
  }

  private static long written(List<Step> steps) {
    long sum = 0;
    for (Step step : steps) {
      if (step instanceof Step.Repeat it) {
        sum += written(it.steps());
      } else if (step instanceof Step.Chance it) {
        sum += written(it.steps());
      }
      sum++;
    }
    return sum;
  }

  /** How many steps a process's threads come to by the horizon, if nothing else stops them. */
  public static double steps(Workload workload, ProcessSpec process) {
    Extent extent = new Extent(workload);
    double sum = 0;
    for (ThreadSpec thread : process.threads()) {
      sum += thread.count() * extent.of(thread.run()).steps();
    }
    return process.count() * sum;
  }

  /** What a list of steps comes to. */
  private record Course(double steps, double ns) {}

  private Course of(List<Step> steps) {
    double done = 0;
    double ns = 0;
    for (Step step : steps) {
      Course course = of(step);
      done += course.steps();
      ns = Math.min(horizonNs, ns + course.ns());
    }
    return new Course(done, ns);
  }

  private Course of(Step step) {
    if (step instanceof Step.Repeat it) {
      Course round = of(it.steps());
      double most = it.times() < 0 ? Double.MAX_VALUE : it.times();
      double roundNs = round.ns() > 0 ? round.ns() : round.steps() * tickNs / STEPS_AT_ONCE;
      double rounds = Math.min(most, roundNs > 0 ? 1 + horizonNs / roundNs : 1);
      return new Course(rounds * round.steps(), Math.min(horizonNs, rounds * round.ns()));
    } else if (step instanceof Step.Chance it) {
      Course inside = of(it.steps());
      return new Course(1 + it.probability() * inside.steps(), it.probability() * inside.ns());
    } else if (step instanceof Step.WaitLocked) {
      return new Course(horizonNs / tickNs, 0);
    }
    return new Course(1, middle(time(step)));
  }

  private static Quantity time(Step step) {
    if (step instanceof Step.Sleep it) {
      return it.time();
    } else if (step instanceof Step.Block it) {
      return it.time();
    } else if (step instanceof Step.Compute it) {
      return it.time();
    }
    return step instanceof Step.MmapLock it ? it.time() : new Quantity.Constant(0);
  }

  /** About the middle of what is drawn. */
  public static double middle(Quantity quantity) {
    if (quantity instanceof Quantity.Constant it) {
      return it.value();
    } else if (quantity instanceof Quantity.Uniform it) {
      return ((double) it.low() + it.high()) / 2;
    } else if (quantity instanceof Quantity.LogUniform it) {
      return ((double) it.low() + it.high()) / 2;
    } else if (quantity instanceof Quantity.Exponential it) {
      return it.mean();
    } else if (quantity instanceof Quantity.Normal it) {
      return it.mean();
    }
    return quantity instanceof Quantity.LogNormal it ? it.median() : 0;
  }

  /** About the largest that can be drawn. */
  public static double largest(Quantity quantity) {
    if (quantity instanceof Quantity.Constant it) {
      return it.value();
    } else if (quantity instanceof Quantity.Uniform it) {
      return it.high();
    } else if (quantity instanceof Quantity.LogUniform it) {
      return it.high();
    } else if (quantity instanceof Quantity.Exponential it) {
      return LONGEST_MEANS * it.mean();
    } else if (quantity instanceof Quantity.Normal it) {
      return it.mean() + DEVIATIONS * (double) it.deviation();
    }
    Quantity.LogNormal it = (Quantity.LogNormal) quantity;
    double largest = it.median();
    for (int i = 0; i < DEVIATIONS; i++) {
      largest *= it.factor();
    }
    return largest;
  }
}
