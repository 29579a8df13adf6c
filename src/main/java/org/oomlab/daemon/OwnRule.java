package org.oomlab.daemon;

import static org.oomlab.daemon.Type.PERCENT;
import static org.oomlab.daemon.Type.SPAN;

import java.util.List;

/** A daemon of one rule, as people write them for themselves; no program of this name exists. */
final class OwnRule {
  private static final String OURS = "of no program: as d2 of the pressure laboratory has it";
  private static final double LONGEST = 1e18;

  static final Table TABLE =
      new Table(
          "rule",
          List.of(
              Option.of("every", SPAN, "1s", OURS, "How often it looks.").from(1e6, LONGEST),
              Option.choice(
                  "psi", List.of("full", "some"), OURS, "Which memory pressure of the machine."),
              Option.choice(
                  "psi_avg", List.of("10", "60", "300"), OURS, "Its average over so many seconds."),
              Option.off("psi_above", PERCENT, OURS, "Acts where that is above this.").from(0, 100),
              Option.off("mem_used_above", PERCENT, OURS, "And more of memory is used than this.")
                  .from(0, 100),
              Option.off("swap_used_above", PERCENT, OURS, "And more of swap is used than this.")
                  .from(0, 100),
              Option.of("lasting", SPAN, "0s", OURS, "For how long all that.").from(0, LONGEST),
              Option.of("pause", SPAN, "0s", OURS, "How long it does nothing after a kill.")
                  .from(0, LONGEST),
              Option.choice(
                  "victim",
                  List.of("size", "swap", "oom_score"),
                  OURS,
                  "Whoever has most: memory and swap together, swap, or oom_score."),
              Option.choice("signal", List.of("KILL", "TERM"), OURS, "What it sends.")),
          List.of(
              DaemonProcess.part("2MiB", true, 0, "normal", -900, "the laboratory's own daemon")));

  private OwnRule() {}
}
