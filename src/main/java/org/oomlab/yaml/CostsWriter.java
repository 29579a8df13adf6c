package org.oomlab.yaml;

import java.util.Map;
import org.oomlab.workload.Measurements;

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
          .append(", source: ")
          .append(PolicyWriter.quote("oomlab calibrate " + of.name()))
          .append("}\n");
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String key, String text) {
    out.append(key).append(": ").append(PolicyWriter.quote(text)).append('\n');
  }
}
