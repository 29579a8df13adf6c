package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Comparison;
import org.oomlab.experiment.Comparison.Finding;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Contest.Terms;
import org.oomlab.experiment.Measure;
import org.oomlab.experiment.Measure.Ending;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.output.Screen;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.statistics.Estimate;

/**
 * What differs and by how much: first in how many workloads, then a table for each measure with a
 * row for each workload in which something does, the base policy first, then the others.
 */
final class ContestTable {
  /** What fits beside one another on a usual screen. */
  private static final int WIDTH = 120;

  private static final String CONTRADICTORY =
      "the test would claim it, but the interval holds 0: a few pairs differ, the typical one does not";

  private static final Comparator<Comparison> BY_SIZE =
      Comparator.comparingDouble(c -> Math.abs(c.difference().value()));

  /** From so many times the base on, a percentage says less than the time itself. */
  private static final int LARGE = 2;

  private final List<Round> rounds;
  private final Terms terms;
  private final boolean markdown;
  private final boolean all;
  private final List<String> policies;
  private final Notes notes = new Notes();
  private final Page page;
  private final boolean bounded;
  private boolean oracle;
  private int width = WIDTH;

  /**
   * A table.
   *
   * @param all whether workloads in which nothing differs have rows as well
   */
  ContestTable(List<Round> rounds, Terms terms, boolean markdown, boolean all, boolean colour) {
    this(rounds, terms, markdown, all, new Page(colour && !markdown), !markdown);
  }

  /**
   * A table on a page.
   *
   * @param bounded whether there is no room for more than a screen is wide
   */
  private ContestTable(
      List<Round> rounds, Terms terms, boolean markdown, boolean all, Page page, boolean bounded) {
    this.rounds = rounds;
    this.all = all;
    this.terms = terms;
    this.markdown = markdown;
    this.page = page;
    this.bounded = bounded;
    this.policies =
        rounds.isEmpty() ? List.of() : rounds.get(0).cells().stream().map(Cell::policy).toList();
  }

  /** The same as elements of a page of HTML. */
  static ContestTable elements(List<Round> rounds, Terms terms) {
    return new ContestTable(rounds, terms, false, true, new Page(Page.Form.ELEMENTS), false);
  }

