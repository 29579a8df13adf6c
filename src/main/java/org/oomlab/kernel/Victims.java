package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Program;
import org.oomlab.kernel.state.Task;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;

/**
 * What becomes of those the killer chose: oom_kill_process(), mark_oom_victim() and MMF_OOM_SKIP of
 * mm/oom_kill.c.
 *
 * <p>A victim is killed and marked; the mark gives it reserves and makes the killer wait for it.
 * MMF_OOM_SKIP, set by whoever finds that nothing more is to be had from it, ends the wait.
 */
final class Victims {
  /** Who set MMF_OOM_SKIP, for the tracepoint: nobody but a timeout. */
  static final int BY_TIMEOUT = 2;

  private final Kernel kernel;
  private final Machine machine;
  private final Knobs.InFlight inFlight;
  private final boolean willFreeMem;
  private final boolean sacrificeChild;
  private final boolean spareAdjMinSharer;
  private final boolean honourGroup;

  Victims(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.inFlight = policy.choice(Knobs.IN_FLIGHT, Knobs.InFlight.class);
    this.willFreeMem =
        policy.choice(Knobs.DYING_SHORTCUT, Knobs.DyingShortcut.class)
            == Knobs.DyingShortcut.WILL_FREE_MEM;
    this.sacrificeChild = policy.is(Knobs.SACRIFICE_CHILD);
    this.spareAdjMinSharer = policy.is(Knobs.SPARE_ADJ_MIN_SHARER);
    this.honourGroup = policy.is(Knobs.OOM_GROUP);
  }

  /**
   * oom_kill_process(): kills whom the killer chose, or a child in its stead, or all of its group.
   *
   * @param invoker whose request failed
   * @param domain the cgroup that is out of memory, or null for the machine
   */
  void oomKillProcess(Task invoker, Process chosen, @Nullable Memcg domain) {
    if (isAlreadyDying(chosen)) {
      markDying(chosen.taskWithMm());
      return;
    }
    Process victim = chosen;
    Ledger.Reason reason = machine.pendingReason;
    long points = machine.pendingBadness;
    if (sacrificeChild && reason != Ledger.Reason.ALLOCATING_TASK) {
      for (Process child : machine.processes) {
        if (child.parent == chosen.id && child.mm != chosen.mm && Memcg.isIn(child, domain)) {
          long childPoints = kernel.badness.of(child, kernel.badness.totalOf(domain));
          boolean worse = victim == chosen ? childPoints > 0 : childPoints > points;
          if (worse) {
            victim = child;
            points = childPoints;
            reason = Ledger.Reason.CHILD;
          }
        }
      }
    }
    invoker.awaitedVictim = victim.id;
    Memcg group = honourGroup ? oomGroupOf(victim, domain) : null;
    if (!kill(invoker, victim, reason, points)) {
      return; // It has left its mm while the report was printed.
    }
    machine.ledger.killEvents++;
    if (group != null) {
      for (Process member : machine.processes) {
        if (member.memcg != null
            && member.memcg.isWithin(group)
            && member.oomScoreAdj != Badness.ADJ_MIN
            && !member.spec.init()
            && !kernel.killer.isLost(member, group)
            && member.liveTasks > 0) {
          long badness = kernel.badness.of(member, kernel.badness.totalOf(domain));
          kill(invoker, member, Ledger.Reason.GROUP, badness);
        }
      }
    }
  }

  /** A handler goes through a cgroup, and kills one after another. */
  void killAll(Task invoker, Memcg group, @Nullable Memcg domain) {
    for (Process member : machine.processes) {
      boolean dies =
          Memcg.isIn(member, group)
              && member.oomScoreAdj != Badness.ADJ_MIN
              && !member.isUnkillable()
              && !member.groupExit
              && member.liveTasks > 0;
      if (dies) {
        long badness = kernel.badness.of(member, kernel.badness.totalOf(domain));
        kill(invoker, member, Ledger.Reason.GROUP, badness);
      }
    }
  }

  /** The first check of oom_kill_process(): no new SIGKILL for what is dying already. */
  private boolean isAlreadyDying(Process process) {
    if (willFreeMem) {
      return willFreeMem(process);
    }
    Task leader = process.tasks[0];
    return leader.hasMm && leader.exiting && !process.spec.coreDumping();
  }

