package org.oomlab.experiment.daemon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.pressure.PsiAverages;
import org.oomlab.pressure.PsiGroup.State;
import org.oomlab.unit.Span;

/**
 * What would have been with one kill more, or less: a copy of the machine is run on and looked at.
 *
 * <p>Two errors are told apart. A kill of a daemon is <i>needless</i> if without it and all that
 * follow the kernel kills nobody until the episode ends, or for five minutes, and nobody has to
 * look at a machine that stands still for ten seconds. A kill is <i>missed</i> where everything has
 * stood still for ten seconds, and the death of one of the worst processes would have ended that
 * within ten more.
 */
public final class Foresight {
  /** Everything stands still, and users take it for dead: a freeze. */
  public static final long FREEZE_NS = 10 * Span.SECOND;

  /** For so long a machine is followed on which a daemon has not killed. */
  public static final long LOOK_AHEAD_NS = 300 * Span.SECOND;

  /** Two periods of pressure without a frozen one are the end of a freeze. */
  private static final long CALM_NS = 4 * Span.SECOND;

  private static final int CANDIDATES = 8;

  private final Kernel scratch;
  private final boolean measured;

  // The freeze that lasts.
  private long nextNs;
  private long seenFrozenNs;
  private long frozenRunNs;
  private int missed;

  private boolean drawn;

  /**
   * An observer of one machine.
   *
   * @param scratch another machine of the same kind, which is spoilt
   * @param measured whether pressure is measured, without which no freeze is seen
   */
  public Foresight(Kernel scratch, boolean measured) {
    this.scratch = scratch;
    this.measured = measured;
  }

  /** A new episode begins. */
  public void begin() {
    nextNs = measured ? 2 * Span.SECOND : Long.MAX_VALUE;
    seenFrozenNs = 0;
    frozenRunNs = 0;
    missed = 0;
    drawn = false;
  }

  /** When it wants to look again, in nanoseconds after boot. */
  public long nextNs() {
    return nextNs;
  }

  /** How many kills have been missed so far; -1 if nobody can tell. */
  public int missed() {
    return measured ? missed : -1;
  }

  /** Whether chance has had a say in anything that was looked at in this episode. */
  public boolean hasDrawn() {
    return drawn;
  }

  /** A period of pressure is over. */
  public void look(Kernel kernel) {
    nextNs += 2 * Span.SECOND;
    long frozenNs = frozenNs(kernel);
    long before = frozenRunNs;
    frozenRunNs = frozenNs > seenFrozenNs ? frozenRunNs + frozenNs - seenFrozenNs : 0;
    seenFrozenNs = frozenNs;
    if (before < FREEZE_NS && frozenRunNs >= FREEZE_NS && someDeathWouldHelp(kernel)) {
      missed++;
    }
  }

  private static long frozenNs(Kernel kernel) {
    PsiAverages full = kernel.procfs().pressure(State.FULL);
    return full.frozenNs();
  }

  private boolean someDeathWouldHelp(Kernel kernel) {
    List<Integer> candidates = new ArrayList<>();
    for (int process = 0; process < kernel.processes(); process++) {
      if (kernel.badness(process) != Long.MIN_VALUE) {
        candidates.add(process);
      }
    }
    candidates.sort(Comparator.comparingLong(process -> -kernel.badness(process)));
    for (int victim : candidates.subList(0, Math.min(CANDIDATES, candidates.size()))) {
      scratch.copyFrom(kernel);
      scratch.muteDaemon();
      scratch.byHand().kill(victim);
      long until = kernel.nowNs() + FREEZE_NS;
      boolean calm = !scratch.runToNextKill(until - CALM_NS);
      long frozenNs = frozenNs(scratch);
      calm = calm && !scratch.runToNextKill(until);
      drawn |= scratch.hasDrawn();
      if (calm && frozenNs(scratch) == frozenNs) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the kill that a daemon is about to make is needed.
   *
   * @param brink on the brink of it; not touched
   */
  public Need need(Kernel brink) {
    Need need = lookAhead(brink);
    drawn |= scratch.hasDrawn();
    return need;
  }

  private Need lookAhead(Kernel brink) {
    scratch.copyFrom(brink);
    scratch.muteDaemon();
    long from = brink.nowNs();
    long frozenBefore = frozenNs(scratch);
    long look = from;
    while (look < from + LOOK_AHEAD_NS && scratch.verdict() == Verdict.RUNNING) {
      look += Span.SECOND;
      if (scratch.runToNextKill(look)) {
        return Need.NEEDED;
      }
      if (measured && frozenNs(scratch) - frozenBefore >= FREEZE_NS) {
        return Need.NEEDED;
      }
    }
    return switch (scratch.verdict()) {
      case LIVELOCK, PANIC -> Need.NEEDED;
      case RUNNING -> measured ? Need.NEEDLESS : Need.CANNOT_TELL;
      case UNDECIDED -> Need.CANNOT_TELL; // Somebody still waits.
      default -> measured && scratch.nowNs() - from >= FREEZE_NS ? Need.NEEDLESS : Need.CANNOT_TELL;
    };
  }
}
