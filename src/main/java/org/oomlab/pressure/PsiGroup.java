package org.oomlab.pressure;

import java.util.Arrays;

/**
 * The memory pressure of one domain, the machine or a cgroup: psi_group of kernel/sched/psi.c@7.3.
 *
 * <p>On each processor tasks are counted that are runnable, that are in a stall section, and that
 * are both. A processor is in <i>some</i> while anybody is in a section, and in <i>full</i> while
 * besides nobody is runnable who is not, or while who is on it is in one (test_states()). The
 * group's time is that of its processors, each weighted by how long it was not idle
 * (collect_percpu_times()).
 */
public final class PsiGroup {
  /** What is told apart: PSI_MEM_SOME and PSI_MEM_FULL. */
  public enum State {
    SOME,
    FULL
  }

  private static final int STATES = State.values().length;

  private final long jiffyNs;
  private final long periodNs;

  // By processor.
  private final int[] running;
  private final int[] stalled;
  private final int[] stalledRunning;
  private final boolean[] currentStalls;
  private final long[] sinceNs;
  private final long[] nonIdleNs;
  private final long[][] stateNs = new long[STATES][];

  /** Of these, what has gone into the totals. */
  private final long[] nonIdleSeenNs;

  private final long[][] stateSeenNs = new long[STATES][];

  private final long[] totalNs = new long[STATES];
  private final PsiAverages[] averages = new PsiAverages[STATES];

  private long nextUpdateNs;
  private long lastUpdateNs;

  /**
   * A group of nobody.
   *
   * @param cpus processors of the machine
   * @param hz timer ticks in a second
   */
  public PsiGroup(int cpus, int hz) {
    this.jiffyNs = 1_000_000_000L / hz;
    this.periodNs = (2L * hz + 1) * jiffyNs; // PSI_FREQ
    this.running = new int[cpus];
    this.stalled = new int[cpus];
    this.stalledRunning = new int[cpus];
    this.currentStalls = new boolean[cpus];
    this.sinceNs = new long[cpus];
    this.nonIdleNs = new long[cpus];
    this.nonIdleSeenNs = new long[cpus];
    for (int s = 0; s < STATES; s++) {
      stateNs[s] = new long[cpus];
      stateSeenNs[s] = new long[cpus];
      averages[s] = new PsiAverages(periodNs);
    }
    clear();
  }

  /** Forgets everything: the machine boots. */
  public void clear() {
    Arrays.fill(running, 0);
    Arrays.fill(stalled, 0);
    Arrays.fill(stalledRunning, 0);
    Arrays.fill(currentStalls, false);
    Arrays.fill(sinceNs, 0);
    Arrays.fill(nonIdleNs, 0);
    Arrays.fill(nonIdleSeenNs, 0);
    Arrays.fill(totalNs, 0);
    for (int s = 0; s < STATES; s++) {
      Arrays.fill(stateNs[s], 0);
      Arrays.fill(stateSeenNs[s], 0);
      averages[s].clear();
    }
    nextUpdateNs = periodNs;
    lastUpdateNs = 0;
  }

  /** Makes this group's state that of {@code that}, which is as large. */
  public void copyFrom(PsiGroup that) {
    int cpus = running.length;
    System.arraycopy(that.running, 0, running, 0, cpus);
    System.arraycopy(that.stalled, 0, stalled, 0, cpus);
    System.arraycopy(that.stalledRunning, 0, stalledRunning, 0, cpus);
    System.arraycopy(that.currentStalls, 0, currentStalls, 0, cpus);
    System.arraycopy(that.sinceNs, 0, sinceNs, 0, cpus);
    System.arraycopy(that.nonIdleNs, 0, nonIdleNs, 0, cpus);
    System.arraycopy(that.nonIdleSeenNs, 0, nonIdleSeenNs, 0, cpus);
    System.arraycopy(that.totalNs, 0, totalNs, 0, STATES);
    for (int s = 0; s < STATES; s++) {
      System.arraycopy(that.stateNs[s], 0, stateNs[s], 0, cpus);
      System.arraycopy(that.stateSeenNs[s], 0, stateSeenNs[s], 0, cpus);
      averages[s].copyFrom(that.averages[s]);
    }
    nextUpdateNs = that.nextUpdateNs;
    lastUpdateNs = that.lastUpdateNs;
  }

  /**
   * So many tasks more, or fewer, are so on a processor from now on: psi_group_change().
   *
   * @param runnable whether they can run, or are running
   * @param stalls whether they are in a stall section
   * @param many how many more; negative if they are so no longer
   */
  public void change(int cpu, long nowNs, boolean runnable, boolean stalls, int many) {
    if (!runnable && !stalls) {
      return;
    }
    record(cpu, nowNs);
    running[cpu] += runnable ? many : 0;
    stalled[cpu] += stalls ? many : 0;
    stalledRunning[cpu] += runnable && stalls ? many : 0;
    if (running[cpu] < 0 || stalled[cpu] < 0 || stalledRunning[cpu] < 0) {
      throw new IllegalStateException("fewer than no tasks on processor " + cpu);
    }
  }

