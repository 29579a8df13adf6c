package org.oomlab.experiment;

import java.io.Serializable;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.pressure.PsiAverages;
import org.oomlab.pressure.PsiGroup.State;

/**
 * What one episode came to before anybody was killed, or without that: where memory went, and how
 * much time was lost over it. Of workloads in which memory moves, or whose pressure is measured.
 *
 * @param moves whether pages can leave memory at all; else all but the pressure is absent
 * @param swappedOutPages pages swapped out
 * @param swappedInPages pages swapped in again
 * @param readPages pages faulted in again, from swap or from files
 * @param refaultPages of these, those that had been part of the working set
 * @param swapFullNs when the swap device was first full, after boot, or -1
 * @param throttledNs how long memory.high held tasks back, summed over them
 * @param someNs how long somebody stalled: total of <i>some</i> in the pressure file
 * @param fullNs how long nobody got on: total of <i>full</i>
 * @param highestSome10 the highest average of ten seconds, in hundredths of a per cent
 * @param highestFull10 the same of <i>full</i>
 * @param frozenNs time in periods of two seconds of which nine tenths were lost to everybody
 */
public record Movement(
    boolean moves,
    long swappedOutPages,
    long swappedInPages,
    long readPages,
    long refaultPages,
    long swapFullNs,
    long throttledNs,
    long someNs,
    long fullNs,
    int highestSome10,
    int highestFull10,
    long frozenNs)
    implements Serializable {

  /** What it has come to by now; null if nothing moves and nobody measures. */
  static Movement of(Kernel kernel, boolean moves) {
    Ledger ledger = kernel.ledger();
    Procfs procfs = kernel.procfs();
    PsiAverages some = procfs.pressure(State.SOME);
    PsiAverages full = procfs.pressure(State.FULL);
    return new Movement(
        moves,
        ledger.swappedOutPages(),
        ledger.swappedInPages(),
        ledger.readPages(),
        ledger.refaultPages(),
        ledger.swapFullNs(),
        ledger.throttledNs(),
        procfs.pressureTotalNs(State.SOME),
        procfs.pressureTotalNs(State.FULL),
        some.highestAvg10(),
        full.highestAvg10(),
        full.frozenNs());
  }
}
