package org.oomlab.kernel;

import static org.oomlab.kernel.Machine.NOBODY;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.Kernel.Event;
import org.oomlab.kernel.Standing.Spared;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Step;

/**
 * Chooses who dies, and kills: out_of_memory(), select_bad_process() and oom_kill_process() of
 * mm/oom_kill.c.
 *
 * <p>Everything here happens under oom_lock, which the caller holds. A kill is decided on in {@link
 * #outOfMemory} and carried out by an event of its own, after the time that printing the report
 * takes.
 */
final class OomKiller {
  /** What a call of out_of_memory() came to. */
  enum Result {
    /** A victim is in flight or made: try again. */
    PROGRESS,
    /** Nobody can be killed, and it is no reason to panic. */
    NOTHING,
    /** A kill is on its way; {@link #carryOut} will let the caller go on. */
    KILLING,
    /** The machine is gone. */
    PANIC
  }

  private static final int ADJ_MIN = -1000;

  /** Who set MMF_OOM_SKIP, for the tracepoint: nobody but a timeout. */
  static final int BY_TIMEOUT = 2;

  private final Kernel kernel;
  private final Machine machine;
  private final Costs costs;

  private final int panicOnOom;
  private final boolean killAllocatingTask;
  private final Knobs.InFlight inFlight;
  private final boolean willFreeMem;
  private final long sleepTicks;
  private final boolean sacrificeChild;
  private final boolean lastOfEquals;
  private final boolean spareAdjMinSharer;
  private final boolean honourGroup;
  private final Panic nothingToKill;

  OomKiller(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.costs = machine.costs;
    this.panicOnOom = (int) policy.get(Knobs.PANIC_ON_OOM);
    this.killAllocatingTask = policy.is(Knobs.KILL_ALLOCATING_TASK);
    this.inFlight = policy.choice(Knobs.IN_FLIGHT, Knobs.InFlight.class);
    this.willFreeMem =
        policy.choice(Knobs.DYING_SHORTCUT, Knobs.DyingShortcut.class)
            == Knobs.DyingShortcut.WILL_FREE_MEM;
    this.sleepTicks = policy.get(Knobs.SLEEP_AFTER_KILL);
    this.sacrificeChild = policy.is(Knobs.SACRIFICE_CHILD);
    this.lastOfEquals = policy.choice(Knobs.TIE, Knobs.Tie.class) == Knobs.Tie.LAST;
    this.spareAdjMinSharer = policy.is(Knobs.SPARE_ADJ_MIN_SHARER);
    this.honourGroup = policy.is(Knobs.OOM_GROUP);
    this.nothingToKill =
        policy.choice(Knobs.NOTHING_TO_KILL, Knobs.NothingToKill.class)
                == Knobs.NothingToKill.DEADLOCKED
            ? Panic.DEADLOCKED
            : Panic.NO_KILLABLE_PROCESSES;
  }

  /**
   * out_of_memory(), in the order of its checks.
   *
   * @param task whose request failed
   * @param memcg the cgroup that is out of memory, or null for the machine
   */
  Result outOfMemory(Task task, @Nullable Memcg memcg) {
    int domain = memcg == null ? NOBODY : memcg.id;
    kernel.watch.oomInvoked(domain);
    kernel.emit(Tracepoint.OOM_INVOKED, task.id, machine.freePages, domain);
    if (isDying(task)) {
      markDying(task);
      return Result.PROGRESS;
    }
    if (kernel.patience.holdsOff()) {
      return Result.PROGRESS;
    }
    if (memcg == null && task.request == Task.Request.ALLOC && task.gfp == Step.Gfp.NOFS) {
      return Result.PROGRESS; // It cannot judge what memory could be reclaimed, so it never kills.
    }
    if (panicOnOom == 2 || (panicOnOom == 1 && memcg == null)) {
      panic(panicOnOom == 2 ? Panic.COMPULSORY : Panic.SYSTEM_WIDE);
      return Result.PANIC;
    }
    if (killAllocatingTask
        && memcg == null
        && task.hasMm
        && !task.process.isUnkillable()
        && task.process.oomScoreAdj != ADJ_MIN) {
      long points = kernel.badness.of(task.process);
      return decide(task, memcg, task.process, Ledger.Reason.ALLOCATING_TASK, points);
    }
    return selectBadProcess(task, memcg);
  }

  /** Whether the asking task is about to give memory back itself: the first check of all. */
  private boolean isDying(Task task) {
    if (!willFreeMem) {
      return task.hasMm && (task.killed || task.exiting);
    }
    return willFreeMem(task.process);
  }

