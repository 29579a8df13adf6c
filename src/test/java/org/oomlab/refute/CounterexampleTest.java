package org.oomlab.refute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.WorkloadWriter;

/** What is made small stays what it was. */
class CounterexampleTest {
  private static final int TRIES = 1500;

  private static Counterexample small(Hunt.Refutation found, Hunt.Plan plan) {
    Cause cause = Cause.of(found.world(), plan);
    return Counterexample.of(found, cause, plan, world -> true, TRIES, Bench.PATIENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "outcome(A) != panic or outcome(B) = panic | linux-4.17 | rientjes-reap-timeout-2018",
        "outcome(A) != livelock or outcome(B) = livelock | linux-4.5 | linux-4.6",
        "extra_kills(B) <= extra_kills(A) | linux-6.18 | howlett-early-skip-2025",
        "kills(A) = kills(B) | linux-4.13 | linux-4.14"
      })
  void theCauseIsKept(String claim, String first, String last) throws InterruptedException {
    Sides sides = Bench.sides(first, last);
    for (long seed = 1; seed <= 2; seed++) {
      Hunt.Plan plan = Bench.plan(claim, sides, "small", seed, 8000, 2, false);
      Hunt.Refutation found = Bench.first(plan);
      assertThat(found).as("seed " + seed).isNotNull();
      Cause cause = Cause.of(found.world(), plan);
      Counterexample small = small(found, plan);
      Cause after = Cause.of(small.world(), plan);
      assertThat(after.first()).isEqualTo(cause.first());
      assertThat(after.last()).isEqualTo(cause.last());
      assertThat(after.rules()).containsAll(cause.rules());
      assertThat(plan.claim().isRefutedBy(small.courses())).isTrue();
      assertThat(plan.explorer().admits(small.world())).isTrue();
      assertThat(WorkloadWriter.write(small.world().workload(), Map.of()).length())
          .isLessThanOrEqualTo(WorkloadWriter.write(found.world().workload(), Map.of()).length());
    }
  }

  @Test
  void itsClaimsAreAboutBothSidesAndTheShareIsOfTwoHundredOtherSeeds() throws InterruptedException {
    Sides sides = Bench.sides("linux-4.17", "rientjes-reap-timeout-2018");
    Hunt.Plan plan =
        Bench.plan("outcome(A) != panic or outcome(B) = panic", sides, "small", 1, 2000, 2, false);
    Hunt.Refutation found = Bench.first(plan);
    assertThat(found).isNotNull();
    Counterexample small = small(found, plan);
    Workload workload = small.workload(plan, "a test");
    assertThat(workload.claims())
        .extracting(claim -> claim.policies().get(0))
        .containsExactly("linux-4.17", "rientjes-reap-timeout-2018");
    List<Boolean> refuted = new ArrayList<>();
    for (long seed = small.otherSeeds().first(); seed <= small.otherSeeds().last(); seed++) {
      refuted.add(plan.claim().isRefutedBy(plan.courses(small.world(), seed)));
    }
    assertThat(refuted).hasSize(Counterexample.OTHER_SEEDS);
    assertThat(refuted.stream().filter(each -> each).count()).isEqualTo(small.others().count());
    assertThat(Telling.of(small.world(), sides)).startsWith("they part: under linux-4.17 +");
  }
}
