package org.oomlab.kernel;

import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/** The simulated kernel. (Its mechanisms follow in the next commits.) */
public final class Kernel {
  private final Ledger ledger = new Ledger();

  public Kernel(Workload workload, Costs costs, Policy policy) {}

  public void boot(long seed, TraceSink sink) {}

  public boolean runToNextKill() {
    return false;
  }

  public boolean step() {
    return false;
  }

  public Verdict run() {
    return Verdict.NO_OOM;
  }

  public void vetoKills(long patienceNs) {}

  public void copyFrom(Kernel that) {}

  public Verdict verdict() {
    return Verdict.NO_OOM;
  }

  public long nowNs() {
    return 0;
  }

  public long digest() {
    return 0;
  }

  public long events() {
    return 0;
  }

  /** Badness of a process now, in points (pages), or {@link Long#MIN_VALUE} if not eligible. */
  public long badness(int process) {
    return 0;
  }

  public Ledger ledger() {
    return ledger;
  }
}
