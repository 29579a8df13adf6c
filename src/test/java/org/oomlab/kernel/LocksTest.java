package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oomlab.kernel.Worlds.process;
import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Mutex;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;

/** Mutexes and mmap_lock: handed over in turn, and no reader overtakes a writer that waits. */
class LocksTest {
  private static final String PROCESSES =
      """
      mutexes: [X, Y]
      processes:
        - {name: a, memory: [{kind: anonymous, size: 10 pages}]}
        - {name: b, memory: []}
        - {name: c, memory: []}
      """;

  private final List<String> heard = new ArrayList<>();

  private final Kernel kernel =
      Worlds.booted(
          "linux-6.18",
          PROCESSES,
          (now, point, subject, a, b) -> heard.add(point + " " + subject + " " + a));

  private final Task a = acting("a");
  private final Task b = acting("b");
  private final Task c = acting("c");
  private final Mm mm = a.process.mm;

  private Task acting(String name) {
    Task task = process(kernel, name).tasks[0];
    kernel.waits.interrupt(task.id);
    return task;
  }

  private boolean waits(Task task) {
    return kernel.waits.of(task.id) == WaitsFor.A_TURN;
  }

  private boolean isWoken(Task task) {
    return kernel.waits.of(task.id) == WaitsFor.A_MOMENT;
  }

  @Test
  void aMutexHasOneOwnerAndIsHandedOverInTurn() {
    Mutex mutex = new Mutex();
    assertThat(mutex.lockOrWait(1)).isTrue();
    assertThat(mutex.lockOrWait(2)).isFalse();
    assertThat(mutex.lockOrWait(3)).isFalse();
    assertThat(mutex.tryLock(4)).isFalse();
    assertThat(mutex.waiters.size()).as("who tries does not wait").isEqualTo(2);

    assertThat(mutex.unlock()).isEqualTo(2);
    assertThat(mutex.owner).isEqualTo(2);
    assertThat(mutex.unlock()).isEqualTo(3);
    assertThat(mutex.unlock()).isEqualTo(NOBODY);
    assertThat(mutex.tryLock(5)).isTrue();
  }

  @Test
  void aFreeMutexIsNotReleased() {
    assertThatThrownBy(() -> new Mutex().unlock()).isInstanceOf(LawBroken.class);
  }

  @Test
  void aBootForgetsWhoHasAndWhoWants() {
    Mutex mutex = kernel.machine.mutexes[0];
    mutex.lockOrWait(1);
    mutex.lockOrWait(2);
    kernel.boot(1, TraceSink.NONE);

    assertThat(mutex.owner).isEqualTo(NOBODY);
    assertThat(mutex.waiters.isEmpty()).isTrue();
  }

  @Test
  void whoCannotHaveAMutexWaitsInStateDUntilItIsItsTurn() {
    heard.clear();
    assertThat(kernel.locks.lock(a, 1)).isTrue();
    assertThat(kernel.locks.lock(b, 1)).isFalse();
    assertThat(kernel.locks.lock(c, 0)).isTrue();
    assertThat(b.state).isEqualTo(Task.State.WAITING_LOCK);
    assertThat(waits(b)).isTrue();
    assertThat(a.heldMutexes).isOne();
    assertThat(b.heldMutexes).isZero();

    kernel.locks.unlock(a, 1);

    assertThat(a.heldMutexes).isZero();
    assertThat(b.heldMutexes).isOne();
    assertThat(isWoken(b)).isTrue();
    assertThat(heard)
        .containsExactly(
            Tracepoint.LOCKED + " 0 1",
            Tracepoint.LOCKED + " 2 0",
            Tracepoint.UNLOCKED + " 0 1",
            Tracepoint.LOCKED + " 1 1");
  }

  @Test
  void aHandOverTakesItsTime() {
    Kernel slow = Worlds.booted("linux-6.18 costs.lock_latency=5us", PROCESSES);
    Task first = process(slow, "a").tasks[0];
    Task next = process(slow, "b").tasks[0];
    slow.waits.interrupt(first.id);
    slow.waits.interrupt(next.id);
    slow.locks.lock(first, 0);
    slow.locks.lock(next, 0);

    slow.locks.unlock(first, 0);

    assertThat(slow.queue.timeOf(Event.TASK_STEP.ordinal(), next.id)).isEqualTo(5000);
  }

  @Test
  void whoUnlocksWhatItHasNotLockedDoesNothing() {
    kernel.locks.lock(a, 0);

    kernel.locks.unlock(b, 0);

    assertThat(b.heldMutexes).isZero();
    assertThat(kernel.machine.mutexes[0].owner).isEqualTo(a.id);
  }

  @Test
  void aMutexThatNobodyWantsIsFreeAgain() {
    kernel.locks.lock(a, 0);
    kernel.locks.unlock(a, 0);

    assertThat(kernel.machine.mutexes[0].owner).isEqualTo(NOBODY);
  }

