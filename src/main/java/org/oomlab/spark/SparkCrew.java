package org.oomlab.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Crew;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.spark.Block.Done;

/**
 * The executors of a Spark cluster run the episodes; the program that spark-submit started hands
 * out blocks of them, a few waves ahead of the one it waits for, and delivers in order what comes
 * back. So it holds as much as is in the air, however long the plan is.
 */
public final class SparkCrew implements Crew {
  /** What a block should take: Spark's own share of one is one to three milliseconds. */
  private static final long WORTH_NS = 200_000_000;

  /** Before anything was measured. */
  private static final long FIRST_EPISODES = 16;

  private static final long MOST_EPISODES = 1 << 14;

  /** Blocks of a wave for each processor of the cluster, so that one that takes long rules less. */
  private static final int BLOCKS_EACH = 2;

  /** While the last blocks of a wave are waited for, those of the next have begun. */
  private static final int WAVES = 3;

  private static final long CANCEL_POLL_MS = 50;

  /** What is in the air: one job of Spark's. */
  private record Wave(List<Block> blocks, JavaFutureAction<List<Done>> answers) {}

  private @Nullable Freight freight;

  /** Found as a service; it cannot be made where there is no Spark. */
  public SparkCrew() {
    Objects.requireNonNull(SparkContext.class);
  }

  @Override
  public List<String> here(List<String> words) {
    Freight fresh = new Freight(spark().hadoopConfiguration(), spark().sc().applicationId());
    freight = fresh;
    return fresh.here(words);
  }

  @Override
  public List<String> there() {
    return freight == null ? List.of() : freight.sent();
  }

  private static JavaSparkContext spark() {
    SparkConf conf = new SparkConf().setIfMissing("spark.app.name", "oomlab");
    return new JavaSparkContext(SparkContext.getOrCreate(conf));
  }

  @Override
  public void run(Plan plan, Consumer<Outcome> inOrder, Progress progress)
      throws InterruptedException {
    new Delivery(spark(), plan, inOrder, progress).run();
  }

  /** The digest of the simulator in this process. */
  static String model() {
    Properties facts = new Properties();
    try (InputStream in = SparkCrew.class.getResourceAsStream("/oomlab/build.properties")) {
      if (in != null) {
        facts.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return facts.getProperty("model", "");
  }

  /** One plan on its way. */
  private static final class Delivery {
    private final JavaSparkContext spark;
    private final Plan plan;
    private final Consumer<Outcome> inOrder;
    private final Progress progress;
    private final String model = model();
    private final LongAccumulator episodes;
    private final LongAccumulator nanos;
    private final Queue<Wave> ahead = new ArrayDeque<>();

    /** The next to be handed out. */
    private int nextCase;

    private long nextSeed;
    private long done;
    private double episodeNs = (double) WORTH_NS / FIRST_EPISODES;

    Delivery(JavaSparkContext spark, Plan plan, Consumer<Outcome> inOrder, Progress progress) {
      this.spark = spark;
      this.plan = plan;
      this.inOrder = inOrder;
      this.progress = progress;
      this.nextSeed = plan.seeds().first();
      this.episodes = spark.sc().longAccumulator("oomlab: episodes");
      this.nanos = spark.sc().longAccumulator("oomlab: nanoseconds of episodes");
    }

    void run() throws InterruptedException {
      try {
        while (fill()) {
          Wave wave = ahead.remove();
          List<Done> answers = await(wave);
          if (answers == null) {
            return;
          }
          for (Done answer : answers) {
            if (!deliver(answer)) {
              return;
            }
          }
          measure(answers);
        }
      } finally {
        for (Wave wave : ahead) {
          wave.answers().cancel(true);
        }
      }
    }

    /** Hands out as much as there should be in the air; false if nothing is. */
    private boolean fill() {
      while (nextCase < plan.cases().size() && ahead.size() < WAVES) {
        List<Block> blocks = new ArrayList<>();
        int most = BLOCKS_EACH * Math.max(1, spark.defaultParallelism());
        while (nextCase < plan.cases().size() && blocks.size() < most) {
          blocks.add(block());
        }
        LongAccumulator counted = episodes;
        LongAccumulator took = nanos;
        JavaFutureAction<List<Done>> answers =
            spark
                .parallelize(blocks, blocks.size())
                .map(
                    block -> {
                      Done answer = block.run(model());
                      counted.add(answer.outcomes().size());
                      took.add(answer.nanos());
                      return answer;
                    })
                .collectAsync();
        ahead.add(new Wave(blocks, answers));
      }
      return !ahead.isEmpty();
    }

    private Block block() {
      long room = Math.max(1, Math.min(MOST_EPISODES, (long) ((double) WORTH_NS / episodeNs)));
      List<Stretch> stretches = new ArrayList<>();
      while (room > 0 && nextCase < plan.cases().size()) {
        long last = Math.min(plan.seeds().last(), nextSeed + room - 1);
        Stretch stretch = new Stretch(Luggage.of(plan.cases().get(nextCase)), nextSeed, last);
        stretches.add(stretch);
        room -= stretch.episodes();
        if (last == plan.seeds().last()) {
          nextCase++;
          nextSeed = plan.seeds().first();
        } else {
          nextSeed = last + 1;
        }
      }
      return new Block(stretches, plan.counterfactuals(), model);
    }

    /** Waits for a wave; null if cancelled meanwhile. */
    private @Nullable List<Done> await(Wave wave) throws InterruptedException {
      while (!progress.cancelled()) {
        try {
          return wave.answers().get(CANCEL_POLL_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
          // Look again whether anybody still wants it.
        } catch (ExecutionException broken) {
          throw new Refused(String.valueOf(broken.getCause().getMessage()), broken.getCause());
        }
      }
      wave.answers().cancel(true);
      return null;
    }

    /** Whether the next may come. */
    private boolean deliver(Done answer) {
      for (Outcome outcome : answer.outcomes()) {
        if (progress.cancelled()) {
          return false;
        }
        inOrder.accept(outcome);
        progress.advanced(++done, plan.episodes());
      }
      if (answer.failure() != null) {
        throw answer.failure();
      }
      return true;
    }

    private void measure(List<Done> answers) {
      long count = 0;
      long took = 0;
      for (Done answer : answers) {
        count += answer.outcomes().size();
        took += answer.nanos();
      }
      if (count > 0) {
        episodeNs = Math.max(1, (double) took / (double) count);
      }
    }
  }
}
