package org.oomlab.debug;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.Vmcore;
import org.oomlab.kernel.state.Standing;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Page;
import org.oomlab.report.Story;
import org.oomlab.report.Table;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.report.Tone;
import org.oomlab.trace.Happening;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;

/** What somebody sees who looks at a moment. To look changes nothing. */
final class Views {
  private static final int INDENT = 2;
  private static final String NOTHING = "-";

  private final Scene scene;
  private final Page page;
  private final List<Vmcore.Lock> locks;

  Views(Scene scene, Page page) {
    this.locks = scene.vmcore().locks();
    this.scene = scene;
    this.page = page;
  }

  // Where one is.

  /** The time, and what the last event was. */
  void where() {
    String time = time(scene.kernel().nowNs());
    String head = time + "  event " + scene.branch().moment() + "  ";
    List<String> said = sentences();
    String first = said.isEmpty() ? unsaid() : said.get(0);
    page.line(new Field(head, Tone.QUIET), Field.of(first));
    for (String more : said.subList(Math.min(1, said.size()), said.size())) {
      page.line(" ".repeat(head.length()) + more);
    }
    Vmcore.Decision decision = scene.vmcore().decision();
    if (decision != null && scene.kernel().byHand().isOnBrink()) {
      page.line(
          new Field(" ".repeat(head.length()) + "next: ", Tone.QUIET),
          Field.of(
              process(decision.victim()) + " is to be killed for " + task(decision.invoker())));
    }
  }

  /** The sentences of what was announced. */
  private List<String> sentences() {
    Story story = new Story(scene.branch().of().inhabited());
    for (Happening each : scene.latest()) {
      story.emit(each.atNs(), each.point(), each.subject(), each.a(), each.b());
    }
    return story.sentences();
  }

  /** What happened that nobody announces. */
  private String unsaid() {
    if (scene.branch().moment() == 0) {
      return "the machine has booted";
    }
    Vmcore.Due last = scene.vmcore().latest();
    return last.what() + (last.subject() == Vmcore.NO_TASK ? "" : " of " + whom(last));
  }

  // Processes.

