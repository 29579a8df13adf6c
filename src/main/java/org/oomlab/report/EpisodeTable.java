package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;

/** A block for each workload and policy, a row for each seed. */
final class EpisodeTable extends TableReport<Outcome> {
  /** More victims than this are told by their number. */
  private static final int VICTIMS = 4;

  private static final List<Metric> METRICS =
      List.of(
          Metric.KILLS,
          Metric.EXTRA_KILLS_1S,
          Metric.EXTRA_KILLS_10S,
          Metric.RECOVERY_MS,
          Metric.EPISODE_MS,
          Metric.STALL_MS,
          Metric.RESERVE_MIN_PAGES,
          Metric.BROKEN_FUTEXES,
          Metric.WORK_LOST);

  private static final List<Head> HEADS =
      List.of(
          new Head("", "seed", true),
          new Head("", "outcome", false),
          new Head("", "kills", true),
          new Head("extra kills", "@1s", true, 3),
          new Head("extra kills", "@10s", true),
          new Head("", "recovery", true),
          new Head("", "episode", true, 5),
          new Head("", "stall", true, 6),
          new Head("least", "free", true, 7),
          new Head("broken", "futexes", true, 8),
          new Head("work", "lost", true, 9),
          new Head("", "victims", false, 0));

  private long outcomes;

  EpisodeTable(Writer out, Plan plan, boolean markdown, boolean colour) {
    super(out, plan, markdown, colour);
  }

  @Override
  Case next(Outcome outcome) {
    return plan().cases().get(Math.toIntExact(outcomes++ / plan().seeds().count()));
  }

  @Override
  boolean together(Case a, Case b) {
    return a.equals(b);
  }

  @Override
  String title(Case first) {
    return first.workload().name() + " under " + first.policy().name();
  }

  @Override
  Table table(List<Outcome> outcomes, Notes notes) {
    Table table = new Table(HEADS);
    outcomes.forEach(outcome -> table.add(fields(outcome, notes)));
    return table;
  }

  private static List<Field> fields(Outcome outcome, Notes notes) {
    String panic = outcome.panicText() == null ? "" : notes.mark("panic: " + outcome.panicText());
    return Stream.of(
            Stream.of(
                Field.of(Long.toString(outcome.seed())),
                new Field(outcome.verdictText() + panic, tone(outcome.verdict()))),
            METRICS.stream().map(m -> Field.of(Numbers.human(m.unit(), m.of(outcome)))),
            Stream.of(Field.of(victims(everybody(outcome)))))
        .flatMap(fields -> fields)
        .toList();
  }

  /** The same columns behind what a sweep varies, and the policy. */
  static Report<SweepRow<Outcome>> ofSweep(
      Writer out, SweepRow.Design design, boolean markdown, boolean colour) {
    return new SweepTable<>(out, design, markdown, colour) {
      @Override
      String workload(Outcome outcome) {
        return outcome.workload();
      }

      @Override
      List<Head> heads(List<Outcome> outcomes) {
        return Stream.concat(Stream.of(new Head("", "policy", false)), HEADS.stream()).toList();
      }

      @Override
      List<Field> fields(Outcome outcome, List<Outcome> outcomes, Notes notes) {
        return Stream.concat(
                Stream.of(Field.of(outcome.policy())), EpisodeTable.fields(outcome, notes).stream())
            .toList();
      }
    };
  }

  static Tone tone(Verdict verdict) {
    return switch (verdict) {
      case RECOVERED -> Tone.GOOD;
      case PANIC, LIVELOCK -> Tone.BAD;
      case UNDECIDED -> Tone.DOUBTFUL;
      case RUNNING, NO_OOM -> Tone.PLAIN;
    };
  }

  /** Whom the kernel has killed, and after these whom a daemon has. */
  private static List<String> everybody(Outcome outcome) {
    List<String> all = new ArrayList<>(outcome.victims());
    outcome.daemonVictims().forEach(victim -> all.add(victim + " (daemon)"));
    return all;
  }

  private static String victims(List<String> victims) {
    String named = victims.stream().limit(VICTIMS).collect(Collectors.joining(" "));
    int more = victims.size() - VICTIMS;
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
