package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Backing;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Policy;
import org.oomlab.workload.MachineSpec;

/**
 * Finds memory that can be had without killing: clean page cache, mapped or not, and dirty cache
 * once it has been written. mm/vmscan.c, reduced to what decides when the OOM killer is called.
 *
 * <p>Pages of living processes are {@link PageOut}'s, where there is anything behind memory; where
 * there is not, what a workload has in swap at boot stays there.
 */
final class Reclaim {
  /** SWAP_CLUSTER_MAX: pages that one pass of direct reclaim is after. */
  private static final long CLUSTER = 32;

  private static final int THROTTLES_PER_SECOND = 10;

  private final Kernel kernel;
  private final Machine machine;

  /** What kswapd takes of the way from low to high at once, where memory moves. */
  private static final int CLUSTERS = 8;

  /** No pass takes less, as in the costs: who goes round and round would stop the clock. */
  private static final long SHORTEST_PASS_NS = 1_000;

  private final boolean hasKswapd;
  private final long kswapdCluster;
  private final boolean hasMappedFiles;

  Reclaim(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.hasKswapd = machine.costs.kswapd();
    MachineSpec spec = machine.workload.machine();
    this.kswapdCluster = Math.max(CLUSTER, (spec.high() - spec.low()) / CLUSTERS);
    boolean mapped = false;
    for (Mm mm : machine.mms) {
      for (Vma vma : mm.vmas) {
        mapped |= vma.isFile() && !vma.spec.referenced();
      }
    }
    this.hasMappedFiles = mapped;
  }

  /** A pass of direct reclaim; returns the pages it freed. */
  long direct() {
    startWriteback();
    long got = reclaim(CLUSTER);
    // Where there is nothing more to send off, what has been will come free.
    return got == 0 ? underWay() : got;
  }

  /** The same for one cgroup. */
  long ofMemcg(Memcg memcg) {
    startWriteback();
    long got = reclaimCache(CLUSTER, memcg);
    if (got < CLUSTER && machine.backing != null) {
      got += kernel.pageOut().take(CLUSTER - got, memcg);
    } else if (got < CLUSTER && hasMappedFiles) {
      got += reclaimMapped(CLUSTER - got, memcg);
    }
    if (got > 0) {
      machine.lastProgressNs = kernel.clock();
    }
    return got;
  }

  /** Takes clean cache that is charged to a cgroup, or to those below it. */
  private long reclaimCache(long want, Memcg memcg) {
    long got = 0;
    for (Memcg below : machine.memcgs) {
      if (below.cachePages > 0 && below.isWithin(memcg)) {
        got += below.takeCache(Math.min(want - got, machine.cleanCachePages - got));
      }
    }
    takeClean(got);
    return got;
  }

  /** Takes clean cache of the machine: what nobody is charged for first. */
  private long reclaimCache(long want) {
    long got = Math.min(want, machine.cleanCachePages);
    long nobodys = machine.cleanCachePages + machine.dirtyCachePages;
    for (Memcg memcg : machine.memcgs) {
      nobodys -= memcg.cachePages;
    }
    long charged = got - Math.min(got, nobodys);
    for (int i = 0; charged > 0; i++) {
      charged -= machine.memcgs[i].takeCache(charged);
    }
    takeClean(got);
    return got;
  }

  private void takeClean(long pages) {
    machine.cleanCachePages -= pages;
    machine.freePages += pages;
    machine.ledger.freedByReclaimPages += pages;
  }

  /** Pages that reclaim has not got and may yet get: dirty ones. */
  long looksReclaimable() {
    long pages = machine.dirtyCachePages + machine.cleanCachePages;
    Backing backing = machine.backing;
    if (backing != null) { // zone_reclaimable_pages()
      pages += kernel.pageOut().listPages(false, null);
      pages += Math.min(backing.freeSlots(), kernel.pageOut().listPages(true, null));
      pages += backing.writes.pages();
    }
    return pages;
  }

  /** reclaim_throttle() and its ancestors: HZ/10 while dirty pages are being written, else 0. */
  long throttleNs() {
    if (machine.dirtyCachePages == 0) {
      return 0;
    }
    long ticks = Math.max(1, machine.workload.machine().hz() / THROTTLES_PER_SECOND);
    return kernel.timers.afterTicks(ticks) - kernel.clock();
  }

  private long reclaim(long want) {
    long got = reclaimCache(want);
    if (got < want && machine.backing != null) {
      got += kernel.pageOut().take(want - got, null);
    } else if (got < want && hasMappedFiles) {
      got += reclaimMapped(want - got, null);
    }
    if (got > 0) {
      machine.lastProgressNs = kernel.clock();
    }
    return got;
  }

