package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Mm;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** What the killer can know of how large a process is, and how long it takes to know it. */
class CountersTest {
  private static final String WORKLOAD =
      "workload: many\ncosts: counters-256\nhorizon: 2s\nmachine: {memory: 48GiB, cpus: 256}\n"
          + "processes:\n"
          + "- {name: w, count: %d, spread: %d, memory: [{kind: anonymous, size: 1MiB}]}\n"
          + "- {name: hog, oom_score_adj: -1000, run: [{touch: 48GiB}]}\n";

  /** Published with the two-pass series, version 16: 256 processors. */
  @ParameterizedTest
  @CsvSource({
    "linux-7.2, 40, 0.5",
    "two-pass-2026, 40, 0.3",
    "linux-7.2, 10000, 80",
    "two-pass-2026, 10000, 7.9"
  })
  void aChoiceTakesAsLongAsWasPublished(String policy, int processes, double ms) {
    Outcome outcome = outcome(policy, processes, 4);

    double chosen = (double) (outcome.firstKillNs() - outcome.firstOomNs()) / Span.MILLISECOND;
    assertThat(chosen).isCloseTo(ms, Percentage.withPercentage(20));
  }

  @Test
  void withinABatchOfEachProcessorAndKindNothingIsSeen() {
    Workload workload = workload(2, 200);
    long[] bounds = new long[Knobs.Counters.values().length];
    Knob knob = Knobs.COUNTERS;
    for (Knobs.Counters kind : Knobs.Counters.values()) {
      Policy policy = Worlds.policy("linux-7.2").with(knob, kind.ordinal(), "test");
      Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy, Rigour.CHECKED);
      kernel.boot(1, TraceSink.NONE);
      Mm mm = kernel.machine.processes[0].mm;
      bounds[kind.ordinal()] = kernel.badness.counters.bound(mm);
      assertThat(Math.abs(kernel.badness.counters.error(mm)))
          .isLessThanOrEqualTo(bounds[kind.ordinal()]);
    }
    // One thread; 512 pages on each of 200 processors; none.
    assertThat(bounds).containsExactly(64, 512 * 200, 0, 512 * 200);
  }

  private static Workload workload(int processes, int spread) {
    byte[] bytes = WORKLOAD.formatted(processes, spread).getBytes(StandardCharsets.UTF_8);
    return Library.open(null, new ByteArrayInputStream(bytes))
        .resolveWorkloads(List.of("-"), note -> {})
        .get(0);
  }

  private static Outcome outcome(String policy, int processes, int spread) {
    Workload workload = workload(processes, spread);
    Case of = new Case(workload, Worlds.costs(workload), Worlds.policy(policy), Rigour.USUAL);
    return new Episode(of, true).run(1);
  }
}
