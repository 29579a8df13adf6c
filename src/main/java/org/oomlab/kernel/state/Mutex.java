package org.oomlab.kernel.state;

/** A mutex of the kernel: oom_lock, or one that the workload names. Handed over in turn. */
public final class Mutex {
  /** A task's number, {@link Machine#REAPER}, or {@link Machine#NOBODY}. */
  public int owner = Machine.NOBODY;

  public final IntList waiters = new IntList();

  void clear() {
    owner = Machine.NOBODY;
    waiters.clear();
  }

  void copyFrom(Mutex that) {
    owner = that.owner;
    waiters.copyFrom(that.waiters);
  }

  public boolean tryLock(int who) {
    if (owner != Machine.NOBODY) {
      return false;
    }
    owner = who;
    return true;
  }

  /** Takes the mutex, or joins the queue; false if the caller has to wait for its turn. */
  public boolean lockOrWait(int who) {
    if (tryLock(who)) {
      return true;
    }
    waiters.addLast(who);
    return false;
  }

  /** Releases the mutex; returns its next owner or {@link Machine#NOBODY}. */
  public int unlock() {
    if (owner == Machine.NOBODY) {
      throw new LawBroken(Law.LOCK_STATES, "a free mutex is released");
    }
    owner = waiters.isEmpty() ? Machine.NOBODY : waiters.removeFirst();
    return owner;
  }
}
