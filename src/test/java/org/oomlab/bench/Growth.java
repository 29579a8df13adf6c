package org.oomlab.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.oomlab.kernel.Kernel;
import org.oomlab.trace.TraceSink;

/**
 * What an event costs as machines and workloads grow: CSV on standard output, one row for each
 * size. A program and not a benchmark of JMH's, since boot and run are told apart and every size
 * must be measured in the same minutes: all sizes take turns, round after round. Times are CPU
 * times, medians of the rounds, so a busy machine may be used. Neighbours can still make a
 * processor slower by half, for longer than a round; the least of the rounds is what they disturbed
 * least. The last rows are the shipped episodes of fifty processes.
 */
public final class Growth {
  private static final int ROUNDS = 27;

  /** Not counted. */
  private static final int WARM_UP = 20;

  /** Nanoseconds of CPU time that a size gets in each round. */
  private static final long TURN_NS = 200_000_000;

  private static final String POLICY = "linux-4.19";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String series;
  private final long size;
  private final Kernel kernel;
  private final List<Double> bootNs = new ArrayList<>();
  private final List<Double> runNs = new ArrayList<>();
  private long seed;
  private long episodes;
  private long events;
  private long bytes;

  private Growth(String series, long size, String yaml) {
    this(series, size, Shelf.kernel(Shelf.written(yaml, POLICY)));
  }

  private Growth(String series, long size, Kernel kernel) {
    this.series = series;
    this.size = size;
    this.kernel = kernel;
  }

  /** Measures everything, or the series of this name, or one size of it. */
  public static void main(String[] args) {
    List<Growth> all = sizes();
    all.removeIf(each -> args.length > 0 && !each.series.equals(args[0]));
    all.removeIf(each -> args.length > 1 && !String.valueOf(each.size).equals(args[1]));
    for (int round = 0; round < ROUNDS; round++) {
      for (Growth each : all) {
        each.turn(round >= WARM_UP);
      }
    }
    System.out.println(
        "series,size,events,ns_per_event,run_us,boot_us,bytes_per_episode,least_ns_per_event");
    all.forEach(each -> System.out.println(each.row()));
  }

  private static List<Growth> sizes() {
    List<Growth> all = new ArrayList<>();
    for (int mib : new int[] {256, 1024, 4096, 16384, 65536}) {
      all.add(new Growth("machine_mib", mib, busy(mib, 0) + hog(64) + grower(96)));
    }
    for (int mib : new int[] {256, 1024, 4096, 16384, 65536}) {
      all.add(new Growth("all_mib", mib, busy(mib, 0) + hog(mib / 4) + grower(mib / 4 + 32)));
    }
    for (int idle : new int[] {10, 100, 1000, 10_000}) {
      all.add(new Growth("idle_processes", idle, busy(65536, idle)));
    }
    for (int idle : new int[] {10, 100, 1000, 10_000}) {
      all.add(new Growth("idle_processes_kill", idle, busy(65536, idle) + hog(64) + grower(96)));
    }
    for (int seconds : new int[] {1, 10, 100, 1000, 3600}) {
      all.add(new Growth("idle_seconds", seconds, asleep(seconds)));
    }
    for (int tasks : new int[] {10, 50, 100, 400}) {
      all.add(new Growth("sleeping_tasks", tasks, cycle(tasks, "sleep")));
      all.add(new Growth("computing_tasks", tasks, cycle(tasks, "compute")));
    }
    for (String workload : new String[] {"bench-50-idle", "bench-50-mlocked"}) {
      for (String policy : new String[] {"linux-4.19", "linux-6.18"}) {
        Kernel kernel = Shelf.kernel(Shelf.shipped(workload, policy));
        all.add(new Growth(workload + "/" + policy, kernel.processes(), kernel));
      }
    }
    return all;
  }

  /** Ten processes that compute and sleep, with as many others as one likes that do nothing. */
  private static String busy(int machineMib, int idle) {
    String busy =
        machine(machineMib)
            + process(
                "busy",
                10,
                1,
                "repeat: {times: 100, steps: [{compute: {exponential: 2ms}},"
                    + " {sleep: {exponential: 5ms}}]}");
    return idle == 0 ? busy : busy + process("idle", idle, 1, "sleep: forever");
  }

  /** Tasks that all do the same, and sleep: from about a hundred on they wait for processors. */
  private static String cycle(int tasks, String step) {
    return machine(65536)
        + process(
            "task",
            tasks,
            1,
            "repeat: {times: 40, steps: [{"
                + step
                + ": {exponential: 2ms}}, {sleep: {exponential: 20ms}}]}");
  }

  private static String asleep(int seconds) {
    return machine(256) + process("asleep", 10, 1, "sleep: " + seconds + "s");
  }

  /** Whom the killer chooses. */
  private static String hog(int mib) {
    return process("hog", 1, mib, "sleep: forever");
  }

  private static String grower(int mib) {
    return "  - name: grower\n    oom_score_adj: -500\n    run:\n      - touch: " + mib + "MiB\n";
  }

  private static String machine(int mib) {
    return "workload: growth\nhorizon: 4000s\nmachine: {memory: "
        + mib
        + "MiB, free: 64MiB, cpus: 8}\nprocesses:\n";
  }

  private static String process(String name, int count, int mib, String step) {
    return String.format(
        Locale.ROOT,
        "  - name: %s%n    count: %d%n    memory: [{kind: anonymous, size: %dMiB, name: heap}]%n"
            + "    run:%n      - %s%n",
        name,
        count,
        mib,
        step);
  }

  private void turn(boolean counts) {
    long boot = 0;
    long run = 0;
    long done = 0;
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    while (boot + run < TURN_NS) {
      long begin = THREADS.getCurrentThreadCpuTime();
      kernel.boot(seed++, TraceSink.NONE);
      long booted = THREADS.getCurrentThreadCpuTime();
      kernel.run();
      boot += booted - begin;
      run += THREADS.getCurrentThreadCpuTime() - booted;
      done++;
      events += counts ? kernel.events() : 0;
    }
    if (counts) {
      bytes += THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      episodes += done;
      bootNs.add((double) boot / done);
      runNs.add((double) run / done);
    }
  }

  private String row() {
    double each = (double) events / episodes;
    return String.format(
        Locale.ROOT,
        "%s,%d,%.1f,%.1f,%.2f,%.2f,%d,%.1f",
        series,
        size,
        each,
        median(runNs) / each,
        median(runNs) / 1000,
        median(bootNs) / 1000,
        bytes / episodes,
        Collections.min(runNs) / each);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
