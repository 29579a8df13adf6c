package org.oomlab.debug;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.ByHand;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Vmcore;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Page;
import org.oomlab.timeline.Parting;
import org.oomlab.timeline.Recorder;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.TextChart;
import org.oomlab.timeline.Window;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;

/**
 * Where somebody stands in an episode and its branches, with their marks and breakpoints. Each
 * method does what a word of {@link Verbs} says, and writes what there is to see to a page.
 *
 * <p>Times are counted from the first OOM call of the episode, as {@code explain} does; where there
 * is none, from boot.
 */
public final class Debugger {
  /** More branches than anybody keeps in mind, and a bound for the memory they take. */
  private static final int MOST_BRANCHES = 16;

  /** What decides, and is asked for by {@code why}. */
  private static final Set<Tracepoint> DECISIONS =
      EnumSet.of(
          Tracepoint.KILLED, Tracepoint.OOM_ABORT, Tracepoint.NOTHING_TO_KILL, Tracepoint.PANIC);

  private final Cast cast;
  private final BooleanSupplier stopped;
  private final long zeroNs;
  private final Map<String, Branch> branches = new LinkedHashMap<>();
  private final Map<String, Mark> marks = new TreeMap<>();
  private final List<Breakpoint> breakpoints = new ArrayList<>();
  private int nextBreakpoint = 1;
  private int width = 80;
  private Branch branch;

  /** A moment that somebody wants to come back to. */
  private record Mark(String branch, long moment) {}

  /**
   * At the boot of an episode.
   *
   * @param of what is run
   * @param seed which episode
   * @param stopped whether somebody wants what runs to stop; it then stays where it has come to
   */
  public Debugger(Case of, long seed, BooleanSupplier stopped) {
    this.cast = new Cast(of.inhabited());
    this.stopped = stopped;
    this.branch = new Branch(of, seed);
    branches.put(branch.name(), branch);
    branch.seekFirst(kernel -> kernel.ledger().firstOomNs() >= 0, stopped);
    this.zeroNs = Math.max(0, branch.kernel().ledger().firstOomNs());
    branch.seek(0, stopped);
  }

  private Scene scene() {
    return new Scene(branch, cast, zeroNs);
  }

  Views views(Page page) {
    return new Views(scene(), page);
  }

  Cast cast() {
    return cast;
  }

  /** How wide a chart is if nothing is said: characters in a line. */
  public void width(int columns) {
    width = columns;
  }

  int width() {
    return width;
  }

  /** The number of the moment at which one is: so many events were before. */
  public long moment() {
    return branch.moment();
  }

  /** Where one is: workload, policy, seed, time, and the branch if it is not the first. */
  public String prompt() {
    String changed = branch.deeds().isEmpty() ? "" : "*";
    return branch.of().workload().name()
        + " "
        + branch.policy().name()
        + " seed "
        + branch.seed()
        + " "
        + ExplainReport.time(scene().nowNs())
        + (branch.parent() == null ? "" : " " + branch.name() + changed);
  }

  /** What there is, for whoever has just come. */
  public void greet(Page page) {
    page.line(
        branch.of().workload().name()
            + " under "
            + branch.policy().name()
            + ", seed "
            + branch.seed());
    page.line(branch.of().workload().title());
    where(page);
  }

  // Forward.

  void step(Page page, long count) {
    long target = branch.moment() + count;
    forward(page, () -> branch.moment() >= target);
  }

  /** To the next thing that changes something, or that is of this kind, or happens to them. */
  void next(Page page, List<String> words) {
    Events.Pattern pattern = Events.parse(words, cast);
    forward(page, () -> pattern.matches(scene()));
  }

  void until(Page page, String text) {
    Long time = timeOrNull(text);
    if (time != null) {
      if (branch.kernel().nowNs() > time) {
        throw new Mistake(
            "it is past " + text.strip() + " already, " + now() + "; 'goto' goes back");
      }
      forward(page, () -> !branch.isAtEnd() && branch.kernel().nextNs() > time);
      return;
    }
    Expression expression = Expression.parseTruth(text, scene());
    forward(page, () -> expression.holds(scene()));
  }

  void run(Page page) {
    forward(page, () -> false);
  }

