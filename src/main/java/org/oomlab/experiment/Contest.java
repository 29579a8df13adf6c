package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.math3.util.ResizableDoubleArray;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Oracle.Best;
import org.oomlab.statistics.Estimate;
import org.oomlab.statistics.Tests;
import org.oomlab.unit.SeedRange;

/**
 * Policies against the first of them, in the same episodes: every policy meets every workload under
 * every seed, and what is compared is what changes within a seed.
 */
public final class Contest {
  /**
   * What to compare.
   *
   * @param measures by what
   * @param seeds the episodes to begin with
   * @param precision how narrow the intervals must become, of values and of differences: half their
   *     width in relation to a time (of the base), or to a count or to 1 if the count is less; 0
   *     for as they are
   * @param most episodes of a case that may be added up to for the sake of precision
   * @param oracle whether to look for the best there could be as well, in the episodes to begin
   *     with
   * @param jobs threads
   */
  public record Terms(
      List<Measure> measures,
      SeedRange seeds,
      double precision,
      long most,
      boolean oracle,
      int jobs) {
    public Terms {
      measures = List.copyOf(measures);
    }

    private boolean needCounterfactuals() {
      return measures.stream()
          .anyMatch(m -> m instanceof Measure.Figure f && f.metric().needsCounterfactuals());
    }
  }

  /**
   * What came of one workload.
   *
   * @param cases the workload under each policy, the base first
   * @param seeds the episodes
   * @param cells a cell for each policy
   * @param comparisons for each measure in turn, each policy but the base
   * @param ceiling what somebody who knows the future reaches: the fewest kills and the shortest
   *     recovery that the oracle or any of the policies found, by measure
   * @param imprecise what did not become as narrow as was asked for: names of measures
   * @param alike whether each policy did the same in every episode, to the event, so that seeds add
   *     nothing
   * @param partial whether it was stopped before its last seed
   */
  public record Round(
      List<Case> cases,
      SeedRange seeds,
      List<Cell> cells,
      List<Comparison> comparisons,
      Map<Measure, Estimate> ceiling,
      List<String> imprecise,
      boolean alike,
      boolean partial) {
    public Round {
      cases = List.copyOf(cases);
      cells = List.copyOf(cells);
      comparisons = List.copyOf(comparisons);
      ceiling = Collections.unmodifiableMap(new LinkedHashMap<>(ceiling));
      imprecise = List.copyOf(imprecise);
    }

    /** The base policy's value and that of all others, by one measure. */
    public List<Comparison> by(Measure measure) {
      return comparisons.stream().filter(c -> c.measure().equals(measure)).toList();
    }
  }

  /** Everything known of one policy under one workload. */
  private static final class Entrant {
    final String policy;
    final Cell.Gatherer gatherer = new Cell.Gatherer();
    private long digest;
    private boolean alike = true;
    private boolean any;
    final Map<Measure, ResizableDoubleArray> values = new LinkedHashMap<>();

    Entrant(String policy, List<Measure> measures) {
      this.policy = policy;
      measures.forEach(measure -> values.put(measure, new ResizableDoubleArray()));
    }

    void add(Outcome outcome) {
      gatherer.add(outcome);
      alike &= !any || digest == outcome.digest();
      digest = outcome.digest();
      any = true;
      values.forEach((measure, array) -> array.addElement(measure.of(outcome)));
    }

    double[] values(Measure measure) {
      return values.get(measure).getElements();
    }
  }

  private static final long SEEDS_AT_A_TIME = 20;

  private final Terms terms;
  private final Progress progress;
  private final Consumer<Outcome> heard;
  private final long planned;
  private long done;

  private Contest(Terms terms, Progress progress, Consumer<Outcome> heard, long planned) {
    this.terms = terms;
    this.progress = progress;
    this.heard = heard;
    this.planned = planned;
  }

