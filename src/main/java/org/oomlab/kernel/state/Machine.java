package org.oomlab.kernel.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.handler.Handler;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Access;
import org.oomlab.workload.Costs;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.PageTableContention;
import org.oomlab.workload.Paging;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Workload;

/**
 * Every fact that can change, besides the event queue. The mechanisms keep none, so a copy of a
 * machine and of its queue is a complete snapshot.
 *
 * <p>Tasks, processes, address spaces and mappings are made once, live in arrays by number and are
 * never replaced; {@link #boot} and {@link #copyFrom} only change their fields.
 */
public final class Machine {
  public static final int NOBODY = -1;

  /** The reaper's number where a task's could stand. */
  public static final int REAPER = -2;

  /** The number that an event has which happens to a task, or to {@link #REAPER}. */
  public static int subjectOf(int who) {
    return who == REAPER ? 0 : who;
  }

  // Names of the random streams, so that each purpose draws independently of the others.
  private static final long SIZES = 1;
  private static final long CHOICES = 2;
  private static final long LATENCIES = 3;
  private static final long COSTS = 4;
  private static final long REAPER_LATENCIES = 5;

  public static final long PAGES_PER_TABLE = 512;

  private static final double MICROSECOND = 1000;

  public final Workload workload;
  public final Costs costs;
  public final Process[] processes;
  public final Task[] tasks;
  public final Mm[] mms;
  public final Memcg[] memcgs;
  public final Mutex[] mutexes;
  public final Futex[] futexes;
  public final long totalPages;
  public final long tickNs;

  /** What is behind memory, or null: then it comes and goes with processes alone. */
  public final @Nullable Backing backing;

  /** Its pressure, where that is measured. */
  public final PsiGroup psi;

  /** Where the daemon stands that watches over it, or null: nobody does. */
  public final @Nullable Vigil vigil;

  /** Processors of the pressure files. */
  public final int psiCpus;

  public final boolean measuresPressure;

  public final Ledger ledger = new Ledger();
  public final Mutex oomLock = new Mutex();

  // Memory, in pages. What is not in one of these belongs to an Mm.
  public long freePages;
  public long cleanCachePages;
  public long dirtyCachePages;
  public long kernelPages;
  public long orphanedPages;

  public long minPages;
  public long lowPages;
  public long highPages;

  /** When dirty pages were last turned into clean ones; -1 while nobody has asked for it. */
  public long writebackSinceNs;

  public long writebackPagesPerSecond;

  // Costs that were drawn for this episode.

  /** How much longer than its cost everything takes. */
  public double slowness;

  public long faultNs;
  public long kernelPageNs;
  public long unmapNs;
  public long unmapLockedNs;
  public long munlockNs;
  public long unmapFileNs;
  public long freeSharedNs;
  public long unmapHugeNs;
  public long pageTableNs;
  public long tableWalkNs;
  public long areaNs;
  public long reclaimPageNs;
  public long swapOutNs;
  public long swapInNs;
  public long freeSwapNs;
  public long visitNs;
  public long bounceNs;
  public long reportTaskNs;

  /** How often the choice at hand has asked for an exact size, in the second of two passes. */
  public int exactSums;

  public long scanNs;
  public long scanCounterNs;

  public final Processor[] processors;

  /** Those on which nobody runs. */
  public final CpuMask idle;

  /** What can be on a processor: every task, and the reaper last. */
  public final SchedEntity[] entities;

  /** Those that wait for a processor, whoever goes next last: tasks_timeline of cfs_rq. */
  public final IntList runnable = new IntList();

  /** min_vruntime of the queue whenever it is empty. */
  public long minVruntimeNs;

  /** Walkers at work, in the order they began. */
  public final IntList walkers = new IntList();

  /** Tasks that drain, ascending. */
  public final IntList drainers = new IntList();

  // The reaper thread.
  public final RandomStream reaperLatencies = new RandomStream(0);
  public final Walk reaperWalk = new Walk(REAPER);
  public final IntList reaperList = new IntList();
  public ReaperPhase reaperPhase = ReaperPhase.IDLE;
  public int reaperVictim;
  boolean reaperSucceeded;

  /** Victims on a round-robin list that the reaper has yet to visit in this round. */
  public int reaperRoundLeft;

  /** The timers of the 2016 patch, restarted whenever a victim is marked. */
  public long holdoffUntilNs;

