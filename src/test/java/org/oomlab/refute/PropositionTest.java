package org.oomlab.refute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.workload.Workload;
import org.oomlab.worlds.World;

/** What can be claimed, and how far from it a world is. */
class PropositionTest {
  private static final Sides TWO = Bench.sides("linux-4.17", "rientjes-reap-timeout-2018");
  private static final Sides ONE = Bench.sides("linux-4.5");

  private static Courses courses(String workload, Sides sides) {
    Workload of = Bench.LIBRARY.resolveWorkloads(List.of(workload), note -> {}).get(0);
    var costs = Bench.LIBRARY.costs(of.costsName());
    World world = new World(of, costs, sides.last(), 1, costs, sides.last());
    return Courses.of(world, 1, sides, true);
  }

  private static double margin(String claim, Courses courses, Sides sides) {
    return Proposition.parse(claim, sides).margin(courses);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "extra_kills(B) <= extra_kills(A)",
        "outcome(B) != panic",
        "outcome(B) = recovered",
        "recovery(B) <= 1h",
        "kills(rientjes-reap-timeout-2018) = 1",
        "work_lost(B) <= 1.1 * work_lost(A)",
        "kills(A) >= 0 and not (outcome(B) = livelock)",
        "reserve_min(A) >= 0 pages or kills(A) > 1000"
      })
  void holdsInMlockedAll(String claim) {
    Courses courses = courses("mlocked-all", TWO);
    assertThat(margin(claim, courses, TWO)).as(claim).isBetween(0.0, 1.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kills(A) = 1", "kills(A) <= kills(B)", "outcome(B) = panic", "kills(A) < 2"})
  void isRefutedByMlockedAll(String claim) {
    Courses courses = courses("mlocked-all", TWO);
    assertThat(margin(claim, courses, TWO)).as(claim).isNegative();
    assertThat(Proposition.parse(claim, TWO).isRefutedBy(courses)).isTrue();
  }

  @Test
  void whoComesNearerHasASmallerMargin() {
    Courses courses = courses("mlocked-all", TWO);
    double far = margin("kills(A) <= 1000", courses, TWO);
    double near = margin("kills(A) <= 4", courses, TWO);
    assertThat(near).isLessThan(far);
    assertThat(margin("recovery(B) <= 1h", courses, TWO))
        .isGreaterThan(margin("recovery(B) <= 1min", courses, TWO));
  }

  @Test
  void aRequestThatALivelockLeavesWaitingWaitsForEver() {
    Sides one = Bench.sides("linux-4.5");
    Courses courses = courses("m19-livelock-module", one);
    assertThat(courses.of().get(0).outcome().verdictText()).isEqualTo("livelock");
    assertThat(margin("recovery <= 1h", courses, one)).isNegative();
  }

  @Test
  void whatIsAbsentSaysNothing() {
    Workload of = Bench.LIBRARY.resolveWorkloads(List.of("mlocked-all"), note -> {}).get(0);
    Workload idle =
        new Workload(
            of.name(),
            of.title(),
            of.source(),
            of.costsName(),
            of.horizon(),
            of.machine(),
            of.cgroups(),
            of.mutexes(),
            of.futexes(),
            of.processes().subList(0, 1),
            List.of(),
            null);
    var costs = Bench.LIBRARY.costs(of.costsName());
    World world = new World(idle, costs, ONE.last(), 1, costs, ONE.last());
    Courses courses = Courses.of(world, 1, ONE, false);
    assertThat(courses.of().get(0).outcome().verdictText()).isEqualTo("no-oom");
    assertThat(margin("recovery <= 1s", courses, ONE)).isNaN();
    assertThat(margin("recovery <= 1s and kills = 0", courses, ONE)).isNaN();
    assertThat(margin("recovery <= 1s or kills = 0", courses, ONE)).isNotNegative();
    assertThat(margin("recovery <= 1s and kills = 3", courses, ONE)).isNegative();
    assertThat(margin("extra_kills = 0", courses, ONE)).isNotNegative();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kils(A) <= 3 | column 1: there is no word kils; did you mean kills?",
        "kills(C) <= 3 | column 7: there is no policy C among those of -p",
        "kills(linux-4.71) <= 3 | column 7: there is no policy linux-4.71 among those of -p; did",
        "kills <= 3 | column 6: expected kills(A) or kills(B)",
        "recovery(A) <= 3 | column 16: expected a time",
        "reserve_min(A) <= 3ms | column 19: expected an amount of memory",
        "recovery(A) <= 3 parsecs | column 16: expected a number, an amount",
        "outcome(A) < panic | column 1: outcomes have no order",
        "outcome(A) = 3 | column 14: expected an outcome, such as panic",
        "outcome(A) = panik | column 14: there is no word panik; did you mean panic?",
        "outcome(A) + panic = 3 | column 14: this cannot be added",
        "2 * outcome(A) = 3 | column 5: expected a number",
        "kills(A) | column 1: expected a comparison",
        "kills(A) = kills(B) kills(A) | column 21: expected 'and', 'or' or a comparison",
        "kills(A = 1 | column 6: this '(' is not closed",
        "'' | expected an expression, such as 'extra_kills"
      })
  void whatMeansNothingIsSaidWithItsPlace(String claim, String message) {
    assertThatThrownBy(() -> Proposition.parse(claim, TWO)).hasMessageContaining(message);
  }

  @Test
  void ofOnePolicyNobodyNeedsToSayWhich() {
    assertThat(Proposition.parse("kills <= 3", ONE).text()).isEqualTo("kills <= 3");
    assertThat(Proposition.parse("kills(A) <= 3", ONE).metrics()).hasSize(1);
    assertThat(Proposition.parse("kills(linux-4.5) <= 3", ONE).isOfOutcome()).isFalse();
  }
}
