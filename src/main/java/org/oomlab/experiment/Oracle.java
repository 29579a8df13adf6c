package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;

/**
 * Finds out how few kills and how short a recovery an episode can have for somebody who knows the
 * future: by trying.
 *
 * <p>Two things are tried, whom to kill and how memory comes back. For the second there are a few
 * machines, each as good as the knobs allow in one respect: {@link #ideal} waits for its victims,
 * its reaper comes at once and takes all there is, and its exit path does nothing twice; the others
 * differ from it in one point. On the first, the episode is run with nobody killed at all; with the
 * victim that badness chooses; with each of the {@value #SINGLES} worst processes as the first
 * victim; and, if all of these kill more than one, with each two of the {@value #PAIRED} worst. On
 * the others it is run with those victims that were best on the first.
 *
 * <p>No kill is the fewest there can be, and if the episode does not end well without any, one is.
 * Anything else can be reached, and no shipped policy is better, but it is not proven to be the
 * best.
 */
final class Oracle implements Experiment.Bench<Oracle.Best> {
  private static final int SINGLES = 32;
  private static final int PAIRED = 8;
  private static final int FIRST = 1000;
  private static final int[] AS_BADNESS_SAYS = {};

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

  private final List<Kernel> machines = new ArrayList<>();

  /** The machine that is at work, or was last. */
  private Kernel kernel;

  private Best best = Best.NOTHING;
  private int[] mostSparing = AS_BADNESS_SAYS;
  private int[] quickest = AS_BADNESS_SAYS;

  /** An oracle for the workload and the costs of a case, whatever its policy. */
  Oracle(Experiment.Case of) {
    // Who knows the future kills by himself, and needs nobody in user space.
    for (Policy policy : machines(ideal(of.policy().withoutDaemon().with(List.of())))) {
      machines.add(new Kernel(of.workload(), of.costs(), policy, of.rigour()));
    }
    kernel = machines.get(0);
  }

  private static List<Policy> machines(Policy ideal) {
    return List.of(
        ideal,
        // Goes on to the next victim as soon as the first has nothing more to give.
        with(ideal, "reaper.on_success=hide reaper.on_failure=hide"),
        // Who asked for memory takes it from the victim, a part or all, and no reaper is in its
        // way.
        with(ideal, "reaper.enabled=false killer.stalled_after=3s reaper.direct_pages=1024"),
        with(
            ideal,
            "reaper.enabled=false killer.stalled_after=3s reaper.direct_pages=1000000000000"),
        // A victim's memory may be stuck behind somebody who only needs what is in reserve.
        with(ideal, "reserves.on_livelock_after=0s"),
        // An exit that first reaps itself comes to its own memory before what it only maps.
        with(ideal, "exit.self_reap=unlocked"),
        with(ideal, "exit.self_reap=unlocked memcg.reclaim_retries=5"),
        // More is back at once if several die, or whoever is running anyway.
        with(ideal, "killer.oom_group=true"),
        with(ideal, "killer.kill_allocating_task=true"));
  }

