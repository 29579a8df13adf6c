package org.oomlab.swap;

/**
 * Pages on their way to a device: PG_writeback. They take memory until they are written, and come
 * free in the order in which they were sent off.
 */
public final class WriteQueue {
  private static final int INITIAL = 16;

  private long[] doneNs = new long[INITIAL];
  private long[] batch = new long[INITIAL];
  private int first;
  private int count;
  private long pages;

  /** Forgets everything. */
  public void clear() {
    first = 0;
    count = 0;
    pages = 0;
  }

  /** Makes this queue's state that of {@code that}. */
  public void copyFrom(WriteQueue that) {
    if (doneNs.length < that.count) {
      doneNs = new long[that.doneNs.length];
      batch = new long[that.doneNs.length];
    }
    for (int i = 0; i < that.count; i++) {
      int from = (that.first + i) % that.doneNs.length;
      doneNs[i] = that.doneNs[from];
      batch[i] = that.batch[from];
    }
    first = 0;
    count = that.count;
    pages = that.pages;
  }

  /** So many pages more, which will be written at a time that is not before that of any other. */
  public void add(long size, long atNs) {
    if (count == doneNs.length) {
      grow();
    }
    int place = (first + count) % doneNs.length;
    doneNs[place] = atNs;
    batch[place] = size;
    count++;
    pages += size;
  }

  private void grow() {
    long[] times = new long[2 * count];
    long[] sizes = new long[2 * count];
    for (int i = 0; i < count; i++) {
      times[i] = doneNs[(first + i) % count];
      sizes[i] = batch[(first + i) % count];
    }
    doneNs = times;
    batch = sizes;
    first = 0;
  }

  /** Takes out what is written by now; returns how many pages that is. */
  public long takeDone(long nowNs) {
    long done = 0;
    while (count > 0 && doneNs[first] <= nowNs) {
      done += batch[first];
      first = (first + 1) % doneNs.length;
      count--;
    }
    pages -= done;
    return done;
  }

  /** Pages that are not written yet. */
  public long pages() {
    return pages;
  }

  /** When the next of them are written; {@link Long#MAX_VALUE} if there are none. */
  public long nextNs() {
    return count == 0 ? Long.MAX_VALUE : doneNs[first];
  }

  /** When so many of them are written, or all if there are fewer. */
  public long whenDone(long size) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int place = (first + i) % doneNs.length;
      sum += batch[place];
      if (sum >= size || i == count - 1) {
        return doneNs[place];
      }
    }
    return Long.MAX_VALUE;
  }
}
