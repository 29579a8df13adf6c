package org.oomlab.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.OomReport.Task;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Step;

/** The processes of a report: the rows of its table, victims that have none, and who asked. */
final class ReportedProcesses {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  private static final int ADJ_MIN = -1000;

  /** All of memory, and an oom_score_adj of 1000. */
  private static final int MOST_SCORE = 2000;

  private final OomReport report;
  private final KernelVersion version;
  private final long factor;
  private final Remarks remarks;
  private final Specs specs = new Specs();
  private final List<Draftee> drafted = new ArrayList<>();
  private final Map<Long, Draftee> byPid = new LinkedHashMap<>();

  /**
   * Nobody yet.
   *
   * @param factor pages of 4 KiB in one of the kernel's
   */
  ReportedProcesses(OomReport report, KernelVersion version, long factor, Remarks remarks) {
    this.report = report;
    this.version = version;
    this.factor = factor;
    this.remarks = remarks;
  }

  /**
   * Describes all of them.
   *
   * @return who asks for memory
   */
  Draftee draft() {
    rows();
    killed();
    return invoker();
  }

  /** All, in the order of the table. */
  List<Draftee> all() {
    return drafted;
  }

  /** The process with this pid, or with a thread that has it, or null. */
  @Nullable Draftee of(long pid) {
    return byPid.get(pid);
  }

  private static long pagesOf(long kilobytes) {
    return (kilobytes + 3) / 4;
  }

  /** Every row of the task table. */
  private void rows() {
    boolean split = true;
    boolean root = false;
    Map<Task, Kill> kills = killLines();
    for (Task task : report.tasks()) {
      Draftee draftee = new Draftee(specs.name(task.name(), task.pid()));
      draftee.adj = task.adj();
      draftee.root = task.uid() == 0;
      root |= draftee.root;
      draftee.init = task.tgid() == 1;
      draftee.swap = task.swap() * factor;
      draftee.tables = tables(task);
      long rss = task.rss() * factor;
      Kill kill = kills.get(task);
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
      passOver(draftee, report.killedBefore().get(task.pid()));
      drafted.add(draftee);
      byPid.put(task.pid(), draftee);
      byPid.putIfAbsent(task.tgid(), draftee);
      if (kill != null) {
        byPid.putIfAbsent(kill.pid(), draftee);
      }
    }
    if (report.tasks().isEmpty()) {
      remarks.guess(
          report.hasTable() ? "the task table is empty" : "the other processes: there is no table");
    } else if (!split) {
      remarks.guess("how much of rss is anonymous: all of it, but for victims");
    }
    if (root && version.isBefore(4, 17)) {
      remarks.guess("who has CAP_SYS_ADMIN: uid 0");
    }
    adoptVictim();
    Draftee chosen = byPid.get(report.chosenPid());
    if (chosen != null && report.score() > MOST_SCORE) {
      chosen.origin = true;
      remarks.say(
          "processes[" + drafted.indexOf(chosen) + "]",
          "its score of " + report.score() + " is that of OOM_FLAG_ORIGIN");
    }
  }

  /**
   * A victim of before that is still there: had it not had MMF_OOM_SKIP, the killer would have
   * waited for it instead of making this report. The same goes for all that may be killed where the
   * killer found nobody.
   */
  private void passOver(Draftee draftee, @Nullable Long line) {
    boolean eligible = !draftee.init && draftee.adj > ADJ_MIN;
    // After a kill, that there was nobody left is from a later report.
    boolean nobody = report.nobody() && report.kills().isEmpty();
    if (eligible && (line != null || nobody)) {
      draftee.adj = ADJ_MIN;
      remarks.say(
          "processes[" + drafted.size() + "]",
          line != null
              ? "killed before, in line " + line + ", and passed over here, so it cannot be chosen"
              : "the killer found nobody, so it must have been killed before and was passed over");
    }
  }

  /** Kill lines by the rows they are about. */
  private Map<Task, Kill> killLines() {
    Map<Task, Kill> lines = new HashMap<>();
    report
        .rowsOf(report.kills(), factor * Bytes.PAGE / 1024)
        .forEach((kill, row) -> lines.putIfAbsent(row, kill));
    return lines;
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
      remarks.say(
          "processes[" + drafted.indexOf(child) + "]",
          "killed in place of its parent, which had been chosen");
    }
  }

  /** Victims that have no row. */
  private void killed() {
    Integer adj = report.victim() == null ? null : report.victim().adj();
    for (Kill kill : report.killedTogether()) {
      if (byPid.containsKey(kill.pid())) {
        continue;
      }
      Draftee draftee = add(kill.name(), kill.pid(), "from the line that says it was killed");
      // A line that was cut short: what is killed as one is mostly configured as one.
      draftee.adj = kill.adj() != null ? kill.adj() : adj != null ? adj : 0;
      draftee.root = kill.uid() == 0;
      draftee.init = kill.pid() == 1;
      draftee.anon = pagesOf(Math.max(0, kill.anonKb()));
      draftee.file = pagesOf(Math.max(0, kill.fileKb()));
      draftee.shmem = pagesOf(Math.max(0, kill.shmemKb()));
      draftee.tables = Math.max(0, pagesOf(Math.max(0, kill.tablesKb())) - 1);
    }
    OomReport.Choice choice = report.choice();
    if (report.kills().isEmpty()
        && choice != null
        && choice.pid() >= 0
        && !byPid.containsKey(choice.pid())) {
      Draftee draftee =
          add(choice.task(), choice.pid(), "it was chosen; nothing says how large it was");
      draftee.root = choice.uid() == 0;
      draftee.anon = 1;
    }
  }

  /** One that has no row in the table, for a reason. */
  Draftee add(String comm, long pid, String reason) {
    Draftee draftee = new Draftee(specs.name(comm, pid));
    remarks.say("processes[" + drafted.size() + "]", reason);
    drafted.add(draftee);
    byPid.putIfAbsent(pid, draftee);
    return draftee;
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
      remarks.guess("who asked for memory: the victim");
    }
    if (report.byConfiguration() && report.victim() != null) {
      invoker = byPid.get(report.victim().pid()); // A thread of the one that was killed for asking.
    }
    Draftee asks = invoker == null ? stranger(comm) : invoker;
    Constant page = new Constant(1);
    asks.run =
        List.of(asks.kernelThread ? new Step.Alloc(page, gfp(header)) : new Step.Touch(page, null));
    return asks;
  }

  /** Somebody who asks and has no row: only a kernel thread cannot be taken for a victim. */
  private Draftee stranger(String comm) {
    OomReport.Header header = report.header();
    OomReport.Origin origin = report.origin();
    boolean memcg = report.isMemcg();
    Draftee asks =
        add(
            comm.isEmpty() ? "somebody" : comm,
            origin == null ? UNKNOWN : origin.pid(),
            memcg
                ? "it has no row in the table"
                : "it has no row: a kernel thread, or a thread of a process the log does not tell");
    asks.kernelThread = !memcg;
    asks.adj = memcg && header != null && header.adj() != null ? header.adj() : 0;
    asks.init = memcg && origin != null && origin.pid() == 1;
    return asks;
  }

  private static Step.Gfp gfp(OomReport.@Nullable Header header) {
    return header != null && header.gfpMask().contains("__GFP_NOFAIL")
        ? Step.Gfp.NOFAIL
        : Step.Gfp.KERNEL;
  }
}
