package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.SchedEntity.NOWHERE;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.CpuMask;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.IntList;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Processor;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.WaitsFor;

/**
 * Who is on a processor when there are more who want one: CFS of kernel/sched/fair.c, reduced to
 * equal weights and one queue for all processors.
 *
 * <p>Work is done in bursts: a pass through the allocator's slow path, the faults of a batch, a
 * walk through an address space. With contention switched off in the cost file every burst has a
 * processor of its own; with it, allocators that go round and round take time away from the reaper
 * and the victim on whom they wait (T. Handa, linux-mm, July 2018).
 */
final class RunQueue {
  // sysctl_sched_latency, sysctl_sched_min_granularity and sysctl_sched_wakeup_granularity of
  // kernel/sched/fair.c@4.19, before get_update_sysctl_factor() scales them by the processors.
  private static final long LATENCY_NS = 6_000_000;
  private static final long MIN_GRANULARITY_NS = 750_000;
  private static final long WAKEUP_GRANULARITY_NS = 1_000_000;
  private static final int MOST_CPUS_THAT_COUNT = 8;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean contended;
  private final boolean preemptible;
  private final long latencyNs;
  private final long minGranularityNs;
  private final long wakeupGranularityNs;

  RunQueue(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.contended = machine.costs.cpuContention();
    this.preemptible = machine.costs.preemptible();
    int cpus = Math.min(machine.processors.length, MOST_CPUS_THAT_COUNT);
    int factor = 32 - Integer.numberOfLeadingZeros(cpus); // 1 + ilog2(cpus)
    this.latencyNs = LATENCY_NS * factor;
    this.minGranularityNs = MIN_GRANULARITY_NS * factor;
    this.wakeupGranularityNs = WAKEUP_GRANULARITY_NS * factor;
  }

  /**
   * A task, or {@link Machine#REAPER}, has work to do, and then the event happens. Only {@link
   * Waits} says so.
   *
   * @param ns how long it takes on a processor, more than none
   */
  void run(int who, Event event, long ns) {
    SchedEntity entity = machine.entity(who);
    entity.event = event;
    if (!contended) {
      entity.burstEndNs = kernel.clock() + ns;
      kernel.at(event, Machine.subjectOf(who), entity.burstEndNs);
      return;
    }
    if (entity.cpu != NOWHERE) {
      // It is on a processor already, between two bursts; goOn() arms it again.
      machine.processors[entity.cpu].burstEndNs = kernel.clock() + ns;
      return;
    }
    entity.remainingNs = ns;
    // place_entity(): a sleeper comes back with a credit of half a latency, but no more.
    entity.vruntimeNs = placed(entity.vruntimeNs, latencyNs / 2);
    int idle = machine.idle.first();
    if (idle != CpuMask.NONE) {
      dispatch(idle, entity);
    } else {
      int cpu = preemptibleFor(entity);
      if (cpu == NOWHERE) {
        enqueue(entity);
      } else {
        preempt(cpu, entity);
      }
    }
  }

  private void preempt(int cpu, SchedEntity entity) {
    SchedEntity running = machine.entities[machine.processors[cpu].running];
    takeOff(cpu);
    kernel.cancel(Event.CPU, running.id);
    enqueue(running);
    dispatch(cpu, entity);
  }

  /**
   * The work of somebody who is on a processor turns out to take longer, or less long, than {@link
   * #run} was told.
   *
   * @param ns how much longer it takes from now
   */
  void adjust(int who, Event event, long ns) {
    SchedEntity entity = machine.entity(who);
    if (!contended) {
      entity.burstEndNs = kernel.clock() + ns;
      kernel.at(event, Machine.subjectOf(who), entity.burstEndNs);
      return;
    }
    if (entity.cpu == NOWHERE) {
      throw new LawBroken(Law.ONE_WAIT, "nobody knows how long the wait for a processor is");
    }
    // The end of a burst is an event of its own.
    machine.processors[entity.cpu].burstEndNs = kernel.clock() + Math.max(1, ns);
    arm(entity.cpu, entity);
  }

