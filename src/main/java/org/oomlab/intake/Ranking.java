package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Specs.Draftee;

/**
 * Whom the figures of a report would make the kernel choose, by oom_badness(); only to warn that
 * the claim may not hold.
 */
final class Ranking {
  private final OomReport report;
  private final KernelVersion version;
  private final ReportedProcesses processes;
  private final Draftee invoker;

  Ranking(OomReport report, KernelVersion version, ReportedProcesses processes, Draftee invoker) {
    this.report = report;
    this.version = version;
    this.processes = processes;
    this.invoker = invoker;
  }

  /** Lines about a victim that did not have the highest badness, and about the printed score. */
  List<String> remark(long totalPages) {
    List<String> lines = new ArrayList<>();
    OomReport.Kill kill = report.victim();
    Draftee victim = kill == null ? null : processes.of(kill.pid());
    if (victim == null) {
      return lines;
    }
    if (report.score() >= 0 && totalPages > 0 && !victim.origin) {
      Draftee scored = processes.of(report.chosenPid());
      if (scored != null) {
        lines.add(
            "The kernel printed a score of %d; these figures give %d."
                .formatted(report.score(), points(scored, totalPages) * 1000 / totalPages));
      }
    }
    Draftee top = top(totalPages);
    if (top != null && top != victim && !victim.origin && !top.name.equals(victim.parent)) {
      lines.add(
          "By these figures %s has the highest badness, %d against %d of %s."
              .formatted(
                  top.name, points(top, totalPages), points(victim, totalPages), victim.name));
      lines.add("The claim may not hold: " + reason(kill) + ".");
    }
    return lines;
  }

  private String reason(OomReport.Kill kill) {
    OomReport.Choice choice = report.choice();
    String constraint = choice == null ? "" : choice.constraint();
    if (constraint.equals("CONSTRAINT_CPUSET") || constraint.equals("CONSTRAINT_MEMORY_POLICY")) {
      return "the kernel looked only at tasks that may use certain nodes";
    }
    if (report.chosenPid() >= 0 && report.chosenPid() != kill.pid()) {
      return "a child was killed in place of the one that was chosen";
    }
    if (version.isKnown()
        && !version.isBefore(5, 1)
        && version.isBefore(5, 9)
        && report.tasks().stream().anyMatch(task -> task.adj() != 0)) {
      return "kernels before 5.9 lose the difference where oom_score_adj is negative";
    }
    return "the table was printed after the choice, and sizes had changed or were approximate";
  }

  private @Nullable Draftee top(long totalPages) {
    Draftee top = null;
    for (Draftee each : processes.all()) {
      boolean eligible = !each.init && !each.kernelThread && each.adj > -1000;
      if (eligible && (top == null || points(each, totalPages) > points(top, totalPages))) {
        top = each;
      }
    }
    return top == invoker && invoker.resident() == 0 ? null : top;
  }

  private long points(Draftee each, long totalPages) {
    long points = each.resident() + each.swap + each.tables;
    points += version.countsAllLevels() && each.tables > 0 ? 1 : 0;
    if (each.root && version.isBefore(4, 17)) {
      points -= points * 3 / 100;
    }
    return points + each.adj * (totalPages / 1000);
  }
}
