package org.oomlab.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oomlab.pressure.PsiGroup.State;

class PsiGroupTest {
  private static final int HZ = 250;
  private static final long JIFFY = 1_000_000_000L / HZ;
  private static final long PERIOD = (2 * HZ + 1) * JIFFY;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void somebodyStallsWhileOthersRunAndNobodyGetsOnWhileNobodyElseRuns() {
    PsiGroup group = new PsiGroup(1, HZ);
    group.change(0, 0, true, false, 1);
    group.change(0, 1 * SECOND, false, true, 1);
    group.change(0, 2 * SECOND, true, false, -1);
    group.change(0, 4 * SECOND, false, true, -1);
    assertThat(group.totalNs(State.SOME, 5 * SECOND)).isEqualTo(3 * SECOND);
    assertThat(group.totalNs(State.FULL, 5 * SECOND)).isEqualTo(2 * SECOND);
  }

  @Test
  void aReclaimerOnTheProcessorIsFullHoweverManyWaitForIt() {
    PsiGroup group = new PsiGroup(1, HZ);
    group.change(0, 0, true, false, 1); // Somebody who would run,
    group.change(0, 0, true, true, 1); // and somebody who reclaims instead.
    group.current(0, SECOND, true);
    assertThat(group.totalNs(State.FULL, 3 * SECOND)).isEqualTo(2 * SECOND);
    assertThat(group.totalNs(State.SOME, 3 * SECOND)).isEqualTo(3 * SECOND);
  }

  @Test
  void aProcessorCountsForAsMuchAsItWasNotIdle() {
    PsiGroup group = new PsiGroup(2, HZ);
    group.change(0, 0, false, true, 1); // Stalls for a second.
    group.change(1, 0, true, false, 1); // Runs for half of it.
    group.change(1, SECOND / 2, true, false, -1);
    assertThat(group.totalNs(State.SOME, SECOND)).isEqualTo(SECOND * 2 / 3);
  }

  @Test
  void constantStallComesToTheKnownAverages() {
    PsiGroup group = new PsiGroup(1, HZ);
    group.change(0, 0, false, true, 1);
    assertThat(group.averages(State.FULL, 3 * PERIOD).avg10()).isBetween(4490, 4520);
    assertThat(group.averages(State.FULL, 5 * PERIOD).avg10()).isBetween(6310, 6330);
    assertThat(group.averages(State.FULL, 8 * PERIOD).avg10()).isBetween(7970, 7990);
    assertThat(group.averages(State.FULL, 8 * PERIOD).frozenNs()).isEqualTo(8 * PERIOD);
  }

  @Test
  void toLookChangesNothing() {
    PsiGroup looked = new PsiGroup(2, HZ);
    PsiGroup left = new PsiGroup(2, HZ);
    Random random = new Random(7);
    List<Edge> edges = edges(random, 2, 400);
    for (Edge edge : edges) {
      edge.applyTo(looked);
      edge.applyTo(left);
      looked.totalNs(State.SOME, edge.atNs + random.nextInt(1_000_000));
      looked.averages(State.FULL, edge.atNs);
    }
    long end = edges.get(edges.size() - 1).atNs + SECOND;
    for (State state : State.values()) {
      assertThat(looked.totalNs(state, end)).isEqualTo(left.totalNs(state, end));
      assertThat(looked.averages(state, end).avg60()).isEqualTo(left.averages(state, end).avg60());
    }
  }

