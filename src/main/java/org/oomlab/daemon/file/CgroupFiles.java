package org.oomlab.daemon.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Limits;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.UnitFile.Assignment;

/** The memory keys of systemd's units: limits of cgroups. */
final class CgroupFiles implements LimitFiles {
  private static final String OURS =
      "(Default)?(Startup)?Memory(Max|High|Low|Min|SwapMax|ZSwapMax|Limit)|OOMPolicy|OOMScoreAdjust";

  @Override
  public String kind() {
    return "cgroup";
  }

  @Override
  public int recognises(ConfigFile file) {
    boolean unit = CommandLines.isUnit(file);
    boolean keys = file.has("(?m)^[ \\t]{0,40}(" + OURS + "|Memory[A-Z]\\w{1,30})[ \\t]{0,40}=");
    return unit && keys ? 6 : unit && SystemdValues.unitOf(file) != null ? 2 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    Map<String, Section> units = new LinkedHashMap<>();
    for (ConfigFile file : files) {
      List<Assignment> all = UnitFile.read(file, CommandLines.UNIT_SECTIONS, findings);
      String slice = null;
      for (Assignment each : all) {
        slice = each.key().toString().equals("Slice") ? each.value().toString() : slice;
      }
      String unit = SystemdValues.unitOf(file);
      String cgroup =
          unit == null
              ? file.base().replaceFirst("\\.conf$", "")
              : SystemdValues.cgroup(unit, slice);
      Section section = units.getOrDefault(cgroup, Section.of(table()));
      Located where = file.whole().sub(0, 0);
      if (!section.get("cgroup").isSet()) {
        section = findings.set(section, "cgroup", cgroup, where);
      }
      for (Assignment each : all) {
        section = key(section, each, findings);
      }
      conflicts(section, findings);
      units.put(cgroup, section);
    }
    Section root = Section.of(Limits.units());
    return new DaemonSettings(kind(), root.withParts("units", List.copyOf(units.values())));
  }

  private static Table table() {
    Table.Part part = Limits.units().part("units");
    if (part == null) {
      throw new AssertionError();
    }
    return part.table().get();
  }

  private static Section key(Section section, Assignment each, Findings findings) {
    String key = each.key().toString();
    Located value = each.value();
    boolean in = List.of("Unit", "Install", "Timer", "Path").contains(each.section());
    if (!key.matches(OURS)) {
      String nearest =
          key.startsWith("Memory") || key.startsWith("OOM")
              ? findings.nearest(key, section.table().names())
              : null;
      if (nearest != null && !key.matches("MemoryAccounting|MemoryPressure.*|MemoryKSM")) {
        findings.ignored(
            each.key(), key, "unknown key, ignored; " + nearest + "=" + value + " would count");
      }
      return section;
    }
    if (in) {
      findings.ignored(each.key(), key, "unknown key in section [" + each.section() + "], ignored");
      return section;
    }
    if (key.startsWith("Startup") || key.startsWith("DefaultStartup")) {
      findings.noBearing(value, key, "only while the machine boots or shuts down");
      return section;
    }
    if (key.equals("MemoryLimit")) {
      findings.otherwise(
          value,
          key,
          "name of cgroup v1, to be removed; systemd takes it for MemoryMax where that is not set");
      return section.get("MemoryMax").isSet()
          ? section
          : limit(section, "MemoryMax", each, findings);
    }
    Option option = section.get(key).option();
    if (option.type() == Type.SHARE) {
      return limit(section, key, each, findings);
    }
    if (value.isEmpty()) {
      return section.without(key);
    }
    try {
      return section.with(key, value.toString().replaceFirst("^\\+", ""), value.place());
    } catch (IllegalArgumentException wrong) {
      findings.ignored(
          value,
          key,
          "failed to parse, ignored: "
              + wrong.getMessage()
              + "; "
              + Findings.fallback(section, key));
      return section;
    }
  }

  /** config_parse_memory_limit(). */
  private static Section limit(Section section, String name, Assignment each, Findings findings) {
    Located value = each.value();
    String text = value.toString();
    boolean protection = name.endsWith("Low") || name.endsWith("Min");
    boolean zero = protection || name.endsWith("SwapMax");
    if (text.isEmpty()) {
      return section.without(name);
    }
    if (text.equals("infinity")) {
      if (!protection) {
        return section.without(name);
      }
      return findings.set(section, name, "100%", value);
    }
    Double percent = SystemdValues.percent(text);
    Double bytes = percent == null ? SystemdValues.size(text) : null;
    Double amount = percent == null ? bytes : percent;
    if (amount == null) {
      findings.ignored(
          value,
          each.key().toString(),
          "invalid memory limit, ignored: "
              + meant(text)
              + "; "
              + Findings.fallback(section, name));
    } else if (amount == 0 && !zero) {
      findings.ignored(
          value,
          each.key().toString(),
          "out of range, ignored: 0; " + Findings.fallback(section, name));
    } else {
      return findings.set(
          section, name, percent == null ? Type.bytes(bytes) : Type.percent(percent), value);
    }
    return section;
  }

  private static String meant(String text) {
    if (text.matches("[0-9.]+ ?[KMGTPE]i[Bb]?")) {
      return "Kubernetes' unit; "
          + text.replaceFirst("i[Bb]?$", "")
          + " would mean that, to the base of 1024";
    }
    if (text.matches("[0-9.]+ ?%")) {
      return "beyond 0 % to 100 % of physical memory, or with too many decimals";
    }
    return text.matches("[0-9.]+ ?[kmgtpe][bB]?|[0-9.]+ ?[KMGTPE][bB]")
        ? "expected K, M, G or T, in capitals and alone"
        : "expected a size such as 2G, a share such as 50%, or infinity";
  }

  private static void conflicts(Section section, Findings findings) {
    Setting high = section.get("MemoryHigh");
    Setting max = section.get("MemoryMax");
    boolean comparable = high.isSet() && max.isSet() && high.isPercent() == max.isPercent();
    if (comparable && high.number() >= max.number() && high.at() != null) {
      findings.note(
          high.at().position(), "MemoryHigh is not below MemoryMax, so it never throttles");
    }
  }

  @Override
  public List<Cgroup> cgroups(DaemonSettings settings, double memory) {
    return settings.root().parts("units").stream()
        .map(
            unit ->
                new Cgroup(
                    unit.text("cgroup"),
                    1,
                    amount(unit.get("MemoryMax"), memory),
                    amount(unit.get("MemoryHigh"), memory),
                    amount(unit.get("MemorySwapMax"), memory),
                    amount(unit.get("MemoryLow"), memory),
                    amount(unit.get("MemoryMin"), memory),
                    unit.text("OOMPolicy").equals("kill"),
                    false,
                    unit.get("OOMScoreAdjust")))
        .toList();
  }

  /** A share of physical memory, or a size; negative if there is none. */
  private static double amount(Setting setting, double memory) {
    if (!setting.has() || !setting.isSet()) {
      return -1;
    }
    return setting.isPercent() ? Math.floor(setting.number() / 100 * memory) : setting.number();
  }
}