  /** Whether who is on a processor now is in a stall section: cpu_curr(cpu)->in_memstall. */
  public void current(int cpu, long nowNs, boolean stalls) {
    if (currentStalls[cpu] != stalls) {
      record(cpu, nowNs);
      currentStalls[cpu] = stalls;
    }
  }

  /** record_times(): the time since the last change goes to the states there were. */
  private void record(int cpu, long nowNs) {
    advance(nowNs);
    recordUpTo(cpu, nowNs);
  }

  private void recordUpTo(int cpu, long nowNs) {
    long ns = nowNs - sinceNs[cpu];
    sinceNs[cpu] = nowNs;
    if (running[cpu] + stalled[cpu] > 0) {
      nonIdleNs[cpu] += ns;
      if (is(State.SOME, cpu)) {
        stateNs[State.SOME.ordinal()][cpu] += ns;
      }
      if (is(State.FULL, cpu)) {
        stateNs[State.FULL.ordinal()][cpu] += ns;
      }
    }
  }

  /** test_states(). */
  private boolean is(State state, int cpu) {
    boolean some = stalled[cpu] > 0;
    return switch (state) {
      case SOME -> some;
      case FULL -> some && (running[cpu] == stalledRunning[cpu] || currentStalls[cpu]);
    };
  }

  /** Whether any processor has had anything to do since the totals were last brought up to date. */
  private boolean hasBeenBusy() {
    for (int cpu = 0; cpu < running.length; cpu++) {
      if (running[cpu] + stalled[cpu] > 0 || nonIdleNs[cpu] > nonIdleSeenNs[cpu]) {
        return true;
      }
    }
    return false;
  }

  /** psi_avgs_work(): every period, and not while everybody is idle. */
  private void advance(long nowNs) {
    while (nowNs >= nextUpdateNs) {
      if (hasBeenBusy()) {
        collect(nextUpdateNs);
        update(nextUpdateNs);
      } else {
        // Nobody has had anything to do: the worker is not there, and comes with the next task.
        nextUpdateNs += (nowNs - nextUpdateNs) / periodNs * periodNs;
        update(nextUpdateNs);
      }
    }
  }

  /** update_averages(). */
  private void update(long nowNs) {
    long missed = (nowNs - lastUpdateNs - 1) / periodNs;
    nextUpdateNs = nowNs + periodNs;
    long period = nowNs - (lastUpdateNs + missed * periodNs);
    lastUpdateNs = nowNs;
    for (int s = 0; s < STATES; s++) {
      averages[s].update(missed, totalNs[s], period);
    }
  }

  /** collect_percpu_times(). */
  private void collect(long nowNs) {
    long weights = 0;
    long some = 0;
    long full = 0;
    for (int cpu = 0; cpu < running.length; cpu++) {
      recordUpTo(cpu, nowNs);
      long weight = jiffies(nonIdleNs[cpu] - nonIdleSeenNs[cpu]);
      nonIdleSeenNs[cpu] = nonIdleNs[cpu];
      weights += weight;
      some += seen(State.SOME, cpu) * weight;
      full += seen(State.FULL, cpu) * weight;
    }
    long divisor = Math.max(1, weights);
    totalNs[State.SOME.ordinal()] += some / divisor;
    totalNs[State.FULL.ordinal()] += full / divisor;
  }

  private long seen(State state, int cpu) {
    int s = state.ordinal();
    long ns = stateNs[s][cpu] - stateSeenNs[s][cpu];
    stateSeenNs[s][cpu] = stateNs[s][cpu];
    return ns;
  }

  /** nsecs_to_jiffies(). */
  private long jiffies(long ns) {
    return ns / jiffyNs;
  }

  /**
   * The total of a state up to now, in nanoseconds: what {@code total=} of the file shows. To look
   * changes nothing: the kernel brings its totals up to date as well, and loses what is less than a
   * jiffy.
   */
  public long totalNs(State state, long nowNs) {
    advance(nowNs);
    int s = state.ordinal();
    long weights = 0;
    long sum = 0;
    for (int cpu = 0; cpu < running.length; cpu++) {
      long sinceLast = nowNs - sinceNs[cpu];
      boolean busy = running[cpu] + stalled[cpu] > 0;
      long nonIdle = nonIdleNs[cpu] - nonIdleSeenNs[cpu] + (busy ? sinceLast : 0);
      long ns = stateNs[s][cpu] - stateSeenNs[s][cpu] + (is(state, cpu) ? sinceLast : 0);
      weights += jiffies(nonIdle);
      sum += ns * jiffies(nonIdle);
    }
    return totalNs[s] + sum / Math.max(1, weights);
  }

  /** The averages of a state, as they were at the end of the last period. */
  public PsiAverages averages(State state, long nowNs) {
    advance(nowNs);
    return averages[state.ordinal()];
  }

  /** How long a period of the averages is, in nanoseconds. */
  public long periodNs() {
    return periodNs;
  }
}
