package org.oomlab.experiment.fidelity;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oomlab.statistics.ExactTest;

/**
 * Something that was observed beside what was simulated of it.
 *
 * @param observed what was observed most often
 * @param simulated what was simulated most often
 * @param agreement the share that the two distributions have in common, from 0 to 1: the sum, over
 *     all values, of the lesser of the two shares
 * @param varies whether observations differ among themselves
 * @param covered the share of the observations that were simulated at least once, from 0 to 1
 * @param p how plausible the observations are if the simulation is right: the probability that as
 *     many runs would be as far from what was simulated, or farther (an exact test), from 0 to 1
 */
public record Likeness<T>(
    T observed, T simulated, double agreement, boolean varies, double covered, double p) {
  /** The p below which observations are not called plausible. */
  public static final double PLAUSIBLE = 0.05;

  /** Whether they agree: if what was observed is plausible. */
  public boolean agrees() {
    return p >= PLAUSIBLE;
  }

  /**
   * Compares values.
   *
   * @param essence what must be equal for two values to count as the same
   */
  static <T> Likeness<T> of(
      Collection<T> observed, Collection<T> simulated, Function<T, ?> essence) {
    Map<Object, Long> observations = count(observed, essence);
    Map<Object, Long> simulations = count(simulated, essence);
    double common = 0;
    long covered = 0;
    for (Map.Entry<Object, Long> entry : observations.entrySet()) {
      double share = (double) simulations.getOrDefault(entry.getKey(), 0L) / simulated.size();
      common += Math.min((double) entry.getValue() / observed.size(), share);
      covered += share > 0 ? entry.getValue() : 0;
    }
    return new Likeness<>(
        most(observed),
        most(simulated),
        common,
        observations.size() > 1,
        (double) covered / observed.size(),
        p(observations, simulations));
  }

  private static double p(Map<Object, Long> observations, Map<Object, Long> simulations) {
    Set<Object> all = new LinkedHashSet<>(observations.keySet());
    all.addAll(simulations.keySet());
    return ExactTest.p(counts(all, observations), counts(all, simulations));
  }

  private static int[] counts(Set<Object> all, Map<Object, Long> counts) {
    return all.stream().mapToInt(it -> counts.getOrDefault(it, 0L).intValue()).toArray();
  }

  private static <T> Map<Object, Long> count(Collection<T> values, Function<T, ?> essence) {
    return values.stream()
        .collect(Collectors.groupingBy(essence, LinkedHashMap::new, Collectors.counting()));
  }

  /** The most frequent value; of equals, the first. */
  private static <T> T most(Collection<T> values) {
    Map<T, Long> counts =
        values.stream()
            .collect(
                Collectors.groupingBy(
                    Function.identity(), LinkedHashMap::new, Collectors.counting()));
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
