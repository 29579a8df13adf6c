package org.oomlab.picture;

import java.util.List;

/**
 * What a plot shows, before anybody draws it.
 *
 * @param kind how it is drawn
 * @param title what it is
 * @param xLabel what is to the right, with its unit
 * @param yLabel what is up, with its unit
 * @param xLog whether equal distances to the right are equal factors
 * @param yLog the same upwards
 * @param series what is shown, one for each policy or the like
 * @param notes what has to be known to read it
 */
public record Plot(
    Kind kind,
    String title,
    String xLabel,
    String yLabel,
    boolean xLog,
    boolean yLog,
    List<Series> series,
    List<String> notes) {

  public Plot {
    series = List.copyOf(series);
    notes = List.copyOf(notes);
  }

  /** The pictures there are. */
  public enum Kind {
    ECDF("ecdf", "recovery time: the share of episodes that have recovered by then"),
    SHARES("shares", "outcomes: how many episodes end in which way, per policy"),
    DIFFERENCES("differences", "what differs from the first policy, with intervals"),
    LINE("line", "a one-way sweep: a line with its interval, per policy"),
    HEATMAP("heatmap", "a two-way sweep, with the line where the winner changes"),
    FRONT("front", "two aims against each other, and who is where"),
    BARS("bars", "what an unknown quantity changes, the largest first"),
    FIDELITY("fidelity", "observed against simulated");

    private final String word;
    private final String about;

    Kind(String word, String about) {
      this.word = word;
      this.about = about;
    }

    /** How somebody asks for it. */
    public String word() {
      return word;
    }

    /** In words. */
    public String about() {
      return about;
    }
  }

  /**
   * A line, a heap of points, or bars.
   *
   * @param name what it is called in the legend
   */
  public record Series(String name, List<Point> points) {
    public Series {
      points = List.copyOf(points);
    }
  }

  /**
   * A point.
   *
   * @param label what it is called, or empty
   * @param x to the right
   * @param y up
   * @param low the lower end of the interval around y; NaN if there is none
   * @param high the upper end
   */
  public record Point(String label, double x, double y, double low, double high) {}
}
