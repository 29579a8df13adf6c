package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Process;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;

/** A hierarchy of memory cgroups: a charge counts at every level, and so does what is taken. */
class MemcgTest {
  private static final String PROCESSES =
      """
      cgroups:
        - {name: top}
        - {name: pod, parent: top, limit: 50000 pages}
        - {name: other, parent: top}
      processes:
        - {name: in, cgroup: pod, memory: [{kind: anonymous, size: 1000 pages}]}
        - {name: out, memory: [{kind: anonymous, size: 1000 pages}]}
      """;

  private final Kernel kernel = Worlds.booted("linux-6.18", PROCESSES);
  private final Memcg top = Worlds.memcg(kernel, "top");
  private final Memcg pod = Worlds.memcg(kernel, "pod");
  private final Memcg other = Worlds.memcg(kernel, "other");

  @Test
  void aCgroupIsWithinItselfAndAllAboveIt() {
    assertThat(pod.isWithin(pod)).isTrue();
    assertThat(pod.isWithin(top)).isTrue();
    assertThat(top.isWithin(pod)).isFalse();
    assertThat(other.isWithin(pod)).isFalse();
  }

  @Test
  void everybodyIsInTheMachineAndWhoHasNoCgroupInNoOther() {
    Process in = Worlds.process(kernel, "in");
    Process out = Worlds.process(kernel, "out");

    assertThat(Memcg.isIn(in, null)).isTrue();
    assertThat(Memcg.isIn(in, top)).isTrue();
    assertThat(Memcg.isIn(in, other)).isFalse();
    assertThat(Memcg.isIn(out, null)).isTrue();
    assertThat(Memcg.isIn(out, top)).isFalse();
  }

  @Test
  void cacheThatIsTakenIsChargedNowhereAnyMore() {
    Machine.charge(pod, 100);
    pod.cachePages = 100;
    long before = pod.usagePages;

    assertThat(pod.takeCache(30)).isEqualTo(30);
    assertThat(pod.cachePages).isEqualTo(70);
    assertThat(pod.usagePages).isEqualTo(before - 30);
    assertThat(top.usagePages).isEqualTo(before - 30);
    assertThat(pod.takeCache(500)).as("no more than there is").isEqualTo(70);
    assertThat(pod.cachePages).isZero();
    assertThat(other.usagePages).isZero();
  }

  @Test
  void afterBootThereIsNothingButWhatItsProcessesHave() {
    long booted = pod.usagePages;
    pod.usagePages = 1;
    pod.cachePages = 2;
    pod.orphanedPages = 3;
    pod.oomOwner = 4;
    pod.swapPages = 5;
    pod.takenPages = 6;

    kernel.boot(1, TraceSink.NONE);

    assertThat(pod.usagePages).isEqualTo(booted);
    assertThat(pod.cachePages).isZero();
    assertThat(pod.orphanedPages).isZero();
    assertThat(pod.oomOwner).isEqualTo(Machine.NOBODY);
    assertThat(pod.swapPages).isZero();
    assertThat(pod.takenPages).isZero();
  }

  @Test
  void withoutPsiNobodyKnowsOfItsPressure() {
    assertThatThrownBy(pod::psi).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCopyHasItsPressureAndABootForgetsIt() {
    String rest =
        """
        machine: {memory: 900000 pages, cpus: 1, psi: true}
        cgroups: [{name: pod}]
        processes: [{name: p, cgroup: pod, memory: [{kind: anonymous, size: 10 pages}]}]
        """;
    Kernel measured = Worlds.booted("linux-6.18", rest);
    Kernel copy = Worlds.booted("linux-6.18", rest);
    Memcg group = Worlds.memcg(measured, "pod");
    group.psi().change(0, 0, false, true, 1);
    group.psi().change(0, Span.SECOND, false, true, -1);

    copy.copyFrom(measured);
    measured.boot(1, TraceSink.NONE);

    assertThat(someNs(Worlds.memcg(copy, "pod"))).isEqualTo(Span.SECOND);
    assertThat(someNs(group)).isZero();
  }

  private static long someNs(Memcg memcg) {
    return memcg.psi().totalNs(PsiGroup.State.SOME, 10 * Span.SECOND);
  }
}
