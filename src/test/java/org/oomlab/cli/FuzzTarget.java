package org.oomlab.cli;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What Jazzer calls, a few thousand times a second, with the reader that a property names. See
 * src/site/markdown/readers.md.
 */
public final class FuzzTarget {
  private static final FuzzedReader READER =
      FuzzedReader.valueOf(System.getProperty("oomlab.reader", "log").toUpperCase(Locale.ROOT));

  /** Of processor time, for an input of at most 64 KiB with every branch being counted. */
  private static final long MOST_NS = 1_000_000_000L;

  /** While code is being compiled, it takes longer. */
  private static final int WARM = 1000;

  private static int inputs;

  private FuzzTarget() {}

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    READER.accept(input);
    long ns = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    if (++inputs > WARM && ns > MOST_NS) {
      throw new AssertionError("took " + ns / 1_000_000 + " ms");
    }
  }
}
