package org.oomlab.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.OomReport.Task;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.Workload;

/**
 * The situation an OOM report tells of, as a workload that begins at the moment of the report: who
 * asked for memory asks at once, and there is none.
 */
public final class ReportedSituation {
  private static final long UNKNOWN = OomReport.UNKNOWN;
  private static final long GIB = 1L << 18;

  /** What PAGE_COUNTER_MAX comes to in kB, more or less: no limit. */
  private static final long NO_LIMIT_KB = 1L << 50;

  private final OomReport report;
  private final KernelVersion version;
  private final Wishes wishes;
  private final long factor;
  private final Specs specs = new Specs();
  private final List<Draftee> drafted = new ArrayList<>();
  private final Map<Long, Draftee> byPid = new LinkedHashMap<>();
  private final List<CgroupSpec> cgroups = new ArrayList<>();
  private final SortedMap<String, List<String>> comments = new TreeMap<>();
  private final List<String> guesses = new ArrayList<>();

  /**
   * What the caller decides.
   *
   * @param name of the workload
   * @param source where the report was, for people
   * @param costs name of a cost file
   * @param policy the policy to claim the victim under, or null: that of the kernel's version
   * @param isPolicy whether there is a policy of a name
   */
  public record Wishes(
      String name,
      String source,
      String costs,
      @Nullable String policy,
      Predicate<String> isPolicy) {}

  private ReportedSituation(OomReport report, Wishes wishes) {
    this.report = report;
    this.wishes = wishes;
    KernelVersion printed = KernelVersion.of(report.kernel());
    this.version = printed.isKnown() ? printed : KernelVersion.byForm(report);
    this.factor = PageSize.of(report) / Bytes.PAGE;
  }

  /** Makes the workload of a report, whatever of it there is. */
  public static Draft draft(OomReport report, Wishes wishes) {
    return new ReportedSituation(report, wishes).draft();
  }

  private Draft draft() {
    rows();
    killed();
    Draftee invoker = invoker();
    MachineSpec machine = report.isMemcg() ? cgroupMachine() : globalMachine();
    List<Claim> claims = claims(machine, invoker);
    Kill victim = report.victim();
    String fate =
        victim != null
            ? victim.name() + " (" + victim.pid() + ") is killed"
            : report.nobody() ? "nobody can be killed" : "the log does not say who is killed";
    String asked = report.header() == null ? "" : report.header().invoker();
    String kernel = report.kernel().isEmpty() ? "of an unknown version" : report.kernel();
    introduce(kernel);
    Workload workload =
        new Workload(
            wishes.name(),
            (asked.isEmpty() ? "somebody" : asked) + " asks for memory, " + fate,
            wishes.source() + ", line " + report.line() + "; kernel " + kernel,
            wishes.costs(),
            300 * Span.SECOND,
            machine,
            cgroups,
            List.of(),
            List.of(),
            drafted.stream().map(Draftee::spec).toList(),
            claims,
            null);
    return new Draft(workload, comments);
  }

  private void say(String path, String line) {
    comments.computeIfAbsent(path, key -> new ArrayList<>()).add(line);
  }

  private void introduce(String kernel) {
    say(
        "",
        "Made by oomlab import oom-report from "
            + wishes.source()
            + ", line "
            + report.line()
            + (report.time().isEmpty() ? "" : " (" + report.time() + ")")
            + ".");
    OomReport.Header header = report.header();
    if (header != null) {
      say(
          "",
          "Kernel "
              + kernel
              + "; gfp_mask "
              + header.gfpMask()
              + ", order "
              + (header.order() == null ? "unknown" : header.order())
              + ".");
    } else {
      say("", "Kernel " + kernel + "; the line that says who asked for what is not in the log.");
    }
    if (report.choice() != null) {
      say(
          "",
          "Constraint: "
              + report.choice().constraint()
              + (report.choice().taskMemcg().isEmpty()
                  ? ""
                  : "; the victim was in cgroup " + report.choice().taskMemcg())
              + ".");
    }
    if (factor > 1) {
      say("", "The kernel's pages are of " + factor * 4 + "KiB; a page here is of 4KiB.");
    }
    if (report.unread() > 0) {
      say("", report.unread() + " rows of the task table could not be read.");
    }
    if (!guesses.isEmpty()) {
      say("", "What the log does not tell, and what was taken instead:");
      guesses.forEach(guess -> say("", "- " + guess));
    }
  }

