package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Futex;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;

/**
 * Robust futexes in memory that outlives a thread: exit_robust_list() of kernel/futex/core.c.
 *
 * <p>The kernel knows only the address of the list's head, which lies in the thread's own private
 * memory. If a reaper has taken that page, the walk ends at its first read, and whoever waits for
 * the thread's locks is never told.
 */
final class RobustFutexes {
  private final Kernel kernel;
  private final Machine machine;
  private final boolean backward;
  private final boolean everyThreadRegisters;

  RobustFutexes(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.backward =
        policy.choice(Knobs.REAPER_DIRECTION, Knobs.Direction.class) == Knobs.Direction.BACKWARD;
    this.everyThreadRegisters = policy.is(Knobs.EVERY_THREAD_REGISTERS);
  }

  /** Whether the kernel knows of a robust list of any thread that uses an mm. */
  boolean hasRobustList(Mm mm) {
    for (Task task : machine.tasks) {
      if (task.process.mm == mm && task.hasMm && (everyThreadRegisters || task.usedRobustList)) {
        return true;
      }
    }
    return false;
  }

  /** Takes the futex, or joins its waiters; false if the task has to wait. */
  boolean takeOrWait(Task task, int index) {
    Futex futex = machine.futexes[index];
    task.usedRobustList = true;
    if (futex.owner == NOBODY && !futex.broken) {
      futex.owner = task.id;
      task.heldFutexes++;
      return true;
    }
    futex.waiters.addLast(task.id);
    kernel.waits.forTurn(task.id);
    task.state = Task.State.WAITING_FUTEX;
    if (futex.broken) {
      if (futex.waiters.size() == 1) {
        machine.ledger.brokenFutexes++; // Nobody had missed it until now.
      }
      machine.ledger.lostWaiters++;
    }
    return false;
  }

  void release(Task task, int index) {
    Futex futex = machine.futexes[index];
    if (futex.owner == task.id) {
      task.heldFutexes--;
      handOver(futex);
    }
  }

  private Task handOver(Futex futex) {
    futex.owner = futex.waiters.isEmpty() ? NOBODY : futex.waiters.removeFirst();
    if (futex.owner == NOBODY) {
      return null;
    }
    Task next = machine.tasks[futex.owner];
    next.heldFutexes++;
    next.state = Task.State.RUNNING;
    kernel.waits.wakeNow(next.id, Event.TASK_STEP);
    return next;
  }

  /** A task that stops waiting because it dies. */
  void leave(Task task) {
    for (Futex futex : machine.futexes) {
      if (futex.waiters.remove(task.id)) {
        kernel.waits.leave(task.id);
      }
    }
  }

  /** exit_robust_list(): sets FUTEX_OWNER_DIED and wakes a waiter, or fails to read the list. */
  void exitRobustList(Task task) {
    if (task.heldFutexes == 0) {
      return;
    }
    boolean readable = task.hasMm && isReadable(task);
    for (int i = 0; i < machine.futexes.length; i++) {
      Futex futex = machine.futexes[i];
      if (futex.owner != task.id) {
        continue;
      }
      if (readable) {
        Task told = handOver(futex);
        if (told != null) {
          kernel.emit(Tracepoint.OWNER_DIED, told.id, i, task.id);
        }
      } else {
        futex.broken = true;
        machine.ledger.brokenFutexes += futex.waiters.isEmpty() ? 0 : 1;
        machine.ledger.lostWaiters += futex.waiters.size();
        kernel.emit(Tracepoint.FUTEX_BROKEN, task.id, i, futex.waiters.size());
      }
    }
    task.heldFutexes = 0;
  }

  /** Whether the page with the head of the task's list is still there. */
  private boolean isReadable(Task task) {
    Vma vma = task.robustListIn;
    if (vma == null || vma.reapedPages == 0) {
      return true;
    }
    long passed = backward ? vma.reapedPages + vma.robustHeadAt : vma.reapedPages;
    return backward ? vma.touchedPages > passed : vma.robustHeadAt >= vma.reapedPages;
  }
}
