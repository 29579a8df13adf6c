package org.oomlab.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One episode of a machine with fifty processes, from boot to verdict, without counterfactuals. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EpisodeBench {
  @Param({"bench-50-mlocked"})
  String workload;

  @Param({"linux-4.19", "linux-6.18"})
  String policy;

  private Kernel kernel;
  private long seed;

  /** Events, so that the time of one can be worked out. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Counters {
    public long events;

    @Setup(Level.Iteration)
    public void clear() {
      events = 0;
    }
  }

  @Setup
  public void load() {
    Library library = Library.open(null);
    Workload loaded = library.resolveWorkloads(List.of(workload), line -> {}).get(0);
    Policy resolved = library.resolvePolicies(List.of(policy), line -> {}).get(0);
    Costs costs = library.costs(loaded.costsName());
    kernel = new Kernel(loaded, costs, resolved);
  }

  @Benchmark
  public Verdict episode(Counters counters) {
    kernel.boot(seed++, TraceSink.NONE);
    Verdict verdict = kernel.run();
    counters.events += kernel.events();
    return verdict;
  }
}