  /** Unmaps and frees file pages that nobody has referenced lately. */
  private long reclaimMapped(long want, @Nullable Memcg memcg) {
    long got = 0;
    for (int m = 0; m < machine.mms.length && got < want; m++) {
      Mm mm = machine.mms[m];
      boolean inside = memcg == null || (mm.memcg != null && mm.memcg.isWithin(memcg));
      for (int v = 0; inside && v < mm.vmas.length && got < want; v++) {
        Vma vma = mm.vmas[v];
        if (!vma.isReclaimable() || isUnderWalker(mm, vma)) {
          continue;
        }
        long pages = Math.min(want - got, vma.pages);
        vma.pages -= pages;
        if (vma.spec.dirty()) {
          machine.dirtyCachePages += pages;
          if (mm.memcg != null) {
            mm.memcg.cachePages += pages;
          }
        } else {
          Machine.charge(mm.memcg, -pages);
          machine.freePages += pages;
          machine.ledger.freedByReclaimPages += pages;
          got += pages;
        }
      }
    }
    return got;
  }

  boolean isUnderWalker(Mm mm, Vma vma) {
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (walk.mm == mm.id && walk.vma == vma.index && walk.zaps()) {
        return true;
      }
    }
    return false;
  }

  private void startWriteback() {
    if (machine.dirtyCachePages > 0 && machine.writebackSinceNs < 0) {
      machine.writebackSinceNs = kernel.clock();
    }
  }

  /** What the disk has written by now is clean. */
  void writeBack() {
    long elapsed = kernel.clock() - machine.writebackSinceNs;
    long pages =
        Math.min(
            machine.dirtyCachePages,
            Math.multiplyHigh(elapsed, machine.writebackPagesPerSecond) == 0
                ? elapsed * machine.writebackPagesPerSecond / 1_000_000_000L
                : machine.dirtyCachePages);
    if (pages > 0) {
      machine.dirtyCachePages -= pages;
      machine.cleanCachePages += pages;
      machine.writebackSinceNs = machine.dirtyCachePages > 0 ? kernel.clock() : -1;
      machine.lastProgressNs = kernel.clock();
    }
  }

  /** wakeup_kswapd(): below the low watermark somebody should clean up in the background. */
  void wakeKswapd() {
    if (hasKswapd
        && machine.freePages < machine.lowPages
        && !kernel.queue.isPending(Event.KSWAPD.ordinal(), 0)
        && canReclaim()) {
      kernel.in(Event.KSWAPD, 0, kswapdNs());
    }
  }

  /** kswapd has reclaimed a cluster; it goes on to the high watermark. */
  void kswapd() {
    startWriteback();
    long got = reclaim(machine.backing == null ? CLUSTER : kswapdCluster);
    if (got > 0 && machine.freePages + underWay() < machine.highPages) {
      kernel.in(Event.KSWAPD, 0, kswapdNs());
    }
  }

  /**
   * How long kswapd takes for a cluster, what the one before took to write or to compress included.
   */
  private long kswapdNs() {
    return machine.backing == null
        ? CLUSTER * machine.reclaimPageNs
        : kswapdCluster * machine.reclaimPageNs + kernel.pageOut().takeWorkNs();
  }

  private long underWay() {
    return machine.backing == null ? 0 : machine.backing.writes.pages();
  }

  /** How long a pass takes: a failing one as the costs say, one that finds something less. */
  long passNs(Task task) {
    if (machine.backing == null || !findsSomething()) {
      return machine.cost(machine.costs.pass(), task.latencies);
    }
    long ns = CLUSTER * machine.reclaimPageNs + kernel.pageOut().takeWorkNs();
    return Math.max(SHORTEST_PASS_NS, ns);
  }

  private boolean findsSomething() {
    return kernel.pageOut().canSwap(null)
        || machine.cleanCachePages + kernel.pageOut().listPages(false, null) >= CLUSTER;
  }

  /** How long who has found something that must be written first waits for it. */
  long writeNs() {
    return machine.backing == null ? 0 : kernel.pageOut().throttleNs(CLUSTER);
  }

  private boolean canReclaim() {
    if (machine.cleanCachePages > 0) {
      return true;
    }
    if (machine.backing != null && machine.freePages + underWay() >= machine.highPages) {
      return false;
    }
    if (machine.backing != null && kernel.pageOut().canSwap(null)) {
      return true;
    }
    if (hasMappedFiles) {
      for (Mm mm : machine.mms) {
        for (Vma vma : mm.vmas) {
          if (vma.isReclaimable() && vma.pages > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
