package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.trace.TraceSink;
import org.oomlab.yaml.Library;

/** A bench that has run other episodes before gives what a new one would. */
class EpisodeTest {
  private static final Library LIBRARY = Library.open(Path.of(""));

  private static Stream<Case> cases(String... workloads) {
    return Experiment.cases(
        LIBRARY.resolveWorkloads(List.of(workloads), note -> {}),
        workload -> LIBRARY.costs(workload.costsName()),
        LIBRARY.resolvePolicies(List.of("linux-4.17", "linux-6.18"), note -> {}))
        .stream();
  }

  static Stream<Case> families() {
    return cases("reference", "threads", "mlocked", "robust-futex", "memcg", "bench-50-idle");
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatWasRunBeforeDoesNotMatter(Case of) {
    Episode used = new Episode(of, true);
    used.run(1);
    used.run(2);

    assertThat(used.run(3)).isEqualTo(new Episode(of, true).run(3));
  }

  @Test
  void chanceHasNoSayWhereNothingIsUncertain() {
    assertThat(cases("m01-runnable-victim")).noneMatch(EpisodeTest::draws);
    assertThat(cases("bench-50-idle")).allMatch(EpisodeTest::draws);
  }

  private static boolean draws(Case of) {
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy());
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    return kernel.hasDrawn();
  }

  @Test
  void anEpisodeIsRunAgainForWhoeverListens() {
    Case of = cases("m01-runnable-victim").findFirst().orElseThrow();
    Episode used = new Episode(of, true);
    used.run(1);
    used.badnessAtFirstOom(2);
    Outcome after = used.run(3);
    int[] heard = {0};
    used.run(4, (nowNs, point, subject, a, b) -> heard[0]++);

    assertThat(after).isEqualTo(new Episode(of, true).run(3));
    assertThat(heard[0]).isPositive();
  }
}
