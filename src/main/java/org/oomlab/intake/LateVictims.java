package org.oomlab.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Circumstances.Earlier;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.OomReport.Task;

/**
 * The latest victims of a boot, and how much of their memory has not come back. One that is past
 * exit_mm() has no row any more, but its memory is in use until exit_mmap() is through: then more
 * anonymous memory has no owner in the table than before.
 */
final class LateVictims {
  private static final int MOST = 16;

  private record Victim(Kill kill, double seconds, String time, boolean unable, long ownKb) {}

  private final Deque<Victim> victims = new ArrayDeque<>();

  /** The first report of a row in which nobody was dying yet, per cgroup or of the machine. */
  private @Nullable OomReport first;

  /** A new boot: nobody of before is left. */
  void forget() {
    victims.clear();
    first = null;
  }

  /** Takes note of who is killed in a report. */
  void remember(OomReport report) {
    boolean other = first != null && !first.oomCgroup().equals(report.oomCgroup());
    if (victims.isEmpty() || first == null || other) {
      first = report;
    }
    for (Kill kill : report.kills()) {
      Long left = report.circumstances().reaped().get(kill.pid());
      victims.add(
          new Victim(
              kill,
              report.circumstances().seconds(),
              report.time(),
              left != null && left == OomReport.UNKNOWN,
              Math.max(0, kill.anonKb()) + tablesKb(report, kill)));
      if (victims.size() > MOST) {
        victims.remove();
      }
    }
  }

  /** Those of before a report, the latest last. */
  List<Earlier> before(OomReport report) {
    long page = PageSize.of(report) / 1024;
    long ownerless = Math.max(0, ownerless(report) - (first == null ? 0 : ownerless(first))) * page;
    List<Earlier> all = new ArrayList<>();
    for (Victim each : victims) {
      boolean here = report.taskOf(each.kill().pid()) != null;
      long held = here ? 0 : Math.min(ownerless, each.ownKb());
      ownerless -= held;
      all.add(new Earlier(each.kill(), each.seconds(), each.time(), each.unable(), held));
    }
    return all;
  }

  /** Page tables by the kill line, which tells of them from 5.4 on, or by the row. */
  private static long tablesKb(OomReport report, Kill kill) {
    Task row = report.taskOf(kill.pid());
    return kill.tablesKb() >= 0 || row == null
        ? Math.max(0, kill.tablesKb())
        : tables(row, report) * PageSize.of(report) / 1024;
  }

  /** Pages of page tables of a process; they are freed last of all. */
  private static long tables(Task row, OomReport report) {
    return row.tableBytes() >= 0
        ? row.tableBytes() / PageSize.of(report)
        : Math.max(0, row.tablePages());
  }

  /**
   * Pages of anonymous memory and of page tables that no row of the table has, give or take what
   * files add to rows.
   */
  private static long ownerless(OomReport report) {
    long anonymous;
    long owned = 0;
    if (report.isMemcg()) {
      Circumstances more = report.circumstances();
      long bytes = Math.max(more.ofCgroup("anon"), more.ofCgroup("rss"));
      anonymous = bytes < 0 ? OomReport.UNKNOWN : bytes / PageSize.of(report);
    } else {
      OomReport.Memory memory = report.memory();
      anonymous =
          memory == null || memory.anonymous() < 0
              ? OomReport.UNKNOWN
              : memory.anonymous()
                  + Math.max(0, memory.unevictable())
                  - Math.max(0, memory.shmem());
      if (anonymous >= 0 && memory.pageTables() >= 0) {
        anonymous += memory.pageTables();
        for (Task task : report.tasks()) {
          owned += tables(task, report);
        }
      }
    }
    if (anonymous < 0 || report.tasks().isEmpty()) {
      return 0;
    }
    for (Task task : report.tasks()) {
      owned += task.anon() >= 0 ? task.anon() : task.rss();
    }
    return anonymous - owned;
  }
}
