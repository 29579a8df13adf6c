package org.oomlab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Fidelity;
import org.oomlab.experiment.Likeness;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Observation;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/**
 * What a real 6.1 kernel did, and the model does too: in every scenario the same number of kills,
 * the same victims in the same order and the same panic. Where the runs of the real kernel differ
 * among themselves, each of them occurs. Times are a matter of the costs, and are claimed by
 * workloads.
 */
class LabFidelityTest {
  private static final Library LIBRARY = Library.open(null);
  private static final SeedRange SEEDS = SeedRange.of(200);

  @TestFactory
  Stream<DynamicTest> whatHappenedHappens() {
    return LIBRARY.resolveWorkloads(List.of("lab", "counted"), note -> {}).stream()
        .map(workload -> DynamicTest.dynamicTest(workload.name(), () -> agrees(workload)));
  }

  private static void agrees(Workload workload) throws InterruptedException {
    Observation observed = workload.observed();
    assertThat(observed).isNotNull();
    Case one =
        new Case(
            workload,
            LIBRARY.costs(workload.costsName()),
            LIBRARY.resolvePolicies(List.of(observed.policy()), note -> {}).get(0));
    List<Outcome> outcomes = new ArrayList<>();
    int jobs = Runtime.getRuntime().availableProcessors();
    Experiment.run(
        new Experiment.Plan(List.of(one), SEEDS, jobs, false), outcomes::add, Progress.NONE);
    Fidelity fidelity = Fidelity.of(workload, outcomes);
    agrees(fidelity.kills());
    agrees(fidelity.victims());
    agrees(fidelity.panic());
  }

  private static void agrees(Likeness<?> likeness) {
    assertThat(likeness.covered()).as("%s", likeness).isEqualTo(1);
    if (!likeness.varies()) {
      assertThat(likeness.agreement()).as("%s", likeness).isEqualTo(1, within(1e-9));
    }
  }
}
