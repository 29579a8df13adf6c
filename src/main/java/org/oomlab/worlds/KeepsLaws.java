package org.oomlab.worlds;

import java.util.concurrent.atomic.LongAdder;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/**
 * The episode breaks no law, nor does what would have happened without each of its kills; and to
 * have looked at that changes nothing.
 */
public final class KeepsLaws implements Judge {
  /**
   * One world in {@link #LONG_IN} is watched for so many events, and so is all that would have
   * happened without its kills; those in which everything is slow have more.
   */
  public static final long MOST_EVENTS = 2_000_000;

  private static final int LONG_IN = 256;

  /**
   * One world in {@link #LONGER_IN} for so many, and the others for fewer: of all episodes one in
   * twenty is longer than those, and they would take four fifths of the time.
   */
  private static final long LONGER = 100_000;

  private static final int LONGER_IN = 16;
  private static final long USUALLY = 20_000;

  /** How long a request is watched in a world without the kill made for it, as episodes do. */
  private static final long PATIENCE_NS = 10 * Span.SECOND;

  private final Rigour rigour;
  private final Copier copier;
  private final LongAdder episodes = new LongAdder();

  /**
   * A judge.
   *
   * @param rigour when those laws are looked at that take long
   */
  public KeepsLaws(Rigour rigour) {
    this(rigour, (from, to) -> to.copyFrom(from));
  }

  /** A judge that copies in another way, to see that it notices. */
  KeepsLaws(Rigour rigour, Copier copier) {
    this.rigour = rigour;
    this.copier = copier;
  }

  /** Makes one machine what another is. */
  @FunctionalInterface
  interface Copier {
    void copy(Kernel from, Kernel to);
  }

  @Override
  public void judge(World world) {
    long most = most(world.seed());
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
    boolean first = rigour.laws() == Rigour.Looks.ALWAYS;
    while (kernel.runToNextKill()) {
      copier.copy(kernel, without);
      if (first) {
        first = false;
        mustGoOnAs(digest, without);
        copier.copy(kernel, without);
      }
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

  /** The episode has ended within its bound, so a copy does as well. */
  private void mustGoOnAs(long digest, Kernel copy) {
    watch(copy, Long.MAX_VALUE);
    if (copy.digest() != digest) {
      throw new LawBroken(
          Law.NO_CHANGE_NO_CHANGE, "a copy from before a kill goes on otherwise than the original");
    }
  }

  /**
   * How many episodes were watched so far: those of worlds, and those without one of their kills.
   */
  public long episodes() {
    return episodes.sum();
  }

  private static long most(long seed) {
    return seed % LONG_IN == 0 ? MOST_EVENTS : seed % LONGER_IN == 0 ? LONGER : USUALLY;
  }

  private Kernel kernel(World world) {
    return new Kernel(world.workload(), world.costs(), world.policy(), rigour);
  }

  /** Watches for so many events at the most; returns how many there were. */
  private long watch(Kernel kernel, long most) {
    episodes.increment();
    long first = kernel.events();
    while (kernel.events() - first < most && kernel.step()) {}
    return kernel.events() - first;
  }
}
