package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/** Reads one workload file. */
final class WorkloadReader {
  private static final Quantity ZERO = new Constant(0);
  private static final int MOST_PROCESSES = 100_000;

  /** Pages that one page of page tables maps. */
  private static final long PTES = 512;

  private final Value document;
  private final Source source;
  private final References references;
  private final ClaimReader claims;
  private final UnaryOperator<String> costs;

  /** The names of each process's mappings, by the process's name. */
  private final Map<String, Set<String>> memoryNames = new LinkedHashMap<>();

  /** What must fit in the machine, in the order of the file. */
  private final List<Need> needs = new ArrayList<>();

  private final List<Need> swapped = new ArrayList<>();

  /** At least so many pages, because of this value. */
  private record Need(Value value, int count, long pages) {}

  /**
   * A reader.
   *
   * @param costs checks the name of a cost file, throwing {@link IllegalArgumentException}, and
   *     returns the name that finds it from anywhere
   */
  WorkloadReader(
      Value document,
      Source source,
      References references,
      ClaimReader claims,
      UnaryOperator<String> costs) {
    this.document = document;
    this.source = source;
    this.references = references;
    this.claims = claims;
    this.costs = costs;
  }

  Workload read() {
    Fields fields = document.fields();
    String name = PolicyFile.fileName(fields.need("workload"), source);
    String title = fields.text("title");
    String origin = fields.text("source");
    String costsName = fields.get("costs", "x86-64", value -> value.parse("a name", "", costs));
    long horizon = horizon(fields.find("horizon"));
    Value machineValue = fields.find("machine");
    List<CgroupSpec> cgroups = fields.list("cgroups", this::cgroup);
    List<String> mutexes = declared(fields, "mutexes", "mutex", references.mutexes);
    List<String> futexes = declared(fields, "futexes", "futex", references.futexes);
    List<ProcessSpec> processes = fields.require("processes", List.of(), this::processes);
    List<Claim> claimed = fields.list("claims", claims::read);
    Observation observed =
        fields.<@Nullable Observation>get(
            "observed", null, new ObservationReader(references, claims::policy)::read);
    references.check();
    MachineSpec machine =
        machineValue == null ? noMachine() : new MachineReader(machineValue).read();
    fields.end();
    return new Workload(
        name, title, origin, costsName, horizon, machine, cgroups, mutexes, futexes, processes,
        claimed, observed);
  }

  private MachineSpec noMachine() {
    document.problem("machine is missing");
    return new MachineSpec(0, -1, -1, -1, -1, 10, 0, 0, ZERO, ZERO, ZERO, 2, 250);
  }

  private static List<String> declared(Fields fields, String key, String noun, Set<String> names) {
    return fields.list(key, value -> References.declare(value, noun, names));
  }

  private static long horizon(@Nullable Value value) {
    if (value == null) {
      return 300 * Span.SECOND;
    }
    int before = value.problems().count();
    long horizon = value.span();
    if (value.problems().count() == before && (horizon == 0 || horizon >= Span.FOREVER)) {
      value.problem("an episode needs an end, after more than 0s");
    }
    return horizon;
  }

  private CgroupSpec cgroup(Value value) {
    Fields fields = value.fields();
    // The parent first: a cgroup cannot be in itself.
    String parent =
        fields.<@Nullable String>get(
            "parent", null, name -> References.referBack(name, "cgroup", references.cgroups));
    String name =
        fields.require(
            "name", "", name1 -> References.declare(name1, "cgroup", references.cgroups));
    CgroupSpec cgroup =
        new CgroupSpec(
            name,
            parent,
            fields.get("limit", Long.MAX_VALUE, WorkloadReader::limit),
            fields.flag("oom_group"),
            fields.flag("oom_kill_disable"));
    fields.end();
    return cgroup;
  }

  private static long limit(Value value) {
    boolean none = value.node() instanceof Node.Scalar scalar && scalar.text().equals("max");
    return none ? Long.MAX_VALUE : value.size();
  }

  private List<ProcessSpec> processes(Value value) {
    List<ProcessSpec> processes = value.list(this::process);
    if (processes.isEmpty() && value.isList()) {
      value.problem("there is no process");
    }
    long count = 0;
    for (ProcessSpec process : processes) {
      count += process.count();
    }
    if (count > MOST_PROCESSES) {
      value.problem(count + " processes are more than " + MOST_PROCESSES);
    }
    return processes;
  }

