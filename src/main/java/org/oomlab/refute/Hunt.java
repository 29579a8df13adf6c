package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.RandomStream;
import org.oomlab.experiment.Progress;
import org.oomlab.worlds.Explorer;
import org.oomlab.worlds.World;

/**
 * Looks for worlds that refute a claim. Worlds come in generations: each is made from nothing or
 * from one of those before its generation, by a stream of chance of its own, on any thread; then
 * they are looked at in the order of their numbers. What is found so depends on the seed and on how
 * many are tried, and on nothing else.
 */
public final class Hunt {
  private static final int GENERATION = 256;
  private static final long POLL_MS = 50;

  /** The first generations are of worlds from nothing only. */
  private static final int SWARM = 4;

  /** Later, so many of them still are. */
  private static final double FROM_NOTHING = 0.3;

  /** If none has come nearer in so many generations, it looks elsewhere. */
  private static final int PATIENCE = 60;

  /** A space that has no OOM in so many worlds cannot be expected to have one. */
  private static final int WORLDS_FOR_AN_OOM = 1000;

  private final Plan plan;
  private final Progress progress;
  private final Elite elite = new Elite();
  private final Coverage coverage = new Coverage();
  private @Nullable Trial nearest;
  private int sinceNearer;
  private boolean stopped;

  /**
   * What to look for, and where.
   *
   * @param explorer makes the worlds
   * @param seed of the search
   * @param worlds how many, at the most
   * @param enough whether to stop before; asked several times a second
   * @param jobs threads
   * @param blind whether worlds are drawn by chance alone
   */
  public record Plan(
      Proposition claim,
      Sides sides,
      Explorer explorer,
      long seed,
      long worlds,
      BooleanSupplier enough,
      int jobs,
      boolean blind) {

    /** How an episode of a world goes under each policy. */
    Courses courses(World world, long episode) {
      return Courses.of(world, episode, sides, claim.needsCounterfactuals());
    }
  }

  /**
   * What it came to.
   *
   * @param nearest the world with the smallest margin that says something about the claim, or null
   * @param margin that of the nearest
   * @param stopped whether somebody wanted it to end
   */
  public record Result(
      Coverage coverage, @Nullable World nearest, double margin, boolean stopped) {}

  /** None of many worlds has an OOM in it. */
  @SuppressWarnings("serial") // Caught where it is thrown for, and never written down.
  public static final class NoOom extends RuntimeException {
    NoOom(long worlds) {
      super("of the first " + worlds + " worlds none has an OOM in it, so nothing can be learnt");
    }
  }

  /** A world that refutes the claim. */
  public record Refutation(long number, World world) {}

  private Hunt(Plan plan, Progress progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Looks.
   *
   * @param found hears of each world that refutes the claim, in their order; whether to go on
   * @throws NoOom if the space has none
   */
  public static Result run(Plan plan, Progress progress, Predicate<Refutation> found)
      throws InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            plan.jobs(),
            task -> {
              Thread thread = new Thread(task, "refute");
              thread.setDaemon(true); // Ctrl-C need not wait for the world at hand
              return thread;
            });
    try {
      return new Hunt(plan, progress).hunt(pool, found);
    } finally {
      pool.shutdownNow();
    }
  }

  private Result hunt(ExecutorService pool, Predicate<Refutation> found)
      throws InterruptedException {
    boolean goesOn = true;
    for (long first = 0; goesOn && first < plan.worlds(); first += GENERATION) {
      elite.settle();
      List<Future<Trial>> trials = new ArrayList<>();
      for (long i = first; i < Math.min(plan.worlds(), first + GENERATION); i++) {
        long number = i;
        trials.add(pool.submit(() -> trial(number)));
      }
      List<Trial> tried = new ArrayList<>();
      for (int i = 0; goesOn && i < trials.size(); i++) {
        Trial trial = await(trials.get(i));
        goesOn = trial != null;
        if (trial != null) {
          tried.add(trial);
          goesOn = hear(trial, found);
        }
      }
      trials.forEach(each -> each.cancel(true));
      absorb(tried);
    }
    Trial best = nearest;
    return new Result(
        coverage, best == null ? null : best.world(), best == null ? 1 : best.margin(), stopped);
  }

  private Trial trial(long number) {
    RandomStream random =
        new RandomStream(RandomStream.split(RandomStream.split(plan.seed(), "refute"), number));
    World world = world(number, random);
    Courses courses = plan.courses(world, world.seed());
    return new Trial(number, world, courses, plan.claim().margin(courses));
  }

  private World world(long number, RandomStream random) {
    boolean swarm = plan.blind() || number < SWARM * GENERATION;
    Trial parent = swarm || random.nextDouble() < FROM_NOTHING ? null : elite.parent(random);
    return parent == null
        ? plan.explorer()
            .fresh(random, "refuted-" + plan.seed() + "-" + number, "found by oomlab refute")
        : plan.explorer().changed(parent.world(), random);
  }

  private @Nullable Trial await(Future<Trial> future) throws InterruptedException {
    while (true) {
      stopped = progress.cancelled();
      if (stopped || plan.enough().getAsBoolean()) {
        return null;
      }
      try {
        return future.get(POLL_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        // Look again whether anybody still wants it.
      } catch (ExecutionException broken) {
        throw broken.getCause() instanceof RuntimeException it
            ? it
            : new IllegalStateException("a world could not be tried", broken.getCause());
      }
    }
  }

  private boolean hear(Trial trial, Predicate<Refutation> found) {
    coverage.add(trial.courses());
    progress.advanced(coverage.worlds(), plan.worlds());
    if (coverage.worlds() == WORLDS_FOR_AN_OOM && coverage.of(Trait.OOM) == 0) {
      throw new NoOom(WORLDS_FOR_AN_OOM);
    }
    if (trial.isRefutation()) {
      return found.test(new Refutation(trial.number(), trial.world()));
    }
    Trial best = nearest;
    boolean tells = !Double.isNaN(trial.margin()) && trial.courses().part();
    boolean alone = plan.sides().policies().size() == 1;
    if ((tells || (alone && !Double.isNaN(trial.margin())))
        && (best == null || trial.margin() < best.margin())) {
      nearest = trial;
    }
    return true;
  }

  private void absorb(List<Trial> tried) {
    sinceNearer++;
    for (Trial trial : tried) {
      if (!trial.isRefutation() && elite.add(trial)) {
        sinceNearer = 0;
      }
    }
    if (sinceNearer > PATIENCE) {
      elite.restart();
      sinceNearer = 0;
    }
  }
}
