package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.Output;
import org.oomlab.report.Column;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;

/**
 * Facts in rows and columns.
 *
 * @param title what it is about, a line or a few; only people see it
 * @param heads the names of the columns
 * @param rows a value for each column; an empty one is absent
 * @param forPeople how many columns there is room for where people read it
 */
public record Grid(List<String> title, List<String> heads, List<List<String>> rows, int forPeople) {

  /** Writes it. */
  public void write(Output output, ReportFormat format) {
    boolean people = format == ReportFormat.TABLE || format == ReportFormat.MARKDOWN;
    List<Column<List<String>>> columns = new ArrayList<>();
    for (int i = 0; i < (people ? forPeople : heads.size()); i++) {
      int index = i;
      columns.add(new Column<>(heads.get(i), row -> value(row.get(index), people)));
    }
    if (people && !title.isEmpty()) {
      ReportFormat.prose(output.writer(), title);
      output.print("\n");
    }
    try (Report<List<String>> report = format.rows(output.writer(), columns)) {
      rows.forEach(report);
    }
  }

  private static @Nullable Object value(String text, boolean people) {
    return text.isEmpty() && !people ? null : text;
  }
}