  /** Its work is no longer wanted: whoever did it will do something else. */
  void cancel(int who) {
    SchedEntity entity = machine.entity(who);
    if (!contended) {
      kernel.cancel(entity.event, Machine.subjectOf(who));
    } else if (entity.cpu == NOWHERE) {
      machine.runnable.remove(entity.id);
      entity.remainingNs = 0;
    } else {
      int cpu = entity.cpu;
      takeOff(cpu);
      kernel.cancel(Event.CPU, entity.id);
      entity.remainingNs = 0;
      dispatchNext(cpu);
    }
  }

  /** Whether a walker is on a processor: only then does anything come out of its walk. */
  boolean isRunning(int who) {
    return !contended || machine.entity(who).cpu != NOWHERE;
  }

  /** Nanoseconds of work that somebody has left to do. */
  long remainingNs(int who) {
    SchedEntity entity = machine.entity(who);
    if (entity.waitsFor != WaitsFor.WORK) {
      return 0;
    }
    if (!contended) {
      return entity.burstEndNs - kernel.clock();
    }
    return entity.cpu == NOWHERE ? entity.remainingNs : remainingNs(machine.processors[entity.cpu]);
  }

  private long remainingNs(Processor processor) {
    return Math.max(0, processor.burstEndNs - kernel.clock());
  }

  /** Whether the event of a processor is that a burst is done, and not only somebody's turn. */
  boolean isDone(SchedEntity entity) {
    return machine.processors[entity.cpu].burstEndNs <= kernel.clock();
  }

  /**
   * A burst is done.
   *
   * @return what it was for, which is to happen now, and then {@link #goOn}; null if nothing
   */
  @Nullable Event finish(SchedEntity entity) {
    machine.processors[entity.cpu].burstEndNs = Processor.NO_BURST;
    if (entity.event == Event.OOM_KILL) {
      // An event of its own, so that forks can stop there.
      kernel.waits.in(entity.id, Event.OOM_KILL, 0);
      return null;
    }
    return entity.event;
  }

  /** A turn is over: whoever waits comes next. */
  void endTurn(SchedEntity entity) {
    int cpu = entity.cpu;
    if (machine.runnable.isEmpty()) {
      beginTurn(cpu, entity);
    } else {
      giveWay(cpu, entity);
    }
  }

  /** What a burst was for has happened: if more work follows, the turn goes on. */
  void goOn(SchedEntity entity) {
    int cpu = entity.cpu;
    if (cpu == NOWHERE) {
      return; // It has died meanwhile.
    }
    Processor processor = machine.processors[cpu];
    boolean hasMore = processor.burstEndNs != Processor.NO_BURST;
    if (!hasMore) {
      takeOff(cpu);
      dispatchNext(cpu);
    } else if (machine.runnable.isEmpty() || kernel.clock() < turnEndNs(processor)) {
      arm(cpu, entity);
    } else {
      giveWay(cpu, entity);
    }
  }

  /** It goes back among those who wait, and whoever has had least takes its place. */
  private void giveWay(int cpu, SchedEntity entity) {
    takeOff(cpu);
    // It may have been armed while its event was handled: a walk whose pace has changed.
    kernel.cancel(Event.CPU, entity.id);
    enqueue(entity);
    dispatchNext(cpu);
  }

  /** A sleeper's vruntime, or, if that is more, what all who run or wait have, less the credit. */
  private long placed(long vruntimeNs, long creditNs) {
    long least = Processor.NOBODY_RUNS;
    long enough = vruntimeNs + creditNs - kernel.clock();
    for (Processor processor : machine.processors) {
      least = Math.min(least, processor.vruntimeLessClockNs);
      if (least <= enough) {
        return vruntimeNs; // The others cannot make it more.
      }
    }
    if (least != Processor.NOBODY_RUNS) {
      least += kernel.clock();
    }
    if (!machine.runnable.isEmpty()) {
      least = Math.min(least, machine.entities[machine.runnable.last()].vruntimeNs);
    }
    if (least == Processor.NOBODY_RUNS) {
      least = machine.minVruntimeNs; // An empty queue has a past: min_vruntime never goes back.
    }
    return Math.max(vruntimeNs, least - creditNs);
  }

