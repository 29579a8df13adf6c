package org.oomlab.daemon.watch;

/**
 * What a daemon in user space can read: /proc/meminfo, /proc/zoneinfo and /proc/vmstat, pressure
 * files, cgroup files and /proc/PID. Amounts are in pages, times in nanoseconds, as of the moment
 * of reading; processes and cgroups go by number, from 0.
 */
public interface Sight {
  /** In place of a cgroup: the whole machine. */
  int MACHINE = -1;

  /** In place of a process: nobody. */
  int NOBODY = -1;

  /** Nanoseconds since boot. */
  long nowNs();

  // The machine.

  /** MemTotal. */
  long memTotal();

  /** MemFree. */
  long memFree();

  /** MemAvailable. */
  long memAvailable();

  /** AnonPages. */
  long anonPages();

  /** Active(file) and Inactive(file). */
  long fileList();

  /** SwapTotal. */
  long swapTotal();

  /** SwapFree. */
  long swapFree();

  /** Pages of RAM in which zram keeps what was swapped out; 0 without zram. */
  long zramPages();

  /** The watermarks of the zones with the pages that an ordinary request must leave beside. */
  long minMark();

  /** The same of low. */
  long lowMark();

  /** The same of high. */
  long highMark();

  /** pswpout since boot. */
  long swappedOut();

  /** workingset_refault_file since boot. */
  long fileRefaults();

  /** pgscan_direct and pgscan_kswapd, as far as pages were taken: grows while there is reclaim. */
  long reclaimed();

  /** Whether somebody is in direct reclaim. */
  boolean reclaimsDirectly();

  // Pressure, of the machine or of a cgroup.

  /** Whether there are pressure files. */
  boolean hasPressure();

  /**
   * An average of memory pressure, in hundredths of a per cent.
   *
   * @param full full, or else some
   * @param seconds 10, 60 or 300
   */
  int pressure(int cgroup, boolean full, int seconds);

  // Cgroups, parents before their children.

  /** How many there are. */
  int cgroups();

  /** Its path below the root, such as {@code system.slice/db}. */
  String cgroupPath(int cgroup);

  /** The cgroup it is in, or {@link #MACHINE}. */
  int cgroupParent(int cgroup);

  /** memory.current. */
  long cgroupUsage(int cgroup);

  /** memory.swap.current. */
  long cgroupSwap(int cgroup);

  /** anon of memory.stat. */
  long cgroupAnon(int cgroup);

  /** memory.max, or {@link Long#MAX_VALUE}. */
  long cgroupLimit(int cgroup);

  /** memory.low. */
  long cgroupLow(int cgroup);

  /** Whether memory.oom.group is set. */
  boolean cgroupIsOne(int cgroup);

  /** pgscan of memory.stat since boot. */
  long cgroupScanned(int cgroup);

  // Processes.

  /** How many there have ever been. */
  int processes();

  /** What it is called. */
  String name(int process);

  /** Whether /proc/PID is there. */
  boolean exists(int process);

  /** Whether it still has memory, as its VmRSS line shows: no longer once it is a zombie. */
  boolean hasMemory(int process);

  /** Whether it is init or a thread of the kernel. */
  boolean isUntouchable(int process);

  /** Whether it has the rights of root. */
  boolean isRoot(int process);

  /** Whether it was forked by another, or by one that was. */
  boolean descends(int process, int from);

  /** The cgroup it is in, or {@link #MACHINE}. */
  int cgroupOf(int process);

  /** oom_score_adj. */
  int adj(int process);

  /** oom_score: badness of the kernel, normalised; proc_oom_score() of fs/proc/base.c. */
  int oomScore(int process);

  /** VmRSS. */
  long rss(int process);

  /** VmSwap. */
  long swap(int process);

  /** Whether it is the daemon itself. */
  boolean isSelf(int process);
}
