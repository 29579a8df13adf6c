package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.engine.Quantity.Exponential;
import org.oomlab.engine.Quantity.LogNormal;
import org.oomlab.engine.Quantity.LogUniform;
import org.oomlab.engine.Quantity.Normal;
import org.oomlab.engine.Quantity.Uniform;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Measure;

class WorkloadReaderTest {
  private static final Quantity ZERO = new Constant(0);

  @TempDir Path folder;
  private Home home;

  @BeforeEach
  void home() {
    home = new Home(folder);
  }

  private Workload read(String text) {
    return home.library(text).resolveWorkloads(List.of("-"), note -> {}).get(0);
  }

  private MachineSpec machine(String keys) {
    return read("workload: w\nprocesses: [{name: p}]\nmachine: " + keys + "\n").machine();
  }

  private static Constant ms(long count) {
    return new Constant(count * Span.MILLISECOND);
  }

  private static Constant pages(long count) {
    return new Constant(count);
  }

  @Test
  void fillsInWhatIsLeftOut() {
    Workload workload =
        read("workload: w\nmachine: {memory: 4GiB}\nprocesses: [{name: p, memory: [{size: 0}]}]\n");

    assertThat(workload.costsName()).isEqualTo("x86-64");
    assertThat(workload.horizon()).isEqualTo(300 * Span.SECOND);
    assertThat(workload.machine())
        .isEqualTo(
            new MachineSpec(
                1 << 20, -1, 2048, 3096, 4144, 10, 0, 0, ZERO, ZERO, pages(25_600), 2, 250));
    assertThat(workload.processes())
        .containsExactly(
            new ProcessSpec(
                "p",
                1,
                0,
                false,
                false,
                false,
                false,
                null,
                null,
                false,
                null,
                Freezer.NONE,
                ZERO,
                List.of(
                    new VmaSpec(
                        null,
                        VmaSpec.Kind.ANONYMOUS,
                        ZERO,
                        false,
                        VmaSpec.Notifier.NONE,
                        false,
                        false,
                        false,
                        -1,
                        1)),
                ZERO,
                ZERO,
                ZERO,
                false,
                Span.SECOND,
                Span.FOREVER,
                0,
                List.of(new ThreadSpec("p", 1, null, List.of()))));
  }

  @Test
  void readsWhatWasObserved() {
    String observed =
        """
        observed:
          policy: linux-6.1
          interchangeable: [[p, q]]
          runs:
            - {victims: [p], recovery: 80ms, stable_recovery: 1s}
            - {panic: System is deadlocked on memory}
        """;
    Workload workload =
        read(
            "workload: w\nmachine: {memory: 4GiB}\nprocesses: [{name: p}, {name: q}]\n" + observed);

    assertThat(workload.observed())
        .isEqualTo(
            new Observation(
                "linux-6.1",
                List.of(List.of("p", "q")),
                List.of(
                    new Observation.Run(List.of("p"), null, 80_000_000, 1_000_000_000),
                    new Observation.Run(
                        List.of(),
                        "System is deadlocked on memory",
                        Observation.ABSENT,
                        Observation.ABSENT))));
  }

  @Test
  void derivesTheOtherWatermarksFromTheOneThatIsGiven() {
    MachineSpec given = machine("{memory: 2686976 pages, min: 13106 pages}");
    MachineSpec minFree = machine("{memory: 2686976 pages, min_free: 67584kB}");

    assertThat(List.of(given.min(), given.low(), given.high()))
        .containsExactly(13_106L, 16_382L, 19_658L);
    assertThat(minFree.min()).isEqualTo(67_584 / 4);
  }

