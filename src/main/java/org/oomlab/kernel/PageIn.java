package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Backing;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.Request;
import org.oomlab.kernel.state.Vma;
import org.oomlab.reclaim.Workingset;
import org.oomlab.swap.Disk;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Access;
import org.oomlab.workload.Paging;
import org.oomlab.workload.Step;

/**
 * A program that computes uses its memory, and brings back what has left: do_swap_page() of
 * mm/memory.c and filemap_fault() of mm/filemap.c. Computing goes on in stretches; at the end of
 * each the pages that it has missed by then are faulted in together.
 */
final class PageIn {
  /** The longest stretch: somebody may have taken pages meanwhile. */
  private static final long LOOK_NS = 100_000_000;

  /** The least time that a stretch with faults is to take, so that there are not too many. */
  private static final long STRETCH_NS = 10_000_000;

  private static final long SHORTEST_NS = 1_000;

  /** Pages that are read at once where they are read in turn: VM_READAHEAD_PAGES of 128 KiB. */
  private static final long READ_AHEAD = 32;

  private final Kernel kernel;
  private final Machine machine;
  private final Backing backing;
  private final double recent;
  private final double missedInTurn;

  PageIn(Kernel kernel, Backing backing) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.backing = backing;
    Paging paging = machine.workload.machine().paging();
    this.recent = paging.lruRemembered();
    this.missedInTurn = paging.missedInTurn();
  }

  /** Whether computing uses memory that may have left. */
  boolean uses(Task task) {
    Mm mm = task.process.mm;
    return mm != null && mm.used;
  }

  /** A task begins to compute for so long; false: that takes time. */
  boolean begin(Task task, long ns) {
    task.computeNs = ns;
    task.stretchNs = 0;
    return goOn(task);
  }

  /** It has come to the end of a stretch, or of what it missed; true if it is done. */
  boolean goOn(Task task) {
    Mm mm = task.process.mm;
    if (task.stretchNs > 0) {
      use(mm, task.stretchNs);
      task.process.workNs += task.stretchNs;
      task.computeNs -= task.stretchNs;
      task.stretchNs = 0;
    }
    Vma missed = mostMissed(mm);
    if (missed != null) {
      long pages = Math.min((long) missed.missed, missed.outPages);
      missed.missed -= pages;
      return kernel.allocator.begin(task, Request.FAULT, Step.Gfp.KERNEL, pages, missed.index);
    }
    if (task.computeNs == 0) {
      return true;
    }
    task.stretchNs = stretch(mm, task.computeNs);
    kernel.waits.work(task.id, Event.TASK_STEP, task.stretchNs);
    return false;
  }

  private long stretch(Mm mm, long mostNs) {
    double perNs = 0;
    for (Vma vma : mm.vmas) {
      perNs += missesPerNs(vma);
    }
    long ns = Math.min(mostNs, LOOK_NS);
    if (perNs > 0) {
      double enough = Math.max(READ_AHEAD, perNs * STRETCH_NS);
      ns = Math.min(ns, Math.max(SHORTEST_NS, (long) (enough / perNs)));
    }
    return ns;
  }

  /** Pages of a mapping that a nanosecond of computing misses. */
  private double missesPerNs(Vma vma) {
    Access access = vma.spec.access();
    if (access == null || vma.outPages == 0) {
      return 0;
    }
    long all = vma.pages + vma.outPages;
    double out = (double) vma.outPages / all;
    double missed = access.inTurn() ? Math.min(1, out / missedInTurn) : out;
    return missed * all / access.everyNs();
  }

  private void use(Mm mm, long ns) {
    for (Vma vma : mm.vmas) {
      Access access = vma.spec.access();
      if (access == null) {
        continue;
      }
      vma.missed += missesPerNs(vma) * ns;
      vma.missed = Math.min(vma.missed, (double) vma.outPages);
      long sinceNs = Math.max(ns, kernel.clock() - vma.usedNs);
      vma.usedNs = kernel.clock();
      vma.everyNs = (long) ((double) access.everyNs() * sinceNs / ns);
    }
  }

  private static @Nullable Vma mostMissed(Mm mm) {
    Vma most = null;
    for (Vma vma : mm.vmas) {
      if (vma.missed >= 1 && vma.outPages > 0 && (most == null || vma.missed > most.missed)) {
        most = vma;
      }
    }
    return most;
  }

  /** Pages are in memory now, and what is on the device is not needed any more. */
  void comeBack(Task task, long pages) {
    Mm mm = task.process.mm;
    Vma vma = mm.vmas[task.requestVma];
    boolean file = vma.isFile();
    Memcg domain = mm.memcg;
    long list = kernel.pageOut().listPages(!file, domain);
    Access access = vma.spec.access();
    boolean inTurn = access != null && access.inTurn();
    double share = Workingset.recentShare(vma.outPages, (long) (list * recent), inTurn);
    // Of a dying process a reaper may have dropped them meanwhile: what it gets then is empty.
    long back = Math.min(pages, vma.outPages);
    vma.outPages -= back;
    vma.pages += pages;
    if (!file) {
      kernel.pageOut().release(mm, back);
    }
    task.recentShare = share;
    long refaults = Math.round(pages * share);
    machine.ledger.refaultPages += refaults;
    machine.ledger.refaultFilePages += file ? refaults : 0;
    machine.ledger.readPages += pages;
    machine.ledger.swappedInPages += file ? 0 : pages;
    backing.balance.refaulted(!file, refaults, list);
    kernel.emit(Tracepoint.SWAP_IN, task.id, pages, refaults);
  }

  /**
   * When the pages of a batch have been read.
   *
   * @return the time, or that of now if nothing has to be read
   */
  long readUntil(Task task, long pages) {
    Vma vma = task.process.mm.vmas[task.requestVma];
    Access access = vma.spec.access();
    boolean inTurn = access != null && access.inTurn();
    long requests = inTurn ? (pages + READ_AHEAD - 1) / READ_AHEAD : pages;
    Disk disk = vma.isFile() ? backing.fileDisk : backing.zram ? null : backing.swapDisk;
    return disk == null ? kernel.clock() : disk.read(kernel.clock(), pages, requests);
  }
}
