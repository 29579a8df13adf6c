package org.oomlab.engine;

import java.util.Arrays;

/**
 * The clock and the pending events of one simulation.
 *
 * <p>Events are ordered by time, then by kind in the order the kinds are numbered, then by
 * sequence, which is the number of the subject the event happens to. A subject has at most one
 * pending event of each kind: to schedule it again moves it, so nothing is ever searched for or
 * cancelled late, and the order is total without a counter that two forks could disagree about.
 *
 * <p>Implementation: a tournament ("winner") tree of primitive keys over one slot per kind and
 * subject. A key is the time shifted left by the bits of the slot number, plus the slot number, so
 * one comparison decides time, kind and sequence at once. Nothing is allocated after construction.
 */
public final class EventQueue {
  private static final long EMPTY = Long.MAX_VALUE;

  private final int kinds;
  private final int subjects;
  private final int subjectBits;
  private final int slotBits;
  private final int leaves;
  private final long latestNs;

  /** Winner of each subtree; the root is at 1, the leaf of slot s at leaves + s. */
  private final long[] winner;

  private final int[] pendingOfKind;

  /**
   * The leaf of the event that was taken last, still in the tree, or 0. What is taken is most often
   * scheduled again at once, and then one way up the tree is enough for both.
   */
  private int taken;

  private long nowNs;
  private int kind;
  private int subject;
  private long handled;

  /** A queue for {@code kinds} × {@code subjects} events, at time 0. */
  public EventQueue(int kinds, int subjects) {
    this.kinds = kinds;
    this.subjects = subjects;
    // Each kind has a power of two of slots, so that a slot is taken apart by shifting.
    this.subjectBits = 32 - Integer.numberOfLeadingZeros(Math.max(1, subjects) - 1);
    int slots = Math.multiplyExact(kinds, 1 << subjectBits);
    this.slotBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(slots - 1));
    this.leaves = 1 << slotBits;
    this.latestNs = (1L << (62 - slotBits)) - 1;
    this.winner = new long[2 * leaves];
    this.pendingOfKind = new int[kinds];
    clear();
  }

  /** Forgets every event and sets the clock to 0. */
  public void clear() {
    Arrays.fill(winner, EMPTY);
    Arrays.fill(pendingOfKind, 0);
    taken = 0;
    nowNs = 0;
    kind = 0;
    subject = 0;
    handled = 0;
  }

  /** Makes this queue's state that of {@code that}, which must have the same shape. */
  public void copyFrom(EventQueue that) {
    assert kinds == that.kinds && subjects == that.subjects;
    System.arraycopy(that.winner, 0, winner, 0, winner.length);
    System.arraycopy(that.pendingOfKind, 0, pendingOfKind, 0, kinds);
    taken = that.taken;
    nowNs = that.nowNs;
    kind = that.kind;
    subject = that.subject;
    handled = that.handled;
  }

  /**
   * Schedules the event, or moves it if it is pending.
   *
   * @param timeNs when; not before now. Times beyond {@link #latestNs} never come.
   */
  public void at(int kind, int subject, long timeNs) {
    assert timeNs >= nowNs : "an event in the past: " + timeNs + " < " + nowNs;
    int slot = kind << subjectBits | subject;
    long key = timeNs > latestNs ? EMPTY : timeNs << slotBits | slot;
    int leaf = leaves + slot;
    boolean wasPending = leaf != taken && winner[leaf] != EMPTY;
    if (wasPending != (key != EMPTY)) {
      pendingOfKind[kind] += wasPending ? -1 : 1;
    }
    if (leaf == taken) {
      taken = 0;
    } else {
      removeTaken();
    }
    replay(leaf, key);
  }

  /** Schedules the event {@code delayNs} from now. */
  public void in(int kind, int subject, long delayNs) {
    at(kind, subject, nowNs + delayNs);
  }

  /** Forgets the event, if it is pending. */
  public void cancel(int kind, int subject) {
    removeTaken();
    int leaf = leaves + (kind << subjectBits | subject);
    if (winner[leaf] != EMPTY) {
      pendingOfKind[kind]--;
      replay(leaf, EMPTY);
    }
  }

  /** Takes the earliest event and moves the clock to it; false if there is none. */
  public boolean advance() {
    removeTaken();
    long key = winner[1];
    if (key == EMPTY) {
      return false;
    }
    long timeNs = key >>> slotBits;
    assert timeNs >= nowNs : "time ran back";
    nowNs = timeNs;
    int slot = (int) (key & (leaves - 1));
    kind = slot >>> subjectBits;
    subject = slot & ((1 << subjectBits) - 1);
    pendingOfKind[kind]--;
    handled++;
    taken = leaves + slot;
    return true;
  }

  private void removeTaken() {
    if (taken != 0) {
      int leaf = taken;
      taken = 0;
      replay(leaf, EMPTY);
    }
  }

  private void replay(int leaf, long key) {
    final long[] tree = winner;
    tree[leaf] = key;
    long best = key;
    for (int node = leaf; node > 1; node >>= 1) {
      best = Math.min(best, tree[node ^ 1]);
      tree[node >> 1] = best;
    }
  }

  /** The kind of the event that {@link #advance} took last. */
  public int kind() {
    return kind;
  }

  /** The subject of the event that {@link #advance} took last. */
  public int subject() {
    return subject;
  }

  /** The time of the event that {@link #advance} took last. */
  public long nowNs() {
    return nowNs;
  }

  /** When the next event is due, or {@link Long#MAX_VALUE}. */
  public long nextNs() {
    removeTaken();
    return winner[1] == EMPTY ? Long.MAX_VALUE : winner[1] >>> slotBits;
  }

  /** The kind of the next event, or -1. */
  public int nextKind() {
    removeTaken();
    return winner[1] == EMPTY ? -1 : (int) (winner[1] & (leaves - 1)) >>> subjectBits;
  }

  /** Whether the subject has a pending event of this kind. */
  public boolean isPending(int kind, int subject) {
    int leaf = leaves + (kind << subjectBits | subject);
    return leaf != taken && winner[leaf] != EMPTY;
  }

  /** When the pending event is due, or {@link Long#MAX_VALUE}. */
  public long timeOf(int kind, int subject) {
    int leaf = leaves + (kind << subjectBits | subject);
    long key = leaf == taken ? EMPTY : winner[leaf];
    return key == EMPTY ? Long.MAX_VALUE : key >>> slotBits;
  }

  /** How many events of this kind are pending. */
  public int pending(int kind) {
    return pendingOfKind[kind];
  }

  /** How many events {@link #advance} has taken since the queue was new or cleared. */
  public long handled() {
    return handled;
  }

  /** The last moment this queue can tell apart; later events never come. At least 2 hours. */
  public long latestNs() {
    return latestNs;
  }
}
