package org.oomlab.refute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.engine.RandomStream;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.workload.WorldSpace;
import org.oomlab.worlds.Explorer;
import org.oomlab.worlds.World;

/** A search finds what there is, and the same whoever counts the processors. */
class HuntTest {
  private static final String NO_WORSE = "outcome(A) != panic or outcome(B) = panic";

  @Test
  void thePanicOf417IsFoundFromNothing() throws InterruptedException {
    Sides sides = Bench.sides("linux-4.17", "rientjes-reap-timeout-2018");
    Hunt.Refutation found = Bench.first(Bench.plan(NO_WORSE, sides, "small", 1, 2000, 2, false));
    assertThat(found).isNotNull();
  }

  @Test
  void whatIsFoundDependsOnTheSeedAndNotOnTheThreads() throws InterruptedException {
    Sides sides = Bench.sides("linux-4.5", "linux-4.6");
    String claim = "outcome(A) != livelock or outcome(B) = livelock";
    List<String> found = new ArrayList<>();
    for (int jobs : new int[] {1, 2, 3}) {
      Hunt.Refutation first = Bench.first(Bench.plan(claim, sides, "small", 5, 3000, jobs, false));
      assertThat(first).isNotNull();
      found.add(first.number() + " " + first.world());
    }
    assertThat(found.get(1)).isEqualTo(found.get(0));
    assertThat(found.get(2)).isEqualTo(found.get(0));
  }

  @Test
  void soDoesWhereItHasLooked() throws InterruptedException {
    Sides sides = Bench.sides("linux-6.18");
    List<String> looked = new ArrayList<>();
    for (int jobs : new int[] {1, 2}) {
      Hunt.Result result =
          Hunt.run(
              Bench.plan("kills >= 0", sides, "small", 3, 2000, jobs, false),
              Bench.PATIENT,
              refutation -> true);
      StringBuilder text = new StringBuilder();
      for (Trait one : Trait.values()) {
        for (Trait other : Trait.values()) {
          text.append(result.coverage().of(one, other)).append(' ');
        }
      }
      looked.add(text.append(result.margin()).toString());
    }
    assertThat(looked.get(1)).isEqualTo(looked.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kills(A) = kills(B)",
        "recovery(A) <= recovery(B)",
        "kills(A) >= 0",
        "outcome(A) != panic or outcome(B) = panic",
        "extra_kills(A) <= kills(A)"
      })
  void whatIsTrueByConstructionIsNotRefuted(String claim) throws InterruptedException {
    Sides sides = Bench.sides("linux-6.18", "linux-6.18");
    assertThat(Bench.first(Bench.plan(claim, sides, "small", 1, 2000, 2, false))).isNull();
  }

  @Test
  void aFaultThatIsPlantedInAPolicyIsFound() throws InterruptedException {
    Sides right = Bench.sides("linux-6.18", "linux-6.18");
    Knob knob = Objects.requireNonNull(Knobs.byPath("exit.oom_skip"));
    Sides faulty =
        new Sides(
            List.of(
                right.policies().get(0),
                right.last().with(knob, knob.parse("at_start"), "planted")),
            right.rigour());
    assertThat(
            Bench.first(
                Bench.plan("extra_kills(B) <= extra_kills(A)", faulty, "small", 1, 8000, 2, false)))
        .isNotNull();
  }

  @Test
  void aSpaceWithoutAnOomIsGivenUp() {
    Sides sides = Bench.sides("linux-6.18");
    WorldSpace roomy =
        new WorldSpace(
            "roomy",
            "",
            "",
            List.of(1L << 28),
            List.of(2),
            List.of(250),
            List.of("x86-64"),
            1,
            1,
            0,
            1,
            0,
            1,
            1,
            Map.of(),
            Map.of(),
            null);
    Explorer explorer = Bench.explorer(roomy, sides.last());
    Hunt.Plan plan =
        new Hunt.Plan(
            Proposition.parse("kills = 0", sides), sides, explorer, 1, 5000, () -> false, 2, true);
    assertThatThrownBy(() -> Hunt.run(plan, Bench.PATIENT, refutation -> true))
        .isInstanceOf(Hunt.NoOom.class)
        .hasMessageContaining("of the first 1000 worlds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "server", "phone", "cgroups"})
  void aSpaceHasTheWorldsThatItSays(String name) {
    WorldSpace space = Bench.LIBRARY.space(name);
    Explorer explorer = Bench.explorer(space, Bench.sides("linux-6.18").last());
    World world = explorer.fresh(new RandomStream(1), "w", "");
    for (int i = 0; i < 300; i++) {
      RandomStream random = new RandomStream(RandomStream.split(7, i));
      world = i % 3 == 0 ? explorer.fresh(random, "w", "") : explorer.changed(world, random);
      assertThat(explorer.admits(world)).as("%s", world.workload()).isTrue();
      assertThat(space.memory())
          .contains(explorer.fresh(random, "w", "").workload().machine().memory());
    }
  }
}
