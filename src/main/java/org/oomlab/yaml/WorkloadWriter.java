package org.oomlab.yaml;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.DiskSpec;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.Paging;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.SwapSpec;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.YamlMap;
import org.oomlab.yaml.tree.YamlText;

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
    line("workload: " + YamlText.quote(workload.name()));
    line("title: " + YamlText.quote(workload.title()));
    line("source: " + YamlText.quote(workload.source()));
    if (!workload.costsName().equals("x86-64")) {
      line("costs: " + YamlText.quote(workload.costsName()));
    }
    if (workload.horizon() != 300 * Span.SECOND) {
      line("horizon: " + Span.format(workload.horizon()));
    }
    machine(workload.machine());
    list("cgroups", workload.cgroups().stream().map(WorkloadWriter::cgroup).toList());
    names("mutexes", workload.mutexes());
    names("futexes", workload.futexes());
    list("processes", workload.processes().stream().map(ProcessWriter::process).toList());
    claims(workload.claims());
    observed(workload.observed());
    if (!workload.cannotTell().isEmpty()) {
      line("");
      line("cannot_tell:");
      workload.cannotTell().forEach(reason -> line("  - " + YamlText.quote(reason)));
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void comment(String path, String indent) {
    for (String text : comments.getOrDefault(path, List.of())) {
      // Only what YAML takes for printable may stand in a comment.
      String printable =
          text.replaceAll("[^\\x20-\\x7e\\u00a1-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe]", "?");
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
    // It has decided the watermarks, where these are given.
    if (machine.watermarkScaleFactor() != 10 && (machine.low() < 0 || machine.high() < 0)) {
      entry("watermark_scale_factor", Integer.toString(machine.watermarkScaleFactor()));
    }
    size("lowmem_reserve", machine.lowmemReserve(), 0);
    paging(machine);
    quantity("page_cache", machine.pageCache(), new Quantity.Constant(0));
    quantity("dirty_cache", machine.dirtyCache(), new Quantity.Constant(0));
    quantity("writeback", machine.writeback(), USUAL_WRITEBACK);
    entry("cpus", Integer.toString(machine.cpus()));
    entry("hz", Integer.toString(machine.hz()));
  }

  private void paging(MachineSpec machine) {
    Paging paging = machine.paging();
    SwapSpec swap = paging.swap();
    if (swap == null) {
      size("swap", machine.swap(), 0);
    } else {
      YamlMap keys = new YamlMap();
      keys.put("size", Bytes.format(swap.size()));
      if (swap.isZram()) {
        keys.put("ratio", decimal(swap.ratio()));
      } else {
        keys.put("read", Bytes.format(swap.read()));
        keys.put("write", Bytes.format(swap.write()));
        latency(keys, swap.requestNs());
      }
      entry("swap", keys.flow());
    }
    DiskSpec disk = paging.disk();
    if (disk != null) {
      YamlMap keys = new YamlMap();
      keys.put("read", Bytes.format(disk.read()));
      latency(keys, disk.requestNs());
      entry("disk", keys.flow());
    }
    if (paging.swappiness() != Paging.NONE.swappiness()) {
      entry("swappiness", Integer.toString(paging.swappiness()));
    }
    if (!paging.generations()) {
      entry("lru", "classic");
    }
    if (paging.lruRemembered() != Paging.remembered(paging.generations())) {
      entry("lru_remembered", decimal(paging.lruRemembered()));
    }
    if (paging.missedInTurn() != Paging.NONE.missedInTurn()) {
      entry("missed_in_turn", decimal(paging.missedInTurn()));
    }
    if (paging.psi() && !paging.moves()) {
      entry("psi", "true");
    }
  }

  /** Not by Double.toString, whose digits depend on the JDK; nobody measures a ratio to twelve. */
  private static String decimal(double value) {
    return new BigDecimal(value, new MathContext(12)).stripTrailingZeros().toPlainString();
  }

  private static void latency(YamlMap keys, long ns) {
    if (ns > 0) {
      keys.put("latency", Span.format(ns));
    }
  }

  private void size(String key, long pages, long usual) {
    if (pages != usual) {
      entry(key, Bytes.format(pages));
    }
  }

  private void quantity(String key, Quantity quantity, Quantity usual) {
    if (!quantity.equals(usual)) {
      entry(key, YamlText.quantity(quantity, false));
    }
  }

  private void entry(String key, String value) {
    comment("machine." + key, "  ");
    line("  " + key + ": " + value);
  }

  private void names(String key, List<String> names) {
    if (!names.isEmpty()) {
      line("");
      line(key + ": " + YamlText.sequence(names.stream().map(YamlText::quote).toList()));
    }
  }

  private void list(String key, List<YamlMap> items) {
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
  private void item(YamlMap item) {
    String flow = "  - " + item.flow();
    if (flow.length() <= WIDE) {
      line(flow);
      return;
    }
    String indent = "  - ";
    for (Map.Entry<String, String> entry : item.entries().entrySet()) {
      line(indent + entry.getKey() + ": " + entry.getValue());
      indent = "    ";
    }
  }

  private static YamlMap cgroup(CgroupSpec cgroup) {
    YamlMap keys = new YamlMap();
    keys.text("name", cgroup.name());
    keys.text("parent", cgroup.parent());
    if (cgroup.limit() != Long.MAX_VALUE) {
      keys.put("limit", Bytes.format(cgroup.limit()));
    }
    keys.flag("oom_group", cgroup.oomGroup());
    keys.flag("oom_kill_disable", cgroup.oomKillDisable());
    SoftLimits soft = cgroup.soft();
    if (soft.high() != Long.MAX_VALUE) {
      keys.put("high", Bytes.format(soft.high()));
    }
    if (soft.swapMax() != Long.MAX_VALUE) {
      keys.put("swap_max", Bytes.format(soft.swapMax()));
    }
    if (soft.low() > 0) {
      keys.put("low", soft.low() == Long.MAX_VALUE ? "max" : Bytes.format(soft.low()));
    }
    return keys;
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
      comment("claims[" + i + "]", "  ");
      out.append(ClaimWriter.write(claims.get(i)));
    }
  }

  private void observed(@Nullable Observation observation) {
    if (observation == null) {
      return;
    }
    line("");
    line("observed:");
    line("  policy: " + YamlText.quote(observation.policy()));
    if (!observation.interchangeable().isEmpty()) {
      line(
          "  interchangeable: "
              + YamlText.sequence(
                  observation.interchangeable().stream()
                      .map(names -> YamlText.sequence(names.stream().map(YamlText::quote).toList()))
                      .toList()));
    }
    line("  runs:");
    for (Observation.Run run : observation.runs()) {
      YamlMap keys = new YamlMap();
      keys.put("victims", YamlText.sequence(run.victims().stream().map(YamlText::quote).toList()));
      keys.text("panic", run.panic());
      if (run.recovery() != Observation.ABSENT) {
        keys.put("recovery", Span.format(run.recovery()));
      }
      if (run.stableRecovery() != Observation.ABSENT) {
        keys.put("stable_recovery", Span.format(run.stableRecovery()));
      }
      if (!run.killTimes().isEmpty()) {
        keys.put(
            "kill_times", YamlText.sequence(run.killTimes().stream().map(Span::format).toList()));
      }
      if (!run.futexes().isEmpty()) {
        YamlMap ends = new YamlMap();
        run.futexes().forEach(ends::put);
        keys.put("futexes", ends.flow());
      }
      line("    - " + keys.flow());
    }
  }
}
