package org.oomlab.kernel;

/** A robust futex in memory that outlives its owner. */
final class Futex {
  int owner = Machine.NOBODY;

  /** Its owner died without a word: nobody will ever get it. */
  boolean broken;

  final IntList waiters = new IntList();

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
