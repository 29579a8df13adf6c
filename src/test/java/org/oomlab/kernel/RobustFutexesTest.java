package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.kernel.Worlds.process;
import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.Futex;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;

/** Robust futexes: who has one, who waits, and what becomes of it when its owner dies. */
class RobustFutexesTest {
  private static final String PROCESSES =
      """
      futexes: [F, G, H]
      processes:
        - name: owner
          robust_list_in: heap
          memory: [{kind: anonymous, name: heap, size: 100 pages}]
        - {name: second, memory: []}
        - {name: third, memory: []}
      """;

  private final List<String> heard = new ArrayList<>();
  private Kernel kernel;
  private Task owner;
  private Task second;
  private Task third;

  private void given(String policy) {
    kernel =
        Worlds.booted(
            policy,
            PROCESSES,
            (now, point, subject, a, b) -> heard.add(point + " " + subject + " " + a + " " + b));
    owner = acting("owner");
    second = acting("second");
    third = acting("third");
    heard.clear();
  }

  private Task acting(String name) {
    Task task = process(kernel, name).tasks[0];
    kernel.waits.interrupt(task.id);
    return task;
  }

  private Futex futex() {
    return kernel.machine.futexes[0];
  }

  private boolean waits(Task task) {
    return kernel.waits.of(task.id) == WaitsFor.A_TURN;
  }

  /** The owner has it, and both others wait. */
  private void givenWaiters(String policy) {
    given(policy);
    assertThat(kernel.futexes.takeOrWait(owner, 0)).isTrue();
    assertThat(kernel.futexes.takeOrWait(second, 0)).isFalse();
    assertThat(kernel.futexes.takeOrWait(third, 0)).isFalse();
  }

  @Test
  void whoCannotHaveItWaits() {
    givenWaiters("linux-6.18");

    assertThat(futex().owner).isEqualTo(owner.id);
    assertThat(owner.heldFutexes).isOne();
    assertThat(second.state).isEqualTo(Task.State.WAITING_FUTEX);
    assertThat(waits(second)).isTrue();
    assertThat(kernel.ledger().lostWaiters()).isZero();
    assertThat(kernel.ledger().brokenFutexes()).isZero();
  }

  @Test
  void itIsHandedOverInTurn() {
    givenWaiters("linux-6.18");

    kernel.futexes.release(second, 0);
    assertThat(futex().owner).as("who has it not cannot release it").isEqualTo(owner.id);
    kernel.futexes.release(owner, 0);

    assertThat(owner.heldFutexes).isZero();
    assertThat(futex().owner).isEqualTo(second.id);
    assertThat(second.heldFutexes).isOne();
    assertThat(second.state).isEqualTo(Task.State.RUNNING);
    assertThat(waits(second)).isFalse();
    assertThat(waits(third)).isTrue();
  }

  @Test
  void whatNobodyWaitsForIsFree() {
    given("linux-6.18");
    kernel.futexes.takeOrWait(owner, 0);
    kernel.futexes.release(owner, 0);

    assertThat(futex().owner).isEqualTo(NOBODY);
  }

  @Test
  void whoDiesWhileItWaitsLeavesTheQueue() {
    givenWaiters("linux-6.18");

    kernel.futexes.leave(second);

    assertThat(waits(second)).isFalse();
    kernel.futexes.release(owner, 0);
    assertThat(futex().owner).isEqualTo(third.id);
  }

  @Test
  void aBootForgetsWhoHasItAndWhoWaits() {
    givenWaiters("linux-6.18");
    futex().broken = true;

    kernel.boot(1, TraceSink.NONE);

    assertThat(futex().owner).isEqualTo(NOBODY);
    assertThat(futex().broken).isFalse();
    assertThat(futex().waiters.isEmpty()).isTrue();
  }

