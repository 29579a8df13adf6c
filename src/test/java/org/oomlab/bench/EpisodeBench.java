package org.oomlab.bench;

import java.util.concurrent.TimeUnit;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
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

/**
 * One episode, from boot to verdict; a workload of each family. Warmed up for long: so much code
 * takes the optimising compiler some seconds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EpisodeBench {
  @Param({
    "bench-50-mlocked",
    "bench-50-idle",
    "mmap-lock-held",
    "frozen-cached-apps",
    "lab-a1",
    "oom-livelock-module",
    "memcg-group",
    "mlocked-all",
    "notifier-guest",
    "m01-runnable-victim",
    "robust-futex-frozen",
    "shared-file-index",
    "teach-the-reaper-mlock"
  })
  String workload;

  @Param({"linux-4.19", "linux-6.18"})
  String policy;

  private Kernel kernel;
  private Episode judging;
  private long seed;

  /** Events that happened for good, so that the time of one can be worked out. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Counters {
    public long events;
    public long episodes;

    @Setup(Level.Iteration)
    public void clear() {
      events = 0;
      episodes = 0;
    }
  }

  @Setup
  public void load() {
    Case of = Shelf.shipped(workload, policy);
    kernel = Shelf.kernel(of);
    judging = new Episode(of, true);
  }

  @Benchmark
  public Verdict plain(Counters counters) {
    kernel.boot(seed++, TraceSink.NONE);
    Verdict verdict = kernel.run();
    counters.events += kernel.events();
    counters.episodes++;
    return verdict;
  }

  /** Every kill judged for both windows, of one second and of ten; and the outcome written down. */
  @Benchmark
  public Outcome judged(Counters counters) {
    Outcome outcome = judging.run(seed++);
    counters.events += outcome.events();
    counters.episodes++;
    return outcome;
  }
}
