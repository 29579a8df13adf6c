package org.oomlab.worlds;

import org.oomlab.kernel.Kernel;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/**
 * The episode ends, and so does what would have happened without each of its kills, after no more
 * events than anybody would wait for, and without the simulator stumbling.
 */
public final class EndsInTime implements Judge {
  /** Events that an episode, or one without a kill, may have. */
  public static final long MOST_EVENTS = 1_000_000;

  /** Events that may have one and the same time. */
  public static final long MOST_AT_ONCE = 50_000;

  /** How long a request is watched in a world without the kill made for it, as episodes do. */
  private static final long PATIENCE_NS = 10 * Span.SECOND;

  private final boolean counterfactuals;

  /**
   * A judge.
   *
   * @param counterfactuals whether to look at what would have happened without each kill, too
   */
  public EndsInTime(boolean counterfactuals) {
    this.counterfactuals = counterfactuals;
  }

  @Override
  public void judge(World world) {
    Kernel kernel = kernel(world);
    kernel.boot(world.seed(), TraceSink.NONE);
    runToTheEnd(kernel, "the episode");
    if (!counterfactuals || kernel.ledger().killEvents() == 0) {
      return;
    }
    long digest = kernel.digest();
    Kernel without = kernel(world);
    kernel.boot(world.seed(), TraceSink.NONE);
    while (kernel.runToNextKill()) {
      without.copyFrom(kernel);
      without.vetoKills(without.nextNs() - without.nowNs() + PATIENCE_NS);
      runToTheEnd(without, "the episode without kill " + kernel.ledger().killEvents());
      kernel.step();
    }
    if (kernel.digest() != digest) {
      throw new LawBroken("looking at what would have happened changes what happens");
    }
  }

  private static Kernel kernel(World world) {
    return new Kernel(world.workload(), world.costs(), world.policy());
  }

  private static void runToTheEnd(Kernel kernel, String what) {
    long last = kernel.nowNs();
    long first = kernel.events();
    long sameSince = first;
    while (kernel.step()) {
      if (kernel.nowNs() < last) {
        throw new LawBroken("time runs back in " + what);
      } else if (kernel.nowNs() > last) {
        last = kernel.nowNs();
        sameSince = kernel.events();
      } else if (kernel.events() - sameSince > MOST_AT_ONCE) {
        throw new LawBroken(
            "more than " + MOST_AT_ONCE + " events at one instant of " + what, true);
      }
      if (kernel.events() - first > MOST_EVENTS) {
        throw new LawBroken("more than " + MOST_EVENTS + " events in " + what, true);
      }
    }
  }
}
