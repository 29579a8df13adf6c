package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Extent;
import org.oomlab.workload.Feature;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.Watermarks;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;

/**
 * Makes worlds of one space, from nothing and from each other. A world is made by its own stream of
 * chance and by nothing else.
 */
public final class Explorer {
  /** So often is a world made anew that the space would not have. */
  private static final int TRIES = 50;

  /** Of the changes to a world, the share that only makes a number another. */
  private static final double NUDGES = 0.4;

  private final WorldSpace space;
  private final boolean anything;
  private final Stock stock;
  private final Map<String, Map<String, Quantity.Uniform>> ranges;

  /**
   * An explorer.
   *
   * @param anything whether a world may be what no machine can be
   * @param stock the policy that worlds have, and the cost files of the space, the usual one first
   * @param ranges between what and what a cost may lie, by the name of the file and of the cost
   */
  public Explorer(
      WorldSpace space,
      boolean anything,
      Stock stock,
      Map<String, Map<String, Quantity.Uniform>> ranges) {
    this.space = space;
    this.anything = anything;
    this.stock = stock;
    this.ranges = ranges;
  }

  /** What worlds are made of. */
  public Stock stock() {
    return stock;
  }

  /** A world made from nothing, or from what the space is near to. */
  public World fresh(RandomStream random, String name, String source) {
    World made = made(random, name, source);
    for (int i = 0; i < TRIES && !admits(made); i++) {
      made = made(random, name, source);
    }
    return made;
  }

  private World made(RandomStream random, String name, String source) {
    Workload near = space.near();
    Set<Feature> features = anything ? Maker.swarm(random) : Maker.swarm(random, space);
    Draw draw = draw(random, features);
    Workload workload;
    if (near != null) {
      Workload changed = new Mutator(draw).changed(near);
      workload = Generator.named(changed, name, near.title() + ", changed", source);
    } else if (anything) {
      workload = Maker.make(random, name, source);
    } else {
      workload = Maker.make(random, space, name, source);
    }
    Costs usual = draw.of(stock.costs());
    Policy policy = draw.of(stock.policies());
    return new World(
        Records.with(workload, "costsName", usual.name()),
        features.contains(Feature.COSTS) ? costs(draw, usual) : usual,
        policy(draw, policy, features),
        1 + draw.below(1000),
        usual,
        policy);
  }

  private Draw draw(RandomStream random, Set<Feature> features) {
    return new Draw(
        random,
        features.contains(Feature.DISTRIBUTIONS),
        anything && features.contains(Feature.EXTREMES),
        anything ? Span.FOREVER : space.longestNs());
  }

  /** Some costs otherwise, within what is known of them. */
  private Costs costs(Draw draw, Costs usual) {
    if (anything) {
      return new Terms(draw).changed(usual);
    }
    Map<String, Quantity.Uniform> known = ranges.get(usual.name());
    List<String> names = known == null ? List.of() : new ArrayList<>(known.keySet());
    Costs changed = usual;
    int number = names.isEmpty() ? 0 : 1 + draw.below(3);
    for (int i = 0; known != null && i < number; i++) {
      String name = draw.of(names);
      Quantity.Uniform range = known.get(name);
      long value = draw.between(range.low(), range.high());
      changed = Records.with(changed, name, new Quantity.Constant(value));
    }
    return changed;
  }

  private Policy policy(Draw draw, Policy usual, Set<Feature> features) {
    Policy changed = usual;
    for (Map.Entry<String, List<Long>> each : space.knobs().entrySet()) {
      Knob knob = Knobs.byPath(each.getKey());
      if (knob != null && features.contains(Feature.KNOBS)) {
        changed = changed.with(knob, draw.of(each.getValue()), space.name());
      }
    }
    return changed;
  }

  /** Another world, in a few places or in a number. */
  public World changed(World of, RandomStream random) {
    for (int i = 0; i < TRIES; i++) {
      Draw draw = new Draw(random, false, anything, anything ? Span.FOREVER : space.longestNs());
      World changed = changedOnce(of, draw);
      if (admits(changed)) {
        return changed;
      }
    }
    return of;
  }

  private World changedOnce(World of, Draw draw) {
    int what = draw.below(20);
    if (what == 0) {
      return of.with((long) (1 + draw.below(1000)));
    } else if (what == 1 && space.chances().containsKey(Feature.COSTS)) {
      return of.with(costs(draw, of.usualCosts()));
    }
    Workload workload = of.workload();
    try {
      int changes = 1 + draw.below(3);
      for (int i = 0; i < changes; i++) {
        workload =
            draw.chance(NUDGES)
                ? Sense.of(Nudge.nudged(workload, draw))
                : new Mutator(draw).changed(workload);
      }
    } catch (IllegalArgumentException impossible) {
      return of;
    }
    return of.with(workload);
  }

  /** Whether the space has such a world. */
  public boolean admits(World world) {
    return anything || (isMachine(world.workload().machine()) && isInhabited(world.workload()));
  }

  private boolean isMachine(MachineSpec machine) {
    long least = space.memory().stream().mapToLong(Long::longValue).min().orElse(0);
    long most = space.memory().stream().mapToLong(Long::longValue).max().orElse(0);
    int mostCpus = space.cpus().stream().mapToInt(Integer::intValue).max().orElse(1);
    Watermarks usual =
        Watermarks.above(
            Watermarks.defaultMin(machine.memory()),
            machine.memory(),
            machine.watermarkScaleFactor());
    boolean own =
        machine.min() != usual.min()
            || machine.low() != usual.low()
            || machine.high() != usual.high();
    return machine.memory() >= least
        && machine.memory() <= most
        && machine.cpus() >= 1
        && machine.cpus() <= mostCpus
        && (machine.hz() == 250 || space.hz().contains(machine.hz()))
        && (space.near() != null || (machine.free() < 0 || machine.free() >= machine.min()))
        && (space.near() != null || !own || space.chances().containsKey(Feature.WATERMARKS));
  }

  private boolean isInhabited(Workload workload) {
    List<ProcessSpec> all = workload.processes();
    return !all.isEmpty()
        && all.stream().mapToInt(ProcessSpec::count).sum() <= space.processes()
        && all.stream().allMatch(each -> hasRoom(each))
        && workload.cgroups().size() <= space.cgroups()
        && workload.cgroups().stream().map(CgroupSpec::limit).allMatch(this::isLimit);
  }

  private boolean isLimit(long pages) {
    return space.near() != null || pages >= WorldSpace.LEAST_LIMIT;
  }

  private boolean hasRoom(ProcessSpec process) {
    return process.memory().size() <= space.mappings()
        && process.threads().stream().mapToInt(ThreadSpec::count).sum() <= space.threads()
        && process.threads().stream().allMatch(each -> steps(each.run()) <= space.steps())
        && isPatient(process);
  }

  /** Steps, with those inside others. */
  public static int steps(List<Step> run) {
    int steps = 0;
    for (Step step : run) {
      steps +=
          step instanceof Step.Repeat it
              ? 1 + steps(it.steps())
              : step instanceof Step.Chance it ? 1 + steps(it.steps()) : 1;
    }
    return steps;
  }

  private boolean isPatient(ProcessSpec process) {
    return space.near() != null
        || (isShort(process.start()) && isShort(process.aio()) && isShort(process.exe()));
  }

  private boolean isShort(Quantity time) {
    double longest = Extent.largest(time);
    return longest <= space.longestNs() || longest >= Span.FOREVER;
  }
}
