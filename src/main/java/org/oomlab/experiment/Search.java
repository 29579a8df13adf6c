package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.MersenneTwister;
import org.oomlab.engine.RandomStream;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.unit.SeedRange;

/**
 * Looks for the values of some axes that make objectives small.
 *
 * <p>Every candidate meets the same episodes, so that two candidates differ by what they do and not
 * by their luck. If there are no more candidates than may be tried, all are tried. Otherwise an
 * evolution goes on from the base: the children of two good ones, slightly changed, replace the
 * worst. For one objective, what lies between the values of ranges is left to CMA-ES (Hansen and
 * Ostermeier, 2001). What is found is tried once more in episodes that were not used to find it.
 */
public final class Search {
  private static final int POPULATION = 24;
  private static final int MOST_ON_FRONT = 32;
  private static final double SPREAD = 0.15;
  private static final double MUTATION = 1.5;

  /** The share of the trials that evolution leaves to CMA-ES. */
  private static final double POLISH = 0.3;

  /**
   * What to look for.
   *
   * @param axes what may change
   * @param base the values to begin with
   * @param known other values to try at once, from which the search goes on
   * @param objectives what is to be small; with several, the earlier ones decide who is the winner
   * @param seeds the episodes of every candidate
   * @param budget how many candidates may be tried
   * @param seed of the search's own choices
   * @param jobs threads
   * @param beside what to hold the result against: cases of some other policies, a list for each
   */
  public record Terms(
      List<Axis> axes,
      List<String> base,
      List<List<String>> known,
      List<Objective> objectives,
      SeedRange seeds,
      int budget,
      long seed,
      int jobs,
      List<List<Case>> beside) {
    public Terms {
      beside = List.copyOf(beside);
      known = List.copyOf(known);
      axes = List.copyOf(axes);
      base = List.copyOf(base);
      objectives = List.copyOf(objectives);
    }
  }

  /**
   * A candidate.
   *
   * @param values its values on the axes
   * @param scores its objectives
   * @param tried how many were tried before it
   */
  public record Candidate(List<String> values, List<Double> scores, int tried) {
    public Candidate {
      values = List.copyOf(values);
      scores = List.copyOf(scores);
    }

    /** Whether it is nowhere worse and somewhere better. */
    boolean dominates(Candidate other) {
      boolean better = false;
      for (int i = 0; i < scores.size(); i++) {
        int order = scores.get(i).compareTo(other.scores.get(i));
        if (order > 0) {
          return false;
        }
        better |= order < 0;
      }
      return better;
    }

    int compareScores(Candidate other) {
      return order(scores, other.scores);
    }
  }

  /**
   * What was found; all scores are from episodes that the search did not use, except the trace's.
   *
   * @param base what the search began with
   * @param trace each candidate that was better than all before by the first objective that differs
   * @param front those that no other beats in every objective; of equals, the one with the fewest
   *     changes
   * @param winner the best of them, with every value set back that does not matter
   * @param complete false if the search was stopped
   * @param tried how many candidates were tried
   * @param beside the scores of the others it was to be held against; none if it was stopped
   */
  public record Result(
      Candidate base,
      List<Candidate> trace,
      List<Candidate> front,
      Candidate winner,
      boolean complete,
      int tried,
      List<List<Double>> beside) {}

  private final Terms terms;
  private final Function<List<String>, List<Case>> cases;
  private final Progress progress;
  private final RandomStream random;
  private final Map<List<String>, Candidate> tried = new LinkedHashMap<>();
  private final List<Candidate> trace = new ArrayList<>();
  private long episodes;
  private boolean stopped;

  private Search(Terms terms, Function<List<String>, List<Case>> cases, Progress progress) {
    this.terms = terms;
    this.cases = cases;
    this.progress = progress;
    this.random = new RandomStream(RandomStream.split(terms.seed(), "search"));
  }

