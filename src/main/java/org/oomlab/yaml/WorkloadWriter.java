package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * Writes workloads as files that are read back as the same. What has its default is left out; a
 * process is a line, so that a large machine can be looked through.
 */
public final class WorkloadWriter {
  private static final int WIDE = 100;

  /** The default of {@link MachineSpec#writeback}. */
  private static final Quantity USUAL_WRITEBACK = new Quantity.Constant(100 << 8);

  private final StringBuilder out = new StringBuilder();
  private final Map<String, List<String>> comments;

  private WorkloadWriter(Map<String, List<String>> comments) {
    this.comments = comments;
  }

  /**
   * A workload as YAML.
   *
   * @param comments lines by the path of what they are about: {@code ""} for the document, {@code
   *     machine}, {@code machine.free}, {@code processes[3]}, {@code claims}
   */
  public static String write(Workload workload, Map<String, List<String>> comments) {
    WorkloadWriter writer = new WorkloadWriter(comments);
    writer.document(workload);
    return writer.out.toString();
  }

  private void document(Workload workload) {
    comment("", "");
    line("workload: " + quote(workload.name()));
    line("title: " + quote(workload.title()));
    line("source: " + quote(workload.source()));
    if (!workload.costsName().equals("x86-64")) {
      line("costs: " + quote(workload.costsName()));
    }
    if (workload.horizon() != 300 * Span.SECOND) {
      line("horizon: " + Span.format(workload.horizon()));
    }
    machine(workload.machine());
    list("cgroups", workload.cgroups().stream().map(WorkloadWriter::cgroup).toList());
    names("mutexes", workload.mutexes());
    names("futexes", workload.futexes());
    list("processes", workload.processes().stream().map(WorkloadWriter::process).toList());
    claims(workload.claims());
    observed(workload.observed());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void comment(String path, String indent) {
    for (String text : comments.getOrDefault(path, List.of())) {
      // Only what YAML takes for printable may stand in a comment.
      String printable = text.replaceAll("[^\\x20-\\x7e\\u00a1-\\ud7ff\\ue000-\\ufefe]", "?");
      line((indent + "# " + printable).stripTrailing());
    }
  }

  private void machine(MachineSpec machine) {
    line("");
    comment("machine", "");
    line("machine:");
    size("memory", machine.memory(), -1);
    size("free", machine.free(), -1);
    size("min", machine.min(), -1);
    size("low", machine.low(), -1);
    size("high", machine.high(), -1);
    if (machine.watermarkScaleFactor() != 10) {
      entry("watermark_scale_factor", Integer.toString(machine.watermarkScaleFactor()));
    }
    size("lowmem_reserve", machine.lowmemReserve(), 0);
    size("swap", machine.swap(), 0);
    quantity("page_cache", machine.pageCache(), new Quantity.Constant(0));
    quantity("dirty_cache", machine.dirtyCache(), new Quantity.Constant(0));
    quantity("writeback", machine.writeback(), USUAL_WRITEBACK);
    entry("cpus", Integer.toString(machine.cpus()));
    entry("hz", Integer.toString(machine.hz()));
  }

  private void size(String key, long pages, long usual) {
    if (pages != usual) {
      entry(key, Bytes.format(pages));
    }
  }

  private void quantity(String key, Quantity quantity, Quantity usual) {
    if (!quantity.equals(usual)) {
      entry(key, StepWriter.text(quantity, false));
    }
  }

  private void entry(String key, String value) {
    comment("machine." + key, "  ");
    line("  " + key + ": " + value);
  }

  private void names(String key, List<String> names) {
    if (!names.isEmpty()) {
      line("");
      line(key + ": " + StepWriter.sequence(names.stream().map(WorkloadWriter::quote).toList()));
    }
  }

  private void list(String key, List<Map<String, String>> items) {
    if (items.isEmpty()) {
      return;
    }
    line("");
    comment(key, "");
    line(key + ":");
    for (int i = 0; i < items.size(); i++) {
      comment(key + "[" + i + "]", "  ");
      item(items.get(i));
    }
  }

  /** A map on one line, or, if it is long, a line for each key. */
  private void item(Map<String, String> item) {
    String flow = "  - " + StepWriter.mapping(item);
    if (flow.length() <= WIDE) {
      line(flow);
      return;
    }
    String indent = "  - ";
    for (Map.Entry<String, String> entry : item.entrySet()) {
      line(indent + entry.getKey() + ": " + entry.getValue());
      indent = "    ";
    }
  }

  private static Map<String, String> cgroup(CgroupSpec cgroup) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("name", quote(cgroup.name()));
    text(keys, "parent", cgroup.parent());
    if (cgroup.limit() != Long.MAX_VALUE) {
      keys.put("limit", Bytes.format(cgroup.limit()));
    }
    flag(keys, "oom_group", cgroup.oomGroup());
    flag(keys, "oom_kill_disable", cgroup.oomKillDisable());
    return keys;
  }

