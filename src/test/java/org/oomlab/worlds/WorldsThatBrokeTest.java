package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** Small worlds in each of which a law once broke: none does any more, under any kernel. */
class WorldsThatBrokeTest {
  private static final Library LIBRARY = Library.open(null);
  private static final List<Policy> KERNELS =
      LIBRARY.resolvePolicies(List.of("kernels", "proposals"), line -> {});
  private static final Court COURT =
      new Court(List.of(new KeepsLaws(Rigour.CHECKED), new HasNoShortcut()));

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a walk changes pace as its turn ends | x86-64"
            + " | machine: {memory: 4GiB, free: 38MiB, cpus: 2}"
            + " | {name: db, memory: [{kind: anonymous, size: 2500MiB}, {kind: anonymous, size: 4MiB}]},"
            + " {name: asker, run: [{touch: 358MiB}]}",
        "an antagonist reclaims for itself | lab-icount"
            + " | machine: {memory: 1GiB, free: 0}"
            + " | {name: d, run: [{drain: 1 page}]},"
            + " {name: f, memory: [{kind: shared_file, size: 100MiB, referenced: true}]}",
        "an antagonist gets its last page while it is looked at | reference"
            + " | machine: {memory: 1GiB, free: 0, min: 0}"
            + " | {name: f, memory: [{kind: file, size: 100MiB}]},"
            + " {name: d, run: [{drain: 1 page}, {sleep: 1ms}]}",
        "a granted request is no retry | x86-64"
            + " | machine: {memory: 4GiB, free: 61MiB, cpus: 4}"
            + " | {name: p, start: 2.6ms, memory: [{kind: anonymous, size: 1218MiB}],"
            + " run: [{touch: 56MiB}, {sleep: 175ms}]},"
            + " {name: asker, start: 4.3ms, run: [{touch: 310MiB}]}",
        "a task freezes itself | x86-64"
            + " | machine: {memory: 1GiB}"
            + " | {name: p, run: [{freeze: {process: p, freezer: v2}}, {block: 1s}]}",
        "sizes and page tables that do not fit | x86-64"
            + " | machine: {memory: 2GiB, free: 0}"
            + " | {name: a, memory: [{kind: anonymous, size: 1GiB}]},"
            + " {name: b, memory: [{kind: anonymous, size: 1020MiB},"
            + " {kind: anonymous, size: {uniform: [0, 4MiB]}}]}",
        "page tables of what is not the machine's own do not fit | x86-64"
            + " | machine: {memory: 4MiB, free: 0}"
            + " | {name: a, memory: [{kind: anonymous, size: 3MiB},"
            + " {kind: borrowed, size: {uniform: [0, 2GiB]}}, {kind: pfnmap, size: {uniform: [0, 8GiB]}}]}",
        "the reaper has the last page in hand | kvm-guest"
            + " | machine: {memory: 346727 pages, free: 1MiB, swap: 1GiB, cpus: 2}"
            + " | {name: a}, {name: b, swapped: 1MiB, run: [{touch: 1MiB}]},"
            + " {name: c, swapped: 1MiB, run: [{drain: 1 page}]}",
        "a mm is charged where its owner is | x86-64"
            + " | {machine: {memory: 1GiB}, cgroups: [{name: m}]}"
            + " | {name: a}, {name: b, shares_mm: a, cgroup: m, run: [{touch: 1MiB}]}",
        "a futex is waited for with a mutex held | x86-64"
            + " | {machine: {memory: 1GiB, free: 0}, mutexes: [m], futexes: [f]}"
            + " | {name: a, run: [{wait_futex: f}]}, {name: b, run: [{lock: m}, {wait_futex: f}]},"
            + " {name: c, init: true, run: [{touch: 1MiB}]}",
        "a victim exits while the report is printed | lab-tcg"
            + " | machine: {memory: 8GiB, free: 0, cpus: 2}"
            + " | {name: a, start: 4ms, memory: [{kind: anonymous, size: 1MiB}], run: [{exit: {}}]},"
            + " {name: b}, {name: c, run: [{touch: 1MiB}]}",
        "a request follows one that gave up | x86-64"
            + " | machine: {memory: 2GiB, free: 5MiB, cpus: 2}"
            + " | {name: p, run: [{alloc: {size: 1MiB, gfp: retry_mayfail}}, {touch: 1MiB}]}",
        "a cgroup's limit is passed by force | x86-64"
            + " | {machine: {memory: 200MiB, cpus: 2}, horizon: 3s, cgroups: [{name: m, limit: 0}]}"
            + " | {name: hog, oom_score_adj: -1000, cgroup: m, run: [{touch: 1GiB}]}",
        "pages leave a cgroup and not the machine | lab-icount"
            + " | {machine: {memory: 1GiB, free: 91 pages}, cgroups: [{name: g, limit: 10MiB}]}"
            + " | {name: p, cgroup: g, memory: [{kind: shmem, size: 448MiB}], exit: {aio: 2ms},"
            + " run: [{touch: 1MiB}]}",
        "a victim was refused by an attempt that began before it was one | counters-256"
            + " | {machine: {memory: 33 pages, free: 0, min: 0, low: 0, high: 48 pages,"
            + " page_cache: 1 page, writeback: 0, cpus: 2}, futexes: [f1]}"
            + " | {name: p0, run: [{touch: 1MiB}]}, {name: p1, count: 5,"
            + " start: {log_uniform: [960.676us, 7.226998ms]}, spread: 23,"
            + " memory: [{kind: anonymous, size: 5 pages}], swapped: {normal: [2MiB, 2 pages]},"
            + " run: [{wait_futex: f1}, {drain: {log_normal: [255 pages, 1.5]}},"
            + " {drain: {log_normal: [31 pages, 1.2]}}, {sleep: 474ns}]}",
        "a livelock that is foreseen stands still for a minute | x86-64"
            + " | machine: {memory: 64 pages, min: 32 pages, low: 40 pages, high: 48 pages,"
            + " psi: true, writeback: 0, cpus: 2}"
            + " | {name: p, core_dumping: true, run: [{touch: 1MiB}]}",
        "who is refused by its cgroup is killed while it asks again | x86-64"
            + " | {machine: {memory: 2GiB, writeback: 0, cpus: 2}, cgroups: [{name: g, limit: 0}]}"
            + " | {name: p, cgroup: g, core_dumping: true, run: [{drain: 1MiB}]},"
            + " {name: q, cgroup: g}, {name: r, run: [{kill: p}]}",
        "who waits is killed while the report of a kill is printed | x86-64"
            + " | machine: {memory: 5499 pages, cpus: 2}"
            + " | {name: p, count: 20, oom_origin: true, start: 3s,"
            + " memory: [{kind: anonymous, size: 1MiB}], run: [{kill: q}], threads: [{name: t}]},"
            + " {name: q, threads: [{name: u, run: [{touch: 1MiB}]}]}",
      })
  void noLawBreaks(String what, String costsName, String head, String processes) {
    String flat = head.startsWith("{") ? head.substring(1, head.length() - 1) : head;
    Workload workload =
        LIBRARY.workload("w", "{workload: w, " + flat + ", processes: [" + processes + "]}");
    Costs costs = LIBRARY.costs(costsName);
    for (Policy policy : KERNELS) {
      for (long seed = 1; seed <= 2; seed++) {
        Fault fault = COURT.tried(new World(workload, costs, policy, seed, costs, policy));
        assertThat(fault).as(what + " under " + policy.name() + ", seed " + seed).isNull();
      }
    }
  }

  @Test
  void aWalkGoesOnWhileTheReaperComesToItsEnd(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("slow.yaml");
    Files.writeString(file, "{costs: slow, title: t, extends: phone-2025, unmap: 62.5ms}");
    Costs costs = LIBRARY.costs(file.toString());
    Workload workload =
        LIBRARY.workload(
            "w",
            """
            workload: w
            machine: {memory: 2GiB, free: 1448 pages, min: 1448 pages, low: 1972 pages, cpus: 2}
            processes:
              - name: p0
                memory: [{kind: anonymous, size: 1MiB}, {kind: anonymous, size: 0}]
                run: [{touch: 2 pages}]
              - {name: p1, run: [{drain: 33 pages}]}
            """);
    Policy policy = LIBRARY.resolvePolicies(List.of("linux-7.2"), line -> {}).get(0);
    for (long seed = 1; seed <= 10; seed++) {
      assertThat(COURT.tried(new World(workload, costs, policy, seed, costs, policy))).isNull();
    }
  }

  @Test
  void aMappingThatIsGoneInLessThanANanosecondIsGone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("quick.yaml");
    Files.writeString(
        file,
        "{costs: quick, title: t, extends: lab-tcg-4.19, unmap_file: 1ns, area: {normal: [0s, 0s]}}");
    holds(
        LIBRARY.costs(file.toString()),
        "linux-7.2",
        463,
        """
        workload: w
        machine: {memory: 4GiB, min: 8MiB, low: 3096 pages, high: 4144 pages, cpus: 2}
        processes:
          - {name: p0, run: [{touch: 1MiB}, {kill: p1}]}
          - {name: p1, run: [{touch: 1MiB}]}
        """);
  }

  @Test
  void anExitThatFindsNothingToFreeInItsGatherHasAnEnd(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("huge.yaml");
    Files.writeString(
        file, "{costs: huge, title: t, extends: lab-tcg-7.3, unmap_file: 4.448168ms}");
    holds(
        LIBRARY.costs(file.toString()),
        "zhongjinji-futex-2025",
        1,
        """
        workload: w
        machine: {memory: 2GiB, min: 1448 pages, low: 1972 pages, high: 2496 pages, cpus: 2}
        processes:
          - name: p0
            count: 2
            memory: [{kind: anonymous, size: 1022MiB, huge: true}]
            run: [{touch: 1MiB}]
        """);
  }

  private static void holds(Costs costs, String policyName, long seed, String yaml) {
    Workload workload = LIBRARY.workload("w", yaml);
    Policy policy = LIBRARY.resolvePolicies(List.of(policyName), line -> {}).get(0);
    assertThat(COURT.tried(new World(workload, costs, policy, seed, costs, policy))).isNull();
  }

  // Worlds in which memory moves.

  @Test
  void zramHoldsMoreAtBootThanTheMachineHadRoomFor() {
    holds(
        LIBRARY.costs("x86-64"),
        "linux-7.2",
        1,
        """
        workload: w
        machine:
          memory: 91 pages
          min: 32 pages
          low: 40 pages
          high: 48 pages
          swap: {size: 1MiB, ratio: 1}
          writeback: 0
        processes:
          - {name: p1, run: [{touch: 1MiB}]}
          - {name: p2, count: 4, start: 1s, swapped: 32 pages, run: [{mrelease: "p2[1]"}]}
        """);
  }

  @Test
  void aReaperDropsFromSwapWhatItsVictimIsAboutToRead() {
    holds(
        LIBRARY.costs("lab-tcg-4.19"),
        "handa-direct-quota-2018",
        3,
        """
        workload: w
        machine:
          memory: 85530 pages
          min: 584 pages
          low: 730 pages
          high: 876 pages
          swap: {size: 1GiB, read: 20MiB, write: 1GiB}
          swappiness: 1
        processes:
          - {name: monitor, run: [{alloc_until_killed: {process: monitor, then: 0}}]}
          - name: g
            memory: [{kind: anonymous, size: 0, access: 40ms}]
            run: [{touch: {size: 96MiB, rate: 40MiB}}, {compute: 1s}]
          - {name: g-2}
        """);
  }

  /** A part of never is never, however many have been waited for before. */
  @Test
  void aWaitWithoutEndIsNotOverForTheSecondVictim() {
    Workload workload =
        LIBRARY.workload(
            "w",
            """
            workload: w
            machine: {memory: 1GiB, free: 20MiB, cpus: 2}
            processes:
              - {name: stuck, exit: {aio: never}, memory: [{kind: anonymous, size: 300MiB}]}
              - {name: slow, exit: {aio: 100ms}, memory: [{kind: anonymous, size: 200MiB}]}
              - {name: spared, memory: [{kind: anonymous, size: 100MiB}]}
              - {name: asker, oom_score_adj: -1000, run: [{touch: 400MiB}]}
            """);
    Costs costs = LIBRARY.costs("x86-64");
    for (int decay : new int[] {0, 1, 50}) {
      Policy policy =
          LIBRARY.policy(
              "p",
              "{policy: p, title: t, source: s, extends: linux-5.18,"
                  + (" killer: {victim_wait_decay: " + decay + "}}"));
      for (long seed = 1; seed <= 10; seed++) {
        World world = new World(workload, costs, policy, seed, costs, policy);
        assertThat(COURT.tried(world)).as(decay + " %, seed " + seed).isNull();
      }
    }
  }
}
