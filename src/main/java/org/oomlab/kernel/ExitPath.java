package org.oomlab.kernel;

import org.oomlab.engine.Quantity;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.ExitPhase;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;

/**
 * How memory normally comes back: do_exit(), exit_mm(), __mmput() and exit_mmap() of kernel/exit.c,
 * kernel/fork.c and mm/mmap.c.
 *
 * <p>A phase says what a thread does next when it is woken. Between phases it waits for a lock, for
 * AIO, or for the end of its walk through the mm.
 */
final class ExitPath {
  private static final int BY_EXIT = 1;

  private final Kernel kernel;
  private final Machine machine;

  private final Knobs.SelfReap selfReap;
  private final Knobs.Fence fence;
  private final Knobs.ExitLock lock;
  private final boolean munlock;
  private final Knobs.OomSkip oomSkip;
  private final boolean skipUnderOomLock;
  private final Knobs.Handover handover;

  ExitPath(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.selfReap = policy.choice(Knobs.SELF_REAP, Knobs.SelfReap.class);
    this.fence = policy.choice(Knobs.EXIT_FENCE, Knobs.Fence.class);
    this.lock = policy.choice(Knobs.EXIT_MMAP_LOCK, Knobs.ExitLock.class);
    this.munlock = policy.is(Knobs.EXIT_MUNLOCK);
    this.skipUnderOomLock = policy.is(Knobs.EXIT_SKIP_OOM_LOCK);
    this.handover = policy.choice(Knobs.EXIT_HANDOVER, Knobs.Handover.class);
    this.oomSkip = policy.choice(Knobs.EXIT_OOM_SKIP, Knobs.OomSkip.class);
  }

  /** A thread that will enter do_exit() after a delay: it has seen its SIGKILL, or calls exit. */
  void die(Task task, long delayNs) {
    task.state = Task.State.EXITING;
    task.exitPhase = ExitPhase.DO_EXIT;
    kernel.waits.in(task.id, Event.EXIT, delayNs);
  }

  /** Goes on until the thread has to wait, or is dead. */
  void step(Task task) {
    if (task.walk.isActive() && !kernel.teardown.run(task.walk)) {
      return;
    }
    boolean goOn = true;
    while (goOn) {
      goOn = advance(task);
    }
  }

  /** Does the next phase; false if the thread has to wait before the one after it. */
  private boolean advance(Task task) {
    Mm mm = task.process.mm;
    return switch (task.exitPhase) {
      case DO_EXIT -> doExit(task);
      case EXIT_MM -> exitMm(task, mm);
      case EXIT_MMAP -> exitMmap(task, mm);
      case SELF_REAP -> {
        mm.unstable = true;
        yield walk(task, mm, Walk.Pass.REAP, ExitPhase.SELF_REAPED);
      }
      case SELF_REAPED -> selfReaped(task, mm);
      case FENCED -> {
        kernel.locks.writeUnlock(mm);
        yield lockMmap(task, mm);
      }
      case LOCKED ->
          munlock
              ? walk(task, mm, Walk.Pass.MUNLOCK, ExitPhase.MUNLOCKED)
              : next(task, ExitPhase.MUNLOCKED);
      case MUNLOCKED -> walk(task, mm, Walk.Pass.UNMAP, ExitPhase.UNMAPPED);
      case UNMAPPED -> unmapped(task, mm);
      case ALONE -> {
        mm.handedOver |= handover == Knobs.Handover.BEFORE_PAGE_TABLES;
        if (isFencedBeforePageTables(mm)) {
          kernel.locks.writeUnlock(mm); // The empty cycle has served its purpose.
        }
        yield walk(task, mm, Walk.Pass.PAGE_TABLES, ExitPhase.PAGE_TABLES_FREED);
      }
      case PAGE_TABLES_FREED -> pageTablesFreed(task, mm);
      case EXE_DROPPED -> {
        task.exitPhase = ExitPhase.MMPUT_DONE;
        yield !skipNeedsOomLock(mm) || kernel.locks.lockOom(task.id);
      }
      case MMPUT_DONE -> mmputDone(task, mm);
      case SHARED_FREED -> {
        dead(task);
        yield false;
      }
      case NONE -> throw new IllegalStateException(task + " is not exiting");
    };
  }

  private static boolean next(Task task, ExitPhase phase) {
    task.exitPhase = phase;
    return true;
  }

  /** Walks the mm; the phase is what comes after the walk. */
  private boolean walk(Task task, Mm mm, Walk.Pass pass, ExitPhase then) {
    task.exitPhase = then;
    kernel.teardown.start(task.walk, mm, pass);
    return kernel.teardown.run(task.walk);
  }

  private boolean doExit(Task task) {
    task.exiting = true;
    machine.lastProgressNs = kernel.clock();
    kernel.emit(Tracepoint.DO_EXIT, task.id, 0, 0);
    kernel.futexes.exitRobustList(task);
    if (!task.hasMm) {
      dead(task);
      return false;
    }
    task.exitPhase = ExitPhase.EXIT_MM;
    return kernel.locks.read(task, task.process.mm);
  }

