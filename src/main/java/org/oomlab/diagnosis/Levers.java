package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.OomReport;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Workload;

/** What would have avoided a kill: tried in the simulation, one lever at a time. */
final class Levers {
  private final Case of;
  private final String victim;
  private final OomReport report;

  Levers(Case of, String victim, OomReport report) {
    this.of = of;
    this.victim = victim;
    this.report = report;
  }

  List<String> tried(Policy newest) {
    List<String> told = new ArrayList<>();
    protection(told);
    group(told);
    // Where the request could not use what was free, more of it would only seem to help.
    if (Doubts.ofPicture(report).isEmpty()) {
      room(told);
      watermark(told);
      told.add("with more swap: not tried, for the model swaps nothing out");
    }
    kernel(told, newest);
    return told;
  }

  /** Whether a cgroup that dies as one would have. */
  private void group(List<String> told) {
    Workload as = of.workload();
    if (!report.isMemcg() || report.isGroup() || as.cgroups().isEmpty()) {
      return;
    }
    List<CgroupSpec> cgroups = new ArrayList<>();
    for (CgroupSpec each : as.cgroups()) {
      cgroups.add(
          new CgroupSpec(
              each.name(), each.parent(), each.limit(), true, each.oomKillDisable(), each.soft()));
    }
    Outcome outcome = run(Diagnostician.changed(as, as.machine(), cgroups, as.processes()));
    told.add(
        "with memory.oom.group: "
            + outcome.kills().size()
            + (outcome.kills().size() == 1 ? " process dies" : " processes die")
            + ", and nothing of it is left half working");
  }

  /** The largest min watermark with which the request would not have had to wait. */
  private void watermark(List<String> told) {
    MachineSpec m = of.workload().machine();
    if (report.isMemcg() || m.min() <= 1) {
      return;
    }
    long low = 0; // Enough, if any is.
    long high = m.min();
    if (!isEnoughWithMin(low)) {
      return;
    }
    while (low + 1 < high) {
      long middle = (low + high) >>> 1;
      if (isEnoughWithMin(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    told.add(
        "with a min watermark (vm.min_free_kbytes) of "
            + low * 4
            + "kB or less in place of "
            + m.min() * 4
            + "kB: this request is satisfied; what may not wait then has so much less, and it has"
            + " only been postponed");
  }

  private boolean isEnoughWithMin(long min) {
    Workload as = of.workload();
    MachineSpec less = as.machine().withMin(min);
    return run(Diagnostician.changed(as, less, as.cgroups(), as.processes())).kills().isEmpty();
  }

  /** Whether the newest kernel would have chosen otherwise. */
  private void kernel(List<String> told, Policy newest) {
    if (newest.name().equals(of.policy().name())) {
      return;
    }
    Outcome outcome =
        new Episode(new Case(of.workload(), of.costs(), newest, of.rigour()), false).run(1);
    String first = outcome.kills().isEmpty() ? "" : outcome.kills().get(0).victim();
    told.add(
        "with the kernel of "
            + newest.name()
            + ": "
            + (first.equals(victim)
                ? "the same victim"
                : first.isEmpty() ? outcome.verdictText() + ", nobody" : first + " dies instead"));
  }

  private Outcome run(Workload workload) {
    return new Episode(new Case(workload, of.costs(), of.policy(), of.rigour()), false).run(1);
  }

  /** Who dies if the victim may not. */
  private void protection(List<String> told) {
    Workload as = of.workload();
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : as.processes()) {
      processes.add(
          each.name().equals(victim) ? each.with(-1000, each.memory(), each.threads()) : each);
    }
    Outcome outcome = run(Diagnostician.changed(as, as.machine(), as.cgroups(), processes));
    if (outcome.kills().isEmpty()) {
      told.add("with oom_score_adj -1000 on " + victim + ": " + outcome.verdictText());
    } else {
      told.add(
          "with oom_score_adj -1000 on "
              + victim
              + ": "
              + outcome.kills().get(0).victim()
              + " dies instead");
    }
  }

  /**
   * The least memory, or the least limit, that the one request behind the kill would have needed.
   * How much would have been asked for afterwards is not in the log, so it is a lower bound.
   */
  private void room(List<String> told) {
    boolean memcg = report.isMemcg();
    long low = 0;
    long high = 1;
    long most = of.workload().machine().memory() * 4L;
    while (high < most && !isEnough(high, memcg)) {
      low = high;
      high *= 4;
    }
    if (high >= most) {
      return;
    }
    while (low + 1 < high) {
      long middle = (low + high) >>> 1;
      if (isEnough(middle, memcg)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    long unusedKb = report.circumstances().hugeFreeKb();
    if (!memcg && unusedKb / 4 > high) {
      told.add(
          "with a smaller pool of huge pages: "
              + Bytes.human(unusedKb / 4)
              + " of it were not in use, and "
              + Bytes.human(high)
              + " would have been enough for this request");
    }
    told.add(
        (memcg
                ? "with a limit higher by " + Bytes.human(high)
                : "with " + Bytes.human(high) + " more")
            + ": this request is satisfied; for how long is not in the log, so it may only have"
            + " postponed the kill");
  }

  private boolean isEnough(long pages, boolean memcg) {
    Workload as = of.workload();
    MachineSpec m = as.machine();
    if (!memcg) {
      MachineSpec more = m.grownBy(pages);
      return run(Diagnostician.changed(as, more, as.cgroups(), as.processes())).kills().isEmpty();
    }
    List<CgroupSpec> cgroups = new ArrayList<>(as.cgroups());
    CgroupSpec full = cgroups.get(0);
    if (full.limit() == Long.MAX_VALUE) {
      return false;
    }
    cgroups.set(
        0,
        new CgroupSpec(
            full.name(),
            full.parent(),
            full.limit() + pages,
            full.oomGroup(),
            full.oomKillDisable(),
            full.soft()));
    return run(Diagnostician.changed(as, m, cgroups, as.processes())).kills().isEmpty();
  }
}
