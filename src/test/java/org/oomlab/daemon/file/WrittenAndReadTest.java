package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.yaml.ForeignFiles;

/** What is written as a daemon's own configuration is read back as the same settings. */
class WrittenAndReadTest {
  /** Which options are set, to what, and how many there are where there may be several. */
  record Draw(String kind, long seed) {}

  @Provide
  Arbitrary<Draw> draws() {
    return Arbitraries.of(Formats.daemons())
        .flatMap(kind -> Arbitraries.longs().map(seed -> new Draw(kind, seed)));
  }

  @Property(tries = 300)
  void nothingChanges(@ForAll("draws") Draw draw) {
    Random random = new Random(draw.seed());
    Section root = drawn(Daemons.table(draw.kind()), random, 0);
    if (draw.kind().equals("earlyoom")) {
      root = ordered(root);
    }
    if (draw.kind().equals("nohang")) {
      root = root.with("min_sleep", "50ms", null);
    }
    if (draw.kind().equals("kubelet")) {
      root = withGrace(root);
    }
    DaemonSettings settings = Daemons.finished(new DaemonSettings(draw.kind(), root));
    DaemonFiles files = Formats.of(draw.kind(), new ForeignFiles());
    List<DaemonFiles.Written> written = files.write(settings, List.of("a", ""), new Findings());
    Findings findings = new Findings();
    DaemonSettings back =
        files.read(
            written.stream().map(each -> new ConfigFile(each.name(), each.text())).toList(),
            findings);
    assertThat(findings.remarks())
        .as("%s", written)
        .noneMatch(remark -> remark.effect() == Findings.Effect.REFUSED)
        .noneMatch(remark -> remark.effect() == Findings.Effect.IGNORED);
    Map<String, String> wanted = values(settings.root());
    Map<String, String> got = values(back.root());
    for (String path : wanted.keySet()) {
      assertThat(got.get(path)).as("%s of %s", path, written).isEqualTo(wanted.get(path));
    }
    assertThat(got).containsOnlyKeys(wanted.keySet());
  }

  /** Some options set to something that the daemon's own file can say. */
  private static Section drawn(Table table, Random random, int depth) {
    Section section = Section.of(table);
    for (Option option : table.options()) {
      boolean must = option.where().isEmpty() || List.of("name", "cgroup").contains(option.name());
      if (must || random.nextInt(3) == 0 || table.name().equals("nohang")) {
        section = section.with(option.name(), value(table, option, random), null);
      }
    }
    for (Table.Part part : table.parts()) {
      if (part.key().equals("prekill_hooks") || part.key().equals("process")) {
        continue;
      }
      List<Section> those = new ArrayList<>();
      int many = part.many() ? random.nextInt(3) : random.nextInt(2);
      boolean needed =
          List.of("detectors", "actions", "plugins", "containers").contains(part.key());
      for (int i = 0; i < (needed ? Math.max(1, many) : many); i++) {
        List<Table> variants = new ArrayList<>(part.variants().get().values());
        Table chosen =
            variants.isEmpty() ? part.table().get() : variants.get(random.nextInt(variants.size()));
        Section within = drawn(chosen, random, depth + 1);
        those.add(fit(part.key(), within, i, chosen, part));
      }
      section = those.isEmpty() ? section : section.withParts(part.key(), those);
    }
    return section;
  }

  /** What would be refused, or cannot be told apart, is not drawn. */
  private static Section fit(String key, Section drawn, int i, Table table, Table.Part part) {
    return switch (key) {
      case "units" ->
          drawn.with("cgroup", "u" + i + ".slice", null).with("ManagedOOMSwap", "kill", null);
      case "rules" ->
          drawn
              .with("name", "r" + i, null)
              .with("Action", "kill-all", null)
              .with("SwapUsageMax", "50%", null)
              .with("LastingSec", "3s", null);
      case "plugins", "actions" -> {
        String name =
            part.variants().get().entrySet().stream()
                .filter(each -> each.getValue().equals(table))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        Section named = drawn.with("name", name, null);
        for (Option option : table.options()) {
          boolean left = option.where().isEmpty() && !named.get(option.name()).isSet();
          named = left ? named.with(option.name(), "1s", null) : named;
        }
        yield named;
      }
      case "badness_adj" ->
          drawn
              .with("match", "UID", null)
              .with("badness_adj", "" + (i - 1), null)
              .with("pattern", "^" + i, null);
      case "soft_actions" ->
          drawn
              .with("match", "NAME", null)
              .with("pattern", "^(a|b)$", null)
              .with("command", "c $PID", null);
      case "pods" -> pod(drawn, i);
      default -> drawn;
    };
  }

