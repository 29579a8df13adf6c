package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Span;
import org.oomlab.workload.Access;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Value;

/** Reads the processes of a workload, with their memory and their threads. */
final class ProcessReader {
  /** So many processes a workload may have, and so many threads a process. */
  static final int MOST = 100_000;

  private static final Quantity ZERO = new Constant(0);

  /** Pages that one page of page tables maps. */
  private static final long PTES = 512;

  /** What cannot be said of a kernel thread. */
  private static final List<String> OF_USERS =
      List.of(
          "init", "oom_origin", "shares_mm", "frozen", "swapped", "exit", "core_dumping", "spread");

  private final References references;
  private final Needs needs;

  /** What backs each process's mappings, by their names, by the process's name. */
  private final Map<String, Map<String, VmaSpec.Kind>> memoryNames = new LinkedHashMap<>();

  /**
   * A reader of all processes of one workload.
   *
   * @param needs learns what memory they take
   */
  ProcessReader(References references, Needs needs) {
    this.references = references;
    this.needs = needs;
  }

  /** A process, or as many as it says there are of them. */
  ProcessSpec read(Value value) {
    Fields fields = value.fields();
    int count = fields.whole("count", 1, 1, MOST);
    // Whom it refers to must be there before it is.
    String parent = earlier(fields.find("parent"));
    String sharesMm = earlier(fields.find("shares_mm"));
    String name = declare(fields.need("name"), count);
    boolean kernelThread = fields.flag("kernel_thread");
    boolean init = fields.flag("init");
    if (kernelThread) {
      rememberKernelThread(fields, name, count);
    }
    if (init) {
      references.inits.addAll(names(name, count));
    }
    boolean vfork = fields.flag("vfork");
    Value memoryValue = fields.find("memory");
    Map<String, VmaSpec.Kind> names = new LinkedHashMap<>();
    List<VmaSpec> memory = new ArrayList<>();
    if (memoryValue != null) {
      for (Value vma : memoryValue.items()) {
        memory.add(memory(vma, count, names));
      }
      if (kernelThread && !memory.isEmpty()) {
        memoryValue.problem("a kernel thread has no memory");
      }
      if (sharesMm != null && !memory.isEmpty()) {
        memoryValue.problem("the memory is that of " + sharesMm + ", which it shares");
      }
    }
    Map<String, VmaSpec.Kind> owned =
        sharesMm == null ? names : memoryNames.getOrDefault(sharesMm, names);
    remember(name, count, owned);
    Value sharer = fields.find("shares_mm");
    if (sharer != null && references.kernelThreads.contains(String.valueOf(sharesMm))) {
      sharer.problem(sharesMm + " is a kernel thread, which has no memory");
    }
    Value swapped = fields.find("swapped");
    if (swapped != null && sharesMm != null) {
      swapped.problem("the memory is that of " + sharesMm + ", which it shares");
    }
    Value spread = fields.find("spread");
    if (spread != null && sharesMm != null) {
      spread.problem("the counters are those of " + sharesMm + ", whose memory it shares");
    }
    if (vfork && sharesMm == null) {
      value.problem("vfork means that shares_mm says whose memory it borrows");
    }
    Quantity inSwap = swapped(swapped, count);
    Exit exit = exit(fields.find("exit"));
    Work work = work(fields.find("work"));
    StepReader steps = new StepReader(references, owned, kernelThread, init);
    ProcessSpec process =
        new ProcessSpec(
            name,
            count,
            fields.whole("oom_score_adj", 0, -1000, 1000),
            fields.flag("root"),
            init,
            kernelThread,
            fields.flag("oom_origin"),
            parent,
            sharesMm,
            vfork,
            memberOf(fields.find("cgroup")),
            fields.choice("frozen", Freezer.NONE),
            fields.spans("start", ZERO),
            memory,
            inSwap,
            exit.aio(),
            exit.exe(),
            fields.flag("core_dumping"),
            work.unit(),
            work.checkpoint(),
            fields.whole("spread", 0, 0, CostsReader.MOST_PROCESSORS),
            threads(fields, name, steps));
    fields.end();
    return process;
  }

  /** What is lost when a process dies, in nanoseconds of running. */
  private record Work(long unit, long checkpoint) {
    static final Work USUAL = new Work(Span.SECOND, Span.FOREVER);
  }

  private static Work work(@Nullable Value value) {
    if (value == null) {
      return Work.USUAL;
    }
    Fields fields = value.fields();
    Work work =
        new Work(
            fields.get("unit", Work.USUAL.unit(), ProcessReader::positive),
            fields.get("checkpoint", Work.USUAL.checkpoint(), ProcessReader::positive));
    fields.end();
    return work;
  }

  private @Nullable String earlier(@Nullable Value value) {
    return value == null ? null : References.referBack(value, "process", references.processes);
  }

  private @Nullable String memberOf(@Nullable Value cgroup) {
    return cgroup == null ? null : references.refer(cgroup, "cgroup", references.cgroups);
  }

  /** Makes the names known that others refer to: one, or one for each copy. */
  private String declare(@Nullable Value value, int count) {
    String name = value == null ? "" : value.name();
    if (value == null || name.isEmpty()) {
      return name;
    }
    boolean isNew = true;
    if (count == 1) {
      isNew = references.processes.add(name);
    } else {
      for (int i = 0; i < count; i++) {
        isNew &= references.processes.add(name + "[" + i + "]");
      }
    }
    if (!isNew) {
      value.problem("there is another process called '" + name + "'");
    }
    return name;
  }

  private void remember(String name, int count, Map<String, VmaSpec.Kind> owned) {
    for (String each : names(name, count)) {
      memoryNames.put(each, owned);
    }
  }

