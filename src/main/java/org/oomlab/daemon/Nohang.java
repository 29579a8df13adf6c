package org.oomlab.daemon;

import static org.oomlab.daemon.Type.COUNT;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.NUMBER;
import static org.oomlab.daemon.Type.PYTHON;
import static org.oomlab.daemon.Type.SHARE;
import static org.oomlab.daemon.Type.SPAN;
import static org.oomlab.daemon.Type.TEXT;

import java.util.ArrayList;
import java.util.List;

/**
 * hakavlad's nohang.
 *
 * <p>The program has no defaults, and refuses a file that leaves a key out. What stands here is
 * what its shipped file has.
 */
final class Nohang {
  private static final String FILE = "nohang 0.3.0 conf/nohang/nohang.conf.in, the shipped file";
  private static final double LONGEST = 1e18;
  private static final double SECOND = 1e9;
  private static final double MOST = 1e15;
  private static final List<String> METRICS =
      List.of("full_avg10", "full_avg60", "full_avg300", "some_avg10", "some_avg60", "some_avg300");
  private static final List<String> EXTRA =
      List.of("None", "cgroup_v1", "cgroup_v2", "realpath", "cwd", "cmdline", "environ");
  private static final List<String> MATCHES =
      List.of("NAME", "CGROUP_V1", "CGROUP_V2", "REALPATH", "CWD", "CMDLINE", "UID", "ENVIRON");

  private static final String SOURCE = "nohang 0.3.0 src/nohang";

  private static final Table BADNESS =
      Table.of(
          "badness_adj",
          List.of(
              Option.choice("match", MATCHES, SOURCE, "What the pattern is held against."),
              Option.off("badness_adj", COUNT, SOURCE, "Added to the badness of a match."),
              Option.off("pattern", PYTHON, SOURCE, "A Python regular expression.")));

  private static final Table ACTIONS =
      Table.of(
          "soft_action",
          List.of(
              Option.choice(
                  "match", List.of("NAME", "CGROUP_V1", "CGROUP_V2"), SOURCE, "Against what."),
              Option.off("pattern", PYTHON, SOURCE, "A Python regular expression."),
              Option.off("command", TEXT, SOURCE, "Run instead of SIGTERM.")));

