package org.oomlab.worlds;

import java.util.List;
import java.util.Set;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Feature;
import org.oomlab.workload.Workload;

/**
 * Makes worlds, each known by a seed and its number: the same on every machine, whichever others
 * are made.
 */
public final class Generator {
  /** Of the worlds that may be either, the share that is made from nothing. */
  private static final double FROM_NOTHING = 0.75;

  private final Stock stock;
  private final From from;

  /** The shares of worlds with what is drawn when all else is, by chance of its own. */
  private static final double GUARDED = 0.25;

  private static final double RARE = 0.25;
  private static final double UNSTEADY = 0.1;

  /** What worlds begin as. */
  public enum From {
    NOTHING,
    SHIPPED,
    EITHER
  }

  /**
   * A generator.
   *
   * @param stock what worlds are made of
   * @param from what they begin as; {@link From#SHIPPED} needs workloads in the stock
   */
  public Generator(Stock stock, From from) {
    this.stock = stock;
    this.from = from;
  }

  /** One world of many. */
  public World world(long seed, long number) {
    RandomStream beside = new RandomStream(RandomStream.split(own(seed, number), "later"));
    return later(first(seed, number), beside);
  }

  private static long own(long seed, long number) {
    return RandomStream.split(RandomStream.split(seed, "worlds"), number);
  }

  /** The world as it was before the generator had learnt more. */
  World first(long seed, long number) {
    RandomStream random = new RandomStream(own(seed, number));
    Set<Feature> features = Maker.swarm(random);
    Draw draw =
        new Draw(
            random, features.contains(Feature.DISTRIBUTIONS), features.contains(Feature.EXTREMES));
    boolean shipped =
        !stock.workloads().isEmpty()
            && (from == From.SHIPPED || (from == From.EITHER && !draw.chance(FROM_NOTHING)));
    String name = "world-" + seed + "-" + number;
    String source = "oomlab fuzz --seed " + seed + ", world " + number;
    Workload workload;
    Costs usual;
    if (shipped) {
      Workload base = draw.of(stock.workloads());
      workload = named(new Mutator(draw).changed(base), name, base.name() + ", changed", source);
      usual = stock.costs(base.costsName());
    } else {
      workload = Maker.make(random, name, source);
      usual = draw.of(stock.costs());
      workload = Records.with(workload, "costsName", usual.name());
    }
    Policy policy = draw.of(stock.policies());
    Terms terms = new Terms(draw);
    return new World(
        workload,
        features.contains(Feature.COSTS) ? terms.changed(usual) : usual,
        features.contains(Feature.KNOBS) ? terms.changed(policy) : policy,
        1 + draw.below(1000),
        usual,
        policy);
  }

  /** The world with what the generator did not know from the first, drawn beside the rest. */
  private static World later(World of, RandomStream random) {
    Draw draw = new Draw(random, true, false);
    World world = of;
    if (draw.chance(RARE)) {
      world = world.with(new Rarities(draw).changed(world.workload()));
    }
    if (draw.chance(UNSTEADY)) {
      Quantity microsecond = new Rarities(draw).microsecond();
      world = world.with(Records.with(world.costs(), "microsecond", microsecond));
    }
    if (draw.chance(GUARDED)) {
      world = world.with(new Guards(draw, world.workload()).changed(world.policy()));
    }
    return world;
  }

  /** A workload under another name, of which nothing is claimed and nothing was observed. */
  static Workload named(Workload of, String name, String title, String source) {
    return new Workload(
        name,
        title,
        source,
        of.costsName(),
        of.horizon(),
        of.machine(),
        of.cgroups(),
        of.mutexes(),
        of.futexes(),
        of.processes(),
        List.of(),
        null);
  }
}
