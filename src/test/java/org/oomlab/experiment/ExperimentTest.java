package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.experiment.Experiment.Bench;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.unit.SeedRange;

class ExperimentTest {
  private static final List<Case> CASES =
      Experiment.cases(
          List.of(Samples.workload("v"), Samples.workload("w")),
          workload -> Samples.costs(),
          List.of(Samples.policy("old"), Samples.policy("new")));

  /** Takes longer for early seeds, so that blocks finish in the wrong order. */
  private static final class Jittering implements Bench<Outcome> {
    private final Case of;

    Jittering(Case of) {
      this.of = of;
    }

    @Override
    public Outcome run(long seed) {
      if (seed % 16 == 1) {
        pause(seed % 32 == 1 ? 8 : 1);
      }
      return Samples.outcome(of.policy().name(), seed).workload(of.workload().name()).build();
    }

    @Override
    public long events() {
      return 12;
    }

    @Override
    public long digest() {
      return 0xabcL;
    }
  }

  @SuppressWarnings("ThreadSleep")
  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> run(
      Plan plan, Function<Case, Bench<Outcome>> benches, Progress progress)
      throws InterruptedException {
    List<String> delivered = new ArrayList<>();
    Experiment.run(plan, benches, outcome -> delivered.add(name(outcome)), progress);
    return delivered;
  }

  private static String name(Outcome outcome) {
    return outcome.workload() + " " + outcome.policy() + " " + outcome.seed();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void ordersOutcomesWhateverTheThreads(int jobs) throws InterruptedException {
    List<String> expected = new ArrayList<>();
    for (String workload : List.of("v", "w")) {
      for (String policy : List.of("old", "new")) {
        for (int seed = 5; seed <= 90; seed++) {
          expected.add(workload + " " + policy + " " + seed);
        }
      }
    }
    Plan plan = new Plan(CASES, new SeedRange(5, 90), jobs, false);
    assertThat(plan.episodes()).isEqualTo(4 * 86);
    assertThat(run(plan, Jittering::new, Progress.NONE)).isEqualTo(expected);
  }

  @Test
  void runsTheRealKernelToo() throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    Plan plan = new Plan(CASES, new SeedRange(1, 3), 2, true);
    Experiment.run(plan, outcomes::add, Progress.NONE);
    assertThat(outcomes).hasSize(12);
  }

  @Test
  void staysOnlyAFewBlocksAhead() throws InterruptedException {
    AtomicLong started = new AtomicLong();
    AtomicLong delivered = new AtomicLong();
    AtomicLong mostAhead = new AtomicLong();
    Plan plan = new Plan(CASES, new SeedRange(1, 500), 2, false);
    Experiment.run(
        plan,
        of ->
            new Bench<Outcome>() {
              @Override
              public Outcome run(long seed) {
                started.incrementAndGet();
                return Samples.outcome(of.policy().name(), seed).build();
              }

              @Override
              public long digest() {
                return 0;
              }

              @Override
              public long events() {
                return 0;
              }
            },
        outcome -> {
          if (delivered.incrementAndGet() % 100 == 0) {
            pause(5);
          }
          mostAhead.accumulateAndGet(started.get() - delivered.get(), Math::max);
        },
        Progress.NONE);
    assertThat(delivered).hasValue(2000);
    assertThat(mostAhead.get()).isLessThanOrEqualTo(6 * 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void deliversAllThatPrecedesAFailure(int jobs) {
    List<String> delivered = new ArrayList<>();
    Plan plan = new Plan(CASES, new SeedRange(1, 60), jobs, false);
    Function<Case, Bench<Outcome>> failing =
        of ->
            new Bench<Outcome>() {
              private final Bench<Outcome> sound = new Jittering(of);

              @Override
              public Outcome run(long seed) {
                assert !of.policy().name().equals("new") || seed != 37 : "time ran back";
                return sound.run(seed);
              }

              @Override
              public long digest() {
                return sound.digest();
              }

              @Override
              public long events() {
                return sound.events();
              }
            };
    assertThatThrownBy(
            () ->
                Experiment.run(
                    plan, failing, outcome -> delivered.add(name(outcome)), Progress.NONE))
        .isInstanceOfSatisfying(
            EpisodeFailure.class,
            failure -> {
              assertThat(failure.workload()).isEqualTo("v");
              assertThat(failure.policy()).isEqualTo("new");
              assertThat(failure.seed()).isEqualTo(37);
              assertThat(failure.digest()).isEqualTo(0xabcL);
              assertThat(failure.events()).isEqualTo(12);
            })
        .hasMessageContaining("digest 0000000000000abc")
        .hasRootCauseInstanceOf(AssertionError.class);
    assertThat(delivered).hasSize(60 + 36).endsWith("v new 36");
  }

  @Test
  void stopsWhenCancelled() throws InterruptedException {
    AtomicLong done = new AtomicLong();
    Progress first20 =
        new Progress() {
          @Override
          public void advanced(long episodesDone, long of) {
            assertThat(of).isEqualTo(4_000_000);
            done.set(episodesDone);
          }

          @Override
          public boolean cancelled() {
            return done.get() == 20;
          }
        };
    Plan plan = new Plan(CASES, SeedRange.of(1_000_000), 2, false);
    assertThat(run(plan, Jittering::new, first20)).hasSize(20).endsWith("v old 20");
  }

  @Test
  void cellsComeAsSoonAsTheyAreComplete() throws InterruptedException {
    List<Cell> cells = new ArrayList<>();
    Plan plan = new Plan(CASES, new SeedRange(1, 20), 2, false);
    Experiment.run(plan, Jittering::new, Cell.each(20, cells::add), Progress.NONE);
    assertThat(cells)
        .extracting(cell -> cell.workload() + " " + cell.policy() + " " + cell.episodes())
        .containsExactly("v old 20", "v new 20", "w old 20", "w new 20");
  }

  @Test
  void cellsCountVerdictsAndSummariseWhatIsPresent() {
    Cell cell =
        Cell.of(
            List.of(
                Samples.outcome("p", 1).recovery(2_000_000).build(),
                Samples.outcome("p", 2).panic("no way").build(),
                Samples.outcome("p", 3).panic("no way").build(),
                Samples.outcome("p", 4).recovery(4_000_000).build()));
    assertThat(cell.count(org.oomlab.kernel.state.Verdict.PANIC)).isEqualTo(2);
    assertThat(cell.share(org.oomlab.kernel.state.Verdict.PANIC).value()).isEqualTo(0.5);
    assertThat(cell.panicTexts()).containsExactly(java.util.Map.entry("no way", 2L));
    assertThat(cell.summary(Metric.RECOVERY_MS).n()).isEqualTo(2);
    assertThat(cell.summary(Metric.RECOVERY_MS).mean()).isEqualTo(3);
    assertThat(cell.summary(Metric.DEMAND_MET_MS).n()).isZero();
  }
}
