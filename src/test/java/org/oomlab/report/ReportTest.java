package org.oomlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oomlab.experiment.Samples.extra;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Samples;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.SeedRange;

class ReportTest {
  private static final long MS = 1_000_000;

  private static final Plan PLAN =
      new Plan(
          List.of(Samples.of("w", "old"), Samples.of("w", "new")), new SeedRange(1, 2), 1, true);

  private static final List<Outcome> OUTCOMES =
      List.of(
          outcome("old", 1)
              .kill(kill("a", 0))
              .kill(extra("pool[1]", 1_204_117, 97 * MS))
              .panic("System is deadlocked on memory")
              .reserveMin(0)
              .digest(0x9f3c07d1e2a4b655L)
              .build(),
          outcome("old", 2)
              .kill(kill("a", 0))
              .recovery(97_104_211)
              .reserveMin(2047)
              .freedByExit(230_400)
              .workLost(12.5)
              .build(),
          outcome("new", 1).kill(kill("a", 0)).recovery(1_310 * MS).freedByExit(230_400).build(),
          outcome("new", 2).kill(kill("a", 0)).recovery(1_310 * MS).freedByExit(230_400).build());

  private static String episodes(ReportFormat format) {
    StringWriter out = new StringWriter();
    try (Report<Outcome> report = format.episodes(out, PLAN, false)) {
      OUTCOMES.forEach(report);
    }
    return out.toString();
  }

  private static String cells(ReportFormat format, boolean colour) {
    StringWriter out = new StringWriter();
    try (Report<Cell> report = format.cells(out, PLAN, colour)) {
      OUTCOMES.forEach(Cell.each(2, report));
    }
    return out.toString();
  }

  @Test
  void aLongTableIsSetPageByPage() {
    StringWriter out = new StringWriter();
    List<Column<String>> columns = List.of(new Column<>("name", name -> name));
    try (Report<String> report = ReportFormat.TABLE.rows(out, columns)) {
      for (int i = 0; i < 12_000; i++) {
        report.accept("row" + i);
      }
    }
    assertThat(out.toString().lines().filter(line -> line.equals("name"))).hasSize(3);
    assertThat(out.toString().lines().filter(line -> line.startsWith("row"))).hasSize(12_000);
  }

  @Test
  void episodesAsCsv() {
    assertThat(episodes(ReportFormat.CSV))
        .isEqualTo(
            """
            workload,policy,seed,outcome,kills,extra_kills_1s,extra_kills_10s,recovery_ms,\
            episode_ms,stall_ms,broken_futexes,work_lost,reserve_min_pages,victims,panic_text,\
            digest,demand_met_ms,kill_events,markings,lost_waiters,rss_lost_pages,\
            freed_by_exit_pages,freed_by_reaper_pages,freed_by_reclaim_pages,oom_calls,\
            livelock_since_ms,events,freed_from_ms,reaped_until_ms,exit_walk_ms,reaper_walk_ms,teardown_ms,\
            reaper_lock_share,contention,spin_ms,first_recovery_ms,stable_recovery_ms,failed_requests,\
            first_oom_ms,swap_full_ms,swapped_out_pages,swapped_in_pages,read_pages,refaults_pages,\
            psi_some_ms,psi_full_ms,psi_some10_max,psi_full10_max,frozen_ms,throttled_ms,\
            daemon_kills,daemon_kill_ms,needless_kills,missed_kills,time_to_act_ms,daemon_victims
            w,old,1,panic,2,1,1,,,0,0,0,0,a;pool[1],System is deadlocked on memory,\
            9f3c07d1e2a4b655,,2,0,0,0,0,0,0,2,,100,,,0,0,0,,,0,,,0,5,,,,,,,,,,,,0,,1,,,
            w,old,2,recovered,1,0,0,97.104211,,0,0,12.5,2047,a,,\
            0000000000000000,,1,0,0,0,230400,0,0,1,,100,,,0,0,0,,,0,,,0,5,,,,,,,,,,,,0,,0,,,
            w,new,1,recovered,1,0,0,1310,,0,0,0,,a,,\
            0000000000000000,,1,0,0,0,230400,0,0,1,,100,,,0,0,0,,,0,,,0,5,,,,,,,,,,,,0,,0,,,
            w,new,2,recovered,1,0,0,1310,,0,0,0,,a,,\
            0000000000000000,,1,0,0,0,230400,0,0,1,,100,,,0,0,0,,,0,,,0,5,,,,,,,,,,,,0,,0,,,
            """);
  }

  @Test
  void csvHasItsHeaderEvenWithoutRows() {
    StringWriter out = new StringWriter();
    ReportFormat.CSV.rows(out, List.of(new Column<String>("a", s -> s))).close();
    assertThat(out).hasToString("a\n");
  }

