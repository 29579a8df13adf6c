package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.OomReport;
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

  List<String> tried() {
    List<String> told = new ArrayList<>();
    protection(told);
    // Where the request could not use what was free, more of it would only seem to help.
    if (Doubts.ofPicture(report).isEmpty()) {
      room(told);
    }
    return told;
  }

  private Outcome run(Workload workload) {
    return new Episode(new Case(workload, of.costs(), of.policy(), of.rigour()), false).run(1);
  }

  /** Who dies if the victim may not. */
  private void protection(List<String> told) {
    Workload as = of.workload();
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : as.processes()) {
      processes.add(each.name().equals(victim) ? spared(each) : each);
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

  private static ProcessSpec spared(ProcessSpec p) {
    return new ProcessSpec(
        p.name(),
        p.count(),
        -1000,
        p.root(),
        p.init(),
        p.kernelThread(),
        false,
        p.parent(),
        p.sharesMm(),
        p.vfork(),
        p.cgroup(),
        p.frozen(),
        p.start(),
        p.memory(),
        p.swapped(),
        p.aio(),
        p.exe(),
        p.coreDumping(),
        p.workUnit(),
        p.checkpoint(),
        p.threads());
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
      MachineSpec more =
          new MachineSpec(
              m.memory() + pages,
              m.free() < 0 ? -1 : m.free() + pages,
              m.min(),
              m.low(),
              m.high(),
              m.watermarkScaleFactor(),
              m.lowmemReserve(),
              m.swap(),
              m.pageCache(),
              m.dirtyCache(),
              m.writeback(),
              m.cpus(),
              m.hz());
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
            full.oomKillDisable()));
    return run(Diagnostician.changed(as, m, cgroups, as.processes())).kills().isEmpty();
  }
}
