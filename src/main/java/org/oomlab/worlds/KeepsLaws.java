package org.oomlab.worlds;

import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Law;
import org.oomlab.kernel.LawBroken;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/**
 * The episode breaks no law, nor does what would have happened without each of its kills; and to
 * have looked at that changes nothing.
 */
public final class KeepsLaws implements Judge {
  /**
   * One episode in {@link #ONE_IN} is watched for so many events, and so is all that would have
   * happened without its kills; those in which everything is slow have more.
   */
  public static final long MOST_EVENTS = 2_000_000;

  /** The others: one in three hundred is longer, and those take half of the time. */
  private static final long USUALLY = 100_000;

  private static final int ONE_IN = 16;

  /** How long a request is watched in a world without the kill made for it, as episodes do. */
  private static final long PATIENCE_NS = 10 * Span.SECOND;

  private final Rigour rigour;

  /**
   * A judge.
   *
   * @param rigour when those laws are looked at that take long
   */
  public KeepsLaws(Rigour rigour) {
    this.rigour = rigour;
  }

  @Override
  public void judge(World world) {
    long most = world.seed() % ONE_IN == 0 ? MOST_EVENTS : USUALLY;
    Kernel kernel = kernel(world);
    kernel.boot(world.seed(), TraceSink.NONE);
    watch(kernel, most);
    if (kernel.ledger().killEvents() == 0 || kernel.verdict() == Verdict.RUNNING) {
      return;
    }
    long digest = kernel.digest();
    Kernel without = kernel(world);
    kernel.boot(world.seed(), TraceSink.NONE);
    long left = most;
    while (kernel.runToNextKill()) {
      without.copyFrom(kernel);
      int before = kernel.ledger().kills();
      kernel.step();
      // A decision that kills nobody, such as one about a process that is dying, is asked nothing.
      if (left > 0 && kernel.ledger().kills() > before) {
        without.vetoKills(without.nextNs() - without.nowNs() + PATIENCE_NS);
        left -= watch(without, left);
      }
    }
    if (kernel.digest() != digest) {
      throw new LawBroken(
          Law.NO_CHANGE_NO_CHANGE, "to look at what would have happened changes what happens");
    }
  }

  private Kernel kernel(World world) {
    return new Kernel(world.workload(), world.costs(), world.policy(), rigour);
  }

  /** Watches for so many events at the most; returns how many there were. */
  private static long watch(Kernel kernel, long most) {
    long first = kernel.events();
    while (kernel.events() - first < most && kernel.step()) {}
    return kernel.events() - first;
  }
}
