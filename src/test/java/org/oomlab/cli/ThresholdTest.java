package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code oomlab threshold} where the edge is known by hand. In each of these worlds one amount is
 * drawn evenly from a range, so that the edge of an episode is plain arithmetic, and the one that
 * is looked for is a quantile.
 */
class ThresholdTest {
  /** Repetitions of each, with other seeds each time. */
  private static final int REPETITIONS =
      System.getProperty("oomlab.thresholds", "").equals("long") ? 200 : 25;

  /** As many of them as an interval of 95 % has to hold the edge in; 25 may miss it in three. */
  private static final double COVERED = REPETITIONS == 200 ? 0.95 : 0.88;

  private static final int EPISODES = 40;

  /** A page of page tables for every so many pages. */
  private static final long PER_TABLE = 512;

  @TempDir Path folder;

  /**
   * A world with an edge.
   *
   * @param name what is varied
   * @param document the workload
   * @param vary where to look
   * @param until what is to hold
   * @param share in which share of the episodes
   * @param edge the smallest or largest value, in the unit of its column
   */
  private record World(
      String name, String document, String vary, String until, double share, long edge) {}

  /** The value that so many of those that are drawn from {@code low..high} do not exceed. */
  private static long quantile(long low, long high, double share) {
    return low + (long) Math.ceil(share * (high - low + 1) - 1e-9) - 1;
  }

  private static long withTables(long pages) {
    return pages + (pages + PER_TABLE - 1) / PER_TABLE;
  }

  private static String document(String machine, String rest) {
    return """
        workload: edge
        title: "t"
        source: "s"
        costs: reference
        machine: {cpus: 1, %s}
        %s
        """
        .formatted(machine, rest);
  }

  private static List<World> worlds() {
    long resident = quantile(25600, 30720, 0.8);
    String one =
        """
        processes:
          - name: cache
            memory: [{kind: anonymous, size: 25600 pages..30720 pages}]
          - name: asker
            oom_score_adj: -1000
            memory: [{kind: anonymous, size: 0 pages, name: heap}]
            run: [{touch: {size: 12800 pages, memory: heap}}]
        """;
    List<World> worlds = new ArrayList<>();
    // A page is given while more are free than the min watermark: __zone_watermark_ok().
    worlds.add(
        new World(
            "memory",
            document(
                "memory: 100000 pages, min: 1024 pages, low: 2000 pages, high: 3000 pages", one),
            "machine.memory=33000 pages..60000 pages",
            "kills = 0",
            0.8,
            withTables(resident) + withTables(12800) + 1024));
    worlds.add(
        new World(
            "min watermark",
            document(
                "memory: 100000 pages, min: 1 pages, low: 80000 pages, high: 90000 pages", one),
            "machine.min=100 pages..70000 pages",
            "kills = 0",
            0.8,
            100000 - withTables(resident) - withTables(12800)));
    // A charge succeeds up to the limit itself: page_counter_try_charge().
    worlds.add(
        new World(
            "limit",
            document(
                "memory: 1GiB",
                """
                cgroups: [{name: job, limit: 200MiB}]
                processes:
                  - name: cache
                    cgroup: job
                    memory: [{kind: anonymous, size: 25600 pages..30720 pages}]
                  - name: asker
                    cgroup: job
                    oom_score_adj: -1000
                    run: [{touch: 1 page}]
                """),
            "cgroups.job.limit=26000 pages..40000 pages",
            "kills = 0",
            0.8,
            withTables(resident) + 1));
    // oom_badness(): pages, tables, and oom_score_adj thousandths of all memory.
    worlds.add(
        new World(
            "oom_score_adj",
            document(
                "memory: 100000 pages, free: 4096 pages, min: 4096 pages, low: 5120 pages, high: 6144 pages",
                """
                processes:
                  - name: a
                    memory: [{kind: anonymous, size: 10000 pages}]
                  - name: b
                    memory: [{kind: anonymous, size: 20000 pages..30000 pages}]
                  - name: asker
                    oom_score_adj: -1000
                    run: [{touch: 1 page}]
                """),
            "processes.a.oom_score_adj=0..400",
            "victims = a;...",
            0.5,
            (withTables(quantile(20000, 30000, 0.5)) - withTables(10000)) / 100 + 1));
    worlds.add(
        new World(
            "count",
            document(
                "memory: 100000 pages, min: 4000 pages, low: 5000 pages, high: 6000 pages",
                """
                processes:
                  - name: w
                    count: 1
                    memory: [{kind: anonymous, size: 1000 pages}]
                  - name: asker
                    oom_score_adj: -1000
                    run: [{touch: 20000 pages..30000 pages}]
                """),
            "processes.w.count=1..90",
            "kills = 0",
            0.9,
            (100000 - 4000 - withTables(quantile(20000, 30000, 0.9))) / withTables(1000)));
    return worlds;
  }

