package org.oomlab.experiment.claim;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Fate;
import org.oomlab.experiment.Happenings;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;

/** Understands what workload files claim. */
final class ExpectationParser {
  private static final Pattern COMPARISON =
      Pattern.compile("(fewer|less|more|same)(?: than| as)? +(\\S.*)");

  private static final List<String> OTHERS =
      List.of(
          "outcome",
          "victims",
          "daemon_victims",
          "panic_text",
          "kill_times",
          "badness",
          "killed_at",
          "recovery_of",
          "reaper_attempts",
          "free_at_panic",
          "futexes");

  private static final String MEAN = "mean.";
  private static final String MEDIAN = "median.";
  private static final String SHARE = "share.";
  private static final String BADNESS = "badness.";

  private final List<String> processes;
  private final List<String> futexes;

  /** A parser for claims about a workload with these processes and futexes. */
  ExpectationParser(List<String> processes, List<String> futexes) {
    this.processes = processes;
    this.futexes = futexes;
  }

  /** Something nobody can understand. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    final @Nullable String suggestion;

    Malformed(String message, @Nullable String suggestion) {
      super(message);
      this.suggestion = suggestion;
    }
  }

  /**
   * Understands an expectation.
   *
   * @param name what it is about: a metric, {@code outcome}, {@code mean.kills} and so on
   * @param text what is expected of it
   */
  Assertion parse(String name, String text) throws Malformed {
    try {
      if (name.startsWith(MEAN)) {
        return statistic(Assertion.Statistic.MEAN, name.substring(MEAN.length()), text);
      }
      if (name.startsWith(MEDIAN)) {
        return statistic(Assertion.Statistic.MEDIAN, name.substring(MEDIAN.length()), text);
      }
      if (name.startsWith(SHARE)) {
        return share(name.substring(SHARE.length()), text);
      }
      Matcher comparison = COMPARISON.matcher(text.strip());
      Optional<Metric> metric = Metric.named(name);
      if (metric.isPresent() && comparison.matches()) {
        return new Assertion.Compared(
            metric.get(),
            Assertion.Relation.valueOf(comparison.group(1).toUpperCase(Locale.ROOT)),
            comparison.group(2).strip());
      }
      return new Assertion.Every(statement(name, text));
    } catch (IllegalArgumentException expected) {
      throw new Malformed(name + ": " + expected.getMessage(), null);
    }
  }

  private static Assertion statistic(Assertion.Statistic statistic, String name, String text)
      throws Malformed {
    Metric metric = metric(name, List.of());
    return new Assertion.OfStatistic(statistic, metric, range(metric, name, text));
  }

  private Assertion share(String condition, String text) throws Malformed {
    int equals = condition.indexOf('=');
    if (equals < 0) {
      throw new Malformed(
          "share: expected a condition such as outcome=panic, not '" + condition + "'", null);
    }
    Statement statement =
        statement(condition.substring(0, equals).strip(), condition.substring(equals + 1));
    return new Assertion.ShareOf(statement, Range.parse(text, ExpectationParser::fraction));
  }

  /** Reads {@code 95%} or {@code 0.95}. */
  static double fraction(String text) {
    double value =
        text.endsWith("%")
            ? Metric.Unit.number(text.substring(0, text.length() - 1).strip()) / 100
            : Metric.Unit.number(text);
    if (value > 1) {
      throw new IllegalArgumentException(
          "expected a share such as 95% or 0.95, not '" + text + "'");
    }
    return value;
  }

  private Statement statement(String name, String text) throws Malformed {
    if (name.startsWith(BADNESS)) {
      int process = process(name.substring(BADNESS.length()));
      String points = text.strip().equals("ineligible") ? "absent" : text;
      return new Statement.OfBadness(process, Range.parse(points, Metric.Unit::number));
    }
    int dot = name.indexOf('.');
    String of = name.substring(dot + 1);
    String about = dot < 0 ? name : name.substring(0, dot + 1);
    return switch (about) {
      case "killed_at." -> {
        process(of);
        yield new Statement.OfKillOf(of, Range.parse(text, ExpectationParser::nanos));
      }
      case "recovery_of." ->
          new Statement.OfFact(
              Statement.Fact.RECOVERY_OF, process(of), Range.parse(text, ExpectationParser::nanos));
      case "reaper_attempts." ->
          new Statement.OfFact(
              Statement.Fact.REAPER_ATTEMPTS, process(of), Range.parse(text, Metric.Unit::number));
      case "free_at_panic" ->
          new Statement.OfFact(
              Statement.Fact.FREE_AT_PANIC,
              -1,
              Range.parse(text, value -> Metric.Unit.PAGES.parse(value, false)));
      case "futexes." -> futex(of, text.strip());
      default -> ofOutcome(name, text);
    };
  }

