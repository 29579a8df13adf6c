package org.oomlab.experiment;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.oomlab.kernel.Verdict;
import org.oomlab.unit.Span;

/** Something that is true or false of one episode. */
sealed interface Statement {
  /** How the badness of a process is found out: at the first OOM of the episode of this seed. */
  @FunctionalInterface
  interface Badness {
    /** Points, {@link Long#MIN_VALUE} if not eligible; empty if the episode has no OOM. */
    OptionalLong of(long seed, int process);
  }

  /** Whether it is true. */
  boolean holds(Outcome outcome, Badness badness);

  /** What is true instead. */
  String measured(Outcome outcome, Badness badness);

  /** A metric is in a range. */
  record OfMetric(Metric metric, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      return range.allows(metric.of(outcome));
    }

    @Override
    public String measured(Outcome outcome, Badness badness) {
      return metric.unit().show(metric.of(outcome));
    }
  }

  /** The episode ended so. */
  record OfVerdict(Verdict verdict) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      return outcome.verdict() == verdict;
    }

    @Override
    public String measured(Outcome outcome, Badness badness) {
      return outcome.verdictText();
    }
  }

  /** Last of the victims: whoever comes then, if anybody does. */
  String MORE = "...";

  /** These were killed, in one of these orders; {@code worker[*]} is any copy of a process. */
  record OfVictims(List<List<String>> alternatives) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      return alternatives.stream().anyMatch(each -> isWhatHappened(each, outcome.victims()));
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
    public String measured(Outcome outcome, Badness badness) {
      return outcome.kills().isEmpty() ? "none" : String.join(";", outcome.victims());
    }
  }

  /** The panic's words contain these. */
  record OfPanicText(String part) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      return outcome.panicText() != null && outcome.panicText().contains(part);
    }

    @Override
    public String measured(Outcome outcome, Badness badness) {
      return outcome.panicText() == null ? "no panic" : outcome.panicText();
    }
  }

  /** The kills came at these times after the first OOM call; ranges are in nanoseconds. */
  record OfKillTimes(List<Range> times) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      List<KillRecord> kills = outcome.kills();
      return kills.size() == times.size()
          && IntStream.range(0, times.size())
              .allMatch(i -> times.get(i).allows((double) kills.get(i).atNs()));
    }

    @Override
    public String measured(Outcome outcome, Badness badness) {
      LongStream times = outcome.kills().stream().mapToLong(KillRecord::atNs);
      return outcome.kills().isEmpty()
          ? "none"
          : times.mapToObj(Span::format).collect(Collectors.joining(";"));
    }
  }

  /** A process's badness at the first OOM is in a range; NaN stands for "not eligible". */
  record OfBadness(int process, Range range) implements Statement {
    @Override
    public boolean holds(Outcome outcome, Badness badness) {
      OptionalLong points = badness.of(outcome.seed(), process);
      return points.isPresent() && range.allows(orAbsent(points.getAsLong()));
    }

    private static double orAbsent(long points) {
      return points == Long.MIN_VALUE ? Double.NaN : points;
    }

    @Override
    public String measured(Outcome outcome, Badness badness) {
      OptionalLong points = badness.of(outcome.seed(), process);
      if (points.isEmpty()) {
        return "no OOM";
      }
      return points.getAsLong() == Long.MIN_VALUE
          ? "ineligible"
          : Long.toString(points.getAsLong());
    }
  }
}
