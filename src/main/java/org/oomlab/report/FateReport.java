package org.oomlab.report;

import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Fates;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;

/** In which ways episodes end: a table for each workload and policy, or a row for each way. */
public final class FateReport implements Report<FateReport.Ways> {
  /**
   * What is reported.
   *
   * @param of the case
   * @param fates what came of it
   */
  public record Ways(Case of, Fates fates) {}

  /** A way, with the case it is one of. */
  private record Row(Ways ways, Fates.Counted way) {}

  private final Writer out;
  private final boolean markdown;
  private final boolean colour;
  private boolean begun;

  private FateReport(Writer out, boolean markdown, boolean colour) {
    this.out = out;
    this.markdown = markdown;
    this.colour = colour && !markdown;
  }

  /**
   * A report in this format.
   *
   * @param out where it goes; stays open
   * @param colour whether a table may use colours
   */
  public static Report<Ways> of(ReportFormat format, Writer out, boolean colour) {
    return switch (format) {
      case TABLE, MARKDOWN -> new FateReport(out, format == ReportFormat.MARKDOWN, colour);
      case CSV, JSON, NDJSON -> new Rows(format.rows(out, columns()));
    };
  }

  private static List<Column<Row>> columns() {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column<>("workload", row -> row.ways().of().workload().name()));
    columns.add(new Column<>("policy", row -> row.ways().of().policy().name()));
    columns.add(new Column<>("outcome", row -> Outcome.text(row.way().fate().verdict())));
    columns.add(new Column<>("victims", row -> row.way().fate().victims()));
    columns.add(new Column<>("episodes", row -> row.way().share().count()));
    columns.add(new Column<>("of", row -> row.way().share().of()));
    columns.add(new Column<>("share", row -> rounded(row.way().share().value())));
    columns.add(new Column<>("share_ci_low", row -> rounded(row.way().share().low())));
    columns.add(new Column<>("share_ci_high", row -> rounded(row.way().share().high())));
    columns.add(new Column<>("first_seed", row -> row.way().firstSeed()));
    return columns;
  }

  private static BigDecimal rounded(double share) {
    return Metric.Unit.rounded(share);
  }

  @Override
  public void accept(Ways ways) {
    Page page = new Page(colour);
    if (begun) {
      page.blank();
    }
    begun = true;
    String title =
        ways.of().workload().name()
            + " under "
            + ways.of().policy().name()
            + ", "
            + ways.fates().episodes()
            + (ways.fates().episodes() == 1 ? " episode" : " episodes");
    if (markdown) {
      page.line("### " + title).blank().markdown(table(ways)).blank();
    } else {
      page.line(new Field(title, Tone.HEADING)).table(table(ways));
    }
    page.line(
        new Field(
            "any other outcome: in none of them, so with 95% in fewer than "
                + percent(ways.fates().unseen())
                + " of all",
            Tone.QUIET));
    page.print(out);
  }

  private static Table table(Ways ways) {
    Table table =
        new Table(
            List.of(
                new Head("", "share", true),
                new Head("", "95% interval", false),
                new Head("", "episodes", true),
                new Head("", "outcome", false),
                new Head("", "killed, in order", false),
                new Head("", "first seed", true)));
    for (Fates.Counted way : ways.fates().all()) {
      Verdict verdict = way.fate().verdict();
      boolean bad = verdict == Verdict.PANIC || verdict == Verdict.LIVELOCK;
      table.add(
          List.of(
              Field.of(percent(way.share().value())),
              Field.of(percent(way.share().low()) + " .. " + percent(way.share().high())),
              Field.of(Long.toString(way.share().count())),
              new Field(Outcome.text(verdict), bad ? Tone.BAD : Tone.PLAIN),
              Field.of(way.fate().victimsText()),
              Field.of(Long.toString(way.firstSeed()))));
    }
    return table;
  }

  static String percent(double share) {
    return Numbers.significant(share * 100, 3) + "%";
  }

  @Override
  public void close() {
    // Each table has been printed when it was complete.
  }

  /** For programs. */
  private record Rows(Report<Row> rows) implements Report<Ways> {
    @Override
    public void accept(Ways ways) {
      ways.fates().all().forEach(way -> rows.accept(new Row(ways, way)));
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