  private static void text(Map<String, String> keys, String key, @Nullable String text) {
    if (text != null) {
      keys.put(key, quote(text));
    }
  }

  private static void flag(Map<String, String> keys, String key, boolean flag) {
    if (flag) {
      keys.put(key, "true");
    }
  }

  private static Map<String, String> process(ProcessSpec process) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("name", quote(process.name()));
    number(keys, "count", process.count(), 1);
    number(keys, "oom_score_adj", process.oomScoreAdj(), 0);
    flag(keys, "root", process.root());
    flag(keys, "init", process.init());
    flag(keys, "kernel_thread", process.kernelThread());
    flag(keys, "oom_origin", process.oomOrigin());
    text(keys, "parent", process.parent());
    text(keys, "shares_mm", process.sharesMm());
    flag(keys, "vfork", process.vfork());
    text(keys, "cgroup", process.cgroup());
    if (process.frozen() != ProcessSpec.Freezer.NONE) {
      keys.put("frozen", StepWriter.word(process.frozen()));
    }
    unlessZero(keys, "start", process.start(), true);
    if (!process.memory().isEmpty()) {
      keys.put(
          "memory",
          StepWriter.sequence(process.memory().stream().map(WorkloadWriter::memory).toList()));
    }
    unlessZero(keys, "swapped", process.swapped(), false);
    Map<String, String> exit = new LinkedHashMap<>();
    unlessZero(exit, "aio", process.aio(), true);
    unlessZero(exit, "exe", process.exe(), true);
    if (!exit.isEmpty()) {
      keys.put("exit", StepWriter.mapping(exit));
    }
    flag(keys, "core_dumping", process.coreDumping());
    if (process.workUnit() != Span.SECOND || process.checkpoint() < Span.FOREVER) {
      keys.put(
          "work",
          "{unit: "
              + Span.format(process.workUnit())
              + ", checkpoint: "
              + Span.format(process.checkpoint())
              + "}");
    }
    threads(process, keys);
    return keys;
  }

  private static void number(Map<String, String> keys, String key, int number, int usual) {
    if (number != usual) {
      keys.put(key, Integer.toString(number));
    }
  }

  private static boolean isZero(Quantity quantity) {
    return quantity instanceof Quantity.Constant constant && constant.value() == 0;
  }

  private static void unlessZero(
      Map<String, String> keys, String key, Quantity quantity, boolean time) {
    if (!isZero(quantity)) {
      keys.put(key, StepWriter.text(quantity, time));
    }
  }

  private static String memory(VmaSpec vma) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("kind", StepWriter.word(vma.kind()));
    keys.put("size", StepWriter.text(vma.size(), false));
    text(keys, "name", vma.name());
    flag(keys, "locked", vma.locked());
    if (vma.notifier() != VmaSpec.Notifier.NONE) {
      keys.put("notifier", StepWriter.word(vma.notifier()));
    }
    flag(keys, "referenced", vma.referenced());
    flag(keys, "dirty", vma.dirty());
    flag(keys, "huge", vma.huge());
    if (vma.pageTables() >= 0) {
      keys.put("page_tables", Bytes.format(vma.pageTables()));
    }
    if (vma.areas() != 1) {
      keys.put("areas", Long.toString(vma.areas()));
    }
    return StepWriter.mapping(keys);
  }

  private static void threads(ProcessSpec process, Map<String, String> keys) {
    ThreadSpec leader = process.threads().get(0);
    text(keys, "robust_list_in", leader.robustListIn());
    if (!leader.run().isEmpty()) {
      keys.put("run", StepWriter.steps(leader.run()));
    }
    List<ThreadSpec> others = process.threads().subList(1, process.threads().size());
    if (others.isEmpty()) {
      return;
    }
    String prefix = process.name() + "/";
    ThreadSpec first = others.get(0);
    boolean plain =
        others.size() == 1
            && first.equals(new ThreadSpec(prefix + "thread", first.count(), null, List.of()));
    if (plain) {
      keys.put("threads", Integer.toString(first.count() + 1));
      return;
    }
    List<String> items = new ArrayList<>();
    for (ThreadSpec other : others) {
      Map<String, String> its = new LinkedHashMap<>();
      its.put("name", quote(other.name().substring(prefix.length())));
      number(its, "count", other.count(), 1);
      text(its, "robust_list_in", other.robustListIn());
      if (!other.run().isEmpty()) {
        its.put("run", StepWriter.steps(other.run()));
      }
      items.add(StepWriter.mapping(its));
    }
    keys.put("threads", StepWriter.sequence(items));
  }

  private void claims(List<Claim> claims) {
    if (claims.isEmpty()) {
      if (comments.containsKey("claims")) {
        line("");
        comment("claims", "");
      }
      return;
    }
    line("");
    comment("claims", "");
    line("claims:");
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      comment("claims[" + i + "]", "  ");
      line(
          "  - policies: "
              + StepWriter.sequence(claim.policies().stream().map(WorkloadWriter::quote).toList()));
      line("    because: " + quote(claim.because()));
      unlessEmpty("says", claim.says());
      unlessEmpty("thread", claim.thread());
      unlessEmpty("contradicts", claim.contradicts());
      if (claim.seeds().count() != 1 || claim.seeds().first() != 1) {
        line("    seeds: " + quote(claim.seeds().toString()));
      }
      vary(claim.vary());
      expectations(claim.expectations());
    }
  }

  private void unlessEmpty(String key, String text) {
    if (!text.isEmpty()) {
      line("    " + key + ": " + quote(text));
    }
  }

  private void observed(@Nullable Observation observation) {
    if (observation == null) {
      return;
    }
    line("");
    line("observed:");
    line("  policy: " + quote(observation.policy()));
    line("  runs:");
    for (Observation.Run run : observation.runs()) {
      Map<String, String> keys = new LinkedHashMap<>();
      keys.put(
          "victims",
          StepWriter.sequence(run.victims().stream().map(WorkloadWriter::quote).toList()));
      text(keys, "panic", run.panic());
      if (run.recovery() != Observation.ABSENT) {
        keys.put("recovery", Span.format(run.recovery()));
      }
      if (run.stableRecovery() != Observation.ABSENT) {
        keys.put("stable_recovery", Span.format(run.stableRecovery()));
      }
      line("    - " + StepWriter.mapping(keys));
    }
  }

  /** Metrics with a dot in their name are keys of a map of their own. */
  private void vary(List<Claim.Variant> variants) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (Claim.Variant variant : variants) {
      variant
          .values()
          .forEach(
              (path, value) ->
                  values.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(quote(value)));
    }
    if (!values.isEmpty()) {
      line("    vary:");
      values.forEach(
          (path, each) ->
              line("      " + quote(path) + ": " + StepWriter.sequence(List.copyOf(each))));
    }
  }

  private void expectations(List<Claim.Expectation> expectations) {
    Map<String, Map<String, String>> nested = new LinkedHashMap<>();
    for (Claim.Expectation expectation : expectations) {
      String metric = expectation.metric();
      int dot = metric.indexOf('.');
      String text = expected(metric, expectation.text());
      if (dot < 0) {
        line("    " + metric + ": " + text);
      } else {
        nested
            .computeIfAbsent(metric.substring(0, dot), key -> new LinkedHashMap<>())
            .put(quote(metric.substring(dot + 1)), text);
      }
    }
    nested.forEach((key, map) -> line("    " + key + ": " + StepWriter.mapping(map)));
  }

  private static String expected(String metric, String text) {
    if (metric.equals("victims") && text.indexOf('|') >= 0) {
      List<String> alternatives = new ArrayList<>();
      for (String alternative : text.split("\\|", -1)) {
        alternatives.add(elements(alternative));
      }
      return "{any_of: " + StepWriter.sequence(alternatives) + "}";
    }
    boolean isList = metric.equals("victims") || metric.equals("kill_times");
    return isList ? elements(text) : quote(text);
  }

  private static String elements(String text) {
    List<String> elements = new ArrayList<>();
    for (String element : text.isEmpty() ? new String[0] : text.split(";", -1)) {
      elements.add(quote(element));
    }
    return StepWriter.sequence(elements);
  }

  /** A scalar that is read back as the text. */
  private static String quote(String text) {
    return PolicyWriter.quote(text);
  }
}
