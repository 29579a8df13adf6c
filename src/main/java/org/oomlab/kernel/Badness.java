package org.oomlab.kernel;

import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/** How bad a process is: oom_badness() of mm/oom_kill.c. */
final class Badness {
  /** The points of a process that may not be killed. */
  static final long INELIGIBLE = Long.MIN_VALUE;

  private static final int ADJ_MIN = -1000;

  private final Machine machine;
  private final int rootBonusPercent;
  private final boolean floorOfOne;
  private final boolean allLevels;
  private final boolean spareVfork;

  Badness(Machine machine, Policy policy) {
    this.machine = machine;
    this.rootBonusPercent = (int) policy.get(Knobs.ROOT_BONUS);
    this.floorOfOne = policy.is(Knobs.BADNESS_FLOOR);
    this.allLevels =
        policy.choice(Knobs.BADNESS_PAGE_TABLES, Knobs.PageTables.class)
            == Knobs.PageTables.ALL_LEVELS;
    this.spareVfork = policy.is(Knobs.VFORK_EXEMPT);
  }

  /** Points against the whole machine, in pages, or {@link #INELIGIBLE}. */
  long of(Process process) {
    return of(process, machine.totalPages);
  }

  /** Points against so many pages in all (of the machine, or of a cgroup). */
  long of(Process process, long totalPages) {
    if (process.isUnkillable() || process.taskWithMm() == null) {
      return INELIGIBLE;
    }
    Mm mm = process.mm;
    if (process.oomScoreAdj == ADJ_MIN
        || mm.oomSkip
        || (spareVfork && process.spec.vfork() && process.spec.sharesMm() != null)) {
      return INELIGIBLE;
    }
    long points = resident(mm);
    if (process.spec.root()) {
      points -= points * rootBonusPercent / 100;
    }
    points += process.oomScoreAdj * (totalPages / 1000);
    return floorOfOne ? Math.max(1, points) : points;
  }

  /** Resident pages, swap entries and page tables: the points before bonus and adjustment. */
  long resident(Mm mm) {
    return mm.rss() + mm.swapPages + pageTables(mm);
  }

  /**
   * nr_ptes and nr_pmds up to 4.14, the bytes of every level from 4.15 (a page of PUDs more: user
   * memory within 512 GiB has one).
   */
  long pageTables(Mm mm) {
    return mm.pageTablePages > 0 && allLevels ? mm.pageTablePages + 1 : mm.pageTablePages;
  }
}
