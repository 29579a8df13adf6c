package org.oomlab.kernel;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.ProcessSpec;

/**
 * The version 1 freezer (kernel/freezer.c), whose sleep no signal ends, and the OOM killer's
 * exception to it. The version 2 freezer gives way to a fatal signal (kernel/signal.c
 * get_signal()), so under it a victim behaves like one that runs.
 */
final class Freezer {
  private final Kernel kernel;
  private final Machine machine;
  private final boolean thawsAll;
  private final boolean testsBeforeThaw;

  Freezer(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.testsBeforeThaw =
        policy.choice(Knobs.FROZEN_TEST, Knobs.FrozenTest.class) == Knobs.FrozenTest.BEFORE_THAW;
    this.thawsAll = policy.choice(Knobs.THAW, Knobs.Thaw.class) == Knobs.Thaw.ALL_THREADS;
  }

  /** Freezes a process: at once where it runs or sleeps, else on the way back to user space. */
  void freeze(Process process, ProcessSpec.Freezer version) {
    kernel.emit(Tracepoint.FREEZER, process.id, version == ProcessSpec.Freezer.V1 ? 1 : 2, 0);
    process.freezer = version;
    for (Task task : process.tasks) {
      boolean inKernel =
          task.heldMutexes > 0 || kernel.waits.of(task.id) == WaitsFor.ACTS; // It froze itself.
      switch (task.state) {
        case RUNNING, SLEEPING, WAITING_FUTEX -> {
          task.freezeRequested |= inKernel;
          task.frozen |= !inKernel;
        }
        case BLOCKED, WAITING_LOCK, ALLOCATING, RELEASING -> task.freezeRequested = true;
        case EXITING, DEAD -> {}
      }
    }
  }

  /** Thaws every thread of a process. */
  void thaw(Process process) {
    kernel.emit(Tracepoint.FREEZER, process.id, 0, 0);
    for (Task task : process.tasks) {
      thaw(task);
    }
  }

  /** Notes, before SIGKILL and thaw, which of the users of a victim's mm a freezer holds. */
  void remember(Mm mm) {
    for (Process process : machine.processes) {
      if (process.mm == mm && process.taskWithMm() != null) {
        process.frozenWhenChosen = process.taskWithMm().frozen;
      }
    }
  }

  /**
   * Whether a victim is exempt from the reaper's delay because it is frozen: by the version 1
   * freezer, as far as frozen() shows it, with all that share its mm; or by the bit of version 2.
   */
  boolean isFrozen(Process victim, ProcessSpec.Freezer version) {
    if (!holds(victim, version)) {
      return false;
    }
    for (Process other : machine.processes) {
      boolean shares = other != victim && other.mm == victim.mm && other.taskWithMm() != null;
      if (shares && version == ProcessSpec.Freezer.V1 && !holds(other, version)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(Process process, ProcessSpec.Freezer version) {
    Task task = process.taskWithMm();
    boolean frozen = testsBeforeThaw ? process.frozenWhenChosen : task != null && task.frozen;
    return frozen && process.freezer == version;
  }

  /** What marking a victim does: __thaw_task() of one thread, or thaw_process() of all (6.18). */
  void thawVictim(Task marked) {
    if (thawsAll) {
      for (Task task : marked.process.tasks) {
        thaw(task);
      }
    } else {
      thaw(marked);
    }
  }

  private void thaw(Task task) {
    task.freezeRequested = false;
    if (!task.frozen) {
      return;
    }
    task.frozen = false;
    kernel.machine.lastProgressNs = kernel.clock();
    if (task.killed) {
      kernel.scheduler.receiveKill(task);
    } else if (task.stepMissed) {
      task.stepMissed = false;
      kernel.waits.wakeNow(task.id, Event.TASK_STEP);
    }
  }
}
