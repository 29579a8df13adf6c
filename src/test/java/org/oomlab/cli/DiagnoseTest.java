package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** From a log to a verdict, and no verdict where a log cannot tell. */
class DiagnoseTest {
  private static final String ASK =
      "mill invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0,"
          + " oom_score_adj=0";
  private static final String WHO = "CPU: 0 PID: 90 Comm: mill Not tainted 6.1.7-test #1";
  private static final String ANON = "active_anon:0 inactive_anon:95000 isolated_anon:0";
  private static final String REST = " slab_reclaimable:500 slab_unreclaimable:900";
  private static final String FREE = " free:2500 free_pcp:0 free_cma:0";
  private static final String ZONE =
      "Node 0 DMA32 free:10000kB boost:0kB min:10400kB low:13000kB high:15600kB"
          + " present:420000kB managed:400000kB free_cma:0kB";
  private static final String HEAD =
      "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name";
  private static final String ROW =
      "[     70]  1000    70    90000    80000   700416        0 %6d oven";
  private static final String CHOICE =
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
          + "task_memcg=/system.slice/bakery.service,task=oven,pid=70,uid=1000";
  private static final String KILL =
      "Out of memory: Killed process 70 (oven) total-vm:360000kB, anon-rss:320000kB, file-rss:0kB,"
          + " shmem-rss:0kB, UID:1000 pgtables:684kB oom_score_adj:0";

  private static List<String> report() {
    return new ArrayList<>(
        List.of(
            ASK,
            WHO,
            "Mem-Info:",
            ANON,
            REST,
            FREE,
            ZONE,
            "100000 pages RAM",
            "0 pages reserved",
            HEAD,
            String.format(Locale.ROOT, ROW, 0),
            "[     80]  1000    80    20000    10000   100352        0      0 shop",
            "[     90]     0    90     9000     2000    98304        0      0 mill",
            CHOICE,
            KILL));
  }

  private static String stamped(List<String> lines) {
    return prefixed(lines, "");
  }

