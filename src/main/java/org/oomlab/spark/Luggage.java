package org.oomlab.spark;

import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.workload.Workload;

/** What of a case has to travel: what it is held against stays at home. */
final class Luggage {
  private Luggage() {}

  static Case of(Case whole) {
    Workload workload = whole.workload();
    return new Case(
        new Workload(
            workload.name(),
            workload.title(),
            workload.source(),
            workload.costsName(),
            workload.horizon(),
            workload.machine(),
            workload.cgroups(),
            workload.mutexes(),
            workload.futexes(),
            workload.processes(),
            List.of(),
            null,
            workload.cannotTell()),
        whole.costs(),
        whole.policy(),
        whole.rigour());
  }
}
