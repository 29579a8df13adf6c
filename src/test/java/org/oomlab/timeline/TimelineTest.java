package org.oomlab.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.report.Page;
import org.oomlab.timeline.Timeline.Kind;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

class TimelineTest {
  private static final Library LIBRARY = Library.open(Path.of(""));

  /** One workload of each kind, and a policy under which much happens in it. */
  private static final List<List<String>> FAMILIES =
      List.of(
          List.of("bench-50-mlocked", "linux-4.19"),
          List.of("counted-b2", "linux-7.2"),
          List.of("mmap-lock-held", "linux-6.18"),
          List.of("frozen-cached-apps", "linux-6.18"),
          List.of("oom-livelock-module", "linux-4.5"),
          List.of("memcg", "linux-4.19"),
          List.of("mlocked-all", "linux-4.19"),
          List.of("robust-futex", "linux-5.17"),
          List.of("a-holder-that-wants-too-much", "rientjes-reserves-2016"));

  private static Case of(String workload, String policy) {
    Workload found = LIBRARY.resolveWorkloads(List.of(workload), note -> {}).get(0);
    return Experiment.cases(
            List.of(found),
            each -> LIBRARY.costs(each.costsName()),
            LIBRARY.resolvePolicies(List.of(policy), note -> {}))
        .get(0);
  }

  private static Recording record(String workload, String policy, long seed) {
    return Recorder.of(of(workload, policy), seed, () -> false);
  }

  private static List<String> lines(Consumer<Page> writer, boolean colour) {
    Page page = new Page(colour);
    writer.accept(page);
    StringWriter text = new StringWriter();
    page.print(text);
    return text.toString().lines().toList();
  }

  private static List<String> chart(List<Recording> of, int width, boolean ascii, boolean colour) {
    Window window = Window.of(of.stream().map(Recording::timeline).toList(), List.of());
    return lines(
        page ->
            new TextChart(of, window, width, ascii)
                .write(page, Parting.first(Parting.ofFirst(of)).orElse(null)),
        colour);
  }