  @Test
  void anOwnerThatDiesTellsTheNext() {
    givenWaiters("linux-6.18");
    kernel.futexes.takeOrWait(owner, 1);

    kernel.futexes.exitRobustList(owner);

    assertThat(futex().owner).isEqualTo(second.id);
    assertThat(kernel.machine.futexes[1].owner).isEqualTo(NOBODY);
    assertThat(owner.heldFutexes).isZero();
    assertThat(kernel.ledger().brokenFutexes()).isZero();
    assertThat(heard).containsExactly(Tracepoint.OWNER_DIED + " " + second.id + " 0 " + owner.id);
  }

  @Test
  void whoHoldsNoneTellsNobody() {
    givenWaiters("linux-6.18");

    kernel.futexes.exitRobustList(second);

    assertThat(heard).isEmpty();
    assertThat(futex().owner).isEqualTo(owner.id);
  }

  @Test
  void othersFutexesAreLeftAlone() {
    given("linux-6.18");
    kernel.futexes.takeOrWait(owner, 0);
    kernel.futexes.takeOrWait(third, 1);

    kernel.futexes.exitRobustList(third);

    assertThat(futex().owner).isEqualTo(owner.id);
    assertThat(kernel.machine.futexes[1].owner).isEqualTo(NOBODY);
  }

  @Test
  void whoseListIsGoneTellsNobodyAndWhoWaitsIsLost() {
    givenWaiters("linux-6.18");
    kernel.futexes.takeOrWait(owner, 1);
    owner.hasMm = false;

    kernel.futexes.exitRobustList(owner);

    assertThat(futex().broken).isTrue();
    assertThat(kernel.ledger().brokenFutexes()).as("nobody misses the other").isOne();
    assertThat(kernel.ledger().lostWaiters()).isEqualTo(2);
    assertThat(heard)
        .containsExactly(Tracepoint.FUTEX_BROKEN + " 0 0 2", Tracepoint.FUTEX_BROKEN + " 0 1 0");
  }

  @Test
  void aBrokenFutexThatNobodyMissedIsMissedByTheFirstWhoComes() {
    given("linux-6.18");
    kernel.futexes.takeOrWait(owner, 0);
    owner.hasMm = false;
    kernel.futexes.exitRobustList(owner);
    futex().owner = NOBODY;

    assertThat(kernel.futexes.takeOrWait(second, 0)).isFalse();
    assertThat(kernel.ledger().brokenFutexes()).isOne();
    assertThat(kernel.futexes.takeOrWait(third, 0)).isFalse();
    assertThat(kernel.ledger().brokenFutexes()).isOne();
    assertThat(kernel.ledger().lostWaiters()).isEqualTo(2);
  }

  /** A mapping of 100 pages with the list at page 50, of which a reaper has taken some. */
  @ParameterizedTest
  @CsvSource({
    "linux-6.16, 0, true",
    "linux-6.16, 50, true",
    "linux-6.16, 51, false",
    "linux-6.18, 0, true",
    "linux-6.18, 49, true",
    "linux-6.18, 50, false"
  })
  void aListIsReadableUntilTheReaperHasPassedIt(String policy, long reaped, boolean readable) {
    given(policy);
    kernel.futexes.takeOrWait(owner, 0);
    Vma heap = owner.process.mm.vmas[0];
    assertThat(owner.robustListIn).isSameAs(heap);
    heap.reapedPages = reaped;

    kernel.futexes.exitRobustList(owner);

    assertThat(futex().broken).isEqualTo(!readable);
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "false, false, true", "false, true, false"})
  void anMmHasARobustListIfEveryThreadDoesOrOneHasUsedIt(
      boolean every, boolean first, boolean another) {
    given("linux-6.18 futex.every_thread_registers=" + every);
    assertThat(kernel.futexes.hasRobustList(owner.process.mm)).isEqualTo(every);
    kernel.futexes.takeOrWait(first ? second : owner, 0);

    assertThat(kernel.futexes.hasRobustList(owner.process.mm)).isEqualTo(another);
    owner.hasMm = false;
    assertThat(kernel.futexes.hasRobustList(owner.process.mm)).as("it has left").isFalse();
  }
}
