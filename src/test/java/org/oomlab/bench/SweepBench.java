package org.oomlab.bench;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.search.Axis;
import org.oomlab.experiment.search.Design;
import org.oomlab.policy.Knobs;
import org.oomlab.unit.SeedRange;
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
import org.openjdk.jmh.infra.Blackhole;

/** A sweep of the reaper's delay over a thousand points, one judged episode each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SweepBench {
  private static final int POINTS = 1000;

  @Param({"m01-runnable-victim", "bench-50-idle"})
  String workload;

  @Param({"1", "2"})
  int jobs;

  private Plan plan;

  @Setup
  public void design() {
    Case of = Shelf.shipped(workload, "linux-6.18");
    Axis delay = Axis.parse("policy.reaper.delay=0s..4s");
    Design design = Design.of("lhs:" + POINTS, List.of(delay), 1);
    List<Case> cases =
        new AbstractList<>() {
          @Override
          public Case get(int point) {
            long value = Knobs.REAPER_DELAY.parse(design.values(point).get(0));
            return new Case(
                of.workload(), of.costs(), of.policy().with(Knobs.REAPER_DELAY, value, "sweep"));
          }

          @Override
          public int size() {
            return POINTS;
          }
        };
    plan = new Plan(cases, SeedRange.of(1), jobs, true);
  }

  @Benchmark
  public void sweep(Blackhole sink) throws InterruptedException {
    Experiment.run(plan, sink::consume, Progress.NONE);
  }
}
