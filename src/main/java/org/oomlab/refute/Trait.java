package org.oomlab.refute;

import java.util.Locale;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.Tracepoint;

/** What an episode may have in it: how one knows where a search has been. */
public enum Trait {
  OOM,
  MEMCG_OOM,
  KILL,
  SECOND_KILL,
  KILLED_TOGETHER,
  DYING_VICTIM,
  FROZEN_VICTIM,
  NOBODY_LEFT,
  REAPER,
  REAPED,
  REAPER_MET_LOCK,
  REAPER_MET_NOTIFIER,
  REAPER_GAVE_UP,
  HIDDEN_BY_REAPER,
  HIDDEN_BY_EXIT,
  HIDDEN_BY_TIMEOUT,
  EXIT_MMAP,
  MRELEASE,
  DIRECT_REAPING,
  RESERVES,
  MUTEX,
  FUTEX_BROKEN,
  FUTEX_INHERITED,
  FREEZER,
  REQUEST_REFUSED,
  PANIC,
  LIVELOCK,
  RECOVERY;

  /** In words. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  long bit() {
    return 1L << ordinal();
  }

  /** The traits that something announced stands for, as bits. */
  static long of(Tracepoint point, long a, long b, long before) {
    return switch (point) {
      case OOM_INVOKED -> OOM.bit() | (b >= 0 ? MEMCG_OOM.bit() : 0);
      case KILLED -> KILL.bit() | ((before & KILL.bit()) != 0 ? SECOND_KILL.bit() : 0);
      case KILLED_WITH -> KILLED_TOGETHER.bit();
      case MARK_VICTIM -> 0;
      case NOTHING_TO_KILL -> NOBODY_LEFT.bit();
      case START_REAPING -> REAPER.bit();
      case FINISH_REAPING -> REAPED.bit();
      case SKIP_REAPING -> b == 0 ? REAPER_MET_LOCK.bit() : b == 1 ? REAPER_MET_NOTIFIER.bit() : 0;
      case UNABLE_TO_REAP -> REAPER_GAVE_UP.bit();
      case OOM_SKIP ->
          (a == 0 ? HIDDEN_BY_REAPER : a == 1 ? HIDDEN_BY_EXIT : HIDDEN_BY_TIMEOUT).bit();
      case EXIT_MMAP -> EXIT_MMAP.bit();
      case MRELEASE -> MRELEASE.bit();
      case DIRECT_REAPING -> DIRECT_REAPING.bit();
      case RESERVES_STARTED -> RESERVES.bit();
      case LOCKED -> MUTEX.bit();
      case FUTEX_BROKEN -> FUTEX_BROKEN.bit();
      case OWNER_DIED -> FUTEX_INHERITED.bit();
      case FREEZER -> FREEZER.bit();
      case ALLOC_FAILED -> REQUEST_REFUSED.bit();
      default -> 0;
    };
  }

  /** The traits of an end. */
  static long of(Verdict verdict) {
    return switch (verdict) {
      case PANIC -> PANIC.bit();
      case LIVELOCK -> LIVELOCK.bit();
      case RECOVERED -> RECOVERY.bit();
      default -> 0;
    };
  }
}