  public long victimWaitUntilNs;

  // The kill that has been decided on and is about to happen.
  public int pendingVictim;
  public int pendingInvoker;
  public int pendingMemcg;
  public Ledger.Reason pendingReason = Ledger.Reason.WORST;
  public long pendingBadness;

  /** The cgroup that a handler will kill with the victim, or NOBODY. */
  public int pendingGroup;

  /** What handlers have taken so far, under oom_lock, in nanoseconds. */
  public long handlersNs;

  /** Of each handler that promises, since when, and whether that is in this OOM episode. */
  public final long[] promisedNs = new long[Handler.MOST];

  public final boolean[] promiseOpen = new boolean[Handler.MOST];

  // How the episode is doing.
  public Verdict verdict = Verdict.RUNNING;
  public int blockedTasks;

  /** Tasks that were killed while they wanted user pages, and are not dead. */
  public int dyingAllocators;

  /** Since the first kill: memory is back and nobody who allocates is stuck. */
  public boolean clear;

  public long lastProgressNs;

  /** When anything but a request went on last: what a request found before may be otherwise. */
  public long lastChangeNs;

  /** The task that last kept the machine from being at a dead end: the first to be asked again. */
  public int hopeful;

  /** Up to when memory has been brought. */
  public long settledNs;

  /** The time of the last event, and how many have had the same. */
  public long momentNs;

  public int eventsAtMoment;

  public long lastOomNs;
  public long unblockedNs;
  public boolean triggerPending;
  public boolean triggerGone;
  public boolean episodeOpen;

  /** The cgroup that the first kill, and the last OOM call, were about, or NOBODY. */
  public int triggerMemcg;

  public int episodeMemcg;

  // A fork that must not kill.
  public boolean vetoed;
  public int vetoTask;
  public long vetoSatisfied;
  public long vetoDeadlineNs;

  /** The veto is somebody's with a debugger: it ends, and the episode goes on. */
  public boolean vetoPasses;

  /** When the kill would have been that such a veto was about, and its request was satisfied. */
  public long vetoKillNs;

  public long vetoMetNs;

  public long digest;
  public TraceSink sink = TraceSink.NONE;

  private final RandomStream boot = new RandomStream(0);

  public Machine(Workload workload, Costs costs) {
    this(workload, costs, null);
  }

  /** The same with a daemon, whose process is the last of the workload. */
  public Machine(Workload workload, Costs costs, @Nullable Guard guard) {
    this.workload = workload;
    this.costs = costs;
    MachineSpec spec = workload.machine();
    this.totalPages = spec.memory() + spec.swap();
    Paging paging = spec.paging();
    this.backing = paging.moves() ? new Backing(paging) : null;
    this.measuresPressure = paging.psi();
    this.psiCpus = measuresPressure ? spec.cpus() : 1;
    this.psi = new PsiGroup(psiCpus, spec.hz());
    this.tickNs = 1_000_000_000L / spec.hz();
    Roster roster = new Roster(workload, guard != null);
    this.memcgs = roster.memcgs;
    this.processes = roster.processes;
    this.mms = roster.mms;
    this.tasks = roster.tasks;
    this.mutexes = new Mutex[workload.mutexes().size()];
    for (int i = 0; i < mutexes.length; i++) {
      mutexes[i] = new Mutex();
    }
    this.futexes = new Futex[workload.futexes().size()];
    for (int i = 0; i < futexes.length; i++) {
      futexes[i] = new Futex();
    }
    int cpus = costs.cpuContention() ? Math.min(spec.cpus(), costs.processors()) : 0;
    this.processors = new Processor[cpus];
    for (int i = 0; i < processors.length; i++) {
      processors[i] = new Processor();
    }
    this.idle = new CpuMask(cpus);
    this.entities = new SchedEntity[tasks.length + 1];
    for (int i = 0; i < entities.length; i++) {
      boolean daemon = guard != null && i == tasks.length - 1;
      entities[i] =
          daemon
              ? new SchedEntity(i, guard.body().nice(), guard.body().realTime())
              : new SchedEntity(i);
    }
    this.vigil =
        guard == null ? null : new Vigil(guard, tasks.length - 1, processes.length, memcgs.length);
  }

