package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Oracle.Best;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** What a killer who knows the future would reach. */
class OracleTest {
  private static final Library LIBRARY = Library.open(null);

  private static Case of(String workload, String policy) {
    Workload read = LIBRARY.resolveWorkloads(List.of(workload), note -> {}).get(0);
    Policy under = LIBRARY.resolvePolicies(List.of(policy), note -> {}).get(0);
    return new Case(read, LIBRARY.costs(read.costsName()), under);
  }

  @Test
  void aMachineOfLockedMemoryNeedsOneKillWhereTheKernelPanics() {
    Case mlocked = of("mlocked-all", "linux-4.17");
    Outcome kernel = new Episode(mlocked, false).run(1);
    assertThat(kernel.kills()).hasSizeGreaterThan(1);
    assertThat(new Oracle(mlocked).run(1).kills()).isEqualTo(1);
  }

  @Test
  void theBestOfTwoIsTheBestInEachRespect() {
    Best quick = new Best(2, 5);
    Best sparing = new Best(1, 50);
    assertThat(quick.or(sparing)).isEqualTo(new Best(1, 5));
    assertThat(new Best(-1, -1).or(quick)).isEqualTo(quick);
    assertThat(new Best(0, -1).or(quick)).isEqualTo(new Best(0, 5));
  }

  @Test
  void isTheSameWhoeverIsCompared() {
    for (String workload : List.of("mlocked-search-node", "memcg-group", "a-starved-reaper")) {
      assertThat(new Oracle(of(workload, "linux-4.5")).run(2))
          .isEqualTo(new Oracle(of(workload, "handa-direct-quota-2018")).run(2));
    }
  }

  @Test
  void isDeterministicWhateverCameBefore() {
    Oracle oracle = new Oracle(of("tmpfs-survivor", "linux-6.18"));
    Best first = oracle.run(3);
    oracle.run(4);
    assertThat(oracle.run(3)).isEqualTo(first);
  }

  /**
   * A ceiling that somebody flies over would be none. This asks the oracle alone; in a comparison
   * it also knows what the compared policies reached.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "threads",
        "mlocked",
        "d-state",
        "frozen",
        "livelock",
        "memcg",
        "mmu-notifier",
        "reference",
        "robust-futex",
        "shared-file"
      })
  void noShippedPolicyIsBetterInAnyShippedWorkload(String family) {
    List<Policy> policies =
        LIBRARY.resolvePolicies(List.of("kernels", "proposals", "sysctls"), note -> {});
    assertThat(policies).hasSizeGreaterThan(40);
    List<String> better = new ArrayList<>();
    for (Workload workload : LIBRARY.resolveWorkloads(List.of(family), note -> {})) {
      Case any = new Case(workload, LIBRARY.costs(workload.costsName()), policies.get(0));
      Best oracle = new Oracle(any).run(1);
      for (Policy policy : policies) {
        Case of = new Case(workload, any.costs(), policy);
        Best reached = Best.of(new Episode(of, false).run(1));
        if (!oracle.or(reached).equals(oracle)) {
          better.add(policy.name() + " in " + workload.name() + ": " + reached + ", " + oracle);
        }
      }
    }
    assertThat(better).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlocked-search-node", "tmpfs-survivor", "robust-futex-frozen"})
  void inAComparisonNoPolicyIsBetter(String workload) throws InterruptedException {
    List<Case> cases =
        List.of(of(workload, "linux-4.17"), of(workload, "linux-6.18"), of(workload, "no-delay"));
    Terms terms = new Terms(Measure.usual(), SeedRange.of(8), 0, 0, true, 2);
    Round round = Contest.run(List.of(cases), terms, Progress.NONE).get(0);
    assertThat(round.ceiling()).hasSize(2);
    round
        .ceiling()
        .forEach(
            (measure, best) ->
                round
                    .by(measure)
                    .forEach(
                        comparison -> {
                          if (comparison.baseValue().value() < best.value()
                              || comparison.value().value() < best.value()) {
                            throw new AssertionError(comparison + " beats " + best);
                          }
                        }));
  }
}
