package org.oomlab.experiment;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.statistics.Share;
import org.oomlab.statistics.Summary;

/**
 * What the episodes of one workload under one policy came to together.
 *
 * @param workload name of the workload
 * @param policy name of the policy
 * @param episodes how many episodes
 * @param verdicts how many ended in which way; every verdict is there
 * @param panicTexts how many panicked with which words
 * @param metrics every metric, summarised
 */
public record Cell(
    String workload,
    String policy,
    long episodes,
    Map<Verdict, Long> verdicts,
    SortedMap<String, Long> panicTexts,
    Map<Metric, Summary> metrics) {

  public Cell {
    verdicts = Collections.unmodifiableMap(new EnumMap<>(verdicts));
    panicTexts = Collections.unmodifiableSortedMap(new TreeMap<>(panicTexts));
    metrics = Collections.unmodifiableMap(new EnumMap<>(metrics));
  }

  /** The cell of these outcomes, of which there must be one at least. */
  public static Cell of(List<Outcome> outcomes) {
    Gatherer gatherer = new Gatherer();
    outcomes.forEach(gatherer::add);
    return gatherer.cell();
  }

  /** How many episodes ended so. */
  public long count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0L);
  }

  /** Which share of the episodes ended so. */
  public Share share(Verdict verdict) {
    return Share.of(count(verdict), episodes);
  }

  /** The summary of a metric. */
  public Summary summary(Metric metric) {
    return metrics.get(metric);
  }

  /**
   * Turns outcomes as {@link Experiment} delivers them into cells, each as soon as it is complete.
   *
   * @param seeds how many outcomes make a cell
   */
  public static Consumer<Outcome> each(long seeds, Consumer<Cell> cells) {
    return new Consumer<>() {
      private Gatherer gatherer = new Gatherer();

      @Override
      public void accept(Outcome outcome) {
        gatherer.add(outcome);
        if (gatherer.episodes == seeds) {
          cells.accept(gatherer.cell());
          gatherer = new Gatherer();
        }
      }
    };
  }

  /** Outcomes of one cell, of which only numbers are kept. */
  public static final class Gatherer {
    private String workload = "";
    private String policy = "";
    private long episodes;
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private final SortedMap<String, Long> panicTexts = new TreeMap<>();
    private final Map<Metric, Values> values = new EnumMap<>(Metric.class);

    public Gatherer() {
      for (Verdict verdict : Verdict.values()) {
        verdicts.put(verdict, 0L);
      }
      for (Metric metric : Metric.values()) {
        values.put(metric, new Values());
      }
    }

    /** Adds an outcome. */
    public void add(Outcome outcome) {
      workload = outcome.workload();
      policy = outcome.policy();
      episodes++;
      verdicts.merge(outcome.verdict(), 1L, Long::sum);
      if (outcome.panicText() != null) {
        panicTexts.merge(outcome.panicText(), 1L, Long::sum);
      }
      for (Map.Entry<Metric, Values> entry : values.entrySet()) {
        double value = entry.getKey().of(outcome);
        if (!Double.isNaN(value)) {
          entry.getValue().add(value);
        }
      }
    }

    /** The cell of all that was added. */
    public Cell cell() {
      if (episodes == 0) {
        throw new IllegalStateException("a cell has at least one episode");
      }
      Map<Metric, Summary> metrics = new EnumMap<>(Metric.class);
      for (Map.Entry<Metric, Values> entry : values.entrySet()) {
        metrics.put(entry.getKey(), Summary.of(entry.getValue().toArray()));
      }
      return new Cell(workload, policy, episodes, verdicts, panicTexts, metrics);
    }
  }

  /** Numbers without their boxes, as many as come. */
  private static final class Values {
    private double[] all = new double[16];
    private int count;

    void add(double value) {
      if (count == all.length) {
        all = Arrays.copyOf(all, 2 * count);
      }
      all[count++] = value;
    }

    double[] toArray() {
      return Arrays.copyOf(all, count);
    }
  }
}
