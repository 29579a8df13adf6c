package org.oomlab.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
  void whatLiesBeyondTheLastMomentNeverComes() {
    EventQueue queue = new EventQueue(9, 10_000);
    assertThat(queue.latestNs()).isGreaterThan(2 * 3600 * 1_000_000_000L);
    queue.at(0, 0, queue.latestNs() + 1);
    assertThat(queue.pending(0)).isZero();
    queue.at(0, 0, queue.latestNs());
    assertThat(queue.nextNs()).isEqualTo(queue.latestNs());
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
