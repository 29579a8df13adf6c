package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.engine.RandomStream;
import org.oomlab.kernel.Standing.Spared;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/** How bad a process is: oom_badness() of mm/oom_kill.c. */
final class Badness {
  /** The points of a process that may not be killed. */
  static final long INELIGIBLE = Long.MIN_VALUE;

  /** OOM_SCORE_ADJ_MIN: never to be chosen. */
  static final int ADJ_MIN = -1000;

  /** Of the streams of an episode, the first from which errors of counters are drawn. */
  private static final long ERRORS = 1L << 32;

  // What it takes to choose, measured on 256 processors (M. Desnoyers, v16, January 2026): 0.5 and
  // 80 ms for 40 and 10 000 processes with exact sums, 0.3 and 7.9 ms in two passes.
  private static final double SELECT_NS = 150_000;
  private static final double EXACT_NS = 31;
  private static final double ESTIMATE_NS = 770;
  private static final double READ_NS = 300;
  private static final int SUMS_OF_SECOND_PASS = 16;

  /** TASK_RSS_EVENTS_THRESH of mm/memory.c@6.1. */
  private static final long EVENTS_OF_THREAD = 64;

  private final Machine machine;
  private final Knobs.Counters counters;
  private final long swapPercent;
  private final int rootBonusPercent;
  private final boolean floorOfOne;
  private final boolean allLevels;
  private final boolean spareVfork;

  Badness(Machine machine, Policy policy) {
    this.machine = machine;
    this.counters = policy.choice(Knobs.COUNTERS, Knobs.Counters.class);
    this.swapPercent = policy.get(Knobs.SWAP_WEIGHT);
    this.rootBonusPercent = (int) policy.get(Knobs.ROOT_BONUS);
    this.floorOfOne = policy.is(Knobs.BADNESS_FLOOR);
    this.allLevels =
        policy.choice(Knobs.BADNESS_PAGE_TABLES, Knobs.PageTables.class)
            == Knobs.PageTables.ALL_LEVELS;
    this.spareVfork = policy.is(Knobs.VFORK_EXEMPT);
  }

  /** What badness is a share of: the machine's pages, or at most a cgroup's. */
  long totalOf(@Nullable Memcg domain) {
    return domain == null ? machine.totalPages : Math.min(domain.spec.limit(), machine.totalPages);
  }

  /** Points against the whole machine, in pages, or {@link #INELIGIBLE}. */
  long of(Process process) {
    return of(process, machine.totalPages);
  }

  /** Points against so many pages in all (of the machine, or of a cgroup). */
  long of(Process process, long totalPages) {
    if (spared(process) != Spared.NO) {
      return INELIGIBLE;
    }
    long points = errs() ? counted(process) : resident(process.mm);
    points += adjShare(process, totalPages) - rootBonus(process, points);
    return floorOfOne ? Math.max(1, points) : points;
  }

  /** Whether pages are counted with an error, which chance decides. */
  boolean errs() {
    return counters == Knobs.Counters.APPROXIMATE || counters == Knobs.Counters.PER_THREAD;
  }

  /**
   * What its counter says: as much as its threads, or the processors, have not told it yet may be
   * missing or too much. percpu_counter_batch is 32 or twice the processors.
   */
  private long counted(Process process) {
    long cpus = machine.workload.machine().cpus();
    long bound =
        counters == Knobs.Counters.PER_THREAD
            ? EVENTS_OF_THREAD * process.tasks.length
            : Math.max(32, 2 * cpus) * cpus;
    long drawn = RandomStream.split(machine.episodeSeed, process.id + ERRORS);
    double share = (drawn >> 11) * 0x1.0p-52; // from -1 to 1
    return Math.max(0, resident(process.mm) + Math.round(share * bound));
  }

  /** How long the choice among all processes takes, holding oom_lock. */
  long selectionNs() {
    double processes = machine.processes.length;
    double cpus = machine.workload.machine().cpus();
    double ns =
        switch (counters) {
          case IDEAL -> 0;
          case PER_THREAD, APPROXIMATE -> SELECT_NS + processes * READ_NS;
          case EXACT -> SELECT_NS + processes * cpus * EXACT_NS;
          case TWO_PASS ->
              SELECT_NS
                  + processes * ESTIMATE_NS
                  + Math.min(processes, SUMS_OF_SECOND_PASS) * cpus * EXACT_NS;
        };
    return Math.round(ns * machine.slowness);
  }

  private Spared spared(Process process) {
    if (process.isUnkillable()) {
      return process.spec.init() ? Spared.INIT : Spared.KERNEL_THREAD;
    }
    if (process.taskWithMm() == null) {
      return Spared.GONE;
    }
    if (process.oomScoreAdj == ADJ_MIN) {
      return Spared.ADJ_MIN;
    }
    if (process.mm.oomSkip) {
      return Spared.OOM_SKIP;
    }
    boolean vfork = process.spec.vfork() && process.spec.sharesMm() != null;
    return spareVfork && vfork ? Spared.VFORK : Spared.NO;
  }

  private long rootBonus(Process process, long points) {
    return process.spec.root() ? points * rootBonusPercent / 100 : 0;
  }

  private static long adjShare(Process process, long totalPages) {
    return process.oomScoreAdj * (totalPages / 1000);
  }

  /**
   * All terms, for whoever wants to know why.
   *
   * @param totalPages as for the points
   * @param passedOver why the killer does not even ask for the points, or {@link Spared#NO}
   */
  Standing standing(Process process, long totalPages, Spared passedOver) {
    Spared spared = passedOver == Spared.NO ? spared(process) : passedOver;
    Mm mm = process.taskWithMm() == null ? null : process.mm;
    return new Standing(
        mm == null ? 0 : mm.rss(),
        mm == null ? 0 : mm.swapPages,
        mm == null ? 0 : pageTables(mm),
        mm == null ? 0 : rootBonus(process, resident(mm)),
        process.oomScoreAdj,
        adjShare(process, totalPages),
        spared == Spared.NO ? of(process, totalPages) : INELIGIBLE,
        spared);
  }

  /** Resident pages, swap entries and page tables: the points before bonus and adjustment. */
  long resident(Mm mm) {
    long swap = swapPercent == 100 ? mm.swapPages : mm.swapPages * swapPercent / 100;
    return mm.rss() + swap + pageTables(mm);
  }

  /**
   * nr_ptes and nr_pmds up to 4.14, the bytes of every level from 4.15 (a page of PUDs more: user
   * memory within 512 GiB has one).
   */
  long pageTables(Mm mm) {
    return mm.pageTablePages > 0 && allLevels ? mm.pageTablePages + 1 : mm.pageTablePages;
  }
}