  /**
   * Holds the contest.
   *
   * @param cases for each workload, the workload under each policy, the base first
   * @param progress may cancel; then what is complete is in the result, and the last round may be
   *     partial
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static List<Round> run(List<List<Case>> cases, Terms terms, Progress progress)
      throws InterruptedException {
    return run(cases, terms, progress, outcome -> {});
  }

  /**
   * The same; a case alone is not compared with anything.
   *
   * @param heard is told of every outcome, those of one case in the order of their seeds
   */
  public static List<Round> run(
      List<List<Case>> cases, Terms terms, Progress progress, Consumer<Outcome> heard)
      throws InterruptedException {
    long rows = cases.stream().mapToLong(List::size).sum() + (terms.oracle() ? cases.size() : 0);
    long planned = rows * terms.seeds().count();
    Contest contest = new Contest(terms, progress, heard, planned);
    List<Round> rounds = new ArrayList<>();
    for (List<Case> each : cases) {
      Round round = contest.round(each);
      if (round == null) {
        break;
      }
      rounds.add(round);
      if (round.partial()) {
        break;
      }
    }
    return corrected(rounds);
  }

  /** One workload; null if it was cancelled before there was anything to compare. */
  private @Nullable Round round(List<Case> cases) throws InterruptedException {
    List<Entrant> entrants =
        cases.stream().map(each -> new Entrant(each.policy().name(), terms.measures())).toList();
    List<Best> best = new ArrayList<>();
    long first = terms.seeds().first();
    long complete = play(cases, terms.seeds(), entrants, best);
    List<String> imprecise = imprecise(cases, entrants);
    while (!imprecise.isEmpty() && !progress.cancelled()) {
      long last = Math.min(first + terms.most() - 1, 2 * complete - first + 1);
      if (last <= complete) {
        break;
      }
      complete = play(cases, new SeedRange(complete + 1, last), entrants, best);
      imprecise = imprecise(cases, entrants);
    }
    if (complete < first) {
      return null;
    }
    return new Round(
        cases,
        new SeedRange(first, complete),
        entrants.stream().map(entrant -> entrant.gatherer.cell()).toList(),
        comparisons(cases, entrants),
        ceiling(best),
        imprecise,
        complete > first && entrants.stream().allMatch(entrant -> entrant.alike),
        progress.cancelled());
  }

  /**
   * Plays some seeds, a few at a time, so that all policies have met most of them when somebody
   * loses patience.
   *
   * @return the last seed under which all policies were run
   */
  private long play(List<Case> cases, SeedRange seeds, List<Entrant> entrants, List<Best> best)
      throws InterruptedException {
    long complete = seeds.first() - 1;
    while (complete < seeds.last()) {
      SeedRange few =
          new SeedRange(complete + 1, Math.min(seeds.last(), complete + SEEDS_AT_A_TIME));
      List<List<Outcome>> outcomes = new ArrayList<>();
      cases.forEach(each -> outcomes.add(new ArrayList<>()));
      List<Best> bestOfFew = new ArrayList<>();
      if (terms.oracle() && few.last() <= terms.seeds().last()) {
        // No more, since it takes longer than all policies.
        Plan once = new Plan(cases.subList(0, 1), few, terms.jobs(), false);
        Experiment.run(once, Oracle::new, bestOfFew::add, counted(once));
        done += once.episodes();
      }
      Plan plan = new Plan(cases, few, terms.jobs(), terms.needCounterfactuals());
      int[] number = {0};
      Experiment.run(
          plan,
          outcome -> outcomes.get((int) (number[0]++ / few.count())).add(outcome),
          counted(plan));
      done += plan.episodes();
      if (number[0] < plan.episodes()) {
        return complete; // somebody stopped it, and these few are not whole
      }
      for (int i = 0; i < entrants.size(); i++) {
        outcomes.get(i).forEach(entrants.get(i)::add);
        outcomes.get(i).forEach(heard);
      }
      for (int seed = 0; seed < bestOfFew.size(); seed++) {
        Best of = bestOfFew.get(seed);
        for (List<Outcome> under : outcomes) {
          of = of.or(Best.of(under.get(seed)));
        }
        best.add(of);
      }
      complete = few.last();
    }
    return complete;
  }