  private static long pagesOf(long kilobytes) {
    return (kilobytes + 3) / 4;
  }

  /** Every row of the task table. */
  private void rows() {
    boolean split = true;
    boolean root = false;
    for (Task task : report.tasks()) {
      Draftee draftee = new Draftee(specs.name(task.name(), task.pid()));
      draftee.adj = task.adj();
      draftee.root = task.uid() == 0;
      root |= draftee.root;
      draftee.init = task.tgid() == 1;
      draftee.swap = task.swap() * factor;
      draftee.tables = tables(task);
      long rss = task.rss() * factor;
      Kill kill = killOf(task);
      if (task.anon() >= 0) {
        draftee.anon = task.anon() * factor;
        draftee.file = Math.max(0, task.file()) * factor;
        draftee.shmem = Math.max(0, task.shmem()) * factor;
      } else if (kill != null && kill.anonKb() >= 0) {
        draftee.file = Math.min(rss, Math.max(0, kill.fileKb()) / 4);
        draftee.shmem = Math.min(rss - draftee.file, Math.max(0, kill.shmemKb()) / 4);
        draftee.anon = rss - draftee.file - draftee.shmem;
      } else {
        draftee.anon = rss;
        split = false;
      }
      drafted.add(draftee);
      byPid.put(task.pid(), draftee);
      byPid.putIfAbsent(task.tgid(), draftee);
    }
    if (report.tasks().isEmpty()) {
      guesses.add(
          report.hasTable() ? "the task table is empty" : "the other processes: there is no table");
    } else if (!split) {
      guesses.add("how much of rss is anonymous: all of it, but for victims");
    }
    if (root && version.isBefore(4, 17)) {
      guesses.add("who has CAP_SYS_ADMIN: uid 0");
    }
    adoptVictim();
  }

  private @Nullable Kill killOf(Task task) {
    for (Kill kill : report.kills()) {
      if (kill.pid() == task.pid() || kill.pid() == task.tgid()) {
        return kill;
      }
    }
    return null;
  }

  /** As oom_badness() counts them, in pages of 4 KiB; see mm_pgtables_bytes(). */
  private long tables(Task task) {
    if (task.tableBytes() < 0) {
      return Math.max(0, task.tablePages()) * factor;
    }
    long pages = task.tableBytes() / (Bytes.PAGE * factor) * factor;
    return version.countsAllLevels() ? Math.max(0, pages - 1) : pages;
  }

  /** Where the kernel says that it chose one and killed another, the one is the other's parent. */
  private void adoptVictim() {
    Kill victim = report.victim();
    if (victim == null || report.chosenPid() < 0 || report.chosenPid() == victim.pid()) {
      return;
    }
    Draftee chosen = byPid.get(report.chosenPid());
    Draftee child = byPid.get(victim.pid());
    if (chosen != null
        && child != null
        && chosen != child
        && drafted.indexOf(chosen) < drafted.indexOf(child)) {
      child.parent = chosen.name;
      say(
          "processes[" + drafted.indexOf(child) + "]",
          "killed in place of its parent, which had been chosen");
    }
  }

  /** Those that were killed at once: the victim, or all of its cgroup. */
  private List<Kill> together() {
    List<Kill> kills = report.kills();
    return isGroup() || kills.isEmpty() ? kills : kills.subList(0, 1);
  }

  private boolean isGroup() {
    return !report.groupCgroup().isEmpty();
  }