  /** check_preempt_wakeup(): where whoever had most runs, if that was much more, or nowhere. */
  private int preemptibleFor(SchedEntity woken) {
    int worst = NOWHERE;
    long now = kernel.clock();
    // wakeup_gran(): in the time of who wakes up, so that a heavy one waits for less.
    long granularityNs = wakeupGranularityNs * SchedEntity.WEIGHT / woken.weight;
    long most = woken.realTime ? Long.MIN_VALUE : woken.vruntimeNs + granularityNs - now;
    for (int cpu = 0; cpu < machine.processors.length; cpu++) {
      Processor processor = machine.processors[cpu];
      if (processor.vruntimeLessClockNs > most
          && processor.burstEndNs > now
          && !machine.entities[processor.running].realTime
          && !keepsProcessor(machine.entities[processor.running])) {
        most = processor.vruntimeLessClockNs;
        worst = cpu;
      }
    }
    return worst;
  }

  /** enqueue_entity(): whoever had least is last, and of equals whoever waits longest. */
  private void enqueue(SchedEntity entity) {
    IntList runnable = machine.runnable;
    int place = runnable.size();
    while (place > 0 && machine.entities[runnable.get(place - 1)].vruntimeNs <= entity.vruntimeNs) {
      place--;
    }
    runnable.insertAt(place, entity.id);
  }

  /** pick_next_entity(). */
  private void dispatchNext(int cpu) {
    if (!machine.runnable.isEmpty()) {
      dispatch(cpu, machine.entities[machine.runnable.removeLast()]);
    }
  }

  private void dispatch(int cpu, SchedEntity entity) {
    Processor processor = machine.processors[cpu];
    processor.running = entity.id;
    machine.idle.clear(cpu);
    processor.burstEndNs = kernel.clock() + entity.remainingNs;
    processor.vruntimeLessClockNs = entity.vruntimeNs - kernel.clock();
    entity.cpu = cpu;
    kernel.teardown.goOn(machine.whoIs(entity));
    if (kernel.pressure != null) {
      kernel.pressure.look(machine.whoIs(entity));
      kernel.pressure.switched(cpu, entity, true);
    }
    beginTurn(cpu, entity);
  }

  private void beginTurn(int cpu, SchedEntity entity) {
    Processor processor = machine.processors[cpu];
    processor.turnBeganNs = kernel.clock();
    processor.othersWaiting = machine.runnable.size();
    arm(cpu, entity);
  }

  private void arm(int cpu, SchedEntity entity) {
    Processor processor = machine.processors[cpu];
    long end = processor.burstEndNs;
    // Most bursts are shorter than a slice, and nobody needs to know at which tick it would end.
    if (end > processor.turnBeganNs + sliceNs(processor) && !keepsProcessor(entity)) {
      long turnEnd = turnEndNs(processor);
      end = turnEnd > kernel.clock() ? Math.min(end, turnEnd) : end;
    }
    kernel.at(Event.CPU, entity.id, end);
  }

  /** check_preempt_tick(): that a slice is over is noticed at the next tick. */
  private long turnEndNs(Processor processor) {
    return kernel.timers.tickFrom(processor.turnBeganNs + sliceNs(processor));
  }

  /** sched_slice(): the latency, divided among all who share the processor. */
  private long sliceNs(Processor processor) {
    int cpus = machine.processors.length;
    return processor.othersWaiting < cpus
        ? latencyNs
        : Math.max(minGranularityNs, latencyNs / (1 + processor.othersWaiting / cpus));
  }

  /** dump_header() of mm/oom_kill.c has no cond_resched(): only CONFIG_PREEMPT interrupts it. */
  private boolean keepsProcessor(SchedEntity entity) {
    return entity.event == Event.OOM_KILL && !preemptible;
  }

  private void takeOff(int cpu) {
    Processor processor = machine.processors[cpu];
    SchedEntity entity = machine.entities[processor.running];
    entity.remainingNs = remainingNs(processor);
    entity.vruntimeNs = processor.vruntimeLessClockNs + kernel.clock();
    machine.minVruntimeNs = Math.max(machine.minVruntimeNs, entity.vruntimeNs);
    kernel.teardown.pause(machine.whoIs(entity));
    processor.running = NOBODY;
    machine.idle.set(cpu);
    processor.burstEndNs = Processor.NO_BURST;
    processor.vruntimeLessClockNs = Processor.NOBODY_RUNS;
    entity.cpu = NOWHERE;
    if (kernel.pressure != null) {
      kernel.pressure.switched(cpu, entity, false);
    }
  }
}
