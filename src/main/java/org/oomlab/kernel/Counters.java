package org.oomlab.kernel;

import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/**
 * How exactly the killer knows how large a process is, and how long it takes to ask: mm_counter and
 * get_mm_counter() of include/linux/mm.h, lib/percpu_counter.c.
 *
 * <p>What is not folded into an address space's counters yet lies with its threads (up to 6.1) or
 * with the processors they have run on (from 6.2). A process that says nothing of its spread has
 * all of it folded.
 */
final class Counters {
  /** TASK_RSS_EVENTS_THRESH of mm/memory.c: pages that a thread keeps to itself. */
  private static final int THREAD_BATCH = 64;

  /** compute_batch_value() of lib/percpu_counter.c: max(32, 2 * processors). */
  private static final int LEAST_BATCH = 32;

  /** So many exact sums a choice in two passes makes (v16 of the patches, January 2026). */
  private static final int MOST_SUMS = 16;

  private final Machine machine;
  private final Knobs.Counters kind;
  private final int batch;

  Counters(Machine machine, Policy policy) {
    this.machine = machine;
    this.kind = policy.choice(Knobs.COUNTERS, Knobs.Counters.class);
    this.batch = Math.max(LEAST_BATCH, 2 * machine.workload.machine().cpus());
  }

  /** Whether an exact size is asked of some processes only, once it is known which are large. */
  boolean hasTwoPasses() {
    return kind == Knobs.Counters.TWO_PASS;
  }

  /** What may be missing from what is read of an address space at once, or be too much; pages. */
  long bound(Mm mm) {
    return switch (kind) {
      case EXACT -> 0;
      case PER_THREAD -> (long) Math.min(mm.spread, mm.threads) * THREAD_BATCH * mm.kinds;
      case APPROXIMATE, TWO_PASS -> (long) mm.spread * batch * mm.kinds;
    };
  }

  /** What is too much in what is read at once. Where it lies is drawn at boot. */
  long error(Mm mm) {
    return mm.lean == 0 ? 0 : Math.round(mm.lean * (double) bound(mm));
  }

  /** A choice begins. */
  void begin() {
    machine.exactSums = 0;
  }

  /** An exact sum, if there may be another; false if what was read at once has to do. */
  boolean maySum() {
    if (machine.exactSums >= MOST_SUMS) {
      return false;
    }
    machine.exactSums++;
    return true;
  }

  /** How long a choice among so many processes takes. */
  long choosingNs(int processes) {
    if (machine.scanNs == 0 && machine.scanCounterNs == 0) {
      return 0;
    }
    long each = kind == Knobs.Counters.EXACT ? processes : machine.exactSums;
    int processors = machine.workload.machine().cpus();
    return processes * machine.scanNs + each * processors * machine.scanCounterNs;
  }
}
