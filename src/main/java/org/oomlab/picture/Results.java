package org.oomlab.picture;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.picture.Plot.Kind;
import org.oomlab.picture.Plot.Point;
import org.oomlab.picture.Plot.Series;
import org.oomlab.report.CsvRows;

/**
 * Results as our commands write them as CSV, and the plot that is made of them. Rows are looked at
 * as they come; of episodes only one number is kept, so that there may be millions.
 */
public final class Results {
  private static final List<String> ENDS =
      List.of("recovered", "no_oom", "undecided", "livelock", "panic");

  /** Of these the first that differs between rows, if nobody says what is to be shown. */
  private static final List<String> USUAL =
      List.of("extra_kills_10s_mean", "kills_mean", "recovery_ms_p50", "work_lost_mean");

  /** Half the width of a band is so many standard deviations of a share, for 95%. */
  private static final double Z = 1.959964;

  private final String source;
  private final List<String> header = new ArrayList<>();
  private final @Nullable Kind asked;
  private final @Nullable String column;
  private @Nullable Kind kind;
  private long rows;

  /** For ECDF: all recovery times of a policy that there are, and how many there are not. */
  private final Map<String, Sample> samples = new LinkedHashMap<>();

  /** For SHARES: how many episodes of a policy end how. */
  private final Map<String, long[]> ends = new LinkedHashMap<>();

  /** For all others, which have a row for a point of a plot: what is needed of each. */
  private final List<List<String>> kept = new ArrayList<>();

  /** More points than anybody can see in a plot. */
  private static final int MOST_KEPT = 200_000;

  /** Numbers, in the order they came. */
  private static final class Sample {
    private double[] values = new double[16];
    private int count;
    private int never;

    void add(double value) {
      if (Double.isNaN(value)) {
        never++;
        return;
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }
  }

