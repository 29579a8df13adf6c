package org.oomlab.article;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.oomlab.article.Chapter.Dispute;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Comparison;
import org.oomlab.experiment.Comparison.Finding;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Measure;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.report.Elements;
import org.oomlab.report.Numbers;
import org.oomlab.statistics.Estimate;

/** What came of it, in a sentence. */
final class Answer {
  private Answer() {}

  /** Of the others against the first, a sentence each; of one policy alone, a sentence. */
  static List<String> of(Round round, List<List<Outcome>> outcomes) {
    if (round.cells().size() == 1) {
      return List.of(alone(round.cells().get(0), outcomes.get(0)));
    }
    List<String> sentences = new ArrayList<>();
    for (Cell cell : round.cells().subList(1, round.cells().size())) {
      sentences.add(between(round, cell.policy()));
    }
    return sentences;
  }

  /** Of many workloads: in how many a policy does better than the first, and where most so. */
  static String of(List<Round> rounds, String other) {
    String base = base(rounds.get(0));
    List<Round> better = new ArrayList<>();
    List<Round> worse = new ArrayList<>();
    List<Round> both = new ArrayList<>();
    long same = 0;
    for (Round round : rounds) {
      List<Comparison> claims = claims(round, other);
      boolean good = claims.stream().anyMatch(Answer::isBetter);
      boolean bad = claims.stream().anyMatch(claim -> !isBetter(claim));
      if (good || bad) {
        (good && bad ? both : good ? better : worse).add(round);
      }
      same += claims.isEmpty() && isSame(round, other) ? 1 : 0;
    }
    long open = rounds.size() - better.size() - worse.size() - both.size() - same;
    List<String> parts = new ArrayList<>();
    parts.add(
        other
            + " does better than "
            + base
            + " in "
            + better.size()
            + " of "
            + rounds.size()
            + " situations");
    parts.add("worse in " + worse.size());
    if (!both.isEmpty()) {
      parts.add("better by one measure and worse by another in " + both.size());
    }
    if (same > 0) {
      parts.add("the same in " + same);
    }
    if (open > 0) {
      parts.add("and in " + open + " no difference can be claimed");
    }
    return String.join(", ", parts) + ".";
  }

  /** The measure that decides, and the two it decides between; of one alone, how long it takes. */
  static Dispute dispute(Round round) {
    for (int i = 1; i < round.cells().size(); i++) {
      List<Comparison> claims = claims(round, round.cells().get(i).policy());
      if (!claims.isEmpty()) {
        Comparison first = claims.get(0);
        int sign = first.finding() == Finding.LESS ? -1 : 1;
        return new Dispute(first.measure(), List.of(0, i), sign);
      }
    }
    Measure recovery = new Measure.Figure(Metric.RECOVERY_MS);
    Measure kills = new Measure.Figure(Metric.KILLS);
    List<Integer> policies = round.cells().size() == 1 ? List.of(0) : List.of(0, 1);
    boolean recovers =
        policies.stream().allMatch(i -> round.cells().get(i).summary(Metric.RECOVERY_MS).n() > 0);
    return new Dispute(recovers ? recovery : kills, policies, 0);
  }

  private static String base(Round round) {
    return round.cells().get(0).policy();
  }

  // One against another.

  private static List<Comparison> of(Round round, String other) {
    return round.comparisons().stream().filter(its -> its.policy().equals(other)).toList();
  }

  private static List<Comparison> claims(Round round, String other) {
    return of(round, other).stream()
        .filter(its -> its.finding() == Finding.LESS || its.finding() == Finding.MORE)
        .toList();
  }

  private static boolean isSame(Round round, String other) {
    return of(round, other).stream()
        .allMatch(its -> its.finding() == Finding.SAME || its.finding() == Finding.ABSENT);
  }

  private static boolean isBetter(Comparison its) {
    return (its.finding() == Finding.LESS) == its.measure().lessIsBetter();
  }