  @TestFactory
  Stream<DynamicTest> theIntervalHoldsTheEdge() {
    return worlds().stream()
        .map(world -> DynamicTest.dynamicTest(world.name(), () -> isCovered(world)));
  }

  private void isCovered(World world) throws IOException {
    int covered = 0;
    double off = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      long first = 1 + (long) i * EPISODES;
      String[] row = row(world, first + ".." + (first + EPISODES - 1));
      covered +=
          number(row[7], Double.NEGATIVE_INFINITY) <= world.edge()
                  && world.edge() <= number(row[8], Double.POSITIVE_INFINITY)
              ? 1
              : 0;
      off += number(row[6], Double.NaN) / world.edge() - 1;
      assertThat(row[10]).as("monotonic").isEqualTo("true");
    }
    assertThat(off / REPETITIONS).as("how far off it is, on average").isBetween(-0.05, 0.05);
    assertThat(covered).isGreaterThanOrEqualTo((int) Math.ceil(COVERED * REPETITIONS));
  }

  private static double number(String text, double absent) {
    return text.isEmpty() ? absent : Double.parseDouble(text);
  }

  private String[] row(World world, String seeds) throws IOException {
    Path file = folder.resolve("edge.yaml");
    Files.writeString(file, world.document());
    Cli.Result result =
        Cli.run(
            "threshold",
            file.toString(),
            "-p",
            "linux-6.18",
            "--vary",
            world.vary(),
            "--until",
            world.until(),
            "--share",
            Double.toString(world.share()),
            "--precision",
            "0.0001",
            "--seeds",
            seeds,
            "--format",
            "csv");
    assertThat(result.code()).as(result.err()).isZero();
    return result.out().lines().skip(1).findFirst().orElseThrow().split(",", -1);
  }

  private Cli.Result of(String machine, String size, String... more) throws IOException {
    Path file = folder.resolve("edge.yaml");
    String document =
        document(
            machine,
            """
            processes:
              - name: a
                memory: [{kind: anonymous, size: %s}]
              - name: b
                memory: [{kind: anonymous, size: 9000 pages}]
              - name: asker
                oom_score_adj: -1000
                run: [{touch: 15000 pages}]
            """
                .formatted(size));
    Files.writeString(file, document);
    List<String> line =
        new ArrayList<>(List.of("threshold", file.toString(), "-p", "linux-6.18", "-r", "100"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  private static final String MACHINE =
      "memory: 50000 pages, min: 1000 pages, low: 2000 pages, high: 3000 pages";

  @Test
  void bothOutcomesAreThereAndTheSmallestOfWholeNumbersIsExact() throws IOException {
    Cli.Result result =
        of(
            MACHINE,
            "10000 pages",
            "--vary",
            "machine.memory=20000 pages..50000 pages",
            "--until",
            "kills = 0",
            "--precision",
            "0.001%");
    long edge = withTables(10000) + withTables(9000) + withTables(15000) + 1000;

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "smallest machine.memory at which kills = 0 in 95% of the episodes: " + edge + " pages")
        .contains("95% interval of the edge: " + (edge - 1) + " pages .. " + edge + " pages")
        .contains("at " + (edge - 1) + " pages it holds in 0 of 100; always: recovered, a (seed 1)")
        .contains("at " + edge + " pages it holds in 100 of 100; always: no-oom, nobody (seed 1)")
        .doesNotContain("monotonic");
  }

  @Test
  void whatHoldsOnlyInBetweenIsNotMonotonic() throws IOException {
    Cli.Result result =
        of(
            MACHINE,
            "10000 pages",
            "--vary",
            "machine.memory=21000 pages..50000 pages",
            "--until",
            "kills = 1");

    assertThat(result.out())
        .contains("smallest machine.memory")
        .contains("not monotonic: at ")
        .contains("it holds in 100 of 100 episodes, and at ")
        .contains(" in 0; this is the first edge from below");
  }

  @Test
  void withoutAnEdgeThatIsSaidAndTheExitCodeIs1() throws IOException {
    Cli.Result none =
        of(
            MACHINE,
            "1 pages",
            "--vary",
            "machine.memory=40000 pages..50000 pages",
            "--until",
            "kills > 0");
    Cli.Result all =
        of(
            MACHINE,
            "1 pages",
            "--vary",
            "machine.memory=40000 pages..50000 pages",
            "--until",
            "kills = 0");

    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out())
        .contains("no edge: kills > 0 in 95% of the episodes at none of 9 values");
    assertThat(all.code()).isEqualTo(1);
    assertThat(all.out()).contains("at all of 9 values");
  }

  @Test
  void tooFewSeedsForAnEndOfTheIntervalLeaveItOpen() throws IOException {
    Cli.Result result =
        of(
            MACHINE,
            "10000 pages..12000 pages",
            "--vary",
            "machine.memory=21000 pages..50000 pages",
            "--until",
            "kills = 0",
            "--seeds",
            "1..9");

    assertThat(result.code()).isEqualTo(2); // --seeds and -r
    assertThat(result.err()).contains("--seeds and --runs");
    Cli.Result few =
        Cli.run(
            "threshold",
            folder.resolve("edge.yaml").toString(),
            "-r",
            "9",
            "--vary",
            "machine.memory=22000 pages..50000 pages",
            "--until",
            "kills = 0");
    assertThat(few.out()).contains(".. ?; it takes 72 seeds for both ends of it");
  }

  @Test
  void theSameWordsAsInClaimsWillDoAndOthersAreRefused() throws IOException {
    String[] vary = {"--vary", "machine.memory=21000 pages..50000 pages", "--until"};
    for (String until :
        List.of(
            "outcome = no_oom",
            "recovery = absent",
            "kills <= 0",
            "victims = none",
            "badness.a=absent")) {
      Cli.Result result = of(MACHINE, "10000 pages", vary[0], vary[1], vary[2], until);
      assertThat(result.code()).as("%s: %s%s", until, result.out(), result.err()).isLessThan(2);
      assertThat(result.out()).contains(until);
    }
    assertThat(of(MACHINE, "1 page", vary[0], vary[1], vary[2], "kill = 0").err())
        .contains("there is no metric 'kill'; did you mean kills?");
    assertThat(of(MACHINE, "1 page", vary[0], vary[1], vary[2], "mean.kills < 1").err())
        .contains("--share");
    assertThat(of(MACHINE, "1 page", vary[0], vary[1], vary[2], "kills").err())
        .contains("such as 'kills = 0'");
    assertThat(of(MACHINE, "1 page", vary[0], "reaper.delay=0s,1s", vary[2], "kills = 0").err())
        .contains("expected a range LOW..HIGH");
    assertThat(
            of(MACHINE, "1 page", vary[0], "machine.memori=1GiB..2GiB", vary[2], "kills=0").code())
        .isEqualTo(2);
  }
}