  /** Victims that have no row. */
  private void killed() {
    Integer adj = report.victim() == null ? null : report.victim().adj();
    for (Kill kill : together()) {
      if (byPid.containsKey(kill.pid())) {
        continue;
      }
      Draftee draftee = new Draftee(specs.name(kill.name(), kill.pid()));
      // A line that was cut short: what is killed as one is mostly configured as one.
      draftee.adj = kill.adj() != null ? kill.adj() : adj != null ? adj : 0;
      draftee.root = kill.uid() == 0;
      draftee.init = kill.pid() == 1;
      draftee.anon = pagesOf(Math.max(0, kill.anonKb()));
      draftee.file = pagesOf(Math.max(0, kill.fileKb()));
      draftee.shmem = pagesOf(Math.max(0, kill.shmemKb()));
      draftee.tables = Math.max(0, pagesOf(Math.max(0, kill.tablesKb())) - 1);
      add(draftee, kill.pid(), "from the line that says it was killed");
    }
    OomReport.Choice choice = report.choice();
    if (report.kills().isEmpty()
        && choice != null
        && choice.pid() >= 0
        && !byPid.containsKey(choice.pid())) {
      Draftee draftee = new Draftee(specs.name(choice.task(), choice.pid()));
      draftee.root = choice.uid() == 0;
      draftee.anon = 1;
      add(draftee, choice.pid(), "it was chosen; nothing says how large it was");
    }
  }

  private void add(Draftee draftee, long pid, String comment) {
    say("processes[" + drafted.size() + "]", comment);
    drafted.add(draftee);
    byPid.put(pid, draftee);
  }

  /** Who asks for memory, and does so at once. */
  private Draftee invoker() {
    OomReport.Header header = report.header();
    OomReport.Origin origin = report.origin();
    Draftee invoker = origin == null ? null : byPid.get(origin.pid());
    String comm = header == null ? "" : header.invoker();
    if (invoker == null && origin == null && !comm.isEmpty()) {
      List<Task> called = report.tasks().stream().filter(t -> t.name().equals(comm)).toList();
      invoker = called.size() == 1 ? byPid.get(called.get(0).pid()) : null;
    }
    if (invoker == null && report.isMemcg() && header == null && !drafted.isEmpty()) {
      Kill victim = report.victim();
      invoker = victim == null ? drafted.get(0) : byPid.get(victim.pid());
      guesses.add("who asked for memory: the victim");
    }
    boolean isNew = invoker == null;
    Draftee asks =
        isNew
            ? new Draftee(
                specs.name(
                    comm.isEmpty() ? "somebody" : comm, origin == null ? UNKNOWN : origin.pid()))
            : invoker;
    if (isNew) {
      boolean memcg = report.isMemcg();
      asks.kernelThread = !memcg;
      asks.adj = memcg && header != null && header.adj() != null ? header.adj() : 0;
      asks.init = memcg && origin != null && origin.pid() == 1;
      add(
          asks,
          origin == null ? Long.MIN_VALUE : origin.pid(),
          memcg
              ? "it has no row in the table"
              : "it has no row: a kernel thread, or a thread of a process the log does not tell");
    }
    Constant page = new Constant(1);
    asks.run =
        List.of(asks.kernelThread ? new Step.Alloc(page, gfp(header)) : new Step.Touch(page, null));
    return asks;
  }

  private static Step.Gfp gfp(OomReport.@Nullable Header header) {
    return header != null && header.gfpMask().contains("__GFP_NOFAIL")
        ? Step.Gfp.NOFAIL
        : Step.Gfp.KERNEL;
  }

  private long sumOf(java.util.function.ToLongFunction<Draftee> part) {
    return drafted.stream().mapToLong(part).sum();
  }

  /** Makes everything fit in so many pages. */
  private void fit(long room, String where) {
    Footprints footprints =
        new Footprints(
            room - sumOf(d -> d.tables),
            sumOf(d -> d.anon),
            sumOf(d -> d.file),
            sumOf(d -> d.shmem));
    if (footprints.areShared()) {
      drafted.forEach(draftee -> draftee.share(footprints));
      guesses.add(
          "which pages are shared: together more is resident than fits in "
              + where
              + ", so of each process a part is borrowed");
    }
  }