  /** Goes on until it has arrived, or something else stops it, and says what that was. */
  private void forward(Page page, BooleanSupplier arrived) {
    if (branch.isAtEnd()) {
      throw new Mistake("the episode is over; 'back', 'goto' or 'rewind' go back in it");
    }
    boolean vetoed = branch.kernel().byHand().isVetoed();
    Scene scene = scene();
    breakpoints.forEach(each -> each.begin(scene));
    List<String> why = new ArrayList<>();
    boolean there =
        branch.advance(
            () -> {
              for (Breakpoint each : breakpoints) {
                String reason = each.stops(scene);
                if (reason != null) {
                  why.add(reason);
                }
              }
              return arrived.getAsBoolean() || !why.isEmpty();
            },
            stopped);
    why.forEach(page::line);
    if (!there && !branch.isAtEnd()) {
      page.line("stopped on the way");
    }
    if (vetoed && !branch.kernel().byHand().isVetoed()) {
      endOfVeto(page);
    }
    where(page);
  }

  private void endOfVeto(Page page) {
    long waitNs = branch.kernel().byHand().vetoWaitNs();
    page.line(
        waitNs < 0
            ? "nobody was killed for " + Span.format(ByHand.PATIENCE_NS) + ", in vain"
            : "without that kill the request was satisfied after " + Span.format(waitNs));
  }

  // Back, and to anywhere.

  void back(Page page, long count) {
    if (branch.moment() == 0) {
      throw atBeginning();
    }
    seek(page, Math.max(0, branch.moment() - count));
  }

  /** To the last such thing before this moment. */
  void backTo(Page page, List<String> words) {
    Events.Pattern pattern = Events.parse(words, cast);
    if (branch.moment() == 0) {
      throw atBeginning();
    }
    if (!branch.seekLast(() -> pattern.matches(scene()), stopped)) {
      throw new Mistake("there is no '" + String.join(" ", words) + "' before this moment");
    }
    where(page);
  }

  private static Mistake atBeginning() {
    return new Mistake("this is the beginning: nothing was before");
  }

  /** When was this last true? */
  void last(Page page, String text) {
    Expression expression = Expression.parseTruth(text, scene());
    if (branch.moment() == 0) {
      throw atBeginning();
    }
    if (!branch.seekLast(() -> expression.holds(scene()), stopped)) {
      throw new Mistake("'" + expression + "' was never true before this moment");
    }
    where(page);
  }

  /** Back by a time, or to the beginning. */
  void rewind(Page page, String span) {
    if (branch.moment() == 0) {
      throw atBeginning();
    }
    if (span.isEmpty()) {
      seek(page, 0);
      return;
    }
    long ns = parseSpan(span);
    branch.seekTime(Math.max(0, branch.kernel().nowNs() - ns), stopped);
    where(page);
  }

  /** To a time, an event, a kill, a mark, or one of the ends. */
  void go(Page page, List<String> words) {
    String first = words.isEmpty() ? "" : words.get(0);
    if (words.size() == 2 && (first.equals("event") || first.equals("kill"))) {
      long number = parseCount(words.get(1), 0);
      if (first.equals("event")) {
        goToEvent(page, number);
      } else {
        goToKill(page, number);
      }
    } else if (words.size() != 1) {
      throw new Mistake("expected a time, 'event N', 'kill N', a mark, 'start' or 'end'");
    } else if (first.equals("start")) {
      seek(page, 0);
    } else if (first.equals("end")) {
      branch.advance(() -> false, stopped);
      where(page);
    } else if (marks.containsKey(first)) {
      Mark mark = marks.get(first);
      branch = branches.get(mark.branch());
      seek(page, mark.moment());
    } else {
      Long time = timeOrNull(first);
      if (time == null) {
        throw Mistake.unknown(
            "there is no mark " + first + ", and it is no time", first, marks.keySet());
      }
      goToTime(page, time, first);
    }
  }

  private void seek(Page page, long moment) {
    if (!branch.seek(moment, stopped)) {
      page.line("stopped on the way");
    }
    where(page);
  }

  private void goToEvent(Page page, long number) {
    long here = branch.moment();
    if (!branch.seek(number, stopped) && branch.isAtEnd()) {
      long last = branch.moment();
      branch.seek(here, () -> false);
      throw new Mistake("there is no event " + number + ": the last one is " + last);
    }
    where(page);
  }

  private void goToKill(Page page, long number) {
    long here = branch.moment();
    Predicate<Kernel> reached = kernel -> kernel.ledger().kills() >= number;
    if (!branch.seekFirst(reached, stopped) && branch.isAtEnd()) {
      int kills = branch.kernel().ledger().kills();
      branch.seek(here, () -> false);
      throw new Mistake("there is no kill " + number + ": the episode has " + kills);
    }
    where(page);
  }

