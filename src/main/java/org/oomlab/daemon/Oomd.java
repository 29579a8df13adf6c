package org.oomlab.daemon;

import static org.oomlab.daemon.Type.COUNT;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.NUMBER;
import static org.oomlab.daemon.Type.PERCENT;
import static org.oomlab.daemon.Type.SHARE;
import static org.oomlab.daemon.Type.SPAN;
import static org.oomlab.daemon.Type.TEXT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Facebook's oomd: rulesets of detectors and actions. Groups of detectors are alternatives, and all
 * detectors of a group must hold.
 */
final class Oomd {
  private static final double LONGEST = 1e18;
  private static final double MOST = Integer.MAX_VALUE;
  private static final String RULESET = "oomd 0.5.0 engine/Ruleset.h";
  private static final String PLUGIN = "oomd 0.5.0 plugins/";

  private static final Option NAME = Option.off("name", TEXT, "", "Which plugin.");
  private static final Option CGROUP =
      Option.off("cgroup", TEXT, "", "The cgroups, with commas and wildcards.");

  private static final Option RESOURCE =
      Option.choice("resource", List.of("io", "memory"), "", "Pressure on what.")
          .derived(Option.NONE);
  private static final Option DURATION =
      Option.off("duration", SPAN, "", "For at least how long.").from(-LONGEST, LONGEST);
  private static final Option THRESHOLD =
      Option.off("threshold", PERCENT, "", "Full pressure above this.");

  /** By name; made when first needed. */
  private static final class Variants {
    private static final Map<String, Table> ALL = new LinkedHashMap<>();

    static {
      detectors();
      actions();
    }

    private static void detectors() {
      plugin("pressure_above", CGROUP, RESOURCE, THRESHOLD, DURATION);
      plugin(
          "pressure_rising_beyond",
          CGROUP,
          RESOURCE,
          THRESHOLD,
          DURATION,
          Option.of(
              "fast_fall_ratio",
              NUMBER,
              "0.85",
              PLUGIN + "PressureRisingBeyond.h",
              "Not while the 10 s average falls below this share of its last value."));
      plugin(
          "memory_above",
          CGROUP,
          Option.off("threshold", SHARE, "", "Memory of the cgroup above this."),
          Option.off("threshold_anon", SHARE, "", "Anonymous memory above this; goes before."),
          DURATION);
      plugin("memory_reclaim", CGROUP, DURATION);
      plugin(
          "swap_free",
          Option.off("threshold_pct", PERCENT, "", "Free swap below this."),
          Option.of(
                  "swapout_bps_threshold",
                  COUNT,
                  "0",
                  PLUGIN + "SwapFree.h (in no document)",
                  "And at least so many bytes swapped out per second.")
              .from(0, 1e18));
      plugin(
          "exists",
          CGROUP,
          Option.of("negate", FLAG, "false", PLUGIN + "Exists.h", "The other way round."));
      plugin(
          "nr_dying_descendants",
          CGROUP,
          Option.off("count", COUNT, "", "Dying cgroups below it.").from(0, MOST),
          Option.of("lte", FLAG, "true", PLUGIN + "NrDyingDescendants.h", "At most, or more."),
          Option.of("negate", FLAG, "false", PLUGIN + "NrDyingDescendants.h", "Not so."));
      plugin(
          "dump_cgroup_overview",
          CGROUP,
          Option.of("always", FLAG, "false", PLUGIN + "DumpCgroupOverview.h", "Whatever it is."));
      plugin("dump_kill_info");
      plugin("continue");
      plugin("stop");
    }

    private static void actions() {
      String growth = PLUGIN + "KillMemoryGrowth.h";
      kill(
          "kill_by_memory_size_or_growth",
          Option.of("size_threshold", COUNT, "50", growth, "Percent of all, to die for its size.")
              .from(0, MOST),
          Option.of("growing_size_percentile", COUNT, "80", growth, "Who may die for growing.")
              .from(0, 99),
          Option.of(
                  "min_growth_ratio",
                  NUMBER,
                  "1.25",
                  growth + "; what is written is read as a whole number",
                  "How much one must have grown.")
              .from(0, MOST));
      kill(
          "kill_by_swap_usage",
          Option.of(
              "threshold",
              SHARE,
              "1B",
              PLUGIN + "KillSwapUsage.h threshold_{1}; the manual says 1 MB",
              "With at least so much swap."),
          Option.of(
              "biased_swap_kill",
              FLAG,
              "false",
              PLUGIN + "KillSwapUsage.h",
              "Less what its protection would cover."));
      kill("kill_by_pressure", RESOURCE);
      kill("kill_by_io_cost");
      kill("kill_by_pg_scan");
      String senpai = PLUGIN + "Senpai.h";
      plugin(
          "senpai",
          CGROUP,
          Option.off("limit_min_bytes", COUNT, senpai, "Leaves at least this."),
          Option.off("limit_max_bytes", COUNT, senpai, "Leaves at most this."),
          Option.off("interval", COUNT, senpai, "Looks between probes."),
          Option.off("pressure_ms", COUNT, senpai, "Pressure it aims at."),
          Option.off("pressure_pct", NUMBER, senpai, "Pressure at which it steps back."),
          Option.off("io_pressure_pct", NUMBER, senpai, "The same of io."),
          Option.off("max_probe", NUMBER, senpai, "Largest step down."),
          Option.off("max_backoff", NUMBER, senpai, "Largest step up."),
          Option.off("coeff_probe", NUMBER, senpai, "How steep down."),
          Option.off("coeff_backoff", NUMBER, senpai, "How steep up."),
          Option.off("immediate_backoff", FLAG, senpai, "Steps back at once."),
          Option.off("memory_high_timeout_ms", COUNT, senpai, "How long a limit stands."),
          Option.off("swap_threshold", NUMBER, senpai, "Share of swap it may use."),
          Option.off("swapout_bps_threshold", COUNT, senpai, "Swapping it may cause."),
          Option.off("swap_validation", FLAG, senpai, "Whether it looks at swap."),
          Option.off("modulate_swappiness", FLAG, senpai, "Whether it turns swap off."),
          Option.off("log_interval", COUNT, senpai, "Looks between lines of its log."),
          Option.off("scuba_logger_dataset", TEXT, senpai, "Where it reports."));
      plugin("systemd_restart", Option.off("service", TEXT, "", "Restarts this."), dry(), delay());
      plugin("dummy_prekill_hook", CGROUP);
    }