  private MachineSpec globalMachine() {
    OomReport.Memory memory = report.memory();
    ReportedMemory figures = new ReportedMemory(memory, factor);
    long managed = figures.managed();
    long free = figures.free();
    if (free < 0) {
      free = 4096;
      guesses.add("free memory and watermarks: 16MiB, as little as an ordinary request must leave");
    }
    long swap = figures.swap();
    long swapped = sumOf(d -> d.swap);
    if (swap < swapped) {
      if (swap >= 0) {
        guesses.add("swap: more is swapped out than there is, so it is as large as that");
      } else if (swapped > 0) {
        guesses.add("swap: as large as what is in it");
      }
      swap = swapped;
    }
    if (managed < 0) {
      managed = (sumOf(Draftee::takes) + free) / 4 * 5 / GIB * GIB + GIB;
      guesses.add("how much memory there is: " + Bytes.format(managed));
    } else if (managed < free + sumOf(d -> d.tables)) {
      managed = free + sumOf(d -> d.tables) + 1;
    }
    fit(managed - free, "memory");
    long min = figures.min() < 0 ? free : figures.min();
    long low = figures.min() < 0 ? min + min / 4 : figures.low();
    long high = figures.min() < 0 ? min + min / 2 : figures.high();
    figures.explain(this::say);
    MachineSpec machine =
        Specs.machine(
            managed,
            free,
            min,
            Math.max(min, low),
            Math.max(Math.max(min, low), high),
            Math.max(0, free - min),
            swap,
            2);
    return machine;
  }

  /** The machine of a full cgroup, which the kernel does not describe. */
  private MachineSpec cgroupMachine() {
    OomReport.Cgroup cgroup = report.memcg();
    String path = Specs.clean(report.oomCgroup().isEmpty() ? "cgroup" : report.oomCgroup());
    drafted.forEach(draftee -> draftee.cgroup = path);
    boolean limited = cgroup != null && cgroup.limitKb() >= 0 && cgroup.limitKb() < NO_LIMIT_KB;
    long limit = limited ? cgroup.limitKb() / 4 : sumOf(Draftee::takes);
    if (!limited) {
      guesses.add("the limit of the cgroup: what its processes hold");
    }
    long tables = sumOf(d -> d.tables);
    if (limit <= tables) {
      limit = tables + 1;
      guesses.add("the limit had to be raised above the page tables alone");
    }
    fit(limit, "the cgroup");
    long rest = limit - sumOf(Draftee::takes);
    if (rest > 0) {
      Draftee others = new Draftee(specs.name("rest-of-the-cgroup", UNKNOWN));
      others.adj = -1000;
      others.shmem = rest;
      others.cgroup = path;
      add(
          others,
          Long.MIN_VALUE + 1,
          "no process: what the cgroup is charged for besides, page cache and kernel memory");
    }
    group(path, limit);
    long swapped = sumOf(d -> d.swap);
    long swap = swapped;
    long memory = (limit / 2 * 3) / GIB * GIB + GIB;
    guesses.add("the machine, of which such a report says nothing: " + Bytes.format(memory));
    if (swapped > 0) {
      guesses.add("swap: as large as what is in it");
    }
    return Specs.machine(memory, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0, swap, 2);
  }

  /** The cgroup, and the one below it that was killed as one, if it was another. */
  private void group(String path, long limit) {
    String group = Specs.clean(report.groupCgroup());
    boolean whole = isGroup() && group.equals(path);
    cgroups.add(new CgroupSpec(path, null, limit, whole, false));
    if (isGroup() && !whole) {
      cgroups.add(new CgroupSpec(group, path, Long.MAX_VALUE, true, false));
      for (Kill kill : report.kills()) {
        Draftee member = byPid.get(kill.pid());
        if (member != null) {
          member.cgroup = group;
        }
      }
    }
  }

