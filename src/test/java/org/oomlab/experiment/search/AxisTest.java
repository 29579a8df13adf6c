package org.oomlab.experiment.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may stand after {@code --vary}, and the points that makes. */
class AxisTest {
  private static List<String> values(String written) {
    Axis axis = Axis.parse(written);
    return LongStream.range(0, axis.size()).mapToObj(axis::value).toList();
  }

  @Test
  void steps() {
    assertThat(values("policy.reaper.delay=0s..1s/250ms"))
        .containsExactly("0s", "250ms", "500ms", "750ms", "1s");
    assertThat(values("machine.min=16MiB..30MiB/4MiB"))
        .containsExactly("16MiB", "20MiB", "24MiB", "28MiB");
    assertThat(values("reaper.retries=1..7/3")).containsExactly("1", "4", "7");
    assertThat(values("processes.a.run[0].chance.probability=0.1..0.3/0.1"))
        .containsExactly("0.1", "0.2", "0.3");
  }

  @Test
  void equalRatios() {
    assertThat(values("reaper.delay=log 1ms..100s/6"))
        .containsExactly("1ms", "10ms", "100ms", "1s", "10s", "100s");
    assertThat(values("costs.pass=log 1ms..1s/1")).containsExactly("1ms");
  }

  @Test
  void lists() {
    assertThat(values("exit.oom_free_timeout=1s,never")).containsExactly("1s", "never");
    assertThat(values("processes.a.start={uniform: [1s, 2s]},3s"))
        .containsExactly("{uniform: [1s, 2s]}", "3s");
    assertThat(values("killer.tie")).containsExactly("first", "last");
    assertThat(values("policy.reaper.enabled")).containsExactly("false", "true");
  }

  @Test
  void columnsHaveNumbersInOneUnit() {
    Axis delay = Axis.parse("reaper.delay=0s,1.5ms,never");
    assertThat(delay.column()).isEqualTo("policy.reaper.delay_ms");
    assertThat(delay.inColumn("1.5ms")).hasToString("1.5");
    assertThat(delay.inColumn("never")).isEqualTo("inf");
    Axis size = Axis.parse("machine.min=1MiB,0");
    assertThat(size.column()).isEqualTo("workload.machine.min_pages");
    assertThat(size.inColumn("1MiB")).hasToString("256");
    assertThat(size.inColumn("0")).hasToString("0");
    assertThat(Axis.parse("costs.pass=1ms").column()).isEqualTo("costs.pass_ms");
    assertThat(Axis.parse("killer.tie").column()).isEqualTo("policy.killer.tie");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reaper.delay=4s..0s/1s|the range 4s..0s is empty",
        "reaper.delay=|found no value",
        "reaper.delay|expected PATH=VALUES",
        "reaper.delay=0s..1s/0s|the step 0s leads nowhere",
        "reaper.delay=0s..never/1s|cannot end at never",
        "reaper.delay=log 0s..1s/3|begins above 0",
        "reaper.delay=log 1s..2s/x|expected a number of values after the slash",
        "reaper.delay=1s,,2s|a value is missing",
        "machine.min=1s..2MiB/1s|expected amounts of one kind"
      })
  void mistakesAreExplained(String written, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.parse(written))
        .withMessageContaining(message);
  }

  private static List<Axis> axes(String... written) {
    return List.of(written).stream().map(Axis::parse).toList();
  }

  private static List<List<String>> points(Design design) {
    return LongStream.range(0, design.points()).mapToObj(design::values).toList();
  }

  @Test
  void inAGridTheLastAxisChangesFastest() {
    Design grid = Design.of("grid", axes("reaper.delay=0s,1s", "reaper.retries=1..3/1"), 1);
    assertThat(points(grid))
        .containsExactly(
            List.of("0s", "1"),
            List.of("0s", "2"),
            List.of("0s", "3"),
            List.of("1s", "1"),
            List.of("1s", "2"),
            List.of("1s", "3"));
  }

  @Test
  void theEndsOfARangeStandBeforeTheSlash() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.parse("reaper.delay=1s/0s..4s"))
        .withMessageContaining("before the slash");
  }

  @Test
  void aLatinHypercubeUsesEachPartOfEachAxisOnce() {
    Design design = Design.of("lhs:10", axes("reaper.delay=0s..10s", "machine.min=0..100GiB"), 7);
    for (int axis = 0; axis < 2; axis++) {
      List<Integer> parts = new ArrayList<>();
      for (List<String> point : points(design)) {
        double share = design.axes().get(axis).shareOf(point.get(axis));
        parts.add((int) (share * 10));
      }
      assertThat(parts).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThat(points(Design.of("lhs:10", design.axes(), 7))).isEqualTo(points(design));
    assertThat(points(Design.of("lhs:10", design.axes(), 8))).isNotEqualTo(points(design));
  }

  /** Joe and Kuo's sequence: 0, 1/2, 3/4, 1/4, and in the second dimension 0, 1/2, 1/4, 3/4. */
  @Test
  void sobolsSequence() {
    Design design = Design.of("sobol:4", axes("reaper.delay=0s..4s", "costs.pass=0s..4s"), 1);
    assertThat(points(design))
        .containsExactly(
            List.of("0s", "0s"), List.of("2s", "2s"), List.of("3s", "1s"), List.of("1s", "3s"));
    assertThat(design.values(2)).isEqualTo(List.of("3s", "1s")); // in any order
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reaper.delay=0s..1s/1us|reaper.retry_interval=0s..1s/1us|makes 1000002000001 points",
        "reaper.delay=0s,1s|policy.reaper.delay=3s|policy.reaper.delay is varied twice",
        "processes.a=x|processes.a.count=1,2|is part of workload.processes.a",
        "reaper.delay=0s..1s|costs.pass=1ms|a grid needs a step"
      })
  void impossibleDesignsAreRefused(String one, String other, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Design.of("grid", axes(one, other), 1))
        .withMessageContaining(message);
  }

  @Test
  void valuesOfARangeAreInTheUnitOfItsUpperEnd() {
    assertThat(Axis.parse("machine.free=128MiB..8192MiB").at(0.1)).isEqualTo("934.398MiB");
    assertThat(Axis.parse("machine.free=128MiB..8GiB").at(0.1)).isEqualTo("0.912498GiB");
    assertThat(Axis.parse("machine.free=1 page..4096 pages").at(0.5)).isEqualTo("2048 pages");
    assertThat(Axis.parse("machine.free=0..8GiB").at(0)).isEqualTo("0");
  }
}
