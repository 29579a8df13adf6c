package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.Outcome;
import org.oomlab.intake.Balance;
import org.oomlab.intake.Circumstances;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.intake.Sighting;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/** Makes incidents of reports, in the order of the log. Not for two threads at once. */
public final class Diagnostician {
  /** Of so many machines the latest report is remembered. */
  private static final int MACHINES = 256;

  private final String source;
  private final Predicate<String> isPolicy;
  private final Function<String, Policy> policies;
  private final Costs costs;
  private final Rigour rigour;
  private final String newest;

  private final Facts facts = new Facts();

  /** The latest reports of each machine and boot, of which each follows the one before. */
  private final Map<String, List<OomReport>> latest =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<OomReport>> eldest) {
          return size() > MACHINES;
        }
      };

  /**
   * Somebody who looks at one log.
   *
   * @param source what the log is called
   * @param isPolicy whether there is a policy of a name
   * @param policies finds it
   * @param costs what things cost on the machines of the log
   * @param rigour how much care is taken with each episode
   * @param newest the policy of another kernel to be tried as well
   */
  public Diagnostician(
      String source,
      Predicate<String> isPolicy,
      Function<String, Policy> policies,
      Costs costs,
      Rigour rigour,
      String newest) {
    this.source = source;
    this.isPolicy = isPolicy;
    this.policies = policies;
    this.costs = costs;
    this.rigour = rigour;
    this.newest = newest;
  }

  /**
   * An incident.
   *
   * @param number which event of the log it is, from 1, or 0
   */
  public Incident of(long number, OomReport report) {
    String policy = ReportedSituation.policyOf(report, isPolicy);
    Balance balance = Balance.of(report);
    Judgement judgement = Judgement.of(report);
    List<String> gaps = new ArrayList<>();
    Explanation simulated = null;
    String first = "";
    Boolean reproduced = null;
    List<String> levers = new ArrayList<>();
    List<OomReport> reports = succession(report);
    String sequence = "";
    // Without a table, or with half of it, whoever died in a simulation would be made up.
    boolean whole = !report.tasks().isEmpty() && report.circumstances().chopped() == 0;
    if (whole && !isByHand(report)) {
      ReportedSituation.Wishes wishes =
          new ReportedSituation.Wishes("log", source, "x86-64", policy, isPolicy);
      Draft draft = ReportedSituation.draft(report, wishes);
      gaps.addAll(
          draft.comments().getOrDefault("", List.of()).stream()
              .filter(line -> line.startsWith("- "))
              .map(line -> line.substring(2))
              .toList());
      Case of = new Case(draft.workload(), costs, policies.apply(policy), rigour);
      simulated = new Episode(of, false).explain(1, TraceSink.NONE);
      Outcome outcome = simulated.outcome();
      first = outcome.kills().isEmpty() ? "" : outcome.kills().get(0).victim();
      OomReport.Kill victim = report.victim();
      reproduced = victim == null ? null : isSame(first, victim);
      if (Boolean.TRUE.equals(reproduced)) {
        levers.addAll(new Levers(of, first, report).tried(policies.apply(newest)));
      }
      if (reports.size() > 1
          && judgement.verdict() != Incident.Verdict.NO_KILL
          && Doubts.ofPicture(report).isEmpty()) {
        Sequel sequel =
            Sequel.of(
                reports,
                wishes,
                workload -> new Case(workload, costs, policies.apply(policy), rigour));
        sequence = sequel.told();
        judgement = sequel.or(judgement, Judgement.isUnclear(report));
      }
    }
    String growth = reports.size() < 2 ? "" : growth(reports.get(reports.size() - 2), report);
    if (!growth.isEmpty()) {
      levers.add(growth);
    }
    return new Incident(
        source,
        number,
        report,
        policy,
        balance,
        judgement.verdict(),
        judgement.reason(),
        simulated,
        first,
        reproduced,
        simulated == null || !Boolean.TRUE.equals(reproduced) ? "" : margin(simulated, report),
        levers,
        sequence,
        facts.of(report),
        gaps,
        cause(report, balance));
  }

  /** Takes note of a report that nobody asks about: later ones go on from it. */
  public void pass(OomReport report) {
    succession(report);
    facts.of(report);
  }

  /** Takes note of what the log says between its reports. */
  public void note(Sighting sighting) {
    facts.note(sighting);
  }

  /** What it says behind the last of them, in lines for people. */
  public List<String> rest() {
    return facts.rest();
  }

  /** The reports of which this is the last and each follows the one before. */
  private List<OomReport> succession(OomReport report) {
    Circumstances where = report.circumstances();
    String key = where.host() + "/" + where.boot() + "/" + report.oomCgroup();
    List<OomReport> before = latest.getOrDefault(key, List.of());
    List<OomReport> all = new ArrayList<>();
    if (!before.isEmpty() && Consecutive.follows(before.get(before.size() - 1), report)) {
      all.addAll(before.subList(Math.max(0, before.size() + 1 - Consecutive.MOST), before.size()));
    }
    all.add(report);
    latest.put(key, all);
    return all;
  }

  private static boolean isByHand(OomReport report) {
    OomReport.Header header = report.header();
    return header != null && Objects.equals(header.order(), -1);
  }

  /** Whether a process of the workload, called {@code name-pid}, is this one. */
  private static boolean isSame(String name, OomReport.Kill kill) {
    return name.endsWith("-" + kill.pid()) || name.equals(kill.name());
  }

  /** How far ahead the victim was, in memory and in points of oom_score_adj. */
  private static String margin(Explanation simulated, OomReport report) {
    List<Candidate> ranking = simulated.rankings().get(0);
    String victim = simulated.outcome().kills().get(0).victim();
    Candidate dead = null;
    Candidate next = null;
    for (Candidate each : ranking) {
      if (each.name().equals(victim)) {
        dead = each;
      } else if (next == null && each.eligible()) {
        next = each;
      }
    }
    if (dead == null || !dead.eligible()) {
      return "";
    }
    if (next == null) {
      return "nobody else was eligible";
    }
    long pages = dead.points() - next.points();
    long total = total(report);
    String points =
        total < 1000
            ? ""
            : ", or an oom_score_adj %s points lower".formatted(pages / (total / 1000) + 1);
    return String.format(
        Locale.ROOT,
        "next was %s, %dkB behind: so much less%s, and that one would have died",
        next.name(),
        pages * 4,
        points);
  }

  /** What badness divides: totalpages of constrained_alloc(). */
  private static long total(OomReport report) {
    if (report.isMemcg()) {
      OomReport.Cgroup cgroup = report.memcg();
      return cgroup == null || cgroup.limitKb() <= 0 ? 0 : cgroup.limitKb() / 4;
    }
    OomReport.Memory memory = report.memory();
    long kb = Balance.of(report).totalKb();
    return memory == null || kb <= 0 ? 0 : (kb + Math.max(0, memory.swapTotalKb())) / 4;
  }

  /** Who has grown most since the report before, of the same boot. */
  private static String growth(@Nullable OomReport before, OomReport report) {
    if (before == null) {
      return "";
    }
    long most = 0;
    OomReport.Task grown = null;
    for (OomReport.Task task : report.tasks()) {
      OomReport.Task was = before.taskOf(task.pid());
      boolean same = was != null && was.name().equals(task.name());
      if (same && task.rss() - was.rss() > most) {
        most = task.rss() - was.rss();
        grown = task;
      }
    }
    if (grown == null || most < 256) {
      return "";
    }
    double apart = report.secondsAfter(before);
    String grew = "%s (%s) has grown by %s".formatted(grown.name(), grown.pid(), Bytes.human(most));
    return apart <= 0
        ? "since the report before, " + grew + ": that is where a limit belongs"
        : String.format(
            Locale.ROOT,
            "since the report before, %.3gs ago, %s: that is where a limit belongs; at this rate a"
                + " GiB more would have lasted %.3gs",
            apart,
            grew,
            (1 << 18) / (most / apart));
  }

  /** In a few words, by what makes one incident like another. */
  private static String cause(OomReport report, Balance balance) {
    OomReport.Header header = report.header();
    Circumstances more = report.circumstances();
    String constraint = report.choice() == null ? "" : report.choice().constraint();
    if (isByHand(report)) {
      return "asked for by hand";
    }
    if (report.isMemcg()) {
      return "a cgroup at its limit";
    }
    if (header != null && header.order() != null && header.order() > 0) {
      return "no contiguous memory, order " + header.order();
    }
    if (constraint.equals("CONSTRAINT_CPUSET") || constraint.equals("CONSTRAINT_MEMORY_POLICY")) {
      return "a node is full";
    }
    if (balance.isKnown() && more.hugeTotalKb() * 2 > balance.totalKb()) {
      return "huge pages have taken the memory";
    }
    if (balance.nobody() > 0.25) {
      return "memory that nobody owns";
    }
    long slab =
        balance.parts().stream()
            .filter(part -> part.what().startsWith("slab"))
            .mapToLong(Balance.Part::kb)
            .sum();
    if (balance.isKnown() && slab * 4 > balance.totalKb()) {
      return "slab has taken the memory";
    }
    if (report.tasks().isEmpty() || !balance.isKnown()) {
      return "not told by the log";
    }
    return "processes have filled the machine";
  }

  /** A workload with one thing changed. */
  static Workload changed(
      Workload workload,
      org.oomlab.workload.MachineSpec machine,
      List<org.oomlab.workload.CgroupSpec> cgroups,
      List<org.oomlab.workload.ProcessSpec> processes) {
    return new Workload(
        workload.name(),
        workload.title(),
        workload.source(),
        workload.costsName(),
        workload.horizon(),
        machine,
        cgroups,
        workload.mutexes(),
        workload.futexes(),
        processes,
        List.of(),
        null,
        workload.cannotTell());
  }
}
