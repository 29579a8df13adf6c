package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.REAPER;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.ReaperPhase;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.ProcessSpec;

/**
 * Takes a victim's memory away when the victim is too slow to give it back: the oom_reaper thread
 * of mm/oom_kill.c.
 *
 * <p>The reaper is a guarantee of progress, not an optimisation: it ends by telling the killer not
 * to wait for this victim any longer, whether or not it has freed anything. To say so before the
 * memory is back is how a policy kills more than it must.
 */
final class OomReaper {
  private static final int BY_REAPER = 0;
  private static final int CAUSE_MMAP_LOCK = 0;
  private static final int CAUSE_NOTIFIER = 1;
  private static final int CAUSE_LEFTOVER = 2;
  private final Kernel kernel;
  private final Machine machine;

  private final boolean enabled;
  private final long delayNs;
  private final Knobs.NoDelayFor noDelayFor;
  private final long retries;
  private final long retryIntervalNs;
  private final Knobs.SleepsAfter sleepsAfter;
  private final boolean roundRobin;
  private final boolean leavesUnstable;
  private final boolean underOomLock;
  private final boolean reapsDeadMm;
  private final Knobs.Notifiers notifiers;
  private final long notifierSleepNs;
  private final Knobs.ReapSuccess onSuccess;
  private final Knobs.ReapFailure onFailure;
  private final boolean hidingUnmarks;
  private final long leftoverPages;
  private final long fruitlessRounds;
  private final long freeTimeoutNs;

  OomReaper(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.enabled = policy.is(Knobs.REAPER);
    this.delayNs = policy.get(Knobs.REAPER_DELAY);
    this.noDelayFor = policy.choice(Knobs.NO_DELAY_FOR, Knobs.NoDelayFor.class);
    this.retries = policy.get(Knobs.REAPER_RETRIES);
    this.retryIntervalNs = policy.get(Knobs.REAPER_RETRY_INTERVAL);
    this.sleepsAfter = policy.choice(Knobs.REAPER_SLEEPS_AFTER, Knobs.SleepsAfter.class);
    this.leavesUnstable =
        policy.choice(Knobs.REAPER_UNSTABLE, Knobs.Unstable.class) == Knobs.Unstable.LEAVE;
    this.roundRobin =
        policy.choice(Knobs.REAPER_LIST, Knobs.ReaperList.class) == Knobs.ReaperList.ROUND_ROBIN;
    this.underOomLock = policy.is(Knobs.REAPER_OOM_LOCK);
    this.reapsDeadMm = policy.choice(Knobs.REAPER_DEAD_MM, Knobs.DeadMm.class) == Knobs.DeadMm.REAP;
    this.notifiers = policy.choice(Knobs.REAPER_NOTIFIERS, Knobs.Notifiers.class);
    this.notifierSleepNs = policy.get(Knobs.REAPER_NOTIFIER_SLEEP);
    this.onSuccess = policy.choice(Knobs.REAPER_SUCCESS, Knobs.ReapSuccess.class);
    this.onFailure = policy.choice(Knobs.REAPER_FAILURE, Knobs.ReapFailure.class);
    Knobs.InFlight inFlight = policy.choice(Knobs.IN_FLIGHT, Knobs.InFlight.class);
    // 4.7 and 4.8 take the victim's mark away together with hiding its mm.
    this.hidingUnmarks = inFlight != Knobs.InFlight.OOM_MM;
    this.leftoverPages = policy.get(Knobs.REAPER_LEFTOVER);
    this.fruitlessRounds = policy.get(Knobs.FRUITLESS_ROUNDS);
    boolean aTickLater = policy.choice(Knobs.EXPIRY, Knobs.Expiry.class) == Knobs.Expiry.TIME_AFTER;
    this.freeTimeoutNs = policy.get(Knobs.OOM_FREE_TIMEOUT) + (aTickLater ? machine.tickNs : 0);
  }

  /** queue_oom_reaper(): at once up to 5.17, after OOM_REAPER_DELAY from 5.18. */
  void queue(Process victim) {
    Mm mm = victim.mm;
    if (!enabled || mm.unreapable || mm.reapQueued) {
      return;
    }
    mm.reapQueued = true;
    mm.oomFreeExpireNs = kernel.clock() + freeTimeoutNs;
    if (delayNs > 0 && !isExemptFromDelay(victim)) {
      kernel.at(Event.REAP_TIMER, victim.id, kernel.timers.afterNs(delayNs));
    } else {
      wake(victim);
    }
  }