  /** mem_cgroup_get_oom_group(): the highest ancestor, up to the domain, that asks for it. */
  private static @Nullable Memcg oomGroupOf(Process victim, @Nullable Memcg domain) {
    Memcg found = null;
    for (Memcg memcg = victim.memcg; memcg != null; memcg = memcg.parent) {
      if (memcg.spec.oomGroup()) {
        found = memcg;
      }
      if (memcg == domain) {
        break;
      }
    }
    return found;
  }

  /** __oom_kill_process(); false if there is nobody left to kill. */
  private boolean kill(Task invoker, Process victim, Ledger.Reason reason, long points) {
    Task task = victim.taskWithMm();
    if (task == null) {
      return false;
    }
    Mm mm = victim.mm;
    Ledger ledger = machine.ledger;
    if (victim.groupExit) {
      // It was killed before: at most, this marks another of its threads.
      ledger.markings += task.marked ? 0 : 1;
    } else {
      ledger.addKill(
          victim.id, kernel.clock(), points, invoker.process.id, reason, machine.freePages);
      ledger.rssLostPages += mm.rss();
      ledger.workLost += (double) kernel.scheduler.workOf(victim) / victim.spec.workUnit();
      kernel.watch.killed(invoker);
    }
    ledger.killLines++;
    kernel.emit(Tracepoint.KILLED, victim.id, points, machine.freePages);
    kernel.freezer.remember(mm);
    kernel.scheduler.sendKill(victim);
    mark(task);
    for (Process other : machine.processes) {
      if (other == victim || other.mm != mm || other.taskWithMm() == null) {
        continue;
      }
      if (other.spec.init()) {
        mm.unreapable = true;
        hide(victim, 0);
      } else if (spareAdjMinSharer && other.oomScoreAdj == Badness.ADJ_MIN) {
        mm.unreapable = true;
      } else if (!other.groupExit) {
        kernel.emit(Tracepoint.KILLED_WITH, other.id, 2, 0);
        kernel.scheduler.sendKill(other);
      }
    }
    kernel.reaper.queue(victim);
    machine.lastProgressNs = kernel.clock();
    return true;
  }

  /** A victim without a kill: it was dying already. 4.5 and 4.6 do not send the reaper to it. */
  void markDying(Task task) {
    if (!task.marked) {
      machine.ledger.markings++;
    }
    kernel.freezer.remember(task.process.mm);
    mark(task);
    if (inFlight != Knobs.InFlight.MEMDIE) {
      kernel.reaper.queue(task.process);
    }
  }

  /** mark_oom_victim(): reserves, a reference to the mm, and the end of a freeze. */
  void mark(Task task) {
    if (task.marked) {
      return;
    }
    Process process = task.process;
    task.marked = true;
    process.markedTasks++;
    process.oomVictim = true;
    process.mm.victim = true;
    kernel.patience.begin(process);
    machine.lastProgressNs = kernel.clock();
    kernel.emit(Tracepoint.MARK_VICTIM, process.id, task.id, 0);
    kernel.freezer.thawVictim(task);
  }

  /**
   * exit_oom_victim(): the mark goes with the thread, or is taken away by the reaper of 4.6-4.8.
   */
  void unmark(Task task) {
    if (task.marked) {
      task.marked = false;
      task.process.markedTasks--;
      machine.lastProgressNs = kernel.clock();
    }
  }

  /** Sets MMF_OOM_SKIP: from now on the killer neither waits for this process nor chooses it. */
  void hide(Process process, int by) {
    Mm mm = process.mm;
    if (!mm.oomSkip) {
      mm.oomSkip = true;
      machine.lastProgressNs = kernel.clock();
      kernel.emit(Tracepoint.OOM_SKIP, process.id, by, 0);
      kernel.scheduler.happened(Program.Code.WAIT_OOM_SKIP, process);
    }
  }

  /** task_will_free_mem() of 4.8 and later. */
  boolean willFreeMem(Process process) {
    Mm mm = process.mm;
    if (process.taskWithMm() == null || process.spec.coreDumping()) {
      return false;
    }
    boolean groupDies =
        process.groupExit || (process.liveTasks == 1 && process.taskWithMm().exiting);
    if (!groupDies || mm.oomSkip) {
      return false;
    }
    if (mm.users <= 1) {
      return true;
    }
    for (Process other : machine.processes) {
      if (other != process && other.mm == mm && other.taskWithMm() != null && !other.groupExit) {
        return false;
      }
    }
    return true;
  }
}
