package org.oomlab.report;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Comparison;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.claim.ClaimResult;
import org.oomlab.experiment.daemon.DaemonKill;
import org.oomlab.experiment.daemon.Need;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.statistics.Estimate;
import org.oomlab.statistics.Summary;

/**
 * The columns of what is written for programs. Their order is a promise: new ones are appended.
 *
 * <p>To append columns of one's own, such as the parameters of a sweep, take these lists, add to
 * them and give the result to {@link ReportFormat#rows}.
 */
public final class Columns {
  /** The metrics that come before the victims. */
  private static final Set<Metric> FIRST = EnumSet.range(Metric.KILLS, Metric.RESERVE_MIN_PAGES);

  private Columns() {}

  /** One row an episode. */
  public static List<Column<Outcome>> episodes() {
    List<Column<Outcome>> columns = new ArrayList<>();
    columns.add(new Column<>("workload", Outcome::workload));
    columns.add(new Column<>("policy", Outcome::policy));
    columns.add(new Column<>("seed", Outcome::seed));
    columns.add(new Column<>("outcome", Outcome::verdictText));
    FIRST.forEach(metric -> columns.add(exact(metric)));
    columns.add(new Column<>("victims", Outcome::victims));
    columns.add(new Column<>("panic_text", Outcome::panicText));
    columns.add(new Column<>("digest", Outcome::digestText));
    for (Metric metric : Metric.values()) {
      if (!FIRST.contains(metric)) {
        columns.add(exact(metric));
      }
    }
    columns.add(new Column<>("daemon_victims", Outcome::daemonVictims));
    return columns;
  }

  /** The same of each kill of a daemon. */
  static Column<Outcome> daemonKilled() {
    return new Column<>(
        "daemon_killed", outcome -> outcome.guarding().kills().stream().map(Columns::map).toList());
  }

  private static Map<String, @Nullable Object> map(DaemonKill kill) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("victim", kill.victim());
    map.put("at_ms", Numbers.milliseconds(kill.atNs()));
    map.put("signal", kill.signal());
    boolean asked = kill.need() != Need.NOT_ASKED;
    map.put("need", asked ? kill.need().name().toLowerCase(Locale.ROOT) : null);
    return map;
  }

  /** What formats with structure can tell of an episode beside its row: each kill. */
  static Column<Outcome> killed() {
    return new Column<>(
        "killed", outcome -> outcome.kills().stream().map(kill -> map(outcome, kill)).toList());
  }

  private static Map<String, @Nullable Object> map(Outcome outcome, KillRecord kill) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("victim", kill.victim());
    map.put("at_ms", Numbers.milliseconds(kill.atNs()));
    map.put("badness", kill.badness());
    map.put("invoker", kill.invoker());
    map.put("reason", kill.reason());
    map.put("free_pages", kill.freePages());
    boolean waited = outcome.judged() && kill.waitNs() >= 0;
    map.put("wait_ms", waited ? Numbers.milliseconds(kill.waitNs()) : null);
    map.put("extra_1s", outcome.judged() ? kill.extra1s() : null);
    map.put("extra_10s", outcome.judged() ? kill.extra10s() : null);
    return map;
  }

  /** One row a cell. */
  public static List<Column<Cell>> cells() {
    List<Column<Cell>> columns = new ArrayList<>();
    columns.add(new Column<>("workload", Cell::workload));
    columns.add(new Column<>("policy", Cell::policy));
    columns.add(new Column<>("episodes", Cell::episodes));
    for (Verdict verdict : Verdict.values()) {
      if (verdict != Verdict.RUNNING) {
        String name = verdict.name().toLowerCase(Locale.ROOT);
        columns.add(new Column<>(name, cell -> cell.count(verdict)));
      }
    }
    for (Metric metric : Metric.values()) {
      columns.add(rounded(metric, "_mean", Summary::mean));
      columns.add(rounded(metric, "_ci_low", Summary::ciLow));
      columns.add(rounded(metric, "_ci_high", Summary::ciHigh));
      columns.add(rounded(metric, "_p50", Summary::p50));
      columns.add(rounded(metric, "_p95", Summary::p95));
      columns.add(
          new Column<>(
              metric.column() + "_max", cell -> metric.unit().exact(cell.summary(metric).max())));
    }
    return columns;
  }

  /** One row for each claim and policy. */
  public static List<Column<ClaimResult>> claims() {
    return List.of(
        new Column<>("workload", ClaimResult::workload),
        new Column<>("policy", ClaimResult::policy),
        new Column<>("position", result -> result.position().toString()),
        new Column<>("metric", ClaimResult::metric),
        new Column<>("expected", ClaimResult::expected),
        new Column<>("measured", ClaimResult::measured),
        new Column<>("holds", ClaimResult::holds),
        new Column<>("because", result -> result.claim().because()),
        new Column<>("reproduce", ClaimResult::reproduce),
        new Column<>("verdict", result -> result.verdict().name().toLowerCase(Locale.ROOT)),
        new Column<>("says", result -> result.claim().says()),
        new Column<>("thread", result -> result.claim().thread()),
        new Column<>("contradicts", result -> result.claim().contradicts()));
  }

  /** A comparison, and where it was made. */
  record InRound(Comparison comparison, Round round) {
    double ceiling() {
      Estimate ceiling = round.ceiling().get(comparison.measure());
      return ceiling == null ? Double.NaN : ceiling.value();
    }
  }

  /** One row for each workload, measure and policy but the base. */
  static List<Column<InRound>> comparisons() {
    return List.of(
        compared("workload", Comparison::workload),
        compared("base", Comparison::base),
        compared("policy", Comparison::policy),
        compared("measure", comparison -> comparison.measure().name()),
        compared("episodes", Comparison::episodes),
        compared("pairs", Comparison::pairs),
        compared("more", Comparison::more),
        compared("less", Comparison::less),
        estimated("base_value", comparison -> comparison.baseValue().value()),
        estimated("base_ci_low", comparison -> comparison.baseValue().low()),
        estimated("base_ci_high", comparison -> comparison.baseValue().high()),
        estimated("value", comparison -> comparison.value().value()),
        estimated("ci_low", comparison -> comparison.value().low()),
        estimated("ci_high", comparison -> comparison.value().high()),
        estimated("difference", comparison -> comparison.difference().value()),
        estimated("difference_ci_low", comparison -> comparison.difference().low()),
        estimated("difference_ci_high", comparison -> comparison.difference().high()),
        estimated("p", Comparison::p),
        estimated("p_holm", Comparison::adjustedP),
        compared("finding", c -> c.finding().name().toLowerCase(Locale.ROOT)),
        new Column<>("oracle", row -> Metric.Unit.rounded(row.ceiling())));
  }

  private static Column<InRound> compared(String name, Function<Comparison, Object> value) {
    return new Column<>(name, row -> value.apply(row.comparison()));
  }

  private static Column<InRound> estimated(String name, ToDoubleFunction<Comparison> figure) {
    return new Column<>(name, row -> Metric.Unit.rounded(figure.applyAsDouble(row.comparison())));
  }

  private static Column<Outcome> exact(Metric metric) {
    return new Column<>(metric.column(), metric::exact);
  }

  private static Column<Cell> rounded(
      Metric metric, String suffix, ToDoubleFunction<Summary> figure) {
    return new Column<>(
        metric.column() + suffix,
        cell -> Metric.Unit.rounded(figure.applyAsDouble(cell.summary(metric))));
  }
}
