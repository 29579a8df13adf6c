package org.oomlab.report;

import java.io.Writer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Summary;
import org.oomlab.kernel.Verdict;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;

/** A block for each workload, a row for each policy. */
final class CellTable extends TableReport<Cell> {
  /**
   * A column.
   *
   * @param needed whether it tells anything about this cell; one that tells nothing about any is
   *     left out
   */
  private record Part(Head head, Predicate<Cell> needed, BiFunction<Cell, Notes, Field> field) {}

  private static final List<Part> PARTS =
      List.of(
          always("", "policy", false, (cell, notes) -> Field.of(cell.policy())),
          always("", "outcome", false, CellTable::outcome),
          always("", "kills", true, (cell, notes) -> mean(cell, Metric.KILLS)),
          always("extra kills", "@1s", true, (cell, notes) -> extra(cell, Metric.EXTRA_KILLS_1S)),
          always("extra kills", "@10s", true, (cell, notes) -> extra(cell, Metric.EXTRA_KILLS_10S)),
          always("recovery", "p50", true, CellTable::recovery),
          always("recovery", "p95", true, (cell, notes) -> span(recovery(cell).p95())),
          always("recovery", "max", true, (cell, notes) -> span(recovery(cell).max())),
          ifAny("freed by", "exit", Metric.FREED_BY_EXIT_PAGES),
          ifAny("freed by", "reaper", Metric.FREED_BY_REAPER_PAGES),
          ifAny("broken", "futexes", Metric.BROKEN_FUTEXES),
          ifAny("work", "lost", Metric.WORK_LOST));

  private int cells;

  CellTable(Writer out, Plan plan, boolean markdown, boolean colour) {
    super(out, plan, markdown, colour);
  }

  private static Part always(
      String group, String name, boolean number, BiFunction<Cell, Notes, Field> field) {
    return new Part(new Head(group, name, number), cell -> true, field);
  }

  private static Part ifAny(String group, String name, Metric metric) {
    return new Part(
        new Head(group, name, true),
        cell -> cell.summary(metric).max() > 0,
        (cell, notes) -> mean(cell, metric));
  }

  @Override
  Case next(Cell cell) {
    return plan().cases().get(cells++);
  }

  @Override
  boolean together(Case a, Case b) {
    return a.workload().equals(b.workload()) && a.costs().equals(b.costs());
  }

  @Override
  String title(Case first) {
    return first.workload().name() + ": " + first.workload().title();
  }

  @Override
  Table table(List<Cell> cells, Notes notes) {
    List<Part> parts =
        PARTS.stream().filter(part -> cells.stream().anyMatch(part.needed())).toList();
    Table table = new Table(parts.stream().map(Part::head).toList());
    for (Cell cell : cells) {
      table.add(parts.stream().map(part -> part.field().apply(cell, notes)).toList());
    }
    return table;
  }

  private static Field outcome(Cell cell, Notes notes) {
    String text =
        cell.verdicts().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
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
