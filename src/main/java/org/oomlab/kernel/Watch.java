package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.REAPER;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;

/**
 * Looks at the machine from outside, as whoever holds the stopwatch would: who is blocked, since
 * when, whether the episode is over and how it ended. The definitions are those of oomlab(1),
 * Outcomes and Metrics. Nothing here changes what the kernel does.
 */
final class Watch {
  /** Without an OOM call for so long, an OOM episode is over. */
  private static final long QUIET_NS = Span.SECOND;

  /** An episode that takes more events is given up: some seconds of a computer's time. */
  static final long MOST_EVENTS = 20_000_000;

  /** Blocked for so long without anything having changed: a livelock, whatever is still to come. */
  private static final long LIVELOCK_NS = 60 * Span.SECOND;

  private final Kernel kernel;
  private final Machine machine;
  private final long horizonNs;
  private final boolean foreseesLivelock;
  private final boolean foreseesNothing;

  Watch(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.horizonNs = machine.workload.horizon();
    this.foreseesLivelock = kernel.takes(Shortcut.FORESEEN_LIVELOCK);
    this.foreseesNothing = kernel.takes(Shortcut.HOPELESS_WAIT);
  }

  // What mechanisms report.

  /**
   * out_of_memory() was called.
   *
   * @param domain the number of the cgroup that is full, or NOBODY for the machine
   */
  void oomInvoked(int domain) {
    long now = kernel.clock();
    machine.episodeMemcg = domain;
    machine.ledger.oomCalls++;
    machine.lastOomNs = now;
    machine.episodeOpen = true;
    if (machine.ledger.firstOomNs < 0) {
      machine.ledger.firstOomNs = now;
    }
  }

  void killed(Task invoker) {
    if (machine.ledger.oomCalls == 0) {
      throw new LawBroken(Law.KILL_NEEDS_OOM, "a kill for " + invoker);
    }
    if (machine.ledger.firstKillNs < 0) {
      machine.ledger.firstKillNs = kernel.clock();
      machine.ledger.triggerTask = invoker.id;
      machine.triggerMemcg = machine.episodeMemcg;
      machine.triggerPending = true;
    }
  }

  void blocked(Task task) {
    if (task.blockedSinceNs < 0) {
      task.blockedSinceNs = kernel.clock();
      machine.blockedTasks++;
    }
  }

  void unblocked(Task task) {
    if (task.blockedSinceNs >= 0) {
      kernel.emit(Tracepoint.ALLOC_DONE, task.id, task.blockedSinceNs, 0);
      machine.ledger.stallTaskNs += kernel.clock() - task.blockedSinceNs;
      task.blockedSinceNs = -1;
      machine.blockedTasks--;
      machine.unblockedNs = kernel.clock();
    }
  }

  /** A request got at least one page. */
  void granted(Task task) {
    if (task.request != Task.Request.DRAIN || task.wantPages == 0) {
      unblocked(task);
    }
    if (machine.triggerPending
        && task.id == machine.ledger.triggerTask
        && !task.process.groupExit) {
      recovered();
    }
  }

  /** A task is killed: if it was allocating, it counts as stuck until it is dead. */
  void struck(Task task) {
    if (task.growing) {
      machine.dyingAllocators++;
    }
  }

  /** A task is dead; if the first kill was made for it, only memory can tell when all is well. */
  void taskGone(Task task) {
    unblocked(task);
    if (task.growing && task.killed) {
      machine.dyingAllocators--;
    }
    if (task.id == machine.ledger.triggerTask) {
      machine.triggerGone = true;
    }
  }

  /**
   * A request has been as far as the OOM killer, and all it got was time.
   *
   * @param byCgroup whether it was its cgroup that had no room
   */
  void toldToWait(Task task, boolean byCgroup) {
    task.toldToWaitNs = kernel.clock();
    task.toldByCgroup = byCgroup;
  }

  /**
   * The same, when it has let everything go. Where kills are vetoed that may have been the last
   * word: what it waits for would have to come from somebody.
   */
  void mayGiveUp(Task task) {
    if (machine.vetoed
        && !machine.vetoPasses
        && foreseesNothing
        && task.isBlockedOnMemory()
        && isHopeless()) {
      end(Verdict.UNDECIDED);
    }
  }

  private void recovered() {
    machine.ledger.recoveryNs = kernel.clock() - machine.ledger.firstKillNs;
    machine.triggerPending = false;
  }

