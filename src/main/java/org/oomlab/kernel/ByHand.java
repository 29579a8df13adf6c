package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.Span;

/**
 * What somebody with a debugger does to a machine that they have stopped between two events, and no
 * kernel does by itself. Where the kernel has a way to do it, that way is taken.
 */
public final class ByHand {
  /** For so long at most is nobody killed after a veto. */
  public static final long PATIENCE_NS = 10 * Span.SECOND;

  private final Kernel kernel;
  private final Machine machine;

  ByHand(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** Whether the next event is a kill. */
  public boolean isOnBrink() {
    return machine.verdict == Verdict.RUNNING
        && !machine.vetoed
        && kernel.queue.nextKind() == Event.OOM_KILL.ordinal();
  }

  /**
   * Turns the kill that is due next into a wait, and every other one too, until the request behind
   * it is satisfied (or its owner dead) or {@link #PATIENCE_NS} are over. Up to then everything
   * happens as after {@link Kernel#vetoKills}, and afterwards the episode goes on.
   *
   * @throws IllegalStateException if no kill is due next
   */
  public void veto() {
    if (!isOnBrink()) {
      throw new IllegalStateException("no kill is due");
    }
    machine.vetoed = true;
    machine.vetoPasses = true;
    machine.vetoTask = machine.pendingInvoker;
    machine.vetoSatisfied = machine.tasks[machine.vetoTask].satisfied;
    machine.vetoKillNs = kernel.nextNs();
    machine.vetoMetNs = -1;
    machine.vetoDeadlineNs = machine.vetoKillNs + PATIENCE_NS;
  }

  /** Whether a veto holds now. */
  public boolean isVetoed() {
    return machine.vetoed;
  }

  /**
   * After the kill that was vetoed last would have been, how long the request behind it took to be
   * satisfied; -1 if it has not been, or there was no veto. Nanoseconds.
   */
  public long vetoWaitNs() {
    return machine.vetoMetNs < 0 ? -1 : machine.vetoMetNs - machine.vetoKillNs;
  }

  /** When the kill that was vetoed last would have been, in nanoseconds after boot, or -1. */
  public long vetoKillNs() {
    return machine.vetoKillNs;
  }

  /** Sends SIGKILL to a process, as {@code kill -9} does: group_send_sig_info(). */
  public void kill(int process) {
    kernel.scheduler.sendKill(machine.processes[process]);
    changed();
  }

  /** Thaws a process, as a write to its cgroup's freezer.state or cgroup.freeze does. */
  public void thaw(int process) {
    kernel.freezer.thaw(machine.processes[process]);
    changed();
  }

  /** Lets the owner of a mutex release it now; what it does later in its name has no effect. */
  public void releaseMutex(int mutex) {
    int owner = machine.mutexes[mutex].owner;
    if (owner != NOBODY) {
      kernel.locks.unlock(machine.tasks[owner], mutex);
      changed();
    }
  }

  /** The same for a robust futex that somebody holds. */
  public void releaseFutex(int futex) {
    int owner = machine.futexes[futex].owner;
    if (owner != NOBODY && !machine.futexes[futex].broken) {
      kernel.futexes.release(machine.tasks[owner], futex);
      changed();
    }
  }

  /**
   * Ends the time for which a task holds the mmap_lock of a process for writing.
   *
   * @return false if nobody holds it so, or not just for a time
   */
  public boolean releaseMmapLock(int process) {
    Mm mm = machine.processes[process].mm;
    if (mm == null || mm.writer == NOBODY) {
      return false;
    }
    Task writer = machine.tasks[mm.writer];
    boolean sleepsWithIt = writer.state == Task.State.BLOCKED && writer.heldMmap == mm.id;
    if (!sleepsWithIt) {
      return false; // An exit, which has to finish.
    }
    kernel.waits.interrupt(writer.id);
    kernel.waits.in(writer.id, Event.TASK_STEP, 0);
    changed();
    return true;
  }

  private void changed() {
    machine.lastProgressNs = kernel.clock();
    machine.lastChangeNs = kernel.clock();
    kernel.lookAgain();
  }
}