  static final Table TABLE =
      new Table(
          "nohang",
          options(),
          List.of(
              Table.Part.many("badness_adj", BADNESS),
              Table.Part.many("soft_actions", ACTIONS),
              DaemonProcess.part(
                  "15MiB",
                  false,
                  -20,
                  "normal",
                  -5,
                  "systemd/nohang.service.in: Nice=-20, MemoryMax=100M; about 10 to 17 MiB by its"
                      + " README; whether it locks its memory depends on the version")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn("defaults", "none: every key must be in the file", "nohang 0.3.0 src/nohang"),
          new BuiltIn(
              "rule",
              "MemAvailable of MemTotal and SwapFree of SwapTotal must both be at or below",
              "nohang 0.3.0 src/nohang"),
          new BuiltIn(
              "zram and pressure",
              "only with MemAvailable at or below the soft or hard threshold; pressure only with swap",
              "nohang 0.3.0 src/nohang, check_zram_ex() and check_psi_ex()"),
          new BuiltIn("soft and hard", "SIGTERM or a command; SIGKILL", "nohang 0.3.0 src/nohang"));

  private Nohang() {}

  private static List<Option> options() {
    List<Option> all = new ArrayList<>();
    all.add(flag("zram_checking_enabled", false, "Whether zram is looked at."));
    all.add(flag("psi_checking_enabled", false, "Whether pressure is looked at."));
    all.add(Option.of("psi_path", TEXT, "/proc/pressure/memory", FILE, "The pressure of what."));
    all.add(Option.choice("psi_metrics", METRICS, FILE, "Which average."));
    all.add(span("psi_excess_duration", "30s", 0, "How long pressure must exceed."));
    all.add(span("psi_post_action_delay", "15s", 10 * SECOND, "Pause after acting on pressure."));
    all.add(number("fill_rate_mem", "6000", 100, MOST, "MiB/s at which memory may fill."));
    all.add(number("fill_rate_swap", "2000", 100, MOST, "The same of swap."));
    all.add(number("fill_rate_zram", "4000", 100, MOST, "The same of zram."));
    all.add(span("max_sleep", "3s", 0.01 * SECOND, "Longest between looks."));
    all.add(span("min_sleep", "100ms", 0.01 * SECOND, "Shortest between looks."));
    all.add(flag("post_action_gui_notifications", false, "Tells the desktop."));
    all.add(flag("hide_corrective_action_type", false, "But not what it did."));
    all.add(flag("low_memory_warnings_enabled", false, "Warns first."));
    all.add(Option.of("warning_exe", TEXT, "", FILE, "Runs this to warn."));
    thresholds(all, "warning", "20%", "25%", "45%", "10", "Warns");
    all.add(span("min_post_warning_delay", "60s", SECOND, "Between warnings."));
    all.add(span("env_cache_time", "300s", 0, "How long it remembers who to tell."));
    thresholds(all, "soft", "5%", "10%", "55%", "40", "SIGTERM");
    thresholds(all, "hard", "2%", "4%", "60%", "90", "SIGKILL");
    all.add(flag("ignore_positive_oom_score_adj", false, "Takes positive adj for 0."));
    all.add(span("max_soft_exit_time", "10s", 0.1 * SECOND, "Then SIGTERM becomes SIGKILL."));
    all.add(Option.of("post_kill_exe", TEXT, "", FILE, "Runs this after a SIGKILL."));
    all.add(Option.of("min_badness", COUNT, "1", FILE, "Least badness of a victim.").from(1, MOST));
    all.add(span("post_soft_action_delay", "3s", 0.1 * SECOND, "Pause after a SIGTERM."));
    all.add(span("post_zombie_delay", "100ms", 0, "Pause after a victim became a zombie."));
    all.add(span("victim_cache_time", "10s", 0, "How long it remembers a victim."));
    all.add(span("exe_timeout", "20s", 0.1 * SECOND, "How long a command may take."));
    all.add(flag("print_config_at_startup", false, "Log."));
    all.add(flag("print_mem_check_results", false, "Log."));
    all.add(span("min_mem_report_interval", "60s", 0, "Log."));
    all.add(flag("print_proc_table", false, "Log."));
    all.add(Option.choice("extra_table_info", EXTRA, FILE, "Log."));
    all.add(flag("print_victim_status", true, "Log."));
    all.add(flag("print_victim_cmdline", false, "Log."));
    all.add(Option.of("max_victim_ancestry_depth", COUNT, "3", FILE, "Log.").from(1, MOST));
    all.add(flag("print_statistics", true, "Log."));
    all.add(flag("debug_psi", false, "Log."));
    all.add(flag("debug_gui_notifications", false, "Log."));
    all.add(flag("debug_sleep", false, "Log."));
    all.add(flag("debug_threading", false, "Log."));
    all.add(flag("separate_log", false, "Log."));
    return all;
  }

  private static void thresholds(
      List<Option> all,
      String level,
      String mem,
      String swap,
      String zram,
      String psi,
      String doc) {
    all.add(
        Option.of(
            level + "_threshold_min_mem", SHARE, mem, FILE, doc + " at so much MemAvailable,"));
    all.add(
        Option.of(
            level + "_threshold_min_swap", SHARE, swap, FILE, "and at so much SwapFree or less."));
    all.add(Option.of(level + "_threshold_max_zram", SHARE, zram, FILE, "Or at so much in zram,"));
    all.add(
        number(
            level + "_threshold_max_psi",
            psi,
            1,
            100,
            "or at such pressure; both only with memory low as well."));
  }

  private static Option flag(String name, boolean shipped, String doc) {
    return Option.of(name, FLAG, String.valueOf(shipped), FILE, doc);
  }

  private static Option span(String name, String shipped, double least, String doc) {
    return Option.of(name, SPAN, shipped, FILE, doc).from(least, LONGEST);
  }

  private static Option number(String name, String shipped, double least, double most, String doc) {
    return Option.of(name, NUMBER, shipped, FILE, doc).from(least, most);
  }
}
