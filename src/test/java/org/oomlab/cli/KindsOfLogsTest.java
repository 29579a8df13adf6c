package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One report in what mail, pagers, shippers, vendors and dumps have made of it. */
class KindsOfLogsTest {
  private static final Path LOG =
      Path.of("src/test/resources/reports-2/17-kernel-version-only-in-the-boot-banner.log");

  private static final String WHO =
      "worker (2301) of x.service was killed for a request of batchd; the machine was full";

  private record Kind(String name, UnaryOperator<List<String>> change) {
    /** A kind in which each line has become another. */
    static Kind each(String name, UnaryOperator<String> change) {
      return new Kind(name, lines -> lines.stream().map(change).toList());
    }

    /** A kind in which each line has another prefix. */
    static Kind behind(String name, String prefix) {
      return each(name, line -> line.replaceFirst("^(\\[ *[\\d.]+\\]) ", prefix));
    }
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind("glued in pairs", KindsOfLogsTest::inPairs),
        new Kind("glued into one line", lines -> List.of(String.join(" ", lines))),
        Kind.each("HTML", line -> html(line) + "<br>"),
        Kind.each("HTML with its blanks", line -> html(line).replace(" ", "&nbsp;") + "<br/>"),
        new Kind("quoted-printable", KindsOfLogsTest::quotedPrintable),
        Kind.each("logfmt", line -> "ts=2024-01-01T00:00:00Z host=n1 msg=\"" + line + "\""),
        Kind.each("logfmt, a key behind", line -> "msg=\"" + line + "\" unit=kernel"),
        Kind.behind("caret escapes", "Mar  1 10:00:00 h kernel: $1 ^[[0;33m"),
        Kind.behind("colours", "\u001b[32m$1\u001b[0m \u001b[1m"),
        Kind.each(
            "a container's JSON", line -> "{\"log\":\"" + line + "\\n\",\"stream\":\"stdout\"}"),
        Kind.behind("MediaTek", "$1 -(2)[880:batchd]"),
        Kind.behind("Qualcomm", "$1 c3   880 "),
        Kind.behind("Unisoc", "$1 c1 "),
        Kind.behind("Samsung", "$1 I[3:         batchd:  880] "),
        Kind.each("dmesg -x", line -> "kern  :warn  : " + line),
        new Kind("a dump whose latest part comes first", lines -> parts(lines, "")),
        new Kind("the same with levels", lines -> parts(lines, "<6>")),
        new Kind("messages dropped", KindsOfLogsTest::dropped));
  }

  @TestFactory
  Stream<DynamicTest> whatIsAroundAReportChangesNothingInIt() {
    return kinds().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.name(),
                    () -> {
                      Cli.Result result = diagnose(kind.change().apply(Files.readAllLines(LOG)));
                      assertThat(result.out())
                          .as(result.err())
                          .contains(WHO)
                          .contains("5.10.110-example")
                          .contains("yes: nobody was dying")
                          .doesNotContain("incident 2");
                    }));
  }

  @Test
  void wholeSentencesAboutItAreNoEvent() {
    Cli.Result result =
        diagnose(
            List.of(
                "He said: the kernel invoked oom-killer yesterday.",
                "Out of memory is what they call it. Killed process is a phrase.",
                "grep 'invoked oom-killer' /var/log/messages",
                "Out of memory: this is no kernel line"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("no OOM event in 4 lines");
  }

  @Test
  void aLogThatRunsBackwardsHasNoVerdict() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(LOG));
    Collections.reverse(lines);
    Cli.Result result = diagnose(lines);

    assertThat(result.out()).contains("cannot tell").doesNotContain("yes:");
    assertThat(result.err()).contains("its latest line comes first");
  }

  @Test
  void linesCutOffWithoutASignHaveNoVerdict() throws IOException {
    for (int width : new int[] {70, 80, 100}) {
      Cli.Result result =
          diagnose(
              Files.readAllLines(LOG).stream()
                  .map(line -> line.substring(0, Math.min(width, line.length())))
                  .toList());
      assertThat(result.out()).as("%d columns", width).contains("worker (2301)");
      assertThat(result.out().contains("yes:") && width < 100).isFalse();
    }
  }

  @Test
  void killersInUserSpaceAreNamedWithWhomTheyKilledAndWhy() {
    Cli.Result result =
        diagnose(
            List.of(
                "Feb  1 10:00:00 h earlyoom[700]: sending SIGTERM to process 77 uid 0 \"a b\":"
                    + " oom_score 1100, VmRSS 10 MiB",
                "Feb  1 10:00:01 h systemd-oomd[9]: Killed /system.slice/x.service due to memory used"
                    + " (980) / total (1000) and swap used (90) / total (100) being more than 90.00%",
                "Feb  1 10:00:02 h oomd[4]: oomd kill: 10.00 5.00 1.00 workload.slice/job 12345"
                    + " ruleset:[protection] detectorgroup:[x] killer:kill_by_growth v2",
                "02-01 10:00:03.100  500  500 I lowmemorykiller: Kill 'com.x' (12), uid 1,"
                    + " oom_score_adj 900 to free 1kB rss, 0kB swap; reason: device is low on swap",
                "Feb  1 10:00:04 h kubelet[1]: I0201 10:00:04.1 1 eviction_manager.go:600] \"Eviction"
                    + " manager: pod is evicted successfully\" pod=\"default/a\"",
                "user: warning: [2026-02-01T10:00:05Z]: [talos] Sending SIGKILL to cgroup"
                    + " {\"component\": \"controller-runtime\", \"cgroup\": \"/kubepods/podx\"}",
                "Feb  1 10:00:06 h systemd[1]: cron.service: Failed with result 'oom-kill'.",
                "Feb  1 10:00:07 h kernel: lowmemorykiller: Killing 'oid.set' (321), adj 1000,"));

    assertThat(result.out())
        .contains("earlyoom killed a b (77): oom_score 1100")
        .contains("systemd-oomd killed /system.slice/x.service: memory used (980)")
        .contains("oomd killed workload.slice/job: protection")
        .contains("lmkd killed com.x (12): device is low on swap")
        .contains("kubelet killed default/a")
        .contains("talos killed /kubepods/podx")
        .contains("systemd says of cron.service: Failed with result 'oom-kill'")
        .contains("lmkd killed oid.set (321)")
        .doesNotContain("I, 02-01");
  }

  private static Cli.Result diagnose(List<String> lines) {
    String log = String.join("\n", lines) + "\n";
    return Cli.runWithInput(log, "diagnose", "-", "--brief");
  }

  private static String html(String line) {
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static List<String> inPairs(List<String> lines) {
    List<String> pairs = new ArrayList<>();
    for (int i = 1; i < lines.size(); i += 2) {
      pairs.add(lines.get(i) + (i + 1 < lines.size() ? lines.get(i + 1) : ""));
    }
    pairs.add(0, lines.get(0));
    return pairs;
  }

  /** RFC 2045: an equals sign is written as its number, and a line is broken behind another. */
  private static List<String> quotedPrintable(List<String> lines) {
    return lines.stream()
        .map(line -> line.replace("=", "=3D"))
        .map(line -> line.replaceAll("(.{60}[^=]{3})(?=.)", "$1=\n"))
        .flatMap(line -> Stream.of(line.split("\n")))
        .collect(Collectors.toList());
  }

  private static List<String> parts(List<String> lines, String level) {
    int half = lines.size() / 2;
    List<String> all = new ArrayList<>(List.of(level + "Oops#1 Part1"));
    all.addAll(lines.subList(half, lines.size()));
    all.add(level + "Oops#1 Part2");
    all.addAll(lines.subList(0, half));
    return all;
  }

  private static List<String> dropped(List<String> lines) {
    List<String> all = new ArrayList<>(lines);
    all.add(3, "[  300.000015] ** 212 printk messages dropped **");
    return all;
  }
}
