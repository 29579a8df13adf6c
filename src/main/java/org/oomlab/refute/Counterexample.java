package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.statistics.Share;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Workload;
import org.oomlab.worlds.Explorer;
import org.oomlab.worlds.Shrinker;
import org.oomlab.worlds.World;

/**
 * A small world that refutes a claim.
 *
 * @param number of the world that it was made from
 * @param world from which nothing more can be taken, unless nobody wanted to wait for that
 * @param cause why it refutes the claim
 * @param courses how it goes
 * @param others the share of other seeds at which it refutes the claim, too
 */
public record Counterexample(long number, World world, Cause cause, Courses courses, Share others) {
  /** With so many other seeds it is tried what it is worth. */
  public static final int OTHER_SEEDS = 200;

  /** A smaller world must not refute it at fewer of these, or it is another, rarer one. */
  private static final int NEXT_SEEDS = 2;

  /** So many events may happen while it is made small: a dozen seconds, and the same anywhere. */
  private static final long MOST_EVENTS = 60_000_000;

  /**
   * Makes small what was found. The same ends as the same.
   *
   * @param cause why it refutes the claim: that of the small one is the same
   * @param readable whether a file could say a world
   * @param tries how many worlds may be tried
   * @param progress asked whether to be content with what there is
   */
  public static Counterexample of(
      Hunt.Refutation refutation,
      Cause cause,
      Hunt.Plan plan,
      Predicate<World> readable,
      int tries,
      Progress progress) {
    World found = refutation.world();
    int often = refutations(found, plan, NEXT_SEEDS, new long[1]);
    long[] events = {0};
    Predicate<World> wanted =
        world ->
            !progress.cancelled()
                && events[0] < MOST_EVENTS
                && plan.explorer().admits(world)
                && isRefuted(world, world.seed(), plan, events)
                && refutations(world, plan, NEXT_SEEDS, events) >= often
                && cause.isOf(world, plan)
                && readable.test(world);
    World small = new Shrinker(plan.explorer().stock(), wanted, tries).shrunk(found);
    return new Counterexample(
        refutation.number(),
        small,
        cause,
        plan.courses(small, small.seed()),
        Share.of(refutations(small, plan, OTHER_SEEDS, events), OTHER_SEEDS));
  }

  private static boolean isRefuted(World world, long seed, Hunt.Plan plan, long[] events) {
    Courses courses = plan.courses(world, seed);
    courses.of().forEach(each -> events[0] += each.effort());
    return plan.claim().isRefutedBy(courses);
  }

  /** At how many of the next seeds a world refutes the claim. */
  private static int refutations(World world, Hunt.Plan plan, int seeds, long[] events) {
    int refuted = 0;
    for (int i = 1; i <= seeds; i++) {
      refuted += isRefuted(world, world.seed() + i, plan, events) ? 1 : 0;
    }
    return refuted;
  }

  /** The seeds that the share is of. */
  public SeedRange otherSeeds() {
    return new SeedRange(world.seed() + 1, world.seed() + OTHER_SEEDS);
  }

  /**
   * Its workload, with claims about what happens under each policy.
   *
   * @param source where it is from
   */
  public Workload workload(Hunt.Plan plan, String source) {
    Workload of = world.workload();
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < courses.of().size(); i++) {
      claims.add(claim(plan, i));
    }
    return new Workload(
        of.name(),
        "Refutes '" + plan.claim().text() + "'",
        source,
        of.costsName(),
        of.horizon(),
        of.machine(),
        of.cgroups(),
        of.mutexes(),
        of.futexes(),
        of.processes(),
        claims,
        null);
  }

  private Claim claim(Hunt.Plan plan, int side) {
    Outcome outcome = courses.of().get(side).outcome();
    Position here = new Position("", 1, 1);
    List<Expectation> expectations = new ArrayList<>();
    expectations.add(new Expectation(here, "outcome", outcome.verdictText().replace('-', '_')));
    expectations.add(
        outcome.kills().isEmpty()
            ? new Expectation(here, "kills", "0")
            : new Expectation(here, "victims", String.join(";", outcome.victims())));
    for (Metric metric : plan.claim().metrics()) {
      double value = metric.of(outcome);
      if (metric != Metric.KILLS && (!Double.isNaN(value) || !metric.needsCounterfactuals())) {
        expectations.add(new Expectation(here, metric.shortName(), metric.unit().show(value)));
      }
    }
    return new Claim(
        here,
        List.of(plan.sides().policies().get(side).name()),
        new SeedRange(world.seed(), world.seed()),
        "what comes of it under " + Sides.letter(side),
        "",
        "",
        "",
        List.of(),
        expectations);
  }

  /** How large a workload is: processes, threads, mappings and steps. */
  public static String size(Workload of) {
    int processes = 0;
    int threads = 0;
    int mappings = 0;
    int steps = 0;
    for (var process : of.processes()) {
      processes += process.count();
      mappings += process.count() * process.memory().size();
      for (var thread : process.threads()) {
        threads += process.count() * thread.count();
        steps += Explorer.steps(thread.run());
      }
    }
    return processes
        + (processes == 1 ? " process, " : " processes, ")
        + threads
        + (threads == 1 ? " thread, " : " threads, ")
        + mappings
        + (mappings == 1 ? " mapping, " : " mappings, ")
        + steps
        + (steps == 1 ? " step" : " steps");
  }
}