  /** One workload alone, with a row for each measure that is not zero under all policies. */
  void writeMeasures(Writer out) {
    Round round = rounds.get(0);
    boolean two = policies.size() == 2;
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("", "measure", false));
    heads.add(new Head("", policies.get(0), true));
    if (!two) {
      heads.add(new Head("", "beside", false));
    }
    heads.add(new Head("", two ? policies.get(1) : "", true));
    heads.add(new Head("", "change", false));
    heads.add(new Head("", "p", false));
    Table table = new Table(heads);
    for (Measure measure : terms.measures()) {
      List<Comparison> comparisons = round.by(measure);
      for (int i = 0; i < comparisons.size() && !isZero(measure); i++) {
        Comparison its = comparisons.get(i);
        boolean first = i == 0;
        List<Field> row = new ArrayList<>();
        row.add(Field.of(first ? title(measure) : ""));
        row.add(first ? value(round, measure, its.baseValue(), 0) : Field.of(""));
        if (!two) {
          row.add(Field.of(its.policy()));
        }
        row.add(value(round, measure, its.value(), i + 1));
        row.add(measure instanceof Ending && isClaim(its) ? ending(its) : change(its));
        row.add(Field.of(Double.isNaN(its.adjustedP()) ? "" : p(its.adjustedP())));
        table.add(row);
      }
    }
    if (!table.isEmpty()) {
      page.table(table);
      signs();
      notes.lines().forEach(note -> line(note, Tone.PLAIN));
    }
    page.print(out);
  }

  private Field ending(Comparison its) {
    return new Field(inEpisodes(its), isBetter(its) ? Tone.GOOD : Tone.BAD);
  }

  void write(Writer out) {
    if (rounds.isEmpty()) {
      return;
    }
    width = Math.min(WIDTH, Screen.columnsOf(out));
    facts();
    List<String> nothing = nothing();
    List<String> same = new ArrayList<>();
    summary(nothing);
    if (terms.measures().stream().anyMatch(m -> m instanceof Ending)) {
      block("outcome", this::outcomes, false, round -> endings(round), same);
    }
    for (Measure measure : terms.measures()) {
      if (measure instanceof Ending || nothing.contains(words(measure))) {
        continue;
      }
      boolean ceiling = rounds.stream().anyMatch(round -> round.ceiling().containsKey(measure));
      block(
          title(measure),
          (round, others) -> values(round, measure, others),
          ceiling,
          round -> round.by(measure),
          same);
    }
    legend(nothing, same);
    page.print(out);
  }

  /** Measures that are zero everywhere. */
  private List<String> nothing() {
    List<String> nothing = new ArrayList<>();
    for (Measure measure : terms.measures()) {
      if (!(measure instanceof Ending) && isZero(measure)) {
        nothing.add(words(measure));
      }
    }
    return nothing;
  }

  /** Only in how many workloads each measure is better or worse. */
  void writeSummary(Writer out) {
    summary(nothing());
    page.print(out);
  }

  private static List<Comparison> endings(Round round) {
    return round.comparisons().stream().filter(c -> c.measure() instanceof Ending).toList();
  }

  /** In how many workloads each measure is better or worse, and where most so. */
  private void summary(List<String> nothing) {
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("", "measure", false));
    boolean several = policies.size() > 2;
    if (several) {
      heads.add(new Head("", "policy", false));
    }
    for (String name : List.of("better", "worse", "undecided", "same")) {
      heads.add(new Head("", name, true));
    }
    heads.add(new Head("", "largest", false));
    Table table = new Table(heads);
    for (Measure measure : terms.measures()) {
      for (String other : policies.subList(1, policies.size())) {
        List<Comparison> its =
            rounds.stream()
                .flatMap(round -> round.by(measure).stream())
                .filter(c -> c.policy().equals(other))
                .filter(c -> c.finding() != Finding.ABSENT || onlyOneHas(c))
                .toList();
        boolean wanted = measure instanceof Ending ? differs(its) : !its.isEmpty();
        if (!nothing.contains(words(measure)) && wanted) {
          table.add(summary(measure, several ? other : null, its));
        }
      }
    }
    if (table.isEmpty()) {
      return;
    }
    page.blank();
    line((markdown ? "### " : "") + "in how many workloads", Tone.HEADING);
    if (markdown) {
      page.blank();
    }
    show(table);
  }

  private List<Field> summary(Measure measure, @Nullable String other, List<Comparison> its) {
    List<Comparison> better = claims(its, true);
    List<Comparison> worse = claims(its, false);
    List<Field> fields = new ArrayList<>(List.of(Field.of(words(measure))));
    if (other != null) {
      fields.add(Field.of(other));
    }
    fields.add(
        new Field(Integer.toString(better.size()), better.isEmpty() ? Tone.PLAIN : Tone.GOOD));
    fields.add(new Field(Integer.toString(worse.size()), worse.isEmpty() ? Tone.PLAIN : Tone.BAD));
    for (Finding finding : List.of(Finding.UNCLEAR, Finding.SAME)) {
      fields.add(Field.of(Long.toString(its.stream().filter(c -> c.finding() == finding).count())));
    }
    List<String> largest = new ArrayList<>();
    for (List<Comparison> each : List.of(better, worse)) {
      each.stream().max(BY_SIZE).ifPresent(c -> largest.add(size(c) + " in " + c.workload()));
    }
    for (boolean base : new boolean[] {true, false}) {
      long only =
          its.stream()
              .filter(c -> onlyOneHas(c) && Double.isNaN(c.value().value()) == base)
              .count();
      if (only > 0) {
        largest.add("only under " + (base ? policies.get(0) : its.get(0).policy()) + " in " + only);
      }
    }
    fields.add(Field.of(String.join(", ", largest)));
    return fields;
  }

  private List<Comparison> claims(List<Comparison> its, boolean better) {
    return its.stream().filter(c -> isClaim(c) && isBetter(c) == better).toList();
  }

  /** A claimed difference without its interval. */
  private static String size(Comparison c) {
    return c.measure() instanceof Ending
        ? signed(c.more() - c.less()) + " episodes"
        : difference(c).replaceFirst(" \\[.*", "");
  }

  /** What holds for all of it. */
  private void facts() {
    Set<String> seeds = new LinkedHashSet<>();
    Set<String> costs = new LinkedHashSet<>();
    rounds.forEach(round -> seeds.add(round.seeds().toString()));
    rounds.forEach(round -> costs.add(round.cases().get(0).costs().name()));
    long episodes = rounds.stream().mapToLong(r -> r.seeds().count() * r.cells().size()).sum();
    line(
        policies.size() == 2
            ? policies.get(1) + " beside " + policies.get(0)
            : (policies.size() - 1) + " policies beside " + policies.get(0),
        Tone.HEADING);
    line(
        rounds.size()
            + (rounds.size() == 1 ? " workload, seeds " : " workloads, seeds ")
            + (seeds.size() == 1 ? seeds.iterator().next() : "by workload")
            + ", the same for every policy; costs "
            + String.join(", ", costs)
            + "; "
            + episodes
            + " episodes",
        Tone.QUIET);
  }

  private interface Row {
    /** The fields of a workload: its name, the base's value, and three for each other policy. */
    List<Field> of(Round round, List<String> others);
  }

  /**
   * A table, or several if the policies do not all fit beside the base; none if nothing differs.
   */
  private void block(
      String title,
      Row row,
      boolean ceiling,
      Function<Round, List<Comparison>> its,
      List<String> same) {
    List<Round> shown =
        rounds.stream()
            .filter(round -> all || round.partial() || differs(its.apply(round)))
            .toList();
    if (shown.isEmpty()) {
      same.add(title);
      return;
    }
    oracle |= ceiling;
    List<String> others = policies.subList(1, policies.size());
    page.blank();
    line((markdown ? "### " : "") + title, Tone.HEADING);
    if (markdown) {
      page.blank();
    }
    int from = 0;
    while (from < others.size()) {
      int to = others.size();
      Table table = table(shown, row, others.subList(from, to), ceiling);
      while (bounded && to > from + 1 && width(table) > width) {
        to--;
        table = table(shown, row, others.subList(from, to), ceiling);
      }
      if (from > 0) {
        page.blank();
      }
      show(table);
      from = to;
    }
    int hidden = rounds.size() - shown.size();
    if (hidden > 0) {
      line(
          "and "
              + hidden
              + (hidden == 1 ? " workload" : " workloads")
              + " in which it is the same"
              + " in every seed (--all)",
          Tone.QUIET);
    }
  }

  private static boolean differs(List<Comparison> comparisons) {
    return comparisons.stream()
        .anyMatch(c -> c.finding() == Finding.ABSENT ? onlyOneHas(c) : c.finding() != Finding.SAME);
  }

  /** Whether there is nothing to compare because one of the two never has it. */
  private static boolean onlyOneHas(Comparison c) {
    return Double.isNaN(c.baseValue().value()) != Double.isNaN(c.value().value());
  }

  private void show(Table table) {
    if (markdown) {
      page.markdown(table);
    } else {
      page.table(table);
    }
  }

  private static int width(Table table) {
    return table.text(false).lines().mapToInt(String::length).max().orElse(0);
  }

  private Table table(List<Round> shown, Row row, List<String> others, boolean ceiling) {
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("", "workload", false));
    if (ceiling) {
      heads.add(new Head("", "oracle", true));
    }
    heads.add(new Head("", policies.get(0), true));
    for (String other : others) {
      heads.add(new Head("", other, true));
      heads.add(new Head("", "change", false));
      heads.add(new Head("", "p", false));
    }
    Table table = new Table(heads);
    shown.forEach(round -> table.add(row.of(round, others)));
    return table;
  }

  private List<Field> outcomes(Round round, List<String> others) {
    List<Field> fields = new ArrayList<>();
    fields.add(name(round));
    fields.add(verdicts(round.cells().get(0)));
    for (String other : others) {
      fields.add(verdicts(round.cells().get(policies.indexOf(other))));
      List<Comparison> endings =
          endings(round).stream().filter(c -> c.policy().equals(other)).toList();
      String claims =
          endings.stream()
              .filter(ContestTable::isClaim)
              .map(ContestTable::inEpisodes)
              .collect(Collectors.joining(", "));
      String mark =
          endings.stream().anyMatch(Comparison::isContradictory) ? notes.mark(CONTRADICTORY) : "";
      boolean same = endings.stream().allMatch(c -> c.finding() == Finding.SAME);
      boolean better = endings.stream().filter(ContestTable::isClaim).allMatch(this::isBetter);
      fields.add(
          claims.isEmpty()
              ? Field.of((same ? "=" : "~") + mark)
              : new Field(claims + mark, better ? Tone.GOOD : Tone.BAD));
      double least =
          endings.stream()
              .mapToDouble(Comparison::adjustedP)
              .filter(p -> !Double.isNaN(p))
              .reduce(2, Math::min);
      fields.add(Field.of(same || least > 1 ? "" : p(least)));
    }
    return fields;
  }

  /** In how many more episodes it ends so, and the interval of that. */
  private static String inEpisodes(Comparison c) {
    return signed(c.more() - c.less())
        + bounds(c.difference(), share -> Numbers.significant(share * c.pairs(), 3))
        + " "
        + c.measure().name();
  }

  /** An interval in brackets, if it has a width. */
  private static String bounds(Estimate of, DoubleFunction<String> shown) {
    return of.halfWidth() > 0
        ? " [" + shown.apply(of.low()) + ", " + shown.apply(of.high()) + "]"
        : "";
  }

  private static Field verdicts(Cell cell) {
    String text =
        cell.verdicts().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getValue() + " " + Outcome.text(entry.getKey()))
            .collect(Collectors.joining(", "));
    boolean bad = cell.count(Verdict.PANIC) + cell.count(Verdict.LIVELOCK) > 0;
    return new Field(text, bad ? Tone.BAD : Tone.PLAIN);
  }

  private List<Field> values(Round round, Measure measure, List<String> others) {
    List<Field> fields = new ArrayList<>();
    List<Comparison> comparisons = round.by(measure);
    fields.add(name(round));
    if (round.ceiling().containsKey(measure)) {
      double best = round.ceiling().get(measure).value();
      fields.add(new Field(Numbers.human(measure.unit(), best), Tone.QUIET));
    }
    fields.add(value(round, measure, comparisons.get(0).baseValue(), 0));
    for (String other : others) {
      int index = policies.indexOf(other);
      Comparison comparison = comparisons.get(index - 1);
      fields.add(value(round, measure, comparison.value(), index));
      fields.add(change(comparison));
      boolean tested = !Double.isNaN(comparison.adjustedP());
      fields.add(Field.of(tested ? p(comparison.adjustedP()) : ""));
    }
    return fields;
  }

  private Field name(Round round) {
    String name = round.cases().get(0).workload().name();
    if (round.alike()) {
      name += notes.mark("all episodes are alike, to the event: more seeds would not add anything");
    }
    if (round.partial()) {
      name += notes.mark("partial: stopped after " + round.seeds().count() + " seeds");
    } else if (!round.imprecise().isEmpty()) {
      name +=
          notes.mark(
              "not as precise as asked for after "
                  + round.seeds().count()
                  + " episodes, the most allowed: "
                  + String.join(", ", round.imprecise()));
    }
    return Field.of(name);
  }

  private Field value(Round round, Measure measure, Estimate value, int policy) {
    Cell cell = round.cells().get(policy);
    if (measure instanceof Ending ending) {
      return Field.of(cell.count(ending.verdict()) + " of " + cell.episodes());
    }
    long with = n(cell, measure);
    if (with == 0) {
      boolean killed = cell.summary(Metric.KILLS).max() > 0;
      return measure instanceof Measure.Figure f && f.metric() == Metric.RECOVERY_MS && killed
          ? new Field("never" + notes.mark("in no episode"), Tone.BAD)
          : Field.of(Numbers.ABSENT);
    }
    String shown = Numbers.human(measure.unit(), value.value());
    if (value.halfWidth() > 0) {
      shown +=
          measure.isTime() && value.value() > 0
              ? " ± " + percent(value.relativeWidth())
              : " ± " + Numbers.human(measure.unit(), value.halfWidth());
    }
    if (with < cell.episodes()) {
      shown +=
          notes.mark("over the " + with + " of " + cell.episodes() + " episodes that have one");
    }
    return Field.of(shown);
  }

  private static long n(Cell cell, Measure measure) {
    return measure instanceof Measure.Figure f ? cell.summary(f.metric()).n() : cell.episodes();
  }

  private Field change(Comparison comparison) {
    String mark = "";
    if (comparison.pairs() < comparison.episodes() && comparison.pairs() > 0) {
      mark =
          notes.mark(
              "compared in the "
                  + comparison.pairs()
                  + " of "
                  + comparison.episodes()
                  + " episodes in which both have one");
    }
    return switch (comparison.finding()) {
      case ABSENT -> Field.of("");
      case SAME -> Field.of("=" + mark);
      case UNCLEAR ->
          Field.of("~" + mark + (comparison.isContradictory() ? notes.mark(CONTRADICTORY) : ""));
      case LESS, MORE ->
          new Field(difference(comparison) + mark, isBetter(comparison) ? Tone.GOOD : Tone.BAD);
    };
  }

  /** A claimed difference: of a time as a share of the base's, unless that is much shorter. */
  private static String difference(Comparison comparison) {
    Estimate by = comparison.difference();
    Metric.Unit unit = comparison.measure().unit();
    double base = comparison.baseValue().value();
    boolean share = comparison.measure().isTime() && Math.abs(by.value()) < LARGE * base;
    DoubleFunction<String> shown =
        value ->
            sign(value)
                + (share ? percent(Math.abs(value) / base) : Numbers.human(unit, Math.abs(value)));
    return shown.apply(by.value()) + bounds(by, shown);
  }

  private static boolean isClaim(Comparison comparison) {
    return comparison.finding() == Finding.LESS || comparison.finding() == Finding.MORE;
  }

  private boolean isBetter(Comparison comparison) {
    return (comparison.finding() == Finding.LESS) == comparison.measure().lessIsBetter();
  }

  private boolean isZero(Measure measure) {
    return rounds.stream()
        .flatMap(round -> round.by(measure).stream())
        .flatMap(c -> Stream.of(c.baseValue(), c.value()))
        .allMatch(
            value ->
                Double.isNaN(value.value())
                    || value.value() == 0
                        && (measure instanceof Ending || !(value.halfWidth() > 0)));
  }

  private void legend(List<String> nothing, List<String> same) {
    page.blank();
    if (!same.isEmpty()) {
      line(
          "the same in every seed of every workload (--all shows it): " + String.join("; ", same),
          Tone.PLAIN);
    }
    if (!nothing.isEmpty()) {
      line("0 or absent under every policy: " + String.join(", ", nothing), Tone.PLAIN);
    }
    signs();
    long tests =
        rounds.stream()
            .flatMap(round -> round.comparisons().stream())
            .filter(comparison -> !Double.isNaN(comparison.p()))
            .count();
    long most = rounds.stream().mapToLong(round -> round.seeds().count()).max().orElse(0);
    if (tests * Math.scalb(2.0, (int) -Math.min(most, 1000)) >= Comparison.LEVEL) {
      line(
          "With "
              + tests
              + " differences in the tables, so few seeds can claim none: ask for more.",
          Tone.DOUBTFUL);
    }
    if (oracle) {
      line(
          "oracle  the fewest kills and the shortest recovery of any victim that was tried beforehand, or"
              + " of a policy"
              + (most > terms.seeds().count() ? "; seeds " + terms.seeds() : ""),
          Tone.QUIET);
    }
    notes.lines().forEach(note -> line(note, Tone.PLAIN));
  }

  /** What the signs in the tables mean. */
  private void signs() {
    line(
        "=  the same in every seed    ~  differs, but no difference can be claimed    [ ]  95% interval,"
            + " ±  half of one",
        Tone.QUIET);
    line(
        "p  after Holm's correction over all tables; times: Wilcoxon's signed-rank test, else the exact"
            + " sign test",
        Tone.QUIET);
  }

  private void line(String line, Tone tone) {
    page.line(new Field(line, tone));
    if (markdown) {
      page.blank();
    }
  }

  private static String title(Measure measure) {
    return words(measure)
        + switch (measure.kind()) {
          case TIME -> ", median";
          case SHARE -> ", episodes";
          case NUMBER -> ", mean of an episode";
        };
  }

  /** What a measure is called. */
  static String words(Measure measure) {
    return switch (measure.unit()) {
      case MILLISECONDS -> measure.name().replaceFirst("_ms$", "").replace('_', ' ');
      case PAGES -> measure.name().replaceFirst("_pages$", "").replace('_', ' ');
      case COUNT, WORK, SHARE ->
          measure.name().replace("_1s", " @1s").replace("_10s", " @10s").replace('_', ' ');
    };
  }

  private static String percent(double share) {
    return Numbers.significant(share * 100, 2) + "%";
  }

  private static String sign(double value) {
    return value < 0 ? "-" : "+";
  }

  private static String signed(long value) {
    return value > 0 ? "+" + value : Long.toString(value);
  }

  /** A p-value. */
  static String p(double p) {
    return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, p < 0.1 ? "%.3f" : "%.2f", p);
  }
}
