package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;

/**
 * Results at many points for people: what is varied first, as it was given, then the columns that a
 * run has. So that a table of any length needs no more memory than another, one of very many rows
 * is set page by page.
 */
abstract class SweepTable<T> implements Report<SweepRow<T>> {
  private static final int PAGE = 5000;

  private final Writer out;
  private final SweepRow.Design design;
  private final boolean markdown;
  private final boolean colour;
  private final List<SweepRow<T>> page = new ArrayList<>();
  private boolean begun;

  /** A table. */
  SweepTable(Writer out, SweepRow.Design design, boolean markdown, boolean colour) {
    this.out = out;
    this.design = design;
    this.markdown = markdown;
    this.colour = colour && !markdown;
  }

  /** The workload of a result. */
  abstract String workload(T result);

  /** The heads of the columns behind what is varied. */
  abstract List<Head> heads(List<T> results);

  /** The fields in them. */
  abstract List<Field> fields(T result, List<T> results, Notes notes);

  @Override
  public void accept(SweepRow<T> row) {
    if (page.size() == PAGE) {
      print();
    }
    page.add(row);
  }

  @Override
  public void close() {
    if (!page.isEmpty() || !begun) {
      print();
    }
  }

  private void print() {
    List<T> results = page.stream().map(SweepRow::result).toList();
    List<Head> heads = new ArrayList<>();
    design.paths().forEach(path -> heads.add(new Head("", path.replaceFirst(".*\\.", ""), true)));
    if (design.manyWorkloads()) {
      heads.add(new Head("", "workload", false));
    }
    heads.addAll(heads(results));
    Table table = new Table(heads);
    Notes notes = new Notes();
    for (SweepRow<T> row : page) {
      List<Field> fields = new ArrayList<>(row.values().stream().map(Field::of).toList());
      if (design.manyWorkloads()) {
        fields.add(Field.of(workload(row.result())));
      }
      fields.addAll(fields(row.result(), results, notes));
      table.add(fields);
    }
    Page text = new Page(colour);
    if (begun) {
      text.blank();
    } else {
      text.line(new Field(design.title(), Tone.HEADING));
      text.line(new Field(String.join(" × ", design.paths()), Tone.QUIET)).blank();
    }
    (markdown ? text.markdown(table) : text.table(table)).print(out);
    Page below = new Page(colour);
    notes.lines().forEach(note -> (markdown ? below.blank() : below).line(note));
    below.print(out);
    begun = true;
    page.clear();
  }
}