    private static Option dry() {
      return Option.of("dry", FLAG, "false", PLUGIN + "BaseKillPlugin.h", "Kills nobody.");
    }

    private static Option delay() {
      return Option.off(
              "post_action_delay",
              SPAN,
              PLUGIN + "BaseKillPlugin.h: unset takes that of the ruleset",
              "Pauses the ruleset for so long after a kill.")
          .from(0, LONGEST);
    }

    private static void kill(String name, Option... own) {
      String base = PLUGIN + "BaseKillPlugin.h";
      List<Option> options = new ArrayList<>();
      options.add(CGROUP);
      options.addAll(List.of(own));
      options.add(Option.of("recursive", FLAG, "false", base, "Looks among their children."));
      options.add(delay());
      options.add(dry());
      options.add(
          Option.of("always_continue", FLAG, "false", base, "Does the next action all the same."));
      options.add(Option.of("debug", FLAG, "false", base, "Says more."));
      options.add(Option.of("kernelkill", FLAG, "false", base, "By cgroup.kill."));
      options.add(Option.of("reap_memory", FLAG, "true", base, "Calls process_mrelease."));
      plugin(name, options.toArray(Option[]::new));
    }

    private static void plugin(String name, Option... own) {
      List<Option> options = new ArrayList<>();
      options.add(NAME);
      options.addAll(List.of(own));
      ALL.put(name, Table.of(name, options));
    }
  }

  private static Table.Part plugins(String key) {
    return new Table.Part(key, true, () -> Table.of("plugin", List.of(NAME)), () -> Variants.ALL);
  }

  private static final Table GROUP =
      new Table(
          "group",
          List.of(Option.off("name", TEXT, "", "What the group is called.")),
          List.of(plugins("plugins")));

  private static final String PARSER = "oomd 0.5.0 config/JsonConfigParser.cpp";

  private static final Table DROP_IN =
      Table.of(
          "drop-in",
          List.of(
              Option.of("detectors", FLAG, "false", PARSER, "Drop-ins may replace detectors."),
              Option.of("actions", FLAG, "false", PARSER, "Drop-ins may replace actions."),
              Option.of(
                  "disable-on-drop-in", FLAG, "false", PARSER, "Off while there is a drop-in.")));

  private static final Table RULESETS =
      new Table(
          "ruleset",
          List.of(
              Option.off("name", TEXT, "", "What it is called."),
              Option.of("post_action_delay", SPAN, "15s", RULESET, "Its pause after a kill.")
                  .from(0, LONGEST),
              Option.of("prekill_hook_timeout", SPAN, "5s", RULESET, "How long a hook may take.")
                  .from(0, LONGEST),
              Option.off("silence-logs", TEXT, RULESET, "Whose log lines are left out."),
              Option.off("cgroup", TEXT, RULESET, "Runs once for each of these cgroups."),
              Option.off("xattr_filter", TEXT, RULESET, "Of those, which.")),
          List.of(
              Table.Part.one("drop-in", DROP_IN),
              Table.Part.many("detectors", GROUP),
              plugins("actions")));

  static final Table TABLE =
      new Table(
          "oomd",
          List.of(
              Option.of(
                      "interval",
                      SPAN,
                      "5s",
                      "oomd 0.5.0 Main.cpp; the packaged unit has --interval 1",
                      "Between looks.")
                  .also("-i", "--interval")
                  .from(1e9, LONGEST)),
          List.of(
              Table.Part.many("rulesets", RULESETS),
              plugins("prekill_hooks"),
              DaemonProcess.part(
                  "64MiB",
                  false,
                  0,
                  "normal",
                  -1000,
                  "oomd.service: OOMScoreAdjust=-1000, MemoryMin=64M; its size is a guess")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn(
              "detectors",
              "groups are alternatives; all detectors of a group must hold",
              "oomd 0.5.0 engine/Ruleset.cpp"),
          new BuiltIn(
              "pressure_above",
              "full, > threshold for >= duration",
              "oomd 0.5.0 plugins/PressureAbove.cpp"),
          new BuiltIn("signal", "SIGKILL", "oomd 0.5.0 plugins/BaseKillPlugin.cpp"),
          new BuiltIn(
              "file", "/etc/oomd.json; Debian has /etc/oomd/oomd.json", "oomd 0.5.0 Main.cpp"));

  private Oomd() {}
}