  private static String between(Round round, String other) {
    String base = base(round);
    List<Comparison> claims = claims(round, other);
    if (claims.isEmpty()) {
      return isSame(round, other)
          ? other + " and " + base + " do the same in each of " + episodes(round) + "."
          : "No difference between "
              + other
              + " and "
              + base
              + " can be claimed after "
              + episodes(round)
              + open(of(round, other))
              + ".";
    }
    Comparison first = claims.get(0);
    StringBuilder sentence = new StringBuilder(size(first, other, base));
    List<Comparison> rest = claims.subList(1, claims.size());
    String alike = names(rest, isBetter(first));
    String against = names(rest, !isBetter(first));
    if (!alike.isEmpty()) {
      sentence
          .append("; ")
          .append(other)
          .append(" is also ")
          .append(isBetter(first) ? "better" : "worse")
          .append(" by ");
      sentence.append(alike);
    }
    if (!against.isEmpty()) {
      sentence.append(", but ").append(isBetter(first) ? "worse" : "better").append(" by ");
      sentence.append(against);
    }
    return sentence.append('.').toString();
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static String episodes(Round round) {
    long count = round.seeds().count();
    return count == 1 ? "1 episode" : count + " episodes";
  }

  /** How large what was seen is, though it may be chance. */
  private static String open(List<Comparison> all) {
    return all.stream()
        .filter(its -> its.finding() == Finding.UNCLEAR)
        .findFirst()
        .map(
            its ->
                "; what was seen is a difference in "
                    + Elements.name(its.measure())
                    + " of "
                    + amount(its, its.difference().value(), true)
                    + interval(its, true))
        .orElse("");
  }

  private static String names(List<Comparison> claims, boolean better) {
    List<String> names =
        claims.stream()
            .filter(its -> isBetter(its) == better)
            .map(its -> Elements.name(its.measure()))
            .toList();
    return listed(names);
  }

  static String listed(List<String> names) {
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1))
            + " and "
            + names.get(names.size() - 1);
  }

  /** A claimed difference as a sentence, which is not closed yet. */
  private static String size(Comparison its, String other, String base) {
    String name = Elements.name(its.measure());
    String value = Numbers.human(its.measure().unit(), its.value().value());
    String before = Numbers.human(its.measure().unit(), its.baseValue().value());
    double difference = its.difference().value();
    String sizes =
        switch (its.measure().kind()) {
          case SHARE ->
              count(its.value(), its.episodes())
                  + " end in "
                  + ending(name)
                  + " under "
                  + other
                  + ", "
                  + Math.round(its.baseValue().value() * its.episodes())
                  + " under "
                  + base;
          case TIME ->
              capital(name)
                  + " takes "
                  + value
                  + " under "
                  + other
                  + ", "
                  + before
                  + " under "
                  + base;
          case NUMBER ->
              capital(name)
                  + ": "
                  + value
                  + " an episode under "
                  + other
                  + ", "
                  + before
                  + " under "
                  + base;
        };
    return sizes
        + ": "
        + amount(its, Math.abs(difference), false)
        + (difference < 0 ? " less" : " more")
        + interval(its, false);
  }

  private static String ending(String name) {
    return name.equals("undecided") ? "no decision" : "a " + name;
  }

  private static String count(Estimate share, long episodes) {
    return Math.round(share.value() * episodes) + " of " + episodes + " episodes";
  }

  private static String amount(Comparison its, double value, boolean signed) {
    String sign = signed && value > 0 ? "+" : "";
    return sign
        + (its.measure().kind() == Measure.Kind.SHARE
            ? points(value)
            : value < 0
                ? "-" + Numbers.human(its.measure().unit(), -value)
                : Numbers.human(its.measure().unit(), value));
  }

  private static String points(double share) {
    return Numbers.human(100 * share) + " percentage points";
  }

  /**
   * The interval in brackets.
   *
   * @param signed whether its ends keep their signs; else the smaller end comes first
   */
  private static String interval(Comparison its, boolean signed) {
    Estimate by = its.difference();
    if (Double.isNaN(by.low()) || Double.isNaN(by.high())) {
      return " (too few episodes for an interval)";
    }
    double low = signed ? by.low() : Math.min(Math.abs(by.low()), Math.abs(by.high()));
    double high = signed ? by.high() : Math.max(Math.abs(by.low()), Math.abs(by.high()));
    String p = Double.isNaN(its.adjustedP()) ? "" : ", p " + p(its.adjustedP());
    String from = bound(its, low);
    String to = bound(its, high);
    return low == high
        ? " (in every episode" + p + ")"
        : from.equals(to)
            ? " (95% interval too narrow to be shown" + p + ")"
            : " (95% interval: " + from + " to " + to + p + ")";
  }

  private static String p(double p) {
    String text = Elements.p(p);
    return text.startsWith("<") ? "< " + text.substring(1) : "= " + text;
  }

  private static String bound(Comparison its, double value) {
    return its.measure().kind() == Measure.Kind.SHARE
        ? Numbers.human(100 * value)
        : amount(its, value, false);
  }

  // One alone.

  private static String alone(Cell cell, List<Outcome> outcomes) {
    StringBuilder sentence = new StringBuilder("Under ").append(cell.policy()).append(", ");
    sentence.append(
        cell.verdicts().entrySet().stream()
            .filter(each -> each.getValue() > 0)
            .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
            .map(each -> each.getValue() + " " + end(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", ")));
    sentence
        .append(" of ")
        .append(cell.episodes())
        .append(cell.episodes() == 1 ? " episode" : " episodes");
    Verdict most =
        cell.verdicts().entrySet().stream()
            .max((a, b) -> Long.compare(a.getValue(), b.getValue()))
            .orElseThrow()
            .getKey();
    Estimate share =
        Estimate.share(
            outcomes.stream().mapToDouble(each -> each.verdict() == most ? 1 : 0).toArray());
    sentence.append(
        String.format(
            Locale.ROOT,
            " (95%% interval of the %s: %s%% to %s%%)",
            cell.count(most) == cell.episodes() ? "share" : "first share",
            Numbers.human(100 * share.low()),
            Numbers.human(100 * share.high())));
    double[] recovery =
        outcomes.stream()
            .filter(each -> each.recoveryNs() >= 0)
            .mapToDouble(each -> each.recoveryNs() / 1e6)
            .toArray();
    if (recovery.length > 0) {
      Estimate median = Estimate.median(recovery);
      sentence.append("; memory is back after ").append(Numbers.span(median.value()));
      sentence.append(
          Double.isNaN(median.low())
              ? ""
              : " (median; "
                  + Numbers.span(median.low())
                  + " to "
                  + Numbers.span(median.high())
                  + ")");
    }
    double kills = cell.summary(Metric.KILLS).mean();
    sentence.append("; ").append(Numbers.human(kills)).append(kills == 1 ? " kill" : " kills");
    sentence.append(" an episode");
    if (cell.summary(Metric.EXTRA_KILLS_10S).n() > 0 && kills > 0) {
      double extra = cell.summary(Metric.EXTRA_KILLS_10S).mean();
      sentence.append(
          extra == 0
              ? ", all of them needed"
              : ", of which " + Numbers.human(extra) + " not needed");
    }
    return sentence.append('.').toString();
  }

  private static String end(Verdict verdict, long count) {
    boolean one = count == 1;
    return switch (verdict) {
      case RECOVERED -> one ? "recovers" : "recover";
      case PANIC -> one ? "panics" : "panic";
      case LIVELOCK -> one ? "ends in a livelock" : "end in a livelock";
      case UNDECIDED -> one ? "is undecided at the horizon" : "are undecided at the horizon";
      case NO_OOM -> one ? "has no OOM" : "have no OOM";
      case RUNNING -> "go on";
    };
  }
}
