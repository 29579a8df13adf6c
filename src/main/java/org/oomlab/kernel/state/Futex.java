package org.oomlab.kernel.state;

/** A robust futex in memory that outlives its owner. */
public final class Futex {
  public int owner = Machine.NOBODY;

  /** Its owner died without a word: nobody will ever get it. */
  public boolean broken;

  public final IntList waiters = new IntList();

  void clear() {
    owner = Machine.NOBODY;
    broken = false;
    waiters.clear();
  }

  void copyFrom(Futex that) {
    owner = that.owner;
    broken = that.broken;
    waiters.copyFrom(that.waiters);
  }
}