  private boolean isExemptFromDelay(Process victim) {
    return switch (noDelayFor) {
      case NOBODY -> false;
      case NO_ROBUST_LIST -> !kernel.futexes.hasRobustList(victim.mm);
      case FROZEN -> kernel.freezer.isFrozen(victim, ProcessSpec.Freezer.V1);
      case FROZEN_V2 -> kernel.freezer.isFrozen(victim, ProcessSpec.Freezer.V2);
    };
  }

  /** wake_oom_reaper() as the timer's callback: nothing to do for a victim that has exited. */
  void delayIsOver(Process victim) {
    if (!victim.mm.oomSkip) {
      wake(victim);
    }
  }

  private void wake(Process victim) {
    kernel.emit(Tracepoint.WAKE_REAPER, victim.id, 0, 0);
    machine.reaperList.addFirst(victim.id);
    if (machine.reaperPhase == ReaperPhase.IDLE) {
      machine.reaperPhase = ReaperPhase.PICK;
      long latencyNs = machine.cost(machine.costs.reaperLatency(), machine.reaperLatencies);
      kernel.waits.wake(REAPER, Event.REAPER, kernel.clock() + latencyNs);
    }
  }

  /** oom_reaper() goes on from where it slept, waited or walked. */
  void step() {
    switch (machine.reaperPhase) {
      case IDLE -> {}
      case PICK -> pick();
      case ATTEMPT -> attempt();
      case SLEPT_FOR_NOTIFIER -> {
        releaseOomLock();
        succeeded();
      }
      case REAPING -> goOnReaping();
      case RETRY -> {
        if (machine.mms[victim().mm.id].reapAttempts < retries) {
          beginAttempt();
        } else {
          giveUp();
        }
      }
    }
  }

  private Process victim() {
    return machine.processes[machine.reaperVictim];
  }

  private void pick() {
    if (machine.reaperList.isEmpty()) {
      machine.reaperPhase = ReaperPhase.IDLE;
      machine.reaperVictim = NOBODY;
      kernel.waits.forSignal(REAPER);
      return;
    }
    if (machine.reaperRoundLeft <= 0) {
      machine.reaperRoundLeft = machine.reaperList.size();
    }
    machine.reaperRoundLeft--;
    machine.reaperVictim = machine.reaperList.removeFirst();
    Mm mm = victim().mm;
    if (roundRobin && (mm.oomSkip || (leavesUnstable && mm.unstable))) {
      visited(false); // Already out of the way, or reaped before: only its timeout matters.
      return;
    }
    mm.reapAttempts = 0;
    beginAttempt();
  }

  private void beginAttempt() {
    machine.reaperPhase = ReaperPhase.ATTEMPT;
    if (!underOomLock || kernel.locks.lockOom(REAPER)) {
      attempt();
    }
  }

  /** oom_reap_task_mm() and, up to 4.18, __oom_reap_task_mm() with oom_lock held. */
  private void attempt() {
    Process victim = victim();
    Mm mm = victim.mm;
    mm.reapAttempts++;
    if (!kernel.locks.tryRead(mm)) {
      releaseOomLock();
      failed(CAUSE_MMAP_LOCK);
      return;
    }
    boolean alreadyGone = mm.users == 0 && !reapsDeadMm;
    boolean leftAlone = mm.handedOver || (leavesUnstable && mm.unstable);
    if (alreadyGone || leftAlone || mm.oomSkip || mm.gone) {
      kernel.locks.readUnlock(mm);
      releaseOomLock();
      succeeded();
      return;
    }
    if (sleepsFor(mm)) {
      kernel.locks.readUnlock(mm);
      machine.reaperPhase = ReaperPhase.SLEPT_FOR_NOTIFIER;
      kernel.waits.until(REAPER, Event.REAPER, kernel.timers.afterNs(notifierSleepNs));
      return; // Still holding oom_lock.
    }
    if (notifiers == Knobs.Notifiers.LEAVE_BLOCKABLE && mm.hasNotifier(true)) {
      kernel.locks.readUnlock(mm);
      releaseOomLock();
      failed(CAUSE_NOTIFIER);
      return;
    }
    kernel.emit(Tracepoint.START_REAPING, victim.id, mm.reapAttempts, 0);
    mm.unstable = true;
    machine.reaperPhase = ReaperPhase.REAPING;
    kernel.teardown.start(machine.reaperWalk, mm, Walk.Pass.REAP);
    goOnReaping();
  }

  private boolean sleepsFor(Mm mm) {
    return switch (notifiers) {
      case SLEEP_IF_ANY -> mm.hasNotifier(false);
      case SLEEP_IF_BLOCKABLE -> mm.hasNotifier(true);
      case IGNORE, TRY_EACH_VMA, LEAVE_BLOCKABLE -> false;
    };
  }

