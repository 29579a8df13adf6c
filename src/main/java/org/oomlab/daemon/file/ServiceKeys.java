package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Position;

/** What the unit of a daemon says of the process that the daemon is. */
final class ServiceKeys {
  private static final Map<String, String> KEYS =
      Ordered.map(
          Map.entry("Nice", "nice"),
          Map.entry("OOMScoreAdjust", "oom_score_adj"),
          Map.entry("CPUSchedulingPolicy", "scheduler"));

  private ServiceKeys() {}

  static DaemonSettings read(
      DaemonSettings settings, Map<String, Located> service, Findings findings) {
    Section process = settings.process();
    for (Map.Entry<String, Located> each : service.entrySet()) {
      String name = KEYS.get(each.getKey());
      Located value = each.getValue();
      if (name == null || value.isEmpty()) {
        continue;
      }
      String text = value.toString();
      if (name.equals("scheduler")) {
        text = text.equals("fifo") || text.equals("rr") ? "fifo" : "normal";
      }
      try {
        process = process.with(name, text, value.place());
      } catch (IllegalArgumentException wrong) {
        findings.ignored(value, each.getKey(), "systemd ignores the line: " + wrong.getMessage());
      }
    }
    return process.saysSomething()
        ? new DaemonSettings(
            settings.kind(), settings.root().withParts("process", List.of(process)))
        : settings;
  }

  /** A drop-in for what is set, or nothing. */
  static List<DaemonFiles.Written> write(DaemonSettings settings, String unit, Findings missing) {
    List<String> lines = new ArrayList<>();
    Section process = settings.process();
    for (Setting setting : process.settings().values()) {
      if (!setting.isSet()) {
        continue;
      }
      String name = setting.option().name();
      switch (name) {
        case "nice" -> lines.add("Nice=" + setting.text());
        case "oom_score_adj" -> lines.add("OOMScoreAdjust=" + setting.text());
        case "scheduler" ->
            lines.add("CPUSchedulingPolicy=" + (setting.text().equals("fifo") ? "fifo" : "other"));
        default -> missing(missing, "process." + name, setting);
      }
    }
    return lines.isEmpty()
        ? List.of()
        : List.of(
            new DaemonFiles.Written(
                "/etc/systemd/system/" + unit + ".service.d/oomlab.conf",
                "[Service]\n" + String.join("\n", lines) + "\n"));
  }

  /** The daemon has no option for something that is set. */
  static void missing(Findings missing, String option, Setting setting) {
    missing.add(
        Findings.Effect.NOTE,
        setting.at() == null ? new Position("", 0, 0) : setting.at().position(),
        option,
        setting.text(),
        "cannot be written: the daemon has no option for it");
  }
}