  private void goToTime(Page page, long ns, String text) {
    long here = branch.moment();
    if (!branch.seekTime(ns, stopped) && branch.isAtEnd()) {
      String end = now();
      branch.seek(here, () -> false);
      throw new Mistake(text + " is beyond the end, " + end);
    }
    where(page);
  }

  // Breakpoints and marks.

  void breakOn(Page page, List<String> words) {
    if (words.isEmpty()) {
      throw new Mistake("expected what to stop on, such as 'break on kill'");
    }
    Events.Pattern pattern = Events.parse(words, cast);
    add(page, Breakpoint.on(nextBreakpoint++, String.join(" ", words), pattern));
  }

  void breakIf(Page page, String text) {
    add(page, Breakpoint.when(nextBreakpoint, Expression.parseTruth(text, scene())));
    nextBreakpoint++;
  }

  void watch(Page page, String text) {
    add(page, Breakpoint.watch(nextBreakpoint, Expression.parse(text, scene())));
    nextBreakpoint++;
  }

  private void add(Page page, Breakpoint breakpoint) {
    breakpoints.add(breakpoint);
    page.line(breakpoint.toString());
  }

  void listBreakpoints(Page page) {
    if (breakpoints.isEmpty()) {
      page.line("there are no breakpoints");
    }
    breakpoints.forEach(each -> page.line(each.toString()));
  }

  /** Forgets a breakpoint, or all. */
  void delete(Page page, String number) {
    if (number.isEmpty()) {
      breakpoints.clear();
      return;
    }
    long wanted = parseCount(number, 1);
    if (!breakpoints.removeIf(each -> each.number() == wanted)) {
      throw new Mistake("there is no breakpoint " + wanted + "; 'breaks' lists them");
    }
  }

  void mark(Page page, String name) {
    boolean isTaken = name.equals("start") || name.equals("end") || timeOrNull(name) != null;
    if (isTaken || !name.matches("[\\w.-]+")) {
      throw new Mistake("a mark cannot be called '" + name + "': expected a word");
    }
    marks.put(name, new Mark(branch.name(), branch.moment()));
    page.line(
        "mark " + name + ": event " + branch.moment() + " of " + branch.name() + ", " + now());
  }

  void listMarks(Page page) {
    if (marks.isEmpty()) {
      page.line("there are no marks");
    }
    marks.forEach(
        (name, mark) -> page.line(name + ": event " + mark.moment() + " of " + mark.branch()));
  }

  // Looking.

  void where(Page page) {
    views(page).where();
  }

  void show(Page page, String text) {
    Expression expression = Expression.parse(text, scene());
    page.line(expression + ": " + expression.dimension().show(expression.at(scene())));
  }

  /** The words of expressions, with what they mean. */
  void words(Page page) {
    for (Vocabulary.Word word : Vocabulary.all()) {
      page.line(String.format(Locale.ROOT, "  %-26s%s", word.usage(), word.doc()));
    }
  }

  void log(Page page, long most) {
    List<String> lines = branch.log(stopped);
    if (lines.isEmpty()) {
      page.line("the kernel has said nothing yet");
    }
    lines.subList((int) Math.max(0, lines.size() - most), lines.size()).forEach(page::line);
  }

  /** The last decision: the kill that is due, or what was decided last before this moment. */
  void why(Page page) {
    if (branch.kernel().byHand().isOnBrink()) {
      explainBrink(page, branch);
      return;
    }
    Branch aside = branch.fork("aside");
    boolean found = isDecision(aside);
    if (!found) {
      found = aside.seekLast(() -> isDecision(aside), stopped);
    }
    if (!found) {
      page.line("nothing has been decided yet");
      return;
    }
    Happening decided = decisionOf(aside);
    boolean isKill = decided.point() == Tracepoint.KILLED;
    if (isKill && aside.moment() > 0) {
      aside.seek(aside.moment() - 1, () -> false);
      if (aside.kernel().byHand().isOnBrink()) {
        explainBrink(page, aside);
        return;
      }
    }
    new Views(new Scene(aside, cast, zeroNs), page).refusal(decided);
  }

  private static boolean isDecision(Branch at) {
    return at.latest().stream().anyMatch(each -> DECISIONS.contains(each.point()));
  }

  private static Happening decisionOf(Branch at) {
    return at.latest().stream()
        .filter(each -> DECISIONS.contains(each.point()))
        .findFirst()
        .orElseThrow();
  }

