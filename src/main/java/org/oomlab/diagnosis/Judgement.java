package org.oomlab.diagnosis;

import java.util.List;
import java.util.Locale;
import org.oomlab.diagnosis.Incident.Verdict;
import org.oomlab.intake.Balance;
import org.oomlab.intake.Circumstances.Earlier;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.OomReport;

/**
 * Whether a kill was needed, by what the log shows around it. A simulation of the one moment cannot
 * say: in it nobody else ever gives memory back.
 *
 * @param verdict the verdict
 * @param reason why
 */
record Judgement(Verdict verdict, String reason) {
  static Judgement of(OomReport report) {
    boolean killed = !report.kills().isEmpty() || report.choice() != null;
    if (!killed) {
      return new Judgement(
          Verdict.NO_KILL,
          report.nobody()
              ? "the kernel found nobody whom it may kill"
              : report.chosenPid() >= 0
                  ? "the log says who was chosen, and not that it was killed"
                  : "the log does not say that anybody was killed");
    }
    List<String> doubts = Doubts.ofPicture(report);
    if (!doubts.isEmpty()) {
      return new Judgement(Verdict.CANNOT_TELL, String.join("; ", doubts));
    }
    Earlier dying = null;
    for (Earlier earlier : report.circumstances().before()) {
      dying = Doubts.wasOnItsWay(report, earlier) ? earlier : dying;
    }
    if (dying != null) {
      return new Judgement(
          Verdict.EXTRA,
          String.format(
              Locale.ROOT,
              "%s (%d) had been killed %.2fs before, and its memory was on its way back",
              dying.kill().name(),
              dying.kill().pid(),
              dying.secondsTo(report)));
    }
    List<String> victims = Doubts.ofVictims(report);
    if (!victims.isEmpty()) {
      return new Judgement(Verdict.CANNOT_TELL, String.join("; ", victims));
    }
    if (isUnclear(report)) {
      return new Judgement(
          Verdict.CANNOT_TELL,
          "somebody was killed just before, and how much of its memory others keep is not in the"
              + " log");
    }
    return new Judgement(
        Verdict.NEEDED,
        "nobody was dying, and reclaim had left nothing to speak of that would have come back");
  }

  /** Whether somebody was killed just before of whose memory others may keep a part. */
  static boolean isUnclear(OomReport report) {
    return report.circumstances().before().stream()
        .filter(earlier -> earlier.secondsTo(report) <= Doubts.PATIENCE)
        .anyMatch(earlier -> earlier.isShared() || !Balance.of(report).isKnown());
  }
}
