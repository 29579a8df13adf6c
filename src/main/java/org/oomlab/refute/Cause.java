package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;
import org.oomlab.worlds.World;

/**
 * Why a world refutes a claim: what is announced first under one policy and not under the other,
 * and the knobs without which it would not. Of a single policy it is how the episode ends, and what
 * was announced last that decides anything.
 *
 * @param first what came under the first policy, or how a single policy's episode ended
 * @param last what came under the last policy instead
 * @param rules knobs, each of which alone mends it if the last policy has it as the first has
 */
public record Cause(String first, String last, List<Knob> rules) {
  private static final String END = "the end";

  public Cause {
    rules = List.copyOf(rules);
  }

  /** The same for worlds that are refutations of one kind. */
  public String key() {
    return first + " | " + last + " | " + ruleText();
  }

  /** The knobs' paths. */
  public String ruleText() {
    return rules.stream().map(Knob::path).collect(Collectors.joining(", "));
  }

  /** Why a refutation is one. */
  public static Cause of(World world, Hunt.Plan plan) {
    if (plan.sides().policies().size() == 1) {
      return ofOne(world, plan.sides());
    }
    Parting parting = Parting.of(world, plan.sides());
    return new Cause(
        kind(parting.first()), kind(parting.last()), rules(world, plan, differing(world, plan)));
  }

  /** Whether another world is a refutation for the same reason; quicker than to find its reason. */
  boolean isOf(World world, Hunt.Plan plan) {
    if (plan.sides().policies().size() == 1) {
      return ofOne(world, plan.sides()).equals(this);
    }
    Parting parting = Parting.of(world, plan.sides());
    return kind(parting.first()).equals(first)
        && kind(parting.last()).equals(last)
        && rules(world, plan, rules).size() == rules.size();
  }

  private static List<Knob> differing(World world, Hunt.Plan plan) {
    Policy first = plan.sides().in(world, 0);
    Policy last = plan.sides().in(world, plan.sides().policies().size() - 1);
    return Knobs.all().stream().filter(knob -> first.get(knob) != last.get(knob)).toList();
  }

  /** Those of some knobs that mend it. */
  private static List<Knob> rules(World world, Hunt.Plan plan, List<Knob> among) {
    Sides sides = plan.sides();
    Policy first = sides.in(world, 0);
    List<Knob> rules = new ArrayList<>();
    for (Knob knob : among) {
      List<Policy> mended = new ArrayList<>(sides.policies());
      mended.set(mended.size() - 1, sides.last().with(knob, first.get(knob), "as " + first.name()));
      Courses courses =
          Courses.of(
              world,
              world.seed(),
              new Sides(mended, sides.rigour()),
              plan.claim().needsCounterfactuals());
      if (!plan.claim().isRefutedBy(courses)) {
        rules.add(knob);
      }
    }
    return rules;
  }

  private static Cause ofOne(World world, Sides sides) {
    Case of = sides.of(world, 0);
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    Happening[] latest = new Happening[1];
    kernel.boot(
        world.seed(),
        (now, point, subject, a, b) -> {
          if (decides(point)) {
            latest[0] = new Happening(now, point, subject, a, b);
          }
        });
    for (long i = 0; i < Course.MOST_EVENTS && kernel.step(); i++) {}
    Verdict verdict = kernel.verdict();
    return new Cause(
        verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '), kind(latest[0]), List.of());
  }

  static boolean decides(Tracepoint point) {
    return switch (point) {
      case KILLED, DAEMON_KILL, OOM_SKIP, UNABLE_TO_REAP, NOTHING_TO_KILL, PANIC, FUTEX_BROKEN ->
          true;
      default -> false;
    };
  }

  /** What happened, without who and when. */
  private static String kind(@Nullable Happening happening) {
    if (happening == null) {
      return END;
    }
    String name = happening.point().name().toLowerCase(Locale.ROOT);
    return switch (happening.point()) {
      case OOM_SKIP ->
          name
              + (happening.a() == 0
                  ? " by reaper"
                  : happening.a() == 1 ? " by exit" : " by timeout");
      case SKIP_REAPING -> name + " cause " + happening.b();
      default -> name;
    };
  }
}
