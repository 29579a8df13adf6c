package org.oomlab.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.SeedRange;

/**
 * What was measured on a real machine, and which costs are to be found so that a simulated one
 * comes near it.
 *
 * @param name the file's name
 * @param title what was measured, in one line
 * @param source where the figures come from
 * @param costs the cost file in which the unknown costs are looked for
 * @param unknowns the costs to be found
 * @param figures what was measured
 * @param observed what was observed of workloads, or null
 */
public record Measurements(
    String name,
    String title,
    String source,
    String costs,
    List<Unknown> unknowns,
    List<Figure> figures,
    @Nullable Observed observed) {
  public Measurements {
    unknowns = List.copyOf(unknowns);
    figures = List.copyOf(figures);
  }

  /**
   * A cost to be found.
   *
   * @param key its path in a cost file, such as {@code page_table_contention.visit}
   * @param isSpan whether it is a duration in nanoseconds; if not, it is a number
   * @param start where to begin
   * @param low the least it can be
   * @param high the most it can be
   * @param factor where what is found is the median of a log-normal distribution: its factor; 1 for
   *     a constant
   * @param with costs that go up and down with it, and how much of it each is
   */
  public record Unknown(
      String key,
      boolean isSpan,
      double start,
      double low,
      double high,
      double factor,
      Map<String, Double> with) {
    public Unknown {
      with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
    }
  }

  /** Whether a figure helps to find the costs, or judges those that were found. */
  public enum Use {
    FIT,
    JUDGE
  }

  /** What of the episodes stands for them. */
  public enum Statistic {
    MEAN,
    /** And what counts is by what factor it is off. */
    MEDIAN
  }

  /**
   * The median first recovery of every workload of which one was observed. In the order of their
   * names the first is fitted, the second judged, and so on in turn.
   *
   * @param workloads names of workloads and families
   * @param seeds the episodes whose median stands for each
   */
  public record Observed(List<String> workloads, SeedRange seeds) {
    public Observed {
      workloads = List.copyOf(workloads);
    }
  }

  /** These measurements with more figures. */
  public Measurements with(List<Figure> more) {
    List<Figure> all = new ArrayList<>(figures);
    all.addAll(more);
    return new Measurements(name, title, source, costs, unknowns, all, observed);
  }

  /**
   * A measured figure.
   *
   * @param workload what was run
   * @param policy under which kernel
   * @param seeds the episodes whose mean or median stands for it
   * @param statistic which of the two
   * @param metric the metric's column
   * @param value in the column's unit; not 0, since what counts is the relative error
   * @param runs of how many runs the value is the median; 0 if that is not known
   * @param use what for
   */
  public record Figure(
      String workload,
      String policy,
      SeedRange seeds,
      Statistic statistic,
      String metric,
      double value,
      int runs,
      Use use) {}
}
