package org.oomlab.refute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Dimension;
import org.oomlab.experiment.Formula;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;

/**
 * Something that is claimed of policies in every world: {@code extra_kills(B) <= extra_kills(A)},
 * {@code outcome(B) != panic}. It is a {@link Formula} of the metrics that workloads have claims
 * about.
 *
 * <p>An episode in which a value is absent says nothing about it: no kill, no recovery. But a
 * request that a panic or a livelock has left waiting waits for ever, so that what is measured
 * until it has its memory is more than anything.
 */
public final class Proposition {
  private static final String EXAMPLE =
      "'extra_kills(B) <= extra_kills(A)' or 'outcome(B) != panic'";

  /** Short for the extra kills that a report shows first. */
  private static final String EXTRA_KILLS = "extra_kills";

  private static final String OUTCOME = "outcome";

  private final Formula<Courses> formula;
  private final List<Metric> metrics;
  private final boolean ofOutcome;

  private Proposition(Formula<Courses> formula) {
    this.formula = formula;
    this.metrics =
        formula.words().stream()
            .flatMap(word -> Stream.ofNullable(metric(word)))
            .distinct()
            .toList();
    this.ofOutcome = formula.words().contains(OUTCOME);
  }

  /**
   * Reads one.
   *
   * @throws Formula.Malformed with the column at which it cannot be read, or means nothing
   */
  public static Proposition parse(String text, Sides sides) {
    return new Proposition(Formula.parseTruth(text, new Words(sides), EXAMPLE));
  }

  /** As it was written. */
  public String text() {
    return formula.toString();
  }

  /** The metrics in it. */
  public List<Metric> metrics() {
    return metrics;
  }

  /** Whether it is about how an episode ends. */
  public boolean isOfOutcome() {
    return ofOutcome;
  }

  /** Whether it has to be known which kills were extra. */
  boolean needsCounterfactuals() {
    return metrics.stream().anyMatch(Metric::needsCounterfactuals);
  }

  /** How far a world is from refuting it, 0 to 1; below 0 if it does; NaN if it says nothing. */
  double margin(Courses courses) {
    boolean unfinished =
        courses.of().stream().anyMatch(each -> each.outcome().verdict() == Verdict.RUNNING);
    return unfinished ? Double.NaN : formula.margin(courses);
  }

  /** Whether a world refutes it. */
  boolean isRefutedBy(Courses courses) {
    return margin(courses) < 0;
  }

  private static @Nullable Metric metric(String word) {
    return Metric.named(word.equals(EXTRA_KILLS) ? Metric.EXTRA_KILLS_10S.column() : word)
        .orElse(null);
  }

  private record Words(Sides sides) implements Formula.Vocabulary<Courses> {
    @Override
    public Formula.@Nullable Word<Courses> find(String name) {
      if (name.equals(OUTCOME)) {
        return word(name, Dimension.OUTCOME, side -> new Ending(side));
      }
      for (Verdict verdict : Verdict.values()) {
        if (verdict != Verdict.RUNNING && name.equals(word(verdict))) {
          double ordinal = verdict.ordinal();
          return new Formula.Word<>(
              name, name, Formula.Argument.NONE, Dimension.OUTCOME, nothing -> courses -> ordinal);
        }
      }
      Metric metric = metric(name);
      return metric == null
          ? null
          : word(
              name,
              Dimension.of(metric.unit()),
              side -> courses -> value(metric, courses.of().get(side)));
    }

    private interface OfSide {
      Formula.Value<Courses> read(int side);
    }

    private Formula.Word<Courses> word(String name, Dimension dimension, OfSide reader) {
      boolean alone = sides.policies().size() == 1;
      return new Formula.Word<>(
          name,
          name + "(A) or " + name + "(B)",
          alone ? Formula.Argument.OPTIONAL : Formula.Argument.REQUIRED,
          dimension,
          written -> reader.read(written.isEmpty() && alone ? 0 : sides.named(written)));
    }

    @Override
    public Collection<String> names() {
      List<String> names = new ArrayList<>(List.of(OUTCOME, EXTRA_KILLS));
      for (Metric metric : Metric.values()) {
        names.add(metric.shortName());
      }
      for (Verdict verdict : Verdict.values()) {
        names.add(word(verdict));
      }
      return names;
    }

    private static String word(Verdict verdict) {
      return verdict.name().toLowerCase(Locale.ROOT);
    }
  }

  /** How an episode ended, and how near it came to another end. */
  private record Ending(int side) implements Formula.Value<Courses> {
    @Override
    public double at(Courses courses) {
      return courses.of().get(side).outcome().verdict().ordinal();
    }

    @Override
    public double from(double other, Courses courses) {
      Verdict verdict = Verdict.values()[(int) other];
      return Nearness.to(verdict, courses.of().get(side));
    }
  }

  /** A metric in the unit of its dimension: nanoseconds, pages or a number. */
  private static double value(Metric metric, Course course) {
    Outcome outcome = course.outcome();
    if (metric.needsCounterfactuals() && outcome.kills().isEmpty()) {
      return 0;
    }
    double inside = metric.unit() == Metric.Unit.MILLISECONDS ? 1e6 : 1;
    double value = metric.of(outcome) * inside;
    boolean endless = outcome.verdict() == Verdict.LIVELOCK || outcome.verdict() == Verdict.PANIC;
    return Double.isNaN(value) && endless && isAwaited(metric) ? Double.POSITIVE_INFINITY : value;
  }

  /** Whether it ends with a request that has its memory. */
  private static boolean isAwaited(Metric metric) {
    return switch (metric) {
      case RECOVERY_MS, EPISODE_MS, DEMAND_MET_MS, FIRST_RECOVERY_MS, STABLE_RECOVERY_MS -> true;
      default -> false;
    };
  }
}