  /** Sets everything to the beginning of the episode of this seed. */
  public void boot(long seed) {
    clear();
    drawCosts(seed);
    MachineSpec spec = workload.machine();
    minPages = spec.min();
    lowPages = spec.low();
    highPages = spec.high();
    long sizes = RandomStream.split(seed, SIZES);
    boot.reseed(sizes);
    cleanCachePages = spec.pageCache().sample(boot);
    dirtyCachePages = Math.min(cleanCachePages, spec.dirtyCache().sample(boot));
    cleanCachePages -= dirtyCachePages;
    writebackPagesPerSecond = spec.writeback().sample(boot);
    for (Process process : processes) {
      if (process.mm != null && process.spec.sharesMm() == null) {
        populate(process, RandomStream.split(sizes, process.id + 1));
      }
    }
    long choices = RandomStream.split(seed, CHOICES);
    long latencies = RandomStream.split(seed, LATENCIES);
    for (Task task : tasks) {
      task.choices.reseed(RandomStream.split(choices, task.id));
      task.latencies.reseed(RandomStream.split(latencies, task.id));
      if (task.hasMm) {
        task.process.mm.users++;
      }
      task.frozen = task.process.spec.frozen() != ProcessSpec.Freezer.NONE;
    }
    reaperLatencies.reseed(RandomStream.split(seed, REAPER_LATENCIES));
    divideMemory(spec);
    ledger.reserveMinPages = freePages;
  }

  private void clear() {
    for (Process process : processes) {
      process.clear();
    }
    for (Task task : tasks) {
      task.clear();
    }
    for (Mm mm : mms) {
      mm.clear();
    }
    for (Memcg memcg : memcgs) {
      memcg.clear();
    }
    for (Mutex mutex : mutexes) {
      mutex.clear();
    }
    for (Futex futex : futexes) {
      futex.clear();
    }
    for (Processor processor : processors) {
      processor.clear();
    }
    idle.setAll();
    for (SchedEntity entity : entities) {
      entity.clear();
    }
    runnable.clear();
    minVruntimeNs = 0;
    oomLock.clear();
    ledger.clear();
    psi.clear();
    if (backing != null) {
      backing.clear();
    }
    if (vigil != null) {
      vigil.clear();
    }
    walkers.clear();
    drainers.clear();
    reaperWalk.clear();
    reaperList.clear();
    reaperPhase = ReaperPhase.IDLE;
    reaperVictim = NOBODY;
    reaperSucceeded = false;
    reaperRoundLeft = 0;
    holdoffUntilNs = 0;
    victimWaitUntilNs = 0;
    pendingVictim = NOBODY;
    pendingInvoker = NOBODY;
    pendingMemcg = NOBODY;
    pendingReason = Ledger.Reason.WORST;
    pendingBadness = 0;
    pendingGroup = NOBODY;
    handlersNs = 0;
    Arrays.fill(promisedNs, -1);
    Arrays.fill(promiseOpen, false);
    exactSums = 0;
    verdict = Verdict.RUNNING;
    blockedTasks = 0;
    dyingAllocators = 0;
    clear = false;
    lastProgressNs = 0;
    lastChangeNs = 0;
    hopeful = 0;
    settledNs = 0;
    momentNs = -1;
    eventsAtMoment = 0;
    lastOomNs = -1;
    unblockedNs = -1;
    triggerPending = false;
    triggerGone = false;
    episodeOpen = false;
    triggerMemcg = NOBODY;
    episodeMemcg = NOBODY;
    vetoed = false;
    vetoTask = NOBODY;
    vetoSatisfied = 0;
    vetoDeadlineNs = 0;
    vetoPasses = false;
    vetoKillNs = -1;
    vetoMetNs = -1;
    writebackSinceNs = -1;
    orphanedPages = 0;
    digest = 0;
  }

  /** Draws what something costs on this machine in this episode, in nanoseconds. */
  public long cost(Quantity cost, RandomStream random) {
    long ns = cost.sample(random);
    return slowness == 1 ? ns : Math.round(ns * slowness);
  }

