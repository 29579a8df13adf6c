package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Workload;

/** What holds in every episode, whatever the workload and the policy. */
class KernelPropertiesTest {
  private static final List<Workload> WORKLOADS =
      Stream.of(
              "reference",
              "mlocked",
              "frozen",
              "robust-futex",
              "mmu-notifier",
              "memcg",
              "lab",
              "livelock",
              "threads",
              "bench",
              "counted")
          .flatMap(family -> Worlds.workloads(family).stream())
          .toList();

  private static final List<Policy> POLICIES =
      Worlds.policies("kernels", "proposals", "sysctls", "daemons");

  @Provide
  Arbitrary<Workload> workloads() {
    return Arbitraries.of(WORKLOADS);
  }

  @Provide
  Arbitrary<Policy> policies() {
    return Arbitraries.of(POLICIES);
  }

  @Property(tries = 150)
  void pagesAreConservedAndTimeNeverRunsBack(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    kernel.boot(seed, TraceSink.NONE);
    long before = 0;
    long events = 0;
    while (kernel.step() && events++ < 20_000) {
      assertThat(kernel.machine.pagesAreConserved()).isTrue();
      assertThat(kernel.machine.freePages).isNotNegative();
      assertThat(kernel.nowNs()).isGreaterThanOrEqualTo(before);
      before = kernel.nowNs();
    }
  }

  @Property(tries = 150)
  void nobodyIsKilledWithoutAnOom(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    boolean[] invoked = {false};
    kernel.boot(
        seed,
        (nowNs, point, subject, a, b) -> {
          invoked[0] |= point == Tracepoint.OOM_INVOKED;
          assertThat(point != Tracepoint.KILLED || invoked[0]).isTrue();
        });
    Verdict verdict = kernel.run();
    if (verdict == Verdict.NO_OOM) {
      assertThat(kernel.ledger().kills()).isZero();
      assertThat(kernel.ledger().firstOomNs()).isNegative();
    }
    assertThat(kernel.ledger().kills()).isLessThanOrEqualTo(workload.processNames().size());
  }

  @Property(tries = 100)
  void theSameSeedIsTheSameEpisode(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    kernel.boot(seed, TraceSink.NONE);
    kernel.run();
    long digest = kernel.digest();
    kernel.boot(seed + 1, TraceSink.NONE);
    kernel.run();
    kernel.boot(seed, TraceSink.NONE);
    kernel.run();
    assertThat(kernel.digest()).isEqualTo(digest);
  }

  @Property(tries = 100)
  void aForkGoesOnAsTheOriginalDoes(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed,
      @ForAll @IntRange(max = 300) int steps) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    Kernel fork = new Kernel(workload, Worlds.costs(workload), policy);
    kernel.boot(seed, TraceSink.NONE);
    for (int i = 0; i < steps; i++) {
      kernel.step();
    }
    fork.copyFrom(kernel);
    Verdict verdict = kernel.run();
    assertThat(fork.run()).isEqualTo(verdict);
    assertThat(fork.digest()).isEqualTo(kernel.digest());
    assertThat(fork.events()).isEqualTo(kernel.events());
  }

  @Property(tries = 150)
  void itMakesNoDifferenceWhoLooksAtMemoryAndWhen(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    Kernel watched = new Kernel(workload, Worlds.costs(workload), policy);
    kernel.boot(seed, TraceSink.NONE);
    watched.boot(seed, TraceSink.NONE);
    Verdict verdict = kernel.run();
    while (watched.step()) {
      watched.flow.settle();
      watched.watch.look();
    }
    assertThat(watched.verdict()).isEqualTo(verdict);
    assertThat(watched.digest()).isEqualTo(kernel.digest());
    assertThat(watched.events()).isEqualTo(kernel.events());
    assertThat(watched.freePages()).isEqualTo(kernel.freePages());
    assertThat(watched.ledger()).usingRecursiveComparison().isEqualTo(kernel.ledger());
  }

  @Property(tries = 60)
  void withKillsWithheldNobodyDies(
      @ForAll("workloads") Workload workload,
      @ForAll("policies") Policy policy,
      @ForAll @IntRange(max = 1000) int seed) {
    Kernel kernel = new Kernel(workload, Worlds.costs(workload), policy);
    kernel.boot(seed, TraceSink.NONE);
    if (kernel.runToNextKill()) {
      kernel.vetoKills(10_000_000_000L);
      assertThat(kernel.run()).isNotEqualTo(Verdict.RUNNING);
      assertThat(kernel.ledger().kills()).isZero();
    }
  }

  @Test
  void anEpisodeAllocatesNothingOnceWarm() {
    Kernel kernel = Worlds.kernel("mlocked-all", "linux-4.17");
    for (int seed = 0; seed < 3000; seed++) {
      kernel.boot(seed, TraceSink.NONE);
      kernel.run();
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int seed = 0; seed < 100; seed++) {
        kernel.boot(seed, TraceSink.NONE);
        kernel.run();
      }
      best = Math.min(best, threads.getCurrentThreadAllocatedBytes() - before);
    }
    // The counter itself may cost an object; an allocation per event would be thousands.
    assertThat(best).isLessThan(100);
  }
}
