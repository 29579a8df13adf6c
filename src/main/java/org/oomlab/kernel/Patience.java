package org.oomlab.kernel;

import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;

/**
 * How long a victim is waited for, and what a policy does when that has been too long. No mainline
 * kernel has any of it: there MMF_OOM_SKIP alone ends the wait.
 */
final class Patience {
  private final Kernel kernel;
  private final Machine machine;
  private final long holdoffNs;
  private final long victimWaitNs;
  private final double decay;
  private final long stalledAfterNs;
  private final long reservesAfterNs;

  Patience(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.holdoffNs = policy.get(Knobs.HOLDOFF);
    this.victimWaitNs = policy.get(Knobs.VICTIM_WAIT);
    this.decay = policy.get(Knobs.VICTIM_WAIT_DECAY) / 100.0;
    this.stalledAfterNs = policy.get(Knobs.STALLED_AFTER);
    this.reservesAfterNs = policy.get(Knobs.RESERVES_ON_LIVELOCK);
  }

  /** A thread of a process has been marked: whatever counts from there begins. */
  void begin(Process victim) {
    long now = kernel.clock();
    victim.oomKillExpireNs = Math.min(Span.FOREVER, now + reservesAfterNs);
    machine.holdoffUntilNs = now + holdoffNs;
    double wait = victimWaitNs;
    for (Process other : machine.processes) {
      wait *= other != victim && other.markedTasks > 0 ? decay : 1; // One more is stuck already.
    }
    boolean ends = victimWaitNs < Span.FOREVER; // Of a wait without end no part has one.
    machine.victimWaitUntilNs = ends ? now + (long) wait : Span.FOREVER;
  }

  /** Whether no victim is given up, however long it takes: so in every mainline kernel. */
  boolean isEndless() {
    return victimWaitNs >= Span.FOREVER && stalledAfterNs >= Span.FOREVER;
  }

  /** Handa 2016: a victim was marked so recently that nobody looks for another. */
  boolean holdsOff() {
    return kernel.clock() < machine.holdoffUntilNs;
  }

  /** Handa 2016: victims in flight, all of them, have had their time. */
  boolean isOver() {
    return kernel.clock() >= machine.victimWaitUntilNs;
  }

  /** Handa 2018: looks, each time somebody waits for a victim, whether it gives memory back. */
  boolean hasStalled(Mm mm) {
    if (stalledAfterNs >= Span.FOREVER) {
      return false;
    }
    long pages = kernel.badness.resident(mm);
    if (pages < mm.fewestPages) {
      mm.fewestPages = pages;
      mm.shrunkNs = kernel.clock();
    }
    return kernel.clock() - mm.shrunkNs >= stalledAfterNs;
  }

  /** Rientjes 2016: a victim is so old that who waits for it may use all reserves. */
  boolean grantsReserves(Process victim) {
    return reservesAfterNs < Span.FOREVER
        && victim.oomVictim
        && kernel.clock() >= victim.oomKillExpireNs;
  }

  /**
   * Whether there may be another answer than to wait for who was told so at this time: because a
   * wait was not over then, or because reserves are handed out.
   */
  boolean lastsBeyond(long ns) {
    boolean victims = false;
    for (Process process : machine.processes) {
      victims |= process.oomVictim;
      // Also where its mm is hidden: up to 4.8 it is the mark that makes the killer wait.
      if (process.oomVictim && isPending(process.mm.shrunkNs + stalledAfterNs, ns)) {
        return true;
      }
    }
    return victims
        && (reservesAfterNs < Span.FOREVER
            || isPending(machine.holdoffUntilNs, ns)
            || isPending(machine.victimWaitUntilNs, ns));
  }

  private static boolean isPending(long timeoutNs, long ns) {
    return timeoutNs < Span.FOREVER && timeoutNs > ns;
  }
}