  /**
   * Searches.
   *
   * @param cases what a candidate with these values is tried on
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Result run(Terms terms, Function<List<String>, List<Case>> cases, Progress progress)
      throws InterruptedException {
    return new Search(terms, cases, progress).run();
  }

  private Result run() throws InterruptedException {
    evaluate(List.of(terms.base()));
    evaluate(terms.known());
    long all = candidates();
    if (all > 0 && all <= terms.budget()) {
      exhaust(all);
    } else {
      boolean ranges = terms.axes().stream().anyMatch(axis -> axis.size() == 0);
      boolean only = terms.axes().stream().allMatch(axis -> axis.size() == 0);
      boolean polish = ranges && terms.objectives().size() == 1;
      evolve(polish ? (int) (terms.budget() * (only ? 0.3 : 1 - POLISH)) : terms.budget());
      if (polish) {
        polish();
      }
    }
    return result();
  }

  /** How many candidates there are; 0 if ranges make it infinitely many, or too many to count. */
  private long candidates() {
    double all = 1;
    for (Axis axis : terms.axes()) {
      all *= axis.size();
    }
    return all <= Integer.MAX_VALUE ? (long) all : 0;
  }

  private void exhaust(long all) throws InterruptedException {
    Design grid = Design.of("grid", terms.axes(), 1);
    List<List<String>> batch = new ArrayList<>();
    for (long point = 0; point < all; point++) {
      batch.add(grid.values(point));
      if (batch.size() == POPULATION || point == all - 1) {
        evaluate(batch);
        batch.clear();
      }
    }
  }

  private void evolve(int budget) throws InterruptedException {
    List<List<String>> first = new ArrayList<>();
    for (int i = 1; i < POPULATION; i++) {
      // Neighbours of the base as well as strangers: what is good is often near.
      first.add(i % 2 == 0 ? stranger() : changed(terms.base()));
    }
    evaluate(first);
    List<Candidate> parents = best(new ArrayList<>(tried.values()), POPULATION);
    int barren = 0;
    while (tried.size() < budget && !stopped && barren < POPULATION) {
      Set<List<String>> children = new LinkedHashSet<>();
      for (int i = 0; i < 4 * POPULATION && children.size() < POPULATION; i++) {
        List<String> child = changed(crossed(pick(parents).values(), pick(parents).values()));
        if (!tried.containsKey(child)) {
          children.add(child);
        }
      }
      barren = children.isEmpty() ? barren + 1 : 0;
      int room = Math.min(children.size(), budget - tried.size());
      List<List<String>> batch = new ArrayList<>(children).subList(0, room);
      evaluate(batch);
      List<Candidate> all = new ArrayList<>(parents);
      batch.stream().filter(tried::containsKey).map(tried::get).forEach(all::add);
      parents = best(all, POPULATION);
    }
  }

  /** The better of two by chance; parents are in order. */
  private Candidate pick(List<Candidate> parents) {
    long a = random.nextBelow(parents.size());
    long b = random.nextBelow(parents.size());
    return parents.get((int) Math.min(a, b));
  }

  private List<String> stranger() {
    return terms.axes().stream().map(axis -> axis.at(random.nextDouble())).toList();
  }

  private List<String> crossed(List<String> a, List<String> b) {
    List<String> child = new ArrayList<>(a);
    for (int i = 0; i < child.size(); i++) {
      if (random.nextBelow(2) == 0) {
        child.set(i, b.get(i));
      }
    }
    return child;
  }

  /** With one or two values changed, more or less. */
  private List<String> changed(List<String> values) {
    List<String> changed = new ArrayList<>(values);
    boolean any = false;
    while (!any) {
      for (int i = 0; i < changed.size(); i++) {
        if (random.nextDouble() * changed.size() < MUTATION) {
          changed.set(i, changed(terms.axes().get(i), changed.get(i)));
          any = true;
        }
      }
    }
    return List.copyOf(changed);
  }

  private String changed(Axis axis, String value) {
    if (axis.isList() || random.nextBelow(4) == 0) {
      return axis.at(random.nextDouble());
    }
    double step = SPREAD * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
    return axis.at(Math.max(0, Math.min(1, axis.shareOf(value) + step)));
  }