  @TestFactory
  Stream<DynamicTest> whatEverybodyDoesHasNoGaps() {
    return FAMILIES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    String.join(" under ", each),
                    () -> hasNoGaps(record(each.get(0), each.get(1), 1).timeline())));
  }

  private static void hasNoGaps(Timeline timeline) {
    for (Timeline.Lane lane : timeline.lanes()) {
      long at = 0;
      for (Timeline.Stretch stretch : lane.stretches()) {
        assertThat(stretch.fromNs()).as(lane.name()).isEqualTo(at);
        assertThat(stretch.toNs()).isGreaterThan(at);
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
  }

  @TestFactory
  Stream<DynamicTest> aChartIsAsWideAsItIsAskedToBe() {
    return FAMILIES.stream()
        .map(each -> DynamicTest.dynamicTest(String.join(" under ", each), () -> fits(each)));
  }

  private static void fits(List<String> each) {
    List<Recording> both =
        List.of(record(each.get(0), each.get(1), 1), record(each.get(0), "linux-6.18", 1));
    for (int width : new int[] {60, 80, 200}) {
      for (boolean ascii : new boolean[] {false, true}) {
        List<String> plain = chart(both, width, ascii, false);
        assertThat(plain)
            .isNotEmpty()
            .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width))
            .anyMatch(line -> line.length() == width);
        // Colours say nothing that is not said without them.
        List<String> coloured = new ArrayList<>();
        for (String line : chart(both, width, ascii, true)) {
          coloured.add(line.replaceAll("\u001b\\[[0-9;]*m", ""));
        }
        assertThat(coloured).isEqualTo(plain);
        assertThat(!ascii || String.join("", plain).chars().allMatch(c -> c < 128)).isTrue();
      }
    }
  }

  @Test
  void twoStatesOrMomentsNeverHaveTheSameSign() {
    for (boolean ascii : new boolean[] {false, true}) {
      List<Character> signs = new ArrayList<>();
      Stream.of(State.values())
          .filter(state -> !state.isNothing())
          .forEach(state -> signs.add(state.sign(ascii)));
      Stream.of(Moment.values()).forEach(moment -> signs.add(moment.sign()));
      assertThat(signs).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyKillHasAMarkInTheLaneOfItsVictim() {
    Timeline timeline = record("mlocked-all", "linux-4.19", 3).timeline();
    assertThat(timeline.marks())
        .filteredOn(mark -> mark.moment() == Moment.KILL)
        .extracting(mark -> timeline.lanes().get(mark.lane()).name())
        .containsExactly("db[2]", "db[0]", "db[1]", "db[3]");
    Timeline.Lane first =
        timeline.lanes().stream().filter(it -> it.name().equals("db[2]")).findFirst().orElseThrow();
    assertThat(first.at(timeline.endNs())).isEqualTo(State.UNMAPS);
  }

  @Test
  void theRecoveryIsMarkedWhereTheRequestBehindTheFirstKillIsSatisfied() {
    Recording recording = record("mlocked-all", "linux-5.18", 3);
    Timeline.Mark recovery =
        recording.timeline().marks().stream()
            .filter(mark -> mark.moment() == Moment.RECOVERY)
            .findFirst()
            .orElseThrow();
    assertThat(recovery.atNs())
        .isEqualTo(recording.outcome().firstKillNs() + recording.outcome().recoveryNs());
    assertThat(recording.timeline().lanes().get(recovery.lane()).name()).isEqualTo("agent");
    assertThat(record("mlocked-all", "linux-4.19", 3).timeline().marks())
        .noneMatch(mark -> mark.moment() == Moment.RECOVERY);
  }

  @Test
  void theStateOfALaneIsThatOfTheMachine() {
    Case of = of("mlocked-all", "linux-4.19");
    Recording recording = Recorder.of(of, 3, () -> false);
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), recording.of().rigour());
    kernel.boot(3, TraceSink.NONE);
    List<Timeline.Lane> lanes = recording.timeline().lanes();
    boolean goesOn = true;
    while (goesOn) {
      goesOn = kernel.step();
      boolean isLastOfItsTime = !goesOn || kernel.nextNs() > kernel.nowNs();
      for (int task = 0; isLastOfItsTime && task < kernel.vmcore().tasks(); task++) {
        assertThat(lanes.get(task).at(kernel.nowNs()))
            .as(lanes.get(task).name() + " at " + kernel.nowNs())
            .isEqualTo(State.of(kernel.vmcore().doing(task)));
      }
      assertThat(recording.timeline().free().at(kernel.nowNs()))
          .isEqualTo(
              isLastOfItsTime
                  ? kernel.freePages()
                  : recording.timeline().free().at(kernel.nowNs()));
    }
  }

  @Test
  void aLockThatSomebodyWaitsForHasALane() {
    Timeline timeline = record("oom-livelock-module", "linux-4.5", 1).timeline();
    assertThat(timeline.lanes())
        .filteredOn(lane -> lane.kind() == Kind.LOCK && lane.matters())
        .extracting(Timeline.Lane::name)
        .containsExactly("shared_mutex");
    Timeline.Lane lock =
        timeline.lanes().stream()
            .filter(lane -> lane.name().equals("shared_mutex"))
            .findFirst()
            .orElseThrow();
    Timeline.Stretch last = lock.stretches().get(lock.stretches().size() - 1);
    assertThat(last.state()).isEqualTo(State.CONTENDED);
    assertThat(last.holder()).isEqualTo("oom_test_alloc");
  }

  @Test
  void policiesPartAtTheFirstThingThatTheyDoNotBothAnnounce() {
    Recording a = record("mlocked-all", "linux-4.19", 3);
    Recording b = record("mlocked-all", "linux-5.18", 3);
    Parting parting = Parting.of(a, b);
    assertThat(parting.isThere()).isTrue();
    assertThat(parting.atNs() - a.timeline().zeroNs()).isEqualTo(174_512);
    assertThat(Parting.of(a, a).isThere()).isFalse();
    assertThat(lines(page -> Parting.of(a, a).write(page, 0), false))
        .containsExactly("linux-4.19 and linux-4.19 are the same to the end");
  }

  @Test
  void anEpisodeOfNearlyNothingIsDrawnToo() {
    Levels levels = new Levels(3);
    assertThat(levels.lines()).isNotEmpty();
  }

  /** A timeline without a mark and with one event. */
  private record Levels(long pages) {
    List<String> lines() {
      Timeline.Levels free = new Timeline.Levels();
      free.add(0, pages);
      Timeline timeline =
          new Timeline(
              0,
              1,
              List.of(
                  new Timeline.Lane(
                      "a",
                      "a",
                      Kind.TASK,
                      true,
                      List.of(new Timeline.Stretch(0, 1, State.RUNS, "")))),
              List.of(),
              free,
              List.of(),
              1,
              2,
              3);
      Recording whole = record("mlocked-all", "linux-5.18", 1);
      return chart(
          List.of(new Recording("p", whole.of(), timeline, List.of(), whole.outcome())),
          80,
          false,
          false);
    }
  }
}
