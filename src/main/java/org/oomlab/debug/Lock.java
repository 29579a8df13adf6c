package org.oomlab.debug;

import org.oomlab.kernel.ByHand;
import org.oomlab.kernel.Vmcore.Kind;

/**
 * A lock by its name.
 *
 * @param kind what it is
 * @param number of the mutex, the futex, or the process whose mmap_lock it is
 * @param name as it is written
 */
record Lock(Kind kind, int number, String name) {
  void release(ByHand hand) {
    switch (kind) {
      case OOM_LOCK -> throw new IllegalStateException("oom_lock is the killer's own");
      case MUTEX -> hand.releaseMutex(number);
      case FUTEX -> hand.releaseFutex(number);
      case MMAP_LOCK -> hand.releaseMmapLock(number);
    }
  }
}
