package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.watch.Sight;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.pressure.PsiAverages;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.workload.VmaSpec;

/** What the files of /proc and of cgroups say to a daemon that reads them now. */
final class DaemonSight implements Sight {
  private final Kernel kernel;
  private final Machine machine;
  private final int self;

  DaemonSight(Kernel kernel, int self) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.self = self;
  }

  @Override
  public long nowNs() {
    return kernel.clock();
  }

  @Override
  public long memTotal() {
    return machine.workload.machine().memory();
  }

  @Override
  public long memFree() {
    return machine.freePages;
  }

  @Override
  public long memAvailable() {
    return kernel.procfs().available();
  }

  @Override
  public long anonPages() {
    return pages(null, true);
  }

  @Override
  public long fileList() {
    return machine.cleanCachePages + machine.dirtyCachePages + pages(null, false);
  }

  private long pages(@Nullable Memcg within, boolean anon) {
    long pages = 0;
    for (Mm mm : machine.mms) {
      if (within != null && (mm.memcg == null || !mm.memcg.isWithin(within))) {
        continue;
      }
      for (Vma vma : mm.vmas) {
        boolean wanted = anon ? vma.spec.kind() == VmaSpec.Kind.ANONYMOUS : vma.isFile();
        pages += wanted ? vma.pages : 0;
      }
    }
    return pages;
  }

  @Override
  public long swapTotal() {
    return machine.workload.machine().swap();
  }

  @Override
  public long swapFree() {
    return kernel.procfs().swapFree();
  }

  @Override
  public long zramPages() {
    return machine.backing == null ? 0 : machine.backing.zramPages;
  }

  @Override
  public long minMark() {
    return machine.minPages + machine.workload.machine().lowmemReserve();
  }

  @Override
  public long lowMark() {
    return machine.lowPages + machine.workload.machine().lowmemReserve();
  }

  @Override
  public long highMark() {
    return machine.highPages + machine.workload.machine().lowmemReserve();
  }

  @Override
  public long swappedOut() {
    return machine.ledger.swappedOutPages;
  }

  @Override
  public long fileRefaults() {
    return machine.ledger.refaultFilePages;
  }

  @Override
  public long reclaimed() {
    return machine.ledger.swappedOutPages
        + machine.ledger.evictedPages
        + machine.ledger.freedByReclaimPages;
  }

  @Override
  public boolean reclaimsDirectly() {
    for (Task task : machine.tasks) {
      if (task.stalls && task.isBlockedOnMemory()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean hasPressure() {
    return machine.measuresPressure;
  }

  @Override
  public int pressure(int cgroup, boolean full, int seconds) {
    if (!machine.measuresPressure) {
      return 0;
    }
    PsiGroup group = cgroup == MACHINE ? machine.psi : machine.memcgs[cgroup].psi();
    PsiAverages averages =
        group.averages(full ? PsiGroup.State.FULL : PsiGroup.State.SOME, kernel.clock());
    return seconds == 10 ? averages.avg10() : seconds == 60 ? averages.avg60() : averages.avg300();
  }

  @Override
  public int cgroups() {
    return machine.memcgs.length;
  }

  @Override
  public String cgroupPath(int cgroup) {
    Memcg memcg = machine.memcgs[cgroup];
    String path = memcg.spec.name();
    for (Memcg up = memcg.parent; up != null; up = up.parent) {
      path = up.spec.name() + "/" + path;
    }
    return path;
  }

  @Override
  public int cgroupParent(int cgroup) {
    Memcg parent = machine.memcgs[cgroup].parent;
    return parent == null ? MACHINE : parent.id;
  }

  @Override
  public long cgroupUsage(int cgroup) {
    return machine.memcgs[cgroup].usagePages;
  }

  @Override
  public long cgroupSwap(int cgroup) {
    return machine.memcgs[cgroup].swapPages;
  }

  @Override
  public long cgroupAnon(int cgroup) {
    return pages(machine.memcgs[cgroup], true);
  }

  @Override
  public long cgroupLimit(int cgroup) {
    return machine.memcgs[cgroup].spec.limit();
  }

  @Override
  public long cgroupLow(int cgroup) {
    return machine.memcgs[cgroup].spec.soft().low();
  }

  @Override
  public boolean cgroupIsOne(int cgroup) {
    return machine.memcgs[cgroup].spec.oomGroup();
  }

  @Override
  public long cgroupScanned(int cgroup) {
    return machine.memcgs[cgroup].takenPages;
  }

  @Override
  public int processes() {
    return machine.processes.length;
  }

  @Override
  public String name(int process) {
    return machine.processes[process].name;
  }

  @Override
  public boolean exists(int process) {
    return machine.processes[process].liveTasks > 0;
  }

  @Override
  public boolean hasMemory(int process) {
    return machine.processes[process].taskWithMm() != null;
  }

  @Override
  public boolean isUntouchable(int process) {
    return machine.processes[process].isUnkillable();
  }

  @Override
  public boolean isRoot(int process) {
    return machine.processes[process].spec.root();
  }

  @Override
  public boolean descends(int process, int from) {
    int up = machine.processes[process].parent;
    while (up != Machine.NOBODY && up != from) {
      up = machine.processes[up].parent;
    }
    return up == from;
  }

  @Override
  public int cgroupOf(int process) {
    Memcg memcg = machine.processes[process].memcg;
    return memcg == null ? MACHINE : memcg.id;
  }

  @Override
  public int adj(int process) {
    return machine.processes[process].oomScoreAdj;
  }

  /** Since 5.9 the score goes from 0 to 2000, with 666 for a process without memory. */
  @Override
  public int oomScore(int process) {
    long badness = kernel.badness.of(machine.processes[process]);
    if (badness == Long.MIN_VALUE) {
      return 0;
    }
    return (int) ((1000 + badness * 1000 / machine.totalPages) * 2 / 3);
  }

  @Override
  public long rss(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null || !hasMemory(process) ? 0 : mm.rss();
  }

  @Override
  public long swap(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null || !hasMemory(process) ? 0 : mm.swapPages;
  }

  @Override
  public boolean isSelf(int process) {
    return process == self;
  }
}
