package org.oomlab.intake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;

/** What a report says came of it, as a claim under the policy of the kernel that made it. */
final class ReportedClaims {
  private final OomReport report;
  private final ReportedProcesses processes;
  private final Remarks remarks;
  private final String source;
  private final String policy;

  ReportedClaims(
      OomReport report,
      ReportedProcesses processes,
      Remarks remarks,
      String source,
      String policy) {
    this.report = report;
    this.processes = processes;
    this.remarks = remarks;
    this.source = source;
    this.policy = policy;
  }

  /**
   * The claims, of which there is one at most.
   *
   * @param doubts lines about why it may not hold
   */
  List<Claim> claims(List<String> doubts) {
    List<Claim.Expectation> expected = expectations();
    String sysctl = sysctl();
    if (!sysctl.isEmpty()) {
      remarks.say(
          "claims", "The kernel was configured so: to see what it did, --set " + sysctl + ".");
      return List.of();
    }
    doubts.forEach(line -> remarks.say("claims", line));
    if (expected.isEmpty()) {
      remarks.guess("who was killed: no claim is made");
      return List.of();
    }
    String because =
        report.kills().isEmpty()
            ? (report.panic().isEmpty() ? "so the log says" : "the log ends in a panic")
            : "the log says that "
                + report.victim().name()
                + " ("
                + report.victim().pid()
                + ") was killed";
    Position nowhere = new Position(source, 1, 1);
    return List.of(
        new Claim(
            nowhere, List.of(policy), SeedRange.of(1), because, "", "", "", List.of(), expected));
  }

  /** The setting without which the kernel would have done something else, or empty. */
  private String sysctl() {
    if (report.byConfiguration()) {
      return "killer.kill_allocating_task=true";
    }
    if (report.panic().contains("panic_on_oom")) {
      return "killer.panic_on_oom=" + (report.panic().contains("compulsory") ? 2 : 1);
    }
    return "";
  }

  private List<Claim.Expectation> expectations() {
    Position nowhere = new Position(source, 1, 1);
    List<Kill> kills = report.kills();
    if (kills.isEmpty()) {
      OomReport.Choice choice = report.choice();
      if (choice != null && choice.pid() >= 0 && processes.of(choice.pid()) != null) {
        String name = processes.of(choice.pid()).name;
        return List.of(new Claim.Expectation(nowhere, "victims", name));
      }
      if (report.nobody()) {
        return List.of(
            report.isMemcg()
                ? new Claim.Expectation(nowhere, "kills", "0")
                : new Claim.Expectation(nowhere, "outcome", "panic"));
      }
      return List.of();
    }
    if (!report.isGroup() && kills.size() > 1) {
      remarks.say(
          "claims",
          "Later kills that have no report of their own: "
              + kills.subList(1, kills.size()).stream()
                  .map(kill -> kill.name() + " (" + kill.pid() + ")")
                  .collect(Collectors.joining(", "))
              + ".");
    }
    // What comes after a report is not in it.
    List<String> names = report.killedTogether().stream().map(this::nameOf).toList();
    int members = report.isGroup() ? members(names) : 0;
    List<Claim.Expectation> expected = new ArrayList<>();
    if (members > names.size()) {
      // Which of them come in between is not in the log.
      remarks.say(
          "claims", "The log names %d of the %d in the group.".formatted(names.size(), members));
      expected.add(new Claim.Expectation(nowhere, "victims", names.get(0) + ";..."));
      expected.add(new Claim.Expectation(nowhere, "kills", ">= " + names.size()));
      return expected;
    }
    String victims = String.join(";", names) + (report.isGroup() ? "" : ";...");
    expected.add(new Claim.Expectation(nowhere, "victims", victims));
    if (!report.isGroup() && kills.size() > 1) {
      // That more die than the log has would be no contradiction to the names alone.
      expected.add(new Claim.Expectation(nowhere, "kills", "<= " + kills.size()));
    }
    return expected;
  }

  private String nameOf(Kill kill) {
    return processes.of(kill.pid()).name;
  }

  /** How many there are that die with the victim, by the log or by the table. */
  private int members(List<String> names) {
    String group = Specs.clean(report.groupCgroup());
    Set<String> members = new LinkedHashSet<>(names);
    for (Draftee each : processes.all()) {
      boolean dies = group.equals(each.cgroup) && each.adj > -1000 && !each.init;
      if (dies) {
        members.add(each.name);
      }
    }
    return members.size();
  }
}