  /** task_will_free_mem() of 4.8 and later. */
  boolean willFreeMem(Process process) {
    Mm mm = process.mm;
    if (process.taskWithMm() == null || process.spec.coreDumping()) {
      return false;
    }
    boolean groupDies =
        process.groupExit || (process.liveTasks == 1 && process.taskWithMm().exiting);
    if (!groupDies || mm.oomSkip) {
      return false;
    }
    if (mm.users <= 1) {
      return true;
    }
    for (Process other : machine.processes) {
      if (other != process && other.mm == mm && other.taskWithMm() != null && !other.groupExit) {
        return false;
      }
    }
    return true;
  }

  /** select_bad_process() and oom_evaluate_task(). */
  private Result selectBadProcess(Task task, @Nullable Memcg memcg) {
    long total = totalOf(memcg);
    Process chosen = null;
    long worst = Badness.INELIGIBLE;
    boolean origin = false;
    for (Process process : machine.processes) {
      if (process.isUnkillable() || process.liveTasks == 0 || !isIn(process, memcg)) {
        continue;
      }
      Scan scan = scan(process);
      if (scan == Scan.WAIT) {
        waitFor(process, task, memcg);
        return Result.PROGRESS;
      }
      if (scan == Scan.SKIP) {
        continue;
      }
      if (process.spec.oomOrigin() && process.taskWithMm() != null) {
        chosen = process;
        worst = kernel.badness.of(process, total);
        origin = true;
        continue;
      }
      long points = kernel.badness.of(process, total);
      if (!origin
          && points != Badness.INELIGIBLE
          && (chosen == null || points > worst || (points == worst && lastOfEquals))) {
        chosen = process;
        worst = points;
      }
    }
    if (chosen == null) {
      kernel.emit(Tracepoint.NOTHING_TO_KILL, task.process.id, memcg == null ? -1 : memcg.id, 0);
      if (memcg != null) {
        return Result.NOTHING;
      }
      panic(nothingToKill);
      return Result.PANIC;
    }
    return decide(task, memcg, chosen, origin ? Ledger.Reason.ORIGIN : Ledger.Reason.WORST, worst);
  }

  private enum Scan {
    EVALUATE,
    SKIP,
    WAIT
  }

  /** Whether an earlier victim makes the killer wait, or may be passed over. */
  private Scan scan(Process process) {
    Scan scan = inFlight(process);
    if (scan != Scan.WAIT || !process.oomVictim) {
      return scan;
    }
    if (kernel.patience.isOver()) {
      return Scan.SKIP;
    }
    if (kernel.patience.hasStalled(process.mm)) {
      hide(process, BY_TIMEOUT);
      return Scan.SKIP;
    }
    return Scan.WAIT;
  }

  private Scan inFlight(Process process) {
    switch (inFlight) {
      case MEMDIE_OR_EXITING -> {
        for (Task thread : process.tasks) {
          if (thread.marked || (thread.exiting && thread.hasMm && !process.spec.coreDumping())) {
            return Scan.WAIT;
          }
        }
        return Scan.EVALUATE;
      }
      case MEMDIE, VICTIM_COUNT -> {
        return process.markedTasks > 0 ? Scan.WAIT : Scan.EVALUATE;
      }
      case VICTIM_COUNT_UNLESS_REAPED -> {
        if (process.markedTasks == 0) {
          return Scan.EVALUATE;
        }
        return process.mm != null && process.mm.oomSkip ? Scan.SKIP : Scan.WAIT;
      }
      case OOM_MM -> {
        if (!process.oomVictim) {
          return Scan.EVALUATE;
        }
        return process.mm.oomSkip ? Scan.SKIP : Scan.WAIT;
      }
    }
    throw new IllegalStateException();
  }

  /** The scan ends at a victim in flight; Rientjes 2016 also looks how old it is. */
  private void waitFor(Process victim, Task task, @Nullable Memcg memcg) {
    kernel.emit(Tracepoint.OOM_ABORT, victim.id, task.id, 0);
    task.awaitedVictim = victim.id;
    if (memcg == null && victim.taskWithMm() != null && kernel.patience.grantsReserves(victim)) {
      task.reservesGranted = true;
      kernel.emit(Tracepoint.RESERVES_STARTED, victim.id, task.id, 0);
    }
  }

