package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final int KINDS = 3;
  private static final int SUBJECTS = 5;

  @Test
  void eventsComeByTimeThenKindThenSequence() {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    queue.at(2, 0, 10);
    queue.at(1, 4, 10);
    queue.at(1, 3, 10);
    queue.at(2, 2, 9);
    assertThat(next(queue)).isEqualTo("9 2 2");
    assertThat(next(queue)).isEqualTo("10 1 3");
    assertThat(next(queue)).isEqualTo("10 1 4");
    assertThat(next(queue)).isEqualTo("10 2 0");
    assertThat(queue.advance()).isFalse();
  }

  @Test
  void schedulingAnEventAgainMovesIt() {
    EventQueue queue = new EventQueue(1, 2);
    queue.at(0, 0, 10);
    queue.at(0, 1, 20);
    queue.at(0, 0, 30);
    assertThat(queue.pending(0)).isEqualTo(2);
    assertThat(next(queue)).isEqualTo("20 0 1");
    assertThat(next(queue)).isEqualTo("30 0 0");
  }

  @Test
  void ofEventsAtTheSameTimeAnyCanBeTakenFirstAndNoOther() {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    queue.at(0, 0, 10);
    queue.at(1, 3, 10);
    queue.at(1, 4, 11);
    assertThatThrownBy(() -> queue.advanceTo(1, 4)).hasMessageContaining("is not due");
    assertThatThrownBy(() -> queue.advanceTo(2, 0)).hasMessageContaining("is not due");
    queue.advanceTo(1, 3);
    assertThat(last(queue)).isEqualTo("10 1 3");
    assertThatThrownBy(() -> queue.advanceTo(1, 3)).hasMessageContaining("is not due");
    assertThat(next(queue)).isEqualTo("10 0 0");
    assertThat(next(queue)).isEqualTo("11 1 4");
    assertThat(queue.pending(1)).isZero();
    assertThatThrownBy(() -> queue.advanceTo(1, 4)).hasMessageContaining("is not due");
  }

  @Test
  void whatLiesBeyondTheLastMomentNeverComes() {
    EventQueue queue = new EventQueue(9, 10_000);
    assertThat(queue.latestNs()).isGreaterThan(2 * 3600 * 1_000_000_000L);
    queue.at(0, 0, queue.latestNs() + 1);
    assertThat(queue.pending(0)).isZero();
    queue.at(0, 0, queue.latestNs());
    assertThat(queue.nextNs()).isEqualTo(queue.latestNs());
  }

  @Test
  void aQueueSaysWhatComesNextAndHowMuchCameBefore() {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    assertThat(queue.nextNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.nextKind()).isEqualTo(-1);
    queue.at(2, 1, 7);
    queue.advance();
    queue.in(1, 3, 5);
    assertThat(queue.nextNs()).isEqualTo(12);
    assertThat(queue.nextKind()).isEqualTo(1);
    assertThat(queue.timeOf(1, 3)).isEqualTo(12);
    assertThat(queue.isPending(1, 3)).isTrue();
    assertThat(queue.timeOf(2, 1))
        .as("what was taken is pending no more")
        .isEqualTo(Long.MAX_VALUE);
    assertThat(next(queue)).isEqualTo("12 1 3");
    assertThat(queue.handled()).isEqualTo(2);
    assertThat(queue.nextNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatWasTakenIsNotNextEvenIfItIsAskedForBeforeAnythingElseIsDone() {
    EventQueue queue = new EventQueue(2, 2);
    queue.at(0, 0, 1);
    queue.at(1, 1, 5);
    queue.advance();
    assertThat(queue.nextKind()).isEqualTo(1);
    queue.at(0, 0, 2);
    queue.advance();
    queue.cancel(1, 1);
    assertThat(queue.pending(1)).isZero();
    assertThat(queue.advance()).isFalse();
  }

  @Test
  void aQueueThatIsClearedIsAsNew() {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    queue.at(1, 1, 3);
    queue.at(2, 2, 4);
    queue.advance();
    queue.clear();
    assertThat(queue.nowNs() + queue.kind() + queue.subject() + queue.handled()).isZero();
    assertThat(queue.pending(1) + queue.pending(2)).isZero();
    assertThat(queue.advance()).isFalse();
  }

  @Test
  void theLastMomentIsAsFarAsAKeyHasRoom() {
    // Of 62 bits, 9 kinds and 10 000 subjects take 4 and 14.
    assertThat(new EventQueue(9, 10_000).latestNs()).isEqualTo((1L << 44) - 1);
    assertThat(new EventQueue(1, 1).latestNs()).isEqualTo((1L << 61) - 1);
  }

  @Test
  void lanesShareOneOrder() {
    EventQueue queue =
        new EventQueue(
            5,
            6,
            EventQueue.Lane.ofSubjects(6, 0, 3),
            EventQueue.Lane.ofOne(4, 1),
            EventQueue.Lane.ofSubjects(3, 2));
    queue.at(3, 5, 10);
    queue.at(0, 4, 10);
    queue.at(4, 5, 10);
    queue.at(1, 2, 10);
    queue.at(2, 2, 10);
    queue.at(2, 0, 9);
    List<String> order = List.of("9 2 0", "10 0 4", "10 1 2", "10 2 2", "10 3 5", "10 4 5");
    for (String each : order) {
      assertThat(next(queue)).isEqualTo(each);
    }
    assertThat(queue.advance()).isFalse();
  }

  @Test
  void ofWhatIsDueAtOnceAnyMayBeTakenFirst() {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    queue.at(0, 1, 5);
    queue.at(2, 3, 5);
    queue.at(1, 4, 6);
    assertThatThrownBy(() -> queue.advanceTo(1, 4)).hasMessage("kind 1 of subject 4 is not due");
    assertThatThrownBy(() -> queue.advanceTo(2, 1)).isInstanceOf(IllegalArgumentException.class);
    queue.advanceTo(2, 3);
    assertThat(queue.nowNs() + " " + queue.kind() + " " + queue.subject()).isEqualTo("5 2 3");
    assertThatThrownBy(() -> queue.advanceTo(2, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThat(next(queue)).isEqualTo("5 0 1");
    assertThat(next(queue)).isEqualTo("6 1 4");
    assertThat(queue.handled()).isEqualTo(3);
    assertThatThrownBy(() -> queue.advanceTo(1, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSubjectWaitsForOneThingInALaneWhateverItIs() {
    EventQueue queue =
        new EventQueue(3, 4, EventQueue.Lane.ofSubjects(4, 0, 1), EventQueue.Lane.ofSubjects(4, 2));
    queue.at(0, 2, 5);
    queue.at(2, 2, 6);
    queue.at(1, 3, 7);
    assertThat(queue.isAnyPending(1, 2)).as("the other kind of the lane").isTrue();
    assertThat(queue.isAnyPending(0, 1)).as("another subject").isFalse();
    queue.cancelAny(1, 1);
    queue.cancelAny(0, 3);
    assertThat(queue.pending(1)).isZero();
    assertThat(queue.isAnyPending(1, 3)).isFalse();
    assertThat(next(queue)).isEqualTo("5 0 2");
    assertThat(queue.isAnyPending(1, 2)).as("what was taken").isFalse();
    queue.cancelAny(1, 2);
    assertThat(queue.pending(0)).isZero();
    assertThat(next(queue)).isEqualTo("6 2 2");
    assertThat(queue.advance()).isFalse();
  }

  @Test
  void aLaneHasAPlaceForEachOfItsSubjectsAndNoMore() {
    for (int subjects : new int[] {1, 2, 3, 4, 5, 8, 9}) {
      EventQueue queue =
          new EventQueue(
              2,
              subjects,
              EventQueue.Lane.ofSubjects(subjects, 0),
              EventQueue.Lane.ofSubjects(subjects, 1));
      for (int subject = 0; subject < subjects; subject++) {
        queue.at(1, subject, 2L * subject + 1);
        queue.at(0, subject, 2L * subject);
      }
      for (int i = 0; i < 2 * subjects; i++) {
        assertThat(next(queue)).isEqualTo(i + " " + i % 2 + " " + i / 2);
      }
      assertThat(queue.advance()).isFalse();
    }
  }

  @Property
  void itBehavesAsASortedMapOfItsEvents(@ForAll("operations") List<Operation> operations) {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    Model model = new Model();
    for (Operation operation : operations) {
      switch (operation.what()) {
        case 0, 1 -> {
          long time = queue.nowNs() + operation.delay();
          queue.at(operation.kind(), operation.subject(), time);
          model.times.put(operation.kind() * SUBJECTS + operation.subject(), time);
        }
        case 2 -> {
          queue.cancel(operation.kind(), operation.subject());
          model.times.remove(operation.kind() * SUBJECTS + operation.subject());
        }
        default -> {
          long before = queue.nowNs();
          Optional<String> expected = model.take();
          assertThat(queue.advance()).isEqualTo(expected.isPresent());
          expected.ifPresent(event -> assertThat(last(queue)).isEqualTo(event));
          assertThat(queue.nowNs()).isGreaterThanOrEqualTo(before);
        }
      }
      for (int kind = 0; kind < KINDS; kind++) {
        assertThat(queue.pending(kind)).isEqualTo(model.pending(kind));
        for (int subject = 0; subject < SUBJECTS; subject++) {
          assertThat(queue.timeOf(kind, subject))
              .isEqualTo(model.times.getOrDefault(kind * SUBJECTS + subject, Long.MAX_VALUE));
        }
      }
    }
  }

  @Property
  void aCopyGoesOnAsTheOriginalWould(@ForAll("operations") List<Operation> operations) {
    EventQueue queue = new EventQueue(KINDS, SUBJECTS);
    for (Operation operation : operations) {
      queue.at(operation.kind(), operation.subject(), queue.nowNs() + operation.delay());
      if (operation.what() == 3) {
        queue.advance();
      }
    }
    EventQueue copy = new EventQueue(KINDS, SUBJECTS);
    copy.copyFrom(queue);
    assertThat(last(copy) + copy.handled()).isEqualTo(last(queue) + queue.handled());
    for (int kind = 0; kind < KINDS; kind++) {
      assertThat(copy.pending(kind)).isEqualTo(queue.pending(kind));
    }
    while (queue.advance()) {
      assertThat(copy.advance()).isTrue();
      assertThat(last(copy)).isEqualTo(last(queue));
    }
    assertThat(copy.advance()).isFalse();
  }

  @Provide
  Arbitrary<List<Operation>> operations() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, KINDS - 1),
            Arbitraries.integers().between(0, SUBJECTS - 1),
            Arbitraries.longs().between(0, 4))
        .as(Operation::new)
        .list()
        .ofMaxSize(60);
  }

  record Operation(int what, int kind, int subject, long delay) {}

  private static final class Model {
    final TreeMap<Integer, Long> times = new TreeMap<>();

    Optional<String> take() {
      return times.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue() * 1000 + entry.getKey()))
          .map(
              entry -> {
                int slot = entry.getKey();
                String event = entry.getValue() + " " + slot / SUBJECTS + " " + slot % SUBJECTS;
                times.remove(slot);
                return event;
              });
    }

    int pending(int kind) {
      return (int) times.keySet().stream().filter(slot -> slot / SUBJECTS == kind).count();
    }
  }

  private static String next(EventQueue queue) {
    assertThat(queue.advance()).isTrue();
    return last(queue);
  }

  private static String last(EventQueue queue) {
    return queue.nowNs() + " " + queue.kind() + " " + queue.subject();
  }
}
