package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.oomlab.engine.Quantity;
import org.oomlab.experiment.Progress;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.workload.Step;
import org.oomlab.workload.Workload;
import org.oomlab.worlds.Generator.From;
import org.oomlab.yaml.Library;

/** That what is wrong with a world is found, told once and made small: with judges of our own. */
class FuzzTest {
  private static final Stock STOCK = GeneratorTest.stock(Library.open(null));
  private static final Generator GENERATOR = new Generator(STOCK, From.NOTHING);

  private static boolean has(Workload workload, Class<? extends Step> kind) {
    return workload.processes().stream()
        .flatMap(process -> process.threads().stream())
        .anyMatch(thread -> has(thread.run(), kind));
  }

  private static boolean has(List<Step> steps, Class<? extends Step> kind) {
    return steps.stream()
        .anyMatch(
            step ->
                kind.isInstance(step)
                    || (step instanceof Step.Repeat it && has(it.steps(), kind))
                    || (step instanceof Step.Chance it && has(it.steps(), kind)));
  }

  private static Judge against(Class<? extends Step> kind) {
    return world -> {
      if (has(world.workload(), kind)) {
        throw new LawBroken(Law.LEDGER, "has a " + kind.getSimpleName());
      }
    };
  }

  private static World worldWith(Predicate<World> wanted) {
    for (long number = 0; ; number++) {
      World world = GENERATOR.world(1, number);
      if (wanted.test(world)) {
        return world;
      }
    }
  }

  private static List<Fuzz.Finding> findings(Court court, int worlds, int jobs)
      throws InterruptedException {
    List<Fuzz.Finding> findings = new ArrayList<>();
    long tried =
        Fuzz.run(
            new Fuzz.Plan(
                GENERATOR, STOCK, court, world -> true, 1, worlds, () -> false, jobs, 2000),
            Progress.NONE,
            findings::add);
    assertThat(tried).isEqualTo(worlds);
    return findings;
  }

  @Test
  void aWorldIsShrunkToWhatTheFaultNeeds() {
    World large =
        worldWith(
            world ->
                has(world.workload(), Step.Drain.class)
                    && world.workload().processes().size() > 3
                    && world.policy() != world.usualPolicy());

    World small =
        new Shrinker(STOCK, world -> has(world.workload(), Step.Drain.class), 3000).shrunk(large);

    Workload workload = small.workload();
    assertThat(workload.processes()).hasSize(1);
    assertThat(workload.processes().get(0).threads()).hasSize(1);
    assertThat(workload.processes().get(0).threads().get(0).run())
        .containsExactly(new Step.Drain(new Quantity.Constant(0)));
    assertThat(workload.cgroups()).isEmpty();
    assertThat(workload.mutexes()).isEmpty();
    assertThat(workload.machine().free()).isEqualTo(-1);
    assertThat(small.seed()).isEqualTo(1);
    assertThat(small.policy()).isSameAs(STOCK.policies().get(0));
    assertThat(small.costs()).isEqualTo(STOCK.costs().get(0));
  }

  @Test
  void whatTheFaultNeedsStays() {
    Predicate<World> wanted =
        world ->
            has(world.workload(), Step.Unlock.class)
                && world.workload().machine().cpus() > 3
                && world.workload().machine().free() > 5;
    World small = new Shrinker(STOCK, wanted, 3000).shrunk(worldWith(wanted));

    assertThat(wanted.test(small)).isTrue();
    assertThat(has(small.workload(), Step.Lock.class)).as("an unlock needs its lock").isTrue();
    assertThat(small.workload().machine().cpus()).isEqualTo(4);
  }

  @Test
  void shrinkingEndsAfterSoManyTries() {
    int[] tries = {0};
    Predicate<World> wanted =
        world -> {
          tries[0]++;
          return true;
        };
    new Shrinker(STOCK, wanted, 7).shrunk(GENERATOR.world(1, 1));

    assertThat(tries[0]).isEqualTo(7);
  }

  @Test
  void eachKindOfFaultIsToldOnce() throws InterruptedException {
    Court court = new Court(List.of(against(Step.Drain.class), against(Step.Kill.class)));

    assertThat(findings(court, 300, 2))
        .extracting(
            finding -> finding.fault().message().replaceAll(".*(has a [A-Z][a-z]+).*", "$1"))
        .containsExactlyInAnyOrder("has a Drain", "has a Kill");
  }

  @Test
  void whatIsFoundDoesNotDependOnTheNumberOfThreads() throws InterruptedException {
    Court court = new Court(List.of(against(Step.Mrelease.class), against(Step.Free.class)));

    List<Fuzz.Finding> one = findings(court, 200, 1);
    List<Fuzz.Finding> three = findings(court, 200, 3);

    assertThat(one).hasSize(2);
    assertThat(three).extracting(Fuzz.Finding::number).isEqualTo(numbers(one));
    assertThat(three)
        .extracting(finding -> finding.world().workload())
        .isEqualTo(one.stream().map(finding -> finding.world().workload()).toList());
  }

  private static List<Long> numbers(List<Fuzz.Finding> findings) {
    return findings.stream().map(Fuzz.Finding::number).toList();
  }

  @Test
  void whereNothingIsWrongNothingIsFound() throws InterruptedException {
    assertThat(findings(new Court(List.of(world -> {})), 100, 2)).isEmpty();
  }

  @Test
  void anEpisodeThatHardlyEndsIsNotWatchedForEver() {
    World endless =
        worldWith(world -> has(world.workload(), Step.WaitLocked.class))
            .with(
                Library.open(null)
                    .workload(
                        "endless",
                        """
                        workload: endless
                        machine: {memory: 1GiB}
                        processes:
                          - name: p
                            run: [{repeat: {times: forever, steps: [{sleep: 500ns}]}}]
                        """));

    assertThat(new Court(List.of(new KeepsLaws(Rigour.WATCHED))).tried(endless)).isNull();
  }
}
