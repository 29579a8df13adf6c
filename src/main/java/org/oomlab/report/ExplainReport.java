package org.oomlab.report;

import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Movement;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.daemon.DaemonKill;
import org.oomlab.experiment.daemon.Need;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.report.Table.Field;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/** One episode as a readable story: who was killed, why, and whether that was necessary. */
public final class ExplainReport {
  /** Kills that are named in the answer; the others are counted there. */
  private static final long MILLISECOND = 1_000_000;

  /** Averages of pressure are in hundredths of a per cent. */
  private static final int PER_CENT = 100;

  private static final int LISTED = 12;

  /** Room for a time such as {@code +1.000123ms} before what happened then. */
  private static final int TIME_WIDTH = 14;

  /** How far from the left there is more about the same. */
  private static final int MORE = TIME_WIDTH + 3;

  private final Explanation explanation;
  private final Story story;
  private final View view;
  private final Page page;
  private final Obstacles obstacles;
  private int told;

  /**
   * How much is told.
   *
   * @param between whether to tell what happened between the kills
   * @param top how many of the processes that may be chosen are shown at each kill
   * @param colour whether to use colours
   */
  public record View(boolean between, int top, boolean colour) {}

  private ExplainReport(Explanation explanation, Story story, View view) {
    this.explanation = explanation;
    this.story = story;
    this.view = view;
    this.page = new Page(view.colour());
    this.obstacles = new Obstacles(explanation, story);
  }

  /**
   * Writes the story.
   *
   * @param out where it goes; flushed, stays open
   * @param explanation the episode
   * @param story what happened in it
   * @throws UncheckedIOException if writing fails
   */
  public static void write(Writer out, Explanation explanation, Story story, View view) {
    new ExplainReport(explanation, story, view).tell().print(out);
  }

  /**
   * Writes a row for each process at each kill.
   *
   * @param out where it goes; stays open
   * @param explanation the episode
   * @param top how many of the processes that may be chosen, or less than 0: all, and those that
   *     may not
   */
  public static void rows(Writer out, Explanation explanation, int top, ReportFormat format) {
    try (Report<KillRow> report = format.rows(out, KillRow.columns())) {
      KillRow.of(explanation, top).forEach(report);
    }
  }

  private Page tell() {
    Outcome outcome = explanation.outcome();
    page.line(
        new Field(
            outcome.workload() + " under " + outcome.policy() + ", seed " + outcome.seed(),
            Tone.HEADING));
    page.line(
        new Field(outcome.verdictText(), EpisodeTable.tone(outcome.verdict())),
        Field.of(end(outcome)));
    answer(outcome);
    byDaemon(outcome);
    lost(outcome.movement());
    page.blank();
    page.line(new Field("times are from the first OOM call; badness is in pages", Tone.QUIET));
    page.blank();
    if (view.between()) {
      tell(story);
    }
    while (told < outcome.kills().size()) {
      kill();
    }
    page.blank();
    return page.line("seed " + outcome.seed() + "  digest " + outcome.digestText());
  }

  /** Whom a daemon has killed; these times are from boot, for nobody may have run out of memory. */
  private void byDaemon(Outcome outcome) {
    for (DaemonKill kill : outcome.guarding().kills()) {
      String judged =
          switch (kill.need()) {
            case NOT_ASKED -> "";
            case NEEDED -> "; without it the kernel kills, or everything stands still";
            case NEEDLESS -> "; without it nobody dies, and nothing stands still for ten seconds";
            case CANNOT_TELL -> "; whether it was needed cannot be told";
          };
      page.line(
          Field.of("  by the daemon, " + time(kill.atNs()) + " after boot: " + kill.victim()),
          Field.of(", " + kill.signal()),
          new Field(kill.need() == Need.NEEDLESS ? "; NEEDLESS" : "", Tone.DOUBTFUL),
          Field.of(judged));
    }
  }

