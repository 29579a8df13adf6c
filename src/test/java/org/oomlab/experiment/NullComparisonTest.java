package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.experiment.Comparison.Finding;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.policy.Policy;
import org.oomlab.statistics.Tests;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** Where there is no difference, none is claimed, or seldom. */
class NullComparisonTest {
  private static final int SETS = 1000;
  private static final int SEEDS = 20;
  private static final int POOL = 500;

  private static Case chancy(String name) {
    Library library = Library.open(null);
    Workload workload = library.resolveWorkloads(List.of(name), note -> {}).get(0);
    Policy policy = library.resolvePolicies(List.of("linux-6.18"), note -> {}).get(0);
    return new Case(workload, library.costs(workload.costsName()), policy);
  }

  @Test
  void aPolicyIsTheSameAsItsCopyUnderAnotherName() throws InterruptedException {
    Case chancy = chancy("shared-anonymous");
    Case copy = new Case(chancy.workload(), chancy.costs(), chancy.policy().named("copy"));
    int claims = 0;
    for (int set = 0; set < SETS; set++) {
      Terms terms = new Terms(Measure.usual(), seeds(set), 0, 0, false, 1);
      Round round = Contest.run(List.of(List.of(chancy, copy)), terms, Progress.NONE).get(0);
      claims += round.comparisons().stream().allMatch(c -> c.finding() == Finding.SAME) ? 0 : 1;
    }
    assertThat(claims).isZero();
  }

  /**
   * Harder, since with the same seeds a copy does the same: both draw from one pool of episodes, so
   * that nearly everything differs, and only by chance. A table with any claim at all is a false
   * one.
   */
  @ParameterizedTest
  @ValueSource(strings = {"shared-anonymous", "mlocked-search-node", "tmpfs-survivor"})
  void differencesByChanceAreClaimedInAtMostOneTableOfTwenty(String workload)
      throws InterruptedException {
    List<Outcome> pool = new ArrayList<>();
    Plan plan = new Plan(List.of(chancy(workload)), SeedRange.of(POOL), 2, true);
    Experiment.run(plan, pool::add, Progress.NONE);
    Random random = new Random(1);
    int claims = 0;
    int differing = 0;
    for (int set = 0; set < SETS; set++) {
      List<Outcome> mine = draw(pool, random);
      List<Outcome> theirs = draw(pool, random);
      List<Comparison> table =
          Measure.usual().stream()
              .map(m -> Comparison.of("w", "a", "b", m, values(m, mine), values(m, theirs)))
              .toList();
      double[] p = Tests.holm(table.stream().mapToDouble(Comparison::p).toArray());
      boolean claimed = false;
      for (int i = 0; i < p.length; i++) {
        Finding finding = table.get(i).adjusted(p[i]).finding();
        claimed |= finding == Finding.LESS || finding == Finding.MORE;
        differing += finding == Finding.SAME || finding == Finding.ABSENT ? 0 : 1;
      }
      claims += claimed ? 1 : 0;
    }
    assertThat(differing).as("measures that differ by chance").isGreaterThan(SETS);
    assertThat(claims).isBetween(1, SETS / 20);
  }

  private static List<Outcome> draw(List<Outcome> pool, Random random) {
    return random.ints(SEEDS, 0, POOL).mapToObj(pool::get).toList();
  }

  private static double[] values(Measure measure, List<Outcome> outcomes) {
    return outcomes.stream().mapToDouble(measure::of).toArray();
  }

  private static SeedRange seeds(int set) {
    return new SeedRange(1 + 2L * set, 2 + 2L * set);
  }
}
