package org.oomlab.bench;

import java.util.concurrent.TimeUnit;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.trace.TraceSink;
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
 * A copy of the whole machine on the brink of its first kill: what every "what if?" begins with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StateCopyBench {
  @Param({"m01-runnable-victim", "mlocked-all", "bench-50-mlocked"})
  String workload;

  private Kernel original;
  private Kernel copy;

  @Setup
  public void boot() {
    Case of = Shelf.shipped(workload, "linux-6.18");
    original = Shelf.kernel(of);
    copy = Shelf.kernel(of);
    original.boot(1, TraceSink.NONE);
    if (!original.runToNextKill()) {
      throw new IllegalStateException(workload + ": nobody is killed");
    }
  }

  @Benchmark
  public Kernel copy() {
    copy.copyFrom(original);
    return copy;
  }
}
