package org.oomlab.yaml;

import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.yaml.tree.YamlText;

/** Writes the {@code daemon:} block of a policy: what is set, and defaults as comments. */
final class DaemonWriter {
  private static final int REMARK_COLUMN = 40;

  private final StringBuilder out;
  private final boolean defaults;

  private DaemonWriter(StringBuilder out, boolean defaults) {
    this.out = out;
    this.defaults = defaults;
  }

  /**
   * Writes a daemon.
   *
   * @param defaults whether what nobody has set stands there as a comment, with its source
   */
  static void write(StringBuilder out, DaemonSettings daemon, boolean defaults) {
    out.append("daemon:\n  kind: ").append(YamlText.quote(daemon.kind())).append('\n');
    new DaemonWriter(out, defaults).section(daemon.root(), "  ", "  ");
  }

  private void section(Section section, String first, String indent) {
    String lead = first;
    for (Map.Entry<String, Setting> entry : section.settings().entrySet()) {
      Setting setting = entry.getValue();
      String written = entry.getKey() + ": " + value(setting);
      if (setting.isSet()) {
        out.append(lead).append(written).append('\n');
        lead = indent;
      } else if (defaults && setting.has() && lead.equals(indent)) {
        String line = indent + "# " + written;
        out.append(line)
            .append(" ".repeat(Math.max(1, REMARK_COLUMN - line.length())))
            .append("(default, ")
            .append(setting.option().where())
            .append(")\n");
      }
    }
    for (Table.Part part : section.table().parts()) {
      List<Section> those = section.parts(part.key());
      if (part.many() ? those.isEmpty() : those.stream().noneMatch(Section::saysSomething)) {
        continue;
      }
      out.append(lead).append(part.key()).append(":\n");
      lead = indent;
      for (Section each : those) {
        if (!each.saysSomething()) {
          out.append(indent).append("  - {}\n"); // One of several, with all defaults, is one.
          continue;
        }
        section(
            each,
            part.many() ? indent + "  - " : indent + "  ",
            indent + (part.many() ? "    " : "  "));
      }
    }
  }

  private static String value(Setting setting) {
    return setting.option().type().isNumber() ? setting.text() : YamlText.quote(setting.text());
  }
}
