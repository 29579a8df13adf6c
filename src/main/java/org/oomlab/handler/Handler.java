package org.oomlab.handler;

import java.io.Serializable;

/**
 * One program attached to a cgroup, or to the machine: handle_out_of_memory() of bpf_oom_ops. It is
 * asked when the cgroup or one below it is out of memory, before the kernel's own scan, under
 * oom_lock; the next one is asked if it declines.
 *
 * @param name what a report calls it: oom_policy=
 * @param cgroup the name of the cgroup it is attached to, or empty: the root
 * @param action what it does
 * @param by whom it chooses for that
 * @param inFlight what it does where an earlier victim is still dying: the kernel's own look for
 *     one comes after all handlers
 * @param usageAbove acts only where the cgroup that is out of memory has more pages than this
 * @param promiseNs of {@link Action#PROMISE}: for how long it says that memory is on its way, from
 *     the first call on, or {@code Span.FOREVER}
 * @param runNs what it takes, holding oom_lock, in nanoseconds
 */
public record Handler(
    String name,
    String cgroup,
    Action action,
    By by,
    InFlight inFlight,
    long usageAbove,
    long promiseNs,
    long runNs)
    implements Serializable {
  /** At most so many to a policy. */
  public static final int MOST = 32;

  /** What a handler does. */
  public enum Action {
    /** bpf_oom_kill_process() of one task: the kernel's own kill. */
    KILL_TASK,
    /** The same of every process of a leaf cgroup. */
    KILL_CGROUP,
    /**
     * Says that memory is on its way, and kills nobody. No version that was posted has it: there,
     * who has not freed memory by a trusted helper has not handled anything.
     */
    PROMISE,
    /** Does nothing, and lets the next one decide. */
    DECLINE
  }

  /** Whom a handler chooses. */
  public enum By {
    /** oom_badness(). */
    BADNESS,
    /** Resident pages; of a cgroup, its usage without page cache. */
    SIZE,
    /** Pages in swap. */
    SWAP,
    /** The highest oom_score_adj, and of equals the largest. */
    ADJ
  }

  /** What it does about an earlier victim. */
  public enum InFlight {
    /** bpf_task_is_oom_victim() says so, and it declines: then the kernel waits. */
    DECLINE,
    /** It does not look. */
    IGNORE
  }
}