  private void drawCosts(long seed) {
    boot.reseed(RandomStream.split(seed, COSTS));
    slowness = (double) costs.microsecond().sample(boot) / MICROSECOND;
    faultNs = cost(costs.fault(), boot);
    kernelPageNs = cost(costs.kernelPage(), boot);
    unmapNs = cost(costs.unmap(), boot);
    unmapLockedNs = cost(costs.unmapLocked(), boot);
    munlockNs = cost(costs.munlock(), boot);
    unmapFileNs = cost(costs.unmapFile(), boot);
    freeSharedNs = cost(costs.freeShared(), boot);
    unmapHugeNs = cost(costs.unmapHuge(), boot);
    pageTableNs = cost(costs.pageTable(), boot);
    tableWalkNs = cost(costs.tableWalk(), boot);
    areaNs = cost(costs.area(), boot);
    reclaimPageNs = cost(costs.reclaimPage(), boot);
    if (backing != null) {
      swapOutNs = cost(costs.swapOut(), boot);
      swapInNs = cost(costs.swapIn(), boot);
      freeSwapNs = cost(costs.freeSwap(), boot);
    }
    PageTableContention contention = costs.pageTableContention();
    visitNs = contention == null ? 0 : contention.visit().sample(boot);
    bounceNs = contention == null ? 0 : contention.bounce().sample(boot);
    reportTaskNs = cost(costs.reportTask(), boot);
    scanNs = cost(costs.scan(), boot);
    scanCounterNs = cost(costs.scanCounter(), boot);
  }

  private void populate(Process process, long seed) {
    boot.reseed(seed);
    Mm mm = process.mm;
    for (Vma vma : mm.vmas) {
      vma.pages = vma.spec.size().sample(boot);
      vma.locked = vma.spec.locked();
      vma.reapedPages = 0;
      vma.zappedUp = 0;
      vma.zappedDown = 0;
      // The middle of the mapping stands for a head that may be anywhere in it.
      vma.robustHeadAt = vma.pages / 2;
      vma.touchedPages = vma.pages;
      vma.outPages = 0;
      vma.missed = 0;
      vma.usedNs = 0;
      Access access = vma.spec.access();
      vma.everyNs = access == null ? 0 : access.everyNs();
      mm.pageTablePages += vma.pageTables();
    }
    mm.swapPages = process.spec.swapped().sample(boot);
    if (backing != null) {
      mm.swapPages = Math.min(mm.swapPages, backing.freeSlots());
      backing.usedSlots += mm.swapPages;
      for (Memcg up = mm.memcg; up != null; up = up.parent) {
        up.swapPages += mm.swapPages;
      }
    }
    if (mm.spread > 0) {
      mm.lean = 2 * boot.nextDouble() - 1;
    }
    charge(mm.memcg, mm.charged());
  }

  /** Pages of page tables for so many pages of a mapping. */
  public static long tablesFor(Vma vma, long pages) {
    return vma.spec.huge() ? 0 : (pages + PAGES_PER_TABLE - 1) / PAGES_PER_TABLE;
  }

  private void divideMemory(MachineSpec spec) {
    long held = cleanCachePages + dirtyCachePages;
    if (backing != null && backing.zram) {
      backing.zramPages = Math.min(backing.zramPagesFor(backing.usedSlots), spec.memory() - held);
      held += backing.zramPages;
    }
    for (Mm mm : mms) {
      held += mm.footprint();
    }
    held -= cutWhatDoesNotFit(held - spec.memory());
    freePages = spec.free() >= 0 ? spec.free() : spec.memory() - held;
    kernelPages = spec.memory() - held - freePages;
    if (kernelPages < 0) {
      // A draw of the sizes that is larger than the machine: what does not fit was never there.
      freePages = Math.max(0, freePages + kernelPages);
      kernelPages = spec.memory() - held - freePages;
    }
  }

  /**
   * Where sizes were drawn that are larger than the machine, page tables included, something was
   * never there: page cache first, as reclaim would have it, then the youngest mappings.
   *
   * @return pages that are no longer there
   */
  private long cutWhatDoesNotFit(long excess) {
    if (excess <= 0) {
      return 0;
    }
    long clean = Math.min(excess, cleanCachePages);
    cleanCachePages -= clean;
    long dirty = Math.min(excess - clean, dirtyCachePages);
    dirtyCachePages -= dirty;
    long left = excess - clean - dirty;
    long cut = clean + dirty;
    for (int m = mms.length - 1; m >= 0 && left > 0; m--) {
      for (int v = mms[m].vmas.length - 1; v >= 0 && left > 0; v--) {
        long pages = cut(mms[m], mms[m].vmas[v], left);
        cut += pages;
        left -= pages;
      }
    }
    return cut;
  }

