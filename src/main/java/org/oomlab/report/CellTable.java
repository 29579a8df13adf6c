package org.oomlab.report;

import java.io.Writer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.statistics.Summary;

/** A block for each workload, a row for each policy. */
final class CellTable extends TableReport<Cell> {
  /** The columns. One that tells nothing about any cell is left out. */
  private enum Column {
    POLICY("", "policy", false, 0, null),
    OUTCOME("", "outcome", false, 0, null),
    KILLS("", "kills", true, 0, null),
    DAEMON("killed by", "daemon", true, 0, null),
    NEEDLESS("kills", "needless", true, 0, null),
    MISSED("kills", "missed", true, 0, null),
    FROZEN("time", "frozen", true, 0, null),
    ACTS("time", "to act", true, 0, null),
    EXTRA_1S("extra kills", "@1s", true, 2, null),
    EXTRA_10S("extra kills", "@10s", true, 1, null),
    P50("recovery", "p50", true, 0, null),
    P95("recovery", "p95", true, 4, null),
    MAX("recovery", "max", true, 3, null),
    EXIT("freed by", "exit", true, 6, Metric.FREED_BY_EXIT_PAGES),
    REAPER("freed by", "reaper", true, 7, Metric.FREED_BY_REAPER_PAGES),
    FUTEXES("broken", "futexes", true, 5, Metric.BROKEN_FUTEXES),
    WORK("work", "lost", true, 8, Metric.WORK_LOST);

    private final Head head;

    /** What it tells, if it is not always there. */
    private final @Nullable Metric optional;

    Column(String group, String name, boolean number, int rank, @Nullable Metric optional) {
      this.head = new Head(group, name, number, rank);
      this.optional = optional;
    }

    boolean isNeeded(List<Cell> cells, boolean errors) {
      if (this != POLICY && this != OUTCOME && this != KILLS && this != WORK) {
        boolean isOfErrors = ordinal() < EXTRA_1S.ordinal();
        if (isOfErrors || errors) {
          return isOfErrors && errors;
        }
      }
      if (optional == null) {
        return true;
      }
      for (Cell cell : cells) {
        if (cell.summary(optional).max() > 0) {
          return true;
        }
      }
      return false;
    }
  }

  private int cells;

  CellTable(Writer out, Plan plan, boolean markdown, boolean colour) {
    super(out, plan, markdown, colour);
  }

  @Override
  Case next(Cell cell) {
    return plan().cases().get(cells++);
  }

  @Override
  boolean together(Case a, Case b) {
    // Objects.equals, since they are mostly the same object: comparing what is in them costs a
    // start.
    return Objects.equals(a.workload(), b.workload()) && Objects.equals(a.costs(), b.costs());
  }

  @Override
  String title(Case first) {
    return first.workload().name() + ": " + first.workload().title();
  }

  @Override
  Table table(List<Cell> cells, Notes notes) {
    return block(cells, notes);
  }

  /** The table of one workload. */
  static Table block(List<Cell> cells, Notes notes) {
    Table table = new Table(heads(cells));
    cells.forEach(cell -> table.add(fields(cell, cells, notes)));
    return table;
  }

  /** The columns that these cells need. */
  private static List<Column> needed(List<Cell> cells) {
    boolean errors = hasErrors(cells);
    return Stream.of(Column.values()).filter(column -> column.isNeeded(cells, errors)).toList();
  }

  /** Whether somebody has killed in user space, or ought to have: then that is what matters. */
  private static boolean hasErrors(List<Cell> cells) {
    for (Cell cell : cells) {
      if (cell.summary(Metric.DAEMON_KILLS).max() > 0
          || cell.summary(Metric.MISSED_KILLS).max() > 0) {
        return true;
      }
    }
    return false;
  }

  private static List<Head> heads(List<Cell> cells) {
    return needed(cells).stream().map(column -> column.head).toList();
  }

  private static List<Field> fields(Cell cell, List<Cell> cells, Notes notes) {
    return needed(cells).stream().map(column -> field(column, cell, notes)).toList();
  }

  /** The same columns behind what a sweep varies. */
  static Report<SweepRow<Cell>> ofSweep(
      Writer out, SweepRow.Design design, boolean markdown, boolean colour) {
    return new SweepTable<>(out, design, markdown, colour) {
      @Override
      String workload(Cell cell) {
        return cell.workload();
      }

      @Override
      List<Head> heads(List<Cell> cells) {
        return CellTable.heads(cells);
      }

      @Override
      List<Field> fields(Cell cell, List<Cell> cells, Notes notes) {
        return CellTable.fields(cell, cells, notes);
      }
    };
  }

