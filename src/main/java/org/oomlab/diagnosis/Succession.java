package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.intake.Circumstances.Earlier;
import org.oomlab.intake.Doubts;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Span;
import org.oomlab.workload.Claim;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * Consecutive reports of one boot as one workload that lives: it begins at the first of them, every
 * process grows and shrinks as its rows say, and victims die. Of a victim that still had memory in
 * the last report the log does not tell when it gave that back, so there are two such workloads,
 * between which the truth lies.
 */
public final class Succession {
  /** What happens before the first request, such as taking a lock, has so long. */
  static final long LEAD = 10 * Span.MILLISECOND;

  /** As good as never: it is beyond every horizon. */
  private static final long NEVER = 3600 * Span.SECOND;

  /** How long it goes on after the last report: the longer horizon of extra kills, and as much. */
  private static final long AFTER = 20 * Span.SECOND;

  private final List<OomReport> reports;
  private final List<Draft> drafts = new ArrayList<>();
  private final int last;

  /** When each report was made, from the beginning. */
  private final long[] at;

  private final Map<String, Being> beings = new LinkedHashMap<>();
  private final SortedMap<String, List<String>> comments = new TreeMap<>();
  private final List<ProcessSpec> holders = new ArrayList<>();
  private final boolean soonest;
  private boolean open;

  private Succession(List<OomReport> reports, ReportedSituation.Wishes wishes, boolean soonest) {
    this.reports = List.copyOf(reports);
    this.last = reports.size() - 1;
    this.at = new long[reports.size()];
    this.soonest = soonest;
    reports.forEach(report -> drafts.add(ReportedSituation.draft(report, wishes)));
  }

  /**
   * The workload of reports of which each follows the one before.
   *
   * @param soonest whether victims that still have memory in the last report give it back at once;
   *     else as late as they may
   */
  public static Draft draft(
      List<OomReport> reports, ReportedSituation.Wishes wishes, boolean soonest) {
    return new Succession(reports, wishes, soonest).draft();
  }

  /** Whether that draft hangs on how soon victims give their memory back. */
  static boolean isOpen(List<OomReport> reports, ReportedSituation.Wishes wishes) {
    Succession made = new Succession(reports, wishes, true);
    made.draft();
    return made.open;
  }

  private Draft draft() {
    Draft first = drafts.get(0);
    comments.putAll(first.comments());
    times();
    meet();
    Rest rest = rest();
    List<String> victims = victims();
    fates();
    List<ProcessSpec> processes = new ArrayList<>();
    for (Being being : beings.values()) {
      processes.add(being.lives(at));
    }
    processes.addAll(holders);
    rest.join(first.workload(), at, processes);
    Workload as = first.workload();
    long reserve =
        drafts.stream()
            .mapToLong(each -> each.workload().machine().lowmemReserve())
            .max()
            .orElse(0);
    List<String> doubts = new ArrayList<>();
    for (OomReport report : reports) {
      Doubts.ofPicture(report).stream().filter(each -> !doubts.contains(each)).forEach(doubts::add);
    }
    introduce();
    return new Draft(
        new Workload(
            as.name(),
            String.join(", then ", victims.stream().limit(4).toList())
                + (victims.size() > 4 ? " and " + (victims.size() - 4) + " more" : "")
                + (victims.size() == 1 ? " is killed" : " are killed"),
            as.source() + " to " + reports.get(last).circumstances().lastLine(),
            as.costsName(),
            at[last] + AFTER,
            as.machine().withReserve(reserve),
            as.cgroups(),
            as.mutexes(),
            as.futexes(),
            processes,
            claims(victims),
            null,
            doubts),
        comments);
  }

  private void introduce() {
    List<String> head = comments.computeIfAbsent("", key -> new ArrayList<>());
    head.removeIf(line -> line.contains("claim"));
    head.add(
        0,
        reports.size()
            + " reports as one workload: between them memory grows and shrinks evenly, by their"
            + " tables; after the last it goes on as before it.");
    for (int i = 0; i < reports.size(); i++) {
      head.add(
          1 + i,
          "- line %d, after %s: %s"
              .formatted(
                  reports.get(i).line(),
                  Span.format(at[i]),
                  String.join(", ", names(reports.get(i)))));
    }
    if (open) {
      head.add(
          "- when those of before who had memory in the last report give it back: "
              + (soonest ? "at once" : "as late as they may"));
    }
    comments.put("", head);
    comments.keySet().removeIf(path -> path.startsWith("claims"));
    List<ProcessSpec> all = drafts.get(0).workload().processes();
    for (int i = 0; i < all.size(); i++) {
      if (Rest.is(all.get(i))) {
        comments.remove("processes[" + i + "]"); // It comes last here.
      }
    }
  }

