package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;

/**
 * Direct OOM reaping, as T. Handa proposed it in July 2018: a task that was told to wait for a
 * victim takes some of its memory away itself, with oom_lock released, instead of asking again.
 *
 * <p>The time goes to the request that needs the memory. Nothing follows from the end of a pass:
 * the killer goes on waiting until the exit, or {@code killer.stalled_after}, ends that.
 */
final class DirectReaper {
  private final Kernel kernel;
  private final Machine machine;
  private final long quotaPages;
  private final boolean leavesBlockable;

  DirectReaper(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.quotaPages = policy.get(Knobs.REAPER_DIRECT);
    this.leavesBlockable =
        policy.choice(Knobs.REAPER_NOTIFIERS, Knobs.Notifiers.class)
            == Knobs.Notifiers.LEAVE_BLOCKABLE;
  }

  /** True if the task has something to reap; it goes round again when it has done so. */
  boolean begin(Task task) {
    int victim = task.awaitedVictim;
    task.awaitedVictim = NOBODY;
    if (quotaPages == 0 || victim == NOBODY) {
      return false;
    }
    Mm mm = machine.processes[victim].mm;
    boolean mayReap = mm.victim && !mm.gone && !mm.oomSkip && !mm.unreapable;
    if (!mayReap || (leavesBlockable && mm.hasNotifier(true)) || !kernel.locks.tryRead(mm)) {
      return false;
    }
    kernel.emit(Tracepoint.DIRECT_REAPING, victim, task.id, 0);
    mm.unstable = true;
    task.allocPhase = Task.AllocPhase.REAPING;
    kernel.teardown.start(task.walk, mm, Walk.Pass.REAP);
    task.walk.quota = quotaPages;
    goOn(task);
    return true;
  }

  /** The walk goes on, or is over. */
  void goOn(Task task) {
    if (kernel.teardown.run(task.walk)) {
      kernel.locks.readUnlock(machine.mms[task.walk.mm]);
      kernel.allocator.goRound(task, true);
    }
  }
}