  boolean isWaitingForFirstPage(Task task) {
    return machine.triggerPending && task.id == machine.ledger.triggerTask;
  }

  // After and before every event.

  /** After an event: what has it changed for those who watch? Without memory settled, nothing. */
  void look() {
    if (machine.verdict != Verdict.RUNNING || !kernel.flow.isSettled()) {
      return;
    }
    if (machine.vetoed && isVetoDecided()) {
      if (!machine.vetoPasses) {
        end(Verdict.RECOVERED);
        return;
      }
      liftVeto(kernel.clock());
    }
    if ((machine.triggerPending || machine.episodeOpen) && machine.blockedTasks == 0) {
      lookIfRecovered();
    }
    if (machine.ledger.firstKillNs >= 0) {
      lookIfClear();
    }
    if (!machine.walkers.isEmpty()) {
      predict();
    }
  }

  /**
   * A veto that was laid by hand is over: from here on kills are kills again.
   *
   * @param metNs when the request behind it was satisfied, or -1
   */
  private void liftVeto(long metNs) {
    machine.vetoed = false;
    machine.vetoPasses = false;
    machine.vetoMetNs = metNs;
  }

  private boolean isVetoDecided() {
    if (machine.vetoTask == NOBODY) {
      return false;
    }
    Task task = machine.tasks[machine.vetoTask];
    return task.satisfied > machine.vetoSatisfied || task.state == Task.State.DEAD;
  }

  private void lookIfRecovered() {
    if (machine.triggerPending
        && triggerIsDying()
        && missingPages(machine.triggerMemcg, enough() + 1) <= 0) {
      recovered();
    }
    if (machine.episodeOpen && missingPages(machine.episodeMemcg, machine.highPages) <= 0) {
      closeEpisode(kernel.clock());
    }
  }

  private void lookIfClear() {
    boolean clear =
        machine.blockedTasks == 0
            && machine.dyingAllocators == 0
            && missingPages(machine.episodeMemcg, enough()) <= 0;
    if (clear && !machine.clear) {
      machine.ledger.stableRecoveryNs = kernel.clock();
      if (machine.ledger.firstRecoveryNs < 0) {
        machine.ledger.firstRecoveryNs = kernel.clock();
      }
    }
    machine.clear = clear;
  }

  private boolean triggerIsDying() {
    Task trigger = machine.tasks[machine.ledger.triggerTask];
    return machine.triggerGone || trigger.process.groupExit;
  }

  /** Memory is back when an ordinary request would not even wake kswapd. */
  private long enough() {
    return machine.lowPages + machine.workload.machine().lowmemReserve();
  }

  /** Pages that must come free before a cgroup has a margin, or the machine so many free pages. */
  private long missingPages(int domain, long wanted) {
    if (domain == NOBODY) {
      return wanted - machine.freePages;
    }
    Memcg memcg = machine.memcgs[domain];
    return memcg.usagePages + 1 - memcg.spec.limit();
  }

  private void closeEpisode(long ns) {
    machine.ledger.episodeEndNs = ns;
    machine.episodeOpen = false;
    kernel.handlers.episodeIsOver();
  }

  /** Asks to be woken when free memory reaches a level that somebody waits for. */
  private void predict() {
    long when = machine.drainers.isEmpty() ? Long.MAX_VALUE : kernel.allocator.whenDrained();
    if (machine.triggerPending && triggerIsDying() && machine.blockedTasks == 0) {
      when = Math.min(when, whenLevel(machine.triggerMemcg, enough() + 1));
    }
    if (machine.episodeOpen && machine.blockedTasks == 0) {
      when = Math.min(when, whenLevel(machine.episodeMemcg, machine.highPages));
    }
    if (isOnlyMemoryMissing()) {
      when = Math.min(when, whenLevel(machine.episodeMemcg, enough()));
    }
    if (when == Long.MAX_VALUE) {
      kernel.cancel(Event.MEMORY, 0);
    } else {
      kernel.at(Event.MEMORY, 0, Math.max(when, kernel.clock()));
    }
  }

  /** When a cgroup will have a margin, or the machine so many free pages, by what is under way. */
  private long whenLevel(int domain, long wanted) {
    Memcg memcg = domain == NOBODY ? null : machine.memcgs[domain];
    return kernel.flow.whenFreed(Math.max(1, missingPages(domain, wanted)), memcg);
  }

