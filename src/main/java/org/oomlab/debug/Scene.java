package org.oomlab.debug;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.Vmcore;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.trace.Happening;

/**
 * A moment of a branch, to be looked at.
 *
 * @param branch stands at the moment
 * @param cast who and what there is
 * @param zeroNs what times are counted from: the first OOM call, after boot
 */
record Scene(Branch branch, Cast cast, long zeroNs) {
  Kernel kernel() {
    return branch.kernel();
  }

  Procfs procfs() {
    return kernel().procfs();
  }

  Vmcore vmcore() {
    return kernel().vmcore();
  }

  Ledger ledger() {
    return kernel().ledger();
  }

  List<Happening> latest() {
    return branch.latest();
  }

  /** The time, counted from the first OOM call. */
  long nowNs() {
    return kernel().nowNs() - zeroNs;
  }

  /** A lock as it is, or null if nobody holds it. */
  Vmcore.@Nullable Lock find(Lock lock) {
    int mm = lock.kind() == Vmcore.Kind.MMAP_LOCK ? vmcore().mmOf(lock.number()) : -1;
    for (Vmcore.Lock each : vmcore().locks()) {
      if (each.kind() == lock.kind()
          && (mm < 0 ? each.number() == lock.number() : vmcore().mmOf(each.number()) == mm)) {
        return each;
      }
    }
    return null;
  }

  /** What the episode has come to so far; kills are not judged. */
  Outcome outcome() {
    return Episode.soFar(branch.of(), branch.seed(), kernel());
  }
}
