package org.oomlab.kernel.state;

/**
 * What holds in every world under every policy, and why: the list behind laws.md. {@link Laws}
 * looks whether it does.
 */
public enum Law {
  /** Nothing is created or lost. */
  PAGES_CONSERVED(
      "every page is in exactly one place: free, cached, the kernel's, orphaned, or somebody's",
      "mm/page_alloc.c: a page is on a free list or has an owner; totalram_pages() does not change"),
  /** No count falls below zero. */
  NEVER_NEGATIVE(
      "no count of pages, users, readers or holders is below zero",
      "mm_users, rss_stat, page_counter and rwsem counts are warned about below zero"),
  /** Pages leave an address space only by who may take them. */
  RIGHT_TO_FREE(
      "who takes pages out of an address space holds its mmap_lock, or is its last user",
      "mm/oom_kill.c oom_reap_task_mm(), process_mrelease(): mmap_read_trylock(); mm/mmap.c"
          + " exit_mmap(): after the last mmput()"),
  /** What is seen of an mm only goes forward. */
  MM_STATES(
      "an mm loses users and gains flags, and is gone only when nobody uses it",
      "include/linux/sched/coredump.h: MMF_OOM_SKIP, MMF_UNSTABLE and MMF_OOM_VICTIM are never"
          + " cleared"),
  /** Locks have owners. */
  LOCK_STATES(
      "a lock has one owner, or readers, or nobody; who waits for it waits for somebody alive",
      "kernel/locking/mutex.c, rwsem.c"),
  /** Futexes too. */
  FUTEX_STATES(
      "a robust futex has one owner or is broken; who has died owns none",
      "kernel/futex/core.c exit_robust_list(), handle_futex_death()"),
  /** The freezer. */
  FREEZER_STATES(
      "only who can be frozen is: nobody on the way out, nobody in the kernel",
      "kernel/freezer.c __refrigerator(), kernel/signal.c get_signal()"),
  /** A task waits for one thing. */
  ONE_WAIT(
      "a task that does not act waits for exactly one thing",
      "kernel/sched/core.c: a task is current, on a run queue, or on one wait queue"),
  /** Who sleeps can be woken. */
  WAKER(
      "who waits for a turn is in one queue of something that is held, and who has work is on a"
          + " processor or in line for one",
      "kernel/sched/core.c try_to_wake_up(): a sleeper that is on no queue is lost"),
  /** The killer does not act by itself. */
  KILL_NEEDS_OOM(
      "nobody is killed before a request has called the OOM killer",
      "mm/oom_kill.c out_of_memory() is the only caller of oom_kill_process()"),
  /** Marks. */
  MARK_NEEDS_DEATH(
      "nobody is marked who is not dying",
      "mm/oom_kill.c mark_oom_victim(): its callers have sent SIGKILL or checked"
          + " task_will_free_mem()"),
  /** What the reaper works on. */
  REAPER_LIST(
      "the reaper's list holds victims that were queued, each once",
      "mm/oom_kill.c queue_oom_reaper(): test_and_set_bit(MMF_OOM_REAP_QUEUED)"),
  /** Cgroups add up. */
  CGROUP_SUM(
      "a cgroup's usage is that of its own and its descendants' pages",
      "mm/page_counter.c page_counter_charge() walks up to the root"),
  /** The books agree with the machine. */
  LEDGER(
      "the ledger says what happened: each kill once, nothing freed that was not taken, as many"
          + " blocked as there are",
      "Metrics in oomlab(1)"),
  /** Time. */
  TIME_GOES_ON("time and sequence never run back", "ktime_get() is monotonic"),
  /** No endless loop at one moment. */
  BOUNDED_MOMENT(
      "a bounded number of things happen at one instant",
      "every retry of the allocator takes time: schedule_timeout(), cond_resched()"),
  /** What if nothing were different? */
  NO_CHANGE_NO_CHANGE(
      "a copy of a machine goes on as the original does",
      "src/main/java/org/oomlab/kernel/Kernel.java copyFrom()"),
  /** To hurry is a matter of speed alone. */
  NO_SHORTCUT_CHANGES_A_RESULT(
      "what is decided early comes out the same the long way", "org.oomlab.kernel.state.Shortcut");

  private final String sentence;
  private final String source;

  Law(String sentence, String source) {
    this.sentence = sentence;
    this.source = source;
  }

  /** What it says. */
  public String sentence() {
    return sentence;
  }

  /** Where it comes from: a file and function of the kernel, or what of ours it follows from. */
  public String source() {
    return source;
  }
}
