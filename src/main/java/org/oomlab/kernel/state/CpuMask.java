package org.oomlab.kernel.state;

import java.util.Arrays;

/** A set of processors, whose first is found without looking at each: cpumask_t. */
public final class CpuMask {
  public static final int NONE = -1;

  private final int cpus;
  private final long[] words;

  CpuMask(int cpus) {
    this.cpus = cpus;
    this.words = new long[(cpus + Long.SIZE - 1) / Long.SIZE];
  }

  /** cpumask_setall(). */
  public void setAll() {
    Arrays.fill(words, -1L);
    if (cpus % Long.SIZE != 0) {
      words[words.length - 1] = (1L << cpus) - 1;
    }
  }

  void copyFrom(CpuMask that) {
    System.arraycopy(that.words, 0, words, 0, words.length);
  }

  public void set(int cpu) {
    words[cpu / Long.SIZE] |= 1L << cpu;
  }

  public void clear(int cpu) {
    words[cpu / Long.SIZE] &= ~(1L << cpu);
  }

  public boolean contains(int cpu) {
    return (words[cpu / Long.SIZE] & 1L << cpu) != 0;
  }

  /** cpumask_first(): the lowest number, or {@link #NONE}. */
  public int first() {
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(words[i]);
      }
    }
    return NONE;
  }
}
