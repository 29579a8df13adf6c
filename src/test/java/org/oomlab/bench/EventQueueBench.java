package org.oomlab.bench;

import java.util.concurrent.TimeUnit;
import org.oomlab.engine.EventQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hold model: take the earliest of N pending events and schedule it again an exponential time
 * later. What a simulation does all day, without anything to simulate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventQueueBench {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /** Nanoseconds of simulated time before the clock starts again, so that it never runs out. */
  private static final long HORIZON_NS = 1L << 40;

  @Param({"10", "100", "1000", "10000", "100000"})
  int pending;

  private EventQueue queue;
  private long random = 42;

  @Setup
  public void fill() {
    queue = new EventQueue(1, pending);
    for (int i = 0; i < pending; i++) {
      queue.at(0, i, exponential());
    }
  }

  @Benchmark
  public long hold() {
    if (queue.nowNs() > HORIZON_NS) {
      fill();
    }
    queue.advance();
    queue.in(0, queue.subject(), exponential());
    return queue.nowNs();
  }

  /** SplitMix64 and inversion, as in the C++ reference that the figure is compared with. */
  private long exponential() {
    random += GOLDEN_GAMMA;
    long z = (random ^ (random >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    double uniform = (z >>> 11) * 0x1.0p-53;
    return (long) (-1000 * Math.log(1 - uniform));
  }
}
