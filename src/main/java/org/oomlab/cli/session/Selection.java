package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Metric;
import org.oomlab.fleet.Fleet;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which policies, and what is changed in them and in the workloads. */
public final class Selection implements Part {
  /** The newest kernel there is a policy for: what most people run. */
  public static final String DEFAULT_POLICY = "linux-7.2";

  private final OptionSpec policies;
  private final OptionSpec settings;
  private final OptionSpec costs;
  private final Care care = new Care();
  private final @Nullable Scenario scenario;

  public Selection(Session session) {
    scenario = session.scenario();
    policies =
        Args.policies(session, "-p", "--policy")
            .order(1)
            .description(
                "Policies: names, families, files, directories or label=policy; may be repeated. The"
                    + " first is what the others are compared with. Default: "
                    + DEFAULT_POLICY
                    + "; for fidelity, what the workloads were observed under.")
            .build();
    settings =
        Args.list("PATH=VALUE", "--set")
            .order(4)
            .completionCandidates(new Names.Settings(session))
            .description(
                "Set a knob in every policy (reaper.delay=500ms) or a quantity in every workload"
                    + " (machine.memory=2GiB); may be repeated.")
            .build();
    costs =
        Args.option(String.class, "NAME", "--costs")
            .order(5)
            .completionCandidates(new Names.CostFiles(session))
            .description(
                "What things cost: a shipped cost file or a path, in place of the workload's.")
            .build();
  }

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(policies).addOption(settings).addOption(costs);
    care.addTo(spec);
  }

  /** What is to be set, as written: what is set in the session first. */
  public List<String> settings() {
    List<String> all = new ArrayList<>(scenario == null ? List.of() : scenario.settings());
    all.addAll(Args.all(settings));
    return all;
  }

  /** How much care is taken. */
  public Care care() {
    return care;
  }

  /** The cost file that was asked for, or an empty string. */
  public String costs() {
    String name = costs.getValue();
    return name == null ? "" : name;
  }

  /**
   * The library, with what is to be set otherwise, and the policies in the workloads' files.
   *
   * @throws ProblemException if something cannot be set
   */
  public Library library(Session session, List<String> workloads) {
    List<Setting> parsed = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String setting : settings()) {
      try {
        parsed.add(Setting.parse(setting));
      } catch (ProblemException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    List<String> columns = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      columns.add(metric.column());
    }
    Library library =
        session.library().withMetrics(columns).withPoliciesOf(workloads).withPolicies(named());
    return parsed.isEmpty() ? library : library.withSettings(parsed);
  }

  /**
   * Reads all documents that were named.
   *
   * @param notes hears what the user should know
   * @return every workload under every policy
   * @throws ProblemException with what is wrong with any of them
   */
  public List<Case> cases(Library library, List<String> workloads, Notes notes) {
    return cases(library, workloads, policiesOrDefault(), notes);
  }

  /** The same under these policies. */
  public List<Case> cases(
      Library library, List<String> workloads, List<String> under, Notes notes) {
    List<Problem> problems = new ArrayList<>();
    List<Workload> read = List.of();
    List<Policy> policies = List.of();
    Map<String, Costs> costs = new TreeMap<>();
    try {
      read = library.resolveWorkloads(workloads, notes);
    } catch (ProblemException e) {
      problems.addAll(e.problems());
    }
    try {
      policies = library.resolvePolicies(under, notes);
    } catch (ProblemException e) {
      problems.addAll(e.problems());
    }
    Set<String> costsNames = new TreeSet<>();
    if (costs().isEmpty()) {
      for (Workload workload : read) {
        costsNames.add(workload.costsName());
      }
    } else {
      costsNames.add(costs());
    }
    for (String name : costsNames) {
      try {
        costs.put(name, library.costs(name));
      } catch (ProblemException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    if (settings().stream().anyMatch(each -> each.startsWith("machine.swap"))) {
      notes.note(
          "machine.swap counts in badness, and nothing is swapped out: it cannot keep anybody alive");
    }
    return Experiment.cases(
            read,
            workload -> costs.get(costs().isEmpty() ? workload.costsName() : costs()),
            policies)
        .stream()
        .map(care::of)
        .toList();
  }

  /**
   * Every event of a fleet under every policy.
   *
   * @return made when they are asked for
   * @throws ProblemException with what is wrong with policies or costs
   */
  public List<Case> cases(Library library, Fleet fleet, Notes notes) {
    List<Policy> each = library.resolvePolicies(policiesOrDefault(), notes);
    Costs all = library.costs(costs().isEmpty() ? fleet.get(0).costsName() : costs());
    return new Space.Cases((long) fleet.size() * each.size()) {
      @Override
      public Case get(int number) {
        Workload workload = fleet.get(number / each.size());
        return care.of(new Case(workload, all, each.get(number % each.size())));
      }
    };
  }

  /**
   * Reads the documents of workloads that were observed on real kernels.
   *
   * @return every workload under the policies asked for, or else under the one that stands for the
   *     kernel it was observed on
   * @throws ProblemException with what is wrong with them
   */
  public List<Case> observed(Library library, List<String> workloads, Notes notes) {
    if (!Args.named(policies).isEmpty()) {
      return cases(library, workloads, notes);
    }
    List<Case> cases = new ArrayList<>();
    for (Workload workload : library.resolveWorkloads(workloads, notes)) {
      if (workload.observed() != null) {
        List<String> policy = List.of(workload.observed().policy());
        Costs costs = library.costs(costs().isEmpty() ? workload.costsName() : costs());
        for (Policy read : library.resolvePolicies(policy, notes)) {
          cases.add(care.of(new Case(workload, costs, read)));
        }
      }
    }
    return cases;
  }

  /** The policies asked for, or those in use. */
  private List<String> named() {
    List<String> names = Args.named(policies);
    return names.isEmpty() && scenario != null ? scenario.policies() : names;
  }

  /** The same, or the default. */
  public List<String> policiesOrDefault() {
    return policiesOr(List.of(DEFAULT_POLICY));
  }

  /** The policies asked for or in use, or else these. */
  public List<String> policiesOr(List<String> usual) {
    List<String> names = named();
    return names.isEmpty() ? usual : names;
  }
}