  private static Section pod(Section drawn, int i) {
    Section pod =
        drawn.with("name", "p" + i, null).without("priorityClassName").without("qosClass");
    Section container =
        pod.parts("containers")
            .get(0)
            .without("requests.cpu")
            .without("limits.cpu")
            .with("requests.memory", "1MiB", null)
            .with("limits.memory", "3MiB", null);
    return pod.withParts("containers", List.of(container)).with("qosClass", "Burstable", null);
  }

  private static Section withGrace(Section root) {
    Section grace = root.part("evictionSoftGracePeriod");
    for (Setting soft : root.part("evictionSoft").settings().values()) {
      if (soft.isSet()) {
        grace = grace.with(soft.option().name(), "30s", null);
      }
    }
    return grace.saysSomething() ? root.withParts("evictionSoftGracePeriod", List.of(grace)) : root;
  }

  /** SIGKILL never before SIGTERM, which would be changed. */
  private static Section ordered(Section root) {
    Section ordered = root;
    for (String what : List.of("mem", "swap")) {
      for (String unit : List.of("", "_percent")) {
        String term = what + "_min" + unit;
        String kill = what + "_kill" + unit;
        if (ordered.get(kill).isSet() && !ordered.get(term).isSet()) {
          ordered = ordered.without(kill);
        }
        if (ordered.get(kill).isSet() && ordered.number(kill) > ordered.number(term)) {
          ordered = ordered.with(kill, ordered.text(term), null);
        }
      }
    }
    return ordered;
  }

  private static String value(Table table, Option option, Random random) {
    int number = 1 + random.nextInt(40);
    double fit = Math.max(option.least(), Math.min(option.most(), number));
    return switch (option.type()) {
      case PERCENT -> number + (table.name().equals("unit") ? ".25%" : "%");
      case BYTES -> number + "MiB";
      case SHARE -> random.nextBoolean() || zram(option) ? (10 + number) + "%" : number + "MiB";
      case SPAN -> Type.span(Math.max(option.least(), (10 + number) * 1e9));
      case COUNT -> Type.decimal(Math.floor(option.least() < -1e9 ? number : fit));
      case NUMBER ->
          option.name().equals("min_growth_ratio")
              ? "" + number
              : Type.decimal(option.most() <= 1 ? 0.5 : Math.max(fit, option.least()) + 0.5);
      case FLAG -> flag(option, random);
      case CHOICE -> option.choices().get(random.nextInt(option.choices().size()));
      case ERE -> "^(a\\.b|it's \"c\"|$d`)$";
      case PYTHON -> "^(x|y\\.z)$";
      case LEVELS -> "18432:0,55296:900";
      case TEXT -> text(option, random);
    };
  }

  private static boolean zram(Option option) {
    return option.name().endsWith("_zram") || option.name().endsWith("min_mem");
  }

  /** earlyoom's flags can be given and not taken back. */
  private static String flag(Option option, Random random) {
    return option.where().startsWith("earlyoom") || random.nextBoolean() ? "true" : "false";
  }

  private static String text(Option option, Random random) {
    return switch (option.name()) {
      case "silence-logs" -> "engine,plugins";
      case "notify_script", "prekill_script" -> "/opt/it's \"here\"";
      case "OOMRules" -> "a b";
      case "enforceNodeAllocatable" -> "pods,kube-reserved";
      default -> "t" + random.nextInt(9);
    };
  }

  private static Map<String, String> values(Section root) {
    Map<String, String> values = new LinkedHashMap<>();
    collect(root, "", values);
    return values;
  }

  private static void collect(Section section, String before, Map<String, String> values) {
    for (Setting setting : section.settings().values()) {
      if (setting.has()) {
        values.put(before + setting.option().name(), setting.written());
      }
    }
    for (Table.Part part : section.table().parts()) {
      List<Section> those =
          part.many() ? section.parts(part.key()) : List.of(section.part(part.key()));
      for (int i = 0; i < those.size(); i++) {
        collect(those.get(i), before + part.key() + "[" + i + "].", values);
      }
    }
  }
}
