package org.oomlab.kernel;

/** A mutex of the kernel: oom_lock, or one that the workload names. Handed over in turn. */
final class Mutex {
  /** A task's number, {@link Machine#REAPER}, or {@link Machine#NOBODY}. */
  int owner = Machine.NOBODY;

  final IntList waiters = new IntList();

  void clear() {
    owner = Machine.NOBODY;
    waiters.clear();
  }

  void copyFrom(Mutex that) {
    owner = that.owner;
    waiters.copyFrom(that.waiters);
  }

  boolean tryLock(int who) {
    if (owner != Machine.NOBODY) {
      return false;
    }
    owner = who;
    return true;
  }

  /** Takes the mutex, or joins the queue; false if the caller has to wait for its turn. */
  boolean lockOrWait(int who) {
    if (tryLock(who)) {
      return true;
    }
    waiters.addLast(who);
    return false;
  }

  /** Releases the mutex; returns its next owner or {@link Machine#NOBODY}. */
  int unlock() {
    if (owner == Machine.NOBODY) {
      throw new LawBroken(Law.LOCK_STATES, "a free mutex is released");
    }
    owner = waiters.isEmpty() ? Machine.NOBODY : waiters.removeFirst();
    return owner;
  }
}
