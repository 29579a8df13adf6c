package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.Progress;
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
  private static final int MOST_ON_FRONT = 32;

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
      Trial base,
      List<Trial> trace,
      List<Trial> front,
      Trial winner,
      boolean complete,
      int tried,
      List<List<Double>> beside) {}

  private final Terms terms;
  private final Function<List<String>, List<Case>> cases;
  private final Trials trials;

  private Search(Terms terms, Function<List<String>, List<Case>> cases, Progress progress) {
    this.terms = terms;
    this.cases = cases;
    this.trials = new Trials(terms, cases, progress);
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
    trials.evaluate(List.of(terms.base()));
    trials.evaluate(terms.known());
    long all = candidates();
    if (all > 0 && all <= terms.budget()) {
      exhaust(all);
    } else {
      boolean ranges = terms.axes().stream().anyMatch(axis -> axis.size() == 0);
      boolean only = terms.axes().stream().allMatch(axis -> axis.size() == 0);
      boolean polish = ranges && terms.objectives().size() == 1;
      new Evolution(terms, trials)
          .run(polish ? (int) (terms.budget() * (only ? 0.3 : 1 - POLISH)) : terms.budget());
      if (polish) {
        new Polish(terms, trials).run();
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
      if (batch.size() == Evolution.POPULATION || point == all - 1) {
        trials.evaluate(batch);
        batch.clear();
      }
    }
  }

  private Result result() throws InterruptedException {
    if (trials.count() == 0) {
      throw new CancellationException();
    }
    SeedRange fresh =
        new SeedRange(terms.seeds().last() + 1, terms.seeds().last() + terms.seeds().count());
    Trial best = sparing(Trial.best(trials.all(), 1).get(0));
    List<List<String>> finalists = new ArrayList<>(List.of(terms.base(), best.values()));
    List<Trial> all = trials.all();
    Trial.best(all, MOST_ON_FRONT).stream()
        .filter(c -> all.stream().noneMatch(other -> other.dominates(c)))
        .map(Trial::values)
        .filter(values -> !finalists.contains(values))
        .forEach(finalists::add);
    List<List<Case>> again = new ArrayList<>(finalists.stream().map(cases).toList());
    again.addAll(trials.stopped() ? List.of() : terms.beside());
    List<List<Double>> scores = trials.scores(again, fresh, false);
    List<Trial> last = new ArrayList<>();
    for (int i = 0; i < finalists.size(); i++) {
      int number = trials.of(finalists.get(i)).tried();
      last.add(new Trial(finalists.get(i), scores.get(i), number));
    }
    Trial base = last.get(0);
    Trial winner = last.get(1);
    Map<List<Double>, Trial> front = new LinkedHashMap<>();
    last.stream()
        .sorted(Trial::order)
        .filter(c -> last.stream().noneMatch(other -> other.dominates(c)))
        .forEach(c -> front.merge(c.scores(), c, this::fewerChanges));
    // In other episodes the base may turn out to have been better after all.
    Trial first = Trial.order(base, winner) < 0 ? base : winner;
    return new Result(
        base,
        trials.trace(),
        List.copyOf(front.values()),
        first,
        !trials.stopped(),
        all.size(),
        scores.subList(finalists.size(), scores.size()));
  }

  /** Of two that do equally well, the one nearer to the base. */
  private Trial fewerChanges(Trial a, Trial b) {
    return changes(b) < changes(a) ? b : a;
  }

  private int changes(Trial candidate) {
    int changes = 0;
    for (int i = 0; i < terms.base().size(); i++) {
      changes += candidate.values().get(i).equals(terms.base().get(i)) ? 0 : 1;
    }
    return changes;
  }

  /** The candidate with each value set back to the base's that can be without any loss. */
  private Trial sparing(Trial found) throws InterruptedException {
    Trial spare = found;
    for (int i = 0; i < terms.axes().size(); i++) {
      if (spare.values().get(i).equals(terms.base().get(i)) || trials.stopped()) {
        continue;
      }
      List<String> back = new ArrayList<>(spare.values());
      back.set(i, terms.base().get(i));
      List<String> values = List.copyOf(back);
      trials.evaluate(List.of(values));
      Trial candidate = trials.of(values);
      if (candidate != null && candidate.compareScores(spare) <= 0) {
        spare = candidate;
      }
    }
    return spare;
  }
}