  private Statement futex(String name, String text) throws Malformed {
    int number = futexes.indexOf(name);
    if (number < 0) {
      throw new Malformed("there is no futex '" + name + "'", Suggestions.nearest(name, futexes));
    }
    List<String> ends =
        Stream.of(Happenings.FutexEnd.values())
            .map(end -> end.name().toLowerCase(Locale.ROOT))
            .toList();
    if (!ends.contains(text)) {
      throw new Malformed(
          "futexes: expected one of " + String.join(", ", ends) + ", not '" + text + "'",
          Suggestions.nearest(text, ends));
    }
    return new Statement.OfFutex(
        number, Happenings.FutexEnd.valueOf(text.toUpperCase(Locale.ROOT)));
  }

  private Statement ofOutcome(String name, String text) throws Malformed {
    return switch (name) {
      case "outcome" -> new Statement.OfVerdict(verdict(text));
      case "victims" -> new Statement.OfVictims(victims(text), false);
      case "daemon_victims" -> new Statement.OfVictims(victims(text), true);
      case "panic_text" -> new Statement.OfPanicText(text.strip());
      case "kill_times" ->
          new Statement.OfKillTimes(
              list(text).stream()
                  .map(time -> Range.parse(time, ExpectationParser::nanos))
                  .toList());
      default -> {
        Metric metric = metric(name, OTHERS);
        yield new Statement.OfMetric(metric, range(metric, name, text));
      }
    };
  }

  private static Metric metric(String name, List<String> beside) throws Malformed {
    Optional<Metric> metric = Metric.named(name);
    if (metric.isEmpty()) {
      List<String> known =
          Stream.concat(
                  beside.stream(),
                  Arrays.stream(Metric.values())
                      .flatMap(each -> Stream.of(each.shortName(), each.column())))
              .distinct()
              .toList();
      throw new Malformed("there is no metric '" + name + "'", Suggestions.nearest(name, known));
    }
    return metric.get();
  }

  /** A number without a unit will do where the name has the unit, as in {@code recovery_ms}. */
  private static Range range(Metric metric, String name, String text) {
    boolean bare = name.equals(metric.column());
    return Range.parse(text, value -> metric.unit().parse(value, bare));
  }

  private static double nanos(String text) {
    return text.equals("0") ? 0 : Span.parse(text);
  }

  private static Verdict verdict(String text) throws Malformed {
    String wanted = text.strip().replace('_', '-');
    List<Verdict> ends =
        Stream.of(Verdict.values()).filter(each -> each != Verdict.RUNNING).toList();
    for (Verdict verdict : ends) {
      if (Outcome.text(verdict).equals(wanted)) {
        return verdict;
      }
    }
    List<String> known = ends.stream().map(Outcome::text).toList();
    throw new Malformed(
        "outcome: expected one of " + String.join(", ", known) + ", not '" + text.strip() + "'",
        Suggestions.nearest(wanted, known));
  }

  private List<List<String>> victims(String text) throws Malformed {
    List<List<String>> alternatives =
        Arrays.stream(text.split("\\|", -1)).map(ExpectationParser::list).toList();
    for (List<String> alternative : alternatives) {
      for (int i = 0; i < alternative.size(); i++) {
        if (i == 0 || i + 1 < alternative.size() || !Statement.MORE.equals(alternative.get(i))) {
          victim(alternative.get(i));
        }
      }
    }
    return alternatives;
  }

  /** A process, or any copy of one. */
  private void victim(String name) throws Malformed {
    boolean copies =
        name.endsWith(Fate.ANY_COPY)
            && processes.stream().anyMatch(each -> Fate.withoutNumber(each).equals(name));
    if (!copies) {
      process(name);
    }
  }

  private int process(String name) throws Malformed {
    int process = processes.indexOf(name);
    if (process < 0) {
      throw new Malformed(
          "there is no process '" + name + "'", Suggestions.nearest(name, processes));
    }
    return process;
  }

  private static List<String> list(String text) {
    if (text.isBlank() || text.strip().equals("none")) {
      return List.of();
    }
    return Arrays.stream(text.split(";", -1)).map(String::strip).toList();
  }
}
