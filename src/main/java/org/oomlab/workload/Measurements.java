package org.oomlab.workload;

import java.util.List;
import org.oomlab.unit.Position;
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
 */
public record Measurements(
    String name,
    String title,
    String source,
    String costs,
    List<Unknown> unknowns,
    List<Figure> figures) {
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
   */
  public record Unknown(String key, boolean isSpan, double start, double low, double high) {}

  /**
   * A measured figure.
   *
   * @param workload what was run
   * @param policy under which kernel
   * @param seeds the episodes whose mean stands for it
   * @param metric the metric's column
   * @param value in the column's unit; not 0, since what counts is the relative error
   * @param at where it stands
   */
  public record Figure(
      String workload, String policy, SeedRange seeds, String metric, double value, Position at) {}
}
