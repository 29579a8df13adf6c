package org.oomlab.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.OomReport.Task;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** What is read of logs of many ages and shapes; the logs are made up, their shapes are not. */
class OomLogTest {
  private final List<OomReport> remains = new ArrayList<>();
  private OomLog.Summary summary = new OomLog.Summary(0, 0, 0, 0, 0, 0, 0, 0, false, null);

  static byte[] log(String name) throws IOException {
    try (InputStream in = OomLogTest.class.getResourceAsStream("/oom-reports/" + name)) {
      return in.readAllBytes();
    }
  }

  private List<OomReport> read(byte[] log) throws IOException {
    List<OomReport> events = new ArrayList<>();
    remains.clear();
    summary = OomLog.read(new ByteArrayInputStream(log), events::add, remains::add);
    assertThat(summary.events()).isEqualTo(events.size());
    return events;
  }

  private List<OomReport> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private OomReport only(byte[] log) throws IOException {
    List<OomReport> events = read(log);
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  @Test
  void aReportOf2009InSyslog() throws IOException {
    OomReport report = only(log("2.6.32-syslog.log"));

    assertThat(report.line()).isEqualTo(2);
    assertThat(report.time()).isEqualTo("Mar  3 10:00:07");
    assertThat(report.header()).isEqualTo(new OomReport.Header("miller", "0x201da", 0, 0));
    assertThat(report.kernel()).isEqualTo("2.6.32-99.test.x86_64");
    assertThat(report.origin().pid()).isEqualTo(411);
    assertThat(report.memory().ram()).isEqualTo(72500);
    assertThat(report.memory().reserved()).isEqualTo(2500);
    assertThat(report.memory().swapTotalKb()).isEqualTo(40960);
    assertThat(report.memory().free()).isEqualTo(700);
    assertThat(report.memory().zones())
        .containsExactly(
            new OomReport.Zone("Node 0 DMA32", 2800, 2816, 3520, 4224, 290000, OomReport.UNKNOWN));
    assertThat(report.tasks())
        .extracting(Task::pid, Task::rss, Task::adj, Task::name)
        .containsExactly(
            tuple(310L, 100L, -1000, "gatekeeper"),
            tuple(411L, 900L, 0, "miller"),
            tuple(412L, 61000L, 0, "big baker: one"));
    assertThat(report.score()).isEqualTo(777);
    assertThat(report.kills())
        .extracting(Kill::pid, Kill::name, Kill::totalVmKb, Kill::anonKb, Kill::fileKb, Kill::uid)
        .containsExactly(tuple(412L, "big baker: one", 360000L, 243000L, 1000L, 500L));
  }

  @Test
  void aChildMayDieForTheOneThatWasChosen() throws IOException {
    OomReport report = only(log("4.14-child.log"));

    assertThat(report.chosenPid()).isEqualTo(700);
    assertThat(report.victim().pid()).isEqualTo(701);
    assertThat(report.tasks()).extracting(Task::tablePages).containsExactly(73L, 33L);
    assertThat(report.memory().free()).as("on a line without a prefix").isEqualTo(1000);
  }

  @Test
  void linesOfOtherThreadsAreLeftOutWhereTheLogTellsThemApart() throws IOException {
    OomReport report = only(log("5.4-interleaved-memcg.log"));

    assertThat(report.kernel()).isEqualTo("5.4.0-test+");
    assertThat(report.memory()).isNull();
    assertThat(report.memcg()).isEqualTo(new OomReport.Cgroup("/kiln", "", 40960, 40960, 1000));
    assertThat(report.oomCgroup()).isEqualTo("/kiln");
    assertThat(report.choice().taskMemcg()).isEqualTo("/kiln/shop");
    assertThat(report.groupCgroup()).isEqualTo("/kiln/shop");
    assertThat(report.tasks()).extracting(Task::name).containsExactly("potter", "glazer");
    assertThat(report.kills()).extracting(Kill::pid).containsExactly(820L, 810L);
    assertThat(report.reaped()).isEqualTo(1);
  }

  @Test
  void theCgroupThatIsFullIsTheFirstOfThoseWithFigures() throws IOException {
    assertThat(only(log("3.10-memcg.txt")).memcg())
        .isEqualTo(new OomReport.Cgroup("/web", "/web/blue", 20480, 20480, 4096));
  }

  @Test
  void whoWasKilledBeforeIsKnownInTheNextReport() throws IOException {
    String log = new String(log("6.8-global.txt"), StandardCharsets.UTF_8);
    List<OomReport> events = read(log + log.replace("2400 (database)", "2411 (Web Content: co)"));

    assertThat(events.get(0).killedBefore()).isEmpty();
    assertThat(events.get(1).killedBefore()).containsExactly(java.util.Map.entry(2400L, 48L));
  }

  @Test
  void killsByProgramsAreCountedApart() throws IOException {
    read(
        """
        Mar  4 10:00:00 host systemd-oomd[700]: Killed /user.slice/a.scope due to memory used (1)
        03-04 10:00:00.123   400   400 I lmkd    : Kill 'com.example' (77), uid 10077
        Mar  4 10:00:00 host earlyoom[9]: sending SIGTERM to process 77 uid 1000 "memory hog"
        """);

    assertThat(summary.events()).isZero();
    assertThat(summary.userSpaceKills()).isEqualTo(3);
  }

  @Test
  void linesThatAMailProgramHasBrokenAreWholeAgain() throws IOException {
    OomReport report = only(log("6.8-wrapped-kmsg.log"));

    assertThat(report.header())
        .isEqualTo(
            new OomReport.Header(
                "[weird] name: x", "0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)", 0, 200));
    assertThat(report.kernel()).isEqualTo("6.8.0-test");
    assertThat(report.memory().anonymous()).isEqualTo(30100);
    assertThat(report.memory().zones()).extracting(OomReport.Zone::managedKb).contains(160000L);
    assertThat(report.tasks())
        .extracting(Task::name, Task::anon, Task::file, Task::shmem, Task::tableBytes, Task::adj)
        .containsExactly(
            tuple("[weird] name: x", 400L, 80L, 20L, 61440L, 200),
            tuple("cartographer", 24000L, 900L, 100L, 225280L, 0));
    assertThat(report.victim())
        .isEqualTo(new Kill(25, 40, "cartographer", 240000, 96000, 3600, 400, 220, 1000, 0));
  }

  @Test
  void aMachineWithNobodyToKillPanics() throws IOException {
    OomReport report = only(log("6.1-kdump-panic.log"));

    assertThat(report.hasTable()).isTrue();
    assertThat(report.tasks()).isEmpty();
    assertThat(report.nobody()).isTrue();
    assertThat(report.panic()).isEqualTo("System is deadlocked on memory");
  }

  @Test
  void killLinesAloneAreEventsIfThereIsNothingElse() throws IOException {
    assertThat(read(log("one-liners.log")))
        .extracting(report -> report.victim().name())
        .containsExactly("weaver", "spinner");
    assertThat(remains).isEmpty();
  }

  @Test
  void aKillLineBeforeAWholeReportIsWhatIsLeftOfAnother() throws IOException {
    String lines = new String(log("one-liners.log"), StandardCharsets.UTF_8);
    String whole = new String(log("4.14-child.log"), StandardCharsets.UTF_8);

    assertThat(read(lines.lines().findFirst().orElseThrow() + "\n" + whole)).hasSize(1);
    assertThat(remains).extracting(report -> report.victim().name()).containsExactly("weaver");
    assertThat(summary.killsWithoutReport()).isEqualTo(1);
  }

  @Test
  void killsAfterAReportBelongToItAndCountOnce() throws IOException {
    String whole = new String(log("6.8-wrapped-kmsg.log"), StandardCharsets.UTF_8);
    String more = "3,113,9000014,-,caller=T31;Out of memory: Killed process 30 (x) total-vm:1kB\n";

    assertThat(only((whole + more + more).getBytes(StandardCharsets.UTF_8)).kills())
        .extracting(Kill::pid)
        .containsExactly(40L, 30L);
  }

  @Test
  void aContainersLogIsJson() throws IOException {
    OomReport report = only(log("container.json.log"));

    assertThat(report.header().adj()).isEqualTo(999);
    assertThat(report.choice())
        .isEqualTo(
            new OomReport.Choice(
                "CONSTRAINT_MEMCG", "/kubepods/pod1", "/kubepods/pod1/c", "dyer \"x\"", 77, 33));
  }

  @Test
  void quotingAndAllLinesInOneAreReadAsWell() throws IOException {
    String log = new String(log("4.14-child.log"), StandardCharsets.UTF_8);

    assertThat(only(log.replaceAll("(?m)^", "> > ").getBytes(StandardCharsets.UTF_8)).tasks())
        .hasSize(2);
    assertThat(only(log.replace('\n', ' ').getBytes(StandardCharsets.UTF_8)).tasks()).hasSize(2);
  }

  @Test
  void compressedLogsAreUnpacked() throws IOException {
    byte[] log = log("4.14-child.log");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(log);
    }
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(xz, new LZMA2Options(0))) {
      out.write(log);
    }

