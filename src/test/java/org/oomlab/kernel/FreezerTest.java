package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.process;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.ProcessSpec;

/** Who is frozen, from when, and what a victim's mark does about it. */
class FreezerTest {
  private static final String PROCESSES =
      """
      processes:
        - name: p
          memory: [{kind: anonymous, size: 10 pages}]
          run: [{sleep: 5ms}, {exit: }]
          threads: [{name: b}]
        - {name: sharer, shares_mm: p}
        - {name: other, memory: []}
      """;

  private final List<String> heard = new ArrayList<>();
  private Kernel kernel;
  private Process p;

  private void given(String policy) {
    kernel =
        Worlds.booted(
            policy,
            PROCESSES,
            (now, point, subject, a, b) -> heard.add(point + " " + subject + " " + a));
    p = process(kernel, "p");
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    heard.clear();
  }

  @ParameterizedTest
  @EnumSource(Task.State.class)
  void whoIsInTheKernelIsFrozenOnItsWayBackAndWhoIsDyingNever(Task.State state) {
    given("linux-6.18");
    p.tasks[0].state = state;

    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);

    boolean atOnce =
        state == Task.State.RUNNING
            || state == Task.State.SLEEPING
            || state == Task.State.WAITING_FUTEX;
    boolean never = state == Task.State.EXITING || state == Task.State.DEAD;
    assertThat(p.tasks[0].frozen).isEqualTo(atOnce);
    assertThat(p.tasks[0].freezeRequested).isEqualTo(!atOnce && !never);
    assertThat(p.tasks[1].frozen).isTrue();
    assertThat(p.freezer).isEqualTo(ProcessSpec.Freezer.V1);
  }

  @Test
  void whoHoldsAMutexOrFreezesItselfIsInTheKernel() {
    given("linux-6.18");
    p.tasks[0].heldMutexes = 1;
    kernel.waits.interrupt(p.tasks[1].id); // It acts: this is its own doing.

    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);

    for (Task task : p.tasks) {
      assertThat(task.frozen).isFalse();
      assertThat(task.freezeRequested).isTrue();
    }
  }

  @Test
  void itIsSaidWhichFreezer() {
    given("linux-6.18");

    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);
    kernel.freezer.freeze(p, ProcessSpec.Freezer.V2);
    kernel.freezer.thaw(p);

    assertThat(heard)
        .containsExactly(
            Tracepoint.FREEZER + " 0 1", Tracepoint.FREEZER + " 0 2", Tracepoint.FREEZER + " 0 0");
  }

  @Test
  void aStepThatCameWhileItWasFrozenComesWithTheThaw() {
    given("linux-6.18");
    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);
    while (kernel.step()) {}
    assertThat(p.tasks[0].stepMissed).isTrue();
    assertThat(p.liveTasks).isEqualTo(2);

    kernel =
        Worlds.booted(
            "linux-6.18",
            """
            processes:
              - {name: p, frozen: v1, memory: [], run: [{sleep: 5ms}, {exit: }]}
              - {name: other, memory: [], run: [{sleep: 10ms}, {thaw: p}]}
            """);
    while (kernel.step()) {}
    assertThat(process(kernel, "p").liveTasks).isZero();
    assertThat(kernel.clock()).isGreaterThanOrEqualTo(10 * Span.MILLISECOND);
  }

  @Test
  void aThawEndsWhatWasAskedForAndASignalThatWaitedArrives() {
    given("linux-6.18");
    p.tasks[0].freezeRequested = true;
    p.tasks[1].frozen = true;
    p.freezer = ProcessSpec.Freezer.V1;
    kernel.scheduler.sendKill(p);
    assertThat(p.tasks[1].state).as("no signal ends version 1").isEqualTo(Task.State.SLEEPING);

    kernel.freezer.thaw(p);

    assertThat(p.tasks[0].freezeRequested).isFalse();
    assertThat(p.tasks[1].frozen).isFalse();
    assertThat(p.tasks[1].state).isEqualTo(Task.State.EXITING);
  }

  @ParameterizedTest
  @CsvSource({"linux-6.16, false", "linux-6.18, true"})
  void aMarkThawsTheMarkedThreadAndFrom618OnAllOfThem(String policy, boolean all) {
    given(policy);
    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);

    kernel.freezer.thawVictim(p.tasks[0]);

    assertThat(p.tasks[0].frozen).isFalse();
    assertThat(p.tasks[1].frozen).isEqualTo(!all);
  }

  @Test
  void whoIsChosenIsRememberedAsItWasWithAllThatShareItsMm() {
    given("linux-6.18");
    kernel.freezer.freeze(p, ProcessSpec.Freezer.V1);
    process(kernel, "other").tasks[0].frozen = true;
    process(kernel, "sharer").frozenWhenChosen = true;

    kernel.freezer.remember(p.mm);

    assertThat(p.frozenWhenChosen).isTrue();
    assertThat(process(kernel, "sharer").frozenWhenChosen).isFalse();
    assertThat(process(kernel, "other").frozenWhenChosen).as("of another mm").isFalse();
  }

  @Test
  void whoHasLeftItsMmIsNotAsked() {
    given("linux-6.18");
    process(kernel, "sharer").frozenWhenChosen = true;
    process(kernel, "sharer").tasks[0].hasMm = false;

    kernel.freezer.remember(p.mm);

    assertThat(process(kernel, "sharer").frozenWhenChosen).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // tested, frozen when chosen, frozen now; whether it counts as frozen
    "before_thaw, true, false, true",
    "before_thaw, false, true, false",
    "after_thaw, true, false, false",
    "after_thaw, false, true, true"
  })
  void itIsAskedBeforeTheMarkThawsItOrAfter(
      String test, boolean then, boolean now, boolean frozen) {
    given("linux-6.18 reaper.frozen_test=" + test);
    Process other = process(kernel, "other");
    other.freezer = ProcessSpec.Freezer.V1;
    other.frozenWhenChosen = then;
    other.tasks[0].frozen = now;

    assertThat(kernel.freezer.isFrozen(other, ProcessSpec.Freezer.V1)).isEqualTo(frozen);
    assertThat(kernel.freezer.isFrozen(other, ProcessSpec.Freezer.V2)).isFalse();
  }

  @Test
  void whoHasNoThreadWithAnMmIsNotFrozen() {
    given("linux-6.18");
    Process other = process(kernel, "other");
    other.freezer = ProcessSpec.Freezer.V1;
    other.tasks[0].frozen = true;
    other.tasks[0].hasMm = false;

    assertThat(kernel.freezer.isFrozen(other, ProcessSpec.Freezer.V1)).isFalse();
  }

  @Test
  void underVersion1AllThatShareAnMmMustBeHeldAndUnderVersion2TheVictimAlone() {
    given("linux-6.18");
    Process sharer = process(kernel, "sharer");
    for (ProcessSpec.Freezer version :
        new ProcessSpec.Freezer[] {ProcessSpec.Freezer.V1, ProcessSpec.Freezer.V2}) {
      boolean alone = version == ProcessSpec.Freezer.V2;
      kernel.freezer.freeze(p, version);
      kernel.freezer.freeze(process(kernel, "other"), version);
      assertThat(kernel.freezer.isFrozen(p, version)).isEqualTo(alone);

      kernel.freezer.freeze(sharer, version);
      assertThat(kernel.freezer.isFrozen(p, version)).isTrue();

      sharer.tasks[0].frozen = false;
      sharer.tasks[0].hasMm = false;
      assertThat(kernel.freezer.isFrozen(p, version)).as("who has left does not count").isTrue();
      sharer.tasks[0].hasMm = true;
    }
  }
}
