package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Panic;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Standing.Spared;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Step;

/**
 * Chooses who dies: out_of_memory() and select_bad_process() of mm/oom_kill.c. What becomes of whom
 * it chose is the business of {@link Victims}.
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

  private final Kernel kernel;
  private final Machine machine;
  private final Costs costs;

  private final int panicOnOom;
  private final boolean killAllocatingTask;
  private final Knobs.InFlight inFlight;
  private final boolean willFreeMem;
  private final long sleepTicks;
  private final boolean lastOfEquals;
  private final Panic nothingToKill;
  private final boolean looksAhead;
  private final boolean losesTheDying;
  private final boolean countsVictims;

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
    this.looksAhead = kernel.takes(Shortcut.FIRST_IN_FLIGHT) && kernel.patience.isEndless();
    Knobs.VictimSeen victimSeen = policy.choice(Knobs.MEMCG_VICTIM_SEEN, Knobs.VictimSeen.class);
    this.losesTheDying = victimSeen != Knobs.VictimSeen.UNTIL_UNMAPPED;
    this.countsVictims = victimSeen == Knobs.VictimSeen.COUNTED;
    this.lastOfEquals = policy.choice(Knobs.TIE, Knobs.Tie.class) == Knobs.Tie.LAST;
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
      kernel.victims.markDying(task);
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
        && task.process.oomScoreAdj != Badness.ADJ_MIN) {
      long points = kernel.badness.of(task.process);
      return decide(task, memcg, task.process, Ledger.Reason.ALLOCATING_TASK, points);
    }
    if (kernel.handlers.areThere()) {
      Asked asked = new Asked(task, memcg);
      Result result = kernel.handlers.ask(memcg, asked);
      return result != null ? result : selectBadProcess(task, memcg);
    }
    return selectBadProcess(task, memcg);
  }

  /** What handlers decide, and how long they take over it. */
  private final class Asked implements Handlers.Decision {
    private final Task task;
    private final @Nullable Memcg memcg;

    Asked(Task task, @Nullable Memcg memcg) {
      this.task = task;
      this.memcg = memcg;
      machine.handlersNs = 0;
    }

    @Override
    public void runNs(long ns) {
      machine.handlersNs += ns;
    }

    @Override
    public Result kill(Process process, @Nullable Memcg all) {
      long points = kernel.badness.of(process, kernel.badness.totalOf(memcg));
      machine.pendingGroup = all == null ? NOBODY : all.id;
      return decide(task, memcg, process, Ledger.Reason.HANDLER, points);
    }
  }

  /** Whether the asking task is about to give memory back itself: the first check of all. */
  private boolean isDying(Task task) {
    if (!willFreeMem) {
      return task.hasMm && (task.killed || task.exiting);
    }
    return kernel.victims.willFreeMem(task.process);
  }

  /** Whether a call by a task comes to a mark that it did not have the last time it called. */
  boolean wouldMark(Task task) {
    return !task.marked && isDying(task);
  }

  /** select_bad_process() and oom_evaluate_task(). */
  private Result selectBadProcess(Task task, @Nullable Memcg memcg) {
    Process awaited =
        countsVictims && memcg != null ? counted(memcg) : looksAhead ? firstInFlight(memcg) : null;
    if (awaited != null) {
      waitFor(awaited, task, memcg);
      return Result.PROGRESS;
    }
    long total = kernel.badness.totalOf(memcg);
    Counters counters = kernel.badness.counters;
    counters.begin();
    long largest = counters.hasTwoPasses() ? largestForSure(memcg, total) : Long.MIN_VALUE;
    Process chosen = null;
    long worst = Badness.INELIGIBLE;
    boolean origin = false;
    for (Process process : machine.processes) {
      if (!isCandidate(process, memcg)) {
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
      long points = points(process, total, largest);
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

  /**
   * The first of two passes: what the worst process has at the least, however much its counters are
   * off.
   */
  private long largestForSure(@Nullable Memcg memcg, long total) {
    long largest = Long.MIN_VALUE;
    for (Process process : machine.processes) {
      if (isCandidate(process, memcg)) {
        long points = kernel.badness.of(process, total);
        if (points != Badness.INELIGIBLE) {
          largest = Math.max(largest, points - kernel.badness.counters.bound(process.mm));
        }
      }
    }
    return largest;
  }

  /** How bad a process is; exactly, where that may matter and is not known yet. */
  private long points(Process process, long total, long largest) {
    long points = kernel.badness.of(process, total);
    Counters counters = kernel.badness.counters;
    return counters.hasTwoPasses()
            && points != Badness.INELIGIBLE
            && points + counters.bound(process.mm) >= largest
            && counters.maySum()
        ? kernel.badness.exactlyOf(process, total)
        : points;
  }

  /**
   * The victim at which the scan will end, or null: to know it spares working out how bad all those
   * before it are.
   */
  @Nullable Process firstInFlight(@Nullable Memcg memcg) {
    for (Process process : machine.processes) {
      if (inFlight(process) == Scan.WAIT && isCandidate(process, memcg)) {
        return process;
      }
    }
    return null;
  }

  /** A victim whose memory a full cgroup is charged for, and which is not hidden; or null. */
  private @Nullable Process counted(Memcg memcg) {
    for (Process process : machine.processes) {
      if (process.oomVictim
          && !process.mm.gone
          && process.mm.memcg != null
          && process.mm.memcg.isWithin(memcg)
          && scan(process) == Scan.WAIT) {
        return process;
      }
    }
    return null;
  }

  private boolean isCandidate(Process process, @Nullable Memcg memcg) {
    return !process.isUnkillable()
        && process.liveTasks > 0
        && Memcg.isIn(process, memcg)
        && !isLost(process, memcg);
  }

  /**
   * Whether a cgroup's scan passes over a process because all of its threads are exiting:
   * css_task_iter_advance() of kernel/cgroup/cgroup.c looks at PF_EXITING and signal->live, and
   * do_exit() has seen to both before it comes to exit_mm(). Scans of the machine walk the list of
   * processes instead.
   */
  boolean isLost(Process process, @Nullable Memcg memcg) {
    return losesTheDying && memcg != null && process.isExiting();
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
      kernel.victims.hide(process, Victims.BY_TIMEOUT);
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
    } else if (!Memcg.isIn(process, domain)) {
      passedOver = Spared.OTHER_CGROUP;
    } else if (isLost(process, domain)) {
      passedOver = Spared.EXITING;
    } else if (inFlight(process) != Scan.EVALUATE) {
      passedOver = process.mm != null && process.mm.oomSkip ? Spared.OOM_SKIP : Spared.VICTIM;
    }
    return kernel.badness.standing(process, kernel.badness.totalOf(domain), passedOver);
  }

  private Result decide(
      Task task, @Nullable Memcg memcg, Process victim, Ledger.Reason reason, long points) {
    machine.pendingVictim = victim.id;
    machine.pendingInvoker = task.id;
    machine.pendingMemcg = memcg == null ? NOBODY : memcg.id;
    machine.pendingReason = reason;
    machine.pendingBadness = points;
    task.allocPhase = Task.AllocPhase.KILLING;
    long reportNs = machine.cost(costs.report(), task.latencies);
    reportNs += machine.processes.length * machine.reportTaskNs + machine.handlersNs;
    machine.handlersNs = 0;
    if (reason != Ledger.Reason.ALLOCATING_TASK) {
      reportNs += kernel.badness.counters.choosingNs(machine.processes.length);
    }
    kernel.waits.work(task.id, Event.OOM_KILL, reportNs);
    return Result.KILLING;
  }

  /** The kill that was decided on happens; then whoever asked for it goes on. */
  void carryOut() {
    Task task = machine.tasks[machine.pendingInvoker];
    Memcg domain = machine.pendingMemcg == NOBODY ? null : machine.memcgs[machine.pendingMemcg];
    if (machine.vetoed) {
      kernel.allocator.afterOom(task, domain, true);
      return;
    }
    Process victim = machine.processes[machine.pendingVictim];
    machine.pendingVictim = NOBODY;
    int group = machine.pendingGroup;
    machine.pendingGroup = NOBODY;
    kernel.victims.oomKillProcess(task, victim, domain);
    if (group != NOBODY) {
      kernel.victims.killAll(task, machine.memcgs[group], domain);
    }
    // schedule_timeout_killable(1) inside oom_lock, up to 4.18.
    if (sleepTicks > 0 && !task.killed) {
      kernel.waits.until(task.id, Event.OOM_UNLOCK, kernel.timers.afterTicks(sleepTicks));
    } else {
      kernel.allocator.afterKill(task);
    }
  }

  /** The killer's sleep is over. */
  void wakeUp(Task task) {
    kernel.allocator.afterKill(task);
  }

  private void panic(Panic panic) {
    machine.ledger.panic = panic;
    kernel.emit(Tracepoint.PANIC, 0, panic.ordinal(), 0);
    kernel.watch.end(Verdict.PANIC);
  }
}