  /** The progress of a part of the work, as seen from the whole. */
  private Progress counted(Plan part) {
    long before = done;
    long of = Math.max(planned, before + part.episodes());
    return new Progress() {
      @Override
      public void advanced(long episodes, long ofThese) {
        progress.advanced(before + episodes, of);
      }

      @Override
      public boolean cancelled() {
        return progress.cancelled();
      }
    };
  }

  private Map<Measure, Estimate> ceiling(List<Best> best) {
    if (best.isEmpty()) {
      return Map.of();
    }
    Measure kills = new Measure.Figure(Metric.KILLS);
    Measure recovery = new Measure.Figure(Metric.RECOVERY_MS);
    double[] fewest =
        best.stream().mapToDouble(b -> b.kills() < 0 ? Double.NaN : b.kills()).toArray();
    double[] shortest =
        best.stream()
            .mapToDouble(b -> b.recoveryNs() < 0 ? Double.NaN : b.recoveryNs() / 1e6)
            .toArray();
    Map<Measure, Estimate> ceiling = new LinkedHashMap<>();
    ceiling.put(kills, Comparison.typical(kills, fewest));
    ceiling.put(recovery, Comparison.typical(recovery, shortest));
    return ceiling;
  }

  /**
   * The measures of which some interval, of a value or a difference, is wider than it should be.
   */
  private List<String> imprecise(List<Case> cases, List<Entrant> entrants) {
    if (terms.precision() <= 0) {
      return List.of();
    }
    return comparisons(cases, entrants).stream()
        .filter(
            c ->
                isWide(c.measure(), c.baseValue(), c.baseValue())
                    || isWide(c.measure(), c.value(), c.value())
                    || isWide(c.measure(), c.difference(), c.baseValue()))
        .map(c -> c.measure().name())
        .distinct()
        .toList();
  }

  private boolean isWide(Measure measure, Estimate estimate, Estimate inRelationTo) {
    double size = Math.abs(inRelationTo.value());
    if (Double.isNaN(estimate.value()) || Double.isNaN(size)) {
      return false; // no episode has a value, and no interval can tell how often one would
    }
    double scale = measure.isTime() ? size : Math.max(1, size);
    return !(estimate.halfWidth() <= terms.precision() * scale);
  }

  private List<Comparison> comparisons(List<Case> cases, List<Entrant> entrants) {
    Entrant base = entrants.get(0);
    List<Comparison> comparisons = new ArrayList<>();
    for (Measure measure : terms.measures()) {
      for (Entrant other : entrants.subList(1, entrants.size())) {
        comparisons.add(
            Comparison.of(
                cases.get(0).workload().name(),
                base.policy,
                other.policy,
                measure,
                base.values(measure),
                other.values(measure)));
      }
    }
    return comparisons;
  }

  /** Corrects all p-values for one another: whoever reads the table reads all of them. */
  private static List<Round> corrected(List<Round> rounds) {
    double[] p =
        Tests.holm(
            rounds.stream()
                .flatMap(round -> round.comparisons().stream())
                .mapToDouble(Comparison::p)
                .toArray());
    List<Round> corrected = new ArrayList<>();
    int next = 0;
    for (Round round : rounds) {
      List<Comparison> comparisons = new ArrayList<>();
      for (Comparison comparison : round.comparisons()) {
        comparisons.add(comparison.adjusted(p[next++]));
      }
      corrected.add(
          new Round(
              round.cases(),
              round.seeds(),
              round.cells(),
              comparisons,
              round.ceiling(),
              round.imprecise(),
              round.alike(),
              round.partial()));
    }
    return corrected;
  }
}