  @Test
  void readsEveryKeyOfAProcess() {
    Workload workload =
        read(
            """
            workload: w
            machine: {memory: 4GiB, swap: 1GiB}
            cgroups:
              - {name: top}
              - {name: pod, parent: top, limit: 64MiB, oom_group: true, oom_kill_disable: true}
            processes:
              - {name: init, init: true}
              - name: db
                count: 2
                oom_score_adj: -5
                root: true
                oom_origin: true
                parent: init
                cgroup: pod
                frozen: v2
                start: 1ms..2ms
                memory:
                  - {kind: shared_file, size: 3 pages, name: map, locked: true,
                     notifier: blockable, referenced: true, dirty: true, huge: true,
                     page_tables: 2 pages, areas: 9}
                swapped: 4KiB
                exit: {aio: forever}
                core_dumping: true
                work: {unit: 2s, checkpoint: 60s}
                robust_list_in: map
                run: [exit: ]
                threads:
                  - {name: T, count: 3, robust_list_in: map, run: [sleep: 1s]}
              - {name: child, shares_mm: 'db[1]', vfork: true, run: [touch: {size: 4KiB, memory: map}]}
              - {name: kworker, kernel_thread: true, threads: 8}
            """);

    assertThat(workload.cgroups())
        .containsExactly(
            new CgroupSpec("top", null, Long.MAX_VALUE, false, false),
            new CgroupSpec("pod", "top", 64 << 8, true, true));
    assertThat(workload.processes().get(1))
        .isEqualTo(
            new ProcessSpec(
                "db",
                2,
                -5,
                true,
                false,
                false,
                true,
                "init",
                null,
                false,
                "pod",
                Freezer.V2,
                new Uniform(1_000_000, 2_000_000),
                List.of(
                    new VmaSpec(
                        "map",
                        VmaSpec.Kind.SHARED_FILE,
                        pages(3),
                        true,
                        VmaSpec.Notifier.BLOCKABLE,
                        true,
                        true,
                        true,
                        2,
                        9)),
                pages(1),
                new Constant(Span.FOREVER),
                ZERO,
                true,
                2 * Span.SECOND,
                60 * Span.SECOND,
                0,
                List.of(
                    new ThreadSpec("db", 1, "map", List.of(new Step.Exit())),
                    new ThreadSpec("db/T", 3, "map", List.of(new Step.Sleep(ms(1000)))))));
    assertThat(workload.processes().get(2).sharesMm()).isEqualTo("db[1]");
    assertThat(workload.processes().get(3).threads())
        .containsExactly(
            new ThreadSpec("kworker", 1, null, List.of()),
            new ThreadSpec("kworker/thread", 7, null, List.of()));
  }

  @Test
  void readsEveryStep() {
    Workload workload =
        read(
            """
            workload: w
            machine: {memory: 4GiB}
            mutexes: [X]
            futexes: [F]
            processes:
              - name: v
                memory: [{name: heap, size: 0}]
                run:
                  - sleep: 10ms
                  - block: 8s
                  - compute: 5ms
                  - touch: 200MiB
                  - touch: {size: 200MiB, memory: heap}
                  - touch: {uniform: [1 page, 2 pages]}
                  - alloc: 1 page
                  - alloc: {size: 1 page, gfp: retry_mayfail}
                  - drain: 30000 pages
                  - alloc_until_killed: {process: v, then: 2048 pages}
                  - free: 10MiB
                  - free: all
                  - lock: X
                  - unlock: X
                  - wait_locked: X
                  - wait_killed: v
                  - wait_oom_skip: v
                  - mmap_lock: {of: v, time: 4s}
                  - take_futex: F
                  - release_futex: F
                  - wait_futex: F
                  - freeze: {process: v, freezer: v1}
                  - thaw: v
                  - kill: v
                  - mrelease: v
                  - checkpoint:
                  - repeat: {times: 3, steps: [checkpoint: {}]}
                  - repeat: {times: forever, steps: [sleep: 1ms]}
                  - chance: {probability: 0.3, steps: [exit: ]}
            """);

    assertThat(workload.processes().get(0).threads().get(0).run())
        .containsExactly(
            new Step.Sleep(ms(10)),
            new Step.Block(ms(8000)),
            new Step.Compute(ms(5)),
            new Step.Touch(pages(51_200), null),
            new Step.Touch(pages(51_200), "heap"),
            new Step.Touch(new Uniform(1, 2), null),
            new Step.Alloc(pages(1), Step.Gfp.KERNEL),
            new Step.Alloc(pages(1), Step.Gfp.RETRY_MAYFAIL),
            new Step.Drain(pages(30_000)),
            new Step.AllocUntilKilled("v", pages(2048)),
            new Step.Free(pages(2560)),
            new Step.Free(pages(1L << 40)),
            new Step.Lock("X"),
            new Step.Unlock("X"),
            new Step.WaitLocked("X"),
            new Step.WaitKilled("v"),
            new Step.WaitOomSkip("v"),
            new Step.MmapLock("v", ms(4000)),
            new Step.TakeFutex("F"),
            new Step.ReleaseFutex("F"),
            new Step.WaitFutex("F"),
            new Step.Freeze("v", Freezer.V1),
            new Step.Thaw("v"),
            new Step.Kill("v"),
            new Step.Mrelease("v"),
            new Step.Checkpoint(),
            new Step.Repeat(3, List.of(new Step.Checkpoint())),
            new Step.Repeat(-1, List.of(new Step.Sleep(ms(1)))),
            new Step.Chance(0.3, List.of(new Step.Exit())));
  }

