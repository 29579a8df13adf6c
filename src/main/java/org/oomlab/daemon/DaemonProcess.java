package org.oomlab.daemon;

import java.util.List;

/**
 * What the process of a daemon is: what it holds, whether that can be swapped out, when it runs.
 */
final class DaemonProcess {
  private DaemonProcess() {}

  /**
   * The options of the {@code process:} block.
   *
   * @param where the unit file, init script or source that says so
   */
  static Table.Part part(
      String memory, boolean locked, int nice, String scheduler, int adj, String where) {
    List<String> schedulers = List.of("normal", "fifo");
    return Table.Part.one(
        "process",
        Table.of(
            "process",
            List.of(
                Option.of("memory", Type.BYTES, memory, where, "What it holds.").from(0, 1L << 50),
                Option.of(
                    "locked",
                    Type.FLAG,
                    String.valueOf(locked),
                    where,
                    "Whether it has called mlockall(), so that it is never swapped out."),
                Option.of(
                        "nice", Type.COUNT, String.valueOf(nice), where, "Its share of processors.")
                    .from(-20, 19),
                Option.choice("scheduler", schedulers, where, "Its scheduling class.")
                    .derived(others -> scheduler),
                Option.of(
                        "oom_score_adj",
                        Type.COUNT,
                        String.valueOf(adj),
                        where,
                        "How much the kernel's OOM killer spares it.")
                    .from(-1000, 1000))));
  }
}