  /** Results that cannot be drawn, in words for whoever has them. */
  public static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message);
    }
  }

  private Results(String source, @Nullable Kind asked, @Nullable String column) {
    this.source = source;
    this.asked = asked;
    this.column = column;
  }

  /**
   * Reads results and makes a plot of them.
   *
   * @param source what they are called in messages
   * @param asked which picture, or null: what fits the columns
   * @param column what is to be shown of a sweep, or null: the first that differs
   * @throws IOException if they cannot be read
   * @throws Unfit if there is no such picture of them
   */
  public static Plot plot(String source, Reader in, @Nullable Kind asked, @Nullable String column)
      throws IOException {
    Results results = new Results(source, asked, column);
    CsvRows.read(in, results::row);
    if (results.header.isEmpty()) {
      throw new Unfit(source + " is empty; expected the CSV of run, compare, sweep or the like");
    }
    if (results.rows == 0) {
      throw new Unfit(source + " has a header and no rows");
    }
    return results.plot();
  }

  private void row(List<String> row) {
    if (header.isEmpty()) {
      header.addAll(row);
      kind = asked == null ? fitting() : asked;
      needs(kind);
      return;
    }
    rows++;
    if (row.equals(header)) {
      throw new Unfit(
          source
              + ", row "
              + (rows + 1)
              + ": the header again; these are results of two runs, and"
              + " 'oomlab merge' joins what can be joined");
    }
    if (row.size() != header.size()) {
      throw new Unfit(
          source
              + ", row "
              + (rows + 1)
              + ": "
              + row.size()
              + " values for "
              + header.size()
              + " columns");
    }
    switch (kind == null ? Kind.LINE : kind) {
      case ECDF ->
          samples.computeIfAbsent(who(row), w -> new Sample()).add(number(row, "recovery_ms"));
      case SHARES -> count(row);
      default -> {
        if (kept.size() == MOST_KEPT) {
          throw new Unfit(
              source + " has more than " + MOST_KEPT + " points, which nobody could see");
        }
        kept.add(row);
      }
    }
  }

  private void count(List<String> row) {
    long[] counts = ends.computeIfAbsent(who(row), w -> new long[ENDS.size()]);
    if (header.contains("seed")) {
      int end = ENDS.indexOf(value(row, "outcome").replace('-', '_'));
      if (end >= 0) {
        counts[end]++;
      }
    } else {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += (long) number(row, ENDS.get(i));
      }
    }
  }

  // Columns.

  private Kind fitting() {
    List<String> axes = axes();
    if (header.contains("point") && axes.size() == 1) {
      return Kind.LINE;
    }
    if (header.contains("point") && axes.size() == 2) {
      return Kind.HEATMAP;
    }
    if (header.contains("point")) {
      throw new Unfit(
          source + " is a sweep of " + axes.size() + " axes, and a plot has room for one or two");
    }
    for (Kind each :
        List.of(Kind.ECDF, Kind.FIDELITY, Kind.DIFFERENCES, Kind.SHARES, Kind.BARS, Kind.FRONT)) {
      boolean isMade = each != Kind.SHARES || header.containsAll(ENDS);
      if (isMade && header.containsAll(columnsOf(each))) {
        return each;
      }
    }
    throw new Unfit(
        source
            + " has no columns of results that can be drawn; it begins with "
            + String.join(", ", header.subList(0, Math.min(4, header.size()))));
  }

  private static List<String> columnsOf(Kind kind) {
    return switch (kind) {
      case ECDF -> List.of("policy", "seed", "outcome", "recovery_ms");
      case SHARES -> List.of("policy");
      case DIFFERENCES -> List.of("policy", "measure", "difference", "difference_ci_low");
      case LINE, HEATMAP -> List.of("point", "workload", "policy");
      case FRONT -> List.of("row", "tried", "policy");
      case BARS -> List.of("input", "effect", "effect_ci_low", "effect_ci_high");
      case FIDELITY -> List.of("workload", "recovery_observed_ms", "recovery_simulated_ms");
    };
  }

  private void needs(Kind wanted) {
    List<String> missing = new ArrayList<>(columnsOf(wanted));
    if (wanted == Kind.SHARES) {
      missing.addAll(header.contains("seed") ? List.of("outcome") : ENDS);
    }
    missing.removeAll(header);
    if (!missing.isEmpty()) {
      throw new Unfit(
          source
              + ": a picture of the kind "
              + wanted.word()
              + " needs the column"
              + (missing.size() == 1 ? " " : "s ")
              + String.join(", ", missing));
    }
    int axes = axes().size();
    int needed = wanted == Kind.LINE ? 1 : wanted == Kind.HEATMAP ? 2 : axes;
    if (axes != needed) {
      throw new Unfit(
          source + ": a " + wanted.word() + " needs a sweep of " + needed + ", not " + axes);
    }
  }

  /** What was varied: the columns between the number of the point and the workload. */
  private List<String> axes() {
    int from = header.indexOf("point");
    int to = header.indexOf("workload");
    return from >= 0 && to > from ? header.subList(from + 1, to) : List.of();
  }

  private String value(List<String> row, String name) {
    int at = header.indexOf(name);
    return at < 0 ? "" : row.get(at);
  }

  private double number(List<String> row, String name) {
    String text = value(row, name);
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new Unfit(
          source + ", row " + (rows + 1) + ", " + name + ": expected a number, not '" + text + "'");
    }
  }

  private String who(List<String> row) {
    String workload = value(row, "workload");
    return workload.isEmpty() ? value(row, "policy") : workload + ", " + value(row, "policy");
  }

  // Plots.

  private Plot plot() {
    return switch (kind == null ? Kind.LINE : kind) {
      case ECDF -> ecdf();
      case SHARES -> shares();
      case DIFFERENCES -> differences();
      case LINE -> line();
      case HEATMAP -> heatmap();
      case FRONT -> front();
      case BARS -> bars();
      case FIDELITY -> fidelity();
    };
  }

  private Plot plot(
      Kind of, String title, String x, String y, List<Series> series, String... notes) {
    return new Plot(of, title, x, y, false, false, common(series), List.of(notes));
  }

  /** Where all are of one workload, it need not be repeated. */
  private static List<Series> common(List<Series> series) {
    TreeSet<String> workloads = new TreeSet<>();
    for (Series each : series) {
      int comma = each.name().indexOf(", ");
      workloads.add(comma < 0 ? "" : each.name().substring(0, comma));
    }
    if (workloads.size() != 1 || workloads.first().isEmpty()) {
      return series;
    }
    return series.stream()
        .map(
            each -> new Series(each.name().substring(each.name().indexOf(", ") + 2), each.points()))
        .toList();
  }

  /** With the band of Dvoretzky, Kiefer and Wolfowitz, which holds for the whole curve at once. */
  private Plot ecdf() {
    List<Series> series = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    double least = Double.MAX_VALUE;
    for (Sample sample : samples.values()) {
      Arrays.sort(sample.values, 0, sample.count);
      least = sample.count > 0 ? Math.min(least, sample.values[0]) : least;
    }
    double most = 0;
    for (Sample sample : samples.values()) {
      most = sample.count > 0 ? Math.max(most, sample.values[sample.count - 1]) : most;
    }
    for (Map.Entry<String, Sample> entry : samples.entrySet()) {
      Sample sample = entry.getValue();
      int all = sample.count + sample.never;
      double band = Math.sqrt(Math.log(2 / 0.05) / (2.0 * all));
      List<Point> points = new ArrayList<>();
      // A million steps are no more than a thousand to see.
      int stride = Math.max(1, sample.count / 1000);
      for (int i = 0; i < sample.count; i++) {
        if (i % stride == 0 || i == sample.count - 1) {
          points.add(ecdfPoint(sample.values[i], (i + 1.0) / all, band));
        }
      }
      if (sample.count > 0 && sample.values[sample.count - 1] < most) {
        points.add(ecdfPoint(most, (double) sample.count / all, band));
      }
      series.add(new Series(entry.getKey(), points));
      if (sample.never > 0) {
        notes.add(entry.getKey() + ": " + sample.never + " of " + all + " never recovered");
      }
    }
    if (most == 0) {
      throw new Unfit(source + ": no episode has recovered, so there is no time to draw");
    }
    notes.add("bands: 95% for the whole curve");
    return new Plot(
        Kind.ECDF,
        "Recovery time",
        "time to recovery, ms",
        "share of all episodes",
        least > 0 && most / least > 20,
        false,
        common(series),
        notes);
  }

  private static Point ecdfPoint(double x, double share, double band) {
    return new Point("", x, share, Math.max(0, share - band), Math.min(1, share + band));
  }

  /** A series for each end, a point for each policy; the interval is Wilson's. */
  private Plot shares() {
    List<Series> series = new ArrayList<>();
    List<String> names =
        common(ends.keySet().stream().map(name -> new Series(name, List.of())).toList()).stream()
            .map(Series::name)
            .toList();
    for (int end = 0; end < ENDS.size(); end++) {
      List<Point> points = new ArrayList<>();
      int i = 0;
      long any = 0;
      for (long[] counts : ends.values()) {
        double all = Math.max(1, Arrays.stream(counts).sum());
        double share = counts[end] / all;
        double middle = (share + Z * Z / (2 * all)) / (1 + Z * Z / all);
        double half =
            Z / (1 + Z * Z / all) * Math.sqrt(share * (1 - share) / all + Z * Z / (4 * all * all));
        points.add(
            new Point(
                names.get(i),
                i,
                share,
                share == 0 ? 0 : Math.max(0, middle - half),
                share == 1 ? 1 : Math.min(1, middle + half)));
        any += counts[end];
        i++;
      }
      if (any > 0) {
        series.add(new Series(ENDS.get(end).replace('_', '-'), points));
      }
    }
    return new Plot(
        Kind.SHARES,
        "How episodes end",
        "",
        "share of episodes",
        false,
        false,
        series,
        List.of("the bar's line: 95% interval (Wilson) of the first share"));
  }

  private Plot differences() {
    Map<String, List<Point>> of = new LinkedHashMap<>();
    for (List<String> row : kept) {
      double difference = number(row, "difference");
      boolean isChosen = column == null || value(row, "measure").equals(column);
      if (isChosen && !Double.isNaN(difference)) {
        List<Point> points = of.computeIfAbsent(who(row), w -> new ArrayList<>());
        points.add(
            new Point(
                value(row, "measure"),
                points.size(),
                difference,
                number(row, "difference_ci_low"),
                number(row, "difference_ci_high")));
      }
    }
    if (of.isEmpty()) {
      throw new Unfit(
          source + ": there is no difference" + (column == null ? "" : " in " + column));
    }
    return plot(
        Kind.DIFFERENCES,
        "Against " + value(kept.get(0), "base"),
        "difference, in the measure's unit",
        "",
        series(of),
        "lines: 95% intervals; what touches 0 may be no difference");
  }

  private static List<Series> series(Map<String, List<Point>> of) {
    List<Series> series = new ArrayList<>();
    of.forEach((name, points) -> series.add(new Series(name, points)));
    return series;
  }

  /** The column that a sweep is drawn by. */
  private String shown() {
    if (column != null) {
      for (String each : List.of(column, column + "_mean", column + "_p50")) {
        if (header.contains(each)) {
          return each;
        }
      }
      throw new Unfit(source + ": there is no column " + column);
    }
    for (String each : USUAL) {
      if (header.contains(each) && kept.stream().map(r -> value(r, each)).distinct().count() > 1) {
        return each;
      }
    }
    return USUAL.stream()
        .filter(header::contains)
        .findFirst()
        .orElseThrow(() -> new Unfit(source + ": none of " + String.join(", ", USUAL)));
  }

  private Plot line() {
    String shown = shown();
    String axis = axes().get(0);
    String base = shown.replaceFirst("_(mean|p50)$", "");
    boolean isMean = shown.endsWith("_mean");
    Map<String, List<Point>> of = new LinkedHashMap<>();
    for (List<String> row : kept) {
      double y = number(row, shown);
      if (!Double.isNaN(y)) {
        of.computeIfAbsent(who(row), w -> new ArrayList<>())
            .add(
                new Point(
                    "",
                    number(row, axis),
                    y,
                    isMean ? number(row, base + "_ci_low") : Double.NaN,
                    isMean ? number(row, base + "_ci_high") : Double.NaN));
      }
    }
    if (of.isEmpty()) {
      throw new Unfit(source + ": " + shown + " is empty in all rows; --of names another column");
    }
    for (List<Point> points : of.values()) {
      points.sort((a, b) -> Double.compare(a.x(), b.x()));
    }
    return plot(
        Kind.LINE,
        base + " by " + axis,
        axis,
        base + (isMean ? ", mean" : shown.endsWith("_p50") ? ", median" : ""),
        series(of),
        isMean ? "bands: 95% intervals of the mean" : "no intervals");
  }

  /** One policy's values; of two or more, the difference of the second and the first. */
  private Plot heatmap() {
    String shown = shown();
    List<String> axes = axes();
    Map<String, Map<List<Double>, Double>> of = new LinkedHashMap<>();
    for (List<String> row : kept) {
      of.computeIfAbsent(who(row), w -> new LinkedHashMap<>())
          .put(List.of(number(row, axes.get(0)), number(row, axes.get(1))), number(row, shown));
    }
    List<String> names = new ArrayList<>(of.keySet());
    String first = names.get(0);
    List<Point> points = new ArrayList<>();
    of.get(first)
        .forEach(
            (at, value) -> {
              double other =
                  names.size() == 1 ? 0 : of.get(names.get(1)).getOrDefault(at, Double.NaN);
              double z = names.size() == 1 ? value : other - value;
              points.add(new Point("", at.get(0), at.get(1), z, z));
            });
    if (points.stream().allMatch(point -> Double.isNaN(point.low()))) {
      throw new Unfit(source + ": " + shown + " is empty in all rows; --of names another column");
    }
    String what = names.size() == 1 ? shown : shown + ": " + names.get(1) + " less " + names.get(0);
    return new Plot(
        Kind.HEATMAP,
        what,
        axes.get(0),
        axes.get(1),
        false,
        false,
        List.of(new Series(what, points)),
        names.size() == 1
            ? List.of()
            : List.of(
                "black line: where the winner changes; blue: "
                    + names.get(1)
                    + " has less"
                    + (names.size() > 2 ? "; the other policies are left out" : "")));
  }

  /** The first two aims that differ. */
  private Plot front() {
    int from = header.indexOf("tried") + 1;
    int to = header.indexOf("policy");
    List<String> aims = new ArrayList<>();
    for (String aim : header.subList(Math.min(from, to), to)) {
      if (kept.stream().map(row -> value(row, aim)).distinct().count() > 1) {
        aims.add(aim);
      }
    }
    if (aims.size() < 2) {
      throw new Unfit(
          source
              + ": a front needs two aims that differ, and "
              + (aims.isEmpty() ? "none does" : "only " + aims.get(0) + " does"));
    }
    Map<String, List<Point>> of = new LinkedHashMap<>();
    for (List<String> row : kept) {
      String kindOfRow = value(row, "row");
      String name = kindOfRow.equals("beside") ? value(row, "policy") : "";
      of.computeIfAbsent(kindOfRow, w -> new ArrayList<>())
          .add(
              new Point(
                  name,
                  number(row, aims.get(0)),
                  number(row, aims.get(1)),
                  Double.NaN,
                  Double.NaN));
    }
    return plot(
        Kind.FRONT,
        "Aims against each other",
        aims.get(0),
        aims.get(1),
        series(of),
        "less is better");
  }

  private Plot bars() {
    List<Point> points = new ArrayList<>();
    for (List<String> row : kept) {
      points.add(
          new Point(
              value(row, "input"),
              points.size(),
              number(row, "effect"),
              number(row, "effect_ci_low"),
              number(row, "effect_ci_high")));
    }
    points.sort((a, b) -> Double.compare(Math.abs(b.y()), Math.abs(a.y())));
    List<Point> most = new ArrayList<>();
    for (Point each : points.subList(0, Math.min(20, points.size()))) {
      most.add(new Point(each.label(), most.size(), each.y(), each.low(), each.high()));
    }
    return plot(
        Kind.BARS,
        "What a guessed cost changes",
        "effect",
        "",
        List.of(new Series("effect", most)),
        points.size() > most.size()
            ? "the 20 largest of " + points.size() + "; lines: intervals"
            : "lines: intervals");
  }

  private Plot fidelity() {
    Map<String, List<Point>> of = new LinkedHashMap<>();
    for (List<String> row : kept) {
      double observed = number(row, "recovery_observed_ms");
      double simulated = number(row, "recovery_simulated_ms");
      if (observed > 0 && simulated > 0) {
        of.computeIfAbsent(value(row, "policy"), w -> new ArrayList<>())
            .add(new Point(value(row, "workload"), observed, simulated, Double.NaN, Double.NaN));
      }
    }
    if (of.isEmpty()) {
      throw new Unfit(source + ": no row has both an observed and a simulated recovery");
    }
    return new Plot(
        Kind.FIDELITY,
        "Recovery, observed and simulated",
        "observed, ms",
        "simulated, ms",
        true,
        true,
        series(of),
        List.of("on the line they are the same"));
  }
}