  private void explainBrink(Page page, Branch brink) {
    Views views = new Views(new Scene(brink, cast, zeroNs), page);
    views.decision(brink.kernel().ledger().kills() + 1);
    views.verdict(Episode.waitWithoutKill(brink.now(), brink.kernel()));
  }

  /**
   * The whole branch as a chart, with a cursor where one is.
   *
   * @param width characters in a line
   */
  void timeline(Page page, int width) {
    List<Recording> whole = List.of(record(branch.fork("aside")));
    Window window = Window.of(List.of(whole.get(0).timeline()), List.of());
    new TextChart(whole, window, width, true)
        .write(page, new TextChart.Cursor(branch.kernel().nowNs(), "now"));
  }

  /** The whole course of a branch, which is run from its boot to its end. */
  private Recording record(Branch course) {
    course.seek(0, stopped);
    Recorder recorder = new Recorder(course.of(), course.seed(), course.kernel());
    recorder.look(course.kernel(), course.latest());
    course.advance(
        () -> {
          recorder.look(course.kernel(), course.latest());
          return false;
        },
        stopped);
    return recorder.end(course.name(), course.kernel());
  }

  // What if.

  void fork(Page page, String name) {
    String chosen = name.isEmpty() ? freeName() : name;
    if (branches.containsKey(chosen)) {
      throw new Mistake(
          "there is a branch " + chosen + " already; 'switch " + chosen + "' goes there");
    }
    if (!chosen.matches("[\\w.-]+")) {
      throw new Mistake("a branch cannot be called '" + chosen + "': expected a word");
    }
    if (branches.size() == MOST_BRANCHES) {
      throw new Mistake("there are " + MOST_BRANCHES + " branches, and no more are kept");
    }
    Branch forked = branch.fork(chosen);
    page.line("branch " + chosen + ", from " + branch.name() + " at event " + branch.moment());
    branches.put(chosen, forked);
    branch = forked;
  }

  private String freeName() {
    int number = 1;
    while (branches.containsKey("fork" + number)) {
      number++;
    }
    return "fork" + number;
  }

  void veto(Page page) {
    if (!branch.kernel().byHand().isOnBrink()) {
      throw new Mistake(
          "no kill is to happen next; after 'next kill', 'back' leads to the moment before it");
    }
    int victim = branch.kernel().vmcore().decision().victim();
    act(new Deed.Veto());
    page.line(
        "not "
            + cast.names().process(victim)
            + ": nobody is killed until the request is satisfied, or for "
            + Span.format(ByHand.PATIENCE_NS));
  }

  void kill(Page page, String name) {
    int process = cast.process(name);
    Vmcore core = branch.kernel().vmcore();
    if (core.isUnkillable(process)) {
      throw new Mistake(name + " is init or a kernel thread, and does not die of SIGKILL");
    }
    if (core.liveTasks(process) == 0) {
      throw new Mistake(name + " is dead");
    }
    act(new Deed.Kill(process, name));
    where(page);
  }

  void thaw(Page page, String name) {
    int process = cast.process(name);
    boolean frozen =
        branch.kernel().vmcore().tasksOf(process).stream()
            .anyMatch(task -> branch.kernel().vmcore().doing(task) == Vmcore.Doing.FROZEN);
    if (!frozen) {
      throw new Mistake(name + " is not frozen");
    }
    act(new Deed.Thaw(process, name));
    where(page);
  }

  void release(Page page, String name) {
    Lock lock = cast.lock(name);
    Vmcore.Lock held = scene().find(lock);
    if (held == null || held.owner() == Vmcore.NO_TASK) {
      throw new Mistake(
          held == null
              ? "nobody holds " + name
              : name + " is held by readers, who finish by themselves");
    }
    if (held.broken()) {
      throw new Mistake(name + " is broken: its owner is dead");
    }
    if (lock.kind() == Vmcore.Kind.OOM_LOCK) {
      throw new Mistake(
          "oom_lock is the killer's own, and " + cast.who(held.owner()) + " will release it");
    }
    boolean sleeps =
        lock.kind() != Vmcore.Kind.MMAP_LOCK
            || branch.kernel().vmcore().doing(held.owner()) == Vmcore.Doing.BLOCKED;
    if (!sleeps) {
      throw new Mistake(cast.who(held.owner()) + " is at work with " + name + " and must finish");
    }
    act(new Deed.Release(lock));
    where(page);
  }

