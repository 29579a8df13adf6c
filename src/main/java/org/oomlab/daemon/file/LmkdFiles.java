package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;

/** Android's properties for lmkd: {@code .prop} files, device trees, init scripts. */
final class LmkdFiles implements DaemonFiles {
  private static final String LMK = "ro.lmk.";
  private static final String OVERRIDE = "persist.device_config.lmkd_native.";

  /** Properties of other names, and what they are called here. */
  private static final Map<String, String> OTHERS =
      Ordered.map(
          Map.entry("ro.config.low_ram", "low_ram"),
          Map.entry("ro.config.per_app_memcg", "per_app_memcg"),
          Map.entry("sys.lmk.minfree_levels", "minfree_levels"));

  /** Those of some maker's lmkd, of which that of AOSP knows nothing. */
  private static final Pattern VENDORS =
      Pattern.compile(
          "nstrat_.*|enhance_batch_kill|enable_(adaptive_lmk|userspace_lmk|watermark_check"
              + "|preferred_apps)|super_critical|direct_reclaim_pressure|reclaim_scan_threshold"
              + "|vmpressure_file_min|psi_scrit.*|log_stats|.*_dup|swap_is_low_kill_enable"
              + "|.*_enhance.*|lmkd?_.*|use_inkernel.*");

  private static final Pattern PROPERTY =
      Pattern.compile(
          "((?:ro|sys|persist)\\.[A-Za-z0-9_.-]*lmkd?(?:_native)?\\.[A-Za-z0-9_.-]+"
              + "|ro\\.config\\.(?:low_ram|per_app_memcg))[ \\t]*([?]?=|[ \\t]+)[ \\t]*([^\\s\\\\]*)");

  private static final Pattern LISTED =
      Pattern.compile("^[ \\t]*[A-Z_.a-z0-9$()]+[ \\t]*(\\+=|:=|\\?=|=).*");

  @Override
  public String kind() {
    return "lmkd";
  }

  @Override
  public int recognises(ConfigFile file) {
    if (file.has("\\b(ro|sys)\\.lmk\\.[a-z]") || file.text().contains(OVERRIDE)) {
      return 10;
    }
    return file.text().contains("ro.config.low_ram") || file.base().contains("lmkd") ? 7 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    Map<String, Located> values = new LinkedHashMap<>();
    Map<String, Located> overrides = new LinkedHashMap<>();
    for (ConfigFile file : files) {
      for (Located line : lines(file)) {
        properties(line, values, overrides, findings);
      }
    }
    values.putAll(overrides);
    Section root = DaemonSettings.of(kind()).root();
    for (Option option : root.table().options()) {
      Located value = values.get(option.name());
      if (value != null) {
        root = value(root, option, value, findings);
      }
    }
    conflicts(root, files.get(0), findings);
    return new DaemonSettings(kind(), root);
  }

  /** Lines after those that go on have been joined, without comments. */
  private static List<Located> lines(ConfigFile file) {
    List<Located> lines = new ArrayList<>();
    for (Located line : UnitFile.logicalLines(file)) {
      String text = line.toString();
      int comment = LISTED.matcher(text).matches() ? text.indexOf(" #") : -1;
      lines.add(comment < 0 ? line : line.sub(0, comment));
    }
    return lines;
  }

  private static void properties(
      Located line, Map<String, Located> usual, Map<String, Located> overrides, Findings findings) {
    Matcher matcher = PROPERTY.matcher(line.toString());
    while (matcher.find()) {
      Located name = line.sub(matcher.start(1), matcher.end(1));
      Located value = line.sub(matcher.start(3), matcher.end(3));
      if (matcher.group(2).isBlank()
          && !line.toString().matches(".*\\b(setprop|resetprop|set_prop_safe|set_prop)\\b.*")) {
        continue; // A word in a sentence, and no property that is set.
      }
      String option = option(name, value, findings);
      if (option == null) {
        continue;
      }
      boolean over = name.toString().startsWith(OVERRIDE);
      Map<String, Located> values = over ? overrides : usual;
      Located before = values.get(option);
      boolean optional = matcher.group(2).startsWith("?");
      if (before != null && optional) {
        continue; // Only if nothing else sets it.
      }
      if (before != null && !before.toString().equals(value.toString())) {
        findings.ignored(
            before,
            name.toString(),
            "set once more later to "
                + Findings.shortened(value.toString())
                + ", which counts since Android 11 (before, the first one did)");
      }
      values.put(option, value);
    }
  }

