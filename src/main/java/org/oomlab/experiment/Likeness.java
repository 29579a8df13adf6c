package org.oomlab.experiment;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Something that was observed beside what was simulated of it.
 *
 * @param observed what was observed most often
 * @param simulated what was simulated most often
 * @param agreement the share that the two distributions have in common, from 0 to 1: the sum, over
 *     all values, of the lesser of the two shares
 * @param varies whether observations differ among themselves
 * @param covered the share of the observations that were simulated at least once, from 0 to 1
 */
public record Likeness<T>(
    T observed, T simulated, double agreement, boolean varies, double covered) {
  /** What is called agreement, if the answer must be yes or no. */
  public static final double ENOUGH = 0.5;

  /**
   * Whether they agree. Where reality is chance, a few runs are no distribution to be like: it is
   * enough that everything that was observed can happen.
   */
  public boolean agrees() {
    return agreement >= ENOUGH || (varies && covered == 1);
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
        (double) covered / observed.size());
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