  @Test
  void csvQuotesWhatHasToBeQuotedAndNothingElse() {
    StringWriter out = new StringWriter();
    List<Column<String>> columns =
        List.of(
            new Column<>("text", text -> text),
            new Column<>("small", text -> new BigDecimal("0.0000001")),
            new Column<>("large", text -> new BigDecimal("1E+9")));
    try (Report<String> report = ReportFormat.CSV.rows(out, columns)) {
      report.accept("a long text that needs no quotes at all");
      report.accept("comma, \"quote\"");
    }
    assertThat(out)
        .hasToString(
            """
            text,small,large
            a long text that needs no quotes at all,0.0000001,1000000000
            "comma, ""quote""\",0.0000001,1000000000
            """);
  }

  @Test
  void cellsAsCsv() {
    String[] lines = cells(ReportFormat.CSV, false).split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0])
        .startsWith(
            "workload,policy,episodes,recovered,panic,livelock,undecided,no_oom,"
                + "kills_mean,kills_ci_low,kills_ci_high,kills_p50,kills_p95,kills_max,"
                + "extra_kills_1s_mean,")
        .endsWith("time_to_act_ms_max");
    assertThat(lines[1])
        .startsWith("w,old,2,1,1,0,0,0,1.5,-4.8531,7.8531,1.5,1.95,2,")
        .contains(",97.1042,97.1042,97.1042,97.1042,97.1042,97.104211,");
    assertThat(lines[2]).startsWith("w,new,2,2,0,0,0,0,1,1,1,1,1,1,0,0,0,0,0,0,");
  }

  @Test
  void episodesAsJson() {
    String json = episodes(ReportFormat.JSON);
    String ndjson = episodes(ReportFormat.NDJSON);
    assertThat(json.lines().toList()).hasSize(6).startsWith("[").endsWith("]");
    assertThat(json).isEqualTo("[\n" + ndjson.strip().replace("\n", ",\n") + "\n]\n");
    assertThat(ndjson.lines().findFirst())
        .contains(
            "{\"workload\":\"w\",\"policy\":\"old\",\"seed\":1,\"outcome\":\"panic\",\"kills\":2,"
                + "\"extra_kills_1s\":1,\"extra_kills_10s\":1,\"recovery_ms\":null,"
                + "\"episode_ms\":null,\"stall_ms\":0,\"broken_futexes\":0,\"work_lost\":0,"
                + "\"reserve_min_pages\":0,\"victims\":[\"a\",\"pool[1]\"],"
                + "\"panic_text\":\"System is deadlocked on memory\","
                + "\"digest\":\"9f3c07d1e2a4b655\",\"demand_met_ms\":null,\"kill_events\":2,"
                + "\"markings\":0,\"lost_waiters\":0,\"rss_lost_pages\":0,"
                + "\"freed_by_exit_pages\":0,\"freed_by_reaper_pages\":0,"
                + "\"freed_by_reclaim_pages\":0,\"oom_calls\":2,\"livelock_since_ms\":null,"
                + "\"events\":100,\"freed_from_ms\":null,\"reaped_until_ms\":null,"
                + "\"exit_walk_ms\":0,\"reaper_walk_ms\":0,\"teardown_ms\":0,"
                + "\"reaper_lock_share\":null,\"contention\":null,\"spin_ms\":0,"
                + "\"first_recovery_ms\":null,\"stable_recovery_ms\":null,\"failed_requests\":0,\"first_oom_ms\":5,\"swap_full_ms\":null,\"swapped_out_pages\":null,\"swapped_in_pages\":null,\"read_pages\":null,\"refaults_pages\":null,\"psi_some_ms\":null,\"psi_full_ms\":null,\"psi_some10_max\":null,\"psi_full10_max\":null,\"frozen_ms\":null,\"throttled_ms\":null,\"daemon_kills\":0,\"daemon_kill_ms\":null,\"needless_kills\":1,\"missed_kills\":null,\"time_to_act_ms\":null,\"daemon_victims\":[],\"killed\":[{\"victim\":\"a\",\"at_ms\":0,\"badness\":230412,"
                + "\"invoker\":\"a\",\"reason\":\"worst\",\"free_pages\":16384,\"wait_ms\":null,"
                + "\"extra_1s\":false,\"extra_10s\":false},{\"victim\":\"pool[1]\","
                + "\"at_ms\":1.204117,\"badness\":230377,\"invoker\":\"a\",\"reason\":\"worst\","
                + "\"free_pages\":16330,\"wait_ms\":97,\"extra_1s\":true,\"extra_10s\":true}],\"daemon_killed\":[]}");
  }

  @Test
  void nothingAsJson() {
    StringWriter out = new StringWriter();
    ReportFormat.JSON.episodes(out, PLAN, false).close();
    assertThat(out).hasToString("[]\n");
    out = new StringWriter();
    ReportFormat.NDJSON.episodes(out, PLAN, false).close();
    assertThat(out).hasToString("");
  }

  @Test
  void cellsAsTable() {
    assertThat(cells(ReportFormat.TABLE, false))
        .isEqualTo(
            """
            w: Nothing in particular
            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1..2

                                                                extra kills                  \
            recovery  freed by       work
            policy  outcome                     kills        @1s       @10s       p50     p95     \
            max      exit       lost
            old     1 recovered, 1 panic ¹  1.5 ± 6.4  0.5 ± 6.4  0.5 ± 6.4  97.1ms ²  97.1ms  \
            97.1ms    450MiB  6.25 ± 79
            new     2 recovered                     1          0          0     1.31s   1.31s   \
            1.31s    900MiB          0
            ¹ panic: System is deadlocked on memory
            ² recovery over the 1 of 2 episodes in which the request behind the first kill was \
            satisfied
            """);
  }

  @Test
  void saysWhatNeverCameAndWhatNobodyAsked() {
    StringWriter out = new StringWriter();
    Plan plan =
        new Plan(
            List.of(Samples.of("v", "old"), Samples.of("w", "old")), SeedRange.of(1), 1, false);
    try (Report<Cell> report = ReportFormat.TABLE.cells(out, plan, false)) {
      report.accept(
          Cell.of(
              List.of(
                  outcome("old", 1)
                      .workload("v")
                      .kill(kill("a", 0))
                      .unjudged()
                      .verdict(Verdict.LIVELOCK)
                      .build())));
      report.accept(Cell.of(List.of(outcome("old", 1).verdict(Verdict.NO_OOM).build())));
    }
    assertThat(out)
        .hasToString(
            """
            v: Nothing in particular
            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1

                                       extra kills         recovery
            policy  outcome     kills  @1s    @10s    p50  p95  max
            old     1 livelock      1    -       -  never    -    -

            w: Nothing in particular
            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1

                                     extra kills       recovery
            policy  outcome   kills  @1s    @10s  p50  p95  max
            old     1 no-oom      0    0       0    -    -    -
            """);
  }

  @Test
  void cellsAsMarkdown() {
    assertThat(cells(ReportFormat.MARKDOWN, true))
        .isEqualTo(
            """
            ### w: Nothing in particular

            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1..2

            | policy | outcome | kills | extra kills @1s | extra kills @10s | recovery p50 | recovery p95 | \
            recovery max | freed by exit | work lost |
            | :-- | :-- | --: | --: | --: | --: | --: | --: | --: | --: |
            | old | 1 recovered, 1 panic ¹ | 1.5 ± 6.4 | 0.5 ± 6.4 | 0.5 ± 6.4 | 97.1ms ² | 97.1ms | \
            97.1ms | 450MiB | 6.25 ± 79 |
            | new | 2 recovered | 1 | 0 | 0 | 1.31s | 1.31s | 1.31s | 900MiB | 0 |

            ¹ panic: System is deadlocked on memory

            ² recovery over the 1 of 2 episodes in which the request behind the first kill was satisfied
            """);
  }

  @Test
  void episodesAsTable() {
    assertThat(episodes(ReportFormat.TABLE))
        .isEqualTo(
            """
            w under old
            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1..2

                                    extra kills                              least   broken  work
            seed  outcome    kills  @1s    @10s  recovery  episode  stall     free  futexes  lost  victims
               1  panic ¹        2    1       1         -        -     0s        0        0     0  a pool[1]
               2  recovered      1    0       0    97.1ms        -     0s  8.00MiB        0  12.5  a
            ¹ panic: System is deadlocked on memory

            w under new
            4GiB, 2 CPUs, HZ 250, costs reference, seeds 1..2

                                    extra kills                            least   broken  work
            seed  outcome    kills  @1s    @10s  recovery  episode  stall   free  futexes  lost  victims
               1  recovered      1    0       0     1.31s        -     0s      -        0     0  a
               2  recovered      1    0       0     1.31s        -     0s      -        0     0  a
            """);
  }

  @Test
  void coloursOnlyDecorate() {
    String coloured = cells(ReportFormat.TABLE, true);
    assertThat(coloured).contains("\u001b[31m1 recovered, 1 panic ¹\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[[0-9]*m", ""))
        .isEqualTo(cells(ReportFormat.TABLE, false));
  }

  @Test
  void aFailingWriterIsReported() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("disk full");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    for (ReportFormat format : ReportFormat.values()) {
      assertThatThrownBy(
              () -> {
                try (Report<Outcome> report = format.episodes(full, PLAN, false)) {
                  OUTCOMES.forEach(report);
                }
              })
          .as(format.toString())
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void localesChangeNothing() {
    String before = cells(ReportFormat.TABLE, false) + cells(ReportFormat.CSV, false);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(cells(ReportFormat.TABLE, false) + cells(ReportFormat.CSV, false))
          .isEqualTo(before);
    } finally {
      Locale.setDefault(locale);
    }
  }
}
