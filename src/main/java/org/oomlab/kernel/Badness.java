package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Standing.Spared;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/** How bad a process is: oom_badness() of mm/oom_kill.c. */
final class Badness {
  /** The points of a process that may not be killed. */
  static final long INELIGIBLE = Long.MIN_VALUE;

  /** OOM_SCORE_ADJ_MIN: never to be chosen. */
  static final int ADJ_MIN = -1000;

  private final Machine machine;
  final Counters counters;
  private final long swapPercent;
  private final int rootBonusPercent;
  private final boolean floorOfOne;
  private final boolean allLevels;
  private final boolean spareVfork;

  Badness(Machine machine, Policy policy) {
    this.machine = machine;
    this.counters = new Counters(machine, policy);
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
    return of(process, totalPages, counters.error(process.mm));
  }

  /** The same, with what is known of its size off by so many pages. */
  private long of(Process process, long totalPages, long error) {
    long points = Math.max(0, resident(process.mm) + error);
    points += adjShare(process, totalPages) - rootBonus(process, points);
    return floorOfOne ? Math.max(1, points) : points;
  }

  /** The same once more, with the exact size. */
  long exactlyOf(Process process, long totalPages) {
    return spared(process) != Spared.NO ? INELIGIBLE : of(process, totalPages, 0);
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
