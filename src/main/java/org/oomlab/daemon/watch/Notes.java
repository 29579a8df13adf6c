package org.oomlab.daemon.watch;

import java.util.Arrays;

/** What a daemon remembers from one look to the next: numbers, so that a machine can be copied. */
public final class Notes {
  private final long[] numbers;

  /** Room for so many numbers, all 0. */
  public Notes(int size) {
    numbers = new long[size];
  }

  /** A number. */
  public long get(int index) {
    return numbers[index];
  }

  /** Remembers a number. */
  public void set(int index, long number) {
    numbers[index] = number;
  }

  /** Forgets everything: the daemon starts. */
  public void clear() {
    Arrays.fill(numbers, 0);
  }

  /** Makes these notes those of {@code that}, which are as many. */
  public void copyFrom(Notes that) {
    System.arraycopy(that.numbers, 0, numbers, 0, numbers.length);
  }

  /** How many there are. */
  public int size() {
    return numbers.length;
  }
}
