package org.oomlab.workload;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a real kernel did in a situation, run after run.
 *
 * @param policy the policy that stands for that kernel and how it was set up
 * @param interchangeable groups of processes of which it does not matter which is which
 * @param runs what happened, one at least
 */
public record Observation(String policy, List<List<String>> interchangeable, List<Run> runs) {
  /** Where a time is absent. */
  public static final long ABSENT = -1;

  public Observation {
    interchangeable = interchangeable.stream().map(List::copyOf).toList();
    runs = List.copyOf(runs);
  }

  /**
   * One run. Times are nanoseconds from the first OOM call, or {@link #ABSENT}.
   *
   * @param victims whom the log says were killed, a name for each line, in order
   * @param panic the words of the panic, or null
   * @param recovery until memory was back for the first time
   * @param stableRecovery until it was back for good
   * @param killTimes when they were killed, one for each victim, or empty
   * @param futexes what became of robust futexes, by their names: {@code broken}, {@code
   *     owner_died} or {@code intact}
   */
  public record Run(
      List<String> victims,
      @Nullable String panic,
      long recovery,
      long stableRecovery,
      List<Long> killTimes,
      SortedMap<String, String> futexes) {
    public Run {
      victims = List.copyOf(victims);
      killTimes = List.copyOf(killTimes);
      futexes = Collections.unmodifiableSortedMap(new TreeMap<>(futexes));
    }

    /** A run of which no more is known. */
    public Run(List<String> victims, @Nullable String panic, long recovery, long stableRecovery) {
      this(victims, panic, recovery, stableRecovery, List.of(), Collections.emptySortedMap());
    }
  }
}
