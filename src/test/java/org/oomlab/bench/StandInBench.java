package org.oomlab.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import umontreal.ssj.simevents.eventlist.Henriksen;
import umontreal.ssj.simevents.eventlist.SplayTree;

/** An event of the same toy, on our queue and on SSJ. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StandInBench {
  private static final int EVENTS = 5_000;

  @Param({"oomlab", "ssj-splay", "ssj-henriksen"})
  String carrier;

  private StandInCarrier carries;
  private long seed;

  @Setup
  public void build() {
    carries =
        switch (carrier) {
          case "oomlab" -> StandInCarrier.ours();
          case "ssj-splay" -> StandInCarrier.ssj(new SplayTree());
          case "ssj-henriksen" -> StandInCarrier.ssj(new Henriksen());
          default -> throw new IllegalArgumentException(carrier);
        };
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long event() {
    return carries.episode(seed++, EVENTS);
  }
}
