package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Suggestions;
import org.oomlab.worlds.World;

/**
 * The policies of a claim, which is about them by their names or by letters in their order.
 *
 * @param policies one or more; the last is that of a world, and what a world changes in that one it
 *     changes in all
 * @param rigour how much care is taken with each episode
 */
public record Sides(List<Policy> policies, Rigour rigour) {
  public Sides {
    policies = List.copyOf(policies);
  }

  /** The letter of a policy. */
  static String letter(int number) {
    return String.valueOf((char) ('A' + number));
  }

  /** The policy that worlds have. */
  public Policy last() {
    return policies.get(policies.size() - 1);
  }

  /**
   * Which policy is meant.
   *
   * @throws IllegalArgumentException if there is none such
   */
  int named(String written) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      String name = policies.get(i).name();
      if (written.equals(letter(i)) || written.equals(name)) {
        return i;
      }
      known.add(letter(i));
      known.add(name);
    }
    String meant = Suggestions.nearest(written, known);
    throw new IllegalArgumentException(
        "there is no policy "
            + written
            + " among those of -p"
            + (meant == null ? ": expected " + listed() : "; did you mean " + meant + "?"));
  }

  /** Each with its letter. */
  String listed() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      all.add(letter(i) + " (" + policies.get(i).name() + ")");
    }
    return String.join(", ", all);
  }

  /** A policy as it is in a world. */
  Policy in(World world, int number) {
    Policy policy = policies.get(number);
    for (Knob knob : Knobs.all()) {
      if (world.policy() != world.usualPolicy()
          && world.policy().get(knob) != world.usualPolicy().get(knob)) {
        policy = policy.with(knob, world.policy().get(knob), "the space");
      }
    }
    return policy;
  }

  /** A world under one of them. */
  Case of(World world, int number) {
    return new Case(world.workload(), world.costs(), in(world, number), rigour);
  }
}