    assertThat(only(gzip.toByteArray())).isEqualTo(only(log));
    assertThat(only(xz.toByteArray())).isEqualTo(only(log));
    assertThatThrownBy(() -> read(Arrays.copyOf(xz.toByteArray(), xz.size() / 2)))
        .isInstanceOf(IOException.class)
        .hasMessage("the compressed data ends in the middle");
    assertThatThrownBy(() -> read(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0}))
        .hasMessageContaining("zstd -dc");
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() throws IOException {
    String log = new String(log("4.14-child.log"), StandardCharsets.UTF_8);
    OomReport clean = only(log.getBytes(StandardCharsets.UTF_8));

    assertThat(only(log.getBytes(Charset.forName("UTF-16"))).tasks()).isEqualTo(clean.tasks());
    assertThat(summary.oddities()).contains("NUL bytes were dropped");
    assertThat(
            only(log.replace("tailor", "t\u00e9ilor").getBytes(StandardCharsets.ISO_8859_1))
                .tasks())
        .hasSize(2);
    assertThat(summary.oddities()).contains("lines were not UTF-8");
  }

  @Test
  void aLineOfAnyLengthIsPassedOver() throws IOException {
    String log = new String(log("4.14-child.log"), StandardCharsets.UTF_8);
    String longLine = "m".repeat(10_000_000);

    assertThat(read(longLine + "\n" + log + longLine + "\n" + log.replace("701", "702")))
        .hasSize(2);
    assertThat(summary.oddities()).isEqualTo("2 lines were cut at 1MiB");
    assertThat(read(longLine)).isEmpty();
    assertThat(summary.lines()).isEqualTo(1);
  }

  @Test
  void linesAreCountedAcrossBlocks() throws IOException {
    String filler = "nothing to see here, but memory and Kind words\n".repeat(20_000);
    String log = new String(log("4.14-child.log"), StandardCharsets.UTF_8);

    assertThat(only((filler + log).getBytes(StandardCharsets.UTF_8)).line()).isEqualTo(20_001);
    assertThat(summary.bytes()).isEqualTo(filler.length() + log.length());
  }

  @Test
  void killsByAndroidsDaemonAreNoEvents() throws IOException {
    String line =
        "01-02 03:04:05.678 I lowmemorykiller: Kill 'com.example.app' (321), uid 10001,"
            + " oom_score_adj 900 to free 1000kB rss\n";

    assertThat(read(line + "somebody was killed\n")).isEmpty();
    assertThat(summary.userSpaceKills()).isEqualTo(1);
  }

  @Test
  void aKillThatWasNeverCarriedOutIsNoEvent() throws IOException {
    assertThat(read("Out of memory: Kill process 1 (x) score 5 or sacrifice child\nBUG: oops\n"))
        .isEmpty();
  }

  private static String child() throws IOException {
    return new String(log("4.14-child.log"), StandardCharsets.UTF_8);
  }

  @Test
  void aLogMayBeginInTheMiddleOfAReport() throws IOException {
    String log = child();
    OomReport fromMemory = only(log.substring(log.indexOf("[  100.000500]")));
    assertThat(fromMemory.header()).isNull();
    assertThat(fromMemory.memory().zones()).hasSize(1);
    assertThat(fromMemory.memory().ram()).isEqualTo(50_000);
    assertThat(fromMemory.tasks()).hasSize(2);

    OomReport fromRow = only(log.substring(log.indexOf("[  100.001200]")));
    assertThat(fromRow.tasks())
        .extracting(Task::name, Task::tablePages)
        .containsExactly(tuple("apprentice", 33L));
    assertThat(fromRow.victim().pid()).isEqualTo(701);
  }

  @Test
  void memoryThatIsShownForAnotherReasonIsNoEvent() throws IOException {
    assertThat(
            read(
                """
                [    9.1] weaver: page allocation failure: order:5, mode:0x40c0
                [    9.2] Mem-Info:
                [    9.300000] active_anon:40 inactive_anon:1 isolated_anon:0
                [    9.400000] Normal free:4000kB min:4096kB low:5120kB high:6144kB
                [    9.500000] 50000 pages RAM
                """))
        .isEmpty();
  }

  @Test
  void aReportThatIsInTheLogInTwoFormsIsOneEvent() throws IOException {
    String syslog = child().replaceAll("(?m)^", "Mar  4 10:00:00 loft kernel: ");
    assertThat(read(child() + syslog)).hasSize(1);
    assertThat(summary.repeated()).isEqualTo(1);
    assertThat(read(child() + syslog.replace("701", "702"))).hasSize(2);
    assertThat(summary.repeated()).isZero();
  }

  @Test
  void whatHappensTwiceAlikeHappensTwice() throws IOException {
    assertThat(read(child() + child())).hasSize(2);
    assertThat(summary.repeated()).isZero();
  }

  @Test
  void reportsOfTwoThreadsAreKeptApart() throws IOException {
    StringBuilder both = new StringBuilder();
    for (String line : child().replace("\n ", "\n[  100.000400] ").lines().toList()) {
      both.append(line.replaceFirst("] ", "][ T700] ")).append('\n');
      both.append(line.replace("701", "801").replaceFirst("] ", "][ T800] ")).append('\n');
    }
    assertThat(read(both.toString()))
        .extracting(report -> report.victim().pid(), report -> report.tasks().size())
        .containsExactly(tuple(701L, 2), tuple(801L, 2));
  }

  @Test
  void aKillLineTwiceIsOneKill() throws IOException {
    String kill = "Jul  9 05:19:24 host kernel: Out of Memory: Killed process 68 (loom).\n";
    assertThat(read(kill + kill)).hasSize(1);
    assertThat(read(kill + kill.replace("68", "69"))).hasSize(2);
  }

  @Test
  void aLogMayRunBackwards() throws IOException {
    List<String> lines = new ArrayList<>(child().lines().toList());
    java.util.Collections.reverse(lines);
    read(String.join("\n", lines));
    assertThat(summary.backwards()).isTrue();
    read(child() + child().replace("701", "702"));
    assertThat(summary.backwards()).isFalse();
  }

  @Test
  void aPanicForLackOfMemoryIsAnEventOfItsOwn() throws IOException {
    assertThat(
            only("[  9.100000] Out of memory and no killable processes...\n".getBytes(UTF_8))
                .nobody())
        .isTrue();
    assertThat(
            only("""
                Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled
                """)
                .panic())
        .isEqualTo("Out of memory: compulsory panic_on_oom is enabled");
    assertThat(read("Kernel panic - not syncing: Fatal exception in interrupt\n")).isEmpty();
  }

  @Test
  void aStackTraceShowsThatACgroupIsFull() throws IOException {
    String header = "loom invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
    assertThat(only(header + "\n mem_cgroup_out_of_memory+0xbd/0xe0\n").isMemcg()).isTrue();
    assertThat(only(header + "\n ? mem_cgroup_out_of_memory+0xbd/0xe0\n").isMemcg()).isFalse();
    assertThat(only(header + "\n out_of_memory+0xbd/0xe0\n").isMemcg()).isFalse();
  }

  @Test
  void headersOfOldAndOfPatchedKernels() throws IOException {
    assertThat(only("loom invoked oom-killer: gfp_mask=0x1201d2, order=0, oomkilladj=-17").header())
        .isEqualTo(new OomReport.Header("loom", "0x1201d2", 0, -1000));
    assertThat(only("loom invoked oom-killer: gfp_mask=0x800d0order=0oom_score_adj=7").header())
        .isEqualTo(new OomReport.Header("loom", "0x800d0", 0, 7));
    assertThat(
            only("loom invoked oom-killer: order=1, oom_score_adj=7, gfp_mask=0xd0(GFP_KERNEL)")
                .header())
        .isEqualTo(new OomReport.Header("loom", "0xd0(GFP_KERNEL)", 1, 7));
  }

  @Test
  void whatSomebodyLeftOutIsNoPartOfALine() throws IOException {
    String head =
        "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name";
    OomReport report =
        only(
            "[    9.100000] "
                + head
                + "\n(...snipped...)\n[    9.200000] [   12]     0    12      540      200"
                + "       9       3        0             0 weaver\n<cut>\n"
                + "[    9.300000] Out of memory: Kill process 12 (weaver) score 8 or sacrifice"
                + " child\n[    9.400000] Killed process 12 (weaver) total-vm:2160kB,"
                + " anon-rss:800kB, file-rss:0kB\n");

    assertThat(report.tasks()).extracting(Task::name).containsExactly("weaver");
  }

  @Test
  void aKillLineMayNameAnyThread() throws IOException {
    OomReport report = only(child().replace("process 701", "process 705"));

    List<Kill> kills = report.kills();
    assertThat(report.rowsOf(kills, 4)).extractingByKey(kills.get(0)).returns(701L, Task::pid);
    assertThat(report.rowsOf(kills, 64)).isEmpty();
  }

  @Test
  void openVz() throws IOException {
    Kill kill =
        only("Out of memory in UB 105: OOM killed process 51 (loom) score 0 vm:8000kB, rss:640kB,"
                + " swap:0kB\n")
            .victim();

    assertThat(kill.name()).isEqualTo("loom");
    assertThat(kill.totalVmKb()).isEqualTo(8000);
    assertThat(kill.anonKb()).isEqualTo(640);
  }

  private OomReport only(String log) throws IOException {
    return only(log.getBytes(UTF_8));
  }
}
