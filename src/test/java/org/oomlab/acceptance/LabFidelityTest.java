package org.oomlab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.fidelity.Fidelity;
import org.oomlab.experiment.fidelity.Likeness;
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
  private static final Pattern OTHERS = Pattern.compile("lab-[4-7]\\..*");
  private static final double MOST = 0.8;
  private static final Set<String> MISSED =
      Set.of(
          "lab-4.19-j5",
          "lab-5.10-b8",
          "lab-5.10-j5",
          "lab-5.10-j7",
          "lab-6.12-j7",
          "lab-6.12-m2",
          "lab-7.3-m2",
          "lab-7.3-x4");

  @TestFactory
  Stream<DynamicTest> whatHappenedHappens() {
    return LIBRARY.resolveWorkloads(List.of("lab/6.1", "counted"), note -> {}).stream()
        .map(workload -> DynamicTest.dynamicTest(workload.name(), () -> agrees(workload)));
  }

  /**
   * The other kernels were predicted before they were compared. Where two to five runs were alike
   * the model has their outcome in four episodes of five; where they differ, they are plausible
   * beside its episodes. They are not in the scenarios that are named, of which fidelity.md speaks;
   * one that has come to agree is to be taken off the list.
   */
  @TestFactory
  Stream<DynamicTest> whatWasPredictedHappens() {
    return LIBRARY.resolveWorkloads(List.of("lab"), note -> {}).stream()
        .filter(workload -> OTHERS.matcher(workload.name()).matches())
        .map(
            workload ->
                DynamicTest.dynamicTest(
                    workload.name(),
                    () ->
                        assertThat(isPredicted(fidelity(workload)))
                            .as(workload.name())
                            .isEqualTo(!MISSED.contains(workload.name()))));
  }

  private static boolean isPredicted(Fidelity fidelity) {
    return isPredicted(fidelity.kills())
        && isPredicted(fidelity.victims())
        && isPredicted(fidelity.panic());
  }

  private static boolean isPredicted(Likeness<?> likeness) {
    return likeness.varies() ? likeness.agrees() : likeness.agreement() >= MOST;
  }

  private static void agrees(Workload workload) throws InterruptedException {
    Fidelity fidelity = fidelity(workload);
    agrees(fidelity.kills());
    agrees(fidelity.victims());
    agrees(fidelity.panic());
  }

  private static Fidelity fidelity(Workload workload) throws InterruptedException {
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
    return Fidelity.of(one, outcomes);
  }

  private static void agrees(Likeness<?> likeness) {
    assertThat(likeness.covered()).as("%s", likeness).isEqualTo(1);
    if (!likeness.varies()) {
      assertThat(likeness.agreement()).as("%s", likeness).isEqualTo(1, within(1e-9));
    }
  }
}
