package org.oomlab.yaml;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Observed;
import org.oomlab.workload.Measurements.Statistic;
import org.oomlab.workload.Measurements.Unknown;
import org.oomlab.workload.Measurements.Use;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/** Reads a file of measurements. */
final class MeasurementsReader {
  private static final SeedRange FIRST_SEED = new SeedRange(1, 1);
  private static final double MOST = 1e15;
  private static final double MOST_FACTOR = 1000;
  private static final int MOST_RUNS = 1_000_000;

  private final Collection<String> metrics;

  /**
   * A reader.
   *
   * @param metrics columns that a figure may be about
   */
  MeasurementsReader(Collection<String> metrics) {
    this.metrics = metrics;
  }

  Measurements read(Value document, Source source) {
    Fields fields = document.fields();
    Measurements measurements =
        new Measurements(
            PolicyFile.fileName(fields.need("measurements"), source),
            fields.text("title"),
            fields.text("source"),
            fields.require("costs", "", Value::text),
            fields.require("fit", List.of(), MeasurementsReader::unknowns),
            fields.list("figures", this::figure),
            fields.<@Nullable Observed>get("observed", null, MeasurementsReader::observed));
    if (measurements.observed() == null
        && measurements.figures().size() < measurements.unknowns().size()) {
      document.problem(
          "there are "
              + measurements.unknowns().size()
              + " costs to be found, and only "
              + measurements.figures().size()
              + " figures to find them from");
    }
    fields.end();
    return measurements;
  }

  private static List<Unknown> unknowns(Value value) {
    return value.fields().all().stream().map(MeasurementsReader::unknown).toList();
  }

  private static Unknown unknown(Map.Entry<String, Value> entry) {
    Fields fields = entry.getValue().fields();
    boolean isSpan = fields.get("start", "0", Value::text).matches(".*[a-z]");
    double start = fields.require("start", 0.0, value -> number(value, isSpan));
    double low = fields.require("least", 0.0, value -> number(value, isSpan));
    double high = fields.require("most", 1.0, value -> number(value, isSpan));
    double factor = fields.get("factor", 1.0, value -> value.decimal(1, MOST_FACTOR));
    Map<String, Double> with = fields.get("with", Map.of(), MeasurementsReader::with);
    fields.end();
    if (!(low <= start && start <= high && low < high)) {
      entry.getValue().problem("start is not between least and most");
    }
    return new Unknown(entry.getKey(), isSpan, start, low, high, factor, with);
  }

  private static Map<String, Double> with(Value value) {
    Map<String, Double> with = new LinkedHashMap<>();
    for (Map.Entry<String, Value> entry : value.fields().all()) {
      with.put(entry.getKey(), entry.getValue().decimal(0, MOST_FACTOR));
    }
    return with;
  }

  private static Observed observed(Value value) {
    Fields fields = value.fields();
    Observed observed =
        new Observed(
            fields.list("workloads", Value::text),
            fields.get("seeds", FIRST_SEED, MeasurementsReader::seeds));
    fields.end();
    return observed;
  }

  private static double number(Value value, boolean isSpan) {
    return isSpan ? value.span() : value.decimal(0, MOST);
  }

  private Figure figure(Value value) {
    Fields fields = value.fields();
    Figure figure =
        new Figure(
            fields.require("workload", "", Value::text),
            fields.require("policy", "", Value::text),
            fields.get("seeds", FIRST_SEED, MeasurementsReader::seeds),
            fields.get("statistic", Statistic.MEAN, MeasurementsReader::statistic),
            fields.require("metric", "", this::metric),
            fields.require("value", 1.0, MeasurementsReader::measured),
            fields.get("runs", 0, MeasurementsReader::runs),
            fields.get("use", Use.FIT, MeasurementsReader::use));
    fields.text("source");
    fields.end();
    return figure;
  }

  private static SeedRange seeds(Value value) {
    return value.parse("seeds", FIRST_SEED, SeedRange::parse);
  }

  private static int runs(Value value) {
    return value.whole(1, MOST_RUNS);
  }

  private static Statistic statistic(Value value) {
    return Statistic.values()[value.choice(List.of("mean", "median"))];
  }

  private static Use use(Value value) {
    return Use.values()[value.choice(List.of("fit", "judge"))];
  }

  private String metric(Value value) {
    String text = value.text();
    if (!metrics.contains(text)) {
      value.problem("no metric has the column '" + text + "'", Suggestions.nearest(text, metrics));
    }
    return text;
  }

  private static double measured(Value value) {
    double measured = value.decimal(0, MOST);
    if (measured == 0) {
      value.problem("expected more than 0: what counts is the relative error");
    }
    return measured;
  }
}