  private void goOnReaping() {
    Walk walk = machine.reaperWalk;
    if (!kernel.teardown.run(walk)) {
      return;
    }
    Process victim = victim();
    kernel.locks.readUnlock(victim.mm);
    releaseOomLock();
    if (walk.refused) {
      failed(CAUSE_NOTIFIER);
    } else if (leftoverPages > 0 && kernel.badness.resident(victim.mm) > leftoverPages) {
      failed(CAUSE_LEFTOVER);
    } else {
      kernel.emit(Tracepoint.FINISH_REAPING, victim.id, walk.freedPages, victim.mm.rss());
      succeeded();
    }
  }

  private void releaseOomLock() {
    if (underOomLock) {
      kernel.locks.unlockOom();
    }
  }

  private void failed(int cause) {
    Mm mm = victim().mm;
    kernel.emit(Tracepoint.SKIP_REAPING, victim().id, mm.reapAttempts, cause);
    if (roundRobin) {
      visited(true);
      return;
    }
    machine.reaperPhase = ReaperPhase.RETRY;
    kernel.waits.until(REAPER, Event.REAPER, afterRetryInterval());
  }

  /** The walk is over. That says nothing about what it freed. */
  private void succeeded() {
    Process victim = victim();
    switch (onSuccess) {
      case PARDON -> {
        unmark(victim);
        victim.oomScoreAdj = Badness.ADJ_MIN;
      }
      case HIDE -> hide(victim);
      case WAIT -> {}
    }
    if (roundRobin) {
      visited(false);
    } else {
      pick();
    }
  }

  private void giveUp() {
    Process victim = victim();
    Mm mm = victim.mm;
    kernel.emit(Tracepoint.UNABLE_TO_REAP, victim.id, mm.reapAttempts, 0);
    switch (onFailure) {
      case NOTHING -> {}
      case UNMARK -> {
        unmark(victim);
        mm.reapQueued = false;
      }
      case UNMARK_THEN_HIDE -> {
        if (mm.reapFailedOnce) {
          hide(victim);
        } else {
          mm.reapFailedOnce = true;
          unmark(victim);
          mm.reapQueued = false;
        }
      }
      case HIDE -> hide(victim);
    }
    pick();
  }

  private void hide(Process victim) {
    if (victim.mm.handedOver) {
      return; // The exit path will, when it has freed everything.
    }
    kernel.victims.hide(victim, BY_REAPER);
    if (hidingUnmarks) {
      unmark(victim);
    }
  }

  private void unmark(Process victim) {
    for (Task task : victim.tasks) {
      kernel.victims.unmark(task);
    }
  }

  /** Who is not finished goes to the end of the list, until its time is up. */
  private void visited(boolean inVain) {
    Process victim = victim();
    Mm mm = victim.mm;
    if (!mm.oomSkip && (kernel.clock() >= mm.oomFreeExpireNs || isFruitless(mm))) {
      kernel.emit(Tracepoint.UNABLE_TO_REAP, victim.id, mm.reapAttempts, 0);
      kernel.victims.hide(victim, Victims.BY_TIMEOUT);
    }
    if (mm.oomSkip) {
      pick();
      return;
    }
    machine.reaperList.addLast(victim.id);
    boolean roundIsOver = machine.reaperRoundLeft <= 0;
    boolean sleeps =
        switch (sleepsAfter) {
          case FAILURE -> inVain;
          case VISIT -> true;
          case ROUND -> roundIsOver;
        };
    if (!sleeps && !roundIsOver) {
      pick();
      return;
    }
    machine.reaperPhase = ReaperPhase.PICK;
    long untilNs = sleeps ? afterRetryInterval() : kernel.timers.afterTicks(1);
    kernel.waits.until(REAPER, Event.REAPER, untilNs);
  }

  /** A reaper that does not sleep spins; all it can find out next comes with a tick. */
  private long afterRetryInterval() {
    return retryIntervalNs == 0
        ? kernel.timers.afterTicks(1)
        : kernel.timers.afterNs(retryIntervalNs);
  }

  /** Handa 2018: counts the rounds in which an mm has not become smaller. */
  private boolean isFruitless(Mm mm) {
    if (fruitlessRounds == 0) {
      return false;
    }
    long pages = kernel.badness.resident(mm);
    mm.fruitlessRounds = pages < mm.fewestPages ? 0 : mm.fruitlessRounds + 1;
    mm.fewestPages = Math.min(mm.fewestPages, pages);
    return mm.fruitlessRounds > fruitlessRounds;
  }
}
