package org.oomlab.experiment;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * Many episodes: every case under every seed, on several threads, delivered in one order.
 *
 * <p>Seeds are handed out in blocks. The calling thread keeps a few blocks in the air, waits for
 * the oldest and delivers it, so what is delivered does not depend on how many threads there are,
 * and memory is bounded whatever the length of the experiment.
 *
 * @param <T> what is learnt from an episode: usually its {@link Outcome}
 */
public final class Experiment<T> {
  /** Episodes in a block: enough that handing it over costs nothing, few enough to share out. */
  private static final int BLOCK = 16;

  private static final long CANCEL_POLL_MS = 50;

  /**
   * What is run.
   *
   * @param workload the machine and what runs on it
   * @param costs what things cost
   * @param policy what the kernel does
   * @param rigour how much care is taken with each episode; nothing comes out otherwise for it
   */
  public record Case(Workload workload, Costs costs, Policy policy, Rigour rigour)
      implements Serializable {
    /** With the usual rigour. */
    public Case(Workload workload, Costs costs, Policy policy) {
      this(workload, costs, policy, Rigour.USUAL);
    }

    /** The workload with everybody who lives on its machine: the policy's daemon as well. */
    public Workload inhabited() {
      return Kernel.populated(workload, policy);
    }

    /** The same with other rigour. */
    public Case with(Rigour other) {
      return new Case(workload, costs, policy, other);
    }
  }

  /**
   * What to run.
   *
   * @param cases in the order in which outcomes are wanted; not copied, so that they may be made
   *     when they are asked for, from any thread
   * @param seeds the episodes of every case
   * @param jobs threads, at least 1
   * @param counterfactuals whether to ask of every kill if it was necessary
   */
  public record Plan(List<Case> cases, SeedRange seeds, int jobs, boolean counterfactuals) {
    public Plan {
      cases = Collections.unmodifiableList(cases);
      if (jobs < 1) {
        throw new IllegalArgumentException("expected at least one job, not " + jobs);
      }
    }

    /** How many episodes that makes. */
    public long episodes() {
      return Math.multiplyExact(cases.size(), seeds.count());
    }
  }

  /** Something that runs the episodes of one case, one after another. */
  interface Bench<T> {
    T run(long seed);

    /** The digest of the current or latest episode so far. */
    long digest();

    /** How many events it has had so far. */
    long events();
  }

  private record Block(int number, long firstSeed, long lastSeed) {}

  private record Delivery<T>(List<T> outcomes, @Nullable EpisodeFailure failure) {}

  /** The bench that a thread has set up, kept from block to block of the same case. */
  private static final class Station<T> {
    int number = -1;
    @Nullable Case of;
    @Nullable Bench<T> bench;
  }

  private final Plan plan;
  private final Function<Case, ? extends Bench<T>> benches;
  private final Progress progress;
  private final ThreadLocal<Station<T>> station = ThreadLocal.withInitial(Station::new);
  private volatile boolean stopped;

  private Experiment(Plan plan, Function<Case, ? extends Bench<T>> benches, Progress progress) {
    this.plan = plan;
    this.benches = benches;
    this.progress = progress;
  }

  /** Every workload under every policy, the workloads slowest. */
  public static List<Case> cases(
      List<Workload> workloads, Function<Workload, Costs> costs, List<Policy> policies) {
    List<Case> cases = new ArrayList<>();
    for (Workload workload : workloads) {
      for (Policy policy : policies) {
        cases.add(new Case(workload, costs.apply(workload), policy));
      }
    }
    return cases;
  }