  private List<Claim> claims(List<String> victims) {
    List<Claim> first = drafts.get(0).workload().claims();
    if (first.isEmpty()) {
      return List.of();
    }
    Position nowhere = first.get(0).position();
    return List.of(
        new Claim(
            nowhere,
            first.get(0).policies(),
            SeedRange.of(1),
            "the log has " + reports.size() + " reports, with these victims one after another",
            "",
            "",
            "",
            List.of(),
            List.of(
                new Claim.Expectation(nowhere, "victims", String.join(";", victims) + ";..."))));
  }

  private void times() {
    at[0] = LEAD;
    for (int i = 1; i < at.length; i++) {
      at[i] = at[i - 1] + Consecutive.between(reports.get(i - 1), reports.get(i));
    }
  }

  /** Who is there, from which report on, and how large in each. */
  private void meet() {
    for (int i = 0; i <= last; i++) {
      for (ProcessSpec spec : drafts.get(i).workload().processes()) {
        if (Rest.is(spec)) {
          continue;
        }
        Being being = beings.get(pid(spec.name()));
        if (being == null) {
          being = new Being(i == 0 ? spec : Mappings.withoutMemory(spec), reports.size());
          beings.put(pid(spec.name()), being);
        }
        being.resident[i] = Mappings.size(spec, true);
        being.own[i] = i == 0 ? Mappings.size(spec, false) : 0;
        List<Step> asks = spec.threads().isEmpty() ? List.of() : spec.threads().get(0).run();
        being.asks.set(i, asks);
      }
      for (Kill kill : reports.get(i).killedTogether()) {
        Being victim = being(kill);
        if (victim != null && victim.killed < 0) {
          victim.killed = i;
        }
      }
    }
    for (Being being : beings.values()) {
      for (int i = 1; i <= last; i++) {
        long was = Math.max(0, being.resident[i - 1]);
        long is = Math.max(0, being.resident[i]);
        being.own[i] = is == 0 ? 0 : Math.max(0, being.own[i - 1] + is - was);
      }
    }
  }

  /** What stays the same of {@code name-pid} where a process calls itself otherwise. */
  private static String pid(String name) {
    String end = name.substring(name.lastIndexOf('-') + 1);
    return !end.isEmpty() && end.chars().allMatch(c -> c >= '0' && c <= '9') ? end : name;
  }

  private @Nullable Being being(Kill kill) {
    return beings.get(Long.toString(kill.pid()));
  }

  private List<String> names(OomReport report) {
    List<String> names = new ArrayList<>();
    for (Kill kill : report.killedTogether()) {
      Being being = being(kill);
      names.add(being == null ? kill.name() : being.spec.name());
    }
    return names;
  }

  /** All victims, in the order of the log. */
  private List<String> victims() {
    List<String> names = new ArrayList<>();
    reports.forEach(report -> names.addAll(names(report)));
    return names;
  }

  /** What no process has: it goes up and down so that as much is free as the reports say. */
  private Rest rest() {
    long[] change = new long[reports.size()];
    for (int i = 1; i <= last; i++) {
      change[i] = free(i - 1) - free(i) + held(i - 1) - held(i);
      for (Being being : beings.values()) {
        change[i] -= being.own[i] - being.own[i - 1];
      }
    }
    return new Rest(change);
  }

  private long free(int i) {
    OomReport.Cgroup cgroup = reports.get(i).memcg();
    return cgroup != null && reports.get(i).isMemcg()
        ? Math.max(0, cgroup.limitKb() - cgroup.usageKb()) / 4
        : drafts.get(i).workload().machine().free();
  }

  /** Pages of victims that have no row any more. */
  private long held(int i) {
    long kb = 0;
    for (Earlier earlier : reports.get(i).circumstances().before()) {
      Being being = being(earlier.kill());
      boolean ours = being != null && being.killed >= 0 && being.killed < i;
      kb += ours && !isForgotten(i, earlier) ? earlier.heldKb() : 0;
    }
    return kb / 4;
  }

  /** Whether somebody was killed so long before a report that what has no owner is not theirs. */
  private boolean isForgotten(int i, Earlier earlier) {
    return earlier.secondsTo(reports.get(i)) > Doubts.PATIENCE;
  }