  /** What was lost before anybody was killed, or without that: how long who did not get on. */
  private void lost(@Nullable Movement movement) {
    if (movement == null) {
      return;
    }
    page.line(
        "  for want of memory somebody stalled for "
            + seconds(movement.someNs())
            + ", everybody for "
            + seconds(movement.fullNs())
            + "; avg10 up to "
            + movement.highestSome10() / PER_CENT
            + "% and "
            + movement.highestFull10() / PER_CENT
            + "%");
    if (movement.frozenNs() > 0) {
      page.line(
          new Field("  frozen", Tone.BAD),
          Field.of(
              " for "
                  + seconds(movement.frozenNs())
                  + ": in periods of two seconds of which nine tenths were lost to everybody"));
    }
    if (movement.moves()) {
      page.line(
          "  "
              + (movement.swappedOutPages() == 0
                  ? "nothing was"
                  : Bytes.human(movement.swappedOutPages()) + " were")
              + " swapped out, "
              + (movement.readPages() == 0
                  ? "nothing read again"
                  : Bytes.human(movement.readPages())
                      + " read again, "
                      + Bytes.human(movement.refaultPages())
                      + " of them of the working set")
              + (movement.swapFullNs() < 0
                  ? ""
                  : "; swap was full after " + seconds(movement.swapFullNs())));
    }
    if (movement.throttledNs() > 0) {
      page.line("  memory.high held tasks back for " + seconds(movement.throttledNs()));
    }
  }

  /** To the millisecond, since nobody measures such spans more closely. */
  private static String seconds(long ns) {
    return Span.format(ns / MILLISECOND * MILLISECOND);
  }

  /** Who died and whether that was needed, a line for each kill that was a decision. */
  private void answer(Outcome outcome) {
    List<KillRecord> kills = outcome.kills();
    String chosen = "";
    for (int i = 0; i < Math.min(kills.size(), LISTED); i++) {
      KillRecord kill = kills.get(i);
      boolean alone = i == 0 || !explanation.rankings().get(i).isEmpty();
      chosen = alone ? kill.victim() : chosen;
      String head = "  kill " + (i + 1) + ", " + time(kill.atNs()) + ": " + kill.victim() + "; ";
      if (!alone) {
        page.line(head + "together with " + chosen);
      } else if (outcome.judged()) {
        page.line(Field.of(head), verdict(kill), Field.of(consequence(kill)));
      } else {
        page.line(head + reason(kill, i));
      }
    }
    if (kills.size() > LISTED) {
      page.line("  and " + (kills.size() - LISTED) + " more kills");
    }
    if (!explanation.cannotTell().isEmpty()) {
      page.line("  this is what is simulated of an incomplete picture, and not what came of it");
    }
    for (String reason : explanation.cannotTell()) {
      page.line(
          new Field("  cannot tell whether a kill was needed:", Tone.BAD), Field.of(" " + reason));
    }
    List<Candidate> left = explanation.atEnd();
    if (outcome.verdict() == Verdict.PANIC && left.stream().noneMatch(Candidate::eligible)) {
      new BadnessTable(left, "", 0).notes().forEach(names -> page.line("  then, " + names));
    }
    String victims =
        left.stream()
            .filter(each -> each.standing().spared() == Standing.Spared.VICTIM)
            .map(Candidate::name)
            .collect(Collectors.joining(", "));
    if (outcome.verdict() == Verdict.LIVELOCK && !victims.isEmpty()) {
      page.line("  then, the killer waits for " + victims);
    }
  }

  private void tell(Story all) {
    List<KillRecord> kills = explanation.outcome().kills();
    long zeroNs = Math.max(0, explanation.outcome().firstOomNs());
    for (Story.Entry entry : all.entries()) {
      long atNs = entry.atNs - zeroNs;
      while (told < kills.size() && kills.get(told).atNs() < atNs) {
        kill();
      }
      boolean killed = entry.point == Tracepoint.KILLED || entry.point == Tracepoint.KILLED_WITH;
      if (killed && toldAs(all.names().process(entry.subject), atNs)) {
        kill();
      } else {
        at(atNs, Field.of(all.tell(entry)));
      }
    }
  }

  /** Whether the next kill is this one. */
  private boolean toldAs(String victim, long atNs) {
    List<KillRecord> kills = explanation.outcome().kills();
    return told < kills.size()
        && kills.get(told).victim().equals(victim)
        && kills.get(told).atNs() == atNs;
  }