  private List<Claim> claims(MachineSpec machine, Draftee invoker) {
    String policy = wishes.policy();
    if (policy == null) {
      policy = version.policy();
      String remark = version.remark(report.kernel());
      if (!wishes.isPolicy().test(policy)) {
        policy = new KernelVersion(0, 0).policy();
        remark = "there is no policy for " + report.kernel() + "; claimed under " + policy;
      }
      if (!remark.isEmpty()) {
        guesses.add("the policy: " + remark);
      }
    }
    List<Claim.Expectation> expected = expectations();
    String sysctl = sysctl();
    if (!sysctl.isEmpty()) {
      say("claims", "The kernel was configured so: to see what it did, --set " + sysctl + ".");
      return List.of();
    }
    new Ranking(report, version, drafted, byPid, invoker)
        .remark(report.isMemcg() ? cgroups.get(0).limit() : machine.memory() + machine.swap())
        .forEach(line -> say("claims", line));
    if (expected.isEmpty()) {
      guesses.add("who was killed: no claim is made");
      return List.of();
    }
    String because =
        report.kills().isEmpty()
            ? (report.panic().isEmpty() ? "so the log says" : "the log ends in a panic")
            : "the log says that "
                + report.victim().name()
                + " ("
                + report.victim().pid()
                + ") was killed";
    Position nowhere = new Position(wishes.source(), 1, 1);
    return List.of(
        new Claim(nowhere, List.of(policy), SeedRange.of(1), because, "", "", "", expected));
  }

  /** The setting without which the kernel would have done something else, or empty. */
  private String sysctl() {
    if (report.byConfiguration()) {
      return "killer.kill_allocating_task=true";
    }
    if (report.panic().contains("panic_on_oom")) {
      return "killer.panic_on_oom=" + (report.panic().contains("compulsory") ? 2 : 1);
    }
    return "";
  }

  private List<Claim.Expectation> expectations() {
    Position nowhere = new Position(wishes.source(), 1, 1);
    List<Kill> kills = report.kills();
    if (kills.isEmpty()) {
      OomReport.Choice choice = report.choice();
      if (choice != null && choice.pid() >= 0 && byPid.containsKey(choice.pid())) {
        String name = byPid.get(choice.pid()).name;
        return List.of(new Claim.Expectation(nowhere, "victims", name));
      }
      if (report.nobody()) {
        return List.of(
            report.isMemcg()
                ? new Claim.Expectation(nowhere, "kills", "0")
                : new Claim.Expectation(nowhere, "outcome", "panic"));
      }
      return List.of();
    }
    if (!isGroup() && kills.size() > 1) {
      say(
          "claims",
          "Later kills that have no report of their own: "
              + kills.subList(1, kills.size()).stream()
                  .map(kill -> kill.name() + " (" + kill.pid() + ")")
                  .collect(Collectors.joining(", "))
              + ".");
    }
    String victims = String.join(";", victims());
    return List.of(new Claim.Expectation(nowhere, "victims", victims));
  }

  /** The victim, and all that die with it, in the order in which the kernel goes through them. */
  private List<String> victims() {
    List<String> names = new ArrayList<>();
    for (Kill kill : together()) {
      names.add(byPid.get(kill.pid()).name);
    }
    if (!isGroup()) {
      return names;
    }
    String group = Specs.clean(report.groupCgroup());
    List<String> members = new ArrayList<>(names.subList(0, 1));
    for (Draftee each : drafted) {
      boolean dies = group.equals(each.cgroup) && each.adj > -1000 && !each.init;
      if (dies && !members.contains(each.name)) {
        members.add(each.name);
      }
    }
    if (members.size() > names.size()) {
      say(
          "claims",
          "The log names " + names.size() + " of the " + members.size() + " killed as one.");
    }
    return members;
  }
}
