package org.oomlab.refute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.experiment.Progress;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.WorldSpace;
import org.oomlab.worlds.Explorer;
import org.oomlab.worlds.Stock;
import org.oomlab.yaml.CostRange;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.YamlText;

/** What tests of a hunt have in common. */
final class Bench {
  static final Library LIBRARY = Library.open(null);

  static final Progress PATIENT =
      new Progress() {
        @Override
        public void advanced(long done, long of) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  private Bench() {}

  static Sides sides(String... names) {
    List<Policy> policies = new ArrayList<>();
    for (String name : names) {
      policies.addAll(LIBRARY.resolvePolicies(List.of(name), note -> {}));
    }
    return new Sides(policies, Rigour.WATCHED);
  }

  static Hunt.Plan plan(
      String claim, Sides sides, String space, long seed, long worlds, int jobs, boolean blind) {
    return new Hunt.Plan(
        Proposition.parse(claim, sides),
        sides,
        explorer(LIBRARY.space(space), sides.last()),
        seed,
        worlds,
        () -> false,
        jobs,
        blind);
  }

  static Explorer explorer(WorldSpace space, Policy policy) {
    List<Costs> costs = space.costs().stream().map(LIBRARY::costs).toList();
    Map<String, Map<String, Quantity.Uniform>> ranges = new TreeMap<>();
    for (String name : space.costs()) {
      Map<String, Quantity.Uniform> own = new LinkedHashMap<>();
      for (CostRange range : LIBRARY.costRanges(name)) {
        for (var component : Costs.class.getRecordComponents()) {
          if (YamlText.key(component.getName()).equals(range.key())
              && component.getType() == Quantity.class) {
            own.put(component.getName(), new Quantity.Uniform(range.lowNs(), range.highNs()));
          }
        }
      }
      ranges.put(name, own);
    }
    return new Explorer(space, false, new Stock(List.of(policy), costs, List.of()), ranges);
  }

  /** The first world that refutes a claim, or null. */
  static Hunt.@Nullable Refutation first(Hunt.Plan plan) throws InterruptedException {
    List<Hunt.Refutation> found = new ArrayList<>();
    Hunt.run(
        plan,
        PATIENT,
        refutation -> {
          found.add(refutation);
          return false;
        });
    return found.isEmpty() ? null : found.get(0);
  }
}
