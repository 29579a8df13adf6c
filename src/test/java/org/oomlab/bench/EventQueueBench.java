package org.oomlab.bench;

import java.util.concurrent.TimeUnit;
import org.oomlab.engine.EventQueue;
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
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.simevents.eventlist.Henriksen;
import umontreal.ssj.simevents.eventlist.SplayTree;

/**
 * The hold model: take the earliest of N pending events and schedule it again an exponential time
 * later. What a simulation does all day, without anything to simulate. On our queue, and on SSJ
 * with its default event list and with its quickest.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventQueueBench {
  /** SSJ hands control back only when it is stopped, so nobody is asked for a single event. */
  private static final int BATCH = 1000;

  private static final double MEAN_NS = 1000;

  /** Nanoseconds of simulated time before the clock starts again, so that it never runs out. */
  private static final long HORIZON_NS = 1L << 40;

  /** How many events are pending all the time. */
  @State(Scope.Thread)
  public abstract static class Pending {
    @Param({"10", "100", "1000", "10000", "100000"})
    int pending;

    final Chance chance = new Chance(42);

    @Setup
    public abstract void fill();
  }

  /** Our queue. */
  public static class Ours extends Pending {
    private EventQueue queue;

    @Override
    public void fill() {
      queue = new EventQueue(1, pending);
      for (int i = 0; i < pending; i++) {
        queue.at(0, i, chance.exponential(MEAN_NS));
      }
    }
  }

  /** SSJ's simulator, which calls its events. */
  public abstract static class Ssj extends Pending {
    private Simulator simulator;
    private int left;

    abstract EventList list();

    @Override
    public void fill() {
      simulator = new Simulator(list());
      for (int i = 0; i < pending; i++) {
        new Held(this).schedule((double) chance.exponential(MEAN_NS));
      }
    }

    double hold() {
      left = BATCH;
      simulator.start();
      return simulator.time();
    }
  }

  private static final class Held extends Event {
    private final Ssj of;

    Held(Ssj of) {
      super(of.simulator);
      this.of = of;
    }

    @Override
    public void actions() {
      schedule((double) of.chance.exponential(MEAN_NS));
      if (--of.left == 0) {
        of.simulator.stop();
      }
    }
  }

  /** What SSJ does unless it is told otherwise. */
  public static class Splay extends Ssj {
    @Override
    EventList list() {
      return new SplayTree();
    }
  }

  /** What SSJ is quickest with. */
  public static class Indexed extends Ssj {
    @Override
    EventList list() {
      return new Henriksen();
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long hold(Ours ours) {
    EventQueue queue = ours.queue;
    if (queue.nowNs() > HORIZON_NS) {
      ours.fill();
      queue = ours.queue;
    }
    for (int i = 0; i < BATCH; i++) {
      queue.advance();
      queue.in(0, queue.subject(), ours.chance.exponential(MEAN_NS));
    }
    return queue.nowNs();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double holdSsjSplay(Splay ssj) {
    return ssj.hold();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double holdSsjHenriksen(Indexed ssj) {
    return ssj.hold();
  }
}
