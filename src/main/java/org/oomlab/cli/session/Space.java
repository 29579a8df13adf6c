package org.oomlab.cli.session;

import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.Sensitivity;
import org.oomlab.experiment.search.Axis;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.CostRange;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.Template;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;

/**
 * Policies, workloads and costs in which some values are open: makes a case of them for any values.
 * May be used by several threads.
 */
public final class Space {
  private static final String ORIGIN = "--vary";

  /** So many values of a list are tried before a sweep begins. */
  private static final int TRIED = 100;

  private final Library library;
  private final String costsName;
  private final Care care;
  private final List<Axis> axes;
  private final List<Policy> policies;
  private final List<Template<Workload>> workloads;
  private final List<Workload> asTheyAre;

  /** Cost files, by name; only looked up. */
  private final Map<String, Template<Costs>> costs = new HashMap<>();

  private Space(
      Library library,
      String costsName,
      Care care,
      List<Axis> axes,
      List<Policy> policies,
      List<Template<Workload>> workloads) {
    this.library = library;
    this.costsName = costsName;
    this.care = care;
    this.axes = axes;
    this.policies = policies;
    this.workloads = workloads;
    this.asTheyAre = workloads.stream().map(workload -> workload.with(List.of())).toList();
  }

  /**
   * Reads the documents and checks that all axes lead somewhere in them.
   *
   * @throws ProblemException with what is wrong with any of them
   */
  public static Space open(
      Library library, Selection selection, List<String> workloads, List<Axis> axes, Notes notes) {
    return open(library, selection, workloads, selection.policiesOrDefault(), axes, notes);
  }

  /** The same under these policies. */
  public static Space open(
      Library library,
      Selection selection,
      List<String> workloads,
      List<String> under,
      List<Axis> axes,
      Notes notes) {
    selection.cases(library, workloads, under, notes); // for what is wrong without any variation
    Space space =
        new Space(
            library,
            selection.costs(),
            selection.care(),
            axes,
            library.resolvePolicies(under, Notes.NONE),
            library.workloadTemplates(workloads, Notes.NONE));
    List<Problem> problems = new ArrayList<>();
    for (Axis axis : axes) {
      space.check(axis, selection, problems);
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    return space;
  }

  private void check(Axis axis, Selection selection, List<Problem> problems) {
    if (axis.path().startsWith("policy.") && axis.knob() == null) {
      String path = axis.pathInDocument();
      throw new UserError(
          "--vary " + path + ": no such knob",
          Suggestions.nearest(path, Knobs.all().stream().map(Knob::path).toList()));
    }
    Knob knob = axis.knob();
    if (knob != null && policies.stream().noneMatch(policy -> policy.takes(knob))) {
      throw new UserError(
          "--vary " + axis.pathInDocument() + ": no policy here has a daemon that takes it");
    }
    for (String set : selection.settings()) {
      if (set.startsWith(axis.pathInDocument() + "=")) {
        throw new UserError("--vary " + axis.pathInDocument() + ": --set sets it as well");
      }
    }
    long last = Math.max(1, axis.size()) - 1;
    try {
      for (long i = 0; i <= (axis.isList() ? Math.min(last, TRIED) : 0); i++) {
        tryOut(axis, axis.isList() ? axis.value(i) : axis.at(0));
      }
      tryOut(axis, axis.isList() ? axis.value(last) : axis.at(1));
    } catch (ProblemException e) {
      problems.addAll(e.problems());
    }
  }

  private void tryOut(Axis axis, String value) {
    Setting setting = Setting.parse(ORIGIN, axis.pathInDocument() + "=" + value);
    library.withSettings(List.of(setting));
    if (axis.knob() == null) {
      for (Template<Workload> workload : workloads) {
        costs(workload.with(List.of(setting)), List.of(setting));
      }
    }
  }

  /** The same with only the policies at these places. */
  public Space under(List<Integer> places) {
    return new Space(
        library, costsName, care, axes, places.stream().map(policies::get).toList(), workloads);
  }

  /** How many cases each point has. */
  public int casesOfPoint() {
    return workloads.size() * policies.size();
  }

  /** Every workload under every policy, with nothing varied. */
  public List<Case> asTheyAre() {
    return policies.stream().flatMap(policy -> under(policy).stream()).toList();
  }

  /** What is varied. */
  public List<Axis> axes() {
    return axes;
  }

  /** The policies as they are. */
  public List<Policy> policies() {
    return policies;
  }

  /** The workloads as they are. */
  public List<Workload> workloads() {
    return asTheyAre;
  }

  /**
   * A workload under a policy, with these values on the axes.
   *
   * @param number which: the workloads slowest
   */
  public Case at(List<String> values, int number) {
    Policy policy = policies.get(number % policies.size());
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      Knob knob = axes.get(i).knob();
      if (knob == null) {
        settings.add(Setting.parse(ORIGIN, axes.get(i).pathInDocument() + "=" + values.get(i)));
      } else {
        policy = policy.with(knob, knob.parse(values.get(i)), ORIGIN);
      }
    }
    int which = number / policies.size();
    Workload workload =
        settings.isEmpty() ? asTheyAre.get(which) : workloads.get(which).with(settings);
    return care.of(new Case(workload, costs(workload, settings), policy));
  }

  /** The workloads as they are, under some other policy. */
  public List<Case> under(Policy policy) {
    return asTheyAre.stream()
        .map(workload -> care.of(new Case(workload, costs(workload, List.of()), policy)))
        .toList();
  }

  private Costs costs(Workload workload, List<Setting> settings) {
    String name = costsName.isEmpty() ? workload.costsName() : costsName;
    Template<Costs> template;
    synchronized (costs) {
      template = costs.get(name);
      if (template == null) {
        template = library.costsTemplate(name);
        costs.put(name, template);
      }
    }
    return template.with(settings);
  }

  /**
   * An objective at points of this space: of one policy, or by how much it is more under the
   * second.
   *
   * @param points a number from 0 to 1 for each axis
   * @return a result for each point; fewer if somebody stopped it
   */
  public double[] results(
      List<double[]> points, SeedRange seeds, int threads, Objective objective, Progress progress)
      throws InterruptedException {
    int each = casesOfPoint();
    List<Case> cases =
        new Cases((long) points.size() * each) {
          @Override
          public Case get(int number) {
            double[] point = points.get(number / each);
            List<String> values = new ArrayList<>();
            for (int i = 0; i < point.length; i++) {
              values.add(axes.get(i).at(point[i]));
            }
            return at(values, number % each);
          }
        };
    Plan plan = new Plan(cases, seeds, threads, objective.needsCounterfactuals());
    return Sensitivity.results(plan, each, policies.size(), objective, progress);
  }

  /** Cases that are made when they are asked for. */
  public abstract static class Cases extends AbstractList<Case> implements RandomAccess {
    private final int size;

    protected Cases(long size) {
      this.size = Math.toIntExact(size);
    }

    @Override
    public int size() {
      return size;
    }
  }

  /** A cost, as far as nobody knows it. */
  public static Axis axis(CostRange range) {
    return Axis.range(
        "costs." + range.key(),
        Axis.Kind.SPAN,
        BigDecimal.valueOf(range.lowNs()),
        BigDecimal.valueOf(range.highNs()),
        range.lowNs() > 0);
  }

  /** An axis, read. */
  public static Axis axis(String written) {
    try {
      return Axis.parse(written);
    } catch (IllegalArgumentException e) {
      throw new UserError("--vary " + written + ": " + e.getMessage(), (@Nullable String) null);
    }
  }
}
