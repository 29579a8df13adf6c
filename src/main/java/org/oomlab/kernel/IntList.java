package org.oomlab.kernel;

import java.util.Arrays;

/** A list of task or process numbers that allocates only while it grows for the first time. */
final class IntList {
  private int[] items = new int[4];
  private int size;

  void clear() {
    size = 0;
  }

  void copyFrom(IntList that) {
    if (items.length < that.size) {
      items = new int[that.items.length];
    }
    System.arraycopy(that.items, 0, items, 0, that.size);
    size = that.size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  int get(int i) {
    assert i < size;
    return items[i];
  }

  void addLast(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  void addFirst(int item) {
    addLast(item);
    System.arraycopy(items, 0, items, 1, size - 1);
    items[0] = item;
  }

  int removeFirst() {
    int first = get(0);
    System.arraycopy(items, 1, items, 0, --size);
    return first;
  }

  /** Adds the item at a place; those that were there move up. */
  void insertAt(int place, int item) {
    addLast(item);
    for (int i = size - 1; i > place; i--) {
      items[i] = items[i - 1];
    }
    items[place] = item;
  }

  boolean contains(int item) {
    for (int i = 0; i < size; i++) {
      if (items[i] == item) {
        return true;
      }
    }
    return false;
  }

  int last() {
    return get(size - 1);
  }

  int removeLast() {
    int last = last();
    size--;
    return last;
  }

  /** Removes the item; false if it is not there. */
  boolean remove(int item) {
    for (int i = 0; i < size; i++) {
      if (items[i] == item) {
        System.arraycopy(items, i + 1, items, i, --size - i);
        return true;
      }
    }
    return false;
  }

  /** Adds the item so that the list stays ascending. */
  void insert(int item) {
    int place = size;
    while (place > 0 && items[place - 1] > item) {
      place--;
    }
    insertAt(place, item);
  }
}
