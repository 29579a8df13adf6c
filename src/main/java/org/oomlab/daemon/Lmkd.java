package org.oomlab.daemon;

import static org.oomlab.daemon.Type.COUNT;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.LEVELS;

import java.util.List;

/** Android's low memory killer daemon. Options are its properties without {@code ro.lmk.}. */
final class Lmkd {
  private static final String SOURCE = "Android 12 to 14 lmkd.cpp, update_props()";
  private static final String LATER = "Android 15 lmkd.cpp, update_props()";
  private static final String STATSD = "Android 12 lmkd.cpp, init_psi_monitors()";
  private static final double LEAST = Integer.MIN_VALUE;
  private static final double MOST = Integer.MAX_VALUE;

  static final Table TABLE =
      new Table(
          "lmkd",
          List.of(
              flag("low_ram", "false", "ro.config.low_ram: a device with little memory."),
              Option.of(
                      "per_app_memcg",
                      FLAG,
                      "",
                      SOURCE + ": low_ram",
                      "ro.config.per_app_memcg: a memory cgroup for each application.")
                  .derived(others -> others.apply("low_ram").text()),
              count("low", "1001", SOURCE, "Least adj that dies at low vmpressure; 1001 is off."),
              count("medium", "800", SOURCE, "Least adj that dies at medium vmpressure."),
              count("critical", "0", SOURCE, "Least adj that dies at critical vmpressure."),
              flag("debug", "false", "Says more."),
              flag("critical_upgrade", "false", "Whether a level may become critical."),
              count("upgrade_pressure", "100", SOURCE, "Below this pressure, it does."),
              count("downgrade_pressure", "100", SOURCE, "Above this, a level is left out."),
              flag("kill_heaviest_task", "false", "The heaviest of an adj, or the last used."),
              count("kill_timeout_ms", "100", SOURCE, "How long it waits for a victim's end.")
                  .from(0, MOST),
              flag("use_minfree_levels", "false", "Decides by the old kernel driver's levels."),
              Option.off(
                  "minfree_levels",
                  LEVELS,
                  SOURCE,
                  "sys.lmk.minfree_levels: pages:adj with commas, as the framework sets them."),
              count("swap_free_low_percentage", "10", SOURCE, "Swap is low with so much free.")
                  .from(0, 100),
              ram("psi_partial_stall_ms", "70", "200", "Some stall in 1 s that wakes it."),
              count("psi_complete_stall_ms", "700", SOURCE, "Full stall in 1 s that wakes it."),
              ram("thrashing_limit", "100", "30", "Refaults in percent of file pages.")
                  .from(0, MOST),
              ram("thrashing_limit_decay", "10", "50", "Percent it is cut by after a kill.")
                  .from(0, 100),
              Option.of(
                      "thrashing_limit_critical",
                      COUNT,
                      "",
                      SOURCE + ": thrashing_limit x 3",
                      "Above this, applications that can be seen die as well.")
                  .derived(
                      others ->
                          Type.decimal(
                              Math.min(MOST, 3 * others.apply("thrashing_limit").number())))
                  .from(0, MOST),
              count("swap_util_max", "100", SOURCE, "Percent of anonymous memory swapped out.")
                  .from(0, 100),
              count("filecache_min_kb", "0", SOURCE, "Kills after thrashing below this.")
                  .from(0, 1e15),
              count("stall_limit_critical", "100", SOURCE, "Full avg10 above which anyone dies."),
              count("pressure_after_kill_min_score", "0", SOURCE, "Least adj right after a kill."),
              Option.of("use_psi", FLAG, "true", STATSD, "Wakes by PSI, not by vmpressure."),
              Option.of(
                      "use_new_strategy",
                      FLAG,
                      "",
                      STATSD + ": low_ram or not use_minfree_levels",
                      "Decides by watermarks, swap and thrashing.")
                  .derived(
                      others ->
                          String.valueOf(
                              others.apply("low_ram").flag()
                                  || !others.apply("use_minfree_levels").flag())),
              count("lowmem_min_oom_score", "701", LATER, "Least adj that dies at low memory.")
                  .from(201, 1001),
              count("direct_reclaim_threshold_ms", "0", LATER, "Kills after so long in reclaim."),
              count("swap_compression_ratio", "1", LATER, "How much zram compresses."),
              count("swap_compression_ratio_div", "1", LATER, "What divides that.")),
          List.of(
              DaemonProcess.part(
                  "4MiB",
                  true,
                  0,
                  "fifo",
                  -1000,
                  "lmkd.rc; lmkd.cpp main(): mlockall(), SCHED_FIFO 1; its size is a guess")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn("PSI window", "1000 ms", "Android 12 lmkd.cpp, PSI_WINDOW_SIZE_MS"),
          new BuiltIn(
              "poll",
              "10 or 100 ms for one window after an event",
              "Android 12 lmkd.cpp, PSI_POLL_PERIOD_SHORT_MS"),
          new BuiltIn(
              "signal",
              "SIGKILL, then process_mrelease",
              "Android 12 lmkd.cpp, kill_one_process()"));

  private Lmkd() {}

  private static Option flag(String name, String text, String doc) {
    return Option.of(name, FLAG, text, SOURCE, doc);
  }

  private static Option count(String name, String text, String where, String doc) {
    return Option.of(name, COUNT, text, where, doc).from(LEAST, MOST);
  }

  /** One whose default is another on a device with little memory. */
  private static Option ram(String name, String high, String low, String doc) {
    return count(name, high, SOURCE + ": " + low + " with low_ram", doc)
        .derived(others -> others.apply("low_ram").flag() ? low : high);
  }
}
