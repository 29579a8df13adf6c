package org.oomlab.daemon;

import static org.oomlab.daemon.Type.BYTES;
import static org.oomlab.daemon.Type.ERE;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.PERCENT;
import static org.oomlab.daemon.Type.SPAN;
import static org.oomlab.daemon.Type.TEXT;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** rfjakob's earlyoom: looks at /proc/meminfo up to ten times a second. */
final class Earlyoom {
  private static final String MAIN = "earlyoom 1.9 main.c, main()";
  private static final String KILL = "earlyoom 1.9 msg.c, parse_term_kill_tuple(): half of it";
  private static final String MEM = "MemAvailable + AnonPages (of MemTotal before 1.8)";
  private static final double LONGEST = 1e18;

  static final Table TABLE =
      new Table(
          "earlyoom",
          List.of(
              Option.off("mem_min", BYTES, MAIN, "SIGTERM at this much MemAvailable or less.")
                  .also("-M", "mem_term")
                  .from(0, 1L << 50),
              Option.of("mem_kill", BYTES, "", KILL, "SIGKILL at this much MemAvailable or less.")
                  .derived(others -> half(others.apply("mem_min")))
                  .from(0, 1L << 50),
              Option.off("swap_min", BYTES, MAIN, "SIGTERM at this much free swap or less.")
                  .also("-S", "swap_term")
                  .from(0, 1L << 50),
              Option.of("swap_kill", BYTES, "", KILL, "SIGKILL at this much free swap or less.")
                  .derived(others -> half(others.apply("swap_min")))
                  .from(0, 1L << 50),
              Option.of(
                      "mem_min_percent",
                      PERCENT,
                      "",
                      MAIN,
                      "SIGTERM at this share of " + MEM + " or less.")
                  .derived(others -> others.apply("mem_min").isSet() ? null : "10%")
                  .also("-m", "mem_term_percent")
                  .from(0, 99),
              Option.of(
                      "mem_kill_percent",
                      PERCENT,
                      "",
                      KILL,
                      "SIGKILL at this share of " + MEM + " or less.")
                  .derived(others -> half(others.apply("mem_min_percent")))
                  .from(0, 99),
              Option.of(
                      "swap_min_percent",
                      PERCENT,
                      "",
                      MAIN,
                      "And at this share of SwapTotal free or less; without swap it is 0 %.")
                  .derived(others -> others.apply("swap_min").isSet() ? null : "10%")
                  .also("-s", "swap_term_percent")
                  .from(0, 100),
              Option.of(
                      "swap_kill_percent",
                      PERCENT,
                      "",
                      KILL,
                      "And for SIGKILL at this share of SwapTotal free or less.")
                  .derived(others -> half(others.apply("swap_min_percent")))
                  .from(0, 100),
              Option.off("prefer", ERE, MAIN, "Adds 300 to the oom_score of a matching comm."),
              Option.off("avoid", ERE, MAIN, "Takes 300 from the oom_score of a match."),
              Option.off("ignore", ERE, MAIN, "Never kills what matches."),
              Option.of("sort-by-rss", FLAG, "false", MAIN, "By rss and not by oom_score."),
              Option.of("ignore-root-user", FLAG, "false", MAIN, "Never kills what root owns."),
              Option.of("kill_process_group", FLAG, "false", MAIN, "Kills the whole group.")
                  .also("-g"),
              Option.of("kernel-oom", FLAG, "false", MAIN, "Asks the kernel by SysRq-f instead."),
              Option.of("kill_wait", SPAN, "10s", MAIN, "How long it waits for a victim's end.")
                  .also("-w")
                  .from(0, LONGEST),
              Option.of("report_interval", SPAN, "1s", MAIN, "Between lines of its log; 0 is off.")
                  .also("-r")
                  .from(0, LONGEST),
              Option.of("priority", FLAG, "false", MAIN, "Sets its own nice to -20, adj to -100.")
                  .also("-p"),
              Option.of("notify", FLAG, "false", MAIN, "Tells the desktop.").also("-n"),
              Option.off("notify_script", TEXT, MAIN, "Runs this after a kill.").also("-N"),
              Option.off("prekill_script", TEXT, MAIN, "Runs this 200 ms before a kill.")
                  .also("-P"),
              Option.of("dryrun", FLAG, "false", MAIN, "Kills nobody."),
              Option.of("syslog", FLAG, "false", MAIN, "Logs to syslog."),
              Option.of("debug", FLAG, "false", MAIN, "Says more.").also("-d")),
          List.of(
              DaemonProcess.part(
                  "2MiB",
                  true,
                  -20,
                  "normal",
                  -100,
                  "earlyoom.service: Nice=-20, OOMScoreAdjust=-100; main.c calls mlockall();"
                      + " about 2 MiB by its manual")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn(
              "rule",
              "memory and swap must both be at or below; the test is <=",
              "earlyoom 1.9 main.c, lowmem_sig()"),
          new BuiltIn(
              "base of -m",
              "MemAvailable + AnonPages; MemTotal before 1.8",
              "earlyoom 1.9 meminfo.c"),
          new BuiltIn(
              "base of -s",
              "SwapTotal; without swap SwapFree counts as 0 %, so that it always holds",
              "earlyoom 1.9 meminfo.c"),
          new BuiltIn(
              "poll",
              "100 to 1000 ms, by the headroom: 6000 KiB/ms of memory and 800 KiB/ms of swap",
              "earlyoom 1.9 main.c, sleep_time_ms()"),
          new BuiltIn(
              "victim",
              "the largest oom_score, then rss; one process and not its group",
              "earlyoom 1.9 kill.c, find_largest_process()"));

  private Earlyoom() {}

  private static @Nullable String half(Setting term) {
    return term.has() ? term.option().write(term.number() / 2) : null;
  }
}
