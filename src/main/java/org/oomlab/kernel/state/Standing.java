package org.oomlab.kernel.state;

/**
 * How a process stands with the OOM killer when it chooses: the terms of oom_badness() of
 * mm/oom_kill.c, or why it is not looked at. All in pages but {@code oomScoreAdj}.
 *
 * @param rss resident pages
 * @param swap pages in swap
 * @param pageTables pages of page tables
 * @param rootBonus what kernels before 4.17 take off for CAP_SYS_ADMIN
 * @param oomScoreAdj from -1000 to 1000
 * @param adjShare what that comes to: so many thousandths of all memory and swap, or of the limit
 *     of the cgroup that is full
 * @param points all of it together, or {@link Badness#INELIGIBLE}
 * @param spared why it may not be chosen
 */
public record Standing(
    long rss,
    long swap,
    long pageTables,
    long rootBonus,
    int oomScoreAdj,
    long adjShare,
    long points,
    Spared spared) {

  /** Why a process may not be chosen. */
  public enum Spared {
    /** It may. */
    NO(""),
    /** is_global_init(). */
    INIT("init"),
    /** PF_KTHREAD. */
    KERNEL_THREAD("kernel thread"),
    /** It is outside the memory cgroup that is full. */
    OTHER_CGROUP("not in the cgroup"),
    /** css_task_iter_advance() of 7.0: every thread is exiting, so a cgroup's scan misses it. */
    EXITING("exiting: not in its cgroup any more"),
    /** find_lock_task_mm() finds none: it has exited, or is past exit_mm(). */
    GONE("no address space left"),
    /** MMF_OOM_SKIP is set. */
    OOM_SKIP("MMF_OOM_SKIP"),
    /** An earlier victim for which the killer no longer waits. */
    VICTIM("a victim already"),
    /** OOM_SCORE_ADJ_MIN. */
    ADJ_MIN("oom_score_adj -1000"),
    /** in_vfork(). */
    VFORK("in vfork()");

    private final String reason;

    Spared(String reason) {
      this.reason = reason;
    }

    /** In a few words; empty for one that may be chosen. */
    public String reason() {
      return reason;
    }
  }

  /** Whether it may be chosen. */
  public boolean eligible() {
    return spared == Spared.NO;
  }
}
