package org.oomlab.experiment.claim;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.oomlab.experiment.Fate;
import org.oomlab.experiment.Happenings;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.Span;

/** Something that is true or false of one episode. */
sealed interface Statement {
  /** What an outcome does not tell of the episode of a seed, and what it takes to find out. */
  interface Inside {
    /** Points at the first OOM, {@link Long#MIN_VALUE} if not eligible; empty if there is none. */
    OptionalLong badness(long seed, int process);

    /** What happened in it. */
    Happenings happenings(long seed);
  }

  /** Whether it is true. */
  boolean holds(Outcome outcome, Inside inside);

  /** What is true instead. */
  String measured(Outcome outcome, Inside inside);

  /** A metric is in a range. */
  record OfMetric(Metric metric, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return range.allows(metric.of(outcome));
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      return metric.unit().show(metric.of(outcome));
    }
  }

  /** The episode ended so. */
  record OfVerdict(Verdict verdict) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return outcome.verdict() == verdict;
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      return outcome.verdictText();
    }
  }

  /** Last of the victims: whoever comes then, if anybody does. */
  String MORE = "...";

  /**
   * These were killed, in one of these orders; {@code worker[*]} is any copy of a process.
   *
   * @param byDaemon by a daemon in user space; else by the kernel
   */
  record OfVictims(List<List<String>> alternatives, boolean byDaemon) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return alternatives.stream().anyMatch(each -> isWhatHappened(each, victims(outcome)));
    }

    private List<String> victims(Outcome outcome) {
      return byDaemon ? outcome.daemonVictims() : outcome.victims();
    }

    private static boolean isWhatHappened(List<String> claimed, List<String> victims) {
      boolean more = claimed.size() > 1 && claimed.get(claimed.size() - 1).equals(MORE);
      int named = claimed.size() - (more ? 1 : 0);
      return (more ? victims.size() >= named : victims.size() == named)
          && IntStream.range(0, named).allMatch(i -> isOne(claimed.get(i), victims.get(i)));
    }

    private static boolean isOne(String claimed, String victim) {
      return victim.equals(claimed) || Fate.withoutNumber(victim).equals(claimed);
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      List<String> victims = victims(outcome);
      return victims.isEmpty() ? "none" : String.join(";", victims);
    }
  }

  /** The panic's words contain these. */
  record OfPanicText(String part) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return outcome.panicText() != null && outcome.panicText().contains(part);
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      return outcome.panicText() == null ? "no panic" : outcome.panicText();
    }
  }

  /** The kills came at these times after the first OOM call; ranges are in nanoseconds. */
  record OfKillTimes(List<Range> times) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      List<KillRecord> kills = outcome.kills();
      return kills.size() == times.size()
          && IntStream.range(0, times.size())
              .allMatch(i -> times.get(i).allows((double) kills.get(i).atNs()));
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      LongStream times = outcome.kills().stream().mapToLong(KillRecord::atNs);
      return outcome.kills().isEmpty()
          ? "none"
          : times.mapToObj(Span::format).collect(Collectors.joining(";"));
    }
  }

  /** A process's badness at the first OOM is in a range; NaN stands for "not eligible". */
  record OfBadness(int process, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      OptionalLong points = inside.badness(outcome.seed(), process);
      return points.isPresent() && range.allows(orAbsent(points.getAsLong()));
    }

    private static double orAbsent(long points) {
      return points == Long.MIN_VALUE ? Double.NaN : points;
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      OptionalLong points = inside.badness(outcome.seed(), process);
      if (points.isEmpty()) {
        return "no OOM";
      }
      return points.getAsLong() == Long.MIN_VALUE
          ? "ineligible"
          : Long.toString(points.getAsLong());
    }
  }

  /** A process was killed at a time after the first OOM call; NaN stands for not at all. */
  record OfKillOf(String process, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return range.allows(at(outcome));
    }

    private double at(Outcome outcome) {
      return outcome.kills().stream()
          .filter(kill -> kill.victim().equals(process))
          .mapToDouble(KillRecord::atNs)
          .findFirst()
          .orElse(Double.NaN);
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      double at = at(outcome);
      return Double.isNaN(at) ? "absent" : Span.format((long) at);
    }
  }

  /** What the episode tells beyond its outcome, as a number; NaN if it is absent. */
  enum Fact {
    RECOVERY_OF,
    REAPER_ATTEMPTS,
    FREE_AT_PANIC;

    double of(Happenings happenings, int process) {
      long value =
          switch (this) {
            case RECOVERY_OF -> happenings.recoveryNs(process);
            case REAPER_ATTEMPTS -> happenings.reaperAttempts(process);
            case FREE_AT_PANIC -> happenings.freeAtPanic();
          };
      return value == Happenings.ABSENT ? Double.NaN : value;
    }

    String show(double value) {
      if (Double.isNaN(value)) {
        return "absent";
      }
      return switch (this) {
        case RECOVERY_OF -> Span.format((long) value);
        case REAPER_ATTEMPTS -> Long.toString((long) value);
        case FREE_AT_PANIC -> Metric.Unit.PAGES.show(value);
      };
    }
  }

  /** Such a number is in a range. */
  record OfFact(Fact fact, int process, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return range.allows(fact.of(inside.happenings(outcome.seed()), process));
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      return fact.show(fact.of(inside.happenings(outcome.seed()), process));
    }
  }

  /** This became of a robust futex. */
  record OfFutex(int futex, Happenings.FutexEnd end) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Inside inside) {
      return inside.happenings(outcome.seed()).futex(futex) == end;
    }

    @Override
    public String measured(Outcome outcome, Inside inside) {
      return inside.happenings(outcome.seed()).futex(futex).name().toLowerCase(Locale.ROOT);
    }
  }
}