  private static List<String> names(String name, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(count == 1 ? name : name + "[" + i + "]");
    }
    return names;
  }

  /** A kernel thread, of which much cannot be said that is true of processes with memory. */
  private void rememberKernelThread(Fields fields, String name, int count) {
    references.kernelThreads.addAll(names(name, count));
    for (String key : OF_USERS) {
      Value value = fields.find(key);
      boolean off =
          value == null
              || (value.node() instanceof Node.Scalar scalar
                  && (scalar.text().equals("false") || scalar.text().equals("none")));
      if (value != null && !off) {
        value.problem("a kernel thread has no memory, is not frozen and takes no signals");
      }
    }
  }

  private static long positive(Value value) {
    int before = value.problems().count();
    long unit = value.span();
    if (value.problems().count() == before && unit == 0) {
      value.problem("must be more than 0s");
    }
    return unit;
  }

  private Quantity swapped(@Nullable Value value, int count) {
    if (value == null) {
      return ZERO;
    }
    Quantity quantity = value.sizes();
    needs.swap(value, count, quantity.least());
    return quantity;
  }

  /** What the last user of an mm waits for on its way out. */
  private record Exit(Quantity aio, Quantity exe) {
    static final Exit USUAL = new Exit(ZERO, ZERO);
  }

  private static Exit exit(@Nullable Value value) {
    if (value == null) {
      return Exit.USUAL;
    }
    Fields fields = value.fields();
    Exit exit = new Exit(fields.spans("aio", ZERO), fields.spans("exe", ZERO));
    fields.end();
    return exit;
  }

  private VmaSpec memory(Value value, int count, Map<String, VmaSpec.Kind> names) {
    Fields fields = value.fields();
    VmaSpec.Kind kind = fields.choice("kind", VmaSpec.Kind.ANONYMOUS);
    Value sizeValue = fields.need("size");
    Quantity size = sizeValue == null ? ZERO : sizeValue.sizes();
    long pageTables = fields.size("page_tables", -1L);
    // Page tables are the machine's even where the memory is a device's, or accounted for
    // elsewhere.
    boolean takesMemory = kind != VmaSpec.Kind.PFNMAP && kind != VmaSpec.Kind.BORROWED;
    long least = takesMemory ? size.least() : 0;
    long tables = pageTables < 0 ? (size.least() + PTES - 1) / PTES : pageTables;
    needs.memory(sizeValue == null ? value : sizeValue, count, least + tables);
    Value name = fields.find("name");
    VmaSpec vma =
        new VmaSpec(
            name == null ? null : declare(name, kind, names),
            kind,
            size,
            fields.flag("locked"),
            fields.choice("notifier", VmaSpec.Notifier.NONE),
            fields.flag("referenced"),
            fields.flag("dirty"),
            fields.flag("huge"),
            pageTables,
            fields.whole("areas", 1, 1, 1_000_000),
            access(fields, kind));
    fields.end();
    return vma;
  }

  private @Nullable Access access(Fields fields, VmaSpec.Kind kind) {
    Value value = fields.find("access");
    if (value == null) {
      return null;
    }
    boolean pages =
        kind == VmaSpec.Kind.ANONYMOUS
            || kind == VmaSpec.Kind.FILE
            || kind == VmaSpec.Kind.SHARED_FILE;
    if (!pages) {
      value.problem("expected with anonymous memory or a file: nothing else comes and goes");
    } else if (fields.flag("locked")) {
      value.problem("what is locked never leaves memory, so that its use changes nothing");
    }
    boolean isFile = kind != VmaSpec.Kind.ANONYMOUS;
    needs.access(value, isFile);
    if (!value.isMap()) {
      return new Access(interval(value), false);
    }
    Fields keys = value.fields();
    Value every = keys.need("every");
    Access access = new Access(every == null ? 1 : interval(every), keys.flag("in_turn"));
    keys.end();
    return access;
  }

  private static long interval(Value value) {
    int before = value.problems().count();
    long ns = value.span();
    if (value.problems().count() == before && ns == 0) {
      value.problem("must be more than 0s");
    }
    return Math.max(1, ns);
  }

  private static String declare(Value name, VmaSpec.Kind kind, Map<String, VmaSpec.Kind> names) {
    Set<String> known = new LinkedHashSet<>(names.keySet());
    String declared = References.declare(name, "memory", known);
    names.putIfAbsent(declared, kind);
    return declared;
  }

  /** The leader and the others. */
  private static List<ThreadSpec> threads(Fields fields, String process, StepReader steps) {
    List<ThreadSpec> threads = new ArrayList<>();
    threads.add(thread(fields, process, 1, steps));
    Value others = fields.find("threads");
    if (others == null) {
      return threads;
    }
    if (!others.isList()) {
      int count = others.whole(1, MOST);
      if (count > 1) {
        threads.add(new ThreadSpec(process + "/thread", count - 1, null, List.of()));
      }
      return threads;
    }
    for (Value other : others.items()) {
      Fields keys = other.fields();
      String name = keys.get("name", "thread", Value::name);
      int count = keys.whole("count", 1, 1, MOST);
      threads.add(thread(keys, process + "/" + name, count, steps));
      keys.end();
    }
    return threads;
  }

  private static ThreadSpec thread(Fields fields, String name, int count, StepReader steps) {
    Value robustList = fields.find("robust_list_in");
    String robustListIn = robustList == null ? null : steps.memory(robustList);
    Value run = fields.find("run");
    return new ThreadSpec(name, count, robustListIn, run == null ? List.of() : steps.program(run));
  }
}