  @Test
  void totalsAndAveragesEqualTheKernelsArithmeticToTheLastDigit() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int cpus = 1 + random.nextInt(4);
      PsiGroup group = new PsiGroup(cpus, HZ);
      Transcript transcript = new Transcript(cpus);
      for (Edge edge : edges(random, cpus, 2000)) {
        edge.applyTo(group);
        transcript.apply(edge);
      }
      long now = transcript.now;
      for (State state : State.values()) {
        int s = state.ordinal();
        PsiAverages averages = group.averages(state, now);
        assertThat(averages.avg10()).isEqualTo(Transcript.shown(transcript.avg[s][0]));
        assertThat(averages.avg60()).isEqualTo(Transcript.shown(transcript.avg[s][1]));
        assertThat(averages.avg300()).isEqualTo(Transcript.shown(transcript.avg[s][2]));
        assertThat(group.totalNs(state, now)).isEqualTo(transcript.totalNow(s));
      }
      assertThat(group.totalNs(State.FULL, now))
          .isLessThanOrEqualTo(group.totalNs(State.SOME, now));
      assertThat(group.totalNs(State.SOME, now)).isBetween(0L, now);
    }
  }

  @Test
  void aCopyGoesOnAsTheOriginalDoes() {
    List<Edge> edges = edges(new Random(3), 2, 1000);
    PsiGroup original = new PsiGroup(2, HZ);
    PsiGroup copy = new PsiGroup(2, HZ);
    edges.subList(0, 500).forEach(edge -> edge.applyTo(original));
    copy.copyFrom(original);
    edges.subList(500, 1000).forEach(edge -> edge.applyTo(original));
    edges.subList(500, 1000).forEach(edge -> edge.applyTo(copy));
    long end = edges.get(999).atNs;
    assertThat(copy.totalNs(State.SOME, end)).isEqualTo(original.totalNs(State.SOME, end));
    assertThat(copy.averages(State.FULL, end).avg10())
        .isEqualTo(original.averages(State.FULL, end).avg10());
  }

  // Edges that could have been recorded: tasks begin and end to run and to stall.

  private record Edge(long atNs, int cpu, boolean runnable, boolean stalls, int many) {
    void applyTo(PsiGroup group) {
      group.change(cpu, atNs, runnable, stalls, many);
    }
  }

  private static List<Edge> edges(Random random, int cpus, int count) {
    List<Edge> edges = new ArrayList<>();
    List<Edge> open = new ArrayList<>();
    long now = 0;
    while (edges.size() < count) {
      // Long silences too, in which periods are missed.
      now +=
          random.nextInt(50) == 0 ? random.nextInt(2_000_000_000) * 8L : random.nextInt(40_000_000);
      if (!open.isEmpty() && random.nextBoolean()) {
        Edge ended = open.remove(random.nextInt(open.size()));
        edges.add(new Edge(now, ended.cpu, ended.runnable, ended.stalls, -1));
      } else {
        boolean stalls = random.nextBoolean();
        boolean runnable = !stalls || random.nextBoolean();
        Edge begun = new Edge(now, random.nextInt(cpus), runnable, stalls, 1);
        edges.add(begun);
        open.add(begun);
      }
    }
    return edges;
  }

  /**
   * The kernel's arithmetic once more, as plainly as it can be written: a processor's states and
   * times, their weighted mean, and the averages of each period.
   */
  private static final class Transcript {
    final int[] running;
    final int[] stalled;
    final int[] both;
    final long[] busy;
    final long[][] state;
    final long[] total = new long[2];
    final long[] seen = new long[2];
    final long[][] avg = new long[2][3];
    long now;
    long next = PERIOD;
    long last;

    Transcript(int cpus) {
      running = new int[cpus];
      stalled = new int[cpus];
      both = new int[cpus];
      busy = new long[cpus];
      state = new long[2][cpus];
    }

    void apply(Edge edge) {
      passTo(edge.atNs);
      running[edge.cpu] += edge.runnable ? edge.many : 0;
      stalled[edge.cpu] += edge.stalls ? edge.many : 0;
      both[edge.cpu] += edge.runnable && edge.stalls ? edge.many : 0;
    }

    private void passTo(long time) {
      while (time >= next) {
        boolean active = false;
        for (int cpu = 0; cpu < running.length; cpu++) {
          active |= running[cpu] + stalled[cpu] > 0 || busy[cpu] > 0;
        }
        if (active) {
          pass(next);
        } else {
          now = next + (time - next) / PERIOD * PERIOD;
          next = now;
        }
        period();
      }
      pass(time);
    }

    private void pass(long time) {
      long ns = time - now;
      for (int cpu = 0; cpu < running.length; cpu++) {
        if (running[cpu] + stalled[cpu] > 0) {
          busy[cpu] += ns;
        }
        if (stalled[cpu] > 0) {
          state[0][cpu] += ns;
          state[1][cpu] += running[cpu] == both[cpu] ? ns : 0;
        }
      }
      now = time;
    }

    private void period() {
      long[] more = collected();
      long missed = (now - last - 1) / PERIOD;
      long length = now - last - missed * PERIOD;
      last = now;
      next = now + PERIOD;
      for (int s = 0; s < 2; s++) {
        total[s] += more[s];
        Arrays.fill(state[s], 0);
        long sample = Math.min(length, total[s] - seen[s]);
        seen[s] += sample;
        long percent = sample * 100 / length * 2048;
        long[] decay = {1677, 1981, 2034};
        for (int i = 0; i < 3; i++) {
          if (missed > 0) {
            avg[s][i] = load(avg[s][i], power(decay[i], missed), 0);
          }
          avg[s][i] = load(avg[s][i], decay[i], percent);
        }
      }
      Arrays.fill(busy, 0);
    }

    private long[] collected() {
      long weights = 0;
      long[] sums = new long[2];
      for (int cpu = 0; cpu < busy.length; cpu++) {
        long weight = busy[cpu] / JIFFY;
        weights += weight;
        sums[0] += state[0][cpu] * weight;
        sums[1] += state[1][cpu] * weight;
      }
      return new long[] {sums[0] / Math.max(1, weights), sums[1] / Math.max(1, weights)};
    }

    long totalNow(int s) {
      return total[s] + collected()[s];
    }

    private static long load(long load, long decay, long active) {
      long sum = load * decay + active * (2048 - decay);
      return (active >= load ? sum + 2047 : sum) / 2048;
    }

    private static long power(long x, long n) {
      long result = 2048;
      while (n > 0) {
        if (n % 2 == 1) {
          result = (result * x + 1024) >> 11;
        }
        n /= 2;
        x = (x * x + 1024) >> 11;
      }
      return result;
    }

    static int shown(long load) {
      return (int) ((load >> 11) * 100 + ((load & 2047) * 100 >> 11));
    }
  }
}