  /** What became of each victim of before, by what the log says. */
  private void fates() {
    for (Earlier earlier : reports.get(last).circumstances().before()) {
      Being being = being(earlier.kill());
      if (being != null && being.killed >= 0 && being.killed < last) {
        fate(being, earlier);
      }
    }
  }

  private void fate(Being being, Earlier earlier) {
    int seen = being.killed;
    for (int i = being.killed + 1; i <= last; i++) {
      seen = being.resident[i] > 0 ? i : seen;
    }
    long end = end(being, earlier);
    if (seen == last) {
      being.stuckFrom = Math.max(1, at[being.killed] - Consecutive.INSTANT);
      stick(being, earlier, end - being.stuckFrom);
      open |= Doubts.heldKb(reports.get(last), earlier) > 0;
    } else if (seen > being.killed) {
      being.stuckFrom = Math.max(1, at[being.killed] - Consecutive.INSTANT);
      stick(being, earlier, (at[seen] + at[seen + 1]) / 2 - being.stuckFrom);
    } else if (!isForgotten(last, earlier) && Doubts.heldKb(reports.get(last), earlier) > 0) {
      hold(being, earlier.heldKb() / 4, end);
      open = true;
    }
  }

  /** When a victim that has memory in the last report gives it back. */
  private long end(Being being, Earlier earlier) {
    if (soonest) {
      return at[last] + Consecutive.INSTANT;
    }
    boolean going = Doubts.wasOnItsWay(reports.get(last), earlier);
    long whole = (long) (Doubts.secondsToEnd(earlier) * Span.SECOND);
    return going ? Math.max(at[last] + Consecutive.INSTANT, at[being.killed] + whole) : NEVER;
  }

  /** Its row is still there, so it has not come to exit_mm(): one of its threads does not die. */
  private void stick(Being being, Earlier earlier, long nanos) {
    long pid = earlier.kill().pid();
    boolean reaped =
        reports.stream()
            .anyMatch(each -> each.circumstances().reaped().getOrDefault(pid, -1L) >= 0);
    Constant time = new Constant(Math.max(Consecutive.INSTANT, nanos));
    being.stuck = reaped ? new Step.Block(time) : new Step.MmapLock(being.spec.name(), time);
    say(
        being,
        reaped
            ? "reaped, and in the table of the next report all the same: it could not exit"
            : earlier.unable()
                ? "the reaper was unable to reap it: somebody had its mmap_lock"
                : "in the table of the next report all the same, and not reaped: taken for one whose"
                    + " mmap_lock somebody had");
  }

  /** It has no row any more, and its memory no owner: it is in exit_mmap(). */
  private void hold(Being being, long pages, long end) {
    List<VmaSpec> memory = new ArrayList<>();
    long held = 0;
    for (VmaSpec each : being.memory) {
      long size = ((Constant) each.size()).value();
      long part = each.kind() == VmaSpec.Kind.ANONYMOUS ? Math.min(size, pages - held) : 0;
      held += part;
      if (part == 0) {
        memory.add(each);
      } else if (size > part || each.pageTables() > 0) {
        memory.add(
            new VmaSpec(
                each.name(),
                each.kind(),
                new Constant(size - part),
                each.locked(),
                each.notifier(),
                each.referenced(),
                each.dirty(),
                each.huge(),
                each.pageTables(),
                each.areas()));
      }
    }
    if (held == 0) {
      return;
    }
    memory.add(0, Mappings.mapping(VmaSpec.Kind.BORROWED, held));
    being.memory = memory;
    String name = "exit-of-" + being.spec.name();
    List<Step> run = end >= NEVER ? List.of() : List.of(Growth.sleep(end), new Step.Exit());
    holders.add(
        Mappings.nobodys(
            name,
            being.spec.cgroup(),
            List.of(Mappings.mapping(VmaSpec.Kind.ANONYMOUS, held)),
            List.of(new ThreadSpec(name, 1, null, run))));
    say(
        being,
        String.format(
            Locale.ROOT,
            "gone from the next table, and %s of it without an owner: %s has them until then",
            Bytes.human(held),
            name));
  }

  private void say(Being being, String line) {
    int index = new ArrayList<>(beings.values()).indexOf(being);
    comments.computeIfAbsent("processes[" + index + "]", key -> new ArrayList<>()).add(line);
  }

  /** The victims of reports, in order, as their workload calls them. */
  static List<String> victims(List<OomReport> reports, ReportedSituation.Wishes wishes) {
    Succession made = new Succession(reports, wishes, true);
    made.meet();
    return made.victims();
  }
}
