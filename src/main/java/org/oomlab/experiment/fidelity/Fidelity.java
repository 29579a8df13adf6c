package org.oomlab.experiment.fidelity;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.claim.Rerun;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.statistics.Summary;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.Workload;

/**
 * How near the simulation of a workload comes to what was observed on a real kernel.
 *
 * @param workload its name
 * @param policy the policy it was simulated under
 * @param runs how often it was observed
 * @param episodes how often it was simulated
 * @param kills lines about kills in the log
 * @param victims who was killed, each once, in order; compared as sets where a cgroup dies as one,
 *     because in which order is chance in a kernel and none in the model; of names that are said to
 *     be interchangeable it does not count which is which
 * @param panic the words of the panic, or empty
 * @param recovery from the first OOM call until, after a kill, free memory was above the low
 *     watermark and no allocator stalled or still dying; never if the machine panics
 * @param stableRecovery from the first OOM call until that held to the end
 * @param killTimes from the first OOM call to each kill, where that was observed
 * @param futexes what became of robust futexes, by their names, where that was observed
 */
public record Fidelity(
    String workload,
    String policy,
    int runs,
    int episodes,
    Likeness<Integer> kills,
    Likeness<List<String>> victims,
    Likeness<String> panic,
    TimeLikeness recovery,
    TimeLikeness stableRecovery,
    List<TimeLikeness> killTimes,
    SortedMap<String, Likeness<String>> futexes) {
  public Fidelity {
    killTimes = List.copyOf(killTimes);
    futexes = Collections.unmodifiableSortedMap(new TreeMap<>(futexes));
  }

  /**
   * Compares.
   *
   * @param of a workload with observations, its costs and the policy
   * @param outcomes its episodes under one policy, one at least
   */
  public static Fidelity of(Case of, List<Outcome> outcomes) {
    Workload workload = of.workload();
    Observation observed = workload.observed();
    if (observed == null) {
      throw new IllegalArgumentException("nothing was observed of " + workload.name());
    }
    List<Observation.Run> runs = observed.runs();
    return new Fidelity(
        workload.name(),
        outcomes.get(0).policy(),
        runs.size(),
        outcomes.size(),
        Likeness.of(
            runs.stream().map(run -> run.victims().size()).toList(),
            outcomes.stream().map(Outcome::killLines).toList(),
            count -> count),
        Likeness.of(
            runs.stream().map(run -> run.victims().stream().distinct().toList()).toList(),
            outcomes.stream().map(Outcome::victims).toList(),
            (List<String> names) -> essence(workload, observed, names)),
        Likeness.of(
            runs.stream().map(run -> run.panic() == null ? "" : run.panic()).toList(),
            outcomes.stream().map(it -> it.panicText() == null ? "" : it.panicText()).toList(),
            text -> text),
        times(runs, Observation.Run::recovery, outcomes, unlessPanic(Outcome::firstRecoveryNs)),
        times(
            runs,
            Observation.Run::stableRecovery,
            outcomes,
            unlessPanic(Outcome::stableRecoveryNs)),
        killTimes(runs, outcomes),
        futexes(of, runs, outcomes));
  }

  private static List<TimeLikeness> killTimes(List<Observation.Run> runs, List<Outcome> outcomes) {
    int most = runs.stream().mapToInt(run -> run.killTimes().size()).max().orElse(0);
    return IntStream.range(0, most)
        .mapToObj(
            i ->
                times(
                    runs,
                    run -> i < run.killTimes().size() ? run.killTimes().get(i) : Observation.ABSENT,
                    outcomes,
                    it -> i < it.kills().size() ? it.kills().get(i).atNs() : Observation.ABSENT))
        .toList();
  }

  /** An episode is run once more to find out what became of its futexes. */
  private static SortedMap<String, Likeness<String>> futexes(
      Case of, List<Observation.Run> runs, List<Outcome> outcomes) {
    SortedMap<String, Likeness<String>> all = new TreeMap<>();
    Rerun rerun = new Rerun(of);
    List<String> names = of.workload().futexes();
    for (int i = 0; i < names.size(); i++) {
      int number = i;
      List<String> observed =
          runs.stream()
              .map(run -> run.futexes().get(names.get(number)))
              .filter(Objects::nonNull)
              .toList();
      if (!observed.isEmpty()) {
        List<String> simulated =
            outcomes.stream()
                .map(each -> rerun.happenings(each.seed()).futex(number).name())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        all.put(names.get(i), Likeness.of(observed, simulated, end -> end));
      }
    }
    return all;
  }

  private static Object essence(Workload workload, Observation observed, List<String> names) {
    List<String> kinds =
        names.stream()
            .map(
                name ->
                    observed.interchangeable().stream()
                        .filter(group -> group.contains(name))
                        .map(group -> group.get(0))
                        .findFirst()
                        .orElse(name))
            .toList();
    return diesAsOne(workload) ? kinds.stream().sorted().toList() : kinds;
  }

  private static boolean diesAsOne(Workload workload) {
    return workload.cgroups().stream().anyMatch(CgroupSpec::oomGroup);
  }

  /** First recoveries that were observed, in milliseconds; none if nothing ever recovered. */
  public static double[] recoveriesMs(Workload workload) {
    Observation observed = workload.observed();
    return observed == null
        ? new double[0]
        : milliseconds(observed.runs(), Observation.Run::recovery);
  }

  private static TimeLikeness times(
      List<Observation.Run> runs,
      ToLongFunction<Observation.Run> observed,
      List<Outcome> outcomes,
      ToLongFunction<Outcome> simulated) {
    double[] observations = milliseconds(runs, observed);
    return new TimeLikeness(
        Summary.of(observations),
        DoubleStream.of(observations).min().orElse(Double.NaN),
        Summary.of(milliseconds(outcomes, simulated)));
  }

  private static <T> double[] milliseconds(List<T> all, ToLongFunction<T> nanos) {
    return all.stream()
        .mapToLong(nanos)
        .filter(ns -> ns >= 0)
        .mapToDouble(ns -> (double) ns / Span.MILLISECOND)
        .toArray();
  }

  private static ToLongFunction<Outcome> unlessPanic(ToLongFunction<Outcome> time) {
    return outcome ->
        outcome.verdict() == Verdict.RECOVERED ? time.applyAsLong(outcome) : Observation.ABSENT;
  }

  /** The mean agreement of the columns in which there is anything to compare, from 0 to 1. */
  public double agreement() {
    DoubleStream.Builder columns = DoubleStream.builder();
    columns.add(kills.agreement()).add(victims.agreement()).add(panic.agreement());
    if (recovery.isPresent()) {
      columns.add(recovery.agreement());
    }
    if (stableRecovery.isPresent()) {
      columns.add(stableRecovery.agreement());
    }
    killTimes.forEach(each -> columns.add(each.agreement()));
    futexes.values().forEach(each -> columns.add(each.agreement()));
    return columns.build().average().orElseThrow();
  }
}
