package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Outcome;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/** One episode as a readable story: who was killed, why, and whether that was necessary. */
public final class ExplainReport {
  /** Candidates that are named; the others are counted. */
  private static final int NAMED = 4;

  /** Room for a time such as {@code +1.000123ms} before what happened then. */
  private static final int TIME_WIDTH = 14;

  private final Explanation explanation;
  private final @Nullable Story story;
  private final boolean colour;
  private final StringBuilder text = new StringBuilder();
  private int told;

  private ExplainReport(Explanation explanation, @Nullable Story story, boolean colour) {
    this.explanation = explanation;
    this.story = story;
    this.colour = colour;
  }

  /**
   * Writes the story.
   *
   * @param out where it goes; flushed, stays open
   * @param explanation the episode
   * @param story what happened between the kills, or null to tell only of these
   * @param colour whether to use colours
   * @throws UncheckedIOException if writing fails
   */
  public static void write(
      Writer out, Explanation explanation, @Nullable Story story, boolean colour) {
    try {
      out.append(new ExplainReport(explanation, story, colour).text());
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private String text() {
    Outcome outcome = explanation.outcome();
    line(
        Tone.HEADING.say(
            outcome.workload() + " under " + outcome.policy() + ", seed " + outcome.seed(),
            colour));
    line(Tone.QUIET.say("times are from the first OOM call", colour));
    line("");
    if (story != null) {
      tell(story);
    }
    while (told < outcome.kills().size()) {
      kill();
    }
    line("");
    line(end(outcome));
    line("seed " + outcome.seed() + "  digest " + outcome.digestText());
    return text.toString();
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
        at(atNs, all.tell(entry));
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
        Tone.HEADING.say("kill " + (told + 1) + ": " + kill.victim(), colour)
            + ", badness "
            + kill.badness()
            + ", "
            + Bytes.human(kill.freePages())
            + " free, for a request of "
            + kill.invoker());
    more(reason(kill));
    if (explanation.outcome().judged()) {
      more(verdict(kill));
    }
    if (told < explanation.rankings().size()) {
      ranking(explanation.rankings().get(told));
    }
    told++;
  }

  private static String reason(KillRecord kill) {
    return switch (kill.reason()) {
      case "worst" -> "chosen: it had the highest badness";
      case "allocating_task" -> "chosen: it asked itself (vm.oom_kill_allocating_task)";
      case "group" -> "chosen: its cgroup dies as one (memory.oom.group)";
      case "origin" -> "chosen: it had asked to be the first (oom origin)";
      case "child" -> "chosen: sacrificed for its parent";
      default -> "chosen: " + kill.reason();
    };
  }

  private String verdict(KillRecord kill) {
    if (!kill.extra10s()) {
      return Tone.GOOD.say("needed:", colour) + " without it nothing within 10s";
    }
    String hasty = kill.extra1s() ? "EXTRA:" : "EXTRA (within 10s, not within 1s):";
    return Tone.BAD.say(hasty, colour)
        + " without it the request is satisfied after "
        + Numbers.span(kill.waitNs() / 1e6);
  }

  private void ranking(List<Candidate> ranking) {
    List<String> named = new ArrayList<>();
    long worst = ranking.isEmpty() ? 0 : ranking.get(0).points();
    List<Candidate> eligible = ranking.stream().filter(Candidate::eligible).toList();
    for (Candidate candidate : eligible.subList(0, Math.min(NAMED, eligible.size()))) {
      double less = 100.0 * (worst - candidate.points()) / Math.abs((double) worst);
      String distance =
          candidate.points() == worst || worst == 0 ? "" : " (" + Numbers.human(less) + "% less)";
      named.add(candidate.name() + " " + candidate.points() + distance);
    }
    if (eligible.size() > NAMED) {
      named.add("and " + (eligible.size() - NAMED) + " more");
    }
    if (!named.isEmpty()) {
      more("badness: " + String.join(", ", named));
    }
    List<Candidate> spared = ranking.stream().filter(each -> !each.eligible()).toList();
    if (!spared.isEmpty()) {
      String names =
          spared.stream().limit(NAMED).map(Candidate::name).collect(Collectors.joining(", "));
      int rest = spared.size() - NAMED;
      more("not eligible: " + names + (rest > 0 ? " and " + rest + " more" : ""));
    }
  }

  private String end(Outcome outcome) {
    String verdict = EpisodeTable.tone(outcome.verdict()).say(outcome.verdictText(), colour);
    return verdict
        + switch (outcome.verdict()) {
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
          case NO_OOM -> ": there was memory enough";
          case RUNNING -> "";
        };
  }

  private void at(long atNs, String what) {
    String time = time(atNs);
    line(time + " ".repeat(Math.max(1, TIME_WIDTH + 1 - time.length())) + what);
  }

  private void more(String what) {
    line(" ".repeat(TIME_WIDTH + 3) + what);
  }

  private static String time(long nanos) {
    return nanos < 0 ? "-" + Span.format(-nanos) : "+" + Span.format(nanos);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
