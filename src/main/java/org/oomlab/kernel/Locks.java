package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.REAPER;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.trace.Tracepoint;

/**
 * Who waits for which lock, and who goes on when it is released: the kernel mutexes that the
 * workload names, oom_lock, and the mmap_lock of every address space.
 *
 * <p>Locks are handed over in turn. A read lock is refused while a writer holds the mmap_lock or
 * waits for it, as rwsem does it (kernel/locking/rwsem.c).
 */
final class Locks {
  private final Kernel kernel;
  private final Machine machine;

  Locks(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** mutex_lock() of a mutex of the workload; false if the task has to wait. */
  boolean lock(Task task, int mutex) {
    if (!machine.mutexes[mutex].lockOrWait(task.id)) {
      kernel.waits.forTurn(task.id);
      task.state = Task.State.WAITING_LOCK;
      return false;
    }
    locked(task, mutex);
    return true;
  }

  private void locked(Task task, int mutex) {
    task.heldMutexes++;
    kernel.emit(Tracepoint.LOCKED, task.id, mutex, 0);
  }

  /** mutex_unlock(). */
  void unlock(Task task, int mutex) {
    if (machine.mutexes[mutex].owner != task.id) {
      return; // A program that unlocks what it has not locked; nothing sensible follows from it.
    }
    task.heldMutexes--;
    machine.lastProgressNs = kernel.clock();
    kernel.emit(Tracepoint.UNLOCKED, task.id, mutex, 0);
    int next = machine.mutexes[mutex].unlock();
    if (next != NOBODY) {
      Task owner = machine.tasks[next];
      locked(owner, mutex);
      long latencyNs = machine.cost(machine.costs.lockLatency(), owner.latencies);
      kernel.waits.wake(next, Event.TASK_STEP, kernel.clock() + latencyNs);
    }
  }

  /** mutex_lock(&oom_lock); false if the task, or the reaper, has to wait. */
  boolean lockOom(int who) {
    if (machine.oomLock.lockOrWait(who)) {
      return true;
    }
    kernel.waits.forTurn(who);
    return false;
  }

  /** Releases oom_lock and lets whoever is next go on. */
  void unlockOom() {
    int next = machine.oomLock.unlock();
    if (next == REAPER) {
      kernel.waits.wakeNow(REAPER, Event.REAPER);
    } else if (next != NOBODY) {
      kernel.waits.wakeNow(next, kernel.scheduler.eventOf(machine.tasks[next]));
    }
  }

  /** mmap_read_trylock(). */
  boolean tryRead(Mm mm) {
    if (mm.writer != NOBODY || writerWaits(mm)) {
      return false;
    }
    mm.readers++;
    return true;
  }

  /** mmap_read_lock(); false if the task has to wait, and holds the lock when it goes on. */
  boolean read(Task task, Mm mm) {
    if (tryRead(mm)) {
      return true;
    }
    mm.waiters.addLast(ticket(task, false));
    kernel.waits.forTurn(task.id);
    return false;
  }

  /** mmap_write_lock(); false if the task has to wait, and holds the lock when it goes on. */
  boolean write(Task task, Mm mm) {
    if (mm.writer == NOBODY && mm.readers == 0 && mm.waiters.isEmpty()) {
      mm.writer = task.id;
      return true;
    }
    mm.waiters.addLast(ticket(task, true));
    kernel.waits.forTurn(task.id);
    return false;
  }

  /**
   * What mmap_read_lock_killable() and mmap_write_lock_killable() do when a fatal signal comes:
   * leaves the queue; false if the task is not in it.
   */
  boolean stopWaiting(Task task, Mm mm, boolean write) {
    if (!mm.waiters.remove(ticket(task, write))) {
      return false;
    }
    kernel.waits.leave(task.id);
    handOver(mm);
    return true;
  }

  void readUnlock(Mm mm) {
    if (mm.readers == 0) {
      throw new LawBroken(Law.LOCK_STATES, "an mmap_lock without readers is released");
    }
    mm.readers--;
    handOver(mm);
  }

  void writeUnlock(Mm mm) {
    if (mm.writer == NOBODY) {
      throw new LawBroken(Law.LOCK_STATES, "an mmap_lock without a writer is released");
    }
    mm.writer = NOBODY;
    machine.lastProgressNs = kernel.clock();
    handOver(mm);
  }

  private void handOver(Mm mm) {
    while (!mm.waiters.isEmpty() && mm.writer == NOBODY) {
      int ticket = mm.waiters.get(0);
      boolean wantsWrite = (ticket & 1) == 1;
      if (wantsWrite && mm.readers > 0) {
        return;
      }
      mm.waiters.removeFirst();
      Task task = machine.tasks[ticket >> 1];
      if (wantsWrite) {
        mm.writer = task.id;
      } else {
        mm.readers++;
      }
      kernel.waits.wakeNow(task.id, kernel.scheduler.eventOf(task));
    }
  }

  private static int ticket(Task task, boolean write) {
    return task.id << 1 | (write ? 1 : 0);
  }

  private static boolean writerWaits(Mm mm) {
    for (int i = 0; i < mm.waiters.size(); i++) {
      if ((mm.waiters.get(i) & 1) == 1) {
        return true;
      }
    }
    return false;
  }
}
