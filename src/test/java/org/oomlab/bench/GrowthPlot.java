package org.oomlab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/**
 * Draws what {@link Growth} has measured: how long an event takes, over how large everything is.
 */
public final class GrowthPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  private final Map<String, List<Double>> sizes = new LinkedHashMap<>();
  private final Map<String, List<Double>> nsPerEvent = new LinkedHashMap<>();

  private GrowthPlot() {}

  /**
   * Draws a curve for each series of more than one size.
   *
   * @param args the file that Growth's output is in, and the picture to write, a PNG
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("wanted: GROWTH.csv PICTURE.png");
    }
    GrowthPlot plot = new GrowthPlot();
    plot.read(Path.of(args[0]));
    BitmapEncoder.saveBitmap(plot.chart(), args[1], BitmapEncoder.BitmapFormat.PNG);
  }

  private void read(Path csv) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(csv)) {
      lines.readLine(); // The names of the columns, which are Growth's.
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> cells = List.of(line.split(",", -1));
        if (cells.size() > 1) { // Maven may have had a last word.
          add(sizes, cells.get(0), cells.get(1));
          add(nsPerEvent, cells.get(0), cells.get(3));
        }
      }
    }
  }

  private static void add(Map<String, List<Double>> column, String series, String cell) {
    column.computeIfAbsent(series, name -> new ArrayList<>()).add(Double.valueOf(cell));
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("What an event costs")
            .xAxisTitle("MiB, processes or seconds, as the series says")
            .yAxisTitle("ns of CPU time an event")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisMin(0.0);
    sizes.forEach(
        (series, size) -> {
          if (size.size() > 1) {
            chart.addSeries(series, size, nsPerEvent.get(series));
          }
        });
    return chart;
  }
}
