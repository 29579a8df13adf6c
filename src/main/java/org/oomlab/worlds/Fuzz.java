package org.oomlab.worlds;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Progress;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;

/**
 * Tries world after world and makes small what it finds. Worlds are tried on several threads and
 * looked at in the order of their numbers, so what is found depends on how many there are and on
 * nothing else.
 */
public final class Fuzz {
  private static final int BLOCK = 1024;
  private static final long POLL_MS = 50;

  /** So much less often is a world tried where a try takes long. */
  private static final int SLOWER = 20;

  private final Plan plan;
  private final Progress progress;
  private final Set<String> known = new LinkedHashSet<>();
  private long done;

  /**
   * What to try.
   *
   * @param generator makes the worlds
   * @param stock what it makes them of, those policies and costs first that a small world should
   *     rather have
   * @param court judges them
   * @param readable whether a file could say this world: a shrunk one must be such
   * @param seed of the generator
   * @param worlds how many, at the most
   * @param enough whether to stop before; asked several times a second
   * @param jobs threads
   * @param shrinking how often a world that is made small may be tried
   */
  public record Plan(
      Generator generator,
      Stock stock,
      Court court,
      Predicate<World> readable,
      long seed,
      long worlds,
      BooleanSupplier enough,
      int jobs,
      int shrinking) {}

  /**
   * A fault, and the smallest world that was found to have it.
   *
   * @param number of the world that it was found in
   * @param world a small one with a fault of that kind
   */
  public record Finding(long number, World world, Fault fault) {}

  private record Trial(long number, World world, @Nullable Fault fault) {}

  private Fuzz(Plan plan, Progress progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Tries the worlds from number 0 on.
   *
   * @param found hears, on the calling thread, of the first world with each kind of fault
   * @return how many worlds were tried
   */
  public static long run(Plan plan, Progress progress, Consumer<Finding> found)
      throws InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            plan.jobs(),
            task -> {
              Thread thread = new Thread(task, "worlds");
              thread.setDaemon(true); // Ctrl-C need not wait for the world at hand
              return thread;
            });
    try {
      Fuzz fuzz = new Fuzz(plan, progress);
      fuzz.deliver(pool, found);
      return fuzz.done;
    } finally {
      pool.shutdownNow();
    }
  }

  private void deliver(ExecutorService pool, Consumer<Finding> found) throws InterruptedException {
    int mostAhead = plan.jobs() * BLOCK;
    Queue<Future<Trial>> ahead = new ArrayDeque<>(mostAhead);
    long next = 0;
    while (done < plan.worlds() && !plan.enough().getAsBoolean()) {
      while (next < plan.worlds() && ahead.size() < mostAhead) {
        long number = next++;
        ahead.add(pool.submit(() -> trial(number)));
      }
      Trial trial = await(ahead.remove());
      if (trial == null) {
        return;
      }
      done++;
      progress.advanced(done, plan.worlds());
      if (trial.fault() != null && known.add(trial.fault().kind())) {
        found.accept(small(trial, trial.fault()));
      }
    }
  }

  private @Nullable Trial await(Future<Trial> future) throws InterruptedException {
    while (!progress.cancelled() && !plan.enough().getAsBoolean()) {
      try {
        return future.get(POLL_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        // Look again whether anybody still wants it.
      } catch (ExecutionException broken) {
        throw new IllegalStateException("a world could not be made", broken.getCause());
      }
    }
    return null;
  }

  private Trial trial(long number) {
    World world = plan.generator().world(plan.seed(), number);
    return new Trial(number, world, plan.court().tried(world));
  }

  /** Whether it takes long to find out, so that it should not be done often. */
  private static boolean isSlow(Law law) {
    return law == Law.BOUNDED_MOMENT || law == Law.NO_SHORTCUT_CHANGES_A_RESULT;
  }

  private Finding small(Trial trial, Fault first) {
    Predicate<World> same =
        world -> {
          Fault fault = plan.readable().test(world) ? plan.court().tried(world) : null;
          return fault != null && fault.kind().equals(first.kind());
        };
    boolean slow = first.thrown() instanceof LawBroken broken && isSlow(broken.law());
    World small =
        new Shrinker(
                plan.stock(),
                world -> !progress.cancelled() && same.test(world),
                slow ? plan.shrinking() / SLOWER : plan.shrinking())
            .shrunk(trial.world());
    Fault fault = plan.court().tried(small);
    return new Finding(trial.number(), small, fault == null ? first : fault);
  }
}
