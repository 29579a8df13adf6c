package org.oomlab.trace;

/**
 * What the simulated kernel announces. Where include/trace/events/oom.h or the console has a name
 * for it, that is the name. The subject is the number of a process, unless the comment says task.
 */
public enum Tracepoint {
  /** A task's request enters out_of_memory(). Subject: task. a: free pages, b: memcg or -1. */
  OOM_INVOKED("task invoked oom-killer with %d pages free, memcg %d"),
  /** The scan stopped: a victim is in flight. Subject: that victim. a: the asking task. */
  OOM_ABORT("is in flight; task %d waits"),
  /** A request may use all reserves. Subject: victim waited for. a: the asking task. */
  RESERVES_STARTED("has failed to exit; task %d may use all reserves"),
  /** A victim past that age exits. */
  RESERVES_ENDED("exited; access to reserves ended"),
  /** A process was killed by the OOM killer. a: its badness, b: free pages. */
  KILLED("killed: badness %d, %d pages free"),
  /** A process was killed because of memory.oom.group or a shared mm. a: 1 group, 2 shared mm. */
  KILLED_WITH("killed with the victim, reason %d"),
  /** A thread became a victim. a: the task. */
  MARK_VICTIM("marked, task %d"),
  /** The killer found nobody. a: memcg or -1. */
  NOTHING_TO_KILL("nobody left to kill, memcg %d"),
  /** The machine panicked. a: the ordinal of the panic's text. */
  PANIC("panic %d"),
  /** The victim was handed to the reaper. */
  WAKE_REAPER("queued for the reaper"),
  /** The reaper begins an attempt. a: which. */
  START_REAPING("reaping, attempt %d"),
  /** The attempt ended well. a: pages freed, b: anonymous pages left. */
  FINISH_REAPING("reaped %d pages, %d left"),
  /** The attempt failed. a: which, b: 0 for mmap_lock, 1 for a notifier, 2 for what is left. */
  SKIP_REAPING("attempt %d failed, cause %d"),
  /** Every attempt failed. a: how many. */
  UNABLE_TO_REAP("unable to reap after %d attempts"),
  /** MMF_OOM_SKIP (or MMF_OOM_REAPED) was set. a: 0 by reaper, 1 by exit, 2 by timeout. */
  OOM_SKIP("no longer waited for, set by %d"),
  /** A thread enters do_exit(). Subject: task. */
  DO_EXIT("task exits"),
  /** The last user of an mm has gone: exit_mmap() starts. a: pages left to unmap. */
  EXIT_MMAP("exit_mmap begins with %d pages"),
  /** exit_mmap() is done. a: pages it freed itself. */
  EXIT_MMAP_DONE("exit_mmap has freed %d pages"),
  /** A request was satisfied after having been blocked. Subject: task. a: blocked since. */
  ALLOC_DONE("task's request satisfied, blocked since %d"),
  /** A request failed. Subject: task. */
  ALLOC_FAILED("task's request failed"),
  /** A robust futex will never be released. Subject: task that held it. a: futex, b: waiters. */
  FUTEX_BROKEN("task died holding futex %d, %d waiters lost"),
  /** A waiter was told that the owner of its futex died. Subject: task. a: futex. */
  OWNER_DIED("task told of the death of futex %d's owner"),
  /** A mutex changed hands. Subject: task. a: mutex. */
  LOCKED("task holds mutex %d"),
  /** A mutex was released. Subject: task. a: mutex. */
  UNLOCKED("task released mutex %d"),
  /** A process was frozen (a = version) or thawed (a = 0). */
  FREEZER("freezer %d"),
  /** process_mrelease() began. Subject: process. a: the calling task. */
  MRELEASE("process_mrelease by task %d"),
  /** The episode's verdict. Subject: 0. a: its ordinal. */
  VERDICT("verdict %d"),
  /** A task unmaps part of the victim it waits for. Subject: victim. a: the task. */
  DIRECT_REAPING("reaped in part by task %d"),
  /** Pages of a process were sent to the swap device. a: pages, b: slots that are left. */
  SWAP_OUT("%d pages swapped out, %d slots left"),
  /** Pages came back. Subject: task. a: pages, b: of these, part of the working set. */
  SWAP_IN("%d pages of the task's read again, %d of the working set"),
  /** A daemon in user space sent a signal. a: 0 SIGTERM, 1 SIGKILL, b: free pages. */
  DAEMON_KILL("sent signal %d by the daemon, %d pages free");

  private final String format;

  Tracepoint(String format) {
    this.format = format;
  }

  /** A printf format for the two arguments, as TP_printk is for a kernel tracepoint. */
  public String format() {
    return format;
  }
}
