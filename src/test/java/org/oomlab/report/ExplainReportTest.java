package org.oomlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.experiment.Samples.extra;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Samples;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.Tracepoint;

class ExplainReportTest {
  private static final long MS = 1_000_000;

  private static final Outcome OUTCOME =
      outcome("old", 1)
          .kill(kill("a", 0))
          .kill(extra("pool[1]", 1_204_117, 97 * MS))
          .panic("System is deadlocked on memory")
          .reserveMin(0)
          .digest(0x9f3c07d1e2a4b655L)
          .build();

  private static String explain(Outcome outcome, Story story, boolean between) {
    StringWriter out = new StringWriter();
    List<Candidate> ranking =
        List.of(
            candidate("a", 230_412, 0, Standing.Spared.NO),
            candidate("pool[1]", 230_377, -2, Standing.Spared.NO),
            candidate("c", 7, 0, Standing.Spared.NO),
            candidate("b", Long.MIN_VALUE, -1000, Standing.Spared.ADJ_MIN));
    List<Candidate> second =
        List.of(
            candidate("pool[1]", 230_377, -2, Standing.Spared.NO),
            candidate("a", Long.MIN_VALUE, 0, Standing.Spared.OOM_SKIP));
    ExplainReport.write(
        out,
        new Explanation(outcome, List.of(ranking, second), List.of(second.get(1)), List.of()),
        story,
        new ExplainReport.View(between, 2, false));
    return out.toString();
  }

  private static Candidate candidate(String name, long points, int adj, Standing.Spared spared) {
    long share = adj * 1000L;
    return new Candidate(
        name, new Standing(points - share - 400, 0, 400, 0, adj, share, points, spared));
  }

  @Test
  void explainsKillsWithoutAStory() {
    assertThat(explain(OUTCOME, new Story(Samples.workload("w")), false))
        .isEqualTo(
            """
            w under old, seed 1
            panic: System is deadlocked on memory
              kill 1, +0s: a; needed: without it nothing within 10s
              kill 2, +1.204117ms: pool[1]; EXTRA: without it the request is satisfied after 97ms
              then, not eligible: a (MMF_OOM_SKIP)

            times are from the first OOM call; badness is in pages

            +0s            kill 1: a, badness 230412, 64.0MiB free, for a request of a
                             chosen: it had the highest badness; next is pool[1], 35 pages (0.0152%) less
                             needed: without it nothing within 10s
                             badness =     rss  + page tables  + adj share  (adj)  process
                                230412  230012            400            0      0  a
                                230377  231977            400        -2000     -2  pool[1]
                             and 1 more with less; --top shows more
                             not eligible: b (oom_score_adj -1000)
            +1.204117ms    kill 2: pool[1], badness 230377, 63.8MiB free, for a request of a
                             chosen: it had the highest badness; nobody else was eligible
                             allowed: a is passed over: MMF_OOM_SKIP
                             EXTRA: without it the request is satisfied after 97ms
                             badness =     rss  + page tables  + adj share  (adj)  process
                                230377  231977            400        -2000     -2  pool[1]
                             not eligible: a (MMF_OOM_SKIP)

            seed 1  digest 9f3c07d1e2a4b655
            """);
  }