  /**
   * How a process stands with the kill that has been decided on: what oom_evaluate_task() saw. If
   * there is none, how it stands with the whole machine.
   */
  Standing standing(Process process) {
    boolean inCgroup = machine.pendingVictim != NOBODY && machine.pendingMemcg != NOBODY;
    Memcg domain = inCgroup ? machine.memcgs[machine.pendingMemcg] : null;
    Spared passedOver = Spared.NO;
    if (process.isUnkillable()) {
      passedOver = process.spec.init() ? Spared.INIT : Spared.KERNEL_THREAD;
    } else if (process.liveTasks == 0) {
      passedOver = Spared.GONE;
    } else if (!isIn(process, domain)) {
      passedOver = Spared.OTHER_CGROUP;
    } else if (inFlight(process) != Scan.EVALUATE) {
      passedOver = process.mm != null && process.mm.oomSkip ? Spared.OOM_SKIP : Spared.VICTIM;
    }
    return kernel.badness.standing(process, totalOf(domain), passedOver);
  }

  private static boolean isIn(Process process, @Nullable Memcg domain) {
    return domain == null || (process.memcg != null && process.memcg.isWithin(domain));
  }

  /** What badness is a share of. */
  private long totalOf(@Nullable Memcg domain) {
    return domain == null ? machine.totalPages : limitOf(domain);
  }

  private long limitOf(Memcg memcg) {
    return Math.min(memcg.spec.limit(), machine.totalPages);
  }

  private Result decide(
      Task task, @Nullable Memcg memcg, Process victim, Ledger.Reason reason, long points) {
    machine.pendingVictim = victim.id;
    machine.pendingInvoker = task.id;
    machine.pendingMemcg = memcg == null ? NOBODY : memcg.id;
    machine.pendingReason = reason;
    machine.pendingBadness = points;
    task.allocPhase = Task.AllocPhase.KILLING;
    long reportNs = costs.report().sample(task.latencies);
    if (!costs.reportTask().isConstant() || costs.reportTask().least() > 0) {
      for (int i = 0; i < machine.processes.length; i++) {
        reportNs += costs.reportTask().sample(task.latencies);
      }
    }
    kernel.runQueue.run(task.id, Event.OOM_KILL, victim.id, reportNs);
    return Result.KILLING;
  }

  /** The kill that was decided on happens; then whoever asked for it goes on. */
  void carryOut() {
    Task task = machine.tasks[machine.pendingInvoker];
    if (machine.vetoed) {
      kernel.allocator.afterOom(task, true);
      return;
    }
    Process victim = machine.processes[machine.pendingVictim];
    Memcg domain = machine.pendingMemcg == NOBODY ? null : machine.memcgs[machine.pendingMemcg];
    machine.pendingVictim = NOBODY;
    oomKillProcess(task, victim, domain);
    // schedule_timeout_killable(1) inside oom_lock, up to 4.18.
    if (sleepTicks > 0 && !task.killed) {
      kernel.at(Event.OOM_UNLOCK, task.id, kernel.timers.afterTicks(sleepTicks));
    } else {
      kernel.allocator.afterKill(task);
    }
  }

  /** The killer's sleep is over. */
  void wakeUp(Task task) {
    kernel.allocator.afterKill(task);
  }

  /** oom_kill_process(). */
  private void oomKillProcess(Task invoker, Process chosen, @Nullable Memcg domain) {
    if (isAlreadyDying(chosen)) {
      markDying(chosen.taskWithMm());
      return;
    }
    Process victim = chosen;
    Ledger.Reason reason = machine.pendingReason;
    long points = machine.pendingBadness;
    if (sacrificeChild && reason != Ledger.Reason.ALLOCATING_TASK) {
      for (Process child : machine.processes) {
        if (child.parent == chosen.id && child.mm != chosen.mm && isIn(child, domain)) {
          long childPoints = kernel.badness.of(child, totalOf(domain));
          boolean worse = victim == chosen ? childPoints > 0 : childPoints > points;
          if (worse) {
            victim = child;
            points = childPoints;
            reason = Ledger.Reason.CHILD;
          }
        }
      }
    }
    invoker.awaitedVictim = victim.id;
    Memcg group = honourGroup ? oomGroupOf(victim, domain) : null;
    machine.ledger.killEvents++;
    kill(invoker, victim, reason, points);
    if (group != null) {
      for (Process member : machine.processes) {
        if (member.memcg != null
            && member.memcg.isWithin(group)
            && member.oomScoreAdj != ADJ_MIN
            && !member.spec.init()
            && member.liveTasks > 0) {
          long badness = kernel.badness.of(member, totalOf(domain));
          kill(invoker, member, Ledger.Reason.GROUP, badness);
        }
      }
    }
  }

