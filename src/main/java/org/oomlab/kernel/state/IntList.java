package org.oomlab.kernel.state;

import java.util.Arrays;

/** A list of task or process numbers that allocates only while it grows for the first time. */
public final class IntList {
  private int[] items = new int[4];
  private int size;

  public void clear() {
    size = 0;
  }

  void copyFrom(IntList that) {
    if (items.length < that.size) {
      items = new int[that.items.length];
    }
    System.arraycopy(that.items, 0, items, 0, that.size);
    size = that.size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  public int get(int i) {
    assert i < size;
    return items[i];
  }

  public void addLast(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  public void addFirst(int item) {
    addLast(item);
    System.arraycopy(items, 0, items, 1, size - 1);
    items[0] = item;
  }

  public int removeFirst() {
    int first = get(0);
    System.arraycopy(items, 1, items, 0, --size);
    return first;
  }

  /** Adds the item at a place; those that were there move up. */
  public void insertAt(int place, int item) {
    addLast(item);
    for (int i = size - 1; i > place; i--) {
      items[i] = items[i - 1];
    }
    items[place] = item;
  }

  public boolean contains(int item) {
    for (int i = 0; i < size; i++) {
      if (items[i] == item) {
        return true;
      }
    }
    return false;
  }

  public int last() {
    return get(size - 1);
  }

  public int removeLast() {
    int last = last();
    size--;
    return last;
  }

  /** Removes the item; false if it is not there. */
  public boolean remove(int item) {
    for (int i = 0; i < size; i++) {
      if (items[i] == item) {
        System.arraycopy(items, i + 1, items, i, --size - i);
        return true;
      }
    }
    return false;
  }

  /** Adds the item so that the list stays ascending. */
  public void insert(int item) {
    int place = size;
    while (place > 0 && items[place - 1] > item) {
      place--;
    }
    insertAt(place, item);
  }
}