  private boolean isOnlyMemoryMissing() {
    return machine.ledger.firstKillNs >= 0
        && !machine.clear
        && machine.blockedTasks == 0
        && machine.dyingAllocators == 0;
  }

  /** Before an event: false if the episode is over instead. */
  boolean mayGoOn() {
    long next = kernel.queue.nextNs();
    if (machine.episodeOpen && machine.blockedTasks == 0 && next - machine.lastOomNs >= QUIET_NS) {
      kernel.flow.settle(); // The last progress may be later than anybody has looked.
      closeEpisode(Math.max(machine.unblockedNs, Math.min(machine.lastProgressNs, next)));
    }
    if (machine.vetoPasses && next > machine.vetoDeadlineNs) {
      liftVeto(-1);
    }
    boolean waiting = machine.blockedTasks > 0;
    if (kernel.queue.handled() >= MOST_EVENTS) {
      end(Verdict.UNDECIDED);
    } else if (machine.vetoed && next > machine.vetoDeadlineNs) {
      end(Verdict.UNDECIDED);
    } else if (next == Long.MAX_VALUE || (waiting && isLivelock(next))) {
      end(waiting ? Verdict.LIVELOCK : quietVerdict());
    } else if (next > horizonNs) {
      end(waiting ? Verdict.UNDECIDED : quietVerdict());
    } else {
      return true;
    }
    return false;
  }

  private Verdict quietVerdict() {
    return machine.ledger.firstOomNs < 0 ? Verdict.NO_OOM : Verdict.RECOVERED;
  }

  private boolean isLivelock(long next) {
    if (next - machine.lastProgressNs >= LIVELOCK_NS) {
      kernel.flow.settle(); // A walk may have made progress that nobody has looked at.
    }
    return next - machine.lastProgressNs >= LIVELOCK_NS
        || (foreseesLivelock
            && !mustStandStill()
            && !machine.vetoPasses // whose end lets somebody be killed
            && next > machine.lastProgressNs
            && isDeadEnd());
  }

  /**
   * Whether the whole minute has to go by: how long everything stands still is a result where
   * pressure is measured, and if the episode does not last so long there is nothing to wait for.
   */
  private boolean mustStandStill() {
    return machine.measuresPressure && horizonNs - machine.lastProgressNs >= LIVELOCK_NS;
  }

  /**
   * Whether nothing is to come but further attempts, which will find what the last ones found: for
   * since anything changed every blocked request has been as far as the OOM killer, and all it got
   * was time.
   */
  private boolean isDeadEnd() {
    if (isPending(Event.REAP_TIMER) || isMemoryMoving() || isMoving(REAPER)) {
      return false;
    }
    if (areHandlersUndecided()) {
      return false;
    }
    // Who had something to do the last time most often still has.
    if (mayFindSomething(machine.tasks[machine.hopeful])) {
      return false;
    }
    for (Task task : machine.tasks) {
      if (mayFindSomething(task)) {
        machine.hopeful = task.id;
        return false;
      }
    }
    return !kernel.patience.lastsBeyond(earliestToldToWait());
  }

  /** Whether a handler that has said to wait may say something else, with nothing else changed. */
  private boolean areHandlersUndecided() {
    return kernel.handlers.areThere() && kernel.handlers.mayChangeTheirMind(earliestToldToWait());
  }

  /** Whether a task may yet do, or be given, something new. */
  private boolean mayFindSomething(Task task) {
    return isMoving(task.id) ? !isInVain(task) : isWaitingUntold(task);
  }

  /** Whether pages come free, or become clean, by what is under way. */
  private boolean isMemoryMoving() {
    return !machine.walkers.isEmpty()
        || machine.dirtyCachePages > 0
        || isPending(Event.KSWAPD)
        || isPending(Event.SWAP_WRITE);
  }

  private boolean isPending(Event event) {
    return kernel.queue.pending(event.ordinal()) > 0;
  }

  /** Whether somebody will go on without anybody's help. */
  private boolean isMoving(int who) {
    WaitsFor what = kernel.waits.of(who);
    return what == WaitsFor.A_MOMENT || what == WaitsFor.WORK || what == WaitsFor.ACTS;
  }

  /** Whether all that a task does is to ask again for what it did not get the last time. */
  private boolean isInVain(Task task) {
    return task.isBlockedOnMemory() && asksAgain(task) && !isWaitingUntold(task);
  }