  private static long cut(Mm mm, Vma vma, long most) {
    long tables = vma.pageTables();
    // Of what is not the machine's own only the page tables take memory.
    long enough = vma.takesMemory() ? most : most * PAGES_PER_TABLE;
    long pages = Math.min(enough, vma.pages);
    vma.pages -= pages;
    vma.touchedPages = vma.pages;
    vma.robustHeadAt = vma.pages / 2;
    long all = vma.takesMemory() ? pages : 0;
    if (vma.pages == 0 || vma.spec.pageTables() < 0) {
      long tablesLeft = vma.pages == 0 ? 0 : vma.pageTables();
      mm.pageTablePages -= tables - tablesLeft;
      all += tables - tablesLeft;
    }
    charge(mm.memcg, vma.takesMemory() && !vma.isCharged() ? pages - all : -all);
    return all;
  }

  /** Makes this machine's state that of {@code that}, which has the same workload. */
  public void copyFrom(Machine that) {
    for (int i = 0; i < processes.length; i++) {
      processes[i].copyFrom(that.processes[i]);
    }
    for (int i = 0; i < tasks.length; i++) {
      tasks[i].copyFrom(that.tasks[i]);
    }
    for (int i = 0; i < mms.length; i++) {
      mms[i].copyFrom(that.mms[i]);
    }
    for (int i = 0; i < memcgs.length; i++) {
      memcgs[i].copyFrom(that.memcgs[i]);
    }
    for (int i = 0; i < mutexes.length; i++) {
      mutexes[i].copyFrom(that.mutexes[i]);
    }
    for (int i = 0; i < futexes.length; i++) {
      futexes[i].copyFrom(that.futexes[i]);
    }
    for (int i = 0; i < processors.length; i++) {
      processors[i].copyFrom(that.processors[i]);
    }
    idle.copyFrom(that.idle);
    for (int i = 0; i < entities.length; i++) {
      entities[i].copyFrom(that.entities[i]);
    }
    runnable.copyFrom(that.runnable);
    minVruntimeNs = that.minVruntimeNs;
    ledger.copyFrom(that.ledger);
    if (measuresPressure) {
      psi.copyFrom(that.psi);
    }
    if (backing != null && that.backing != null) {
      backing.copyFrom(that.backing);
    }
    if (vigil != null) {
      vigil.copyFrom(that.vigil);
    }
    oomLock.copyFrom(that.oomLock);
    freePages = that.freePages;
    cleanCachePages = that.cleanCachePages;
    dirtyCachePages = that.dirtyCachePages;
    kernelPages = that.kernelPages;
    orphanedPages = that.orphanedPages;
    minPages = that.minPages;
    lowPages = that.lowPages;
    highPages = that.highPages;
    writebackSinceNs = that.writebackSinceNs;
    writebackPagesPerSecond = that.writebackPagesPerSecond;
    slowness = that.slowness;
    faultNs = that.faultNs;
    kernelPageNs = that.kernelPageNs;
    unmapNs = that.unmapNs;
    unmapLockedNs = that.unmapLockedNs;
    munlockNs = that.munlockNs;
    unmapFileNs = that.unmapFileNs;
    freeSharedNs = that.freeSharedNs;
    unmapHugeNs = that.unmapHugeNs;
    pageTableNs = that.pageTableNs;
    tableWalkNs = that.tableWalkNs;
    areaNs = that.areaNs;
    reclaimPageNs = that.reclaimPageNs;
    swapOutNs = that.swapOutNs;
    swapInNs = that.swapInNs;
    freeSwapNs = that.freeSwapNs;
    visitNs = that.visitNs;
    bounceNs = that.bounceNs;
    reportTaskNs = that.reportTaskNs;
    exactSums = that.exactSums;
    scanNs = that.scanNs;
    scanCounterNs = that.scanCounterNs;
    walkers.copyFrom(that.walkers);
    drainers.copyFrom(that.drainers);
    reaperLatencies.copyFrom(that.reaperLatencies);
    reaperWalk.copyFrom(that.reaperWalk);
    reaperList.copyFrom(that.reaperList);
    reaperPhase = that.reaperPhase;
    reaperVictim = that.reaperVictim;
    reaperSucceeded = that.reaperSucceeded;
    reaperRoundLeft = that.reaperRoundLeft;
    holdoffUntilNs = that.holdoffUntilNs;
    victimWaitUntilNs = that.victimWaitUntilNs;
    pendingVictim = that.pendingVictim;
    pendingInvoker = that.pendingInvoker;
    pendingMemcg = that.pendingMemcg;
    pendingReason = that.pendingReason;
    pendingBadness = that.pendingBadness;
    pendingGroup = that.pendingGroup;
    handlersNs = that.handlersNs;
    System.arraycopy(that.promisedNs, 0, promisedNs, 0, promisedNs.length);
    System.arraycopy(that.promiseOpen, 0, promiseOpen, 0, promiseOpen.length);
    verdict = that.verdict;
    blockedTasks = that.blockedTasks;
    dyingAllocators = that.dyingAllocators;
    clear = that.clear;
    lastProgressNs = that.lastProgressNs;
    lastChangeNs = that.lastChangeNs;
    hopeful = that.hopeful;
    settledNs = that.settledNs;
    momentNs = that.momentNs;
    eventsAtMoment = that.eventsAtMoment;
    lastOomNs = that.lastOomNs;
    unblockedNs = that.unblockedNs;
    triggerPending = that.triggerPending;
    triggerGone = that.triggerGone;
    episodeOpen = that.episodeOpen;
    triggerMemcg = that.triggerMemcg;
    episodeMemcg = that.episodeMemcg;
    vetoed = that.vetoed;
    vetoTask = that.vetoTask;
    vetoSatisfied = that.vetoSatisfied;
    vetoDeadlineNs = that.vetoDeadlineNs;
    vetoPasses = that.vetoPasses;
    vetoKillNs = that.vetoKillNs;
    vetoMetNs = that.vetoMetNs;
    digest = that.digest;
  }