  @Test
  void explainsWhatHappenedInBetween() {
    Story story = new Story(Samples.workload("w"));
    long oom = 5 * MS;
    story.emit(oom - MS, Tracepoint.LOCKED, 4, 0, 0);
    story.emit(oom, Tracepoint.OOM_INVOKED, 0, 16_384, -1);
    story.emit(oom, Tracepoint.KILLED, 0, 230_412, 16_384);
    story.emit(oom, Tracepoint.MARK_VICTIM, 0, 1, 0);
    for (int i = 0; i < 1000; i++) {
      story.emit(oom + i * 1000L, Tracepoint.OOM_INVOKED, 3, 16_000, -1);
      story.emit(oom + i * 1000L, Tracepoint.OOM_ABORT, 0, 3, 0);
    }
    story.emit(oom + 1_204_117, Tracepoint.OOM_SKIP, 0, 0, 0);
    story.emit(oom + 1_204_117, Tracepoint.KILLED, 3, 230_377, 16_330);
    story.emit(oom + 2 * MS, Tracepoint.VERDICT, 0, Verdict.PANIC.ordinal(), 0);
    assertThat(explain(OUTCOME, story, true))
        .isEqualTo(
            """
            w under old, seed 1
            panic: System is deadlocked on memory
              kill 1, +0s: a; needed: without it nothing within 10s
              kill 2, +1.204117ms: pool[1]; EXTRA: without it the request is satisfied after 97ms
              then, not eligible: a (MMF_OOM_SKIP)

            times are from the first OOM call; badness is in pages

            -1ms           b/T[0] takes X
            +0s            a calls the OOM killer, 64.0MiB free
            +0s            kill 1: a, badness 230412, 64.0MiB free, for a request of a
                             chosen: it had the highest badness; next is pool[1], 35 pages (0.0152%) less
                             needed: without it nothing within 10s
                             badness =     rss  + page tables  + adj share  (adj)  process
                                230412  230012            400            0      0  a
                                230377  231977            400        -2000     -2  pool[1]
                             and 1 more with less; --top shows more
                             not eligible: b (oom_score_adj -1000)
            +0s            a/T[0] is marked as a victim
            +0s            b calls the OOM killer, 62.5MiB free (and 999 more times in 999us)
            +0s            b waits: a is still dying (and 999 more times in 999us)
            +1.204117ms    the killer no longer waits for a, by decision of the reaper
            +1.204117ms    kill 2: pool[1], badness 230377, 63.8MiB free, for a request of a
                             chosen: it had the highest badness; nobody else was eligible
                             allowed: a is passed over: MMF_OOM_SKIP, set by the reaper at +1.204117ms; before, it kept the killer waiting 1000 times, to +999us
                             EXTRA: without it the request is satisfied after 97ms
                             badness =     rss  + page tables  + adj share  (adj)  process
                                230377  231977            400        -2000     -2  pool[1]
                             not eligible: a (MMF_OOM_SKIP)
            +2ms           the episode ends: panic

            seed 1  digest 9f3c07d1e2a4b655
            """);
  }

  @Test
  void everyTracepointHasASentence() {
    Story story = new Story(Samples.workload("w"));
    for (Tracepoint point : Tracepoint.values()) {
      story.emit(1, point, point.ordinal(), 1, 1);
    }
    assertThat(story.entries())
        .hasSize(Tracepoint.values().length)
        .allSatisfy(entry -> assertThat(story.tell(entry)).isNotBlank());
  }

  @Test
  void whoIsRefusedDoesNotGetItsMemoryAtTheSameInstant() {
    Story story = new Story(Samples.workload("w"));
    StringWriter events = new StringWriter();
    try (EventLog log = new EventLog(events, Samples.workload("w"))) {
      for (org.oomlab.trace.TraceSink sink : List.of(story, log)) {
        sink.emit(5 * MS, Tracepoint.ALLOC_FAILED, 3, 0, 0);
        sink.emit(5 * MS, Tracepoint.ALLOC_DONE, 3, 4 * MS, 0);
        sink.emit(6 * MS, Tracepoint.DO_EXIT, 1, 0, 0);
        sink.emit(7 * MS, Tracepoint.ALLOC_DONE, 1, 4 * MS, 0);
        sink.emit(8 * MS, Tracepoint.ALLOC_DONE, 3, 7 * MS, 0);
      }
    }
    assertThat(story.entries())
        .extracting(entry -> entry.point)
        .containsExactly(Tracepoint.ALLOC_FAILED, Tracepoint.DO_EXIT, Tracepoint.ALLOC_DONE);
    assertThat(events.toString().split("alloc_done", -1)).hasSize(2);
  }

  @Test
  void whatTheReaperLeavesIsAllThatIsResident() {
    Story story = new Story(Samples.workload("w"));
    story.emit(0, Tracepoint.FINISH_REAPING, 0, 256, 512);
    assertThat(story.tell(story.entries().get(0)))
        .contains("freed 1.00MiB of a; 2.00MiB of it are still resident");
  }
}
