package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * Takes away from a world whatever it can do without and still have what somebody looks for. The
 * same world ends as the same; it gives up after so many tries.
 */
public final class Shrinker {
  private final Stock stock;
  private final Predicate<World> wanted;
  private final int mostTries;
  private int tries;

  /**
   * A shrinker, to be used once.
   *
   * @param stock the policies and costs in it, those first that a world should rather have
   * @param wanted whether a world still has it
   * @param mostTries how often it may be asked that
   */
  public Shrinker(Stock stock, Predicate<World> wanted, int mostTries) {
    this.stock = stock;
    this.wanted = wanted;
    this.mostTries = mostTries;
  }

  /** A world that has what the given one has, and from which nothing more can be taken. */
  public World shrunk(World world) {
    World smallest = world;
    int since = 0;
    int at = 0;
    List<Supplier<World>> candidates = candidates(smallest);
    while (since < candidates.size() && tries < mostTries) {
      World candidate = candidates.get(at % candidates.size()).get();
      if (!candidate.equals(smallest) && isWanted(candidate)) {
        smallest = candidate;
        candidates = candidates(smallest);
        since = 0;
      } else {
        at++;
        since++;
      }
    }
    return smallest;
  }

  private boolean isWanted(World world) {
    tries++;
    return wanted.test(world);
  }

  private List<Supplier<World>> candidates(World of) {
    List<Supplier<World>> candidates = new ArrayList<>();
    for (long seed = 1; seed < Math.min(4, of.seed()); seed++) {
      long other = seed;
      candidates.add(() -> of.with(other));
    }
    if (!of.costs().equals(of.usualCosts())) {
      candidates.add(() -> of.withUsual(of.usualCosts()));
    }
    if (of.policy() != of.usualPolicy()) {
      candidates.add(() -> of.withUsual(of.usualPolicy()));
    }
    for (Costs costs : before(stock.costs(), of.usualCosts())) {
      candidates.add(() -> costing(of, costs));
    }
    for (Policy policy : before(stock.policies(), of.usualPolicy())) {
      candidates.add(() -> of.withUsual(policy));
    }
    for (Knob knob : of.policy() == of.usualPolicy() ? List.<Knob>of() : Knobs.all()) {
      long usual = of.usualPolicy().get(knob);
      if (of.policy().get(knob) != usual) {
        candidates.add(() -> of.with(of.policy().with(knob, usual, "fuzz")));
      }
    }
    for (Policy plainer : PlainerGuards.of(of.policy(), of.usualPolicy())) {
      candidates.add(() -> of.with(plainer));
    }
    candidates.addAll(plainerCosts(of));
    for (Supplier<Workload> smaller : Smaller.of(of.workload())) {
      candidates.add(() -> of.with(sensible(of.workload(), smaller)));
    }
    return candidates;
  }

  /** A smaller workload, or the one that it was if there is none such. */
  private static Workload sensible(Workload was, Supplier<Workload> smaller) {
    try {
      Workload made = smaller.get();
      boolean leaders = made.processes().stream().noneMatch(each -> each.threads().isEmpty());
      return made.processes().isEmpty() || !leaders ? was : Sense.of(made);
    } catch (IllegalArgumentException impossible) {
      return was;
    }
  }

  private static World costing(World of, Costs costs) {
    return of.withUsual(costs).with(Records.with(of.workload(), "costsName", costs.name()));
  }

  /** Costs with one of them as usual. */
  private static List<Supplier<World>> plainerCosts(World of) {
    List<Supplier<World>> plainer = new ArrayList<>();
    for (var component : Records.components(of.costs())) {
      Object usual = Records.get(of.usualCosts(), component);
      Object own = Records.get(of.costs(), component);
      if (own == null ? usual != null : !own.equals(usual)) {
        plainer.add(() -> of.with(Records.with(of.costs(), component.getName(), usual)));
      }
    }
    return plainer;
  }

  /** Those that come before one in a list; all if it is not in it. */
  private static <T> List<T> before(List<T> all, T one) {
    int index = all.indexOf(one);
    return index < 0 ? all : all.subList(0, index);
  }
}