  /** Announces something, and folds it into the digest of the episode. */
  public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
    long word = nowNs * 31 + point.ordinal();
    word = (word * 0x9e3779b97f4a7c15L) ^ subject;
    word = (word * 0xbf58476d1ce4e5b9L) ^ a;
    word = (word * 0x94d049bb133111ebL) ^ b;
    digest = Long.rotateLeft(digest ^ word, 23) * 0x9e3779b97f4a7c15L;
    sink.emit(nowNs, point, subject, a, b);
  }

  /** The number of whatever is on a processor as an entity has it. */
  public SchedEntity entity(int who) {
    return entities[who == REAPER ? tasks.length : who];
  }

  /** Whose entity it is: the inverse of {@link #entity}. */
  public int whoIs(SchedEntity entity) {
    return entity.id == tasks.length ? REAPER : entity.id;
  }

  /** Whether tasks share the processors of the machine, and all of them. */
  public boolean hasAllProcessors() {
    return processors.length == workload.machine().cpus();
  }

  public Walk walk(int id) {
    return id == REAPER ? reaperWalk : tasks[id].walk;
  }

  /** Adds pages to a cgroup and all above it. */
  public static void charge(@Nullable Memcg memcg, long pages) {
    for (Memcg up = memcg; up != null; up = up.parent) {
      up.usagePages += pages;
    }
  }

  /** Takes free pages away; the caller says where they go. */
  public void take(long pages) {
    if (pages < 0 || pages > freePages) {
      throw new LawBroken(
          Law.NEVER_NEGATIVE, "taking " + pages + " of " + freePages + " free pages");
    }
    freePages -= pages;
    if (freePages < ledger.reserveMinPages) {
      ledger.reserveMinPages = freePages;
    }
  }

  /** Whether chance has ever had a say: if not, every seed gives the same episode. */
  public boolean hasDrawn() {
    boolean drawn = boot.isDrawn() || reaperLatencies.isDrawn();
    for (Task task : tasks) {
      drawn |= task.choices.isDrawn() || task.latencies.isDrawn();
    }
    return drawn;
  }

  /** True if every page is in exactly one place. */
  public boolean pagesAreConserved() {
    long sum = freePages + cleanCachePages + dirtyCachePages + kernelPages + orphanedPages;
    sum += backing == null ? 0 : backing.heldPages();
    for (Mm mm : mms) {
      sum += mm.footprint();
    }
    for (Task task : tasks) {
      sum += task.kernelPages;
    }
    return sum == workload.machine().memory();
  }
}
