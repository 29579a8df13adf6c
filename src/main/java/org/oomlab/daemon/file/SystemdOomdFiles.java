package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.UnitFile.Assignment;

/**
 * systemd-oomd's {@code oomd.conf} and drop-ins, the units' own keys, and {@code .oomrule} files.
 */
final class SystemdOomdFiles implements DaemonFiles {
  private static final String UNIT_KEYS = "ManagedOOM.*|OOMRules";

  @Override
  public String kind() {
    return "systemd-oomd";
  }

  @Override
  public int recognises(ConfigFile file) {
    if (UnitFile.looksLike(file, "OOM") || UnitFile.looksLike(file, "Rule")) {
      return 10;
    }
    if (file.has("ManagedOOM[A-Z]|OOMRules=")) {
      return 9;
    }
    return file.base().matches("oomd.*\\.conf|systemd-oomd.*|.*\\.oomrule") ? 8 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    return new Reading(findings).read(files);
  }

  private static final class Reading {
    private final Findings findings;
    private final Map<String, Section> units = new LinkedHashMap<>();
    private final Map<String, Located> service = new LinkedHashMap<>();
    private Section root = DaemonSettings.of("systemd-oomd").root();

    Reading(Findings findings) {
      this.findings = findings;
    }

    DaemonSettings read(List<ConfigFile> files) {
      // The main file first and drop-ins after it by name, wherever they lie.
      List<ConfigFile> sorted = new ArrayList<>(files);
      sorted.sort(
          Comparator.comparing((ConfigFile file) -> isDropIn(file))
              .thenComparing(ConfigFile::base));
      for (ConfigFile file : sorted) {
        if (UnitFile.looksLike(file, "OOM")) {
          daemon(file);
        } else if (UnitFile.looksLike(file, "Rule") || file.base().endsWith(".oomrule")) {
          rule(file);
        } else if (CommandLines.isUnit(file)) {
          unit(file);
        } else {
          daemon(file); // Nothing but comments, or lines outside of any section.
        }
      }
      root = root.withParts("units", List.copyOf(units.values()));
      notes(files.get(0));
      return ServiceKeys.read(new DaemonSettings("systemd-oomd", root), service, findings);
    }

    private static boolean isDropIn(ConfigFile file) {
      return file.name().contains(".d/") || !file.base().matches(".*\\.(service|slice)|oomd.conf");
    }

    private void notes(ConfigFile first) {
      boolean kills =
          root.parts("units").stream()
              .anyMatch(
                  unit ->
                      unit.text("ManagedOOMSwap").equals("kill")
                          || unit.text("ManagedOOMMemoryPressure").equals("kill")
                          || unit.get("OOMRules").has());
      if (!kills) {
        findings.note(
            first.position(0),
            "no unit that was given says kill, and the default is auto: nothing is killed until"
                + " one does");
      }
      for (Section unit : root.parts("units")) {
        Setting limit = unit.get("ManagedOOMMemoryPressureLimit");
        boolean pressure = unit.text("ManagedOOMMemoryPressure").equals("kill");
        if (limit.isSet() && limit.at() != null && limit.number() > 0) {
          findings.note(
              limit.at().position(),
              pressure
                  ? "the unit's own limit shadows DefaultMemoryPressureLimit: to change only"
                      + " oomd.conf has no effect on it"
                  : "a limit without ManagedOOMMemoryPressure=kill has no effect");
        }
      }
    }

    private void daemon(ConfigFile file) {
      for (Assignment each : UnitFile.read(file, List.of("OOM"), findings)) {
        String key = each.key().toString();
        Option option = root.table().option(key);
        if (option == null) {
          String nearest = nearest(key, root.table());
          findings.ignored(
              each.key(),
              key,
              "unknown key in section [OOM], ignored"
                  + (nearest == null ? "" : "; " + nearest + "=" + each.value() + " would count"));
        } else {
          root = value(root, option, each.value());
        }
      }
    }

    private @Nullable String nearest(String key, Table table) {
      for (Option option : table.options()) {
        if (key.startsWith(option.name())) {
          return option.name(); // Names of 247's development ended in Percent.
        }
      }
      return findings.nearest(key, table.options().stream().map(Option::name).toList());
    }

