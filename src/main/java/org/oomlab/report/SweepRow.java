package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A result of a sweep.
 *
 * @param point the number of its point, from 1
 * @param parameters the values of what is varied, in the units of their columns
 * @param values the same as they were given, for people
 * @param result what came of it
 */
public record SweepRow<T>(long point, List<Object> parameters, List<String> values, T result) {
  public SweepRow {
    parameters = List.copyOf(parameters);
    values = List.copyOf(values);
  }

  /**
   * What a table of a sweep says once.
   *
   * @param title of what, in how many episodes
   * @param paths what is varied
   * @param manyWorkloads whether rows are of several
   */
  public record Design(String title, List<String> paths, boolean manyWorkloads) {
    public Design {
      paths = List.copyOf(paths);
    }
  }

  /**
   * The columns that say where a row belongs: the point, and what is varied.
   *
   * @param names what is varied
   */
  public static <T> List<Column<SweepRow<T>>> design(List<String> names) {
    List<Column<SweepRow<T>>> columns = new ArrayList<>();
    columns.add(new Column<>("point", SweepRow::point));
    for (int i = 0; i < names.size(); i++) {
      int index = i;
      columns.add(new Column<>(names.get(i), row -> row.parameters().get(index)));
    }
    return columns;
  }

  /** The columns of the results in them. */
  public static <T> List<Column<SweepRow<T>>> results(List<Column<T>> result) {
    List<Column<SweepRow<T>>> columns = new ArrayList<>();
    for (Column<T> column : result) {
      columns.add(new Column<>(column.name(), row -> column.value().apply(row.result())));
    }
    return columns;
  }
}