  /** Sets every knob, so that what is found does not depend on who is compared. */
  private static Policy ideal(Policy policy) {
    return with(
        policy,
        """
        killer.panic_on_oom=0 killer.kill_allocating_task=false killer.in_flight=oom_mm
        killer.dying_shortcut=will_free_mem killer.nofs_enters=true killer.sleep_after_kill=0
        killer.sacrifice_child=false killer.root_bonus=0 killer.tie=last killer.floor_of_one=false
        killer.page_tables=all_levels killer.swap_weight=100
         killer.spare_vfork=true killer.spare_unkillable_sharer=false
        killer.oom_group=false killer.nothing_to_kill=deadlocked killer.holdoff=0s
        killer.victim_wait=never killer.victim_wait_decay=100 killer.stalled_after=never
        reaper.enabled=true reaper.delay=0s reaper.no_delay_for=nobody
        reaper.frozen_test=after_thaw reaper.retries=10 reaper.retry_interval=1ms
        reaper.sleeps_after=failure reaper.list=lifo reaper.unstable=reap reaper.oom_lock=false
        reaper.takes_mlocked=true reaper.dead_mm=reap reaper.notifiers=try_each_vma
        reaper.notifier_sleep=1s reaper.direction=backward reaper.direct_pages=0
        reaper.process_mrelease=true reaper.leftover=0 reaper.fruitless_rounds=0
        reaper.on_success=wait reaper.on_failure=hide exit.self_reap=none exit.fence=none
        exit.mmap_lock=none exit.munlock=false exit.oom_skip=after_page_tables
        exit.skip_under_oom_lock=false exit.handover=never exit.oom_free_timeout=10s
        exit.expiry=time_after_eq reserves.victim=all_threads_half reserves.rt_nofail_percent=50
        reserves.on_livelock_after=never freezer.thaw=all_threads
        futex.every_thread_registers=true memcg.kill=in_charge memcg.reclaim_retries=16
        memcg.nothing_to_kill=force memcg.dying_exceeds_limit=false memcg.recheck_margin=true
        memcg.dying_bypass=false memcg.victim_seen=until_unmapped memcg.hidden_victim=retries
        alloc.reclaim_retries=16 alloc.reclaim_estimate_shrinks=false
        alloc.victim_fails_before_reclaim=false""");
  }

  /** A policy with some knobs turned, each written {@code path=value}. */
  private static Policy with(Policy policy, String settings) {
    Policy turned = policy;
    for (String setting : settings.split("\\s+")) {
      String[] parts = setting.split("=");
      Knob knob = Objects.requireNonNull(Knobs.byPath(parts[0]), setting);
      turned = turned.with(knob, knob.parse(parts[1]), "oracle");
    }
    return turned;
  }

  @Override
  public Best run(long seed) {
    best = Best.NOTHING;
    mostSparing = AS_BADNESS_SAYS;
    quickest = AS_BADNESS_SAYS;
    kernel = machines.get(0);
    kernel.boot(seed, TraceSink.NONE);
    kernel.neverKill();
    best = result(kernel.run());
    if (kernel.ledger().firstOomNs() < 0) {
      return best; // nobody runs out of memory
    }
    tryVictims(seed);
    for (Kernel machine : machines.subList(1, machines.size())) {
      kernel = machine;
      int[] sparing = mostSparing;
      int[] quick = quickest;
      List.of(AS_BADNESS_SAYS, sparing, quick).stream()
          .distinct()
          .forEach(victims -> tryOut(seed, victims));
    }
    return best;
  }

  private void tryVictims(long seed) {
    List<Integer> worst = worst(seed);
    tryOut(seed, AS_BADNESS_SAYS);
    worst.forEach(first -> tryOut(seed, first));
    if (best.kills() < 0 || best.kills() > 1) {
      List<Integer> few = worst.subList(0, Math.min(PAIRED, worst.size()));
      for (int first : few) {
        for (int second : few) {
          if (first < second) {
            tryOut(seed, first, second);
          }
        }
      }
    }
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

  /** Runs the episode in which these are chosen before all others. */
  private void tryOut(long seed, int... victims) {
    kernel.boot(seed, TraceSink.NONE);
    for (int process = 0; victims.length > 0 && process < kernel.processes(); process++) {
      if (kernel.oomScoreAdj(process) > 0) {
        kernel.setOomScoreAdj(process, 0);
      }
    }
    for (int victim : victims) {
      kernel.setOomScoreAdj(victim, FIRST);
    }
    Best before = best;
    best = before.or(result(kernel.run()));
    mostSparing = best.kills() == before.kills() ? mostSparing : victims;
    quickest = best.recoveryNs() == before.recoveryNs() ? quickest : victims;
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

  @Override
  public long events() {
    return kernel.events();
  }
}
