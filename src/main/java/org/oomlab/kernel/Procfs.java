package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Backing;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.pressure.PsiAverages;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.workload.Step;
import org.oomlab.workload.VmaSpec;

/**
 * What somebody may look at while the machine runs, as a monitor reads /proc: of processes, of
 * cgroups, and of the machine as a whole. Nothing can be changed through it, and nobody who does
 * not look pays for it.
 *
 * <p>Processes, tasks and cgroups have the numbers of {@link org.oomlab.trace.TraceSink}. Amounts
 * are in pages, as of now.
 */
public final class Procfs {
  private final Kernel kernel;
  private final Machine machine;
  private final Badness badness;

  Procfs(Kernel kernel, Badness badness) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.badness = badness;
  }

  /**
   * What user space holds.
   *
   * @param anon anonymous pages
   * @param file mapped pages of files
   * @param shmem pages of tmpfs and shared anonymous memory
   * @param unevictable of these, those that are locked
   * @param pageTables pages of page tables, as badness counts them
   * @param swap pages in swap
   * @param size mapped pages: as the model does not know what is mapped but absent, all of the
   *     above but the tables, and what rss does not count
   */
  public record Usage(
      long anon, long file, long shmem, long unevictable, long pageTables, long swap, long size) {
    static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0);

    /** Resident set size. */
    public long rss() {
      return anon + file + shmem;
    }

    Usage plus(Usage that) {
      return new Usage(
          anon + that.anon,
          file + that.file,
          shmem + that.shmem,
          unevictable + that.unevictable,
          pageTables + that.pageTables,
          swap + that.swap,
          size + that.size);
    }
  }

  /** What a process holds; nothing if it is a kernel thread. */
  public Usage of(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null ? Usage.NONE : usage(mm);
  }

  /** What all processes hold. */
  public Usage ofAll() {
    return sum(null);
  }

  /** What the processes of a cgroup and of those in it hold. */
  public Usage ofCgroup(int cgroup) {
    return sum(machine.memcgs[cgroup]);
  }

  private Usage sum(@Nullable Memcg within) {
    Usage sum = Usage.NONE;
    for (Mm mm : machine.mms) {
      if (within == null || (mm.memcg != null && mm.memcg.isWithin(within))) {
        sum = sum.plus(usage(mm));
      }
    }
    return sum;
  }

  private Usage usage(Mm mm) {
    long anon = 0;
    long file = 0;
    long shmem = 0;
    long other = 0;
    long locked = 0;
    for (Vma vma : mm.vmas) {
      if (vma.spec.kind() == VmaSpec.Kind.ANONYMOUS) {
        anon += vma.pages;
      } else if (vma.isFile()) {
        file += vma.pages;
      } else if (vma.countsAsRss()) {
        shmem += vma.pages;
      } else {
        other += vma.pages;
      }
      locked += vma.locked && vma.countsAsRss() ? vma.pages : 0;
    }
    long size = anon + file + shmem + other + mm.swapPages;
    return new Usage(anon, file, shmem, locked, badness.pageTables(mm), mm.swapPages, size);
  }

  /** Whether a thread of the process still has an address space. */
  public boolean hasMm(int process) {
    return machine.processes[process].taskWithMm() != null;
  }

  /** oom_score_adj. */
  public int oomScoreAdj(int process) {
    return machine.processes[process].oomScoreAdj;
  }

  /** oom_badness() in pages; {@link Long#MIN_VALUE} if the process is not eligible. */
  public long badness(int process) {
    return badness.of(machine.processes[process]);
  }

  /** The process of a task. */
  public int processOf(int task) {
    return machine.tasks[task].process.id;
  }

  /** The leader's number among all tasks. */
  public int leaderOf(int process) {
    return machine.processes[process].tasks[0].id;
  }

  /** The processor a task is on, or was last seen on. */
  public int cpuOf(int task) {
    return Math.max(0, machine.entities[task].cpu);
  }

  /** Whether the request of a task is a page fault of user space. */
  public boolean isFault(int task) {
    Task.Request request = machine.tasks[task].request;
    return request == Task.Request.TOUCH || request == Task.Request.DRAIN;
  }

  /** How a task asks for memory. */
  public Step.Gfp gfpOf(int task) {
    return machine.tasks[task].gfp;
  }

  /** memory.current. */
  public long cgroupUsage(int cgroup) {
    return machine.memcgs[cgroup].usagePages;
  }

  /** The min watermark. */
  public long minWatermark() {
    return machine.minPages;
  }

  /** The low watermark. */
  public long lowWatermark() {
    return machine.lowPages;
  }

  /** The high watermark. */
  public long highWatermark() {
    return machine.highPages;
  }

  /** Page cache that nobody has mapped. */
  public long unmappedCache() {
    return machine.cleanCachePages + machine.dirtyCachePages;
  }

  /** Of that, what must be written first. */
  public long dirty() {
    return machine.dirtyCachePages;
  }

  /** tmpfs files that have no user left. */
  public long orphanedShmem() {
    return machine.orphanedPages;
  }

  /** The averages of /proc/pressure/memory. */
  public PsiAverages pressure(PsiGroup.State state) {
    return machine.psi.averages(state, kernel.clock());
  }

  /** The total of /proc/pressure/memory, in nanoseconds. */
  public long pressureTotalNs(PsiGroup.State state) {
    return machine.psi.totalNs(state, kernel.clock());
  }

  /** The same of a cgroup's memory.pressure; of a workload whose pressure is measured. */
  public long pressureTotalNs(int cgroup, PsiGroup.State state) {
    return machine.memcgs[cgroup].psi().totalNs(state, kernel.clock());
  }

  /**
   * SwapFree of /proc/meminfo; of a workload without a device what it was given, less what is used.
   */
  public long swapFree() {
    Backing backing = machine.backing;
    if (backing != null) {
      return backing.freeSlots();
    }
    long free = machine.workload.machine().swap();
    for (Mm mm : machine.mms) {
      free -= mm.swapPages;
    }
    return Math.max(0, free);
  }

  /** Pages on their way to the swap device, and those in which zram keeps its own. */
  public long swapCache() {
    Backing backing = machine.backing;
    return backing == null ? 0 : backing.heldPages();
  }

  /**
   * MemAvailable of /proc/meminfo: si_mem_available() of mm/show_mem.c, for one zone. What the
   * kernel holds here cannot be reclaimed.
   */
  public long available() {
    long reserve = machine.highPages + machine.workload.machine().lowmemReserve();
    long file = unmappedCache();
    for (Mm mm : machine.mms) {
      for (Vma vma : mm.vmas) {
        file += vma.isFile() ? vma.pages : 0;
      }
    }
    return Math.max(0, machine.freePages - reserve + file - Math.min(file / 2, machine.lowPages));
  }

  /** What the kernel holds besides page tables. */
  public long slab() {
    long pages = machine.kernelPages;
    for (Task task : machine.tasks) {
      pages += task.kernelPages;
    }
    return pages;
  }
}
