package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.AllocPhase;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/**
 * Charges user pages to memory cgroups, and calls the OOM killer when one is full: try_charge(),
 * mem_cgroup_oom() and mem_cgroup_out_of_memory() of mm/memcontrol.c.
 */
final class MemcgCharge {
  /**
   * Where a new charge begins to count: it first drains the stocks of all processors, once, and
   * tries again. From then on nr_retries are left, so that the killer is called after one attempt
   * more than there are retries.
   */
  static final int DRAINS = -1;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean atEndOfFault;
  private final int reclaimRetries;
  private final boolean forcesWhenNothing;
  private final boolean dyingExceeds;
  private final boolean rechecks;
  private final boolean dyingBypasses;
  private final boolean hiddenFails;

  MemcgCharge(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.atEndOfFault =
        policy.choice(Knobs.MEMCG_KILL, Knobs.MemcgKill.class) == Knobs.MemcgKill.END_OF_FAULT;
    this.reclaimRetries = (int) policy.get(Knobs.MEMCG_RETRIES);
    this.forcesWhenNothing =
        policy.choice(Knobs.MEMCG_NOTHING, Knobs.MemcgNothing.class) == Knobs.MemcgNothing.FORCE;
    this.dyingExceeds = policy.is(Knobs.MEMCG_DYING_EXCEEDS);
    this.rechecks = policy.is(Knobs.MEMCG_RECHECK);
    this.dyingBypasses = policy.is(Knobs.MEMCG_DYING_BYPASS);
    this.hiddenFails =
        policy.choice(Knobs.MEMCG_HIDDEN_VICTIM, Knobs.HiddenVictim.class)
            == Knobs.HiddenVictim.FAILS_AT_ONCE;
  }

  /** get_mem_cgroup_from_mm(): whoever shares an mm is charged where its owner is. */
  private static @Nullable Memcg memcgOf(Task task) {
    Mm mm = task.process.mm;
    return mm == null ? null : mm.memcg;
  }

  /** Pages that every cgroup above a task has room for. */
  long room(Task task) {
    if (exceeds(task)) {
      return Long.MAX_VALUE;
    }
    long room = Long.MAX_VALUE;
    for (Memcg memcg = memcgOf(task); memcg != null; memcg = memcg.parent) {
      room = Math.min(room, memcg.spec.limit() - memcg.usagePages);
    }
    return room;
  }

  /** MEMCG_CHARGE_BATCH of mm/memcontrol.c. */
  private static final long BATCH = 64;

  // MEMCG_DELAY_PRECISION_SHIFT and MEMCG_DELAY_SCALING_SHIFT.
  private static final int PRECISION = 20;
  private static final int SCALING = 14;

  /** Pages until whoever asks is looked at because of memory.high. */
  long batchUntilHigh(Task task) {
    long least = Long.MAX_VALUE;
    for (Memcg memcg = memcgOf(task); memcg != null; memcg = memcg.parent) {
      if (memcg.spec.soft().high() != Long.MAX_VALUE) {
        least = Math.min(least, Math.max(BATCH, memcg.spec.soft().high() - memcg.usagePages));
      }
    }
    return least;
  }

  /**
   * mem_cgroup_handle_over_high(): reclaims what was charged beyond memory.high, and if that is in
   * vain holds whoever charged it back, for longer the further the usage is above.
   *
   * @param pages what was charged
   * @return nanoseconds to sleep, or 0
   */
  long highDelayNs(Task task, long pages) {
    long overage = 0;
    long writeNs = 0;
    for (Memcg memcg = memcgOf(task); memcg != null; memcg = memcg.parent) {
      long high = memcg.spec.soft().high();
      while (memcg.usagePages > high && kernel.reclaim.ofMemcg(memcg) > 0) {
        writeNs = kernel.reclaim.writeNs();
      }
      if (memcg.usagePages > high) {
        long over = ((memcg.usagePages - high) << PRECISION) / Math.max(high, 1);
        overage = Math.max(overage, over);
      }
    }
    long ticks = ticks(overage, pages);
    return ticks == 0 ? writeNs : kernel.timers.afterTicks(ticks) - kernel.clock();
  }

  /** calculate_high_delay(), and what of it is slept: nothing below 10 ms, two seconds at most. */
  private long ticks(long overage, long pages) {
    int hz = machine.workload.machine().hz();
    double exact = (double) overage * overage * hz;
    long penalty = exact > Long.MAX_VALUE ? Long.MAX_VALUE : (long) exact >> PRECISION >> SCALING;
    long ticks =
        Math.min(2L * hz, penalty > Long.MAX_VALUE / pages ? 2L * hz : penalty * pages / BATCH);
    return ticks <= hz / 100 ? 0 : ticks;
  }

  /** When every cgroup above a task will have room for so many pages, by the walks under way. */
  long whenRoom(Task task, long pages) {
    long when = 0;
    for (Memcg memcg = memcgOf(task); memcg != null && !exceeds(task); memcg = memcg.parent) {
      long over = memcg.usagePages + pages - memcg.spec.limit();
      if (over > 0) {
        when = Math.max(when, kernel.flow.whenFreed(over, memcg));
      }
    }
    return when;
  }

