package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.claim.ClaimResult;

/** How results are written. */
public enum ReportFormat {
  /** For people at a terminal. A block is printed when it is complete. */
  TABLE,
  /** A header and a line a row, as they come. */
  CSV,
  /** One array of objects, one a line. */
  JSON,
  /** An object a line, as they come. */
  NDJSON,
  /** The table, to be pasted into a report. */
  MARKDOWN;

  /** What it is called on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A report with a row for each episode.
   *
   * @param out where it goes; stays open
   * @param plan what was run, in the order in which outcomes will come
   * @param colour whether a table may use colours
   */
  public Report<Outcome> episodes(Writer out, Plan plan, boolean colour) {
    return switch (this) {
      case TABLE, MARKDOWN -> new EpisodeTable(out, plan, this == MARKDOWN, colour);
      case CSV -> rows(out, Columns.episodes());
      case JSON, NDJSON -> {
        List<Column<Outcome>> columns = new ArrayList<>(Columns.episodes());
        columns.add(Columns.killed());
        columns.add(Columns.daemonKilled());
        yield rows(out, columns);
      }
    };
  }

  /**
   * A report with a row for each workload and policy.
   *
   * @param out where it goes; stays open
   * @param plan what was run, in the order in which cells will come
   * @param colour whether a table may use colours
   */
  public Report<Cell> cells(Writer out, Plan plan, boolean colour) {
    return switch (this) {
      case TABLE, MARKDOWN -> new CellTable(out, plan, this == MARKDOWN, colour);
      case CSV, JSON, NDJSON -> rows(out, Columns.cells());
    };
  }

  /**
   * A report with a row for each claim, policy and metric.
   *
   * @param out where it goes; stays open
   * @param colour whether a table may use colours
   */
  public Report<ClaimResult> claims(Writer out, boolean colour) {
    return switch (this) {
      case TABLE, MARKDOWN -> new ClaimTable(out, this == MARKDOWN, colour);
      case CSV, JSON, NDJSON -> rows(out, Columns.claims());
    };
  }

  /**
   * Writes what came of a contest.
   *
   * @param out where it goes; stays open
   * @param partial how far it came, or empty if it came to the end
   * @param all whether a table has rows for workloads in which nothing differs as well
   * @param colour whether a table may use colours
   */
  public void contest(
      Writer out, List<Round> rounds, Terms terms, String partial, boolean all, boolean colour) {
    switch (this) {
      case TABLE, MARKDOWN ->
          new ContestTable(rounds, terms, this == MARKDOWN, all, colour).write(out);
      case CSV, JSON, NDJSON -> {
        try (Report<Columns.InRound> report = rows(out, Columns.comparisons())) {
          for (Round round : rounds) {
            round.comparisons().forEach(each -> report.accept(new Columns.InRound(each, round)));
          }
          report.partial(partial);
        }
      }
    }
  }

  /** Writes lines for people, broken where there is no room for them. */
  public static void prose(Writer out, List<String> lines) {
    Page page = new Page(false);
    lines.forEach(page::line);
    page.print(out);
  }

  /** A table of a sweep, a row for each point, workload and policy; for the formats for people. */
  public Report<SweepRow<Cell>> cellsOfSweep(Writer out, SweepRow.Design design, boolean colour) {
    return CellTable.ofSweep(out, design, this == MARKDOWN, colour);
  }

  /** The same, with a row for each episode. */
  public Report<SweepRow<Outcome>> episodesOfSweep(
      Writer out, SweepRow.Design design, boolean colour) {
    return EpisodeTable.ofSweep(out, design, this == MARKDOWN, colour);
  }

  /** Whether it is for people, who want fewer columns and digits than there are. */
  public boolean isForPeople() {
    return this == TABLE || this == MARKDOWN;
  }

  /** Lines of CSV to be added to a file that has its header and others already. */
  public static <T> Report<T> moreRows(Writer out, List<Column<T>> columns) {
    return RowReport.csv(out, columns, false);
  }

  /** A report of any rows in any columns; the two formats for people write a plain table. */
  public <T> Report<T> rows(Writer out, List<Column<T>> columns) {
    return switch (this) {
      case TABLE, MARKDOWN -> new PlainTable<>(out, columns, this == MARKDOWN);
      case CSV -> RowReport.csv(out, columns);
      case JSON -> RowReport.json(out, columns);
      case NDJSON -> RowReport.ndjson(out, columns);
    };
  }
}
