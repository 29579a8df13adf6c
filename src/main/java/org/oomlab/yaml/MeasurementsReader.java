package org.oomlab.yaml;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Unknown;

/** Reads a file of measurements. */
final class MeasurementsReader {
  private static final SeedRange FIRST_SEED = new SeedRange(1, 1);
  private static final double MOST = 1e15;

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
            fields.require("measurements", "", value -> PolicyFile.fileName(value, source)),
            fields.text("title"),
            fields.text("source"),
            fields.require("costs", "", Value::text),
            fields.require("fit", List.of(), MeasurementsReader::unknowns),
            fields.list("figures", this::figure));
    if (measurements.figures().size() < measurements.unknowns().size()) {
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
    fields.end();
    if (!(low <= start && start <= high && low < high)) {
      entry.getValue().problem("start is not between least and most");
    }
    return new Unknown(entry.getKey(), isSpan, start, low, high);
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
            fields.get(
                "seeds", FIRST_SEED, seeds -> seeds.parse("seeds", FIRST_SEED, SeedRange::parse)),
            fields.require("metric", "", this::metric),
            fields.require("value", 1.0, MeasurementsReader::measured),
            value.node().at());
    fields.text("source");
    fields.end();
    return figure;
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
