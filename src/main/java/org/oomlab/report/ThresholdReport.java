package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Fates;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.search.Axis;
import org.oomlab.experiment.search.Threshold;
import org.oomlab.experiment.search.Threshold.Found;
import org.oomlab.experiment.search.Threshold.Place;
import org.oomlab.experiment.search.Threshold.Side;
import org.oomlab.experiment.search.Threshold.Terms;
import org.oomlab.report.Table.Field;

/** Where something begins or ceases to hold: a few lines for each workload and policy, or a row. */
public final class ThresholdReport implements Report<Found> {
  private final Writer out;
  private final Axis axis;
  private final Terms terms;
  private final boolean colour;
  private boolean begun;

  private ThresholdReport(Writer out, Axis axis, Terms terms, boolean colour) {
    this.out = out;
    this.axis = axis;
    this.terms = terms;
    this.colour = colour;
  }

  /**
   * A report in this format.
   *
   * @param out where it goes; stays open
   * @param axis what was varied
   * @param terms what was looked for
   * @param colour whether a table may use colours
   */
  public static Report<Found> of(
      ReportFormat format, Writer out, Axis axis, Terms terms, boolean colour) {
    return format == ReportFormat.TABLE
        ? new ThresholdReport(out, axis, terms, colour)
        : format.rows(out, columns(axis, terms));
  }

  private static List<Column<Found>> columns(Axis axis, Terms terms) {
    List<Column<Found>> columns = new ArrayList<>();
    columns.add(new Column<>("workload", found -> found.of().workload().name()));
    columns.add(new Column<>("policy", found -> found.of().policy().name()));
    columns.add(new Column<>("path", found -> axis.path()));
    columns.add(new Column<>("until", found -> terms.until().text()));
    columns.add(new Column<>("of_episodes", found -> Metric.Unit.rounded(terms.share())));
    columns.add(new Column<>("holds", found -> found.side().name().toLowerCase(Locale.ROOT)));
    columns.add(value(axis, "value", found -> value(found.holds())));
    columns.add(value(axis, "ci_low", Found::low));
    columns.add(value(axis, "ci_high", Found::high));
    columns.add(value(axis, "fails_at", found -> value(found.fails())));
    columns.add(new Column<>("monotonic", found -> found.back().isEmpty()));
    columns.add(new Column<>("episodes", found -> terms.seeds().count()));
    columns.add(new Column<>("held", found -> held(found.holds())));
    columns.add(new Column<>("outcome", found -> fate(found.holds())));
    columns.add(new Column<>("held_at_fails", found -> held(found.fails())));
    columns.add(new Column<>("outcome_at_fails", found -> fate(found.fails())));
    return columns;
  }

  /** A value, by the name and in the unit that its column has in a sweep. */
  private static Column<Found> value(
      Axis axis, String name, Function<Found, @Nullable String> value) {
    String unit = axis.column().substring(axis.path().length());
    return new Column<>(
        name + unit,
        found -> {
          String text = value.apply(found);
          return text == null ? null : axis.inColumn(text);
        });
  }

  private static @Nullable String value(@Nullable Place place) {
    return place == null ? null : place.value();
  }

  private static @Nullable Object held(@Nullable Place place) {
    return place == null ? null : place.held().count();
  }

  private static @Nullable Object fate(@Nullable Place place) {
    return place == null ? null : place.usual().fate().text();
  }

  @Override
  public void accept(Found found) {
    Page page = new Page(colour);
    if (begun) {
      page.blank();
    }
    begun = true;
    page.line(
        new Field(
            found.of().workload().name() + " under " + found.of().policy().name(), Tone.HEADING));
    Place holds = found.holds();
    Place fails = found.fails();
    if (holds == null || fails == null) {
      nowhere(page, found);
    } else {
      boolean above = found.side() == Side.ABOVE;
      String name = axis.pathInDocument();
      page.line(
          "  "
              + (above ? "smallest " : "largest ")
              + name
              + " at which "
              + what()
              + ": "
              + holds.value());
      page.line("  95% interval of the edge: " + interval(found));
      page.line(side(above ? fails : holds));
      page.line(side(above ? holds : fails));
    }
    if (!found.back().isEmpty()) {
      page.line(
          new Field("  not monotonic: ", Tone.DOUBTFUL),
          Field.of(found.back() + (holds == null ? "" : "; this is the first edge from below")));
    }
    page.print(out);
  }

  private String what() {
    return terms.until().text() + " in " + FateReport.percent(terms.share()) + " of the episodes";
  }

  private void nowhere(Page page, Found found) {
    List<Place> places = found.places();
    page.line(
        new Field("  no edge: ", Tone.DOUBTFUL),
        Field.of(
            what()
                + (found.side() == Side.EVERYWHERE ? " at all of " : " at none of ")
                + places.size()
                + " values"));
    page.line(side(places.get(0)));
    if (places.size() > 1) {
      page.line(side(places.get(places.size() - 1)));
    }
  }

  private String interval(Found found) {
    String low = found.low();
    String high = found.high();
    return (low == null ? "?" : low)
        + " .. "
        + (high == null ? "?" : high)
        + (low == null || high == null ? tooFew() : "");
  }

  private String tooFew() {
    long needed = Threshold.episodesFor(terms.share());
    if (needed == Long.MAX_VALUE) {
      return "; of all episodes no number of them can tell";
    }
    return terms.seeds().count() < needed
        ? "; it takes " + needed + " seeds for both ends of it"
        : "";
  }

  private static String side(Place place) {
    Fates.Counted usual = place.usual();
    return String.format(
        Locale.ROOT,
        "  at %s it holds in %d of %d; %s: %s (seed %d)",
        place.value(),
        place.held().count(),
        place.held().of(),
        usual.share().count() == usual.share().of()
            ? "always"
            : "most often, " + FateReport.percent(usual.share().value()),
        usual.fate().text(),
        usual.firstSeed());
  }

  @Override
  public void close() {
    // Each has been printed when it was found.
  }
}