  /** CMA-ES over the ranges, from the best so far, whose other values stay. */
  private void polish() throws InterruptedException {
    List<String> from = best(new ArrayList<>(tried.values()), 1).get(0).values();
    List<Integer> ranges = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      if (terms.axes().get(i).size() == 0) {
        ranges.add(i);
      }
    }
    int left = terms.budget() - tried.size();
    if (left < 1 || stopped) {
      return;
    }
    int n = ranges.size();
    double[] start =
        ranges.stream()
            .mapToDouble(i -> terms.axes().get(i).shareOf(from.get(i)))
            .map(share -> Math.max(0, Math.min(1, share)))
            .toArray();
    double[] zero = new double[n];
    double[] one = new double[n];
    double[] sigma = new double[n];
    Arrays.fill(one, 1);
    Arrays.fill(sigma, SPREAD);
    CMAESOptimizer optimizer =
        new CMAESOptimizer(
            left,
            0,
            true,
            0,
            0,
            new MersenneTwister(terms.seed()),
            false,
            (iteration, before, now) -> false);
    try {
      optimizer.optimize(
          new InitialGuess(start),
          new SimpleBounds(zero, one),
          new CMAESOptimizer.Sigma(sigma),
          new CMAESOptimizer.PopulationSize(4 + (int) (3 * Math.log(n))),
          new MaxEval(left),
          GoalType.MINIMIZE,
          new ObjectiveFunction(point -> scoreAt(from, ranges, point)));
    } catch (TooManyEvaluationsException enough) {
      // What was tried is remembered.
    } catch (CancellationException wasStopped) {
      stopped = true;
    }
  }

  private double scoreAt(List<String> from, List<Integer> ranges, double[] point) {
    List<String> values = new ArrayList<>(from);
    for (int i = 0; i < point.length; i++) {
      values.set(ranges.get(i), terms.axes().get(ranges.get(i)).at(point[i]));
    }
    try {
      evaluate(List.of(List.copyOf(values)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
    Candidate candidate = tried.get(values);
    if (candidate == null) {
      throw new CancellationException();
    }
    return candidate.scores().get(0);
  }

  /** The best of some, in order: by how many dominate them, then by the objectives in turn. */
  private static List<Candidate> best(List<Candidate> all, int most) {
    Map<Candidate, Integer> rank = new LinkedHashMap<>();
    for (Candidate each : all) {
      rank.put(each, (int) all.stream().filter(other -> other.dominates(each)).count());
    }
    List<Candidate> sorted = new ArrayList<>(all);
    sorted.sort(
        (a, b) -> rank.get(a).equals(rank.get(b)) ? order(a, b) : rank.get(a) - rank.get(b));
    return sorted.subList(0, Math.min(most, sorted.size()));
  }

  /** Compares scores by the first objective in which they differ. */
  public static int order(List<Double> a, List<Double> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int order(Candidate a, Candidate b) {
    int order = a.compareScores(b);
    return order == 0 ? a.tried() - b.tried() : order;
  }

  /** Tries candidates, together, as far as they are new. */
  private void evaluate(List<List<String>> batch) throws InterruptedException {
    List<List<String>> fresh =
        batch.stream().filter(values -> !tried.containsKey(values)).distinct().toList();
    if (stopped || fresh.isEmpty()) {
      return;
    }
    int batchIndex = 0;
    List<List<Case>> all = fresh.stream().map(cases).toList();
    for (List<Double> scores : scores(all, terms.seeds(), true)) {
      Candidate candidate = new Candidate(fresh.get(batchIndex++), scores, tried.size());
      tried.put(candidate.values(), candidate);
      if (trace.isEmpty() || candidate.compareScores(trace.get(trace.size() - 1)) < 0) {
        trace.add(candidate);
      }
    }
  }

  /** The scores of candidates; none for those that were not reached before somebody stopped it. */
  private List<List<Double>> scores(List<List<Case>> batch, SeedRange seeds, boolean mayStop)
      throws InterruptedException {
    List<Case> all = batch.stream().flatMap(List::stream).toList();
    boolean judge = terms.objectives().stream().anyMatch(Objective::needsCounterfactuals);
    Plan plan = new Plan(all, seeds, terms.jobs(), judge);
    int n = terms.objectives().size();
    long each = plan.episodes() / batch.size();
    double[][] sums = new double[batch.size()][n];
    long[] done = {0};
    long before = episodes;
    long of = Math.max(each * terms.budget(), before + plan.episodes());
    Experiment.run(
        plan,
        outcome -> {
          double[] sum = sums[(int) (done[0]++ / each)];
          for (int i = 0; i < n; i++) {
            sum[i] += terms.objectives().get(i).of(outcome) / each;
          }
        },
        new Progress() {
          @Override
          public void advanced(long number, long ofThese) {
            progress.advanced(before + number, of);
          }

          @Override
          public boolean cancelled() {
            return mayStop && progress.cancelled();
          }
        });
    episodes += done[0];
    stopped |= mayStop && progress.cancelled();
    return Stream.of(sums)
        .limit(done[0] / each)
        .map(sum -> DoubleStream.of(sum).boxed().toList())
        .toList();
  }

  private Result result() throws InterruptedException {
    if (tried.isEmpty()) {
      throw new CancellationException();
    }
    SeedRange fresh =
        new SeedRange(terms.seeds().last() + 1, terms.seeds().last() + terms.seeds().count());
    Candidate best = sparing(best(new ArrayList<>(tried.values()), 1).get(0));
    List<List<String>> finalists = new ArrayList<>(List.of(terms.base(), best.values()));
    int tries = tried.size();
    best(new ArrayList<>(tried.values()), MOST_ON_FRONT).stream()
        .filter(c -> tried.values().stream().noneMatch(other -> other.dominates(c)))
        .map(Candidate::values)
        .filter(values -> !finalists.contains(values))
        .forEach(finalists::add);
    List<List<Case>> again = new ArrayList<>(finalists.stream().map(cases).toList());
    again.addAll(stopped ? List.of() : terms.beside());
    List<List<Double>> scores = scores(again, fresh, false);
    List<Candidate> last = new ArrayList<>();
    for (int i = 0; i < finalists.size(); i++) {
      int number = tried.get(finalists.get(i)).tried();
      last.add(new Candidate(finalists.get(i), scores.get(i), number));
    }
    Candidate base = last.get(0);
    Candidate winner = last.get(1);
    Map<List<Double>, Candidate> front = new LinkedHashMap<>();
    last.stream()
        .sorted(Search::order)
        .filter(c -> last.stream().noneMatch(other -> other.dominates(c)))
        .forEach(c -> front.merge(c.scores(), c, this::fewerChanges));
    // In other episodes the base may turn out to have been better after all.
    Candidate first = order(base, winner) < 0 ? base : winner;
    return new Result(
        base,
        trace,
        List.copyOf(front.values()),
        first,
        !stopped,
        tries,
        scores.subList(finalists.size(), scores.size()));
  }

  /** Of two that do equally well, the one nearer to the base. */
  private Candidate fewerChanges(Candidate a, Candidate b) {
    return changes(b) < changes(a) ? b : a;
  }

  private int changes(Candidate candidate) {
    int changes = 0;
    for (int i = 0; i < terms.base().size(); i++) {
      changes += candidate.values().get(i).equals(terms.base().get(i)) ? 0 : 1;
    }
    return changes;
  }

  /** The candidate with each value set back to the base's that can be without any loss. */
  private Candidate sparing(Candidate found) throws InterruptedException {
    Candidate spare = found;
    for (int i = 0; i < terms.axes().size(); i++) {
      if (spare.values().get(i).equals(terms.base().get(i)) || stopped) {
        continue;
      }
      List<String> back = new ArrayList<>(spare.values());
      back.set(i, terms.base().get(i));
      List<String> values = List.copyOf(back);
      evaluate(List.of(values));
      Candidate candidate = tried.get(values);
      if (candidate != null && candidate.compareScores(spare) <= 0) {
        spare = candidate;
      }
    }
    return spare;
  }
}
