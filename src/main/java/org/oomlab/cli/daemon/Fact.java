package org.oomlab.cli.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.BuiltIn;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.file.Findings;
import org.oomlab.report.Column;

/**
 * One thing that a configuration says, leaves to a default, or says in vain.
 *
 * @param option its path
 * @param value as a policy file writes it, or as it was written if it has no effect
 * @param state set, default, unset (off, or without a value), built_in, ignored, taken_otherwise,
 *     no_bearing or note
 * @param source where it is written, or where the default is
 * @param line in which line, or null
 * @param column in which column, or null
 * @param note what there is to know about it
 */
record Fact(
    String option,
    String value,
    String state,
    String source,
    @Nullable Integer line,
    @Nullable Integer column,
    String note) {

  static List<Column<Fact>> columns() {
    return List.of(
        new Column<>("option", Fact::option),
        new Column<>("value", Fact::value),
        new Column<>("state", Fact::state),
        new Column<>("source", Fact::source),
        new Column<>("line", Fact::line),
        new Column<>("column", Fact::column),
        new Column<>("note", fact -> fact.note.isEmpty() ? null : fact.note));
  }

  /** Every option, then what else was found out. */
  static List<Fact> all(DaemonSettings settings, Findings findings) {
    List<Fact> facts = new ArrayList<>();
    collect(settings.root(), "", facts);
    for (BuiltIn each : Daemons.builtIn(settings.kind())) {
      facts.add(new Fact(each.name(), each.value(), "built_in", each.where(), null, null, ""));
    }
    for (Findings.Remark remark : findings.remarks()) {
      facts.add(
          new Fact(
              remark.option(),
              remark.value(),
              remark.effect().name().toLowerCase(Locale.ROOT),
              remark.at().file(),
              remark.at().line(),
              remark.at().column(),
              remark.message()));
    }
    return facts;
  }

  private static void collect(Section section, String before, List<Fact> facts) {
    for (Setting setting : section.settings().values()) {
      if (setting.has() || !setting.option().where().isEmpty()) {
        facts.add(of(before + setting.option().name(), setting));
      }
    }
    for (Table.Part part : section.table().parts()) {
      List<Section> those = section.parts(part.key());
      if (!part.many() && those.isEmpty()) {
        those = List.of(section.part(part.key())); // Its defaults count as well.
      }
      for (int i = 0; i < those.size(); i++) {
        String step = part.key() + (part.many() ? "[" + i + "]." : ".");
        collect(those.get(i), before + step, facts);
      }
    }
  }

  private static Fact of(String path, Setting setting) {
    Place at = setting.at();
    return new Fact(
        path,
        setting.text(),
        setting.origin().name().toLowerCase(Locale.ROOT),
        at == null ? setting.option().where() : at.position().file(),
        at == null ? null : at.position().line(),
        at == null ? null : at.position().column(),
        setting.option().doc());
  }
}
