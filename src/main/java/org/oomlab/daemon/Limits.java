package org.oomlab.daemon;

import static org.oomlab.daemon.Type.BYTES;
import static org.oomlab.daemon.Type.COUNT;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.SHARE;
import static org.oomlab.daemon.Type.TEXT;

import java.util.List;

/** The limits of cgroups, as systemd's units and compose files have them. No daemon. */
public final class Limits {
  private static final double MOST = 1e18;
  private static final String SYSTEMD = "systemd man/systemd.resource-control.xml";
  private static final String EXEC = "systemd man/systemd.exec.xml";
  private static final String SERVICE = "systemd man/systemd.service.xml";
  private static final String ENGINE = "moby daemon/daemon_unix.go";

  private static final Table UNIT =
      Table.of(
          "unit",
          List.of(
              Option.off("cgroup", TEXT, "", "The unit, or the path of its cgroup."),
              share("MemoryMax", "infinity: none", "memory.max."),
              share("MemoryHigh", "infinity: none", "memory.high."),
              share("MemorySwapMax", "infinity: none", "memory.swap.max."),
              share("MemoryZSwapMax", "infinity: none", "memory.zswap.max."),
              share("MemoryLow", "0", "memory.low.").derived(others -> "0"),
              share("MemoryMin", "0", "memory.min.").derived(others -> "0"),
              share("DefaultMemoryLow", "0", "memory.low of those below.").derived(others -> "0"),
              share("DefaultMemoryMin", "0", "memory.min of those below.").derived(others -> "0"),
              Option.choice(
                  "OOMPolicy",
                  List.of("stop", "continue", "kill"),
                  SERVICE + ": DefaultOOMPolicy= of the manager",
                  "What is done with a unit of which the OOM killer killed a process."),
              Option.off("OOMScoreAdjust", COUNT, EXEC + ": inherited", "Of its processes.")
                  .from(-1000, 1000)));

  private static final Table COMPOSE_SERVICE =
      Table.of(
          "service",
          List.of(
              Option.off("name", TEXT, "", "What it is called."),
              Option.off("mem_limit", BYTES, ENGINE + ": none", "memory.max.").from(0, MOST),
              Option.off(
                      "memswap_limit",
                      BYTES,
                      ENGINE + ": twice mem_limit; on cgroup v2 the difference is memory.swap.max",
                      "Memory and swap together.")
                  .derived(
                      others -> {
                        Setting limit = others.apply("mem_limit");
                        return limit.isSet() ? Type.bytes(2 * limit.number()) : null;
                      })
                  .from(0, MOST),
              Option.off("mem_reservation", BYTES, ENGINE + ": none", "memory.low.").from(0, MOST),
              Option.off("mem_swappiness", COUNT, ENGINE + ": the machine's", "Only of cgroup v1.")
                  .from(-1, 100),
              Option.of("oom_score_adj", COUNT, "0", ENGINE, "Of its processes.").from(-1000, 1000),
              Option.of("oom_kill_disable", FLAG, "false", ENGINE, "Only of cgroup v1."),
              Option.of("replicas", COUNT, "1", "compose specification", "How many.")
                  .from(0, 1e6)));

  private static final Table UNITS =
      new Table("cgroup", List.of(), List.of(Table.Part.many("units", UNIT)));

  private static final Table COMPOSE =
      new Table("compose", List.of(), List.of(Table.Part.many("services", COMPOSE_SERVICE)));

  private Limits() {}

  /** Units of systemd. */
  public static Table units() {
    return UNITS;
  }

  /** Services of a compose file. */
  public static Table compose() {
    return COMPOSE;
  }

  private static Option share(String name, String where, String doc) {
    return Option.off(name, SHARE, SYSTEMD + ": " + where, doc).from(0, MOST);
  }
}