    private Section value(Section section, Option option, Located value) {
      return switch (option.type()) {
        case PERCENT -> percent(section, option, value);
        case SPAN -> span(section, option, value);
        case CHOICE -> choice(section, option, value);
        default ->
            value.isEmpty()
                ? section.without(option.name())
                : findings.set(section, option.name(), value.toString(), value);
      };
    }

    private Section percent(Section section, Option option, Located value) {
      boolean unit = option.name().startsWith("ManagedOOM");
      if (unit && value.isEmpty()) {
        return section.without(option.name());
      }
      Double percent = SystemdValues.percent(value.toString());
      if (percent != null) {
        return findings.set(section, option.name(), Type.percent(percent), value);
      }
      String text = value.toString();
      String why =
          text.matches("[0-9.]+")
              ? "a number without %, which would mean " + text + " %"
              : text.matches("-?[0-9.]+ ?[%‰‱]")
                  ? "beyond 0 % to 100 %, or with too many decimals"
                  : "no percentage such as 90%";
      findings.ignored(
          value,
          option.name(),
          "failed to parse, ignored: " + why + "; " + Findings.fallback(section, option.name()));
      return section;
    }

    private Section span(Section section, Option option, Located value) {
      String name = option.name();
      boolean duration = name.endsWith("DurationSec");
      if (value.isEmpty()) {
        return section.without(name);
      }
      Double nanos = SystemdValues.span(value.toString());
      if (nanos == null) {
        findings.ignored(
            value,
            name,
            "failed to parse, ignored: no duration such as 30s or 1min; "
                + Findings.fallback(section, name));
      } else if (duration && nanos == 0) {
        findings.otherwise(value, name, "0 means the default, " + Findings.fallback(section, name));
        return section.without(name);
      } else if (duration && (nanos < 1e9 || nanos.isInfinite())) {
        findings.ignored(
            value,
            name,
            "must be at least 1s and less than infinity, ignored; "
                + Findings.fallback(section, name));
      } else {
        return findings.set(section, name, nanos.isInfinite() ? "never" : Type.span(nanos), value);
      }
      return section;
    }

    private Section choice(Section section, Option option, Located value) {
      if (value.isEmpty()) {
        return section.without(option.name());
      }
      if (option.choices().contains(value.toString())) {
        return findings.set(section, option.name(), value.toString(), value);
      }
      findings.ignored(
          value,
          option.name(),
          "failed to parse, ignored: expected one of "
              + String.join(", ", option.choices())
              + "; "
              + Findings.fallback(section, option.name()));
      return section;
    }

    private void rule(ConfigFile file) {
      Section rule = Section.of(part("rules"));
      for (Assignment each : UnitFile.read(file, List.of("Rule"), findings)) {
        String key = each.key().toString();
        Option option = key.equals("name") ? null : rule.table().option(key);
        if (option == null) {
          String nearest = findings.nearest(key, rule.table().names());
          findings.ignored(
              each.key(),
              key,
              "unknown key in section [Rule], ignored"
                  + (nearest == null ? "" : "; " + nearest + "=" + each.value() + " would count"));
        } else {
          rule = value(rule, option, each.value());
        }
      }
      boolean named = file.base().endsWith(".oomrule");
      String name = named ? file.base().substring(0, file.base().length() - 8) : file.base();
      Located where = file.whole().sub(0, 0);
      String why =
          !rule.get("MemoryPressureAbove").has() && !rule.get("SwapUsageMax").has()
              ? "no condition (MemoryPressureAbove= or SwapUsageMax=)"
              : !rule.get("Action").has()
                  ? "no Action="
                  : rule.text("LastingSec").equals("never")
                      ? "LastingSec=infinity, which is never reached"
                      : null;
      if (why != null) {
        findings.ignored(where, name, "the ruleset has " + why + ", so all of it is ignored");
        return;
      }
      root = root.plus("rules", findings.set(rule, "name", name, where));
    }

    private static Table part(String key) {
      Table.Part part = DaemonSettings.of("systemd-oomd").root().table().part(key);
      if (part == null) {
        throw new AssertionError(key);
      }
      return part.table().get();
    }