  private boolean exitMm(Task task, Mm mm) {
    if (kernel.patience.grantsReserves(task.process)) {
      kernel.emit(Tracepoint.RESERVES_ENDED, task.process.id, 0, 0);
    }
    task.hasMm = false;
    kernel.locks.readUnlock(mm);
    mm.users--;
    if (mm.users > 0) {
      kernel.victims.unmark(task);
      dead(task);
      return false;
    }
    task.exitPhase = ExitPhase.EXIT_MMAP;
    return isReady(task, task.process.spec.aio());
  }

  /** True if there is nothing to wait for; a wait that never ends is one. */
  private boolean isReady(Task task, Quantity time) {
    long ns = time.sample(task.latencies);
    if (ns == 0) {
      return true;
    }
    if (ns < Span.FOREVER) {
      kernel.waits.in(task.id, Event.EXIT, ns);
    } else {
      kernel.waits.forSignal(task.id);
    }
    return false;
  }

  private boolean exitMmap(Task task, Mm mm) {
    kernel.emit(Tracepoint.EXIT_MMAP, task.process.id, mm.footprint(), 0);
    task.walk.freedByExitPages = 0;
    if (oomSkip == Knobs.OomSkip.AT_START) {
      hide(task);
    }
    mm.handedOver |= handover == Knobs.Handover.AT_START;
    if (selfReap == Knobs.SelfReap.NONE || !mm.victim) {
      return afterSelfReap(task, mm);
    }
    task.exitPhase = ExitPhase.SELF_REAP;
    return selfReap != Knobs.SelfReap.UNDER_OOM_LOCK || kernel.locks.lockOom(task.id);
  }

  private boolean selfReaped(Task task, Mm mm) {
    if (selfReap == Knobs.SelfReap.UNDER_OOM_LOCK) {
      kernel.locks.unlockOom();
    }
    return afterSelfReap(task, mm);
  }

  private boolean afterSelfReap(Task task, Mm mm) {
    if (oomSkip == Knobs.OomSkip.AFTER_SELF_REAP) {
      hide(task);
    }
    if (fence == Knobs.Fence.AFTER_SELF_REAP && mm.victim) {
      task.exitPhase = ExitPhase.FENCED;
      return kernel.locks.write(task, mm);
    }
    return lockMmap(task, mm);
  }

  private boolean lockMmap(Task task, Mm mm) {
    task.exitPhase = ExitPhase.LOCKED;
    return switch (lock) {
      case NONE -> true;
      case WRITE -> kernel.locks.write(task, mm);
      case READ_THEN_WRITE -> kernel.locks.read(task, mm);
    };
  }

  private boolean unmapped(Task task, Mm mm) {
    if (oomSkip == Knobs.OomSkip.AFTER_UNMAP) {
      hide(task);
    }
    task.exitPhase = ExitPhase.ALONE;
    if (lock == Knobs.ExitLock.READ_THEN_WRITE) {
      kernel.locks.readUnlock(mm);
      return kernel.locks.write(task, mm);
    }
    return !isFencedBeforePageTables(mm) || kernel.locks.write(task, mm);
  }

  /** Whoever holds mmap_lock for writing anyway needs no fence, and would wait for itself. */
  private boolean isFencedBeforePageTables(Mm mm) {
    return fence == Knobs.Fence.BEFORE_PAGE_TABLES && mm.victim && lock == Knobs.ExitLock.NONE;
  }

  private boolean pageTablesFreed(Task task, Mm mm) {
    if (lock != Knobs.ExitLock.NONE) {
      kernel.locks.writeUnlock(mm);
    }
    if (oomSkip == Knobs.OomSkip.AFTER_PAGE_TABLES) {
      hide(task);
    }
    task.exitPhase = ExitPhase.EXE_DROPPED;
    return isReady(task, task.process.spec.exe());
  }

  private boolean skipNeedsOomLock(Mm mm) {
    return skipUnderOomLock && oomSkip == Knobs.OomSkip.END_OF_MMPUT && mm.victim;
  }

  private boolean mmputDone(Task task, Mm mm) {
    if (oomSkip == Knobs.OomSkip.END_OF_MMPUT) {
      hide(task);
    }
    if (skipNeedsOomLock(mm)) {
      kernel.locks.unlockOom();
    }
    mm.gone = true;
    kernel.emit(Tracepoint.EXIT_MMAP_DONE, task.process.id, task.walk.freedByExitPages, 0);
    kernel.victims.unmark(task);
    // What nobody else maps of shared anonymous memory goes with the last, delayed, file release.
    return walk(task, mm, Walk.Pass.FREE_SHARED, ExitPhase.SHARED_FREED);
  }

  /** The flag is per mm, and visible through every process that was marked with it. */
  private void hide(Task task) {
    kernel.victims.hide(task.process, BY_EXIT);
  }

  private void dead(Task task) {
    task.state = Task.State.DEAD;
    task.exitPhase = ExitPhase.NONE;
    kernel.waits.end(task.id);
    task.process.liveTasks--;
    machine.lastProgressNs = kernel.clock();
    kernel.watch.taskGone(task);
  }
}
