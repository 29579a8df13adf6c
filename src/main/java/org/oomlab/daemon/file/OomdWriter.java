package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Type;

/** oomd's configuration as files. */
final class OomdWriter {
  private OomdWriter() {}

  /** The files that say so. */
  static List<DaemonFiles.Written> write(
      DaemonSettings settings, List<String> comments, Findings missing) {
    Section root = settings.root();
    StringBuilder text = new StringBuilder();
    comments.forEach(
        line -> text.append("//").append(line.isEmpty() ? "" : " " + line).append('\n'));
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("rulesets", root.parts("rulesets").stream().map(OomdWriter::ruleset).toList());
    if (!root.parts("prekill_hooks").isEmpty()) {
      top.put(
          "prekill_hooks", root.parts("prekill_hooks").stream().map(OomdWriter::plugin).toList());
    }
    Json.write(text, top, 0);
    List<DaemonFiles.Written> files = new ArrayList<>();
    files.add(new DaemonFiles.Written("/etc/oomd.json", text.append('\n').toString()));
    Setting interval = root.get("interval");
    if (interval.isSet()) {
      files.add(
          new DaemonFiles.Written(
              "/etc/systemd/system/oomd.service.d/interval.conf",
              "[Service]\nExecStart=\nExecStart=/usr/bin/oomd --interval "
                  + Type.decimal(Math.max(1, Math.rint(interval.number() / 1e9)))
                  + "\n"));
    }
    files.addAll(ServiceKeys.write(settings, "oomd", missing));
    return files;
  }

  private static Map<String, Object> ruleset(Section ruleset) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Setting setting : ruleset.settings().values()) {
      if (setting.isSet()) {
        map.put(setting.option().name(), written(setting));
      }
    }
    Section dropIn = ruleset.part("drop-in");
    if (dropIn.saysSomething()) {
      Map<String, Object> flags = new LinkedHashMap<>();
      dropIn
          .settings()
          .forEach(
              (name, setting) -> {
                if (setting.isSet()) {
                  flags.put(name, setting.flag());
                }
              });
      map.put("drop-in", flags);
    }
    List<Object> groups = new ArrayList<>();
    for (Section group : ruleset.parts("detectors")) {
      List<Object> items = new ArrayList<>();
      items.add(group.text("name"));
      group.parts("plugins").forEach(plugin -> items.add(plugin(plugin)));
      groups.add(items);
    }
    map.put("detectors", groups);
    map.put("actions", ruleset.parts("actions").stream().map(OomdWriter::plugin).toList());
    return map;
  }

  private static Map<String, Object> plugin(Section plugin) {
    Map<String, Object> args = new LinkedHashMap<>();
    for (Setting setting : plugin.settings().values()) {
      if (setting.isSet() && !setting.option().name().equals("name")) {
        args.put(setting.option().name(), written(setting));
      }
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", plugin.text("name"));
    map.put("args", args);
    return map;
  }

  private static String written(Setting setting) {
    return switch (setting.option().type()) {
      case PERCENT -> Type.decimal(setting.number());
      case SPAN -> Type.decimal(Math.rint(setting.number() / 1e9));
      case SHARE -> setting.isPercent() ? setting.text() : bytes(setting.number());
      default -> setting.text();
    };
  }

  /** With a unit, since a bare number is MiB. */
  private static String bytes(double bytes) {
    return bytes % 1024 == 0 ? Type.decimal(bytes / 1024) + "K" : "0K " + Type.decimal(bytes);
  }
}
