package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An episode as the log of a kernel, and as events. */
class TraceTest {
  private static String trace(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "trace";
    System.arraycopy(args, 0, all, 1, args.length);
    Cli.Result result = Cli.run(all);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.out();
  }

  /** The lines that a monitor looks for, without their times. */
  private static List<String> messages(String log) {
    return log.lines()
        .map(line -> line.substring(line.indexOf("] ") + 2))
        .filter(line -> line.matches(".*([Kk]ill|oom_reaper|panic).*"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"m31-sacrifice-child,4.14", "m30-oom-group,6.18"})
  void theWholeLogOfAVersion(String workload, String version) throws IOException {
    Path golden = Path.of("src/test/resources/org/oomlab/cli", workload + "-" + version + ".log");

    assertThat(trace(workload, "-p", "linux-" + version)).isEqualTo(Files.readString(golden));
  }

  @Test
  void aVictimThatCannotBeReapedAndTheNextOneAsLinux61SaysIt() {
    assertThat(messages(trace("lab-g4", "-p", "linux-6.1")))
        .containsExactly(
            "hog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO),"
                + " order=0, oom_score_adj=0",
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,"
                + "global_oom,task_memcg=/,task=v,pid=101,uid=1000",
            "Out of memory: Killed process 101 (v) total-vm:92644kB, anon-rss:92120kB,"
                + " file-rss:0kB, shmem-rss:524kB, UID:1000 pgtables:188kB oom_score_adj:300",
            "oom_reaper: unable to reap pid:101 (v)",
            "hog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO),"
                + " order=0, oom_score_adj=0",
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,"
                + "global_oom,task_memcg=/,task=hog,pid=103,uid=1000",
            "Out of memory: Killed process 103 (hog) total-vm:66988kB, anon-rss:66980kB,"
                + " file-rss:0kB, shmem-rss:8kB, UID:1000 pgtables:140kB oom_score_adj:0");
  }

  @Test
  void thePanicOfAMachineWithNobodyLeftToKill() {
    List<String> messages = messages(trace("lab-k2", "-p", "linux-6.1"));

    assertThat(messages)
        .containsSubsequence(
            "Out of memory and no killable processes...",
            "Kernel panic - not syncing: System is deadlocked on memory",
            "---[ end Kernel panic - not syncing: System is deadlocked on memory ]---")
        .noneMatch(line -> line.contains("Killed process"));
  }

  @Test
  void whoAskedIsKilledAndTheLogSaysWhy() {
    assertThat(trace("lab-l1", "-p", "lab-kill-allocating-task"))
        .contains("Out of memory (oom_kill_allocating_task): Killed process ");
  }

  /** gfp_mask as logs of these versions show it. */
  @ParameterizedTest
  @CsvSource({
    "linux-4.5,'gfp_mask=0x24280ca, order=0'",
    "linux-4.9,'gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0'",
    "linux-4.15,'gfp_mask=0x14280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=(null),  order=0'",
    "linux-4.17,'gfp_mask=0x6280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=(null), order=0'",
    "linux-5.10,'gfp_mask=0x100dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0'"
  })
  void headersByVersion(String policy, String expected) {
    assertThat(trace("lab-a1", "-p", policy)).contains("hog invoked oom-killer: " + expected);
  }

  @Test
  void aPatchIsLoggedInTheFormatOfTheKernelItIsFor() {
    assertThat(trace("lab-a1", "-p", "hocko-mlock")).contains("or sacrifice child\n");
  }

  @Test
  void eventsAreALineOfJsonEach() {
    String[] lines = trace("lab-a1", "-p", "linux-6.1", "--format", "ndjson").split("\n", -1);

    assertThat(lines[0])
        .matches("\\{\"time_ns\":\\d+,\"event\":\"oom_invoked\",\"task\":\"hog\",.*}");
    assertThat(lines)
        .anyMatch(line -> line.contains("\"event\":\"killed\",\"process\":\"hog\",\"badness\":"))
        .contains("");
    assertThat(lines[lines.length - 2])
        .endsWith("\"event\":\"verdict\",\"outcome\":\"recovered\"}");
  }

  @Test
  void whatIsTracedIsTheEpisodeThatIsRun() {
    String events = trace("lab-b4z", "-p", "linux-6.1", "-s", "7", "--format", "ndjson");
    String row =
        Cli.run("run", "lab-b4z", "-p", "linux-6.1", "--seeds", "7", "--each", "--format", "ndjson")
            .out();

    List<String> killed =
        events
            .lines()
            .filter(line -> line.contains("\"event\":\"killed\""))
            .map(line -> line.replaceAll(".*\"process\":\"([^\"]*)\".*", "\"$1\""))
            .toList();
    assertThat(killed).hasSize(2);
    assertThat(row).contains("\"victims\":[" + String.join(",", killed) + "]");
  }

  @Test
  void oneEpisodeAtATime() {
    Cli.Result result = Cli.run("trace", "lab-a1", "-p", "linux-6.1,linux-6.18");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("one workload under one policy can be traced at a time");
  }
}
