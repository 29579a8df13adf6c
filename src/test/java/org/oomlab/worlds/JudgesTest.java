package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** The laws that are looked at between episodes bite: a fault is planted, and the law is named. */
class JudgesTest {
  private static final Library LIBRARY = Library.open(null);

  private static World world(String workload, String policyName) {
    Workload of = LIBRARY.workload("w", workload);
    Costs costs = LIBRARY.costs(of.costsName());
    Policy policy =
        policyName.startsWith("{")
            ? LIBRARY.policy("p", policyName)
            : LIBRARY.resolvePolicies(List.of(policyName), line -> {}).get(0);
    return new World(of, costs, policy, 1, costs, policy);
  }

  private static World killing() {
    return world(
        """
        workload: w
        machine: {memory: 1GiB, free: 20MiB}
        processes:
          - {name: db, memory: [{kind: anonymous, size: 500MiB}]}
          - {name: p, memory: [{kind: anonymous, size: 300MiB}]}
          - {name: asker, run: [{touch: 600MiB}]}
        """,
        "linux-6.18");
  }

  private static void bites(Judge judge, World world, Law law) {
    assertThatThrownBy(() -> judge.judge(world))
        .isInstanceOfSatisfying(LawBroken.class, broken -> assertThat(broken.law()).isEqualTo(law));
  }

  @Test
  void aWorldThatIsWellBreaksNone() {
    assertThatCode(() -> new KeepsLaws(Rigour.CHECKED).judge(killing())).doesNotThrowAnyException();
    assertThatCode(() -> new HasNoShortcut().judge(killing())).doesNotThrowAnyException();
  }

  @Test
  void aCopyThatGoesOnOtherwiseThanTheOriginalIsFound() {
    KeepsLaws forgetful =
        new KeepsLaws(
            Rigour.CHECKED,
            (from, to) -> {
              to.copyFrom(from);
              to.vetoKills(1_000_000_000L); // As if it had forgotten that it is about to kill.
            });

    bites(forgetful, killing(), Law.NO_CHANGE_NO_CHANGE);
  }

  @Test
  void aLookThatChangesTheOriginalIsFound() {
    KeepsLaws meddling =
        new KeepsLaws(
            Rigour.WATCHED,
            (from, to) -> {
              to.copyFrom(from);
              from.vetoKills(1_000_000_000L);
            });

    bites(meddling, killing(), Law.NO_CHANGE_NO_CHANGE);
  }

  /** What a shortcut could get wrong, each of them by itself. */
  @ParameterizedTest
  @CsvSource({
    "verdict, LIVELOCK",
    "panicText, System is deadlocked on memory",
    "kills, none",
    "firstOomNs, 1",
    "firstKillNs, 1",
    "recoveryNs, 1",
    "demandMetNs, 1",
    "livelockSinceNs, 1",
    "workLost, 7.5",
    "freedByExitPages, 1",
    "freedByReaperPages, 1",
    "lostWaiters, 1",
  })
  void anOutcomeThatAShortcutHasChangedIsFound(String component, String wrong) {
    World world = killing();
    Outcome whole =
        new Episode(new Case(world.workload(), world.costs(), world.policy()), true).run(1);
    Object value =
        switch (component) {
          case "verdict" -> Verdict.valueOf(wrong);
          case "panicText" -> wrong;
          case "kills" -> List.of();
          case "workLost" -> Double.valueOf(wrong);
          case "lostWaiters" -> Integer.valueOf(wrong);
          default -> Long.valueOf(wrong);
        };
    Outcome quick = Records.with(whole, component, value);

    assertThatCode(() -> HasNoShortcut.compare(whole, whole)).doesNotThrowAnyException();
    assertThatThrownBy(() -> HasNoShortcut.compare(quick, whole))
        .isInstanceOfSatisfying(
            LawBroken.class,
            broken -> assertThat(broken.law()).isEqualTo(Law.NO_SHORTCUT_CHANGES_A_RESULT));
  }

  /**
   * Nothing in the episode is left to chance, but what would have been without the daemon's kill
   * is: so one episode is not that of every seed.
   */
  @Test
  void aSeedCountsThatOnlyWhatWouldHaveBeenGoesBy() {
    World world =
        world(
            """
            workload: w
            costs: reference
            horizon: 20min
            machine: {memory: 1GiB, free: 800MiB, psi: true}
            processes:
              - {name: p, run: [{touch: 500MiB}, {sleep: 20s}, {sleep: 0s..600s}, {touch: 2GiB}]}
            """,
            "{policy: p, title: t, source: s, extends: linux-7.2,"
                + " daemon: {kind: rule, mem_used_above: 50%, pause: 1000s}}");
    Episode bench = new Episode(new Case(world.workload(), world.costs(), world.policy()), true);

    for (long seed = 1; seed <= 6; seed++) {
      Outcome alone =
          new Episode(new Case(world.workload(), world.costs(), world.policy()), true).run(seed);
      assertThat(bench.run(seed)).as("seed " + seed).isEqualTo(alone);
    }
  }
}
