package org.oomlab.report;

import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Measure;

/** The tables that others print, as elements of a page of HTML. */
public final class Elements {
  private Elements() {}

  /** What one workload came to, a row for each policy. */
  public static String cells(List<Cell> cells) {
    Notes notes = new Notes();
    Page page = new Page(Page.Form.ELEMENTS).table(CellTable.block(cells, notes));
    notes.lines().forEach(page::line);
    return printed(page::print);
  }

  /** In how many workloads policies differ, and where most so. */
  public static String summary(List<Round> rounds, Terms terms) {
    return printed(ContestTable.elements(rounds, terms)::writeSummary);
  }

  /** In what policies differ in one workload, a row for each measure. */
  public static String measures(Round round, Terms terms) {
    return printed(ContestTable.elements(List.of(round), terms)::writeMeasures);
  }

  /** Any table. */
  public static String table(Table table) {
    return table.html();
  }

  /** What a measure is called. */
  public static String name(Measure measure) {
    return ContestTable.words(measure);
  }

  /** A p-value. */
  public static String p(double p) {
    return ContestTable.p(p);
  }

  private static String printed(Consumer<StringWriter> page) {
    StringWriter text = new StringWriter();
    page.accept(text);
    return text.toString();
  }
}