  private static Field field(Column column, Cell cell, Notes notes) {
    return switch (column) {
      case POLICY -> Field.of(cell.policy());
      case OUTCOME -> outcome(cell, notes);
      case KILLS -> mean(cell, Metric.KILLS);
      case DAEMON -> mean(cell, Metric.DAEMON_KILLS);
      case NEEDLESS -> judged(cell, Metric.NEEDLESS_KILLS, notes);
      case MISSED -> judged(cell, Metric.MISSED_KILLS, notes);
      case FROZEN -> span(cell.summary(Metric.FROZEN_MS).mean());
      case ACTS -> span(cell.summary(Metric.TIME_TO_ACT_MS).p50());
      case EXTRA_1S -> extra(cell, Metric.EXTRA_KILLS_1S);
      case EXTRA_10S -> extra(cell, Metric.EXTRA_KILLS_10S);
      case P50 -> recovery(cell, notes);
      case P95 -> span(recovery(cell).p95());
      case MAX -> span(recovery(cell).max());
      case EXIT -> mean(cell, Metric.FREED_BY_EXIT_PAGES);
      case REAPER -> mean(cell, Metric.FREED_BY_REAPER_PAGES);
      case FUTEXES -> mean(cell, Metric.BROKEN_FUTEXES);
      case WORK -> mean(cell, Metric.WORK_LOST);
    };
  }

  private static Field outcome(Cell cell, Notes notes) {
    String text =
        cell.verdicts().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
            .map(
                entry ->
                    entry.getValue()
                        + " "
                        + Outcome.text(entry.getKey())
                        + (entry.getKey() == Verdict.PANIC ? panics(cell, notes) : ""))
            .collect(Collectors.joining(", "));
    return new Field(text, tone(cell));
  }

  private static String panics(Cell cell, Notes notes) {
    if (cell.panicTexts().isEmpty()) {
      return "";
    }
    boolean alike = cell.panicTexts().size() == 1;
    return notes.mark(
        cell.panicTexts().entrySet().stream()
            .map(entry -> (alike ? "" : entry.getValue() + " × ") + entry.getKey())
            .collect(Collectors.joining("; ", "panic: ", "")));
  }

  private static Tone tone(Cell cell) {
    if (cell.count(Verdict.PANIC) + cell.count(Verdict.LIVELOCK) > 0) {
      return Tone.BAD;
    }
    if (cell.count(Verdict.UNDECIDED) > 0) {
      return Tone.DOUBTFUL;
    }
    return cell.count(Verdict.RECOVERED) > 0 ? Tone.GOOD : Tone.PLAIN;
  }

  private static Field mean(Cell cell, Metric metric) {
    Summary summary = cell.summary(metric);
    return Field.of(
        metric.unit() == Metric.Unit.PAGES
            ? Numbers.human(metric.unit(), summary.mean())
            : Numbers.mean(summary));
  }

  private static Field extra(Cell cell, Metric metric) {
    Summary summary = cell.summary(metric);
    return new Field(Numbers.mean(summary), summary.max() > 0 ? Tone.DOUBTFUL : Tone.PLAIN);
  }

  /** One of the two errors, of which it cannot always be told whether it is one. */
  private static Field judged(Cell cell, Metric metric, Notes notes) {
    Summary summary = cell.summary(metric);
    if (summary.n() == cell.episodes()) {
      return extra(cell, metric);
    }
    String note =
        metric.column()
            + " can be told in "
            + summary.n()
            + " of "
            + cell.episodes()
            + " episodes: the others end too early, or pressure is not measured";
    return new Field(
        (summary.n() == 0 ? "?" : Numbers.mean(summary)) + notes.mark(note), Tone.DOUBTFUL);
  }

  private static Summary recovery(Cell cell) {
    return cell.summary(Metric.RECOVERY_MS);
  }

  private static Field recovery(Cell cell, Notes notes) {
    Summary recovery = recovery(cell);
    if (recovery.n() == 0 && cell.summary(Metric.KILLS).max() > 0) {
      return new Field("never", Tone.BAD);
    }
    if (recovery.n() == 0 || recovery.n() == cell.episodes()) {
      return span(recovery.p50());
    }
    String note =
        "recovery over the "
            + recovery.n()
            + " of "
            + cell.episodes()
            + " episodes in which the request behind the first kill was satisfied";
    return Field.of(Numbers.span(recovery.p50()) + notes.mark(note));
  }

  private static Field span(double milliseconds) {
    return Field.of(Numbers.span(milliseconds));
  }
}