  private void kill() {
    KillRecord kill = explanation.outcome().kills().get(told);
    at(
        kill.atNs(),
        new Field("kill " + (told + 1) + ": " + kill.victim(), Tone.HEADING),
        Field.of(
            ", badness "
                + kill.badness()
                + ", "
                + Bytes.human(kill.freePages())
                + " free, for a request of "
                + kill.invoker()));
    List<Candidate> ranking = explanation.rankings().get(told);
    boolean worst = kill.reason().equals("worst") && !ranking.isEmpty();
    more(Field.of("chosen: " + reason(kill, told) + (worst ? lead(kill, ranking) : "")));
    obstacles.before(told).forEach(line -> more(Field.of("allowed: " + line)));
    if (explanation.outcome().judged() && (told == 0 || !ranking.isEmpty())) {
      more(verdict(kill), Field.of(consequence(kill)));
    }
    BadnessTable table = new BadnessTable(ranking, kill.victim(), view.top());
    table.shown().ifPresent(shown -> page.table(shown, MORE));
    table.notes().forEach(note -> more(Field.of(note)));
    told++;
  }

  private String reason(KillRecord kill, int number) {
    return switch (kill.reason()) {
      case "worst" -> "it had the highest badness";
      case "allocating_task" -> "it asked itself (vm.oom_kill_allocating_task)";
      case "group" -> "its cgroup dies as one (memory.oom.group)";
      case "origin" -> "it had asked to be the first (OOM_FLAG_ORIGIN)";
      case "child" -> {
        List<Candidate> ranking = explanation.rankings().get(number);
        String parent = ranking.isEmpty() ? "its parent" : "its parent " + ranking.get(0).name();
        yield "sacrificed for " + parent + ", which had the highest badness";
      }
      default -> kill.reason();
    };
  }

  private static Field verdict(KillRecord kill) {
    if (!kill.extra10s()) {
      return new Field("needed:", Tone.GOOD);
    }
    return new Field(kill.extra1s() ? "EXTRA:" : "EXTRA (within 10s, not within 1s):", Tone.BAD);
  }

  private static String consequence(KillRecord kill) {
    return kill.extra10s()
        ? " without it the request is satisfied after " + Numbers.span(kill.waitNs() / 1e6)
        : " without it nothing within 10s";
  }

  /** By how much the victim was worse than the next one, if it was chosen for that. */
  private String lead(KillRecord kill, List<Candidate> ranking) {
    Candidate next = null;
    for (Candidate each : ranking) {
      if (next == null && each.eligible() && !each.name().equals(kill.victim())) {
        next = each;
      }
    }
    if (next == null) {
      return "; nobody else was eligible";
    }
    long less = kill.badness() - next.points();
    String percent = Numbers.human(100.0 * less / Math.abs((double) kill.badness()));
    return "; next is "
        + next.name()
        + (less == 0 ? " with as much" : ", " + less + " pages (" + percent + "%) less");
  }

  private static String end(Outcome outcome) {
    return switch (outcome.verdict()) {
      case PANIC -> ": " + outcome.panicText();
      case RECOVERED ->
          outcome.recoveryNs() < 0
              ? ""
              : ": the request behind the first kill was satisfied after "
                  + Span.format(outcome.recoveryNs());
      case LIVELOCK ->
          outcome.livelockSinceNs() < 0
              ? ""
              : ": nothing has moved since "
                  + time(outcome.livelockSinceNs() - Math.max(0, outcome.firstOomNs()));
      case UNDECIDED -> ": the horizon came first";
      case NO_OOM ->
          outcome.movement() != null && outcome.movement().someNs() > 0
              ? ": the killer was never called"
              : ": there was memory enough";
      case RUNNING -> "";
    };
  }

  private void at(long atNs, Field... what) {
    String time = time(atNs);
    line(time + " ".repeat(Math.max(1, TIME_WIDTH + 1 - time.length())), what);
  }

  private void more(Field... what) {
    line(" ".repeat(MORE), what);
  }

  private void line(String head, Field... what) {
    List<Field> fields = new ArrayList<>(List.of(Field.of(head)));
    fields.addAll(List.of(what));
    page.line(fields);
  }

  public static String time(long nanos) {
    return nanos < 0 ? "-" + Span.format(-nanos) : "+" + Span.format(nanos);
  }
}
