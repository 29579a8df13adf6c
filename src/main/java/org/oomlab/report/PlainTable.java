package org.oomlab.report;

import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;

/**
 * Rows as they are, set in columns once all are there. So that a table of any length needs no more
 * memory than another, one of very many rows is set page by page, each with its head.
 */
final class PlainTable<T> implements Report<T> {
  private static final int PAGE = 5000;

  /** Columns that say what a row is about, and the first that says what of it. */
  private static final int STAY = 3;

  private final Writer out;
  private final List<Column<T>> columns;
  private final boolean markdown;
  private Table table;
  private int onPage;

  PlainTable(Writer out, List<Column<T>> columns, boolean markdown) {
    this.out = out;
    this.columns = List.copyOf(columns);
    this.markdown = markdown;
    this.table = page();
  }

  private Table page() {
    List<Head> heads = new ArrayList<>();
    for (Column<T> column : columns) {
      boolean stays = heads.size() < STAY;
      heads.add(new Head("", column.name(), false, stays ? 0 : heads.size()));
    }
    return new Table(heads);
  }

  @Override
  public void accept(T row) {
    if (onPage == PAGE) {
      print();
      new Page(false).blank().print(out);
      table = page();
      onPage = 0;
    }
    onPage++;
    table.add(columns.stream().map(column -> Field.of(text(column.value().apply(row)))).toList());
  }

  private static String text(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(";"));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    return value == null ? Numbers.ABSENT : value.toString();
  }

  private void print() {
    Page page = new Page(false);
    (markdown ? page.markdown(table) : page.table(table)).print(out);
  }

  @Override
  public void close() {
    print();
  }
}
