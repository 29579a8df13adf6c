package org.oomlab.daemon;

import static org.oomlab.daemon.Type.PERCENT;
import static org.oomlab.daemon.Type.SPAN;
import static org.oomlab.daemon.Type.TEXT;

import java.util.List;

/** systemd-oomd: kills cgroups by the pressure they are under, or the swap they hold. */
final class SystemdOomd {
  private static final String MANAGER = "systemd 262 src/oom/oomd-manager.h";
  private static final String CONF = "systemd 262 src/oom/oomd-conf.c";
  private static final String UNIT = "systemd 262 man/systemd.resource-control.xml";
  private static final double LONGEST = 1e18;

  private static final Table UNITS =
      Table.of(
          "unit",
          List.of(
              Option.off("cgroup", TEXT, "", "The unit, or the path of its cgroup."),
              Option.choice(
                  "ManagedOOMSwap",
                  List.of("auto", "kill"),
                  UNIT,
                  "Whether what is below it may be killed by SwapUsedLimit."),
              Option.choice(
                  "ManagedOOMMemoryPressure",
                  List.of("auto", "kill"),
                  UNIT,
                  "Whether what is below it may be killed for its pressure."),
              Option.of(
                      "ManagedOOMMemoryPressureLimit",
                      PERCENT,
                      "0%",
                      UNIT + ": 0 % takes DefaultMemoryPressureLimit",
                      "Full avg10 of this cgroup above which it is under pressure.")
                  .from(0, 100),
              Option.off(
                      "ManagedOOMMemoryPressureDurationSec",
                      SPAN,
                      UNIT + ": unset takes DefaultMemoryPressureDurationSec",
                      "For how long.")
                  .from(0, LONGEST),
              Option.choice(
                  "ManagedOOMPreference",
                  List.of("none", "avoid", "omit"),
                  UNIT,
                  "Whether others are killed before it, or it is not killed at all."),
              Option.off("OOMRules", TEXT, UNIT, "The rules it takes part in, with blanks.")));

  private static final Table RULES =
      Table.of(
          "rule",
          List.of(
              Option.off("name", TEXT, CONF, "The file's name without .oomrule."),
              Option.off("MemoryPressureAbove", PERCENT, CONF, "Full avg10 of the cgroup above it.")
                  .from(0, 100),
              Option.off("SwapUsageMax", PERCENT, CONF, "Swap of the machine used above it.")
                  .from(0, 100),
              Option.of("LastingSec", SPAN, "0s", CONF, "For how long both.").from(0, LONGEST),
              Option.choice(
                      "Action",
                      List.of("kill-all", "kill-by-pgscan", "kill-by-swap"),
                      CONF,
                      "Whom it kills.")
                  .derived(Option.NONE)));

  static final Table TABLE =
      new Table(
          "systemd-oomd",
          List.of(
              Option.of(
                      "SwapUsedLimit",
                      PERCENT,
                      "90%",
                      MANAGER,
                      "Acts when more of memory and more of swap is used than this.")
                  .from(0, 100),
              Option.of(
                      "DefaultMemoryPressureLimit",
                      PERCENT,
                      "60%",
                      MANAGER,
                      "Full avg10 of a unit's cgroup above which it is under pressure.")
                  .from(0, 100),
              Option.of(
                      "DefaultMemoryPressureDurationSec",
                      SPAN,
                      "30s",
                      MANAGER,
                      "For how long, before it acts.")
                  .from(1e9, LONGEST),
              Option.of(
                      "PrekillHookTimeoutSec",
                      SPAN,
                      "0s",
                      CONF,
                      "How long it waits for hooks before a kill.")
                  .from(0, LONGEST)),
          List.of(
              Table.Part.many("units", UNITS),
              Table.Part.many("rules", RULES),
              DaemonProcess.part(
                  "4MiB",
                  false,
                  0,
                  "normal",
                  -900,
                  "units/systemd-oomd.service.in: OOMScoreAdjust=-900, MemoryMin=64M,"
                      + " MemoryLow=64M; its size is a guess")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn("poll of swap", "150 ms", "systemd 262 src/oom/oomd-manager.h"),
          new BuiltIn("poll of pressure", "1 s", "systemd 262 src/oom/oomd-manager.h"),
          new BuiltIn("pressure", "full avg10 of the cgroup", "systemd 262 src/oom/oomd-util.c"),
          new BuiltIn(
              "pause", "15 s after a kill for pressure", "systemd 262 src/oom/oomd-manager.h"),
          new BuiltIn(
              "reclaim",
              "no kill for pressure unless the cgroup reclaimed within 30 s",
              "systemd 262 src/oom/oomd-manager.h"),
          new BuiltIn(
              "victim by swap",
              "more than 5 % of all swap, the most first",
              "systemd 262 src/oom/oomd-manager.h"),
          new BuiltIn(
              "SwapUsedLimit",
              "of memory used and of swap used, both",
              "systemd 262 src/oom/oomd-util.c"),
          new BuiltIn("signal", "SIGKILL", "systemd 262 src/oom/oomd-util.c"));

  private SystemdOomd() {}
}
