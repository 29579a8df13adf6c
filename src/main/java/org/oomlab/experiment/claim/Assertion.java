package org.oomlab.experiment.claim;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.statistics.Share;
import org.oomlab.statistics.Summary;
import org.oomlab.unit.SeedRange;

/** An expectation that was understood: something that is true or false of a policy. */
sealed interface Assertion {
  /** What is known of the workload's episodes. */
  interface Evidence {
    /** The episodes, by seed. */
    List<Outcome> outcomes(String policy, SeedRange seeds);

    /** What else there is to know of episodes under a policy. */
    Statement.Inside inside(String policy);
  }

  /**
   * What came of it.
   *
   * @param holds whether it is true
   * @param measured what was measured
   * @param look the episodes to look at
   */
  record Finding(boolean holds, String measured, SeedRange look) {}

  /** Holds it against the evidence. */
  Finding test(Evidence evidence, String policy, SeedRange seeds);

  /** Whether it needs to know which kills were extra. */
  boolean needsCounterfactuals();

  /** True of every episode. */
  record Every(Statement statement) implements Assertion {
    /** More different values than this are told by their number. */
    private static final int TELLABLE = 4;

    @Override
    public Finding test(Evidence evidence, String policy, SeedRange seeds) {
      Statement.Inside inside = evidence.inside(policy);
      List<Outcome> outcomes = evidence.outcomes(policy, seeds);
      for (Outcome outcome : outcomes) {
        if (!statement.holds(outcome, inside)) {
          String measured = statement.measured(outcome, inside);
          long seed = outcome.seed();
          return new Finding(
              false,
              seeds.count() == 1 ? measured : measured + " (seed " + seed + ")",
              new SeedRange(seed, seed));
        }
      }
      return new Finding(true, tell(outcomes, inside), seeds);
    }

    private String tell(List<Outcome> outcomes, Statement.Inside inside) {
      if (outcomes.size() > 1 && statement instanceof Statement.OfMetric of) {
        double min = min(of.metric(), outcomes);
        double max = summary(of.metric(), outcomes).max();
        if (min < max) {
          Metric.Unit unit = of.metric().unit();
          return unit.show(min) + ".." + unit.show(max);
        }
      }
      Map<String, Integer> counts = new TreeMap<>();
      outcomes.forEach(
          outcome -> counts.merge(statement.measured(outcome, inside), 1, Integer::sum));
      if (counts.size() == 1) {
        return counts.keySet().iterator().next();
      }
      if (counts.size() > TELLABLE) {
        return counts.size() + " different values";
      }
      return counts.entrySet().stream()
          .map(entry -> entry.getKey() + " (" + entry.getValue() + " of " + outcomes.size() + ")")
          .collect(Collectors.joining(", "));
    }

    private static double min(Metric metric, List<Outcome> outcomes) {
      return outcomes.stream()
          .mapToDouble(metric::of)
          .filter(value -> !Double.isNaN(value))
          .min()
          .orElse(Double.NaN);
    }

    @Override
    public boolean needsCounterfactuals() {
      return of(statement);
    }

    static boolean of(Statement statement) {
      return statement instanceof Statement.OfMetric of && of.metric().needsCounterfactuals();
    }
  }

  /** True of a share of the episodes; the range is from 0 to 1. */
  record ShareOf(Statement statement, Range range) implements Assertion {
    @Override
    public Finding test(Evidence evidence, String policy, SeedRange seeds) {
      Statement.Inside inside = evidence.inside(policy);
      List<Outcome> outcomes = evidence.outcomes(policy, seeds);
      long count = outcomes.stream().filter(each -> statement.holds(each, inside)).count();
      Share share = Share.of(count, outcomes.size());
      String measured =
          percent(share.value())
              + " ("
              + count
              + " of "
              + outcomes.size()
              + "; 95% interval "
              + percent(share.low())
              + ".."
              + percent(share.high())
              + ")";
      return new Finding(range.allows(share.value()), measured, seeds);
    }

    private static String percent(double share) {
      return BigDecimal.valueOf(share * 100)
              .setScale(1, RoundingMode.HALF_EVEN)
              .stripTrailingZeros()
              .toPlainString()
          + "%";
    }

    @Override
    public boolean needsCounterfactuals() {
      return Every.of(statement);
    }
  }

  /** The figures of a metric that can be claimed over many seeds. */
  enum Statistic {
    MEAN,
    MEDIAN;

    double of(Summary summary) {
      return this == MEAN ? summary.mean() : summary.p50();
    }
  }

  /** A statistic of a metric is in a range. */
  record OfStatistic(Statistic statistic, Metric metric, Range range) implements Assertion {
    @Override
    public Finding test(Evidence evidence, String policy, SeedRange seeds) {
      List<Outcome> outcomes = evidence.outcomes(policy, seeds);
      Summary summary = summary(metric, outcomes);
      double value = statistic.of(summary);
      return new Finding(range.allows(value), show(metric, value, summary, outcomes), seeds);
    }

    @Override
    public boolean needsCounterfactuals() {
      return metric.needsCounterfactuals();
    }
  }

  /** How two means may stand to each other. */
  enum Relation {
    FEWER,
    LESS,
    MORE,
    SAME;

    /** Means of the same numbers may differ in the last bits; more is a difference. */
    private static final double NOISE = 1e-9;

    boolean holds(double mine, double theirs) {
      boolean same = Math.abs(mine - theirs) <= NOISE * Math.max(Math.abs(mine), Math.abs(theirs));
      return switch (this) {
        case FEWER, LESS -> mine < theirs && !same;
        case MORE -> mine > theirs && !same;
        case SAME -> same;
      };
    }
  }

  /** The mean of a metric stands in a relation to its mean under another policy. */
  record Compared(Metric metric, Relation relation, String base) implements Assertion {
    @Override
    public Finding test(Evidence evidence, String policy, SeedRange seeds) {
      List<Outcome> ours = evidence.outcomes(policy, seeds);
      List<Outcome> others = evidence.outcomes(base, seeds);
      Summary mine = summary(metric, ours);
      Summary theirs = summary(metric, others);
      return new Finding(
          relation.holds(mine.mean(), theirs.mean()),
          show(metric, mine.mean(), mine, ours)
              + " against "
              + show(metric, theirs.mean(), theirs, others),
          seeds);
    }

    @Override
    public boolean needsCounterfactuals() {
      return metric.needsCounterfactuals();
    }
  }

  private static Summary summary(Metric metric, List<Outcome> outcomes) {
    return Summary.of(
        outcomes.stream().mapToDouble(metric::of).filter(value -> !Double.isNaN(value)).toArray());
  }

  private static String show(Metric metric, double value, Summary summary, List<Outcome> outcomes) {
    String shown = metric.unit().show(value);
    boolean partial = summary.n() > 0 && summary.n() < outcomes.size();
    return partial ? shown + " (over " + summary.n() + " of " + outcomes.size() + ")" : shown;
  }
}