  /**
   * Everybody, or a process and its threads.
   *
   * @param only the process, or less than 0 for all
   */
  void processes(int only) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < scene.kernel().processes(); i++) {
      if (only < 0 || only == i) {
        rows.add(new Row(i, scene.kernel().standing(i), scene.procfs().of(i)));
      }
    }
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("", "task", false));
    heads.add(new Head("", "does", false));
    List<ToLongFunction<Row>> terms = new ArrayList<>();
    optional(rows, heads, terms, "anon", row -> row.usage.anon());
    optional(rows, heads, terms, "file", row -> row.usage.file());
    optional(rows, heads, terms, "shmem", row -> row.usage.shmem());
    optional(rows, heads, terms, "locked", row -> row.usage.unevictable());
    optional(rows, heads, terms, "swap", row -> row.usage.swap());
    optional(rows, heads, terms, "tables", row -> row.usage.pageTables());
    optional(rows, heads, terms, "adj", row -> row.standing.adjShare());
    optional(rows, heads, terms, "root", row -> -row.standing.rootBonus());
    heads.add(new Head("", "badness", true));
    Table table = new Table(heads);
    for (Row row : rows) {
      add(table, row, terms);
    }
    page.line(new Field("in pages", Tone.QUIET));
    page.table(table);
  }

  private record Row(int process, Standing standing, Procfs.Usage usage) {}

  private static void optional(
      List<Row> rows,
      List<Head> heads,
      List<ToLongFunction<Row>> terms,
      String name,
      ToLongFunction<Row> term) {
    if (rows.stream().anyMatch(row -> term.applyAsLong(row) != 0)) {
      heads.add(new Head("", name, true));
      terms.add(term);
    }
  }

  private void add(Table table, Row row, List<ToLongFunction<Row>> terms) {
    List<Integer> tasks = scene.vmcore().tasksOf(row.process);
    boolean alike = tasks.stream().map(this::does).distinct().count() == 1;
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.of(process(row.process) + (tasks.size() > 1 && alike ? " x" + tasks.size() : "")));
    fields.add(Field.of(does(tasks.get(0))));
    for (ToLongFunction<Row> term : terms) {
      fields.add(Field.of(Long.toString(term.applyAsLong(row))));
    }
    Standing standing = row.standing;
    fields.add(
        standing.eligible()
            ? Field.of(Long.toString(standing.points()))
            : new Field(standing.spared().reason(), Tone.QUIET));
    table.add(fields);
    for (int i = 1; i < tasks.size() && !alike; i++) {
      List<Field> thread = new ArrayList<>();
      thread.add(Field.of(task(tasks.get(i))));
      thread.add(Field.of(does(tasks.get(i))));
      while (thread.size() < fields.size()) {
        thread.add(Field.of(""));
      }
      table.add(thread);
    }
  }

  /** What a task does, and what it waits for. */
  private String does(int task) {
    Vmcore core = scene.vmcore();
    String killed = core.isKilled(task) && core.doing(task) != Vmcore.Doing.DEAD ? ", SIGKILL" : "";
    return switch (core.doing(task)) {
      case RUNS -> (core.waitsForCpu(task) ? "waits for a CPU" : "runs") + killed;
      case ALLOCATES -> "allocates" + killed;
      case WAITS_FOR_MEMORY -> {
        int awaited = core.awaited(task);
        yield "waits for memory" + (awaited < 0 ? "" : " of " + process(awaited)) + killed;
      }
      case KILLS -> "out_of_memory()" + killed;
      case WAITS_FOR_LOCK -> "waits for " + lockOf(task) + killed;
      case WAITS_FOR_FUTEX -> "waits for " + lockOf(task) + killed;
      case SLEEPS -> "sleeps" + killed;
      case BLOCKED -> "state D" + killed;
      case FROZEN -> "frozen" + killed;
      case RELEASES -> "process_mrelease()" + killed;
      case EXITS -> "exits: " + core.phase(task);
      case UNMAPS -> "exits: unmaps";
      case DEAD -> "dead";
    };
  }

  private String lockOf(int task) {
    for (Vmcore.Lock lock : locks) {
      if (lock.waiters().contains(task)) {
        return scene.cast().nameOf(lock);
      }
    }
    return "a lock";
  }

  /** A process's address space. */
  void mm(int process) {
    Vmcore core = scene.vmcore();
    Procfs.Usage usage = scene.procfs().of(process);
    page.line(new Field(process(process), Tone.HEADING), Field.of(": " + mmState(process)));
    Table table =
        new Table(
            List.of(
                new Head("", "mapping", false),
                new Head("", "kind", false),
                new Head("", "pages", true),
                new Head("", "reaped", true),
                new Head("", "", false)));
    for (Vmcore.Mapping mapping : core.mappings(process)) {
      table.add(
          List.of(
              Field.of(mapping.name().isEmpty() ? NOTHING : mapping.name()),
              Field.of(mapping.kind()),
              Field.of(Long.toString(mapping.pages())),
              Field.of(Long.toString(mapping.reaped())),
              Field.of(mapping.locked() ? "locked" : "")));
    }
    page.table(table, INDENT);
    fact("rss", amount(usage.rss()));
    fact("page tables", amount(usage.pageTables()));
    fact("swap", amount(usage.swap()));
    List<String> flags = core.mmFlags(process);
    fact("flags", flags.isEmpty() ? NOTHING : String.join(" ", flags));
  }

  private String mmState(int process) {
    Vmcore core = scene.vmcore();
    if (core.mmOf(process) < 0) {
      return "a kernel thread has no mm";
    }
    String sharers =
        scene.cast().processes().stream()
            .map(scene.cast()::process)
            .filter(other -> other != process && core.mmOf(other) == core.mmOf(process))
            .map(this::process)
            .collect(Collectors.joining(", "));
    return (core.isMmGone(process) ? "taken apart" : "mm_users " + core.mmUsers(process))
        + (sharers.isEmpty() ? "" : ", shared with " + sharers);
  }

  // Memory.

  /** Free memory, the watermarks, and who may go how far below them. */
  void zone() {
    Procfs procfs = scene.procfs();
    long free = scene.kernel().freePages();
    long min = procfs.minWatermark();
    fact("free", amount(free) + ": " + standing(free, procfs));
    fact("high", amount(procfs.highWatermark()));
    fact("low", amount(procfs.lowWatermark()) + ", below which kswapd is woken");
    fact("min", amount(min) + ", at which an ordinary request ends up in reclaim");
    fact("min / 2", amount(min / 2) + ", for __GFP_HIGH and ALLOC_OOM");
    fact("min * 3/8", amount(min * 3 / 8) + ", for GFP_ATOMIC");
    long reserve = scene.branch().of().workload().machine().lowmemReserve();
    if (reserve > 0) {
      fact("lowmem", amount(reserve) + ", kept besides");
    }
    fact("least", amount(scene.ledger().reserveMinPages()) + " so far");
    Procfs.Usage all = procfs.ofAll();
    fact("anon", amount(all.anon()));
    fact("file", amount(all.file()) + " mapped, " + amount(procfs.unmappedCache()) + " not");
    fact("dirty", amount(procfs.dirty()));
    fact("shmem", amount(all.shmem()) + ", " + amount(procfs.orphanedShmem()) + " of nobody");
    fact("tables", amount(all.pageTables()));
    fact("kernel", amount(procfs.slab()));
    Vmcore core = scene.vmcore();
    for (int task = 0; task < core.tasks(); task++) {
      if (core.blockedSinceNs(task) >= 0) {
        String since = Span.format(scene.kernel().nowNs() - core.blockedSinceNs(task));
        page.line(task(task) + " asks for " + amount(core.wanted(task)) + ", blocked for " + since);
      }
    }
  }

  private static String standing(long free, Procfs procfs) {
    return free >= procfs.highWatermark()
        ? "above high"
        : free >= procfs.lowWatermark()
            ? "between low and high"
            : free > procfs.minWatermark()
                ? "between min and low"
                : free > procfs.minWatermark() / 2 ? "at min or below" : "at min / 2 or below";
  }

  /** Memory cgroups, with what they hold and may hold. */
  void cgroups() {
    List<CgroupSpec> cgroups = scene.branch().of().workload().cgroups();
    if (cgroups.isEmpty()) {
      page.line("this workload has no cgroups");
      return;
    }
    Table table =
        new Table(
            List.of(
                new Head("", "cgroup", false),
                new Head("", "memory.current", true),
                new Head("", "memory.max", true),
                new Head("", "", false)));
    for (int i = 0; i < cgroups.size(); i++) {
      CgroupSpec cgroup = cgroups.get(i);
      boolean unlimited = cgroup.limit() == Long.MAX_VALUE;
      List<String> remarks = new ArrayList<>();
      if (scene.vmcore().fullCgroup() == i) {
        remarks.add("out of memory");
      }
      if (cgroup.oomGroup()) {
        remarks.add("memory.oom.group");
      }
      table.add(
          List.of(
              Field.of(cgroup.name()),
              Field.of(amount(scene.procfs().cgroupUsage(i))),
              Field.of(unlimited ? "max" : amount(cgroup.limit())),
              Field.of(String.join(", ", remarks))));
    }
    page.table(table);
  }

  // Locks.

  /** Who holds which lock, who waits for it, and the circle they may be in. */
  void locks() {
    boolean any = false;
    for (Vmcore.Lock lock : locks) {
      if (lock.kind() != Vmcore.Kind.FUTEX) {
        lock(lock);
        any = true;
      }
    }
    if (!any) {
      page.line("no lock is held");
    }
    List<String> circle = new Circle(scene).find();
    if (!circle.isEmpty()) {
      page.line(new Field("a circle: ", Tone.BAD), Field.of(String.join("; ", circle)));
    }
  }

  /** The same of robust futexes. */
  void futexes() {
    boolean any = false;
    for (Vmcore.Lock lock : locks) {
      if (lock.kind() == Vmcore.Kind.FUTEX) {
        lock(lock);
        any = true;
      }
    }
    if (!any) {
      page.line("no robust futex is held");
    }
  }

  private void lock(Vmcore.Lock lock) {
    List<String> held = new ArrayList<>();
    if (lock.broken()) {
      held.add("broken: its owner " + who(lock.owner()) + " died, and nobody was told");
    } else if (lock.owner() != Vmcore.NO_TASK) {
      boolean forWriting = lock.kind() == Vmcore.Kind.MMAP_LOCK;
      held.add("held by " + who(lock.owner()) + (forWriting ? " for writing" : ""));
    }
    if (lock.readers() > 0) {
      held.add(lock.readers() + (lock.readers() == 1 ? " reader" : " readers"));
    }
    String waiting =
        lock.waiters().isEmpty()
            ? ""
            : "; waiting: "
                + lock.waiters().stream().map(this::who).collect(Collectors.joining(", "));
    page.line(
        new Field(scene.cast().nameOf(lock), Tone.HEADING),
        Field.of(": " + String.join(", ", held) + waiting));
  }

  // The reaper, what is due, processors.

  /** What the reaper is at, and who is next. */
  void reaper() {
    Vmcore core = scene.vmcore();
    int victim = core.reaperVictim();
    page.line(
        new Field("oom_reaper", Tone.HEADING),
        Field.of(
            ": "
                + core.reaperPhase()
                + (victim < 0
                    ? ""
                    : " "
                        + process(victim)
                        + ", attempt "
                        + core.reapAttempts(victim)
                        + ", "
                        + amount(core.reaperFreed())
                        + " freed by this pass")));
    String list = core.reaperList().stream().map(this::process).collect(Collectors.joining(", "));
    fact("queued", list.isEmpty() ? NOTHING : list);
    for (Vmcore.Due due : core.pending()) {
      if (due.what().equals("reap_timer")) {
        fact("delayed", process(due.subject()) + " until " + time(due.atNs()));
      }
    }
    fact("freed", amount(scene.ledger().freedByReaperPages()) + " by reaping so far");
  }

  /** What is due, the next first. */
  void pending(int most) {
    List<Vmcore.Due> all = scene.vmcore().pending();
    if (all.isEmpty()) {
      page.line("nothing is due");
      return;
    }
    Table table =
        new Table(
            List.of(
                new Head("", "due", true),
                new Head("", "in", true),
                new Head("", "event", false),
                new Head("", "of", false)));
    for (Vmcore.Due due : all.subList(0, Math.min(most, all.size()))) {
      table.add(
          List.of(
              Field.of(time(due.atNs())),
              Field.of(Span.format(due.atNs() - scene.kernel().nowNs())),
              Field.of(due.what()),
              Field.of(due.subject() == Vmcore.NO_TASK ? NOTHING : whom(due))));
    }
    page.table(table);
    if (all.size() > most) {
      page.line("and " + (all.size() - most) + " more; 'pending " + all.size() + "' shows them");
    }
  }

  private String whom(Vmcore.Due due) {
    return due.ofTask() ? who(due.subject()) : process(due.subject());
  }

  /** Who is on which processor. */
  void cpus() {
    List<Vmcore.Cpu> cpus = scene.vmcore().cpus();
    if (cpus.isEmpty()) {
      page.line("with these costs everybody has a processor (cpu_contention: false)");
      return;
    }
    int idle = 0;
    for (int i = 0; i < cpus.size(); i++) {
      Vmcore.Cpu cpu = cpus.get(i);
      if (cpu.running() == Vmcore.NO_TASK) {
        idle++;
      } else {
        long left = Math.max(0, cpu.burstEndNs() - scene.kernel().nowNs());
        page.line("cpu " + i + ": " + who(cpu.running()) + ", " + Span.format(left) + " to do");
      }
    }
    page.line(idle + " of " + cpus.size() + " idle");
    String waiting =
        scene.vmcore().runnable().stream().map(this::who).collect(Collectors.joining(", "));
    if (!waiting.isEmpty()) {
      page.line("waiting: " + waiting);
    }
  }

  // Why.

  /**
   * A decision to kill, from the moment before the kill.
   *
   * @param number of the kill
   */
  void decision(int number) {
    Vmcore.Decision decision = scene.vmcore().decision();
    if (decision == null) {
      throw new IllegalStateException("no kill has been decided on");
    }
    page.line(
        new Field("kill " + number + ": " + process(decision.victim()), Tone.HEADING),
        Field.of(
            ", for a request of "
                + task(decision.invoker())
                + " in "
                + (decision.cgroup() < 0
                    ? "the machine"
                    : "cgroup " + scene.cast().names().cgroup(decision.cgroup()))));
    page.line("  chosen: " + reason(decision));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < scene.kernel().processes(); i++) {
      rows.add(new Row(i, scene.kernel().standing(i), scene.procfs().of(i)));
    }
    rows.sort(Comparator.comparingLong((Row row) -> row.standing.points()).reversed());
    page.table(terms(rows), INDENT);
    for (Row row : rows) {
      if (!row.standing.eligible()) {
        page.line("  passed over: " + process(row.process) + ": " + rule(row.standing.spared()));
      }
    }
  }

  /** Those who might have been chosen, with the terms of their badness. */
  private Table terms(List<Row> rows) {
    List<Row> eligible = rows.stream().filter(row -> row.standing.eligible()).toList();
    List<Head> heads = new ArrayList<>(List.of(new Head("", "badness =", true)));
    List<ToLongFunction<Row>> terms = new ArrayList<>();
    terms.add(row -> row.standing.points());
    optional(eligible, heads, terms, "rss", row -> row.standing.rss());
    optional(eligible, heads, terms, "+ swap", row -> row.standing.swap());
    optional(eligible, heads, terms, "+ page tables", row -> row.standing.pageTables());
    optional(eligible, heads, terms, "- root's 3%", row -> row.standing.rootBonus());
    optional(eligible, heads, terms, "+ adj share", row -> row.standing.adjShare());
    heads.add(new Head("", "process", false));
    Table table = new Table(heads);
    for (Row row : eligible) {
      List<Field> fields = new ArrayList<>();
      terms.forEach(term -> fields.add(Field.of(Long.toString(term.applyAsLong(row)))));
      fields.add(Field.of(process(row.process)));
      table.add(fields);
    }
    return table;
  }

  private static String reason(Vmcore.Decision decision) {
    return switch (decision.reason()) {
      case WORST -> "its badness was the highest: select_bad_process()";
      case ALLOCATING_TASK -> "it asked itself: sysctl_oom_kill_allocating_task, out_of_memory()";
      case GROUP -> "its cgroup dies as one: mem_cgroup_get_oom_group()";
      case ORIGIN -> "it had asked to be the first: oom_task_origin(), oom_evaluate_task()";
      case CHILD -> "for its parent: oom_kill_process()";
      case HANDLER -> "a handler of the policy chose it: bpf_oom_kill_process()";
    };
  }

  /** The rule that spared somebody, and the function of the kernel it is from. */
  private static String rule(Standing.Spared spared) {
    String function =
        switch (spared) {
          case NO -> "";
          case INIT -> "is_global_init(), oom_unkillable_task()";
          case KERNEL_THREAD -> "PF_KTHREAD, oom_unkillable_task()";
          case OTHER_CGROUP -> "mem_cgroup_scan_tasks()";
          case EXITING -> "css_task_iter_advance()";
          case GONE -> "find_lock_task_mm(), oom_badness()";
          case OOM_SKIP -> "oom_evaluate_task()";
          case VICTIM -> "tsk_is_oom_victim(), oom_evaluate_task()";
          case ADJ_MIN -> "OOM_SCORE_ADJ_MIN, oom_badness()";
          case VFORK -> "in_vfork(), oom_badness()";
        };
    return spared.reason() + "; " + function;
  }

  /**
   * What an OOM call came to that killed nobody.
   *
   * @param happening the last thing that was decided
   */
  void refusal(Happening happening) {
    String when = time(happening.atNs()) + ": ";
    switch (happening.point()) {
      case OOM_ABORT ->
          page.line(
              when
                  + task((int) happening.a())
                  + " asked, and nobody was killed: "
                  + process(happening.subject())
                  + " is a victim in flight, without MMF_OOM_SKIP; oom_evaluate_task() aborts the"
                  + " scan");
      case NOTHING_TO_KILL ->
          page.line(when + "nobody was left to kill: select_bad_process() found nobody");
      default -> page.line(when + happening.point().name().toLowerCase(Locale.ROOT));
    }
  }

  /** Whether a kill was necessary, as {@code explain} says it. */
  void verdict(long waitNs) {
    if (waitNs < 0) {
      page.line(new Field("  needed:", Tone.GOOD), Field.of(" without it nothing within 10s"));
    } else {
      page.line(
          new Field(
              waitNs <= Span.SECOND ? "  EXTRA:" : "  EXTRA (within 10s, not within 1s):",
              Tone.BAD),
          Field.of(" without it the request is satisfied after " + Span.format(waitNs)));
    }
  }

  // Words.

  private void fact(String name, String text) {
    page.line(String.format(Locale.ROOT, "  %-12s%s", name, text));
  }

  static String amount(long pages) {
    return pages == Long.MAX_VALUE ? NOTHING : pages == 0 ? "0" : Bytes.human(pages);
  }

  private String time(long ns) {
    return ExplainReport.time(ns - scene.zeroNs());
  }

  private String who(int task) {
    return scene.cast().who(task);
  }

  private String task(int number) {
    return scene.cast().names().task(number);
  }

  private String process(int number) {
    return scene.cast().names().process(number);
  }
}
