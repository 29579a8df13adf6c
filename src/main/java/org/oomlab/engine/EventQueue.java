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
 * <p>Implementation: a tournament ("winner") tree of primitive keys. A key is the time shifted left
 * by the bits of kind and subject, plus these, so one comparison decides all three at once. Every
 * {@link Lane} has a subtree, the first next to the root and each further one a level down, so what
 * happens often, or to few, has the shortest way up. Nothing is allocated after construction.
 */
public final class EventQueue {
  private static final long EMPTY = Long.MAX_VALUE;

  private final int subjectBits;
  private final int keyBits;
  private final long keyMask;
  private final long latestNs;

  /** The leaf of the first subject of each kind. */
  private final int[] firstLeaf;

  /** What of a subject's number counts for its leaf: all of it, or nothing. */
  private final int[] leafMask;

  /** Winner of each subtree; the root is at 1, the children of node n at 2n and 2n + 1. */
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

  /** Kinds of events that are kept together. */
  public static final class Lane {
    private final int slots;
    private final boolean bySubject;
    private final int[] kinds;

    private Lane(int slots, boolean bySubject, int[] kinds) {
      this.slots = slots;
      this.bySubject = bySubject;
      this.kinds = kinds;
    }

    /** Kinds that exclude one another: a subject waits for one event of any of them. */
    public static Lane ofSubjects(int subjects, int... kinds) {
      return new Lane(Math.max(1, subjects), true, kinds.clone());
    }

    /** Kinds that exclude no other, but are pending for one subject at most. */
    public static Lane ofOne(int... kinds) {
      return new Lane(kinds.length, false, kinds.clone());
    }
  }

  /** A queue for {@code kinds} × {@code subjects} events that are independent, at time 0. */
  public EventQueue(int kinds, int subjects) {
    this(kinds, subjects, lanes(kinds, subjects));
  }

  /**
   * A queue for events of some kinds, at time 0.
   *
   * @param subjects their number; those of a lane may be fewer
   * @param lanes every kind is in one of these; what happens most comes first
   */
  public EventQueue(int kinds, int subjects, Lane... lanes) {
    this.subjectBits = bits(subjects);
    this.keyBits = Math.max(1, bits(kinds) + subjectBits);
    this.keyMask = (1L << keyBits) - 1;
    this.latestNs = (1L << (62 - keyBits)) - 1;
    this.firstLeaf = new int[kinds];
    this.leafMask = new int[kinds];
    this.pendingOfKind = new int[kinds];
    int nodes = 2;
    for (int i = 0; i < lanes.length; i++) {
      // The last two lanes share a parent; every lane before them has its sibling's subtree below.
      boolean last = i == lanes.length - 1;
      int stem = last ? 1 << i : 1 << (i + 1) | 1;
      int first = stem << bits(lanes[i].slots);
      nodes = Math.max(nodes, first + (1 << bits(lanes[i].slots)));
      for (int k = 0; k < lanes[i].kinds.length; k++) {
        int each = lanes[i].kinds[k];
        firstLeaf[each] = lanes[i].bySubject ? first : first + k;
        leafMask[each] = lanes[i].bySubject ? -1 : 0;
      }
    }
    this.winner = new long[nodes];
    clear();
  }

  private static Lane[] lanes(int kinds, int subjects) {
    Lane[] lanes = new Lane[kinds];
    for (int kind = 0; kind < kinds; kind++) {
      lanes[kind] = Lane.ofSubjects(subjects, kind);
    }
    return lanes;
  }

  /** Bits that tell so many numbers, from 0, apart. */
  private static int bits(int numbers) {
    return 32 - Integer.numberOfLeadingZeros(Math.max(1, numbers) - 1);
  }

  private int leaf(int kind, int subject) {
    return firstLeaf[kind] + (subject & leafMask[kind]);
  }

  private int kindOf(long key) {
    return (int) (key & keyMask) >>> subjectBits;
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
    assert winner.length == that.winner.length && keyBits == that.keyBits;
    System.arraycopy(that.winner, 0, winner, 0, winner.length);
    System.arraycopy(that.pendingOfKind, 0, pendingOfKind, 0, pendingOfKind.length);
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
    long key = timeNs > latestNs ? EMPTY : timeNs << keyBits | kind << subjectBits | subject;
    int leaf = leaf(kind, subject);
    boolean wasPending = leaf != taken && winner[leaf] != EMPTY;
    assert !wasPending || kindOf(winner[leaf]) == kind
        : "kinds " + kind + " and " + kindOf(winner[leaf]) + " at once for subject " + subject;
    if (wasPending != (key != EMPTY)) {
      pendingOfKind[kind] += wasPending ? -1 : 1;
    }
    if (leaf != taken) {
      removeTaken();
    }
    taken = 0;
    replay(leaf, key);
  }

  /** Schedules the event {@code delayNs} from now. */
  public void in(int kind, int subject, long delayNs) {
    at(kind, subject, nowNs + delayNs);
  }

  /** Forgets the event, if it is pending. */
  public void cancel(int kind, int subject) {
    if (isPending(kind, subject)) {
      removeTaken();
      pendingOfKind[kind]--;
      replay(leaf(kind, subject), EMPTY);
    }
  }

  /** Forgets whatever the subject waits for in the lane of this kind. */
  public void cancelAny(int kind, int subject) {
    int leaf = leaf(kind, subject);
    if (leaf != taken && winner[leaf] != EMPTY) {
      int pending = kindOf(winner[leaf]);
      removeTaken();
      pendingOfKind[pending]--;
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
    take(key);
    return true;
  }

  /**
   * Takes an event that is due at the time of the earliest, but need not be the first of these.
   *
   * @throws IllegalArgumentException if there is no such event, or an earlier one
   */
  public void advanceTo(int kind, int subject) {
    long key = nextNs() << keyBits | kind << subjectBits | subject;
    if (winner[leaf(kind, subject)] != key) {
      throw new IllegalArgumentException("kind " + kind + " of subject " + subject + " is not due");
    }
    take(key);
  }

  private void take(long key) {
    long timeNs = key >>> keyBits;
    assert timeNs >= nowNs : "time ran back";
    nowNs = timeNs;
    kind = kindOf(key);
    subject = (int) key & ((1 << subjectBits) - 1);
    pendingOfKind[kind]--;
    handled++;
    taken = leaf(kind, subject);
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
    return winner[1] == EMPTY ? Long.MAX_VALUE : winner[1] >>> keyBits;
  }

  /** The kind of the next event, or -1. */
  public int nextKind() {
    removeTaken();
    return winner[1] == EMPTY ? -1 : kindOf(winner[1]);
  }

  /** The subject of the next event, or -1. */
  public int nextSubject() {
    removeTaken();
    return winner[1] == EMPTY ? -1 : (int) winner[1] & ((1 << subjectBits) - 1);
  }

  /** Whether the subject has a pending event of this kind. */
  public boolean isPending(int kind, int subject) {
    return timeOf(kind, subject) != Long.MAX_VALUE;
  }

  /** Whether the subject waits for anything in the lane of this kind. */
  public boolean isAnyPending(int kind, int subject) {
    int leaf = leaf(kind, subject);
    return leaf != taken && winner[leaf] != EMPTY;
  }

  /** When the pending event is due, or {@link Long#MAX_VALUE}. */
  public long timeOf(int kind, int subject) {
    int leaf = leaf(kind, subject);
    long key = leaf == taken ? EMPTY : winner[leaf];
    return key == EMPTY || kindOf(key) != kind ? Long.MAX_VALUE : key >>> keyBits;
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