  private static String prefixed(List<String> lines, String before) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(before)
          .append(String.format(Locale.ROOT, "[  100.%06d] ", 10 * i))
          .append(lines.get(i))
          .append('\n');
    }
    return text.toString();
  }

  private static Cli.Result diagnose(String log, String... more) {
    List<String> words = new ArrayList<>(List.of("diagnose", "-"));
    words.addAll(List.of(more));
    Cli.Result result = Cli.runWithInput(log, words.toArray(String[]::new));
    // Where a paragraph is broken into lines is another matter.
    String whole = result.out().replaceAll("\\n {14}(?! )", " ");
    return new Cli.Result(result.code(), whole, result.err());
  }

  private static String with(UnaryOperator<String> change) {
    return stamped(report().stream().map(change).toList());
  }

  @Test
  void tellsWhoWhyThatOneWhyAtAllNeededAndWhatWouldHaveAvoidedIt() {
    Cli.Result result = diagnose(stamped(report()));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("oven (70) of bakery.service was killed for a request of mill")
        .contains("next was shop-80, 280588kB behind: so much less, or an oom_score_adj 702 points")
        .contains("processes have filled the machine; of the 391MiB there are:")
        .contains("371MiB  processes, anonymous")
        .contains("needed      yes: nobody was dying")
        .contains("with oom_score_adj -1000 on oven-70: shop-80 dies instead")
        .contains("it may only have postponed the kill")
        .contains("linux-6.1 chooses the same victim");
  }

  @Test
  void theMarginInPointsFlipsTheChoice() {
    Cli.Result as = diagnose(with(line -> line.equals(KILL) || line.equals(CHOICE) ? "x" : line));
    assertThat(as.out()).contains("shop-80").contains("oven-70");
    String flipped =
        with(
            line ->
                line.endsWith("oven") && line.startsWith("[")
                    ? String.format(Locale.ROOT, ROW, -702)
                    : line.replace("oven", "shop")
                        .replace("pid=70", "pid=80")
                        .replace("s 70", "s 80"));

    assertThat(diagnose(flipped).out()).contains("shop (80)").contains("chooses the same victim");
  }

  /** What a log cannot tell, and a word of the reason. */
  private record Kind(String name, UnaryOperator<String> change, String reason) {}

  @TestFactory
  Stream<DynamicTest> cannotTell() {
    return Stream.of(
            new Kind(
                "of a request for several pages",
                line -> line.replace("order=0", "order=2"),
                "16kB in one piece (order 2)"),
            new Kind(
                "of a cpuset",
                line ->
                    line.replace("CONSTRAINT_NONE", "CONSTRAINT_CPUSET")
                        .replace("mems_allowed=0", "mems_allowed=1"),
                "only memory of node 1 would do"),
            new Kind(
                "of a memory policy",
                line ->
                    line.replace("CONSTRAINT_NONE", "CONSTRAINT_MEMORY_POLICY")
                        .replace("nodemask=(null)", "nodemask=0"),
                "memory policy"),
            new Kind(
                "of free memory that is CMA",
                line ->
                    line.replace("0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)", "0xcc0(GFP_KERNEL)")
                        .replace("free:10000kB", "free:90000kB")
                        .replace("free_cma:0kB", "free_cma:85000kB"),
                "of CMA, for movable pages only"),
            new Kind(
                "of dirty pages",
                line -> line.equals(REST) ? " active_file:9000 dirty:8000 writeback:100" : line,
                "were dirty"),
            new Kind(
                "of memory that nobody owns",
                line -> line.replace("inactive_anon:95000", "inactive_anon:20000"),
                "belong to no process, cache or slab"),
            new Kind(
                "of a report without a table",
                line -> line.startsWith("[") ? "x" : line,
                "no table of tasks"),
            new Kind(
                "of lines that are cut off",
                line -> line.length() > 60 ? line.substring(0, 60) + ">" : line,
                "are cut off"),
            new Kind(
                "of a kill that was asked for",
                line -> line.replace("order=0", "order=-1"),
                "by hand"))
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.name(),
                    () -> {
                      Cli.Result result = diagnose(with(kind.change()), "--brief");
                      assertThat(result.out())
                          .as(result.err())
                          .contains("cannot tell:")
                          .contains(kind.reason())
                          .doesNotContain("yes:")
                          .doesNotContain("panic");
                    }));
  }

  @Test
  void aSecondKillIsExtraWhileTheFirstVictimsMemoryIsOnItsWay() {
    // oven is past exit_mm(), so it has no row, and its 80000 pages have no owner.
    List<String> second =
        report().stream()
            .filter(line -> !line.endsWith("oven"))
            .map(line -> line.replace("oven", "shop").replace("pid=70", "pid=80"))
            .map(line -> line.replace("process 70", "process 80"))
            .toList();
    String log = stamped(report()) + stamped(second).replace("[  100.0", "[  100.1");

    assertThat(diagnose(log, "--brief").out())
        .contains("NO, an extra kill: oven (70) had been killed 0.10s before");
    assertThat(diagnose(log.replace("[  100.1", "[  105.1"), "--brief").out())
        .as("whoever takes five seconds is stuck")
        .contains("cannot tell: oven (70), killed 5.10s before, still had 313MiB");
    assertThat(diagnose(log.replace("[  100.1", "[  105.1").replace(ANON, "")).out())
        .as("without its counters it is not known whose memory is whose")
        .contains("cannot tell");
  }

  @Test
  void keepsMachinesApart() {
    List<String> other = report().stream().map(line -> line.replace("oven", "kiln")).toList();
    StringBuilder log = new StringBuilder();
    String[] a = prefixed(report(), "Mar  1 10:00:00 east kernel: ").split("\n");
    String[] b = prefixed(other, "Mar  1 10:00:00 west kernel: ").split("\n");
    for (int i = 0; i < a.length; i++) {
      log.append(a[i]).append('\n').append(b[i]).append('\n');
    }
    Cli.Result result = diagnose(log.toString(), "--brief");

    assertThat(result.out())
        .contains("east, Mar  1 10:00:00")
        .contains("west, Mar  1 10:00:00")
        .contains("oven (70)")
        .contains("kiln (70)");
    assertThat(result.err()).contains("2 machines, kept apart");
  }

  @Test
  void tellsWhoWasChosenWhereThatIsAllThereIs() {
    Cli.Result result =
        diagnose(
            "May  2 10:00:00 a kernel: Out of memory: Kill process 7 (x) score 5 or sacrifice child\n");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("x (7) was chosen, score 5")
        .contains("not that it was killed");
  }

  @Test
  void takesTheKernelFromTheBannerOfTheBoot() {
    List<String> lines = report();
    lines.remove(WHO);
    lines.add(0, "Linux version 5.15.3-test (somebody@somewhere) #1 SMP");

    assertThat(diagnose(stamped(lines)).out()).contains("linux-5.15 chooses the same victim");
    lines.remove(0);
    lines.add("CPU: 1 PID: 3 Comm: later Not tainted 5.4.2 #1");
    assertThat(diagnose(stamped(lines)).out()).contains("linux-5.4");
  }

  @Test
  void readsDumpsWhoseLatestPartComesFirst() {
    List<String> lines = report();
    String log =
        "Oops#2 Part1\n"
            + stamped(lines.subList(9, lines.size())).replace("100.", "200.")
            + "Oops#2 Part2\n"
            + stamped(lines.subList(0, 9));

    assertThat(diagnose(log, "--brief").out()).containsOnlyOnce("oven (70)").contains("yes:");
  }

  @Test
  void readsWhatVendorsAndLogShippersPutAroundALine() {
    for (String line :
        new String[] {
          "[  100.000001]<6>-(3)[90:mill]%s",
          "[  100.000001] c3 %s",
          "ts=2024-01-01T00:00:00Z host=east msg=\"%s\"",
          "_raw=\"%s\"",
          "[  100.000001] ^[[33m%s^[[0m",
        }) {
      StringBuilder log = new StringBuilder();
      report().forEach(each -> log.append(line.replace("%s", each)).append('\n'));
      assertThat(diagnose(log.toString(), "--brief").out())
          .as(line)
          .contains("oven (70) of bakery.service was killed for a request of mill")
          .contains("yes:");
    }
  }

  @Test
  void tellsOfKillersInUserSpace() {
    String log =
        """
        Apr 16 21:08:50 desk systemd-oomd[9]: Killed /user.slice/a.scope due to memory used (9) / total (9)
        Apr 16 21:08:51 desk systemd[1]: baker.service: Failed with result 'oom-kill'.
        avril 16 21:08:52 desk earlyoom[8]: sending SIGTERM to process 42 uid 1000 "Web Content": badness 1201, VmRSS 3400 MiB
        03-04 10:11:54.107   512   512 I lmkd    : Kill 'com.example' (74), uid 1, oom_score_adj 905 to free 8kB rss; reason: low watermark is breached
        """;
    Cli.Result result = diagnose(log);

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("systemd-oomd killed /user.slice/a.scope: memory used")
        .contains("systemd says of baker.service: Failed with result 'oom-kill'")
        .contains("earlyoom killed Web Content (42): badness 1201")
        .contains("lmkd killed com.example (74): low watermark is breached");
  }

  @Test
  void aPageIsNoWiderThanATerminal() {
    String out = Cli.runWithInput(stamped(report()), "diagnose", "-").out();

    assertThat(out.lines().filter(line -> line.length() > 80)).isEmpty();
  }

  @Test
  void aModelThatDisagreesIsExitCode1() {
    String log =
        with(
            line ->
                line.startsWith("oom-kill:") || line.startsWith("Out of")
                    ? line.replace("oven", "shop")
                        .replace("pid=70", "pid=80")
                        .replace("s 70", "s 80")
                    : line);
    Cli.Result result = diagnose(log);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("the model disagrees with the log");
  }

  @Test
  void aLogWithoutAnyIsBadInput() {
    Cli.Result result = diagnose("a\nb \"x invoked oom-killer\", they say\n");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no OOM event in 2 lines").contains("looked for");
    assertThat(Cli.run("diagnose", "/nowhere/at/all").code()).isEqualTo(2);
  }

  @Test
  void onlyThoseAreToldWhoWereAskedFor() {
    assertThat(diagnose(stamped(report()), "--killed", "oven").code()).isZero();
    assertThat(diagnose(stamped(report()), "--killed", "shop").code()).isEqualTo(2);
  }

  @Test
  void leversAreTriedOrSaidNotToBe() {
    // An aside of the zones leaves the min watermark to be lowered.
    String out = diagnose(stamped(report())).out();

    assertThat(out)
        .contains("with a min watermark (vm.min_free_kbytes) of 9996kB or less in place of 10400kB")
        .contains("with more swap: not tried, for the model swaps nothing out")
        .contains("with the kernel of linux-7.2: the same victim");
  }

  @Test
  void onlyWhatHappenedSinceIsTold() {
    String log =
        prefixed(report(), "2025-03-04T10:00:00+01:00 east kernel: ")
            + prefixed(
                report().stream().map(line -> line.replace("oven", "kiln")).toList(),
                "2025-03-05T10:00:00+01:00 east kernel: ");

    assertThat(diagnose(log, "--brief").out()).contains("oven (70)").contains("kiln (70)");
    for (String since : new String[] {"2025-03-05", "2025-03-04 10:01", "2025-03-05T10:00:00"}) {
      assertThat(diagnose(log, "--brief", "--since", since).out())
          .as(since)
          .contains("kiln (70)")
          .doesNotContain("oven (70)");
    }
    assertThat(diagnose(log, "--since", "2025-03-06").code()).isEqualTo(2);
    assertThat(diagnose(log, "--since", "2025-03-06").err()).contains("since 2025-03-06");
    assertThat(diagnose(stamped(report()), "--brief", "--since", "99s").out())
        .contains("oven (70)");
    assertThat(diagnose(stamped(report()), "--brief", "--since", "101s").code()).isEqualTo(2);
    assertThat(diagnose(stamped(report()), "--since", "2025-03-05").err())
        .contains("1 incident shown without a time that --since could compare");
    assertThat(diagnose(log, "--since", "yesterday").err()).contains("such as 2025-03-04");
  }

  @Test
  void directoriesAreReadToTheirEndsAndPatternsByTheirNames(@TempDir Path folder)
      throws IOException {
    Files.createDirectories(folder.resolve("east/old"));
    Files.writeString(folder.resolve("east/old/a.log"), stamped(report()));
    Files.writeString(folder.resolve("east/b.log"), stamped(report()).replace("oven", "kiln"));
    Files.writeString(folder.resolve("east/b.txt"), stamped(report()).replace("oven", "mule"));

    String all = Cli.run("diagnose", folder.toString(), "--brief").out();
    assertThat(all).contains("oven (70)").contains("kiln (70)").contains("mule (70)");
    String some = Cli.run("diagnose", folder + "/east/*.log", "--brief").out();
    assertThat(some).contains("kiln (70)").doesNotContain("oven (70)").doesNotContain("mule (70)");
    Cli.Result none = Cli.run("diagnose", folder + "/east/*.gz");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("no file is called so");
  }

  @Test
  void aPageCanBePutIntoAnotherOne() {
    String log = stamped(report()).replace("shop", "<b>&");
    String html = diagnose(log, "--format", "html-fragment").out();
    String markdown = diagnose(log, "--format", "markdown").out();

    assertThat(html)
        .startsWith("<pre class=\"oomlab\"><span class=\"heading\">incident 1: ")
        .endsWith("</pre>\n")
        .contains("&lt;b&gt;&amp;-80")
        .doesNotContain("<b>");
    assertThat(markdown).startsWith("``````\nincident 1: ").endsWith("``````\n\n");
    assertThat(Cli.run("run", "m01-runnable-victim", "--format", "html-fragment").code())
        .isEqualTo(2);
  }

  @Test
  void killersInUserSpaceAreRowsToo() {
    String log =
        stamped(report())
            + "Apr 16 21:08:50 desk systemd-oomd[9]: Killed /user.slice/a.scope due to memory used (9)"
            + " / total (9)\n";
    List<String> rows = diagnose(log, "--format", "csv").out().lines().toList();

    assertThat(rows).hasSize(3);
    assertThat(rows.get(0)).endsWith(",by");
    assertThat(rows).anyMatch(row -> row.contains(",oven,70,") && row.endsWith(",kernel"));
    assertThat(rows)
        .anyMatch(
            row ->
                row.contains(",/user.slice/a.scope,")
                    && row.contains(",not_judged,")
                    && row.endsWith(",systemd-oomd"));
  }

  @Test
  void anImportedWorkloadSaysWhatItCannotTellAndIsNotJudged() {
    String workload =
        Cli.runWithInput(
                with(line -> line.replace("order=0", "order=3")), "import", "oom-report", "-")
            .out();

    assertThat(workload).contains("cannot_tell:");
    Cli.Result explained = Cli.runWithInput(workload, "explain", "-", "-p", "linux-6.1", "--kills");
    assertThat(explained.out())
        .contains("cannot tell whether a kill was needed: the request was for 32kB in one piece")
        .doesNotContain("needed: without");
    Cli.Result run =
        Cli.runWithInput(
            workload, "run", "-", "-p", "linux-6.1", "--runs", "1", "--format", "json");
    assertThat(run.err()).contains("cannot tell whether a kill was needed");
    assertThat(run.out()).contains("\"extra_kills_10s_mean\":null");
  }

  @Test
  void freeMemoryFollowsTheSizeOfTheMachineUnlessItIsPinned() {
    String workload = Cli.runWithInput(stamped(report()), "import", "oom-report", "-").out();

    assertThat(kills(workload)).contains("oven-70");
    assertThat(kills(workload, "--set", "machine.memory=8GiB")).doesNotContain("oven-70");
    assertThat(kills(workload, "--set", "machine.memory=8GiB", "--set", "machine.free=10000KiB"))
        .contains("oven-70");
    assertThat(
            Cli.runWithInput(
                    workload, "explain", "-", "-p", "linux-6.1", "--set", "machine.swap=1GiB")
                .err())
        .contains("nothing is swapped out");
  }

  private static String kills(String workload, String... more) {
    List<String> words = new ArrayList<>(List.of("explain", "-", "-p", "linux-6.1", "--kills"));
    words.addAll(List.of(more));
    Cli.Result result = Cli.runWithInput(workload, words.toArray(String[]::new));
    return result.out().lines().filter(line -> line.startsWith("  kill ")).toList().toString();
  }

  @Test
  void whatCannotBeALogIsNamedWithWhatIsWrongWithIt(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.log"), "");
    Path other = Files.writeString(folder.resolve("other.log"), "a\nb\nc\n");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {0, 1, 2, (byte) 0xff, 10, 0});

    assertThat(Cli.run("diagnose", empty.toString()).err()).contains("empty.log: is empty");
    assertThat(diagnose("").err()).contains("standard input: is empty");
    assertThat(Cli.run("diagnose", other.toString()).err())
        .contains("other.log: no OOM event in 3 lines: looked for 'invoked oom-killer'");
    Cli.Result bytes = Cli.run("diagnose", binary.toString());
    assertThat(bytes.err()).contains("no OOM event").contains("NUL bytes were dropped");
    assertThat(bytes.code()).isEqualTo(2);
    assertThat(Cli.run("diagnose", folder.resolve("nowhere").toString()).err())
        .contains("cannot be read: no such file");
  }

  @Test
  void causesAreRankedAtTheEnd() {
    String twice =
        stamped(report())
            + stamped(report()).replace("[  100.", "[  900.").replace("order=0", "order=2")
            + stamped(report()).replace("[  100.", "[ 1900.");
    Cli.Result result = diagnose(twice, "--brief", "--group", "cause");

    assertThat(result.err())
        .containsSubsequence(
            "2 x processes have filled the machine", "1 x no contiguous memory, order 2");
    assertThat(diagnose(twice, "--group", "host").err()).contains("--group: expected cause");
  }

  @Test
  void rowsHaveNoBriefForm() {
    Cli.Result result = diagnose(stamped(report()), "--format", "json", "--brief");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--brief is about pages");
    assertThat(diagnose(stamped(report()), "--format", "json").out())
        .startsWith("[")
        .contains("\"verdict\":\"needed\"");
  }

  @Test
  void pagesAreSetOffFromEachOtherAndNotFromTheEnd() {
    String twice = stamped(report()) + stamped(report()).replace("[  100.", "[  900.");
    String out = Cli.runWithInput(twice, "diagnose", "-").out();

    assertThat(out).contains("\n\nincident 2: ").doesNotEndWith("\n\n").doesNotStartWith("\n");
  }
}
