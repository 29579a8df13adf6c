package org.oomlab.refute;

import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.ProcessSpec;

/**
 * How one episode went.
 *
 * @param outcome what it came to; RUNNING if it has more events than anybody waited for
 * @param traits what was in it, as bits of {@link Trait}
 * @param reserve the fewest free pages there ever were, as a part of the min watermark
 */
public record Course(Outcome outcome, long traits, double reserve) {
  /** One world in three hundred has more, and those would take half of the time. */
  static final long MOST_EVENTS = 100_000;

  /** Of more kills nobody asks whether each was necessary: each may take as long as an episode. */
  private static final int MOST_JUDGED = 6;

  /** About so many events it takes to find out whether a kill was necessary. */
  private static final long EVENTS_TO_JUDGE = 10_000;

  /**
   * Runs an episode.
   *
   * @param judged whether it has to be known which kills were extra
   */
  static Course of(Case of, long seed, boolean judged) {
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    Listener listener = new Listener(of, kernel);
    kernel.boot(seed, listener);
    long events = 0;
    while (kernel.step() && events < MOST_EVENTS) {
      events++;
    }
    Outcome outcome = Episode.soFar(of, seed, kernel);
    boolean few = outcome.kills().size() <= MOST_JUDGED;
    if (judged && few && !outcome.kills().isEmpty() && outcome.verdict() != Verdict.RUNNING) {
      outcome = new Episode(of, true).run(seed);
    }
    double min = Math.max(1, of.workload().machine().min());
    double reserve = outcome.reserveMinPages() < 0 ? 1 : outcome.reserveMinPages() / min;
    return new Course(outcome, listener.traits | Trait.of(outcome.verdict()), Math.min(1, reserve));
  }

  /** About how much work it was to run it. */
  long effort() {
    return outcome.events() + (outcome.judged() ? EVENTS_TO_JUDGE * outcome.kills().size() : 0);
  }

  /** Whether it has a trait. */
  boolean has(Trait trait) {
    return (traits & trait.bit()) != 0;
  }

  /** Hears what is announced, and keeps the kinds of it. */
  private static final class Listener implements TraceSink {
    private final Kernel kernel;
    private final boolean[] frozen;
    private long traits;

    Listener(Case of, Kernel kernel) {
      this.kernel = kernel;
      this.frozen = new boolean[kernel.processes()];
      int process = 0;
      for (ProcessSpec spec : of.workload().processes()) {
        for (int copy = 0; copy < spec.count(); copy++) {
          frozen[process++] = spec.frozen() != ProcessSpec.Freezer.NONE;
        }
      }
    }

    @Override
    public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
      traits |= Trait.of(point, a, b, traits);
      if (point == Tracepoint.FREEZER) {
        frozen[subject] = a != 0;
      } else if (point == Tracepoint.KILLED && frozen[subject]) {
        traits |= Trait.FROZEN_VICTIM.bit();
      } else if (point == Tracepoint.MARK_VICTIM && kernel.ledger().kills() == 0) {
        traits |= Trait.DYING_VICTIM.bit();
      }
    }
  }
}