  private boolean exceeds(Task task) {
    return task.forceCharge || (dyingExceeds && task.killed);
  }

  void charge(Task task, long pages) {
    Machine.charge(memcgOf(task), pages);
    task.memcgRetries = DRAINS;
    task.forceCharge = false;
  }

  /** The lowest cgroup above a task that is full, or null. */
  private static @Nullable Memcg full(Task task) {
    for (Memcg memcg = memcgOf(task); memcg != null; memcg = memcg.parent) {
      if (memcg.usagePages >= memcg.spec.limit()) {
        return memcg;
      }
    }
    return null;
  }

  /** True if the task may go on to the free list; if not, it will be called when it may. */
  boolean mayCharge(Task task) {
    if (memcgOf(task) == null || room(task) > 0) {
      return true;
    }
    if (failsAtOnce(task)) {
      kernel.allocator.fail(task);
      return false;
    }
    kernel.watch.blocked(task);
    task.allocPhase = AllocPhase.MEMCG_PASS;
    reclaimPass(task);
    return false;
  }

  /** Whether a charge fails before anything is tried for it. */
  private boolean failsAtOnce(Task task) {
    // try_charge_memcg() of 7.2: no reclaim on behalf of the dead.
    boolean hidden = hiddenFails && task.process.oomVictim && task.process.mm.oomSkip;
    // task_is_dying() after the OOM path: ENOMEM, so that it can die.
    return hidden || (task.passedMemcgOom && task.killed && !dyingExceeds);
  }

  /** Whether a request that was refused here fails when it comes again, since who asks is dying. */
  boolean wouldGiveUp(Task task) {
    Memcg memcg = full(task);
    if (!task.killed || memcg == null) {
      return false;
    }
    return sleeps(task, memcg) || failsAtOnce(task);
  }

  private void reclaimPass(Task task) {
    long attemptNs = machine.cost(machine.costs.charge(), task.latencies);
    machine.ledger.spinNs += attemptNs;
    kernel.waits.work(task.id, Event.ALLOC, attemptNs);
  }

  /** try_to_free_mem_cgroup_pages() has had its turn. */
  void passIsOver(Task task) {
    Memcg memcg = full(task);
    if (memcg == null || exceeds(task)) {
      kernel.allocator.attempt(task);
      return;
    }
    boolean progress = kernel.reclaim.ofMemcg(memcg) > 0;
    // try_charge(): what makes progress is tried again and takes nothing off nr_retries.
    task.memcgRetries += progress ? 0 : 1;
    if (full(task) == null) {
      kernel.allocator.attempt(task);
    } else if (task.memcgRetries <= reclaimRetries) {
      reclaimPass(task);
    } else {
      task.memcgRetries = 0;
      outOfMemory(task, memcg);
    }
  }

  private void outOfMemory(Task task, Memcg memcg) {
    if (sleeps(task, memcg)) {
      if (task.killed) {
        kernel.allocator.fail(task); // The sleep is killable.
        return;
      }
      kernel.allocator.again(task, kernel.timers.afterTicks(1) - kernel.clock());
      return;
    }
    if (atEndOfFault) {
      memcg.oomOwner = task.id;
    }
    task.allocPhase = AllocPhase.MEMCG_LOCK;
    if (kernel.locks.lockOom(task.id)) {
      locked(task);
    }
  }

  /**
   * Whether somebody else is to do something about a full cgroup: mem_cgroup_oom_trylock(), one
   * kills, and the others sleep until something is uncharged.
   */
  private boolean sleeps(Task task, Memcg memcg) {
    boolean another = memcg.oomOwner != NOBODY && memcg.oomOwner != task.id;
    return memcg.spec.oomKillDisable() || (atEndOfFault && another);
  }

  /** mem_cgroup_out_of_memory(), with oom_lock held. */
  void locked(Task task) {
    if (task.wantPages == 0) {
      kernel.allocator.servedMeanwhile(task);
      return;
    }
    Memcg memcg = full(task);
    Memcg domain = memcg == null ? memcgOf(task) : memcg;
    if (memcg == null && rechecks) {
      kernel.allocator.afterOom(task, domain, true);
      return;
    }
    task.passedMemcgOom = true;
    if (dyingBypasses && isDying(task)) {
      // mem_cgroup_out_of_memory(), 5.1 to 6.15: "progress", without a call of out_of_memory().
      kernel.allocator.afterOom(task, domain, true);
      return;
    }
    switch (kernel.killer.outOfMemory(task, domain)) {
      case PROGRESS -> kernel.allocator.afterOom(task, domain, true);
      case NOTHING -> {
        task.forceCharge = forcesWhenNothing;
        kernel.allocator.afterOom(task, domain, forcesWhenNothing);
      }
      case KILLING, PANIC -> {}
    }
  }

  /** task_is_dying(), or should_force_charge() up to 5.15. */
  private static boolean isDying(Task task) {
    return task.killed || task.exiting || task.process.oomVictim;
  }

  /** Whoever had a cgroup's own OOM lock lets it go. */
  void afterOom(Task task) {
    for (Memcg memcg = memcgOf(task); memcg != null; memcg = memcg.parent) {
      if (memcg.oomOwner == task.id) {
        memcg.oomOwner = NOBODY;
      }
    }
  }
}
