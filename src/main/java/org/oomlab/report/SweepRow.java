package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A result of a sweep.
 *
 * @param point the number of its point, from 1
 * @param parameters the values of what is varied
 * @param result what came of it
 */
public record SweepRow<T>(long point, List<Object> parameters, T result) {
  public SweepRow {
    parameters = List.copyOf(parameters);
  }

  /**
   * The columns of such rows: those of the result, then the point and what is varied.
   *
   * @param names what is varied
   */
  public static <T> List<Column<SweepRow<T>>> columns(List<Column<T>> result, List<String> names) {
    List<Column<SweepRow<T>>> columns = new ArrayList<>();
    for (Column<T> column : result) {
      columns.add(new Column<>(column.name(), row -> column.value().apply(row.result())));
    }
    columns.add(new Column<>("point", SweepRow::point));
    for (int i = 0; i < names.size(); i++) {
      int index = i;
      columns.add(new Column<>(names.get(i), row -> row.parameters().get(index)));
    }
    return columns;
  }
}