  @Test
  void keepsClaimsAsTheyAreWritten() {
    Workload workload =
        read(
            """
            workload: w
            machine: {memory: 4GiB}
            processes: [{name: a}, {name: b}]
            claims:
              - policies: [linux-4.17, linux-6.6]
                because: so
                seeds: 1..20
                outcome: no-oom
                kills: ">= 2"
                recovery: 0.9s..1.2s
                victims: {any_of: [[a, b], [b, a]]}
                kill_times: [0ms, 5ms]
                badness: {a: 200000, b: 250000}
                reserve_min: 2047 pages
                mean: {kills: 1.2..1.6}
                share: {outcome=panic: ">= 95%", badness.a=1: 0}
                extra_kills_10s: fewer than linux-4.17
              - {policy: patient, because: so, victims: [a], says: it is, thread: a mail, contradicts: it is not}
            """);

    Claim claim = workload.claims().get(0);
    assertThat(claim.position()).hasToString("stdin:5:5");
    assertThat(claim.policies()).containsExactly("linux-4.17", "linux-6.6");
    assertThat(claim.seeds()).isEqualTo(new SeedRange(1, 20));
    assertThat(claim.expectations())
        .extracting(e -> e.position().line() + " " + e.metric() + " = " + e.text())
        .containsExactly(
            "8 outcome = no_oom",
            "9 kills = >= 2",
            "10 recovery = 0.9s..1.2s",
            "11 victims = a;b|b;a",
            "12 kill_times = 0ms;5ms",
            "13 badness.a = 200000",
            "13 badness.b = 250000",
            "14 reserve_min = 2047 pages",
            "15 mean.kills = 1.2..1.6",
            "16 share.outcome=panic = >= 95%",
            "16 share.badness.a=1 = 0",
            "17 extra_kills_10s = fewer than linux-4.17");
    assertThat(workload.claims().get(1).seeds()).isEqualTo(SeedRange.of(1));
    assertThat(workload.claims().get(1).expectations().get(0).text()).isEqualTo("a");
    assertThat(claim.says() + claim.thread() + claim.contradicts()).isEmpty();
    assertThat(workload.claims().get(1).says()).isEqualTo("it is");
    assertThat(workload.claims().get(1).thread()).isEqualTo("a mail");
    assertThat(workload.claims().get(1).contradicts()).isEqualTo("it is not");
  }

  @Test
  void aClaimMayBeAboutTheWorkloadWithOtherValues() {
    Workload workload =
        read(
            """
            workload: w
            machine: {memory: 4GiB, cpus: 3}
            processes: [{name: a, count: 2}]
            claims:
              - policy: linux-6.6
                because: so
                vary: {machine.cpus: [1, 8], processes.a.count: [1, 4]}
                kills: 0
            """);

    assertThat(workload.claims().get(0).vary())
        .extracting(
            variant -> Claim.Variant.text(variant.values()),
            variant -> variant.workload().machine().cpus(),
            variant -> variant.workload().processNames().size(),
            variant -> variant.workload().claims().size())
        .containsExactly(
            tuple("machine.cpus=1, processes.a.count=1", 1, 1, 0),
            tuple("machine.cpus=1, processes.a.count=4", 1, 4, 0),
            tuple("machine.cpus=8, processes.a.count=1", 8, 1, 0),
            tuple("machine.cpus=8, processes.a.count=4", 8, 4, 0));
  }

  @Test
  void sharesPartsByAliasesAndMergeKeys() {
    Workload workload =
        read(
            """
            workload: w
            machine: {memory: 4GiB}
            processes:
              - &db
                name: db
                oom_score_adj: 5
                memory: [&heap {name: heap, size: 1MiB}]
              - {<<: *db, name: web}
              - {name: log, memory: [{<<: [*heap, {locked: true}], size: 2MiB}]}
            """);

    assertThat(workload.processNames()).containsExactly("db", "web", "log");
    assertThat(workload.processes().get(1).oomScoreAdj()).isEqualTo(5);
    VmaSpec merged = workload.processes().get(2).memory().get(0);
    assertThat(merged.size()).isEqualTo(pages(512));
    assertThat(merged.name()).isEqualTo("heap");
    assertThat(merged.locked()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20ms",
        "never",
        "20ms..80ms",
        "{log_uniform: [1ms, 100s]}",
        "{exponential: 10ms}",
        "{normal: [10ms, 2ms]}",
        "{log_normal: [10ms, 1.5]}"
      })
  void writesQuantitiesAsItReadsThem(String text) {
    Quantity quantity = start(text);

    assertThat(start(Measure.SPAN.format(quantity))).isEqualTo(quantity);
  }

  private Quantity start(String text) {
    return read("workload: w\nmachine: {memory: 4GiB}\nprocesses: [{name: p, start: "
            + text
            + "}]\n")
        .processes()
        .get(0)
        .start();
  }

  @Test
  void readsDistributions() {
    assertThat(start("{uniform: [20ms, 80ms]}")).isEqualTo(new Uniform(20_000_000, 80_000_000));
    assertThat(start("{log_uniform: [1ms, 100s]}"))
        .isEqualTo(new LogUniform(1_000_000, 100_000_000_000L));
    assertThat(start("{exponential: 10ms}")).isEqualTo(new Exponential(10_000_000));
    assertThat(start("{normal: [10ms, 2ms]}")).isEqualTo(new Normal(10_000_000, 2_000_000));
    assertThat(start("{log_normal: [10ms, 1.5]}")).isEqualTo(new LogNormal(10_000_000, 1.5));
  }
}
