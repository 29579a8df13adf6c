package org.oomlab.intake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel printed about one out-of-memory event. Nothing is inferred; what is absent from the
 * log is {@link #UNKNOWN}, null or an empty list.
 *
 * @param line where it begins, from 1
 * @param time when, as the log writes it, or empty
 * @param header the line "invoked oom-killer", or null
 * @param kernel the version, such as {@code 5.10.0-rc3}, or empty
 * @param origin who printed the line with the kernel's version: the task that asked, or null
 * @param memory the machine's memory, or null
 * @param memcg the memory cgroup that was full, or null
 * @param hasTable whether the head of the task table was there
 * @param tasks its rows, in order
 * @param choice the line "oom-kill:", or null
 * @param kills the processes that the log says were killed, each once
 * @param chosenPid the pid in "Kill process 12 (x) score 3 or sacrifice child", or UNKNOWN
 * @param chosenName the name there, or empty
 * @param score the score there, in thousandths, or UNKNOWN
 * @param groupCgroup the cgroup that was killed as one, or empty
 * @param reaped how often the reaper said that it had reaped
 * @param nobody whether the kernel found nobody to kill
 * @param byConfiguration whether the asking task was killed because of a sysctl
 * @param panic what the kernel said when it panicked, or empty
 * @param unread lines between the first and the last that looked like part of it and were not
 *     understood
 * @param slips figures that no machine has, which are left out
 * @param killedBefore pids of rows whose processes the log says were killed in an earlier report,
 *     with the line that says so
 * @param circumstances what else it says
 */
public record OomReport(
    long line,
    String time,
    @Nullable Header header,
    String kernel,
    @Nullable Origin origin,
    @Nullable Memory memory,
    @Nullable Cgroup memcg,
    boolean hasTable,
    List<Task> tasks,
    @Nullable Choice choice,
    List<Kill> kills,
    long chosenPid,
    String chosenName,
    long score,
    String groupCgroup,
    int reaped,
    boolean nobody,
    boolean byConfiguration,
    String panic,
    int unread,
    int slips,
    SortedMap<Long, Long> killedBefore,
    Circumstances circumstances) {

  /** Stands for a number that the log does not tell. */
  public static final long UNKNOWN = -1;

  public OomReport {
    tasks = List.copyOf(tasks);
    kills = List.copyOf(kills);
    killedBefore = Collections.unmodifiableSortedMap(killedBefore);
  }

  /**
   * Who could not get memory, and which kind.
   *
   * @param invoker comm of the task
   * @param gfpMask as printed, with the names of the flags if they are there
   * @param order of the request; -1 for SysRq-f; null if it was not printed
   * @param adj the task's oom_score_adj; null if it was not printed
   */
  public record Header(
      String invoker, String gfpMask, @Nullable Integer order, @Nullable Integer adj) {}

  /**
   * The task at the head of the stack trace.
   *
   * @param pid of the thread
   * @param comm of the thread
   * @param cpu the processor, or UNKNOWN
   */
  public record Origin(long pid, String comm, long cpu) {}

  /**
   * Mem-Info, in pages of the kernel that printed it unless it says kB.
   *
   * @param anonymous active, inactive and isolated
   * @param file active, inactive and isolated
   * @param unevictable pages that reclaim leaves alone
   * @param slabReclaimable slab pages
   * @param slabUnreclaimable slab pages
   * @param mapped mapped file pages, shmem included
   * @param shmem pages of tmpfs and shared memory
   * @param pageTables pages
   * @param free pages
   * @param zones the zones, in order
   * @param pageCache "total pagecache pages"
   * @param swapFreeKb kB
   * @param swapTotalKb kB
   * @param ram "pages RAM"
   * @param reserved "pages reserved"
   */
  public record Memory(
      long anonymous,
      long file,
      long unevictable,
      long slabReclaimable,
      long slabUnreclaimable,
      long mapped,
      long shmem,
      long pageTables,
      long free,
      List<Zone> zones,
      long pageCache,
      long swapFreeKb,
      long swapTotalKb,
      long ram,
      long reserved) {
    public Memory {
      zones = List.copyOf(zones);
    }
  }

  /**
   * A zone, in kB.
   *
   * @param name such as {@code Node 0 DMA32}
   * @param freeKb free
   * @param minKb min watermark, boost included
   * @param lowKb low watermark
   * @param highKb high watermark
   * @param presentKb present, or UNKNOWN
   * @param managedKb managed, or UNKNOWN
   */
  public record Zone(
      String name,
      long freeKb,
      long minKb,
      long lowKb,
      long highKb,
      long presentKb,
      long managedKb) {}

  /**
   * A memory cgroup, in kB.
   *
   * @param path where it is, or empty
   * @param taskPath the cgroup of the task that asked, or empty
   * @param usageKb what it is charged for
   * @param limitKb what it may be charged for
   * @param swapKb what it has in swap, or UNKNOWN
   */
  public record Cgroup(String path, String taskPath, long usageKb, long limitKb, long swapKb) {}

  /**
   * A row of the task table, in pages unless it says bytes.
   *
   * @param pid of the thread that has the address space
   * @param uid owner, or UNKNOWN
   * @param tgid of the process
   * @param totalVm size of the address space, or UNKNOWN
   * @param rss resident
   * @param anon of these, anonymous, or UNKNOWN
   * @param file of these, files', or UNKNOWN
   * @param shmem of these, shmem, or UNKNOWN
   * @param tableBytes bytes of page tables, or UNKNOWN
   * @param tablePages pages of page tables, or UNKNOWN
   * @param swap swap entries
   * @param adj oom_score_adj; converted from oom_adj where there is no other
   * @param name comm
   */
  public record Task(
      long pid,
      long uid,
      long tgid,
      long totalVm,
      long rss,
      long anon,
      long file,
      long shmem,
      long tableBytes,
      long tablePages,
      long swap,
      int adj,
      String name) {}

  /**
   * The structured line of 5.0 and later.
   *
   * @param constraint such as {@code CONSTRAINT_NONE}
   * @param oomMemcg the cgroup that was full, or empty
   * @param taskMemcg the cgroup of the victim, or empty
   * @param task comm of the victim, or empty
   * @param pid its pid, or UNKNOWN
   * @param uid its owner, or UNKNOWN
   */
  public record Choice(
      String constraint, String oomMemcg, String taskMemcg, String task, long pid, long uid) {}

  /**
   * A process that was killed, in kB.
   *
   * @param line where the log says so
   * @param pid its pid
   * @param name comm
   * @param totalVmKb size of its address space, or UNKNOWN
   * @param anonKb resident anonymous memory, or UNKNOWN
   * @param fileKb resident memory of files, or UNKNOWN
   * @param shmemKb resident shmem, or UNKNOWN
   * @param tablesKb page tables, or UNKNOWN
   * @param uid owner, or UNKNOWN
   * @param adj oom_score_adj; null if it was not printed
   */
  public record Kill(
      long line,
      long pid,
      String name,
      long totalVmKb,
      long anonKb,
      long fileKb,
      long shmemKb,
      long tablesKb,
      long uid,
      @Nullable Integer adj) {}

  /** The same of a kernel whose version is said elsewhere. */
  OomReport ofKernel(String release) {
    return with(release, circumstances);
  }

  /** The same after other kills. */
  OomReport after(List<Circumstances.Earlier> before) {
    return with(kernel, circumstances.after(before));
  }

  private OomReport with(String release, Circumstances others) {
    return new OomReport(
        line,
        time,
        header,
        release,
        origin,
        memory,
        memcg,
        hasTable,
        tasks,
        choice,
        kills,
        chosenPid,
        chosenName,
        score,
        groupCgroup,
        reaped,
        nobody,
        byConfiguration,
        panic,
        unread,
        slips,
        killedBefore,
        others);
  }

  /** The process that was killed first, or null. */
  public @Nullable Kill victim() {
    return kills.isEmpty() ? null : kills.get(0);
  }

  /** Whether a cgroup was killed as one. */
  public boolean isGroup() {
    return !groupCgroup.isEmpty();
  }

  /** Those that were killed at once: the victim, or all of its cgroup. */
  public List<Kill> killedTogether() {
    return isGroup() || kills.isEmpty() ? kills : kills.subList(0, 1);
  }

  /** Whether a cgroup was full rather than the machine. */
  public boolean isMemcg() {
    if (choice != null && choice.constraint().equals("CONSTRAINT_MEMCG")) {
      return true;
    }
    return memcg != null || (choice != null && !choice.oomMemcg().isEmpty());
  }

  /** The cgroup that was full, or empty. */
  public String oomCgroup() {
    if (choice != null && !choice.oomMemcg().isEmpty()) {
      return choice.oomMemcg();
    }
    return memcg == null ? "" : memcg.path();
  }

  /**
   * The rows of processes that were killed, as far as they have one. Up to 4.x a kill line may have
   * the pid of any thread (select_bad_process() went through all of them), so one of the same name
   * and size will do, if there is one only.
   *
   * @param pageKb kB in a page of the kernel
   */
  public Map<Kill, Task> rowsOf(List<Kill> killed, long pageKb) {
    Map<Long, Task> byPid = new HashMap<>();
    Map<Object, List<Task>> alike = new HashMap<>();
    for (Task row : tasks) {
      byPid.putIfAbsent(row.pid(), row);
      alike
          .computeIfAbsent(List.of(row.name(), row.totalVm() * pageKb), key -> new ArrayList<>(1))
          .add(row);
    }
    tasks.forEach(row -> byPid.putIfAbsent(row.tgid(), row));
    Map<Kill, Task> rows = new LinkedHashMap<>();
    for (Kill kill : killed) {
      List<Task> same = alike.getOrDefault(List.of(kill.name(), kill.totalVmKb()), List.of());
      Task row = byPid.get(kill.pid());
      row = row == null && kill.totalVmKb() > 0 && same.size() == 1 ? same.get(0) : row;
      if (row != null) {
        rows.put(kill, row);
      }
    }
    return rows;
  }

  /** What a page of the kernel that printed it is, in kB, as far as its figures show. */
  public long pageKb() {
    return PageSize.of(this) / 1024;
  }

  /** How long after a moment it began, in seconds; -1 if the log does not tell. */
  double secondsAfter(double seconds, String when) {
    double then = circumstances.seconds();
    if (seconds >= 0 && then >= seconds) {
      return then - seconds;
    }
    double from = Clock.seconds(when);
    double to = Clock.seconds(time);
    boolean sameDay = Clock.day(when).equals(Clock.day(time));
    return sameDay && from >= 0 && to >= from ? to - from : -1;
  }

  /** How long after another it began, in seconds; -1 if the log does not tell. */
  public double secondsAfter(OomReport other) {
    return secondsAfter(other.circumstances.seconds(), other.time);
  }

  /** The row of a process, or null: by the pid of a thread or of the process. */
  public @Nullable Task taskOf(long pid) {
    Task found = null;
    for (Task task : tasks) {
      if (task.pid() == pid) {
        return task;
      }
      found = found == null && task.tgid() == pid ? task : found;
    }
    return found;
  }

  /** Whether nothing but kill lines is left of it. */
  public boolean isBare() {
    boolean hasCgroup = memcg != null && (memcg.usageKb() >= 0 || !memcg.taskPath().isEmpty());
    return header == null && !hasTable && tasks.isEmpty() && memory == null && !hasCgroup;
  }
}
