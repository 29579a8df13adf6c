package org.oomlab.report;

import java.util.Locale;
import org.oomlab.kernel.Procfs;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Workload;

/**
 * The parts of dump_header() of mm/oom_kill.c: who asked for memory, how much there is, and who has
 * it. What the model does not know is left out (free areas by order, stack traces) or 0 (what is
 * active, in a per-cpu list, or isolated).
 *
 * <p>Formats are those of mm/oom_kill.c, mm/page_alloc.c and mm/show_mem.c, mm/memcontrol.c and
 * lib/dump_stack.c of the versions named. That the zone is called Normal and memory is one node is
 * the model's.
 */
final class OomDump {
  private static final String UNLIMITED_KB = "9007199254740988kB";

  private final KernelRelease kernel;
  private final Workload workload;
  private final Inhabitants inhabitants;
  private final Procfs procfs;

  OomDump(KernelRelease kernel, Workload workload, Inhabitants inhabitants, Procfs procfs) {
    this.kernel = kernel;
    this.workload = workload;
    this.inhabitants = inhabitants;
    this.procfs = procfs;
  }

  static long kb(long pages) {
    return pages * (Bytes.PAGE / 1024);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Whose request it was. */
  String header(int task, int cgroup) {
    String nodemask = "";
    if (kernel.isSince(4, 10) && !kernel.isSince(5, 0)) {
      nodemask = kernel.isSince(4, 16) ? " nodemask=(null)," : " nodemask=(null), ";
    }
    String name = inhabitants.taskName(task);
    String mask =
        procfs.isFault(task)
            ? GfpMask.ofFault(kernel, cgroup >= 0)
            : GfpMask.of(kernel, procfs.gfpOf(task));
    int adj = procfs.oomScoreAdj(procfs.processOf(task));
    String first =
        format(
            "%s invoked oom-killer: gfp_mask=%s,%s order=0, oom_score_adj=%d\n",
            name, mask, nodemask, adj);
    String cpuset = kernel.isSince(5, 0) ? "" : name + " cpuset=/ mems_allowed=0\n";
    return first + cpuset + origin(task);
  }

  /** dump_stack_print_info(). */
  String origin(int task) {
    String uid =
        kernel.isSince(6, 12) ? "UID: " + inhabitants.uid(procfs.processOf(task)) + " " : "";
    return format(
        "CPU: %d %sPID: %d Comm: %s Not tainted %s #1\nHardware name: oomlab, simulated\n",
        procfs.cpuOf(task), uid, inhabitants.tid(task), inhabitants.taskName(task), kernel);
  }

  /** show_mem(). */
  String memory(long free) {
    Procfs.Usage all = procfs.ofAll();
    long shmem = all.shmem() + procfs.orphanedShmem();
    long anon = Math.max(0, all.anon() + shmem - all.unevictable());
    long file = all.file() + procfs.unmappedCache();
    long mapped = all.file() + all.shmem();
    StringBuilder text = new StringBuilder("Mem-Info:\n");
    text.append(format("active_anon:0 inactive_anon:%d isolated_anon:0\n", anon));
    text.append(format(" active_file:0 inactive_file:%d isolated_file:0\n", file));
    text.append(
        format(
            " unevictable:%d dirty:%d writeback:0%s\n",
            all.unevictable(), procfs.dirty(), kernel.isSince(5, 8) ? "" : " unstable:0"));
    text.append(format(" slab_reclaimable:0 slab_unreclaimable:%d\n", procfs.slab()));
    text.append(format(" mapped:%d shmem:%d pagetables:%d", mapped, shmem, all.pageTables()));
    text.append(
        kernel.isSince(6, 1)
            ? "\n sec_pagetables:0 bounce:0\n kernel_misc_reclaimable:0\n"
            : " bounce:0\n");
    text.append(format(" free:%d free_pcp:0 free_cma:0\n", free));
    if (kernel.isSince(4, 8)) {
      text.append(
          format(
              "Node 0 active_anon:0kB inactive_anon:%dkB active_file:0kB inactive_file:%dkB"
                  + " unevictable:%dkB isolated(anon):0kB isolated(file):0kB mapped:%dkB dirty:%dkB"
                  + " writeback:0kB shmem:%dkB all_unreclaimable? no\n",
              kb(anon),
              kb(file),
              kb(all.unevictable()),
              kb(mapped),
              kb(procfs.dirty()),
              kb(shmem)));
    }
    text.append(zone(free, anon, file, all.unevictable()));
    text.append(file + shmem).append(" total pagecache pages\n");
    if (workload.machine().swap() > 0) {
      text.append("0 pages in swap cache\n");
    }
    text.append(format("Free swap  = %dkB\n", kb(workload.machine().swap() - all.swap())));
    text.append(format("Total swap = %dkB\n", kb(workload.machine().swap())));
    text.append(workload.machine().memory()).append(" pages RAM\n");
    return text.append("0 pages HighMem/MovableOnly\n0 pages reserved\n").toString();
  }

  private String zone(long free, long anon, long file, long unevictable) {
    return format(
            "Node 0 Normal free:%dkB%s min:%dkB low:%dkB high:%dkB%s active_anon:0kB"
                + " inactive_anon:%dkB active_file:0kB inactive_file:%dkB unevictable:%dkB"
                + " writepending:%dkB present:%dkB managed:%dkB mlocked:%dkB bounce:0kB"
                + " free_pcp:0kB local_pcp:0kB free_cma:0kB\n",
            kb(free),
            kernel.isSince(5, 12) ? " boost:0kB" : "",
            kb(procfs.minWatermark()),
            kb(procfs.lowWatermark()),
            kb(procfs.highWatermark()),
            kernel.isSince(5, 5) ? " reserved_highatomic:0KB" : "",
            kb(anon),
            kb(file),
            kb(unevictable),
            kb(procfs.dirty()),
            kb(workload.machine().memory()),
            kb(workload.machine().memory()),
            kb(unevictable))
        + format("lowmem_reserve[]: 0 %1$d %1$d\n", workload.machine().lowmemReserve());
  }

  /** mem_cgroup_print_oom_info(), from 5.0 mem_cgroup_print_oom_meminfo(). */
  String cgroup(int cgroup, int victim) {
    String path = inhabitants.path(inhabitants.cgroup(cgroup).name());
    long usage = procfs.cgroupUsage(cgroup);
    String limit =
        inhabitants.cgroup(cgroup).limit() == Long.MAX_VALUE
            ? UNLIMITED_KB
            : kb(inhabitants.cgroup(cgroup).limit()) + "kB";
    StringBuilder text = new StringBuilder();
    if (!kernel.isSince(5, 0) && victim >= 0) {
      text.append(
          format("Task in %s killed as a result of limit of %s\n", cgroupPathOf(victim), path));
    }
    text.append(format("memory: usage %dkB, limit %s, failcnt 0\n", kb(usage), limit));
    Procfs.Usage held = procfs.ofCgroup(cgroup);
    text.append(format("swap: usage %dkB, limit %s, failcnt 0\n", kb(held.swap()), UNLIMITED_KB));
    if (kernel.isSince(5, 2)) {
      long page = Bytes.PAGE;
      return text.append(
              format(
                  "Memory cgroup stats for %s:\nanon %d\nfile %d\npagetables %d\nshmem %d\n",
                  path,
                  held.anon() * page,
                  (held.file() + held.shmem()) * page,
                  held.pageTables() * page,
                  held.shmem() * page))
          .toString();
    }
    return text.append(
            format(
                "Memory cgroup stats for %s: cache:%dKB rss:%dKB rss_huge:0KB shmem:%dKB"
                    + " mapped_file:%dKB dirty:0KB writeback:0KB\n",
                path,
                kb(held.file() + held.shmem()),
                kb(held.anon()),
                kb(held.shmem()),
                kb(held.file())))
        .toString();
  }

  private String cgroupPathOf(int process) {
    var cgroup = inhabitants.cgroupOf(process);
    return cgroup == null ? "/" : inhabitants.path(cgroup.name());
  }

  /** dump_tasks(). */
  String tasks(int cgroup) {
    StringBuilder text = new StringBuilder();
    text.append(
        kernel.isSince(4, 19)
            ? "Tasks state (memory values in pages):\n[  pid  ]   uid  tgid total_vm      rss "
            : "[ pid ]   uid  tgid total_vm      rss ");
    text.append(kernel.isSince(6, 8) ? "rss_anon rss_file rss_shmem " : "");
    text.append(kernel.isSince(4, 15) ? "pgtables_bytes" : "nr_ptes nr_pmds");
    text.append(" swapents oom_score_adj name\n");
    for (int process = 0; process < inhabitants.count(); process++) {
      if (inhabitants.isListed(process, cgroup)) {
        text.append(task(process));
      }
    }
    return text.toString();
  }

  private String task(int process) {
    Procfs.Usage usage = procfs.of(process);
    int pid = inhabitants.pid(process);
    return format(kernel.isSince(4, 19) ? "[%7d] " : "[%5d] ", pid)
        + format("%5d %5d %8d %8d ", inhabitants.uid(process), pid, usage.size(), usage.rss())
        + (kernel.isSince(6, 8)
            ? format("%8d %8d %9d ", usage.anon(), usage.file(), usage.shmem())
            : "")
        + pageTables(usage.pageTables())
        + format(
            " %8d         %5d %s\n",
            usage.swap(), procfs.oomScoreAdj(process), inhabitants.name(process));
  }

  /** Up to 4.14 in two levels; the model has one number, which they add up to. */
  private String pageTables(long pages) {
    if (kernel.isSince(4, 15)) {
      return format("%8d", pages * Bytes.PAGE);
    }
    long directories = pages > 1 ? (pages + 512) / 513 : 0;
    return format("%7d %7d", pages - directories, directories);
  }

  /** dump_oom_victim(), from 5.0. */
  String summary(int cgroup, int victim) {
    String domain =
        cgroup < 0
            ? "global_oom"
            : "oom_memcg=" + inhabitants.path(inhabitants.cgroup(cgroup).name());
    return format(
        "oom-kill:constraint=%s,nodemask=(null),cpuset=/,mems_allowed=0,%s,task_memcg=%s,task=%s,"
            + "pid=%d,uid=%d",
        cgroup < 0 ? "CONSTRAINT_NONE" : "CONSTRAINT_MEMCG",
        domain,
        cgroupPathOf(victim),
        inhabitants.name(victim),
        inhabitants.pid(victim),
        inhabitants.uid(victim));
  }
}