  private static @Nullable String option(Located name, Located value, Findings findings) {
    String property = name.toString();
    String other = OTHERS.get(property);
    if (other != null) {
      return other;
    }
    String bare =
        property.startsWith(LMK)
            ? property.substring(LMK.length())
            : property.startsWith(OVERRIDE) ? property.substring(OVERRIDE.length()) : "";
    Table table = Daemons.table("lmkd");
    Option option = table.option(bare);
    boolean ours = option != null && !OTHERS.containsValue(option.name());
    if (ours) {
      return bare;
    }
    String nearest = bare.isEmpty() ? null : findings.nearest(bare, table.names());
    findings.ignored(
        name,
        property,
        (VENDORS.matcher(bare).matches()
                ? "a property of some maker's lmkd; that of AOSP does not read it, so "
                : "no property that lmkd reads, so ")
            + "it is ignored: "
            + value
            + (nearest == null ? "" : "; " + LMK + nearest + " would count"));
    return null;
  }

  private static Section value(Section root, Option option, Located value, Findings findings) {
    String text = value.toString().replaceAll("^[\"']|[\"']$", "");
    String name = option.name();
    switch (option.type()) {
      case FLAG -> {
        boolean yes = text.matches("1|y|yes|on|true");
        if (yes || text.matches("0|n|no|off|false")) {
          return findings.set(root, name, String.valueOf(yes), value);
        }
        findings.ignored(
            value,
            name,
            "no flag (true, 1, y, yes, on or their opposites), ignored; "
                + Findings.fallback(root, name));
        return root;
      }
      case COUNT -> {
        return count(root, option, value, text, findings);
      }
      default -> {
        return findings.set(root, name, text, value);
      }
    }
  }

  /** property_get_int32(): all of it must be a number, decimal, 0x or octal. */
  private static Section count(
      Section root, Option option, Located value, String text, Findings findings) {
    String name = option.name();
    Long number = number(text);
    boolean fits =
        number != null
            && (name.equals("filecache_min_kb")
                || number == Math.max(-(1L << 31), Math.min((1L << 31) - 1, number)));
    if (!fits) {
      findings.ignored(
          value,
          name,
          "no whole number, ignored"
              + (text.matches("[0-9]+[^0-9].*") ? " with its unit" : "")
              + "; "
              + Findings.fallback(root, name));
      return root;
    }
    double clamped = Math.max(option.least(), Math.min(option.most(), (double) number));
    if (clamped != (double) number) {
      findings.otherwise(
          value, name, "outside of its range, so lmkd takes " + Type.decimal(clamped));
    }
    return findings.set(root, name, Type.decimal(clamped), value);
  }

  private static @Nullable Long number(String text) {
    if (text.matches("-?[1-9][0-9]{0,17}|0")) {
      return Long.valueOf(text);
    }
    if (text.matches("-?0[xX][0-9a-fA-F]{1,15}")) {
      return Long.decode(text);
    }
    return text.matches("-?0[0-7]{1,20}") ? Long.decode(text) : null;
  }

  private static void conflicts(Section root, ConfigFile file, Findings findings) {
    for (String name : List.of("psi_partial_stall_ms", "psi_complete_stall_ms")) {
      Setting stall = root.get(name);
      if (stall.isSet() && stall.at() != null && (stall.number() > 1000 || stall.number() <= 0)) {
        findings.refused(
            stall.at().position(),
            LMK + name,
            stall.number() > 1000
                ? stall.text()
                    + " ms is more than the window of 1000 ms: the kernel refuses the trigger"
                    + " (EINVAL), lmkd logs 'write failed for psi stall type', and has no PSI;"
                    + " expected 1 to 1000"
                : "the kernel refuses a trigger of "
                    + stall.text()
                    + " ms (EINVAL), and lmkd has"
                    + " no PSI; expected 1 to 1000");
      }
    }
    Setting strategy = root.get("use_new_strategy");
    if (strategy.isSet() && !strategy.flag() && strategy.at() != null) {
      findings.add(
          Findings.Effect.TAKEN_OTHERWISE,
          strategy.at().position(),
          LMK + "use_new_strategy",
          strategy.text(),
          "on cgroup v2: 'Old kill strategy can only be used with v1 cgroup hierarchy', and PSI is"
              + " off");
    }
    Setting limit = root.get("thrashing_limit");
    if (limit.isSet() && limit.number() == 0 && limit.at() != null) {
      findings.note(
          limit.at().position(),
          "0 is legal: any refault counts as thrashing; thrashing_limit_critical is then 3 x 0 = 0"
              + " unless it is set");
    }
    if (!root.saysSomething()) {
      findings.note(file.position(0), "no property that lmkd reads: all defaults");
    }
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line.isEmpty() ? "#" : "# " + line).append('\n'));
    for (Setting setting : settings.root().settings().values()) {
      if (setting.isSet()) {
        String name = setting.option().name();
        text.append(
                OTHERS.entrySet().stream()
                    .filter(other -> other.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(LMK + name))
            .append('=')
            .append(setting.text())
            .append('\n');
      }
    }
    for (Setting setting : settings.process().settings().values()) {
      if (setting.isSet()) {
        ServiceKeys.missing(missing, "process." + setting.option().name(), setting);
      }
    }
    return List.of(new Written("/vendor/build.prop", text.toString()));
  }
}
