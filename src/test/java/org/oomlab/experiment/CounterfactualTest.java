package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.kernel.Kernel;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** The shipped workloads on the real kernel. */
class CounterfactualTest {
  /** Kills of one episode that are asked about: some workloads kill dozens, all alike. */
  private static final int BRINKS = 5;

  private static final Library LIBRARY = Library.open(Path.of(""));

  private static List<Case> cases(String workloads, List<String> policies) {
    List<Workload> resolved = LIBRARY.resolveWorkloads(List.of(workloads), note -> {});
    return Experiment.cases(
        resolved,
        workload -> LIBRARY.costs(workload.costsName()),
        LIBRARY.resolvePolicies(policies, note -> {}));
  }

  /**
   * Running an episode again up to a brink needs no copy, and so there is nothing in it that could
   * be forgotten: it says what a copy has to do.
   */
  @TestFactory
  Stream<DynamicTest> aForkAgreesWithAReplay() {
    List<String> policies = List.of("linux-4.6", "linux-4.17", "linux-6.18");
    return Stream.of("reference", "mlocked", "robust-futex", "frozen", "mmu-notifier")
        .flatMap(family -> cases(family, policies).stream())
        .map(
            of ->
                DynamicTest.dynamicTest(
                    of.workload().name() + " under " + of.policy().name(),
                    () -> forkAgreesWithReplay(of, 1)));
  }

  private static void forkAgreesWithReplay(Case of, long seed) {
    Counterfactual fork = new Counterfactual(of);
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy());
    kernel.boot(seed, TraceSink.NONE);
    for (int k = 0; kernel.runToNextKill(); k++) {
      if (k < BRINKS) {
        Kernel replay = new Kernel(of.workload(), of.costs(), of.policy());
        replay.boot(seed, TraceSink.NONE);
        for (int brink = 0; brink < k; brink++) {
          assertThat(replay.runToNextKill()).isTrue();
          replay.step();
        }
        assertThat(replay.runToNextKill()).isTrue();
        long digest = kernel.digest();
        fork.remember(kernel);
        assertThat(fork.waitNs()).isEqualTo(Counterfactual.waitWithoutKills(replay));
        assertThat(fork.digest()).isEqualTo(replay.digest());
        assertThat(kernel.digest()).as("the original is not touched").isEqualTo(digest);
      }
      kernel.step();
    }
    assertThat(kernel.digest())
        .as("asking changes nothing")
        .isEqualTo(new Episode(of, false).run(seed).digest());
  }

  @Test
  void everyKillOfADecisionHasOneVerdict() {
    int groups = 0;
    for (Case of : cases("reference", List.of("linux-6.18"))) {
      List<KillRecord> kills = new Episode(of, true).run(1).kills();
      for (int i = 1; i < kills.size(); i++) {
        if (kills.get(i).reason().equals("group")) {
          groups++;
          assertThat(kills.get(i).waitNs()).isEqualTo(kills.get(i - 1).waitNs());
          assertThat(kills.get(i).atNs()).isEqualTo(kills.get(i - 1).atNs());
        }
      }
    }
    assertThat(groups).as("kills of whole cgroups in the reference workloads").isPositive();
  }

  @Test
  void everyKillHasARankingOrFollowsOneThatHas() {
    for (Case of : cases("mlocked", List.of("linux-4.17"))) {
      Explanation explanation = new Episode(of, true).explain(1, TraceSink.NONE);
      assertThat(explanation.rankings()).hasSameSizeAs(explanation.outcome().kills());
      for (int i = 0; i < explanation.rankings().size(); i++) {
        KillRecord kill = explanation.outcome().kills().get(i);
        Candidate worst = explanation.rankings().get(i).get(0);
        assertThat(worst.name()).isEqualTo(kill.victim());
        assertThat(worst.points()).isEqualTo(kill.badness());
      }
    }
  }

  @Test
  void threadsDoNotChangeAnything() throws InterruptedException {
    List<Case> cases = cases("mlocked", List.of("linux-4.17", "linux-6.18"));
    List<Outcome> alone = new ArrayList<>();
    List<Outcome> together = new ArrayList<>();
    Experiment.run(new Plan(cases, new SeedRange(1, 20), 1, true), alone::add, Progress.NONE);
    Experiment.run(new Plan(cases, new SeedRange(1, 20), 3, true), together::add, Progress.NONE);
    assertThat(together).isEqualTo(alone);
  }
}
