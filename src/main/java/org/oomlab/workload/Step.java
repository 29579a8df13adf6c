package org.oomlab.workload;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/** One thing a thread does. A record's name is its key in a workload file. */
public sealed interface Step extends Serializable {
  /** Sleeps; a fatal signal ends it. */
  record Sleep(Quantity time) implements Step {}

  /** Sleeps uninterruptibly (state D): a fatal signal waits for the end. */
  record Block(Quantity time) implements Step {}

  /** Runs in user space; counts as work. */
  record Compute(Quantity time) implements Step {}

  /**
   * Faults pages in, one request a page, into the named mapping or the last anonymous one.
   *
   * @param rate pages a second at the most; who has been held up makes up for it. Null: as fast as
   *     it goes
   */
  record Touch(Quantity size, @Nullable String memory, @Nullable Quantity rate) implements Step {
    public Touch(Quantity size, @Nullable String memory) {
      this(size, memory, null);
    }
  }

  /**
   * Allocates kernel memory that belongs to no address space: one request for all of it. It stays
   * allocated until {@link Free}.
   */
  record Alloc(Quantity size, Gfp gfp) implements Step {}

  /**
   * The antagonist: faults pages in, but takes every page above its watermark the instant it is
   * free, until it has them all. One request.
   */
  record Drain(Quantity size) implements Step {}

  /**
   * Allocates kernel pages until the process has a fatal signal pending (looked at after every
   * successful page), then {@code then} pages more. One request. The thread of the 2016 livelock
   * module.
   */
  record AllocUntilKilled(String process, Quantity then) implements Step {}

  /** Gives pages back: kernel memory first, then anonymous memory. */
  record Free(Quantity size) implements Step {}

  /** Takes a kernel mutex, waiting uninterruptibly. */
  record Lock(String mutex) implements Step {}

  /** Releases a kernel mutex. */
  record Unlock(String mutex) implements Step {}

  /** Spins, sleeping no longer than a tick, until somebody holds the mutex. */
  record WaitLocked(String mutex) implements Step {}

  /** Holds a process's mmap_lock for writing for a time, asleep in state D meanwhile. */
  record MmapLock(String of, Quantity time) implements Step {}

  /** Takes a robust futex in memory shared with others. */
  record TakeFutex(String futex) implements Step {}

  /** Releases a robust futex, waking one waiter. */
  record ReleaseFutex(String futex) implements Step {}

  /** Sleeps, interruptibly, until it gets the futex or is told that its owner died. */
  record WaitFutex(String futex) implements Step {}

  /** Freezes a process. */
  record Freeze(String process, ProcessSpec.Freezer freezer) implements Step {}

  /** Thaws a process. */
  record Thaw(String process) implements Step {}

  /** Sends SIGKILL. */
  record Kill(String process) implements Step {}

  /** Sleeps, interruptibly, until a process gets SIGKILL, whoever sends it. */
  record WaitKilled(String process) implements Step {}

  /** Sleeps, interruptibly, until MMF_OOM_SKIP of a process is set: the killer leaves it alone. */
  record WaitOomSkip(String process) implements Step {}

  /** Calls process_mrelease() on a process that is dying. */
  record Mrelease(String process) implements Step {}

  /** Saves its work: nothing done before is lost by a kill. */
  record Checkpoint() implements Step {}

  /** Does the steps so many times, or for ever ({@code times} is -1). */
  record Repeat(long times, List<Step> steps) implements Step {
    public Repeat {
      steps = List.copyOf(steps);
    }
  }

  /** Does the steps with a probability from 0 to 1. */
  record Chance(double probability, List<Step> steps) implements Step {
    public Chance {
      steps = List.copyOf(steps);
    }
  }

  /** Exits. */
  record Exit() implements Step {}

  /** What a kernel request may do to find memory, by its gfp_mask. */
  enum Gfp {
    /** GFP_KERNEL, and a user fault. */
    KERNEL,
    /** GFP_NOFS: may not enter file systems, and so never kills. */
    NOFS,
    /** GFP_ATOMIC: may not wait. */
    ATOMIC,
    /** __GFP_NOFAIL. */
    NOFAIL,
    /** __GFP_HIGH without GFP_ATOMIC. */
    HIGH,
    /** __GFP_NORETRY. */
    NORETRY,
    /** __GFP_RETRY_MAYFAIL: tries hard, but never kills. */
    RETRY_MAYFAIL
  }
}
