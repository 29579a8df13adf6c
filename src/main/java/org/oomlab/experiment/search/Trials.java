package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.Progress;
import org.oomlab.unit.SeedRange;

/** The candidates that a search has tried, each once and all in the same episodes. */
final class Trials {
  private final Search.Terms terms;
  private final Function<List<String>, List<Case>> cases;
  private final Progress progress;
  private final Map<List<String>, Trial> tried = new LinkedHashMap<>();
  private final List<Trial> trace = new ArrayList<>();
  private long episodes;
  private boolean stopped;

  /**
   * None yet.
   *
   * @param cases what a candidate with these values is tried on
   */
  Trials(Search.Terms terms, Function<List<String>, List<Case>> cases, Progress progress) {
    this.terms = terms;
    this.cases = cases;
    this.progress = progress;
  }

  /** All that were tried, in order. */
  List<Trial> all() {
    return new ArrayList<>(tried.values());
  }

  /** How many were tried. */
  int count() {
    return tried.size();
  }

  /** Whether one with these values was tried. */
  boolean has(List<String> values) {
    return tried.containsKey(values);
  }

  /** The one with these values; null if it was not tried. */
  @Nullable Trial of(List<String> values) {
    return tried.get(values);
  }

  /** Each that was better than all before by the first objective that differs. */
  List<Trial> trace() {
    return trace;
  }

  /** Whether somebody asked to stop; nothing more is tried then. */
  boolean stopped() {
    return stopped;
  }

  /** Nothing more is tried from now on. */
  void stop() {
    stopped = true;
  }

  /** Tries candidates, together, as far as they are new. */
  void evaluate(List<List<String>> batch) throws InterruptedException {
    List<List<String>> fresh =
        batch.stream().filter(values -> !tried.containsKey(values)).distinct().toList();
    if (stopped || fresh.isEmpty()) {
      return;
    }
    int batchIndex = 0;
    List<List<Case>> all = fresh.stream().map(cases).toList();
    for (List<Double> scores : scores(all, terms.seeds(), true)) {
      Trial candidate = new Trial(fresh.get(batchIndex++), scores, tried.size());
      tried.put(candidate.values(), candidate);
      if (trace.isEmpty() || candidate.compareScores(trace.get(trace.size() - 1)) < 0) {
        trace.add(candidate);
      }
    }
  }

  /** The scores of candidates; none for those that were not reached before somebody stopped it. */
  List<List<Double>> scores(List<List<Case>> batch, SeedRange seeds, boolean mayStop)
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
}
