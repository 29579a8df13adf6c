package org.oomlab.daemon.file;

import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Type;

/** oomd's JSON, with drop-ins, and the unit that says how often it looks. */
final class OomdFiles implements DaemonFiles {
  private final Tree.Parser parser;

  OomdFiles(Tree.Parser parser) {
    this.parser = parser;
  }

  @Override
  public String kind() {
    return "oomd";
  }

  @Override
  public int recognises(ConfigFile file) {
    if (file.text().contains("\"rulesets\"") || file.text().contains("\"prekill_hooks\"")) {
      return 10;
    }
    if (file.base().matches("(?i).*oomd.*\\.json")) {
      return 8;
    }
    return CommandLines.isUnit(file) && file.has("ExecStart=\\S{0,200}(?<!systemd-)oomd\\b")
        ? 8
        : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    List<ConfigFile> units = files.stream().filter(CommandLines::isUnit).toList();
    DaemonSettings settings = DaemonSettings.of(kind());
    OomdReader reading = new OomdReader(findings);
    for (ConfigFile file : files) {
      if (!units.contains(file)) {
        settings = new DaemonSettings(kind(), reading.file(settings.root(), parser.json(file)));
      }
    }
    if (!units.isEmpty()) {
      CommandLines.Found found = new CommandLines("oomd", "OOMD_ARGS", findings).find(units);
      settings = new DaemonSettings(kind(), interval(settings.root(), found, findings));
      settings = ServiceKeys.read(settings, found.service(), findings);
    }
    return settings;
  }

  private static Section interval(Section root, CommandLines.Found found, Findings findings) {
    List<Located> words = found.arguments();
    Section after = root;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).toString();
      Located value = null;
      if (word.startsWith("--interval=")) {
        value = words.get(i).sub("--interval=".length());
      } else if ((word.equals("-i") || word.equals("--interval")) && i + 1 < words.size()) {
        value = words.get(i + 1);
      }
      if (value != null) {
        CNumber.Read read = CNumber.strtol(value.toString());
        if (read.value() < 1 || !read.rest().isEmpty()) {
          findings.refused(value, "--interval", "expected 1 or more whole seconds");
        } else {
          after = findings.set(after, "interval", Type.span(read.value() * 1e9), value);
        }
      }
    }
    return after;
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    return OomdWriter.write(settings, comments, missing);
  }
}
