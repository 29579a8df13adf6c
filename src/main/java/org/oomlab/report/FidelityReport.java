package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.fidelity.Fidelity;
import org.oomlab.experiment.fidelity.Likeness;
import org.oomlab.experiment.fidelity.TimeLikeness;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.statistics.Summary;

/** Observed beside simulated, a row for each workload. */
public final class FidelityReport implements Report<Fidelity> {
  private static final String OBSERVED = "observed";
  private static final String SIMULATED = "simulated";
  private static final String AGREE = "agree";

  /** Of a smaller p it does not matter how small. */
  private static final double LEAST = 0.001;

  private final Writer out;
  private final boolean markdown;
  private final boolean colour;
  private final Table table;
  private final List<Fidelity> rows = new ArrayList<>();

  private FidelityReport(Writer out, boolean markdown, boolean colour) {
    this.out = out;
    this.markdown = markdown;
    this.colour = colour;
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("", "workload", false));
    plausible(heads, "kills", true, 0);
    plausible(heads, "victims", false, 1);
    plausible(heads, "panic", false, 3);
    times(heads, "first recovery", 5);
    times(heads, "stable recovery", 7);
    heads.add(new Head("", "score", true));
    this.table = new Table(heads);
  }

  private static void plausible(List<Head> heads, String group, boolean numbers, int rank) {
    int figures = rank == 0 ? 0 : rank + 1; // How plausible they are says more.
    heads.add(new Head(group, OBSERVED, numbers, figures));
    heads.add(new Head(group, SIMULATED, numbers, figures));
    heads.add(new Head(group, "p", true, rank));
  }

  private static void times(List<Head> heads, String group, int rank) {
    int figures = rank + 1; // Whether they agree says more.
    heads.add(new Head(group, OBSERVED, true, figures));
    heads.add(new Head(group, SIMULATED, true, figures));
    heads.add(new Head(group, "ratio", true, figures + 10));
    heads.add(new Head(group, AGREE, false, rank));
  }

  /**
   * A report in this format.
   *
   * @param out where it goes; stays open
   * @param colour whether a table may use colours
   */
  public static Report<Fidelity> of(ReportFormat format, Writer out, boolean colour) {
    return switch (format) {
      case TABLE, MARKDOWN -> new FidelityReport(out, format == ReportFormat.MARKDOWN, colour);
      case CSV, JSON, NDJSON -> format.rows(out, columns());
    };
  }

  /** The mean score of workloads in percent, as it is written. */
  public static String score(List<Fidelity> rows) {
    return percent(rows.stream().mapToDouble(Fidelity::agreement).average().orElse(Double.NaN));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? Numbers.ABSENT : Math.round(share * 100) + "%";
  }

  /** One row a workload, for programs. */
  public static List<Column<Fidelity>> columns() {
    List<Column<Fidelity>> columns = new ArrayList<>();
    columns.add(new Column<>("workload", Fidelity::workload));
    columns.add(new Column<>("policy", Fidelity::policy));
    columns.add(new Column<>("runs", Fidelity::runs));
    columns.add(new Column<>("episodes", Fidelity::episodes));
    values(columns, "kills", Fidelity::kills);
    values(columns, "victims", Fidelity::victims);
    values(columns, "panic", Fidelity::panic);
    times(columns, "recovery", Fidelity::recovery);
    times(columns, "stable_recovery", Fidelity::stableRecovery);
    columns.add(new Column<>("agreement", row -> Metric.Unit.rounded(row.agreement())));
    covered(columns, "kills", Fidelity::kills);
    covered(columns, "victims", Fidelity::victims);
    covered(columns, "panic", Fidelity::panic);
    columns.add(
        new Column<>("kill_times_observed_ms", row -> medians(row, TimeLikeness::observed)));
    columns.add(
        new Column<>("kill_times_simulated_ms", row -> medians(row, TimeLikeness::simulated)));
    columns.add(new Column<>("futexes", row -> absent(String.join("; ", futexes(row)))));
    return columns;
  }

  private static @Nullable String absent(String text) {
    return text.isEmpty() ? null : text;
  }

  /** The median time of each kill, or null where none was observed. */
  private static @Nullable String medians(Fidelity row, Function<TimeLikeness, Summary> side) {
    return absent(
        row.killTimes().stream()
            .map(each -> String.valueOf(Metric.Unit.rounded(side.apply(each).p50())))
            .collect(Collectors.joining(";")));
  }

  /** What became of each futex that was observed. */
  private static List<String> futexes(Fidelity row) {
    List<String> all = new ArrayList<>();
    row.futexes()
        .forEach(
            (name, of) ->
                all.add(
                    "%s: observed %s, simulated %s, p %s"
                        .formatted(name, of.observed(), of.simulated(), plausibility(of.p()))));
    return all;
  }

  /** What was observed beside that which every workload has. */
  private static List<String> more(Fidelity row) {
    List<String> lines = new ArrayList<>();
    int number = 1;
    for (TimeLikeness each : row.killTimes()) {
      lines.add(
          "kill %d observed after %s, simulated after %s: %s"
              .formatted(
                  number,
                  Numbers.span(each.observed().p50()),
                  Numbers.span(each.simulated().p50()),
                  each.agrees() ? "within a factor of two" : "not within a factor of two"));
      number++;
    }
    futexes(row).forEach(futex -> lines.add("futex " + futex));
    return lines;
  }

  private static void values(
      List<Column<Fidelity>> columns, String name, Function<Fidelity, Likeness<?>> of) {
    columns.add(new Column<>(name + "_observed", row -> of.apply(row).observed()));
    columns.add(new Column<>(name + "_simulated", row -> of.apply(row).simulated()));
    columns.add(
        new Column<>(name + "_agreement", row -> Metric.Unit.rounded(of.apply(row).agreement())));
  }

  private static void covered(
      List<Column<Fidelity>> columns, String name, Function<Fidelity, Likeness<?>> of) {
    columns.add(new Column<>(name + "_p", row -> Metric.Unit.rounded(of.apply(row).p())));
    columns.add(
        new Column<>(name + "_covered", row -> Metric.Unit.rounded(of.apply(row).covered())));
  }

  private static void times(
      List<Column<Fidelity>> columns, String name, Function<Fidelity, TimeLikeness> of) {
    time(columns, name + "_observed_min_ms", row -> of.apply(row).observedMin());
    time(columns, name + "_observed_ms", row -> of.apply(row).observed().p50());
    time(columns, name + "_observed_max_ms", row -> of.apply(row).observed().max());
    time(columns, name + "_simulated_ms", row -> of.apply(row).simulated().p50());
    time(columns, name + "_ratio", row -> of.apply(row).ratio());
    time(
        columns,
        name + "_agreement",
        row -> of.apply(row).isPresent() ? of.apply(row).agreement() : Double.NaN);
  }

  private static void time(
      List<Column<Fidelity>> columns, String name, Function<Fidelity, Double> of) {
    columns.add(new Column<>(name, row -> Metric.Unit.rounded(of.apply(row))));
  }

  @Override
  public void accept(Fidelity row) {
    rows.add(row);
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of(row.workload()));
    values(fields, row.kills(), String::valueOf);
    values(fields, row.victims(), victims -> String.join(" ", victims));
    values(fields, row.panic(), text -> text.isEmpty() ? "no" : "yes");
    times(fields, row.recovery());
    times(fields, row.stableRecovery());
    fields.add(Field.of(percent(row.agreement())));
    table.add(fields);
  }

  private static <T> void values(List<Field> fields, Likeness<T> of, Function<T, String> text) {
    fields.add(Field.of(orAbsent(text.apply(of.observed()))));
    fields.add(Field.of(orAbsent(text.apply(of.simulated()))));
    fields.add(new Field(plausibility(of.p()), of.agrees() ? Tone.GOOD : Tone.BAD));
  }

  private static String plausibility(double p) {
    return p < LEAST ? "<" + LEAST : Numbers.human(p);
  }

  private static String orAbsent(String text) {
    return text.isEmpty() ? Numbers.ABSENT : text;
  }

  private static void times(List<Field> fields, TimeLikeness of) {
    fields.add(median(of.observed()));
    fields.add(median(of.simulated()));
    fields.add(Field.of(Numbers.human(of.ratio())));
    fields.add(of.isPresent() ? agree(of.agrees()) : Field.of(Numbers.ABSENT));
  }

  private static Field median(Summary times) {
    return Field.of(Numbers.span(times.p50()));
  }

  private static Field agree(boolean agrees) {
    return agrees ? new Field("yes", Tone.GOOD) : new Field("no", Tone.BAD);
  }

  /** The rows of each policy, if there are several. */
  private Map<String, List<Fidelity>> byPolicy() {
    Map<String, List<Fidelity>> byPolicy = new LinkedHashMap<>();
    rows.forEach(row -> byPolicy.computeIfAbsent(row.policy(), p -> new ArrayList<>()).add(row));
    return byPolicy.size() > 1 ? byPolicy : Map.of();
  }

  private static String told(String policy, List<Fidelity> rows) {
    return "%s under %s: kills are plausible in %d of %d, victims in %d, panics in %d"
        .formatted(
            score(rows),
            policy,
            rows.stream().filter(row -> row.kills().agrees()).count(),
            rows.size(),
            rows.stream().filter(row -> row.victims().agrees()).count(),
            rows.stream().filter(row -> row.panic().agrees()).count());
  }

  @Override
  public void close() {
    Page page = new Page(colour);
    (markdown ? page.markdown(table) : page.table(table)).blank();
    for (Fidelity row : rows) {
      more(row).forEach(line -> page.line(row.workload() + ": " + line));
    }
    page.line("score " + score(rows));
    byPolicy().forEach((policy, its) -> page.line("  " + told(policy, its)));
    page.print(out);
  }
}
