package org.oomlab.experiment;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.oomlab.kernel.state.Verdict;

/** Something by which two policies are compared, episode by episode. */
public sealed interface Measure {
  /** The same where a policy has a daemon: who was killed for nothing, and who should have been. */
  static List<Measure> usualOfDaemons() {
    return List.of(
        new Ending(Verdict.PANIC),
        new Ending(Verdict.LIVELOCK),
        new Ending(Verdict.UNDECIDED),
        new Figure(Metric.KILLS),
        new Figure(Metric.DAEMON_KILLS),
        new Figure(Metric.NEEDLESS_KILLS),
        new Figure(Metric.MISSED_KILLS),
        new Figure(Metric.FROZEN_MS),
        new Figure(Metric.TIME_TO_ACT_MS),
        new Figure(Metric.STALL_MS),
        new Figure(Metric.WORK_LOST));
  }

  /** What is compared unless somebody asks for something else: how it ends, then what it costs. */
  static List<Measure> usual() {
    return List.of(
        new Ending(Verdict.PANIC),
        new Ending(Verdict.LIVELOCK),
        new Ending(Verdict.UNDECIDED),
        new Figure(Metric.KILLS),
        new Figure(Metric.EXTRA_KILLS_1S),
        new Figure(Metric.EXTRA_KILLS_10S),
        new Figure(Metric.RECOVERY_MS),
        new Figure(Metric.STALL_MS),
        new Figure(Metric.BROKEN_FUTEXES),
        new Figure(Metric.WORK_LOST));
  }

  /** Its name: an outcome or the column of a metric. */
  String name();

  /** What it is counted in. */
  Metric.Unit unit();

  /** Its value in an episode, or NaN if the episode has none. */
  double of(Outcome outcome);

  /** Whether less of it is better, as of nearly everything here. */
  boolean lessIsBetter();

  /** How a measure's values are to be treated. */
  enum Kind {
    /** Milliseconds. */
    TIME,
    /** 1 or 0: in how many episodes something is so. */
    SHARE,
    /** Counts, pages, and all other amounts. */
    NUMBER
  }

  /** How its values are to be treated. */
  default Kind kind() {
    return isTime() ? Kind.TIME : Kind.NUMBER;
  }

  /**
   * Whether it is a time. Times are compared by their ranks, and as a share of the base; everything
   * else by counting which way it differs, and never as a share, since zero is a good answer.
   */
  default boolean isTime() {
    return unit() == Metric.Unit.MILLISECONDS;
  }

  /** Whether an episode ends so: 1 or 0. */
  record Ending(Verdict verdict) implements Measure {
    @Override
    public String name() {
      return Outcome.text(verdict);
    }

    @Override
    public Metric.Unit unit() {
      return Metric.Unit.COUNT;
    }

    @Override
    public Kind kind() {
      return Kind.SHARE;
    }

    @Override
    public double of(Outcome outcome) {
      return outcome.verdict() == verdict ? 1 : 0;
    }

    @Override
    public boolean lessIsBetter() {
      return verdict != Verdict.RECOVERED && verdict != Verdict.NO_OOM;
    }
  }

  /** A metric. */
  record Figure(Metric metric) implements Measure {
    private static final Set<Metric> MORE_IS_BETTER =
        EnumSet.of(
            Metric.RESERVE_MIN_PAGES, Metric.FREED_BY_EXIT_PAGES, Metric.FREED_BY_REAPER_PAGES);

    @Override
    public String name() {
      return metric.column();
    }

    @Override
    public Metric.Unit unit() {
      return metric.unit();
    }

    @Override
    public double of(Outcome outcome) {
      return metric.of(outcome);
    }

    @Override
    public boolean lessIsBetter() {
      return !MORE_IS_BETTER.contains(metric);
    }
  }

  /** The measure of this name: an outcome, or a metric with or without its suffix. */
  static Optional<Measure> named(String name) {
    Optional<Measure> ending =
        Stream.of(Verdict.values())
            .filter(verdict -> verdict != Verdict.RUNNING)
            .filter(verdict -> Outcome.text(verdict).equals(name.replace('_', '-')))
            .findFirst()
            .map(Ending::new);
    return ending.isPresent() ? ending : Metric.named(name).map(Figure::new);
  }
}