  private ProcessSpec process(Value value) {
    Fields fields = value.fields();
    int count = fields.whole("count", 1, 1, MOST_PROCESSES);
    // Whom it refers to must be there before it is.
    String parent = earlier(fields.find("parent"));
    String sharesMm = earlier(fields.find("shares_mm"));
    String name = declare(fields.need("name"), count);
    boolean kernelThread = fields.flag("kernel_thread");
    boolean vfork = fields.flag("vfork");
    Value memoryValue = fields.find("memory");
    Set<String> names = new LinkedHashSet<>();
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
    Set<String> owned = sharesMm == null ? names : memoryNames.getOrDefault(sharesMm, names);
    remember(name, count, owned);
    if (vfork && sharesMm == null) {
      value.problem("vfork means that shares_mm says whose memory it borrows");
    }
    Quantity inSwap = swapped(fields.find("swapped"), count);
    Exit exit = exit(fields.find("exit"));
    Work work = work(fields.find("work"));
    StepReader steps = new StepReader(references, owned, kernelThread);
    ProcessSpec process =
        new ProcessSpec(
            name,
            count,
            fields.whole("oom_score_adj", 0, -1000, 1000),
            fields.flag("root"),
            fields.flag("init"),
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
            fields.get("unit", Work.USUAL.unit(), WorkloadReader::positive),
            fields.get("checkpoint", Work.USUAL.checkpoint(), WorkloadReader::positive));
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

  private void remember(String name, int count, Set<String> owned) {
    for (int i = 0; i < count; i++) {
      memoryNames.put(count == 1 ? name : name + "[" + i + "]", owned);
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
    swapped.add(new Need(value, count, quantity.least()));
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

  private VmaSpec memory(Value value, int count, Set<String> names) {
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
    needs.add(new Need(sizeValue == null ? value : sizeValue, count, least + tables));
    Value name = fields.find("name");
    VmaSpec vma =
        new VmaSpec(
            name == null ? null : References.declare(name, "memory", names),
            kind,
            size,
            fields.flag("locked"),
            fields.choice("notifier", VmaSpec.Notifier.NONE),
            fields.flag("referenced"),
            fields.flag("dirty"),
            fields.flag("huge"),
            pageTables,
            fields.whole("areas", 1, 1, 1_000_000));
    fields.end();
    return vma;
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
      int count = others.whole(1, MOST_PROCESSES);
      if (count > 1) {
        threads.add(new ThreadSpec(process + "/thread", count - 1, null, List.of()));
      }
      return threads;
    }
    for (Value other : others.items()) {
      Fields keys = other.fields();
      String name = keys.get("name", "thread", Value::name);
      int count = keys.whole("count", 1, 1, MOST_PROCESSES);
      threads.add(thread(keys, process + "/" + name, count, steps));
      keys.end();
    }
    return threads;
  }

  private static ThreadSpec thread(Fields fields, String name, int count, StepReader steps) {
    Value robustList = fields.find("robust_list_in");
    String robustListIn = robustList == null ? null : steps.memory(robustList);
    Value run = fields.find("run");
    return new ThreadSpec(name, count, robustListIn, run == null ? List.of() : steps.steps(run));
  }

  /** Reads the machine, last, for then it is known what must fit in it. */
  private final class MachineReader {
    private final Value self;
    private final Fields fields;

    MachineReader(Value value) {
      this.self = value;
      this.fields = value.fields();
    }

    MachineSpec read() {
      int before = self.problems().count();
      Value memoryValue = fields.need("memory");
      long memory = memoryValue == null ? 0 : memoryValue.size();
      boolean known = self.problems().count() == before;
      long free = fields.size("free", -1L);
      int scale = fields.whole("watermark_scale_factor", 10, 1, 3000);
      Watermarks marks = watermarks(memory, scale);
      long swap = fields.size("swap", 0L);
      Value cache = fields.find("page_cache");
      Quantity pageCache = cache == null ? ZERO : cache.sizes();
      MachineSpec machine =
          new MachineSpec(
              memory,
              free,
              marks.min(),
              marks.low(),
              marks.high(),
              scale,
              fields.size("lowmem_reserve", 0L),
              swap,
              pageCache,
              fields.sizes("dirty_cache", ZERO),
              fields.sizes("writeback", new Constant(100 << 8)),
              fields.whole("cpus", 2, 1, 8192),
              hz(fields.find("hz")));
      fields.end();
      if (known) {
        if (cache != null) {
          needs.add(0, new Need(cache, 1, pageCache.least()));
        }
        fit(needs, memory - Math.max(free, 0), place(memory, free));
        fit(swapped, swap, "machine.swap (" + Bytes.format(swap) + ")");
      }
      return machine;
    }

    private static int hz(@Nullable Value value) {
      if (value == null) {
        return 250;
      }
      int hz = value.whole(100, 1000);
      if (hz != 100 && hz != 250 && hz != 300 && hz != 1000) {
        value.problem("expected 100, 250, 300 or 1000, found " + hz);
      }
      return hz;
    }

    private Watermarks watermarks(long memory, int scale) {
      Value minFree = fields.find("min_free");
      Value minValue = fields.find("min");
      if (minFree != null && minValue != null) {
        minFree.problem("min is given as well, and they mean the same");
      }
      Value written = minValue == null ? minFree : minValue;
      long min = written == null ? Watermarks.defaultMin(memory) : written.size();
      Watermarks above = Watermarks.above(min, memory, scale);
      long low = fields.size("low", above.low());
      long high = fields.size("high", above.high());
      if (min > low || low > high) {
        self.problem(
            String.format(
                Locale.ROOT,
                "the watermarks must ascend: min %s, low %s, high %s",
                Bytes.format(min),
                Bytes.format(low),
                Bytes.format(high)));
      }
      return new Watermarks(min, low, high);
    }

    private String place(long memory, long free) {
      String place = "machine.memory (" + Bytes.format(memory) + ")";
      return free < 0 ? place : place + " beside machine.free (" + Bytes.format(free) + ")";
    }

    /** Notes the first thing that no longer fits. */
    private void fit(List<Need> needs, long room, String place) {
      long left = room;
      for (Need need : needs) {
        long pages = need.count() * need.pages();
        if (pages > left) {
          String all = need.count() == 1 ? "" : need.count() + " times ";
          need.value()
              .problem(
                  all
                      + Bytes.human(need.pages())
                      + " does not fit in the "
                      + Bytes.human(Math.max(left, 0))
                      + " left of "
                      + place);
          return;
        }
        left -= pages;
      }
    }
  }
}
