package org.oomlab.picture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.oomlab.picture.Plot.Kind;
import org.oomlab.picture.Plot.Point;
import org.oomlab.picture.Plot.Series;
import org.oomlab.report.Page;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Tone;

/** A plot in characters: enough to see who is where, in as many columns as there are. */
public final class PlotText {
  private static final int LONGEST_NAME = 32;
  private static final int NUMBER = 11;

  private final Plot plot;
  private final Page page;
  private final int width;
  private final boolean ascii;

  private PlotText(Plot plot, Page page, int width, boolean ascii) {
    this.plot = plot;
    this.page = page;
    this.width = width;
    this.ascii = ascii;
  }

  /** Writes it. */
  public static void write(Plot plot, Page page, int width, boolean ascii) {
    new PlotText(plot, page, Math.max(60, width), ascii).write();
  }

  private void write() {
    page.line(new Field(plot.title(), Tone.HEADING));
    switch (plot.kind()) {
      case HEATMAP -> heatmap();
      case ECDF, LINE -> curves();
      case FRONT, FIDELITY -> curves();
      case BARS, DIFFERENCES, SHARES -> rows();
    }
    plot.notes().forEach(note -> page.line(new Field(note, Tone.QUIET)));
  }

  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    return size != 0 && (size < 0.001 || size >= 1e7)
        ? String.format(Locale.ROOT, "%.3g", value)
        : String.format(Locale.ROOT, "%.4g", value)
            .replaceFirst("(\\.\\d*?)0+$", "$1")
            .replaceFirst("\\.$", "");
  }

  private int names(List<String> names) {
    return Math.min(LONGEST_NAME, names.stream().mapToInt(String::length).max().orElse(0)) + 2;
  }

  private static String padded(String text, int room) {
    String shown = text.length() > room - 2 ? text.substring(0, Math.max(0, room - 2)) : text;
    return shown + " ".repeat(room - shown.length());
  }

  // Curves.

  private void curves() {
    int height = 14;
    int columns = width - NUMBER - 2;
    double fromX = Double.MAX_VALUE;
    double toX = -Double.MAX_VALUE;
    double fromY = plot.kind() == Kind.ECDF ? 0 : Double.MAX_VALUE;
    double toY = plot.kind() == Kind.ECDF ? 1 : -Double.MAX_VALUE;
    for (Series each : plot.series()) {
      for (Point point : each.points()) {
        fromX = Math.min(fromX, along(point.x(), plot.xLog()));
        toX = Math.max(toX, along(point.x(), plot.xLog()));
        fromY = Math.min(fromY, along(point.y(), plot.yLog()));
        toY = Math.max(toY, along(point.y(), plot.yLog()));
      }
    }
    toX = toX > fromX ? toX : fromX + 1;
    toY = toY > fromY ? toY : fromY + 1;
    char[][] grid = new char[height][columns];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    for (int i = 0; i < plot.series().size(); i++) {
      List<Point> points = plot.series().get(i).points();
      for (int column = 0; column < columns; column++) {
        double x = fromX + (toX - fromX) * (column + 0.5) / columns;
        double y = valueAt(points, x, (toX - fromX) / columns);
        if (!Double.isNaN(y)) {
          int row =
              (int)
                  Math.round((height - 1) * (1 - (along(y, plot.yLog()) - fromY) / (toY - fromY)));
          grid[row][column] = (char) ('a' + i % 26);
        }
      }
    }
    for (int row = 0; row < height; row++) {
      double y = toY - (toY - fromY) * row / (height - 1);
      boolean labelled = row % 4 == 0 || row == height - 1;
      String label = labelled ? number(back(y, plot.yLog())) : "";
      page.line(
          " ".repeat(Math.max(0, NUMBER - label.length()))
              + label
              + (ascii ? " |" : " │")
              + String.valueOf(grid[row]).stripTrailing());
    }
    page.line(
        " ".repeat(NUMBER + 1) + (ascii ? "+" + "-".repeat(columns) : "└" + "─".repeat(columns)));
    String left = number(back(fromX, plot.xLog()));
    String right = number(back(toX, plot.xLog()));
    String middle = plot.xLabel() + (plot.xLog() ? " (log)" : "");
    int room = Math.max(2, columns - left.length() - right.length() - middle.length());
    page.line(
        " ".repeat(NUMBER + 2)
            + left
            + " ".repeat(room / 2)
            + middle
            + " ".repeat(room - room / 2)
            + right);
    for (int i = 0; i < plot.series().size(); i++) {
      page.line("  " + (char) ('a' + i % 26) + " " + plot.series().get(i).name());
    }
    page.line(new Field("  up: " + plot.yLabel(), Tone.QUIET));
  }

  private static double along(double value, boolean log) {
    return log ? Math.log10(Math.max(1e-12, value)) : value;
  }

  private static double back(double value, boolean log) {
    return log ? Math.pow(10, value) : value;
  }

  /** What a curve is at a place: a step's height, or a point's if one is near. */
  private double valueAt(List<Point> points, double x, double step) {
    double found = Double.NaN;
    for (Point point : points) {
      double its = along(point.x(), plot.xLog());
      boolean reached = its <= x + step / 2;
      boolean near = Math.abs(its - x) <= step / 2 + 1e-12;
      if (plot.kind() == Kind.ECDF || plot.kind() == Kind.LINE ? reached : near) {
        found = point.y();
      }
    }
    return found;
  }

  // Rows.

  private void rows() {
    if (plot.kind() == Kind.SHARES) {
      shares();
      return;
    }
    for (Series each : plot.series()) {
      if (plot.series().size() > 1) {
        page.line(each.name());
      }
      int names = names(each.points().stream().map(Point::label).toList());
      int room = Math.max(8, width - names - 4 * NUMBER);
      double most =
          each.points().stream().mapToDouble(point -> Math.abs(point.y())).max().orElse(1);
      for (Point point : each.points()) {
        int bar = (int) Math.round(Math.abs(point.y()) / Math.max(1e-300, most) * room);
        String interval =
            Double.isNaN(point.low()) ? "" : number(point.low()) + " .. " + number(point.high());
        page.line(
            padded(point.label(), names)
                + padded(number(point.y()), NUMBER + 1)
                + padded(interval, 2 * NUMBER + 3)
                + (ascii ? "#" : "█").repeat(Math.min(room, bar)));
      }
    }
  }

  /** One bar for each policy, in letters of the ends it consists of. */
  private void shares() {
    List<String> names = plot.series().get(0).points().stream().map(Point::label).toList();
    int head = names(names);
    int room = width - head - NUMBER;
    for (int row = 0; row < names.size(); row++) {
      StringBuilder bar = new StringBuilder();
      double until = 0;
      for (Series each : plot.series()) {
        until += each.points().get(row).y();
        while (bar.length() < Math.round(until * room)) {
          bar.append(each.name().charAt(0));
        }
      }
      page.line(padded(names.get(row), head) + bar);
    }
    for (Series each : plot.series()) {
      page.line("  " + each.name().charAt(0) + " " + each.name());
    }
  }

  private void heatmap() {
    List<Point> points = plot.series().get(0).points();
    TreeSet<Double> xs = new TreeSet<>();
    TreeSet<Double> ys = new TreeSet<>();
    points.forEach(
        point -> {
          xs.add(point.x());
          ys.add(point.y());
        });
    int cell = Math.max(5, Math.min(10, (width - NUMBER - 2) / Math.max(1, xs.size())));
    page.line("up: " + plot.yLabel() + ", to the right: " + plot.xLabel());
    for (double y : ys.descendingSet()) {
      StringBuilder line = new StringBuilder(padded(number(y), NUMBER));
      for (double x : xs) {
        for (Point point : points) {
          if (point.x() == x && point.y() == y) {
            line.append(padded(number(point.low()), cell));
          }
        }
      }
      page.line(line.toString().stripTrailing());
    }
    StringBuilder line = new StringBuilder(" ".repeat(NUMBER));
    xs.forEach(x -> line.append(padded(number(x), cell)));
    page.line(line.toString().stripTrailing());
  }
}