    private void unit(ConfigFile file) {
      String name = SystemdValues.unitOf(file);
      boolean own = name != null && name.equals("systemd-oomd.service");
      List<Assignment> all = UnitFile.read(file, CommandLines.UNIT_SECTIONS, findings);
      for (Assignment each : all) {
        if (own && each.section().equals("Service")) {
          service.put(each.key().toString(), each.value());
        }
      }
      String cgroup = name == null ? file.base().replaceFirst("\\.conf$", "") : name;
      Section unit = units.getOrDefault(cgroup, Section.of(part("units")));
      boolean any = units.containsKey(cgroup);
      for (Assignment each : all) {
        String key = each.key().toString();
        if (key.matches(UNIT_KEYS)) {
          any = true;
          unit = key(unit, each);
        } else if (key.matches("Memory.*|DefaultMemory(Low|Min)|OOMPolicy") && !own) {
          findings.noBearing(
              each.value(),
              key,
              "a limit of the cgroup, of which systemd-oomd knows nothing; --as cgroup imports it");
        }
      }
      if (any) {
        Located where = file.whole().sub(0, 0);
        if (name == null) {
          findings.note(
              where.at(),
              "of which unit is not said; taken for "
                  + cgroup
                  + "; give it as UNIT.d/"
                  + file.base());
        }
        units.put(
            cgroup,
            unit.get("cgroup").isSet() ? unit : findings.set(unit, "cgroup", cgroup, where));
      }
    }

    private Section key(Section unit, Assignment each) {
      String key = each.key().toString();
      Option option = unit.table().option(key);
      if (option == null) {
        String nearest = findings.nearest(key, unit.table().names());
        findings.ignored(
            each.key(),
            key,
            "unknown key, ignored"
                + (nearest == null ? "" : "; " + nearest + "=" + each.value() + " would count"));
        return unit;
      }
      if (key.equals("OOMRules") && unit.get(key).isSet() && !each.value().isEmpty()) {
        return findings.set(unit, key, unit.text(key) + " " + each.value(), each.value());
      }
      return value(unit, option, each.value());
    }
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    Section root = settings.root();
    List<Written> files = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line.isEmpty() ? "#" : "# " + line).append('\n'));
    text.append("[OOM]\n");
    assignments(text, root);
    files.add(new Written("/etc/systemd/oomd.conf.d/oomlab.conf", text.toString()));
    for (Section unit : root.parts("units")) {
      String name = unitName(unit.text("cgroup"));
      StringBuilder lines = new StringBuilder("[" + sectionOf(name) + "]\n");
      assignments(lines, unit);
      files.add(new Written("/etc/systemd/system/" + name + ".d/oomlab.conf", lines.toString()));
    }
    for (Section rule : root.parts("rules")) {
      StringBuilder lines = new StringBuilder("[Rule]\n");
      assignments(lines, rule);
      files.add(
          new Written(
              "/etc/systemd/oomd/rules.d/" + rule.text("name") + ".oomrule", lines.toString()));
    }
    files.addAll(ServiceKeys.write(settings, "systemd-oomd", missing));
    return files;
  }

  /** The unit of a cgroup: the last part of its path. */
  private static String unitName(String cgroup) {
    String last = cgroup.substring(cgroup.lastIndexOf('/') + 1);
    String name = last.isEmpty() ? "-.slice" : last.replace("@*.", "@.");
    return name.matches(".+\\.(service|slice|scope|socket|mount|swap)") ? name : name + ".service";
  }

  private static String sectionOf(String unit) {
    String kind = unit.substring(unit.lastIndexOf('.') + 1);
    return kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
  }

  private static void assignments(StringBuilder text, Section section) {
    for (Setting setting : section.settings().values()) {
      String name = setting.option().name();
      if (setting.isSet() && !name.equals("cgroup") && !name.equals("name")) {
        text.append(name).append('=').append(written(setting)).append('\n');
      }
    }
  }

  private static String written(Setting setting) {
    return switch (setting.option().type()) {
      case PERCENT -> Type.decimal(Math.rint(setting.number() * 100) / 100.0) + "%";
      case SPAN ->
          setting.text().equals("never") ? "infinity" : SystemdValues.writeSpan(setting.number());
      default -> setting.text();
    };
  }
}
