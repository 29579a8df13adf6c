package org.oomlab.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.diagnosis.Incident.Verdict;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Outcome;
import org.oomlab.intake.Circumstances.Earlier;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation.Wishes;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;

/**
 * What the workload of several reports says of the last of them.
 *
 * @param judgement whether its kill was needed, or null where the simulation does not follow
 * @param told whether the simulation kills whom the log has, in its order, in a sentence
 */
record Sequel(@Nullable Judgement judgement, String told) {
  /** A kill of the simulation that is later than this, in nanoseconds, is another one. */
  private static final long LATE = 3 * Span.SECOND;

  /** Tries it: victims of before give back what they still have at once, or as late as they may. */
  static Sequel of(List<OomReport> reports, Wishes wishes, Function<Workload, Case> cases) {
    List<String> victims = Succession.victims(reports, wishes);
    int index = victims.size() - reports.get(reports.size() - 1).killedTogether().size();
    Outcome sooner = run(reports, wishes, cases, true);
    boolean open = Succession.isOpen(reports, wishes);
    Outcome later = open ? run(reports, wishes, cases, false) : sooner;
    int same = follows(later, victims);
    int before = follows(sooner, victims);
    // Where it comes back in time for the request, there is no such kill to be asked about.
    boolean averted = open && isAverted(sooner, before, index, Consecutive.lasts(reports));
    if (same <= index
        || (before <= index && !averted)
        || later.kills().get(index).atNs() > 2 * Consecutive.lasts(reports) + LATE) {
      return new Sequel(
          null,
          "the %d reports as one workload: the simulation follows %d of the %d kills, so it is not asked whether this one was needed"
              .formatted(reports.size(), Math.min(same, before), victims.size()));
    }
    String told =
        "the %d reports as one workload: the simulation kills the same, one after another"
            .formatted(reports.size());
    KillRecord soon = averted ? null : sooner.kills().get(index);
    KillRecord late = later.kills().get(index);
    if (late.extra10s() && (!open || late.waitNs() == 0)) {
      // A page or two were left over between the tables, and nobody had to give any back.
      return new Sequel(null, told);
    }
    return new Sequel(judgement(reports, soon, late), told);
  }

  /** Whether memory came back in the simulation before there was a kill of this number. */
  private static boolean isAverted(Outcome sooner, int before, int index, long lasts) {
    return before >= index
        && (sooner.kills().size() == index
            || sooner.kills().get(index).atNs() > lasts + 2 * Span.MILLISECOND);
  }

  /**
   * What it says, or else what the report alone says.
   *
   * @param unclear whether memory of a victim may be others' as well, which tables do not tell
   */
  Judgement or(Judgement alone, boolean unclear) {
    boolean says = judgement != null && !(unclear && judgement.verdict() == Verdict.NEEDED);
    return says ? judgement : alone;
  }

  private static Outcome run(
      List<OomReport> reports, Wishes wishes, Function<Workload, Case> cases, boolean soonest) {
    Workload workload = Succession.draft(reports, wishes, soonest).workload();
    return new Episode(cases.apply(workload), true).run(1);
  }

  /** How many of the victims the simulation kills in the same order. */
  private static int follows(Outcome outcome, List<String> victims) {
    int same = 0;
    while (same < victims.size()
        && same < outcome.kills().size()
        && outcome.kills().get(same).victim().equals(victims.get(same))) {
      same++;
    }
    return same;
  }

  private static Judgement judgement(
      List<OomReport> reports, @Nullable KillRecord sooner, KillRecord later) {
    OomReport report = reports.get(reports.size() - 1);
    boolean extra = sooner == null || sooner.extra10s();
    if (extra && later.extra10s()) {
      return new Judgement(
          Verdict.EXTRA,
          dying(report) + "without it the request is satisfied after " + wait(sooner, later));
    }
    if (!extra && !later.extra10s()) {
      return new Judgement(
          Verdict.NEEDED,
          "without it nothing within 10s: the victims before had given back what they had, and"
              + " more was asked for since");
    }
    return new Judgement(
        Verdict.CANNOT_TELL,
        dying(report)
            + "when that comes back is not in the log: at once, and the request is satisfied; not"
            + " within 10s, and the kill was needed");
  }

  private static String wait(@Nullable KillRecord sooner, KillRecord later) {
    if (sooner == null) {
      return "at most " + Span.format(later.waitNs());
    }
    String least = Span.format(sooner.waitNs());
    String most = Span.format(later.waitNs());
    return least.equals(most) ? least : least + " to " + most;
  }

  /** Who was dying, and with how much. */
  private static String dying(OomReport report) {
    List<Earlier> before = report.circumstances().before();
    for (int i = before.size() - 1; i >= 0; i--) {
      Earlier earlier = before.get(i);
      long kb = Doubts.heldKb(report, earlier);
      double since = earlier.secondsTo(report);
      if (kb > 0) {
        return String.format(
            Locale.ROOT,
            "%s (%d), killed %.2fs before, still had %s%s; ",
            earlier.kill().name(),
            earlier.kill().pid(),
            since,
            Bytes.human(kb / 4),
            earlier.unable() ? ", which the reaper was unable to take" : "");
      }
    }
    return "";
  }
}
