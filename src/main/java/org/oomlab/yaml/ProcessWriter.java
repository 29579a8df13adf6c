package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Access;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.yaml.tree.YamlMap;
import org.oomlab.yaml.tree.YamlText;

/** Writes the processes of a workload, with their memory and their threads. */
final class ProcessWriter {
  private ProcessWriter() {}

  /** A process, or as many copies of it as there are. */
  static YamlMap process(ProcessSpec process) {
    YamlMap keys = new YamlMap();
    keys.text("name", process.name());
    keys.number("count", process.count(), 1);
    keys.number("oom_score_adj", process.oomScoreAdj(), 0);
    keys.flag("root", process.root());
    keys.flag("init", process.init());
    keys.flag("kernel_thread", process.kernelThread());
    keys.flag("oom_origin", process.oomOrigin());
    keys.text("parent", process.parent());
    keys.text("shares_mm", process.sharesMm());
    keys.flag("vfork", process.vfork());
    keys.text("cgroup", process.cgroup());
    keys.word("frozen", process.frozen(), ProcessSpec.Freezer.NONE);
    keys.quantity("start", process.start(), true);
    if (!process.memory().isEmpty()) {
      keys.put(
          "memory",
          YamlText.sequence(process.memory().stream().map(ProcessWriter::memory).toList()));
    }
    keys.quantity("swapped", process.swapped(), false);
    YamlMap exit = new YamlMap();
    exit.quantity("aio", process.aio(), true);
    exit.quantity("exe", process.exe(), true);
    if (!exit.entries().isEmpty()) {
      keys.put("exit", exit.flow());
    }
    keys.flag("core_dumping", process.coreDumping());
    if (process.workUnit() != Span.SECOND || process.checkpoint() < Span.FOREVER) {
      keys.put(
          "work",
          "{unit: "
              + Span.format(process.workUnit())
              + ", checkpoint: "
              + Span.format(process.checkpoint())
              + "}");
    }
    keys.number("spread", process.spread(), 0);
    threads(process, keys);
    return keys;
  }

  private static String memory(VmaSpec vma) {
    YamlMap keys = new YamlMap();
    keys.put("kind", YamlText.word(vma.kind()));
    keys.put("size", YamlText.quantity(vma.size(), false));
    keys.text("name", vma.name());
    keys.flag("locked", vma.locked());
    keys.word("notifier", vma.notifier(), VmaSpec.Notifier.NONE);
    keys.flag("referenced", vma.referenced());
    keys.flag("dirty", vma.dirty());
    keys.flag("huge", vma.huge());
    if (vma.pageTables() >= 0) {
      keys.put("page_tables", Bytes.format(vma.pageTables()));
    }
    keys.number("areas", vma.areas(), 1);
    Access access = vma.access();
    if (access != null) {
      String every = Span.format(access.everyNs());
      keys.put("access", access.inTurn() ? "{every: " + every + ", in_turn: true}" : every);
    }
    return keys.flow();
  }

  private static void threads(ProcessSpec process, YamlMap keys) {
    ThreadSpec leader = process.threads().get(0);
    program(leader, keys);
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
      YamlMap its = new YamlMap();
      its.text("name", other.name().substring(prefix.length()));
      its.number("count", other.count(), 1);
      program(other, its);
      items.add(its.flow());
    }
    keys.put("threads", YamlText.sequence(items));
  }

  private static void program(ThreadSpec thread, YamlMap keys) {
    keys.text("robust_list_in", thread.robustListIn());
    if (!thread.run().isEmpty()) {
      keys.put("run", StepWriter.steps(thread.run()));
    }
  }
}