  @Test
  void oomLockIsHandedToTasksAndToTheReaper() {
    assertThat(kernel.locks.lockOom(a.id)).isTrue();
    assertThat(kernel.locks.lockOom(b.id)).isFalse();
    assertThat(waits(b)).isTrue();
    kernel.locks.unlockOom();
    assertThat(kernel.machine.oomLock.owner).isEqualTo(b.id);
    assertThat(isWoken(b)).isTrue();

    SchedEntity reaper = kernel.machine.entity(Machine.REAPER);
    reaper.waitsFor = WaitsFor.ACTS;
    assertThat(kernel.locks.lockOom(Machine.REAPER)).isFalse();
    kernel.locks.unlockOom();
    assertThat(kernel.machine.oomLock.owner).isEqualTo(Machine.REAPER);
    assertThat(kernel.queue.timeOf(Event.REAPER.ordinal(), 0)).isZero();
    kernel.locks.unlockOom();
    assertThat(kernel.machine.oomLock.owner).isEqualTo(NOBODY);
  }

  // mmap_lock.

  @Test
  void readersShareItAndAWriterDoesNot() {
    assertThat(kernel.locks.read(a, mm)).isTrue();
    assertThat(kernel.locks.tryRead(mm)).isTrue();
    assertThat(mm.readers).isEqualTo(2);
    assertThat(kernel.locks.write(b, mm)).isFalse();
    assertThat(waits(b)).isTrue();

    kernel.locks.readUnlock(mm);
    assertThat(mm.writer).as("one reads still").isEqualTo(NOBODY);
    kernel.locks.readUnlock(mm);
    assertThat(mm.writer).isEqualTo(b.id);
    assertThat(isWoken(b)).isTrue();
    assertThat(kernel.locks.tryRead(mm)).isFalse();
    assertThat(kernel.locks.write(c, mm)).isFalse();
  }

  @Test
  void noReaderOvertakesAWriterThatWaits() {
    kernel.locks.tryRead(mm);
    kernel.locks.write(a, mm);

    assertThat(kernel.locks.tryRead(mm)).isFalse();
    assertThat(kernel.locks.read(b, mm)).isFalse();
    kernel.locks.readUnlock(mm);
    assertThat(mm.writer).isEqualTo(a.id);
    assertThat(waits(b)).isTrue();

    kernel.locks.writeUnlock(mm);
    assertThat(mm.readers).isOne();
    assertThat(isWoken(b)).isTrue();
  }

  @Test
  void afterAWriterAllWhoReadGoOnUpToTheNextWriter() {
    kernel.locks.write(a, mm);
    kernel.locks.read(b, mm);
    kernel.locks.write(c, mm);

    kernel.locks.writeUnlock(mm);

    assertThat(mm.readers).isOne();
    assertThat(mm.writer).isEqualTo(NOBODY);
    assertThat(waits(c)).isTrue();
  }

  @Test
  void aReaderThatWaitsKeepsNoReaderOut() {
    kernel.locks.write(b, mm);
    kernel.locks.read(a, mm);
    mm.writer = NOBODY; // As between the end of one and the turn of the next.

    assertThat(kernel.locks.tryRead(mm)).isTrue();
  }

  @Test
  void aWriterWaitsBehindReadersThatWait() {
    kernel.locks.write(a, mm);
    kernel.locks.read(b, mm);
    mm.writer = NOBODY;

    assertThat(kernel.locks.write(c, mm)).isFalse();
  }

  @Test
  void whoeverTheWriterIsThatWaits() {
    for (Task writer : new Task[] {b, c}) {
      mm.readers = 1;
      kernel.locks.write(writer, mm);

      assertThat(kernel.locks.tryRead(mm)).isFalse();
      kernel.locks.stopWaiting(writer, mm, true);
    }
  }

  @Test
  void whoStopsWaitingLetsThoseBehindItGoOn() {
    kernel.locks.tryRead(mm);
    kernel.locks.write(a, mm);
    kernel.locks.read(b, mm);

    assertThat(kernel.locks.stopWaiting(a, mm, false)).as("it waits to write").isFalse();
    assertThat(kernel.locks.stopWaiting(a, mm, true)).isTrue();

    assertThat(kernel.waits.of(a.id)).isEqualTo(WaitsFor.ACTS);
    assertThat(mm.readers).isEqualTo(2);
    assertThat(isWoken(b)).isTrue();
    assertThat(kernel.locks.stopWaiting(c, mm, true)).isFalse();
  }

  @Test
  void whatIsNotHeldIsNotReleased() {
    assertThatThrownBy(() -> kernel.locks.readUnlock(mm)).isInstanceOf(LawBroken.class);
    assertThatThrownBy(() -> kernel.locks.writeUnlock(mm)).isInstanceOf(LawBroken.class);
  }
}
