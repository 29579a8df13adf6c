package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.report.Column;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --columns}: which of the many columns there are somebody wants, and in which order. */
public final class ChosenColumns implements Part {
  private final OptionSpec option =
      Args.list("A,B,...", "--columns")
          .hideParamSyntax(true)
          .splitRegex(",")
          .order(8)
          .description(
              "Only these columns of those that CSV has, in this order; a table has them too, as"
                  + " they are.")
          .build();

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(option);
  }

  /** Whether columns were chosen. */
  public boolean any() {
    return !Args.named(option).isEmpty();
  }

  /**
   * The chosen ones of these, or all.
   *
   * @throws UserError if there is none of a name
   */
  public <T> List<Column<T>> of(List<Column<T>> all) {
    return of(List.of(), all);
  }

  /**
   * The same.
   *
   * @param always those that come first whether chosen or not
   */
  public <T> List<Column<T>> of(List<Column<T>> always, List<Column<T>> others) {
    List<Column<T>> chosen = new ArrayList<>(always);
    for (String name : Args.named(option)) {
      if (always.stream().noneMatch(column -> column.name().equals(name))) {
        chosen.add(named(name, others));
      }
    }
    if (!any()) {
      chosen.addAll(others);
    }
    return chosen;
  }

  private static <T> Column<T> named(String name, List<Column<T>> all) {
    for (Column<T> column : all) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new UserError(
        "--columns " + name + ": there is no such column",
        Suggestions.nearest(name, all.stream().map(Column::name).toList()));
  }
}
