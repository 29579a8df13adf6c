package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consecutive reports of one boot are one workload, which lives. */
class SeriesTest {
  private static final String HEAD =
      "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name";

  /** A row of a table. */
  private record Row(int pid, long pages, String name) {
    String line() {
      return String.format(
          Locale.ROOT,
          "[%7d]  1000 %5d %8d %8d    81920        0             0 %s",
          pid,
          pid,
          pages,
          pages,
          name);
    }
  }

  /** A report of a machine of 400000kB, with 10000kB free. */
  private static String report(double seconds, int killed, long anonymous, Row... rows) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "mill invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0,"
                    + " oom_score_adj=0",
                "CPU: 0 PID: 90 Comm: mill Not tainted 6.1.7-test #1",
                "Mem-Info:",
                "active_anon:0 inactive_anon:" + anonymous + " isolated_anon:0",
                " free:2500 free_pcp:0 free_cma:0",
                "Node 0 DMA32 free:10000kB boost:0kB min:10400kB low:13000kB high:15600kB"
                    + " present:420000kB managed:400000kB free_cma:0kB",
                "100000 pages RAM",
                "0 pages reserved",
                HEAD));
    String name = "";
    for (Row row : rows) {
      lines.add(row.line());
      name = row.pid() == killed ? row.name() : name;
    }
    lines.add(
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
            + "task_memcg=/,task="
            + name
            + ",pid="
            + killed
            + ",uid=1000");
    for (Row row : rows) {
      if (row.pid() == killed) {
        lines.add(
            "Out of memory: Killed process %d (%s) total-vm:%dkB, anon-rss:%dkB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:80kB oom_score_adj:0"
                .formatted(killed, name, 4 * row.pages(), 4 * row.pages()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(String.format(Locale.ROOT, "[%12.6f] %s%n", seconds, line).replace("\r", ""));
    }
    return text.toString();
  }

  private static final Row MILL = new Row(90, 2000, "mill");

  /** The oven dies and is gone; the shop takes what it had, within eight seconds. */
  private static String grownInto() {
    return report(100, 70, 92000, new Row(70, 60000, "oven"), new Row(80, 30000, "shop"), MILL)
        + "[  100.200000] oom_reaper: reaped process 70 (oven), now anon-rss:0kB, file-rss:0kB\n"
        + report(108, 80, 92000, new Row(80, 90000, "shop"), MILL);
  }

  private static String imported(String log, String... more) {
    List<String> words = new ArrayList<>(List.of("import", "oom-report", "--series", "-"));
    words.addAll(List.of(more));
    Cli.Result result = Cli.runWithInput(log, words.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  private static String diagnosed(String log) {
    String out = Cli.runWithInput(log, "diagnose", "-").out();
    return out.replaceAll("\\n {14}(?! )", " ");
  }

  @Test
  void whoGrowsGrowsAndWhoDiesGivesBack() {
    String workload = imported(grownInto());

    assertThat(workload)
        .contains("2 reports as one workload")
        .contains("victims: [oven-70, shop-80, \"...\"]")
        .contains("{repeat: {times: 100, steps: [{sleep: 80ms}, {touch: 600 pages}]}}");
    Cli.Result explained = Cli.runWithInput(workload, "explain", "-", "-p", "linux-6.1", "--kills");
    assertThat(explained.out())
        .containsPattern("kill 1, \\+\\S+: oven-70; needed")
        .containsPattern("kill 2, \\+[78]\\.\\d+s: shop-80; needed");
  }

  @Test
  void theVerdictOnTheSecondKillIsThatOfTheWorkload() {
    assertThat(diagnosed(grownInto()))
        .contains("yes: without it nothing within 10s: the victims before had given back what")
        .contains("the 2 reports as one workload: the simulation kills the same")
        .contains("since the report before, 8.00s ago, shop (80) has grown by 234MiB")
        .contains("at this rate a GiB more would have lasted 35.0s");
  }

  @Test
  void aVictimThatIsStillThereIsNeitherImmortalNorUnkillable() {
    Row oven = new Row(70, 60000, "oven");
    Row shop = new Row(80, 30000, "shop");
    String log =
        report(100, 70, 92000, oven, shop, MILL)
            + "[  101.000000] oom_reaper: unable to reap pid:70 (oven)\n"
            + report(103, 80, 92000, oven, shop, MILL);
    String workload = imported(log);

    assertThat(workload)
        .contains("the reaper was unable to reap it: somebody had its mmap_lock")
        .contains("mmap_lock: {of: oven-70")
        .doesNotContain("oom_score_adj: -1000\n    memory: [{kind: anonymous, size: 60000");
    assertThat(diagnosed(log))
        .contains("the reaper was unable to reap oven (70)")
        .contains(
            "cannot tell: oven (70), killed 3.00s before, still had 234MiB, which the reaper");
  }

  @Test
  void memoryThatIsOnItsWayMakesAKillExtra() {
    String log =
        report(100, 70, 92000, new Row(70, 60000, "oven"), new Row(80, 30000, "shop"), MILL)
            + report(100.15, 80, 92000, new Row(80, 30000, "shop"), MILL);

    assertThat(diagnosed(log)).contains("NO, an extra kill: oven (70)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-slow-last-file", "collateral-kills", "counted-b8", "memcg-mlocked"})
  void theLogOfAnEpisodeComesToTheSameVictimsAgain(String workload, @TempDir Path folder)
      throws IOException {
    String log = Cli.run("trace", workload, "-p", "linux-4.17", "--format", "dmesg").out();
    Path file = folder.resolve("again.yaml");
    Files.writeString(file, imported(log));
    Cli.Result check = Cli.run("check", file.toString());

    assertThat(check.code()).as(check.out()).isZero();
    assertThat(Files.readString(file)).containsPattern("[2-8] reports as one workload");
  }

  @Test
  void whatIsNoSeriesIsNotMadeOne() {
    String one =
        report(100, 70, 92000, new Row(70, 60000, "oven"), new Row(80, 30000, "shop"), MILL);
    String dayLater = one + one.replace("[  100.", "[90000.");

    assertThat(imported(dayLater)).doesNotContain("as one workload");
    assertThat(Cli.runWithInput(one, "import", "oom-report", "--series", "--list", "-").code())
        .isEqualTo(2);
  }

  @Test
  void whatTheLogSaysBetweenItsReportsIsTold() {
    String log =
        "[   90.000000] mill: page allocation stall for 12 secs: order:0, mode:0x140cca\n"
            + "[   91.000000] mill: page allocation failure: order:0, mode:0x40cc0(GFP_KERNEL)\n"
            + "[   92.000000] INFO: task shop:80 blocked for more than 120 seconds.\n"
            + "[   93.000000] ** 33 printk messages dropped **\n"
            + grownInto()
            + "[  200.000000] INFO: task mill:90 blocked for more than 120 seconds.\n";
    Cli.Result result = Cli.runWithInput(log, "diagnose", "-");
    String out = result.out().replaceAll("\\n {14}(?! )", " ");

    assertThat(out)
        .contains("mill: page allocation stall for 12 secs: order:0, mode:0x140cca (line 1)")
        .contains("mill: page allocation failure: order:0, mode:0x40cc0(GFP_KERNEL) (line 2)")
        .contains("shop:80: blocked for more than 120 seconds (line 3)")
        .contains("** 33 printk messages dropped ** (line 4)")
        .contains("the reaper reaped oven (70), all of its anonymous memory");
    assertThat(out.indexOf("stall for 12")).isLessThan(out.indexOf("incident 2"));
    assertThat(out + result.err()).contains("mill:90: blocked for more than 120 seconds");
  }
}