  private boolean asksAgain(Task task) {
    return switch (task.allocPhase) {
      case ATTEMPT, PASS, MEMCG_PASS -> true;
      case MEMCG_LOCK, KILLING -> machine.vetoed; // No kill comes of it.
      case AHEAD, BUSY, READ, READ_REST, HIGH, REAPING -> false;
    };
  }

  /** Whether a blocked request may find something new when it asks the next time. */
  private boolean isWaitingUntold(Task task) {
    return task.isBlockedOnMemory()
        && (task.toldToWaitNs <= Math.max(machine.lastProgressNs, machine.lastChangeNs)
            || task.toldByCgroup != kernel.allocator.asksCgroup(task)
            || kernel.allocator.wouldGet(task)
            || kernel.allocator.wouldGiveUp(task)
            || kernel.killer.wouldMark(task));
  }

  private long earliestToldToWait() {
    long earliest = Long.MAX_VALUE;
    for (Task task : machine.tasks) {
      if (task.isBlockedOnMemory()) {
        earliest = Math.min(earliest, task.toldToWaitNs);
      }
    }
    return earliest;
  }

  /**
   * Whether, where nobody is killed, nobody can end the wait before patience does. The requests
   * would go round until then, a pass every millisecond, and find each time what they have found
   * now.
   */
  private boolean isHopeless() {
    if (isMemoryMoving() || isMoving(REAPER) || victimsTimeIsUpBeforePatience()) {
      return false;
    }
    for (Task task : machine.tasks) {
      if (isWaitingUntold(task) || mayHelp(task)) {
        return false;
      }
    }
    return !areHandlersUndecided() && !kernel.patience.lastsBeyond(earliestToldToWait());
  }

  /** Whether the reaper will begin with a victim that has something left. */
  private boolean victimsTimeIsUpBeforePatience() {
    if (isPending(Event.REAP_TIMER)) {
      for (Process process : machine.processes) {
        boolean late = process.mm == null || process.mm.gone || process.mm.oomSkip;
        if (!late
            && kernel.queue.timeOf(Event.REAP_TIMER.ordinal(), process.id)
                <= machine.vetoDeadlineNs) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a task may do something before patience ends that gives others what they wait for. */
  private boolean mayHelp(Task task) {
    if (!isMoving(task.id)) {
      return false; // Whoever lets it go on may help, then.
    }
    if (task.killed || task.state == Task.State.EXITING) {
      return true;
    }
    boolean canHelp = task.heldMmap != NOBODY || task.program.mayHelp();
    return canHelp
        && !task.isBlockedOnMemory()
        && (task.state == Task.State.ALLOCATING
            || kernel.waits.of(task.id) != WaitsFor.A_MOMENT
            || kernel.queue.timeOf(Event.TASK_STEP.ordinal(), task.id) <= machine.vetoDeadlineNs);
  }

  /** The episode ends here. */
  void end(Verdict verdict) {
    long now = kernel.clock();
    machine.verdict = verdict;
    Ledger ledger = machine.ledger;
    kernel.flow.settle();
    kernel.flow.accountAll();
    for (Task task : machine.tasks) {
      if (task.blockedSinceNs >= 0) {
        ledger.stallTaskNs += now - task.blockedSinceNs;
      }
    }
    if (machine.episodeOpen && machine.blockedTasks == 0) {
      closeEpisode(Math.max(machine.unblockedNs, machine.lastProgressNs));
    }
    if (machine.blockedTasks == 0 && ledger.firstOomNs >= 0) {
      ledger.demandMetNs = Math.max(0, machine.unblockedNs - ledger.firstOomNs);
    }
    if (verdict == Verdict.LIVELOCK) {
      ledger.livelockSinceNs = machine.lastProgressNs;
    }
    if (verdict == Verdict.RECOVERED && ledger.kills == 0 && !machine.vetoed) {
      ledger.recoveryNs = 0;
    }
    if (verdict == Verdict.PANIC) {
      closeEpisode(now); // A panic ends everything.
      workLostByPanic();
    }
    kernel.emit(Tracepoint.VERDICT, NOBODY, verdict.ordinal(), 0);
  }

  /** A panic loses the work of everybody who is left. */
  private void workLostByPanic() {
    for (Process process : machine.processes) {
      if (process.liveTasks > 0 && !process.groupExit && process.mm != null) {
        machine.ledger.workLost +=
            (double) kernel.scheduler.workOf(process) / process.spec.workUnit();
      }
    }
  }
}
