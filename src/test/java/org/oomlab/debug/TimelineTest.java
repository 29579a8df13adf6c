package org.oomlab.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Vmcore.Doing;
import org.oomlab.trace.Tracepoint;

class TimelineTest {
  private static Timeline of(Case of, long seed) {
    return Timeline.of(new Branch(of, seed), new Cast(of.workload()), () -> false);
  }

  @TestFactory
  Stream<DynamicTest> whatEverybodyDoesHasNoGaps() {
    return Stage.FAMILIES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each[0] + " under " + each[1],
                    () -> hasNoGaps(of(Stage.of(each[0], each[1]), 1))));
  }

  private static void hasNoGaps(Timeline timeline) {
    for (Timeline.Lane lane : timeline.lanes()) {
      long at = 0;
      for (Timeline.Stretch stretch : lane.stretches()) {
        assertThat(stretch.fromNs()).as(lane.name()).isEqualTo(at);
        assertThat(stretch.toNs()).isGreaterThanOrEqualTo(at);
        at = stretch.toNs();
      }
      assertThat(at).isEqualTo(timeline.endNs());
    }
    long before = 0;
    for (Timeline.Mark mark : timeline.marks()) {
      assertThat(mark.atNs()).isBetween(before, timeline.endNs());
      assertThat(mark.lane()).isLessThan(timeline.lanes().size());
      before = mark.atNs();
    }
    for (int width : new int[] {1, 40, 80, 200}) {
      List<String> lines =
          Stage.lines(page -> new TextChart(timeline, 0, width).write(page, timeline.endNs() / 2));
      int most = Math.max(80, width);
      assertThat(lines)
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(most));
    }
  }

  @Test
  void everyKillHasAMarkInTheLaneOfItsVictim() {
    Timeline timeline = of(Stage.of("mlocked-all", "linux-4.19"), 3);
    assertThat(timeline.marks())
        .filteredOn(mark -> mark.point() == Tracepoint.KILLED)
        .extracting(mark -> timeline.lanes().get(mark.lane()).name())
        .containsExactly("db[2]", "db[0]", "db[1]", "db[3]");
    Timeline.Lane first = timeline.lanes().get(2);
    assertThat(first.name()).isEqualTo("db[2]");
    assertThat(first.at(timeline.endNs())).isEqualTo(Doing.UNMAPS);
  }

  @Test
  void theStateOfALaneIsThatOfTheMachine() {
    Case of = Stage.of("mlocked-all", "linux-4.19");
    Timeline timeline = of(of, 3);
    Branch branch = new Branch(of, 3);
    Cast cast = new Cast(of.workload());
    while (branch.step()) {
      boolean isLastOfItsTime =
          branch.isAtEnd() || branch.kernel().nextNs() > branch.kernel().nowNs();
      for (Timeline.Lane lane : timeline.lanes()) {
        if (isLastOfItsTime && !lane.name().equals("oom_reaper")) {
          assertThat(lane.at(branch.kernel().nowNs()))
              .as(lane.name() + " at event " + branch.moment())
              .isEqualTo(branch.kernel().vmcore().doing(cast.task(lane.name())));
        }
      }
    }
  }

  @Test
  void theCursorIsWhereOneIs() {
    Debugger debugger = new Debugger(Stage.of("mlocked-all", "linux-4.19"), 3, () -> false);
    Stage.say(debugger, "goto kill 2");
    assertThat(Stage.say(debugger, "timeline"))
        .anyMatch(line -> line.contains("^ now +1.501097ms"));
  }
}
