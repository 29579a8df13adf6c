package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Suggestions;

/**
 * Something to be made small: a sum of measures, each with a weight, such as {@code 100*panic +
 * extra_kills_10s + 0.001*recovery_ms}. Of several episodes it is the mean.
 *
 * @param text as it was written
 * @param terms its parts
 */
public record Objective(String text, List<Term> terms) {
  /** A measure and its weight. */
  public record Term(double weight, Measure measure) {}

  private static final Pattern TERM =
      Pattern.compile("(?:(" + Decimal.UNSIGNED + ")\\s*\\*\\s*)?([a-z0-9_-]+)");

  /**
   * A request that was never satisfied after a kill counts as if it had taken this long: the time
   * after which an episode counts as a livelock.
   */
  private static final double NEVER_MS = 60_000;

  public Objective {
    terms = List.copyOf(terms);
  }

  /** What matters unless somebody says otherwise, in this order. */
  public static List<Objective> usual() {
    return List.of(
        parse("panic + livelock + undecided"),
        parse("broken_futexes"),
        parse("extra_kills_10s"),
        parse("recovery_ms"));
  }

  /** The same where a daemon is searched for: the two errors, and the time that is lost. */
  public static List<Objective> usualOfDaemons() {
    return List.of(
        parse("panic + livelock + undecided"),
        parse("needless_kills + missed_kills"),
        parse("frozen_ms"),
        parse("kills"),
        parse("work_lost"));
  }

  /**
   * Reads an objective.
   *
   * @throws IllegalArgumentException saying what is wrong, with the nearest name of a measure
   */
  public static Objective parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : text.split("\\+", -1)) {
      Matcher matcher = TERM.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "expected a sum such as 100*panic + kills, not '" + text + "'");
      }
      String name = matcher.group(2);
      Measure measure = Measure.named(name).orElseThrow(() -> unknown(name));
      double weight = matcher.group(1) == null ? 1 : Decimal.parse(matcher.group(1)).doubleValue();
      if (Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "a weight has at most 308 digits before the point: " + matcher.group(1));
      }
      terms.add(new Term(weight, measure));
    }
    return new Objective(text.strip(), terms);
  }

  private static IllegalArgumentException unknown(String name) {
    List<String> names = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      names.add(metric.column());
    }
    names.addAll(List.of("panic", "livelock", "undecided", "recovered", "no-oom"));
    String nearest = Suggestions.nearest(name, names);
    return new IllegalArgumentException(
        "there is no outcome or metric '"
            + name
            + "'"
            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }

  /** Whether it is known only if kills are asked for their counterfactuals. */
  public boolean needsCounterfactuals() {
    return terms.stream()
        .anyMatch(
            t -> t.measure() instanceof Measure.Figure f && f.metric().needsCounterfactuals());
  }

  /** Its value in an episode. */
  public double of(Outcome outcome) {
    double sum = 0;
    for (Term term : terms) {
      double value = term.measure().of(outcome);
      if (Double.isNaN(value)) {
        value = term.measure().isTime() && !outcome.kills().isEmpty() ? NEVER_MS : 0;
      }
      sum += term.weight() * value;
    }
    return sum;
  }
}
