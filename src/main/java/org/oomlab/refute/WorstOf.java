package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Progress;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Policy;
import org.oomlab.worlds.World;

/**
 * Looks for a policy that stands the worst of a space, by playing two against each other: a world
 * is looked for that refutes a claim of the policy, then a policy that stands that world and all
 * before it, and again, until no world is found or no policy stands them all.
 */
public final class WorstOf {
  /** So many worlds that no policy stands are passed over in a round. */
  private static final int MOST_HOPELESS = 40;

  /**
   * How often all knobs are gone through to repair a policy: so many may have to change at once.
   */
  private static final int SWEEPS = 3;

  private final Terms terms;
  private final Progress progress;
  private final List<World> worlds = new ArrayList<>();
  private Policy policy;
  private int hopeless;

  /**
   * A knob that may change.
   *
   * @param values in their order, so that those beside each other are one step apart
   */
  public record Choice(Knob knob, List<Long> values) {
    public Choice {
      values = List.copyOf(values);
    }
  }

  /**
   * What to look for.
   *
   * @param base the policy to begin with
   * @param rounds how often a world may be looked for
   * @param hunts what to look for under a policy in a round
   * @param readable whether a file could say a world
   * @param shrinking how many worlds may be tried while one is made small
   */
  public record Terms(
      Policy base,
      List<Choice> choices,
      int rounds,
      BiFunction<Policy, Integer, Hunt.Plan> hunts,
      Predicate<World> readable,
      int shrinking) {}

  /**
   * A change of one knob by one step, and what it does.
   *
   * @param number of the first world that is not stood then, or -1 if all are
   */
  public record Step(Knob knob, long value, int number) {}

  /**
   * What was found.
   *
   * @param policy stands all worlds
   * @param worlds those that made it what it is, in the order in which they were found
   * @param steps each change of a changed knob by one step
   * @param hopeless how many worlds no policy that was tried stands
   * @param survived how many worlds were tried last without one that refutes the claim for it; 0 if
   *     there was no round left
   */
  public record Result(
      Policy policy, List<World> worlds, List<Step> steps, int hopeless, long survived) {}

  private WorstOf(Terms terms, Progress progress) {
    this.terms = terms;
    this.progress = progress;
    this.policy = terms.base();
  }

  /** Looks. */
  public static Result run(Terms terms, Progress progress) throws InterruptedException {
    return new WorstOf(terms, progress).run();
  }

  private Result run() throws InterruptedException {
    long survived = 0;
    for (int round = 0; round < terms.rounds() && survived == 0; round++) {
      Hunt.Plan plan = terms.hunts().apply(policy, round);
      int before = worlds.size();
      int[] passed = {0};
      Hunt.Result result =
          Hunt.run(plan, progress, refutation -> passOver(refutation, plan, passed));
      survived = worlds.size() == before ? result.coverage().worlds() : 0;
      if (result.stopped()) {
        break;
      }
    }
    spare();
    return new Result(policy, List.copyOf(worlds), steps(), hopeless, survived);
  }

  /** Repairs the policy, so that it stands a world, too; true if that cannot be done. */
  private boolean passOver(Hunt.Refutation refutation, Hunt.Plan plan, int[] passed) {
    List<World> all = new ArrayList<>(worlds);
    all.add(refutation.world());
    Policy repaired = repaired(all);
    if (repaired == null) {
      hopeless++;
      return ++passed[0] < MOST_HOPELESS;
    }
    Cause cause = Cause.of(refutation.world(), plan);
    World small =
        Counterexample.of(refutation, cause, plan, terms.readable(), terms.shrinking(), progress)
            .world();
    all.set(all.size() - 1, small);
    Policy best = repaired(all);
    // What is left of a world that was made small may be one that nobody stands.
    worlds.add(best == null ? refutation.world() : small);
    policy = best == null ? repaired : best;
    return false;
  }

  /** The policy changed so that it stands all of some worlds, or null. */
  private @Nullable Policy repaired(List<World> all) {
    Policy best = policy;
    int worst = failures(best, all, Integer.MAX_VALUE);
    for (int sweep = 0; sweep < SWEEPS && worst > 0; sweep++) {
      Policy from = best;
      for (Choice choice : terms.choices()) {
        for (long value : choice.values()) {
          Policy changed = from.with(choice.knob(), value, "search");
          int failures = value == from.get(choice.knob()) ? worst : failures(changed, all, worst);
          if (failures < worst) {
            worst = failures;
            best = changed;
          }
        }
      }
      if (best == from) {
        return null;
      }
    }
    return worst == 0 ? best : null;
  }

  /** How many of some worlds refute the claim under a policy; no more than {@code enough}. */
  private int failures(Policy of, List<World> all, int enough) {
    int failures = 0;
    for (int i = all.size() - 1; i >= 0 && failures < enough && !progress.cancelled(); i--) {
      failures += isStood(of, all.get(i)) ? 0 : 1;
    }
    return progress.cancelled() ? enough : failures;
  }

  private boolean isStood(Policy of, World world) {
    Hunt.Plan plan = terms.hunts().apply(of, 0);
    World under = world.withUsual(of);
    return !plan.claim().isRefutedBy(plan.courses(under, world.seed()));
  }

  /** Sets back what need not be otherwise. */
  private void spare() {
    for (Choice choice : terms.choices()) {
      long usual = terms.base().get(choice.knob());
      if (policy.get(choice.knob()) != usual) {
        Policy back = policy.with(choice.knob(), usual, terms.base().origin(choice.knob()));
        if (failures(back, worlds, 1) == 0) {
          policy = back;
        }
      }
    }
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (Choice choice : terms.choices()) {
      long value = policy.get(choice.knob());
      if (value == terms.base().get(choice.knob())) {
        continue;
      }
      int at = choice.values().indexOf(value);
      for (int beside : new int[] {at - 1, at + 1}) {
        if (beside >= 0 && beside < choice.values().size()) {
          steps.add(step(choice.knob(), choice.values().get(beside)));
        }
      }
    }
    return steps;
  }

  private Step step(Knob knob, long value) {
    Policy off = policy.with(knob, value, "one step off");
    for (int i = 0; i < worlds.size(); i++) {
      if (!isStood(off, worlds.get(i))) {
        return new Step(knob, value, i);
      }
    }
    return new Step(knob, value, -1);
  }
}