  void set(Page page, String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new Mistake("expected KNOB=VALUE, not '" + assignment + "'");
    }
    String path = assignment.substring(0, equals).strip();
    Knob knob = Knobs.byPath(path);
    if (knob == null) {
      throw Mistake.unknown(
          "there is no knob " + path, path, Knobs.all().stream().map(Knob::path).toList());
    }
    try {
      act(new Deed.Set(knob, knob.parse(assignment.substring(equals + 1))));
    } catch (IllegalArgumentException e) {
      throw new Mistake(path + ": " + e.getMessage());
    }
    page.line(path + " is " + knob.format(branch.policy().get(knob)) + " from here on");
  }

  private void act(Deed deed) {
    if (branch.parent() == null) {
      throw new Mistake("this is the episode as it was; 'fork' first, then '" + deed + "'");
    }
    if (branch.isAtEnd()) {
      throw new Mistake("the episode is over; go back first");
    }
    branch.act(deed);
  }

  void undo(Page page) {
    Deed undone = branch.undo();
    if (undone == null) {
      throw new Mistake("nothing was done by hand in this branch");
    }
    page.line("undone: " + undone);
    where(page);
  }

  // Branches.

  void listBranches(Page page) {
    for (Branch each : branches.values()) {
      List<String> done = new ArrayList<>();
      each.deeds()
          .forEach((at, deeds) -> deeds.forEach(deed -> done.add(deed + " at event " + at)));
      page.line(
          (each == branch ? "* " : "  ")
              + each.name()
              + ": at event "
              + each.moment()
              + (each.parent() == null
                  ? ""
                  : ", from " + each.parent() + " at event " + each.forkedAt())
              + (done.isEmpty() ? "" : "; " + String.join(", ", done)));
    }
  }

  void switchTo(Page page, String name) {
    branch = find(name);
    where(page);
  }

  private Branch find(String name) {
    Branch found = branches.get(name);
    if (found == null) {
      throw Mistake.unknown("there is no branch " + name, name, branches.keySet());
    }
    return found;
  }

  /** Where two branches part, and what comes of it. */
  void diff(Page page, List<String> words) {
    Branch a =
        words.isEmpty() ? find(parentName()) : words.size() == 1 ? branch : find(words.get(0));
    Branch b = words.isEmpty() ? branch : find(words.get(words.size() - 1));
    if (a == b || words.size() > 2) {
      throw new Mistake("expected two branches; 'branches' lists them");
    }
    Parting.of(record(a.fork(a.name())), record(b.fork(b.name()))).write(page, zeroNs);
  }

  private String parentName() {
    String parent = branch.parent();
    return parent == null ? branch.name() : parent;
  }

  // Words.

  /** A time after boot as it is written, counted from the first OOM call; null if it is none. */
  private @Nullable Long timeOrNull(String text) {
    String written = text.strip();
    boolean before = written.startsWith("-");
    String span = before || written.startsWith("+") ? written.substring(1) : written;
    try {
      long ns = Span.parse(span);
      return ns >= Span.FOREVER ? null : zeroNs + (before ? -ns : ns);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static long parseSpan(String text) {
    try {
      return Span.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Mistake(String.valueOf(e.getMessage()));
    }
  }

  /** A whole number that is not too small. */
  static long parseCount(String text, long least) {
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) < least) {
      throw new Mistake("expected a whole number from " + least + ", not '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private String now() {
    return ExplainReport.time(scene().nowNs());
  }

  /** What may stand behind a word, each with a line about it. */
  public Map<String, String> candidates(Verb.Takes takes) {
    Map<String, String> found = new TreeMap<>();
    switch (takes) {
      case NOTHING, COUNT, SPAN, NEW_NAME -> {}
      case EVENT -> {
        Events.words().forEach(word -> found.put(word, ""));
        cast.tasks().forEach(task -> found.put(task, ""));
      }
      case EXPRESSION -> Vocabulary.all().forEach(word -> found.put(word.name(), word.doc()));
      case PLACE -> {
        marks.forEach((name, mark) -> found.put(name, "event " + mark.moment()));
        List.of("start", "end", "event", "kill").forEach(word -> found.put(word, ""));
      }
      case PROCESS -> cast.processes().forEach(process -> found.put(process, ""));
      case LOCK -> cast.locks().forEach(lock -> found.put(lock, ""));
      case KNOB ->
          Knobs.all()
              .forEach(
                  knob ->
                      found.put(
                          knob.path() + "=", "now " + knob.format(branch.policy().get(knob))));
      case BRANCH ->
          branches.values().forEach(each -> found.put(each.name(), "at event " + each.moment()));
    }
    return found;
  }
}
