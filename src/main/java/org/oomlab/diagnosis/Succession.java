package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.oomlab.workload.ProcessSpec.Freezer;
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
  /** So many reports make one workload at most. */
  public static final int MOST = 8;

  /** Reports that are further apart, in seconds, have nothing to do with each other. */
  private static final double APART = 600;

  /** What happens before the first request, such as taking a lock, has so long. */
  private static final long LEAD = 10 * Span.MILLISECOND;

  private static final long INSTANT = Span.MILLISECOND;

  /** As good as never: it is beyond every horizon. */
  private static final long NEVER = 3600 * Span.SECOND;

  /** How long it goes on after the last report: the longer horizon of extra kills, and as much. */
  private static final long AFTER = 20 * Span.SECOND;

  /** Growth comes in steps of so long, or longer. */
  private static final long STEP = 20 * Span.MILLISECOND;

  private static final int STEPS = 100;

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

  /** A process through all reports. */
  private static final class Being {
    final ProcessSpec spec;

    /** What it has resident in each report, page tables included; -1 where it has no row. */
    final long[] resident;

    /** Of that, what it takes of the machine or its cgroup. */
    final long[] own;

    int killed = -1;
    final List<List<Step>> asks = new ArrayList<>();
    List<VmaSpec> memory;
    @Nullable Step stuck;
    long stuckFrom;

    Being(ProcessSpec spec, int reports) {
      this.spec = spec;
      this.memory = spec.memory();
      this.resident = new long[reports];
      this.own = new long[reports];
      Arrays.fill(resident, -1);
      for (int i = 0; i < reports; i++) {
        asks.add(List.of());
      }
    }
  }

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

  /** Whether a report tells enough to be one of several. */
  public static boolean isWhole(OomReport report) {
    boolean sized =
        report.isMemcg()
            ? report.memcg() != null && report.memcg().usageKb() > 0
            : report.memory() != null
                && (report.memory().free() > 0 || !report.memory().zones().isEmpty());
    return sized
        && !report.tasks().isEmpty()
        && !report.kills().isEmpty()
        && report.circumstances().chopped() == 0
        && report.unread() == 0;
  }

  /** Whether one and the same machine, or cgroup, goes on from one report to another. */
  public static boolean follows(OomReport before, OomReport report) {
    double apart = report.secondsAfter(before);
    return isWhole(before)
        && isWhole(report)
        && before.isMemcg() == report.isMemcg()
        && before.oomCgroup().equals(report.oomCgroup())
        && before.pageKb() == report.pageKb()
        && before.circumstances().host().equals(report.circumstances().host())
        && before.circumstances().boot() == report.circumstances().boot()
        && apart >= 0
        && apart <= APART;
  }

  /** How long it is from the first report to the last, in nanoseconds. */
  static long lasts(List<OomReport> reports) {
    long nanos = 0;
    for (int i = 1; i < reports.size(); i++) {
      nanos += between(reports.get(i - 1), reports.get(i));
    }
    return nanos;
  }

  /** A log that writes whole seconds may have several reports in one. */
  private static long between(OomReport before, OomReport report) {
    return Math.max(INSTANT, (long) (report.secondsAfter(before) * Span.SECOND));
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
      processes.add(spec(being));
    }
    processes.addAll(holders);
    rest.join(processes);
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
      if (isRest(all.get(i))) {
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
      at[i] = at[i - 1] + between(reports.get(i - 1), reports.get(i));
    }
  }

  /** Who is there, from which report on, and how large in each. */
  private void meet() {
    for (int i = 0; i <= last; i++) {
      for (ProcessSpec spec : drafts.get(i).workload().processes()) {
        if (isRest(spec)) {
          continue;
        }
        Being being = beings.get(pid(spec.name()));
        if (being == null) {
          being = new Being(i == 0 ? spec : withoutMemory(spec), reports.size());
          beings.put(pid(spec.name()), being);
        }
        being.resident[i] = size(spec, true);
        being.own[i] = i == 0 ? size(spec, false) : 0;
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

  private static boolean isRest(ProcessSpec spec) {
    return spec.name().equals(ReportedSituation.REST_OF_CGROUP);
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

  /** Pages of all mappings, with or without those that are accounted for elsewhere. */
  private static long size(ProcessSpec spec, boolean borrowed) {
    long pages = 0;
    for (VmaSpec each : spec.memory()) {
      boolean counts = borrowed || each.kind() != VmaSpec.Kind.BORROWED;
      pages += (counts ? ((Constant) each.size()).value() : 0) + Math.max(0, each.pageTables());
    }
    return pages;
  }

  private static VmaSpec mapping(VmaSpec.Kind kind, long pages) {
    return new VmaSpec(
        null,
        kind,
        new Constant(pages),
        false,
        VmaSpec.Notifier.NONE,
        kind == VmaSpec.Kind.FILE,
        false,
        false,
        0,
        1);
  }

  private static ProcessSpec withoutMemory(ProcessSpec spec) {
    List<VmaSpec> none =
        spec.kernelThread() ? List.of() : List.of(mapping(VmaSpec.Kind.ANONYMOUS, 1));
    return spec.with(spec.oomScoreAdj(), none, spec.threads());
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

  /** The memory of no process, as a process that nobody kills. */
  private final class Rest {
    final long[] change;
    final long shrinks;

    Rest(long[] change) {
      this.change = change;
      long sum = 0;
      long least = 0;
      for (long each : change) {
        sum += each;
        least = Math.min(least, sum);
      }
      this.shrinks = -least;
    }

    void join(List<ProcessSpec> processes) {
      Workload as = drafts.get(0).workload();
      ProcessSpec of = as.processes().stream().filter(Succession::isRest).findFirst().orElse(null);
      long room =
          of != null
              ? size(of, false) - 1
              : as.cgroups().isEmpty()
                  ? as.machine().memory()
                      - as.machine().free()
                      - as.processes().stream().mapToLong(each -> size(each, false)).sum()
                  : 0;
      long start = Math.max(1, Math.min(shrinks, room));
      List<VmaSpec> memory = new ArrayList<>();
      if (of != null) {
        memory.add(mapping(VmaSpec.Kind.SHMEM, Math.max(1, room + 1 - start)));
      }
      memory.add(mapping(VmaSpec.Kind.ANONYMOUS, start));
      List<Step> run = new ArrayList<>();
      run.add(sleep(LEAD));
      Steps steps = new Steps(run, start);
      for (int i = 1; i <= last; i++) {
        steps.change(at[i] - at[i - 1], change[i]);
      }
      steps.goOn(at[last] - at[Math.max(0, last - 1)], change[last]);
      dropSleeps(run);
      String name = of != null ? of.name() : "rest-of-the-machine";
      if (of == null && run.isEmpty()) {
        return;
      }
      List<ThreadSpec> threads = List.of(new ThreadSpec(name, 1, null, run));
      processes.add(
          of != null
              ? of.with(of.oomScoreAdj(), memory, threads)
              : nobodys(
                  name,
                  as.cgroups().isEmpty() ? null : as.cgroups().get(0).name(),
                  memory,
                  threads));
    }
  }

  private static ProcessSpec nobodys(
      String name, @Nullable String cgroup, List<VmaSpec> memory, List<ThreadSpec> threads) {
    Constant none = new Constant(0);
    return new ProcessSpec(
        name,
        1,
        -1000,
        false,
        false,
        false,
        false,
        null,
        null,
        false,
        cgroup,
        Freezer.NONE,
        none,
        memory,
        none,
        none,
        none,
        false,
        Span.SECOND,
        Span.FOREVER,
        0,
        threads);
  }

  private static Step sleep(long nanos) {
    return new Step.Sleep(new Constant(nanos));
  }

  /** Steps that take memory and give it back evenly. */
  private static final class Steps {
    private final List<Step> run;
    private long anonymous;

    Steps(List<Step> run, long anonymous) {
      this.run = run;
      this.anonymous = anonymous;
    }

    void change(long nanos, long pages) {
      long most = pages < 0 ? Math.max(pages, -anonymous) : pages;
      anonymous += most;
      long times = Math.max(1, Math.min(Math.min(Math.abs(most), nanos / STEP), STEPS));
      long each = most / times;
      if (each == 0) {
        sleeps(nanos);
      } else if (times == 1) {
        sleeps(nanos);
        run.add(step(most));
      } else {
        run.add(new Step.Repeat(times, List.of(sleep(nanos / times), step(each))));
        if (most % times != 0) {
          run.add(step(most % times));
        }
      }
    }

    /** Goes on growing as before. */
    void goOn(long nanos, long pages) {
      long times = Math.max(1, Math.min(Math.min(pages, nanos / STEP), STEPS));
      if (pages > 0) {
        run.add(
            new Step.Repeat(
                -1, List.of(sleep(Math.max(INSTANT, nanos / times)), step(pages / times))));
      }
    }

    /** Two sleeps are one. */
    private void sleeps(long nanos) {
      Step end = run.isEmpty() ? null : run.get(run.size() - 1);
      if (end instanceof Step.Sleep before) {
        run.set(run.size() - 1, sleep(((Constant) before.time()).value() + nanos));
      } else {
        run.add(sleep(nanos));
      }
    }

    private static Step step(long pages) {
      return pages < 0
          ? new Step.Free(new Constant(-pages))
          : new Step.Touch(new Constant(pages), null);
    }
  }

  private ProcessSpec spec(Being being) {
    List<Step> run = new ArrayList<>();
    run.add(sleep(LEAD));
    long anonymous = 0;
    for (VmaSpec each : being.memory) {
      anonymous += each.kind() == VmaSpec.Kind.ANONYMOUS ? ((Constant) each.size()).value() : 0;
    }
    List<VmaSpec> memory = new ArrayList<>(being.memory);
    Steps steps = new Steps(run, anonymous);
    boolean grows = false;
    for (int i = 0; i <= last; i++) {
      run.addAll(being.asks.get(i));
      if (i == last || being.killed == i) {
        break;
      }
      long was = Math.max(0, being.resident[i]);
      long is = Math.max(0, being.resident[i + 1]);
      if (is == 0 && was > 0 && !being.spec.init()) {
        run.add(sleep((at[i + 1] - at[i]) / 2));
        run.add(new Step.Exit());
        break;
      }
      grows |= is > was;
      steps.change(at[i + 1] - at[i], being.spec.kernelThread() ? 0 : is - was);
    }
    if (last > 0 && being.killed < 0 && being.resident[last] > 0 && !being.spec.kernelThread()) {
      long before = Math.max(0, being.resident[last - 1]);
      steps.goOn(at[last] - at[last - 1], before == 0 ? 0 : being.resident[last] - before);
    }
    if (grows && memory.stream().noneMatch(each -> each.kind() == VmaSpec.Kind.ANONYMOUS)) {
      memory.add(mapping(VmaSpec.Kind.ANONYMOUS, 1));
    }
    dropSleeps(run);
    List<ThreadSpec> threads = new ArrayList<>();
    String name = being.spec.name();
    threads.add(new ThreadSpec(name, 1, null, run));
    Step stuck = being.stuck;
    if (stuck != null) {
      threads.add(new ThreadSpec(name + "/stuck", 1, null, List.of(sleep(being.stuckFrom), stuck)));
    }
    return being.spec.with(being.spec.oomScoreAdj(), memory, threads);
  }

  /** Sleeping at the end is what every thread does. */
  private static void dropSleeps(List<Step> run) {
    while (!run.isEmpty() && run.get(run.size() - 1) instanceof Step.Sleep) {
      run.remove(run.size() - 1);
    }
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
      being.stuckFrom = Math.max(1, at[being.killed] - INSTANT);
      stick(being, earlier, end - being.stuckFrom);
      open |= Doubts.heldKb(reports.get(last), earlier) > 0;
    } else if (seen > being.killed) {
      being.stuckFrom = Math.max(1, at[being.killed] - INSTANT);
      stick(being, earlier, (at[seen] + at[seen + 1]) / 2 - being.stuckFrom);
    } else if (!isForgotten(last, earlier) && Doubts.heldKb(reports.get(last), earlier) > 0) {
      hold(being, earlier.heldKb() / 4, end);
      open = true;
    }
  }

  /** When a victim that has memory in the last report gives it back. */
  private long end(Being being, Earlier earlier) {
    if (soonest) {
      return at[last] + INSTANT;
    }
    boolean going = Doubts.wasOnItsWay(reports.get(last), earlier);
    long whole = (long) (Doubts.secondsToEnd(earlier) * Span.SECOND);
    return going ? Math.max(at[last] + INSTANT, at[being.killed] + whole) : NEVER;
  }

  /** Its row is still there, so it has not come to exit_mm(): one of its threads does not die. */
  private void stick(Being being, Earlier earlier, long nanos) {
    long pid = earlier.kill().pid();
    boolean reaped =
        reports.stream()
            .anyMatch(each -> each.circumstances().reaped().getOrDefault(pid, -1L) >= 0);
    Constant time = new Constant(Math.max(INSTANT, nanos));
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
    memory.add(0, mapping(VmaSpec.Kind.BORROWED, held));
    being.memory = memory;
    String name = "exit-of-" + being.spec.name();
    List<Step> run = end >= NEVER ? List.of() : List.of(sleep(end), new Step.Exit());
    holders.add(
        nobodys(
            name,
            being.spec.cgroup(),
            List.of(mapping(VmaSpec.Kind.ANONYMOUS, held)),
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
