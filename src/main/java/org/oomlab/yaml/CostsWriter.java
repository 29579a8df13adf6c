package org.oomlab.yaml;

import java.util.Map;
import java.util.TreeMap;
import org.oomlab.unit.Span;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Unknown;
import org.oomlab.yaml.tree.YamlText;

/** Writes a cost file that says what was found and leaves the rest to the file it extends. */
public final class CostsWriter {
  private CostsWriter() {}

  /**
   * The cost file.
   *
   * @param name what it is called
   * @param of what it was found from
   * @param found for each unknown its value as a cost file says it
   */
  public static String write(String name, Measurements of, Map<String, String> found) {
    StringBuilder out = new StringBuilder();
    line(out, "costs", name);
    line(out, "title", of.title());
    line(out, "source", of.source());
    line(out, "extends", of.costs());
    out.append('\n');
    String group = "";
    for (Map.Entry<String, String> entry : found.entrySet()) {
      String path = entry.getKey();
      String its = path.substring(0, Math.max(0, path.indexOf('.')));
      if (!its.isEmpty() && !its.equals(group)) {
        out.append(its).append(":\n");
      }
      group = its;
      out.append(its.isEmpty() ? "" : "  ")
          .append(path.substring(path.indexOf('.') + 1))
          .append(": {value: ")
          .append(entry.getValue())
          .append(range(of, path))
          .append(", source: ")
          .append(YamlText.quote("oomlab calibrate " + of.name()))
          .append("}\n");
    }
    return out.toString();
  }

  /**
   * A cost file in which some costs are set by hand.
   *
   * @param base the one that it extends
   * @param set by their keys, without {@code costs.} before them, the values as they were written
   */
  public static String write(String name, String base, Map<String, String> set) {
    StringBuilder out = new StringBuilder();
    line(out, "costs", name);
    line(out, "title", base + ", changed");
    line(out, "source", "set by hand");
    line(out, "extends", base);
    out.append('\n');
    String group = "";
    for (Map.Entry<String, String> entry : new TreeMap<>(set).entrySet()) {
      String path = entry.getKey();
      String its = path.substring(0, Math.max(0, path.indexOf('.')));
      if (!its.isEmpty() && !its.equals(group)) {
        out.append(its).append(":\n");
      }
      group = its;
      out.append(its.isEmpty() ? "" : "  ")
          .append(path.substring(path.indexOf('.') + 1))
          .append(": {value: ")
          .append(entry.getValue())
          .append(", source: set by hand}\n");
    }
    return out.toString();
  }

  /** Where a duration was looked for, which is how uncertain it is. */
  private static String range(Measurements of, String path) {
    for (Unknown unknown : of.unknowns()) {
      Double part = unknown.key().equals(path) ? Double.valueOf(1) : unknown.with().get(path);
      if (unknown.isSpan() && part != null) {
        return ", range: "
            + Span.format(Math.round(unknown.low() * part))
            + ".."
            + Span.format(Math.round(unknown.high() * part));
      }
    }
    return "";
  }

  private static void line(StringBuilder out, String key, String text) {
    out.append(key).append(": ").append(YamlText.quote(text)).append('\n');
  }
}