  /**
   * Runs the plan.
   *
   * @param inOrder given every outcome on the calling thread: cases in their order, seeds ascending
   * @param progress told of each; if it cancels, this method returns early, having delivered a
   *     prefix of what was planned
   * @throws EpisodeFailure if an episode fails, after every outcome that precedes it
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static void run(Plan plan, Consumer<Outcome> inOrder, Progress progress)
      throws InterruptedException {
    Crew crew = Crew.brought();
    if (crew == null) {
      run(plan, of -> new Episode(of, plan.counterfactuals()), inOrder, progress);
    } else {
      crew.run(plan, inOrder, progress);
    }
  }

  /**
   * Runs a few episodes of one case, one after another, on the calling thread.
   *
   * @param each given the outcomes, seeds ascending
   * @return what broke in one of them, which was the last; or null
   */
  public static @Nullable EpisodeFailure inTurn(
      Case of, boolean counterfactuals, long first, long last, Consumer<Outcome> each) {
    Episode bench = null;
    for (long seed = first; seed <= last; seed++) {
      try {
        if (bench == null) {
          bench = new Episode(of, counterfactuals);
        }
        each.accept(bench.run(seed));
      } catch (RuntimeException | Error bug) {
        return new EpisodeFailure(of, seed, bench, bug);
      }
    }
    return null;
  }

  static <T> void run(
      Plan plan, Function<Case, ? extends Bench<T>> benches, Consumer<T> inOrder, Progress progress)
      throws InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            plan.jobs(),
            task -> {
              Thread thread = new Thread(task, "episodes");
              thread.setDaemon(true); // Ctrl-C need not wait for the episode at hand
              return thread;
            });
    Experiment<T> experiment = new Experiment<>(plan, benches, progress);
    try {
      experiment.deliver(pool, inOrder);
    } finally {
      experiment.stopped = true;
      pool.shutdownNow();
    }
  }

  private void deliver(ExecutorService pool, Consumer<T> inOrder) throws InterruptedException {
    int mostAhead = 2 * plan.jobs() + 1;
    Queue<Future<Delivery<T>>> ahead = new ArrayDeque<>(mostAhead);
    long of = plan.episodes();
    long done = 0;
    Block next = plan.cases().isEmpty() ? null : block(0, plan.seeds().first());
    while (next != null || !ahead.isEmpty()) {
      while (next != null && ahead.size() < mostAhead) {
        Block block = next;
        ahead.add(pool.submit(() -> work(block)));
        next = after(block);
      }
      Delivery<T> delivery = await(ahead.remove());
      if (delivery == null) {
        return;
      }
      for (T outcome : delivery.outcomes()) {
        if (progress.cancelled()) {
          return;
        }
        inOrder.accept(outcome);
        progress.advanced(++done, of);
      }
      if (delivery.failure() != null) {
        throw delivery.failure();
      }
    }
  }

  private Block block(int number, long firstSeed) {
    return new Block(number, firstSeed, Math.min(plan.seeds().last(), firstSeed + BLOCK - 1));
  }

  private @Nullable Block after(Block block) {
    if (block.lastSeed() < plan.seeds().last()) {
      return block(block.number(), block.lastSeed() + 1);
    }
    int number = block.number() + 1;
    return number < plan.cases().size() ? block(number, plan.seeds().first()) : null;
  }

  /** Waits for a block; null if cancelled meanwhile. */
  private @Nullable Delivery<T> await(Future<Delivery<T>> future) throws InterruptedException {
    while (!progress.cancelled()) {
      try {
        return future.get(CANCEL_POLL_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        // Look again whether anybody still wants it.
      } catch (ExecutionException broken) {
        if (broken.getCause() instanceof RuntimeException cause) {
          throw cause; // a case could not be made
        }
        throw new IllegalStateException("a block of episodes was lost", broken.getCause());
      }
    }
    return null;
  }

  private Delivery<T> work(Block block) {
    Station<T> mine = station.get();
    if (mine.number != block.number()) {
      mine.bench = null;
      mine.of = plan.cases().get(block.number());
      mine.number = block.number();
    }
    Case of = mine.of;
    List<T> outcomes = new ArrayList<>(BLOCK);
    for (long seed = block.firstSeed(); seed <= block.lastSeed() && !stopped; seed++) {
      try {
        if (mine.bench == null) {
          mine.bench = benches.apply(of);
        }
        outcomes.add(mine.bench.run(seed));
      } catch (RuntimeException | Error bug) {
        EpisodeFailure failure = new EpisodeFailure(of, seed, mine.bench, bug);
        mine.bench = null;
        return new Delivery<>(outcomes, failure);
      }
    }
    return new Delivery<>(outcomes, null);
  }
}
