package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.oomlab.experiment.Assertion.Finding;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * Holds what a workload file claims against what the simulator does.
 *
 * <p>What can be claimed: a {@link Metric} by its column ({@code recovery_ms: 1}) or without its
 * suffix ({@code recovery: 1ms}), {@code outcome}, {@code victims}, {@code panic_text}, {@code
 * kill_times} and {@code badness.PROCESS}, each of which has to hold for every seed; {@code
 * mean.METRIC}, {@code median.METRIC} and {@code share.NAME=VALUE}, which are about all seeds
 * together. Numbers may be exact, compared ({@code < 1s}), an interval ({@code 1..2}), {@code
 * absent}, or in relation to the mean under another policy ({@code fewer than linux-4.17}).
 */
public final class Claims {
  private Claims() {}

  /** One expectation of one claim, understood. */
  private record Understood(Claim claim, Expectation expectation, Assertion assertion) {}

  /** Everything in the workload's claims that cannot be understood; runs nothing. */
  public static List<ClaimProblem> problems(Workload workload) {
    List<ClaimProblem> problems = new ArrayList<>();
    understand(workload, problems);
    return problems;
  }

  /**
   * Checks every claim. Each episode is run once, however many expectations look at it.
   *
   * @param policies finds a policy by the name that a claim uses; what it throws is passed on
   * @param jobs threads
   * @return a result for each expectation and each policy, in the order of the file; empty if
   *     {@code progress} cancelled
   * @throws ClaimException if a claim cannot be understood
   * @throws EpisodeFailure if an episode fails
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static List<ClaimResult> check(
      Workload workload,
      Costs costs,
      Function<String, Policy> policies,
      int jobs,
      Progress progress)
      throws InterruptedException {
    List<Understood> understood = understand(workload);
    Map<String, Case> cases = new LinkedHashMap<>();
    Map<SeedRange, Set<String>> wanted = new LinkedHashMap<>();
    boolean counterfactuals = false;
    for (Understood each : understood) {
      Set<String> names =
          wanted.computeIfAbsent(each.claim().seeds(), seeds -> new LinkedHashSet<>());
      names.addAll(each.claim().policies());
      if (each.assertion() instanceof Assertion.Compared compared) {
        names.add(compared.base());
      }
      counterfactuals |= each.assertion().needsCounterfactuals();
      for (String name : names) {
        cases.computeIfAbsent(name, n -> new Case(workload, costs, policies.apply(n)));
      }
    }
    Ran ran = new Ran(cases);
    for (Map.Entry<SeedRange, Set<String>> entry : wanted.entrySet()) {
      if (!ran.run(
          entry.getKey(), List.copyOf(entry.getValue()), jobs, counterfactuals, progress)) {
        return List.of();
      }
    }
    return results(workload, understood, ran);
  }

  /** Checks every claim against evidence that is there already. */
  static List<ClaimResult> check(Workload workload, Assertion.Evidence evidence) {
    return results(workload, understand(workload), evidence);
  }

  private static List<Understood> understand(Workload workload) {
    List<ClaimProblem> problems = new ArrayList<>();
    List<Understood> understood = understand(workload, problems);
    if (!problems.isEmpty()) {
      throw new ClaimException(problems);
    }
    return understood;
  }

  private static List<Understood> understand(Workload workload, List<ClaimProblem> problems) {
    ExpectationParser parser = new ExpectationParser(workload.processNames());
    List<Understood> understood = new ArrayList<>();
    for (Claim claim : workload.claims()) {
      for (Expectation expectation : claim.expectations()) {
        try {
          Assertion assertion = parser.parse(expectation.metric(), expectation.text());
          understood.add(new Understood(claim, expectation, assertion));
        } catch (ExpectationParser.Malformed malformed) {
          problems.add(
              new ClaimProblem(
                  expectation.position(), malformed.getMessage(), malformed.suggestion));
        }
      }
    }
    return understood;
  }

  private static List<ClaimResult> results(
      Workload workload, List<Understood> understood, Assertion.Evidence evidence) {
    List<ClaimResult> results = new ArrayList<>();
    for (Understood each : understood) {
      for (String policy : each.claim().policies()) {
        Finding finding = each.assertion().test(evidence, policy, each.claim().seeds());
        results.add(
            new ClaimResult(
                workload.name(),
                policy,
                each.claim(),
                each.expectation().position(),
                each.expectation().metric(),
                each.expectation().text(),
                finding.measured(),
                finding.holds(),
                command(workload.name(), policy, each.assertion(), finding.look())));
      }
    }
    return results;
  }

  private static String command(
      String workload, String policy, Assertion assertion, SeedRange seeds) {
    if (assertion instanceof Assertion.Compared compared) {
      return "oomlab compare %s -p %s,%s --seeds %s"
          .formatted(workload, compared.base(), policy, seeds);
    }
    return seeds.count() == 1
        ? "oomlab explain %s -p %s --seeds %s".formatted(workload, policy, seeds)
        : "oomlab run %s -p %s --seeds %s --each".formatted(workload, policy, seeds);
  }

  /** Evidence from the simulator. */
  private static final class Ran implements Assertion.Evidence {
    private final Map<String, Case> cases;
    private final Map<SeedRange, Map<String, List<Outcome>>> outcomes = new LinkedHashMap<>();

    Ran(Map<String, Case> cases) {
      this.cases = cases;
    }

    /** Runs the policies; false if cancelled before the end. */
    boolean run(
        SeedRange seeds, List<String> names, int jobs, boolean counterfactuals, Progress progress)
        throws InterruptedException {
      Plan plan = new Plan(names.stream().map(cases::get).toList(), seeds, jobs, counterfactuals);
      List<Outcome> all = new ArrayList<>();
      Experiment.run(plan, all::add, progress);
      if (all.size() < plan.episodes()) {
        return false;
      }
      Map<String, List<Outcome>> byPolicy = new LinkedHashMap<>();
      int count = Math.toIntExact(seeds.count());
      for (int i = 0; i < names.size(); i++) {
        byPolicy.put(names.get(i), all.subList(i * count, (i + 1) * count));
      }
      outcomes.put(seeds, byPolicy);
      return true;
    }

    @Override
    public List<Outcome> outcomes(String policy, SeedRange seeds) {
      return outcomes.get(seeds).get(policy);
    }

    @Override
    public Statement.Badness badness(String policy) {
      Map<Long, List<OptionalLong>> known = new TreeMap<>();
      return (seed, process) ->
          known
              .computeIfAbsent(
                  seed, s -> new Episode(cases.get(policy), false).badnessAtFirstOom(s))
              .get(process);
    }
  }
}
