package org.oomlab.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.yaml.WorkloadWriter;

/**
 * Logs that somebody wrote to keep the importer busy. Each takes a moment if time grows with the
 * length, and minutes, or more stack than there is, if it grows with the square.
 */
@Timeout(120)
class HostileLogTest {
  private static final int LINE = 1 << 20;
  private static final String HEAD =
      "[    1.000000] a invoked oom-killer: gfp_mask=0x1, order=0\n"
          + "[    1.000001] [  pid  ]   uid  tgid total_vm      rss nr_ptes swapents"
          + " oom_score_adj name\n";

  static Stream<String> repeated() {
    return Stream.of(
        "[    1.000000] x ",
        "[1.00]",
        "[1.00 <",
        "[    1.000000] [T1]",
        "<4>",
        "<4>1 2000-01-01T00:00:00 ",
        "(0)[1:a]",
        "6,1,1,-;",
        "6,1,1,-,caller=T1;",
        "kern:a:",
        "<p",
        "</p",
        "&lt;p",
        "\u001b[1",
        "\\r",
        "\\n",
        "\\n\"",
        "\",\"",
        ",\"",
        "{\"log\":\"",
        "=\r",
        "=0A=\r",
        "Killed process 1 (",
        "invoked oom-killer: gfp_mask=",
        "[  pid  ] total_vm uid",
        "(01)nrss",
        " score ",
        "Node 0 DMA free:1kB min:1kB low:1kB high:1kB ");
  }

  @ParameterizedTest
  @MethodSource("repeated")
  void aLineOfOneMebibyteTakesAMoment(String piece) throws IOException {
    read(piece.repeat(LINE / piece.length()) + "\n");
    read("[    1.000000] " + piece.repeat(LINE / piece.length()) + "\n");
  }

  static Stream<Arguments> numbered() {
    return Stream.of(
        lines("rows of one pid and name", i -> row(7, i, "same")),
        lines("rows of names that are broken", i -> row(i, 1, "na me" + i)),
        lines("zones", i -> "Node " + i + " DMA free:4kB min:4kB low:4kB high:4kB\n"),
        lines("counters", i -> "active_anon" + i + ":1 inactive_anon:" + i + "\n"),
        lines("kills", i -> row(i, 1, "a") + "Killed process " + (i + 1) + " (a) total-vm:4kB\n"),
        lines("reaped", i -> "oom_reaper: reaped process " + i + " (a)\n"),
        lines("continuations", i -> i == 0 ? "[    1.000000] " + "x".repeat(80) + "\n" : "y\n"),
        lines("arrows", i -> "\u21aa" + i + "\n"),
        lines("soft line breaks", i -> "=3D" + i + "=\n"));
  }

  private static Arguments lines(String name, IntFunction<String> line) {
    return Arguments.of(
        name, IntStream.range(0, 30_000).mapToObj(line).collect(Collectors.joining()));
  }

  private static String row(int pid, int rss, String name) {
    return "[ %d] 0 %d 999 %d 9 0 0 %s\n".formatted(pid, pid, rss, name);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("numbered")
  void aReportOfManyLinesTakesAMoment(String name, String lines) throws IOException {
    read(HEAD + lines);
  }

  @Test
  void linesThatAreGluedTogetherAreSeparateAgain() throws IOException {
    String log =
        "[    1.000000] a invoked oom-killer: gfp_mask=0x1, order=0 [    1.000001] "
            + "[  pid  ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name "
            + "[    1.000002] [    1.000002] [    7] 0 7 999 200 9 0 0 weaver[    1.000003] "
            + "Killed process 7 (weaver) total-vm:3996kB, anon-rss:800kB, file-rss:0kB\n";
    OomReport report = read(log).get(0);

    assertThat(report.tasks()).extracting(OomReport.Task::name).containsExactly("weaver");
    assertThat(report.kills()).extracting(OomReport.Kill::pid).containsExactly(7L);
  }

  @Test
  void aReportHasNoMoreRowsThanAMachineCanHaveThreads() throws IOException {
    String rows =
        IntStream.range(0, Slips.MOST_ROWS + 3)
            .mapToObj(i -> row(i, 1, "a"))
            .collect(Collectors.joining());
    OomReport report = read(HEAD + rows).get(0);

    assertThat(report.tasks()).hasSize(Slips.MOST_ROWS);
    assertThat(report.unread()).isEqualTo(3);
  }

  @Test
  void namesAreCutAndSizesThatCannotBeAreNotBelieved() throws IOException {
    OomReport report =
        read(HEAD + row(7, 1, "n".repeat(5000)) + "[ 8] 0 8 1 999999999999999 9 0 0 b\n").get(0);

    assertThat(report.tasks()).extracting(task -> task.name().length()).containsExactly(64);
    assertThat(report.unread()).isEqualTo(1);
  }

  private static List<OomReport> read(String log) throws IOException {
    List<OomReport> reports = new ArrayList<>();
    OomLog.read(
        new ByteArrayInputStream(log.getBytes(UTF_8)),
        report -> {
          if (reports.size() < 3) {
            reports.add(report);
          }
        },
        report -> {});
    for (OomReport report : reports) {
      Draft draft =
          ReportedSituation.draft(
              report, new ReportedSituation.Wishes("w", "log", "x86-64", null, policy -> true));
      assertThat(WorkloadWriter.write(draft.workload(), draft.comments())).isNotEmpty();
    }
    return reports;
  }
}