  /** The first check of oom_kill_process(): no new SIGKILL for what is dying already. */
  private boolean isAlreadyDying(Process process) {
    if (willFreeMem) {
      return willFreeMem(process);
    }
    Task leader = process.tasks[0];
    return leader.hasMm && leader.exiting && !process.spec.coreDumping();
  }

  /** mem_cgroup_get_oom_group(): the highest ancestor, up to the domain, that asks for it. */
  private static @Nullable Memcg oomGroupOf(Process victim, @Nullable Memcg domain) {
    Memcg found = null;
    for (Memcg memcg = victim.memcg; memcg != null; memcg = memcg.parent) {
      if (memcg.spec.oomGroup()) {
        found = memcg;
      }
      if (memcg == domain) {
        break;
      }
    }
    return found;
  }

  /** __oom_kill_process(). */
  private void kill(Task invoker, Process victim, Ledger.Reason reason, long points) {
    Task task = victim.taskWithMm();
    if (task == null) {
      return;
    }
    Mm mm = victim.mm;
    Ledger ledger = machine.ledger;
    if (victim.groupExit) {
      // It was killed before: at most, this marks another of its threads.
      ledger.markings += task.marked ? 0 : 1;
    } else {
      ledger.addKill(
          victim.id, kernel.clock(), points, invoker.process.id, reason, machine.freePages);
      ledger.rssLostPages += mm.rss();
      ledger.workLost += (double) kernel.scheduler.workOf(victim) / victim.spec.workUnit();
      kernel.watch.killed(invoker);
    }
    ledger.killLines++;
    kernel.emit(Tracepoint.KILLED, victim.id, points, machine.freePages);
    kernel.freezer.remember(mm);
    kernel.scheduler.sendKill(victim);
    mark(task);
    for (Process other : machine.processes) {
      if (other == victim || other.mm != mm || other.taskWithMm() == null) {
        continue;
      }
      if (other.spec.init()) {
        mm.unreapable = true;
        hide(victim, 0);
      } else if (spareAdjMinSharer && other.oomScoreAdj == ADJ_MIN) {
        mm.unreapable = true;
      } else if (!other.groupExit) {
        kernel.emit(Tracepoint.KILLED_WITH, other.id, 2, 0);
        kernel.scheduler.sendKill(other);
      }
    }
    kernel.reaper.queue(victim);
    machine.lastProgressNs = kernel.clock();
  }

  /** A victim without a kill: it was dying already. 4.5 and 4.6 do not send the reaper to it. */
  private void markDying(Task task) {
    if (!task.marked) {
      machine.ledger.markings++;
    }
    kernel.freezer.remember(task.process.mm);
    mark(task);
    if (inFlight != Knobs.InFlight.MEMDIE) {
      kernel.reaper.queue(task.process);
    }
  }

  /** mark_oom_victim(): reserves, a reference to the mm, and the end of a freeze. */
  void mark(Task task) {
    if (task.marked) {
      return;
    }
    Process process = task.process;
    task.marked = true;
    process.markedTasks++;
    process.oomVictim = true;
    process.mm.victim = true;
    kernel.patience.begin(process);
    machine.lastProgressNs = kernel.clock();
    kernel.emit(Tracepoint.MARK_VICTIM, process.id, task.id, 0);
    kernel.freezer.thawVictim(task);
  }

  /**
   * exit_oom_victim(): the mark goes with the thread, or is taken away by the reaper of 4.6-4.8.
   */
  void unmark(Task task) {
    if (task.marked) {
      task.marked = false;
      task.process.markedTasks--;
      machine.lastProgressNs = kernel.clock();
    }
  }

  /** Sets MMF_OOM_SKIP: from now on the killer neither waits for this process nor chooses it. */
  void hide(Process process, int by) {
    Mm mm = process.mm;
    if (!mm.oomSkip) {
      mm.oomSkip = true;
      machine.lastProgressNs = kernel.clock();
      kernel.emit(Tracepoint.OOM_SKIP, process.id, by, 0);
    }
  }

  private void panic(Panic panic) {
    machine.ledger.panic = panic;
    kernel.emit(Tracepoint.PANIC, 0, panic.ordinal(), 0);
    kernel.watch.end(Verdict.PANIC);
  }
}
