package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Ledger;
import org.oomlab.kernel.Verdict;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/**
 * Finds out how few kills and how short a recovery an episode can have for a killer who knows the
 * future: by trying.
 *
 * <p>The kernel it tries on is as good at giving memory back as the knobs allow: the reaper comes
 * at once and takes what can be taken, the exit path does nothing twice, and no second victim is
 * chosen while the first still has memory. On it the episode is run with nobody killed at all; with
 * the victim that badness chooses; with each of the {@value #SINGLES} worst processes as the first
 * victim; and, if all of these kill more than one, with each two of the {@value #PAIRED} worst.
 * What was best is not proven to be the best there is, but it can be reached.
 */
final class Oracle implements Experiment.Bench<Oracle.Best> {
  private static final int SINGLES = 32;
  private static final int PAIRED = 8;
  private static final int FIRST = 1000;

  /**
   * The best that was found, each by itself.
   *
   * @param kills the fewest; -1 if the machine never came through
   * @param recoveryNs the shortest; -1 if there is none, as without a kill
   */
  record Best(int kills, long recoveryNs) {
    private static final Best NOTHING = new Best(-1, -1);

    /** The better of both, in each respect. */
    Best or(Best other) {
      return new Best(less(kills, other.kills), less(recoveryNs, other.recoveryNs));
    }

    private static int less(int a, int b) {
      return a < 0 || b < 0 ? Math.max(a, b) : Math.min(a, b);
    }

    private static long less(long a, long b) {
      return a < 0 || b < 0 ? Math.max(a, b) : Math.min(a, b);
    }

    /** What a policy reached in an episode. */
    static Best of(Outcome outcome) {
      boolean came = outcome.verdict() == Verdict.RECOVERED;
      int kills = outcome.kills().size();
      return came ? new Best(kills, kills == 0 ? -1 : outcome.recoveryNs()) : NOTHING;
    }
  }

  private final Kernel kernel;

  /** An oracle for the workload of a case; the policy decides where none of the knobs above do. */
  Oracle(Experiment.Case of) {
    kernel = new Kernel(of.workload(), of.costs(), ideal(of.policy()));
  }

  private static Policy ideal(Policy policy) {
    Policy ideal = policy;
    ideal = set(ideal, Knobs.PANIC_ON_OOM, "0");
    ideal = set(ideal, Knobs.KILL_ALLOCATING_TASK, "false");
    ideal = set(ideal, Knobs.SACRIFICE_CHILD, "false");
    ideal = set(ideal, Knobs.OOM_GROUP, "false");
    ideal = set(ideal, Knobs.SLEEP_AFTER_KILL, "0");
    ideal = set(ideal, Knobs.IN_FLIGHT, "oom_mm");
    ideal = set(ideal, Knobs.REAPER, "true");
    ideal = set(ideal, Knobs.REAPER_DELAY, "0s");
    ideal = set(ideal, Knobs.REAPER_RETRY_INTERVAL, "1ms");
    ideal = set(ideal, Knobs.REAPER_OOM_LOCK, "false");
    ideal = set(ideal, Knobs.REAPER_MLOCKED, "true");
    ideal = set(ideal, Knobs.REAPER_DEAD_MM, "reap");
    ideal = set(ideal, Knobs.REAPER_NOTIFIERS, "try_each_vma");
    ideal = set(ideal, Knobs.REAPER_SUCCESS, "wait");
    ideal = set(ideal, Knobs.SELF_REAP, "none");
    ideal = set(ideal, Knobs.EXIT_FENCE, "none");
    ideal = set(ideal, Knobs.EXIT_MMAP_LOCK, "none");
    ideal = set(ideal, Knobs.EXIT_MUNLOCK, "false");
    ideal = set(ideal, Knobs.EXIT_OOM_SKIP, "after_page_tables");
    ideal = set(ideal, Knobs.OOM_FREE_TIMEOUT, Span.format(10 * Span.SECOND));
    return set(ideal, Knobs.THAW, "all_threads");
  }

  private static Policy set(Policy policy, Knob knob, String value) {
    return policy.with(knob, knob.parse(value), "oracle");
  }

  @Override
  public Best run(long seed) {
    kernel.boot(seed, TraceSink.NONE);
    kernel.neverKill();
    Best best = result(kernel.run());
    if (kernel.ledger().firstOomNs() < 0) {
      return best; // nobody runs out of memory
    }
    List<Integer> worst = worst(seed);
    best = best.or(tried(seed, null));
    for (int first : worst) {
      best = best.or(tried(seed, new int[] {first}));
    }
    if (best.kills() < 0 || best.kills() > 1) {
      List<Integer> few = worst.subList(0, Math.min(PAIRED, worst.size()));
      for (int first : few) {
        for (int second : few) {
          if (first < second) {
            best = best.or(tried(seed, new int[] {first, second}));
          }
        }
      }
    }
    return best;
  }

  /** Those who may be killed at the first kill, the worst first. */
  private List<Integer> worst(long seed) {
    kernel.boot(seed, TraceSink.NONE);
    if (!kernel.runToNextKill()) {
      return List.of();
    }
    List<Integer> eligible = new ArrayList<>();
    IntStream.range(0, kernel.processes())
        .filter(process -> kernel.badness(process) != Long.MIN_VALUE)
        .forEach(eligible::add);
    eligible.sort(Comparator.comparingLong(process -> -kernel.badness(process)));
    return List.copyOf(eligible.subList(0, Math.min(SINGLES, eligible.size())));
  }

  /** The episode in which these are chosen before all others. */
  private Best tried(long seed, int @Nullable [] victims) {
    kernel.boot(seed, TraceSink.NONE);
    if (victims != null) {
      for (int process = 0; process < kernel.processes(); process++) {
        if (kernel.oomScoreAdj(process) > 0) {
          kernel.setOomScoreAdj(process, 0);
        }
      }
      for (int victim : victims) {
        kernel.setOomScoreAdj(victim, FIRST);
      }
    }
    return result(kernel.run());
  }

  private Best result(Verdict verdict) {
    if (verdict != Verdict.RECOVERED && verdict != Verdict.NO_OOM) {
      return Best.NOTHING;
    }
    Ledger ledger = kernel.ledger();
    return new Best(ledger.kills(), ledger.kills() == 0 ? -1 : ledger.recoveryNs());
  }

  @Override
  public long digest() {
    return kernel.digest();
  }
}
