package org.oomlab.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYShapeAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.DeviationStepRenderer;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYZDataset;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.oomlab.output.Printable;
import org.oomlab.picture.Plot.Point;
import org.oomlab.picture.Plot.Series;
import org.oomlab.unit.Bytes;

/** A plot as a picture. */
public final class PlotPicture {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int SHADES = 64;

  /** More names than this lie one on the other. */
  private static final int MOST_NAMES = 30;

  private final Plot plot;

  public PlotPicture(Plot plot) {
    this.plot = plot;
  }

  /** As SVG. */
  public String svg() {
    return Canvas.svg(WIDTH, height(), this::paint);
  }

  /** As a bitmap. */
  public byte[] png() {
    return Canvas.png(WIDTH, height(), this::paint);
  }

  /** Where there is a row for each of many, they need room. */
  private int height() {
    int rows =
        switch (plot.kind()) {
          case BARS, DIFFERENCES -> 22 * rowNames().size() + 150;
          case SHARES -> 34 * rowNames().size() + 150;
          default -> HEIGHT;
        };
    return Math.max(230, rows);
  }

  private void paint(Graphics2D on) {
    XYPlot its =
        switch (plot.kind()) {
          case ECDF -> lines(new DeviationStepRenderer(true, false));
          case LINE -> lines(new DeviationRenderer(true, true));
          case FRONT, FIDELITY -> points();
          case HEATMAP -> heatmap();
          case SHARES -> shares();
          case BARS, DIFFERENCES -> rows();
        };
    its.setBackgroundPaint(Color.WHITE);
    its.setOutlineVisible(false);
    its.setDomainGridlinePaint(Palette.GRID);
    its.setRangeGridlinePaint(Palette.GRID);
    its.setAxisOffset(RectangleInsets.ZERO_INSETS);
    JFreeChart chart =
        new JFreeChart(
            printable(plot.title()), Canvas.font(15), its, plot.kind() != Plot.Kind.HEATMAP);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(8, 8, 8, 16));
    chart.getTitle().setHorizontalAlignment(HorizontalAlignment.LEFT);
    if (chart.getLegend() != null) {
      chart.getLegend().setItemFont(Canvas.font(11));
      chart.getLegend().setFrame(BlockBorder.NONE);
      chart.getLegend().setHorizontalAlignment(HorizontalAlignment.LEFT);
    }
    if (plot.kind() == Plot.Kind.HEATMAP) {
      chart.addSubtitle(scale(its));
    }
    for (String note : plot.notes()) {
      TextTitle text = new TextTitle(printable(note), Canvas.font(10));
      text.setPaint(new Color(0x666666));
      text.setPosition(RectangleEdge.BOTTOM);
      text.setHorizontalAlignment(HorizontalAlignment.LEFT);
      chart.addSubtitle(text);
    }
    chart.draw(on, new Rectangle2D.Double(0, 0, WIDTH, height()));
  }

  private static String printable(String text) {
    return Printable.line(text);
  }

  // Axes.

  private static NumberFormat format() {
    return new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  private static ValueAxis axis(String label, boolean log) {
    ValueAxis axis;
    if (log) {
      LogAxis logarithmic = new LogAxis(printable(label));
      logarithmic.setBase(10);
      logarithmic.setNumberFormatOverride(format());
      logarithmic.setTickUnit(new NumberTickUnit(1, format()));
      axis = logarithmic;
    } else {
      NumberAxis number = new NumberAxis(printable(label));
      number.setAutoRangeIncludesZero(false);
      number.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
      axis = number;
    }
    return styled(axis);
  }

  private static ValueAxis styled(ValueAxis axis) {
    axis.setLabelFont(Canvas.font(11));
    axis.setTickLabelFont(Canvas.font(10));
    axis.setTickLabelPaint(Palette.INK);
    axis.setAxisLinePaint(Palette.FAINT);
    axis.setTickMarkPaint(Palette.FAINT);
    return axis;
  }

  // Lines and points.

  private YIntervalSeriesCollection intervals() {
    YIntervalSeriesCollection all = new YIntervalSeriesCollection();
    for (Series each : plot.series()) {
      YIntervalSeries one = new YIntervalSeries(printable(each.name()), false, true);
      for (Point point : each.points()) {
        double low = Double.isNaN(point.low()) ? point.y() : point.low();
        double high = Double.isNaN(point.high()) ? point.y() : point.high();
        one.add(point.x(), point.y(), low, high);
      }
      all.addSeries(one);
    }
    return all;
  }

  private XYPlot lines(DeviationRenderer renderer) {
    renderer.setAlpha(0.16f);
    style(renderer);
    ValueAxis y = axis(plot.yLabel(), plot.yLog());
    if (plot.kind() == Plot.Kind.ECDF) {
      y.setRange(0, 1.0001);
    }
    return new XYPlot(intervals(), axis(plot.xLabel(), plot.xLog()), y, renderer);
  }

  private void style(XYItemRenderer renderer) {
    for (int i = 0; i < plot.series().size(); i++) {
      renderer.setSeriesPaint(i, Palette.series(i));
      float[] dashes = i == 0 ? null : new float[] {3 + 3f * i, 2 + i % 3};
      renderer.setSeriesStroke(
          i, new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
      renderer.setSeriesShape(i, new Ellipse2D.Double(-2.5, -2.5, 5, 5));
      if (renderer instanceof DeviationRenderer deviation) {
        deviation.setSeriesFillPaint(i, Palette.series(i));
      }
    }
  }

  private XYPlot points() {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    style(renderer);
    XYPlot its =
        new XYPlot(
            intervals(),
            axis(plot.xLabel(), plot.xLog()),
            axis(plot.yLabel(), plot.yLog()),
            renderer);
    double least = Double.MAX_VALUE;
    double most = 0;
    Map<List<Double>, List<String>> names = new LinkedHashMap<>();
    for (Series each : plot.series()) {
      for (Point point : each.points()) {
        least = Math.min(least, Math.min(point.x(), point.y()));
        most = Math.max(most, Math.max(point.x(), point.y()));
        if (!point.label().isEmpty()) {
          names
              .computeIfAbsent(List.of(point.x(), point.y()), at -> new ArrayList<>())
              .add(point.label());
        }
      }
    }
    boolean hasRoom = names.size() <= MOST_NAMES;
    names.forEach(
        (at, who) -> {
          if (hasRoom) {
            its.addAnnotation(name(who, at.get(0), at.get(1)));
          }
        });
    if (plot.kind() == Plot.Kind.FIDELITY) {
      its.addAnnotation(
          new XYLineAnnotation(least, least, most, most, new BasicStroke(1), Palette.FAINT));
    }
    return its;
  }

  /** Those who are in one place have one name. */
  private static XYTextAnnotation name(List<String> who, double x, double y) {
    String all = who.size() == 1 ? who.get(0) : who.get(0) + " and " + (who.size() - 1) + " more";
    XYTextAnnotation name = new XYTextAnnotation("  " + printable(all) + "  ", x, y);
    name.setFont(Canvas.font(9));
    name.setTextAnchor(TextAnchor.BOTTOM_CENTER);
    return name;
  }

  // Rows.

  private List<String> rowNames() {
    List<String> names = new ArrayList<>();
    for (Series each : plot.series()) {
      for (Point point : each.points()) {
        if (!names.contains(point.label())) {
          names.add(point.label());
        }
      }
    }
    return names;
  }

  private static ValueAxis rowAxis(List<String> names) {
    SymbolAxis axis =
        new SymbolAxis("", names.stream().map(PlotPicture::printable).toArray(String[]::new));
    axis.setGridBandsVisible(false);
    axis.setInverted(true);
    axis.setRange(-0.6, names.size() - 0.4);
    return styled(axis);
  }

  /** A dot with its interval for each, beside a line at zero. */
  private XYPlot rows() {
    List<String> names = rowNames();
    YIntervalSeriesCollection data = new YIntervalSeriesCollection();
    for (int i = 0; i < plot.series().size(); i++) {
      Series each = plot.series().get(i);
      YIntervalSeries one = new YIntervalSeries(printable(each.name()), false, true);
      double aside = plot.series().size() == 1 ? 0 : 0.4 * i / (plot.series().size() - 1) - 0.2;
      for (Point point : each.points()) {
        double low = Double.isNaN(point.low()) ? point.y() : point.low();
        double high = Double.isNaN(point.high()) ? point.y() : point.high();
        one.add(names.indexOf(point.label()) + aside, point.y(), low, high);
      }
      data.addSeries(one);
    }
    XYErrorRenderer renderer = new XYErrorRenderer();
    style(renderer);
    renderer.setDrawXError(false);
    XYPlot its = new XYPlot(data, rowAxis(names), axis(plot.xLabel(), false), renderer);
    its.setOrientation(PlotOrientation.HORIZONTAL);
    its.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    its.setRangeZeroBaselineVisible(true);
    return its;
  }

  /** Bars from 0 to 1, in parts; the first part has an interval. */
  private XYPlot shares() {
    List<String> names = rowNames();
    ValueAxis share = axis(plot.yLabel(), false);
    share.setRange(0, 1.0001);
    XYPlot its = new XYPlot(new YIntervalSeriesCollection(), rowAxis(names), share, null);
    its.setOrientation(PlotOrientation.HORIZONTAL);
    its.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    LegendItemCollection legend = new LegendItemCollection();
    double[] from = new double[names.size()];
    for (int i = 0; i < plot.series().size(); i++) {
      Series each = plot.series().get(i);
      Paint paint = Palette.series(i);
      legend.add(
          new LegendItem(
              each.name(), null, null, null, new Rectangle2D.Double(-5, -5, 10, 10), paint));
      for (Point point : each.points()) {
        if (point.y() == 0) {
          continue; // A bar of no length has no place in JFreeChart: its coordinates are NaN.
        }
        int row = names.indexOf(point.label());
        its.addAnnotation(
            new XYShapeAnnotation(
                new Rectangle2D.Double(row - 0.35, from[row], 0.7, point.y()), null, null, paint));
        from[row] += point.y();
      }
      if (i == 0) {
        for (Point point : each.points()) {
          int row = names.indexOf(point.label());
          its.addAnnotation(
              new XYLineAnnotation(
                  row, point.low(), row, point.high(), new BasicStroke(2), Palette.INK));
        }
      }
    }
    its.setFixedLegendItems(legend);
    return its;
  }

  // Heat maps.

  private XYPlot heatmap() {
    List<Point> points = plot.series().get(0).points();
    TreeSet<Double> xs = new TreeSet<>();
    TreeSet<Double> ys = new TreeSet<>();
    points.forEach(
        point -> {
          xs.add(point.x());
          ys.add(point.y());
        });
    List<Double> columns = List.copyOf(xs);
    List<Double> rows = List.copyOf(ys);
    double[][] grid = new double[columns.size()][rows.size()];
    for (double[] each : grid) {
      Arrays.fill(each, Double.NaN);
    }
    List<double[]> cells = new ArrayList<>();
    for (Point point : points) {
      int x = columns.indexOf(point.x());
      int y = rows.indexOf(point.y());
      grid[x][y] = point.low();
      if (!Double.isNaN(point.low())) {
        cells.add(new double[] {x, y, point.low()});
      }
    }
    double[][] data = new double[3][cells.size()];
    for (int i = 0; i < cells.size(); i++) {
      for (int j = 0; j < 3; j++) {
        data[j][i] = cells.get(i)[j];
      }
    }
    DefaultXYZDataset dataset = new DefaultXYZDataset();
    dataset.addSeries(printable(plot.title()), data);
    XYBlockRenderer renderer = new XYBlockRenderer();
    renderer.setPaintScale(shades(data[2]));
    XYPlot its =
        new XYPlot(dataset, ticks(plot.xLabel(), columns), ticks(plot.yLabel(), rows), renderer);
    its.setDomainGridlinesVisible(false);
    its.setRangeGridlinesVisible(false);
    contour(its, grid);
    return its;
  }

  /** Values stand at equal distances, whatever they are: a sweep may go in factors. */
  private static ValueAxis ticks(String label, List<Double> values) {
    NumberFormat format = format();
    boolean isMemory = label.endsWith("_pages");
    SymbolAxis axis =
        new SymbolAxis(
            printable(isMemory ? label.replaceFirst("_pages$", "") : label),
            values.stream()
                .map(each -> isMemory ? Bytes.human(Math.round(each)) : format.format(each))
                .toArray(String[]::new));
    axis.setGridBandsVisible(false);
    axis.setRange(-0.5, values.size() - 0.5);
    return styled(axis);
  }

  /** Blue below zero, orange above, white at zero; where nothing is below, from white. */
  private static LookupPaintScale shades(double[] values) {
    double least = 0;
    double most = 0;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double reach = Math.max(most, -least);
    reach = reach == 0 ? 1 : reach;
    double from = least < 0 ? -reach : 0;
    LookupPaintScale scale = new LookupPaintScale(from, reach * 1.0001, Color.WHITE);
    for (int i = 0; i <= SHADES; i++) {
      double value = from + (reach - from) * i / SHADES;
      double strength = Math.abs(value) / reach;
      Color end = value < 0 ? new Color(0x0072b2) : new Color(0xd55e00);
      scale.add(
          value,
          new Color(
              mix(end.getRed(), strength),
              mix(end.getGreen(), strength),
              mix(end.getBlue(), strength)));
    }
    return scale;
  }

  private static int mix(int end, double strength) {
    return (int) Math.round(255 + (end - 255) * strength);
  }

  /** Between two cells of which one is below zero and the other above. */
  private static void contour(XYPlot its, double[][] grid) {
    BasicStroke stroke = new BasicStroke(2.5f);
    for (int x = 0; x < grid.length; x++) {
      for (int y = 0; y < grid[x].length; y++) {
        if (x + 1 < grid.length && grid[x][y] * grid[x + 1][y] < 0) {
          its.addAnnotation(
              new XYLineAnnotation(x + 0.5, y - 0.5, x + 0.5, y + 0.5, stroke, Color.BLACK));
        }
        if (y + 1 < grid[x].length && grid[x][y] * grid[x][y + 1] < 0) {
          its.addAnnotation(
              new XYLineAnnotation(x - 0.5, y + 0.5, x + 0.5, y + 0.5, stroke, Color.BLACK));
        }
      }
    }
  }

  private static PaintScaleLegend scale(XYPlot its) {
    XYBlockRenderer renderer = (XYBlockRenderer) its.getRenderer();
    PaintScaleLegend legend = new PaintScaleLegend(renderer.getPaintScale(), axis("", false));
    legend.setPosition(RectangleEdge.RIGHT);
    legend.setStripWidth(14);
    legend.setMargin(4, 10, 40, 4);
    return legend;
  }
}
