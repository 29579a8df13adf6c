package org.oomlab.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.oomlab.debug.Debugger;
import org.oomlab.debug.Verb;
import org.oomlab.debug.Verbs;
import org.oomlab.report.Page;
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

/** From anywhere in an episode to anywhere, forward or back, as somebody waits for it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 5)
@Fork(1)
public class GotoBench {
  @Param({"bench-50-mlocked", "mlocked-all", "oom-livelock-module"})
  String workload;

  private Debugger debugger;
  private Verb goTo;
  private long events;
  private SplittableRandom random;

  @Setup
  public void open() {
    debugger = new Debugger(Shelf.shipped(workload, "linux-4.5"), 1, () -> false);
    goTo =
        Verbs.all().stream().filter(verb -> verb.name().equals("goto")).findFirst().orElseThrow();
    goTo.action().run(debugger, List.of("end"), new Page(false));
    events = debugger.moment();
    random = new SplittableRandom(1);
  }

  @Benchmark
  public Page goThere() {
    Page page = new Page(false);
    String event = Long.toString(random.nextLong(events));
    goTo.action().run(debugger, List.of("event", event), page);
    return page;
  }
}
