package org.oomlab.experiment.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oomlab.experiment.Samples.claim;
import static org.oomlab.experiment.Samples.extra;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.experiment.Happenings;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.Samples;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Variant;
import org.oomlab.workload.Workload;

class ClaimsTest {
  private static final long MS = 1_000_000;

  /**
   * Under {@code new}: one kill, three times of a and once of b, recovery in 1 to 4 ms but for seed
   * 3, which panics. Under {@code old}: two kills each, one of them extra.
   */
  private static final Assertion.Evidence EVIDENCE =
      new Assertion.Evidence() {
        @Override
        public List<Outcome> outcomes(String policy, SeedRange seeds) {
          return switch (policy) {
            case "new" ->
                List.of(
                    outcome("new", 1).kill(kill("a", 0)).recovery(MS).reserveMin(2047).build(),
                    outcome("new", 2).kill(kill("a", 0)).recovery(2 * MS).reserveMin(2047).build(),
                    outcome("new", 3)
                        .kill(kill("a", 0))
                        .panic("no one left")
                        .reserveMin(2047)
                        .build(),
                    outcome("new", 4)
                        .kill(kill("b", 5 * MS))
                        .recovery(4 * MS)
                        .reserveMin(2047)
                        .workLost(2.5)
                        .build());
            case "calm" -> List.of(outcome("calm", 1).verdict(Verdict.NO_OOM).build());
            default ->
                List.of(
                    outcome("old", 1).kill(kill("a", 0)).kill(extra("b", MS, MS)).build(),
                    outcome("old", 2).kill(kill("a", 0)).kill(extra("b", MS, MS)).build());
          };
        }

        @Override
        public Statement.Inside inside(String policy) {
          return new Statement.Inside() {
            @Override
            public OptionalLong badness(long seed, int process) {
              return OptionalLong.of(process == 1 ? Long.MIN_VALUE : 200_000 + process);
            }

            @Override
            public Happenings happenings(long seed) {
              Happenings happenings = new Happenings(9, 1, task -> task);
              happenings.emit(MS, Tracepoint.KILLED, 0, 0, 0);
              happenings.emit(3 * MS, Tracepoint.SKIP_REAPING, 0, 4, 0);
              happenings.emit(5 * MS, Tracepoint.ALLOC_DONE, 0, 0, 0);
              happenings.panicked(2048);
              return happenings;
            }
          };
        }
      };

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        // metric ! text ! measured ! holds
        "kills ! 1 ! 1 ! true",
        "kills ! = 1 ! 1 ! true",
        "kills ! 2 ! 1 (seed 1) ! false",
        "kills ! >= 1 ! 1 ! true",
        "kills ! > 1 ! 1 (seed 1) ! false",
        "kills ! <= 1 ! 1 ! true",
        "kills ! < 1 ! 1 (seed 1) ! false",
        "kills ! 1..2 ! 1 ! true",
        "kills ! 2..3 ! 1 (seed 1) ! false",
        "recovery ! 1ms ! 2ms (seed 2) ! false",
        "recovery ! < 1s ! absent (seed 3) ! false",
        "recovery ! absent ! 1ms (seed 1) ! false",
        "episode ! absent ! absent ! true",
        "work_lost ! 0..2.5 ! 0..2.5 ! true",
        "work_lost ! 0 ! 2.5 (seed 4) ! false",
        "reserve_min ! 2047 pages ! 2047 pages ! true",
        "reserve_min_pages ! 2047 ! 2047 pages ! true",
        "reserve_min_pages ! < 8MiB ! 2047 pages ! true",
        "reserve_min ! 7.9MiB..8MiB ! 2047 pages ! true",
        "livelock_since_ms ! absent ! absent ! true",
        "outcome ! recovered ! panic (seed 3) ! false",
        "share.outcome=panic ! 25% ! 25% (1 of 4; 95% interval 4.6%..69.9%) ! true",
        "share.outcome=panic ! >= 0.95 ! 25% (1 of 4; 95% interval 4.6%..69.9%) ! false",
        "share.recovery=< 3ms ! 50% ! 50% (2 of 4; 95% interval 15%..85%) ! true",
        "share.victims=a ! 70%..80% ! 75% (3 of 4; 95% interval 30.1%..95.4%) ! true",
        "victims ! a | b ! a (3 of 4), b (1 of 4) ! true",
        "victims ! a ! b (seed 4) ! false",
        "victims ! a;b ! a (seed 1) ! false",
        "panic_text ! one ! no panic (seed 1) ! false",
        "share.panic_text=one left ! 25% ! 25% (1 of 4; 95% interval 4.6%..69.9%) ! true",
        "kill_times ! 0ms ! 5ms (seed 4) ! false",
        "kill_times ! 0..5ms ! 0s (3 of 4), 5ms (1 of 4) ! true",
        "kill_times ! 0ms;5ms ! 0s (seed 1) ! false",
        "badness.a ! 200000 ! 200000 ! true",
        "killed_at.a ! 0 ! absent (seed 4) ! false",
        "killed_at.a ! < 0 ! 0s (seed 1) ! false",
        "killed_at.pool[1] ! absent ! absent ! true",
        "recovery_of.a ! 4ms ! 4ms ! true",
        "recovery_of.a ! < 4ms ! 4ms (seed 1) ! false",
        "recovery_of.b ! absent ! absent ! true",
        "reaper_attempts.a ! 4 ! 4 ! true",
        "reaper_attempts.b ! > 0 ! 0 (seed 1) ! false",
        "free_at_panic ! 8MiB ! 8MiB ! true",
        "free_at_panic ! > 8MiB ! 8MiB (seed 1) ! false",
        "badness.pool[1] ! > 200003 ! 200003 (seed 1) ! false",
        "badness.b ! ineligible ! ineligible ! true",
        "badness.a ! ineligible ! 200000 (seed 1) ! false",
        "badness.b ! 0 ! ineligible (seed 1) ! false",
        "mean.kills ! 0.9..1.1 ! 1 ! true",
        "mean.recovery ! 2ms..3ms ! 2.333333ms (over 3 of 4) ! true",
        "median.recovery ! 2ms ! 2ms (over 3 of 4) ! true",
        "median.recovery_ms ! < 2 ! 2ms (over 3 of 4) ! false",
        "kills ! fewer than old ! 1 against 2 ! true",
        "kills ! less than old ! 1 against 2 ! true",
        "kills ! more than old ! 1 against 2 ! false",
        "kills ! same as old ! 1 against 2 ! false",
        "kills ! same as new ! 1 against 1 ! true",
        "extra_kills_10s ! fewer than old ! 0 against 1 ! true",
        "recovery ! less than old ! 2.333333ms (over 3 of 4) against absent ! false",
      })
  void expectationsAreHeldAgainstEpisodes(
      String metric, String text, String measured, boolean holds) {
    Workload workload = Samples.workload("w", claim(metric, text));
    ClaimResult result = Claims.check(workload, EVIDENCE).get(0);
    assertThat(result.measured()).isEqualTo(measured);
    assertThat(result.holds()).isEqualTo(holds);
    assertThat(result.expected()).isEqualTo(text);
    assertThat(result.claim().because()).isEqualTo("so it is");
    assertThat(result.position()).hasToString("w.yaml:2:3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      nullValues = "none",
      value = {
        // metric ! text ! message ! suggestion
        "kils ! 1 ! there is no metric 'kils' ! kills",
        "recover ! 1 ! there is no metric 'recover' ! recovery",
        "mean.kilss ! 1 ! there is no metric 'kilss' ! kills",
        "zebras ! 1 ! there is no metric 'zebras' ! none",
        "kills ! many ! kills: expected a number, not 'many' ! none",
        "kills ! 3..2 ! kills: '3..2' ends before it begins ! none",
        "recovery ! 1 ! recovery: expected a duration with its unit, such as 100ms, 2s or never,"
            + " not '1' ! none",
        "outcome ! recoverd ! outcome: expected one of recovered, panic, livelock, undecided,"
            + " no-oom, not 'recoverd' ! recovered",
        "outcome ! running ! outcome: expected one of recovered, panic, livelock, undecided,"
            + " no-oom, not 'running' ! none",
        "victims ! a;pool[2] ! there is no process 'pool[2]' ! pool[0]",
        "badness.c ! 1 ! there is no process 'c' ! none",
        "badness.a ! big ! badness.a: expected a number, not 'big' ! none",
        "share.panic ! 1 ! share: expected a condition such as outcome=panic, not 'panic' ! none",
        "share.outcome=panic ! 95 ! share.outcome=panic: expected a share such as 95% or 0.95, not"
            + " '95' ! none",
        "kill_times ! 5 ! kill_times: expected a duration with its unit, such as 100ms, 2s or"
            + " never, not '5' ! none",
      })
  void whatCannotBeUnderstoodIsExplained(
      String metric, String text, String message, String suggestion) {
    Workload workload = Samples.workload("w", claim(metric, text));
    assertThat(Claims.problems(workload))
        .containsExactly(
            new ClaimProblem(
                workload.claims().get(0).expectations().get(0).position(), message, suggestion));
    assertThatThrownBy(() -> Claims.check(workload, EVIDENCE)).isInstanceOf(ClaimException.class);
  }

  @Test
  void bothSpellingsOfAVerdictAreAccepted() {
    for (String spelling : List.of("no_oom", "no-oom")) {
      Workload workload = Samples.workload("w", claim("share.outcome=" + spelling, "0%"));
      assertThat(Claims.check(workload, EVIDENCE).get(0).holds()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "kills ! 1 ! oomlab run w -p new --seeds 1..4 --each",
        "recovery ! < 3ms ! oomlab explain w -p new --seeds 3",
        "kills ! fewer than old ! oomlab compare w -p old,new --seeds 1..4",
      })
  void resultsSayHowToSeeForOneself(String metric, String text, String command) {
    Workload workload = Samples.workload("w", claim(metric, text));
    assertThat(Claims.check(workload, EVIDENCE).get(0).reproduce()).isEqualTo(command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        // text ! measured ! holds ! command
        "1 ! 1 with machine.cpus=1 .. 1 with machine.cpus=2 ! true"
            + " ! oomlab run w -p new --seeds 1..4 --each --set machine.cpus=2",
        "2 ! 1 (seed 1) with machine.cpus=1 ! false"
            + " ! oomlab explain w -p new --seeds 1 --set machine.cpus=1",
      })
  void aClaimAboutSeveralVariantsHoldsIfItHoldsWithEach(
      String text, String measured, boolean holds, String command) {
    Workload variant = Samples.workload("w");
    Claim claim =
        Samples.claim(
            "kills",
            text,
            List.of(
                new Variant(Map.of("machine.cpus", "1"), variant),
                new Variant(Map.of("machine.cpus", "2"), variant)));

    ClaimResult result = Claims.check(Samples.workload("w", claim), EVIDENCE).get(0);

    assertThat(result.measured()).isEqualTo(measured);
    assertThat(result.holds()).isEqualTo(holds);
    assertThat(result.reproduce()).isEqualTo(command);
  }

  @Test
  void episodesComeFromTheSimulatorAndPoliciesFromTheCaller() throws InterruptedException {
    Workload workload = Samples.workload("w", claim("kills", "same as other"));
    List<String> asked = new java.util.ArrayList<>();
    List<ClaimResult> results =
        Claims.check(
            workload,
            Samples.costs(),
            name -> {
              asked.add(name);
              return Samples.policy(name);
            },
            Rigour.USUAL,
            1,
            Progress.NONE);
    assertThat(asked).containsExactly("new", "other");
    assertThat(results).hasSize(1);
    assertThat(results.get(0).holds()).isTrue();
  }
}
