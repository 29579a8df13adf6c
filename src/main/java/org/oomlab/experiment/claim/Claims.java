package org.oomlab.experiment.claim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.claim.Assertion.Finding;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Claim.Variant;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * Holds what a workload file claims against what the simulator does.
 *
 * <p>What can be claimed: a {@link Metric} by its column ({@code recovery_ms: 1}) or without its
 * suffix ({@code recovery: 1ms}), {@code outcome}, {@code victims}, {@code panic_text}, {@code
 * kill_times}, {@code badness.PROCESS}, {@code killed_at.PROCESS}, {@code recovery_of.PROCESS},
 * {@code reaper_attempts.PROCESS}, {@code futexes.FUTEX} and {@code free_at_panic}, each of which
 * has to hold for every seed; {@code mean.METRIC}, {@code median.METRIC} and {@code
 * share.NAME=VALUE}, which are about all seeds together. Numbers may be exact, compared ({@code <
 * 1s}), an interval ({@code 1..2}), {@code absent}, or in relation to the mean under another policy
 * ({@code fewer than linux-4.17}).
 */
public final class Claims {
  private Claims() {}

  /** One expectation of one claim, understood for each workload that it is about. */
  private record Understood(Claim claim, Expectation expectation, List<Point> points) {}

  /**
   * One of these workloads.
   *
   * @param values what is different in it, or empty for the workload as it is in the file
   */
  private record Point(Map<String, String> values, Workload workload, Assertion assertion) {}

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
   * @param rigour how much care is taken with each episode
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
      Rigour rigour,
      int jobs,
      Progress progress)
      throws InterruptedException {
    List<Understood> understood = understand(workload);
    Map<Map<String, String>, Ran> ran = new LinkedHashMap<>();
    for (Understood each : understood) {
      for (Point point : each.points()) {
        ran.computeIfAbsent(point.values(), v -> new Ran(point.workload(), costs, policies, rigour))
            .want(each.claim(), point.assertion());
      }
    }
    for (Ran each : ran.values()) {
      if (!each.run(jobs, progress)) {
        return List.of();
      }
    }
    return results(workload, understood, point -> Objects.requireNonNull(ran.get(point.values())));
  }

  /** Checks every claim against evidence that is there already. */
  static List<ClaimResult> check(Workload workload, Assertion.Evidence evidence) {
    return results(workload, understand(workload), point -> evidence);
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
    List<Understood> understood = new ArrayList<>();
    for (Claim claim : workload.claims()) {
      for (Expectation expectation : claim.expectations()) {
        try {
          understood.add(new Understood(claim, expectation, points(workload, claim, expectation)));
        } catch (ExpectationParser.Malformed malformed) {
          problems.add(
              new ClaimProblem(
                  expectation.position(), malformed.getMessage(), malformed.suggestion));
        }
      }
    }
    return understood;
  }

  private static List<Point> points(Workload workload, Claim claim, Expectation expectation)
      throws ExpectationParser.Malformed {
    List<Point> points = new ArrayList<>();
    for (Variant variant : claim.vary()) {
      points.add(point(variant.values(), variant.workload(), expectation));
    }
    return points.isEmpty() ? List.of(point(Map.of(), workload, expectation)) : points;
  }

  private static Point point(Map<String, String> values, Workload workload, Expectation expectation)
      throws ExpectationParser.Malformed {
    ExpectationParser parser = new ExpectationParser(workload.processNames(), workload.futexes());
    return new Point(values, workload, parser.parse(expectation.metric(), expectation.text()));
  }

  private static List<ClaimResult> results(
      Workload workload,
      List<Understood> understood,
      Function<Point, Assertion.Evidence> evidence) {
    List<ClaimResult> results = new ArrayList<>();
    for (Understood each : understood) {
      for (String policy : each.claim().policies()) {
        results.add(result(workload, each, policy, evidence));
      }
    }
    return results;
  }

  /** What was found with every variant is told by the first and the last, or the one that fails. */
  private static ClaimResult result(
      Workload workload,
      Understood understood,
      String policy,
      Function<Point, Assertion.Evidence> evidence) {
    SeedRange seeds = understood.claim().seeds();
    List<String> measured = new ArrayList<>();
    Point look = understood.points().get(0);
    Finding finding = look.assertion().test(evidence.apply(look), policy, seeds);
    measured.add(told(finding, look));
    for (int i = 1; i < understood.points().size() && finding.holds(); i++) {
      look = understood.points().get(i);
      finding = look.assertion().test(evidence.apply(look), policy, seeds);
      measured.add(told(finding, look));
    }
    String first = measured.get(0);
    String last = measured.get(measured.size() - 1);
    return new ClaimResult(
        workload.name(),
        policy,
        understood.claim(),
        understood.expectation().position(),
        understood.expectation().metric(),
        understood.expectation().text(),
        !finding.holds() || measured.size() == 1 ? last : first + " .. " + last,
        finding.holds(),
        command(workload.name(), policy, look, finding.look()));
  }

  private static String told(Finding finding, Point point) {
    return point.values().isEmpty()
        ? finding.measured()
        : finding.measured() + " with " + Variant.text(point.values());
  }

  private static String command(String workload, String policy, Point point, SeedRange seeds) {
    StringBuilder set = new StringBuilder();
    point.values().forEach((path, value) -> set.append(" --set ").append(path + "=" + value));
    if (point.assertion() instanceof Assertion.Compared compared) {
      return "oomlab compare %s -p %s,%s --seeds %s%s"
          .formatted(workload, compared.base(), policy, seeds, set);
    }
    return seeds.count() == 1
        ? "oomlab explain %s -p %s --seeds %s%s".formatted(workload, policy, seeds, set)
        : "oomlab run %s -p %s --seeds %s --each%s".formatted(workload, policy, seeds, set);
  }

  /** Evidence from the simulator. */
  private static final class Ran implements Assertion.Evidence {
    private final Workload workload;
    private final Costs costs;
    private final Function<String, Policy> policies;
    private final Rigour rigour;
    private final Map<String, Case> cases = new LinkedHashMap<>();
    private final Map<SeedRange, Set<String>> wanted = new LinkedHashMap<>();
    private final Map<SeedRange, Map<String, List<Outcome>>> outcomes = new LinkedHashMap<>();
    private boolean counterfactuals;

    Ran(Workload workload, Costs costs, Function<String, Policy> policies, Rigour rigour) {
      this.workload = workload;
      this.costs = costs;
      this.policies = policies;
      this.rigour = rigour;
    }

    /** Notes what it takes to test an assertion. */
    void want(Claim claim, Assertion assertion) {
      Set<String> names = wanted.computeIfAbsent(claim.seeds(), seeds -> new LinkedHashSet<>());
      names.addAll(claim.policies());
      if (assertion instanceof Assertion.Compared compared) {
        names.add(compared.base());
      }
      counterfactuals |= assertion.needsCounterfactuals();
      for (String name : names) {
        cases.computeIfAbsent(name, n -> new Case(workload, costs, policies.apply(n), rigour));
      }
    }

    /** Runs what is wanted; false if cancelled before the end. */
    boolean run(int jobs, Progress progress) throws InterruptedException {
      for (Map.Entry<SeedRange, Set<String>> entry : wanted.entrySet()) {
        if (!run(entry.getKey(), List.copyOf(entry.getValue()), jobs, progress)) {
          return false;
        }
      }
      return true;
    }

    private boolean run(SeedRange seeds, List<String> names, int jobs, Progress progress)
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
    public Statement.Inside inside(String policy) {
      return new Rerun(cases.get(policy));
    }
  }
}
