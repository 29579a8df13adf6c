package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oomlab.kernel.Worlds.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.VmaSpec;

/**
 * How address spaces are taken apart: by whom, in which order, and at what pace. Everybody has a
 * processor; SIGKILL takes 0.1 ms to get to do_exit(), and so does a call to the reaper.
 */
class TeardownTest {
  private final List<String> story = new ArrayList<>();
  private Kernel kernel;
  private Process victim;
  private Mm mm;

  private void given(String policy, String process) {
    story.clear();
    kernel =
        Worlds.booted(
            policy,
            """
            processes:
              - {name: asks, memory: []}
              - {name: victim, %s}
            """
                .formatted(process),
            (now, point, subject, a, b) -> {
              if (point == Tracepoint.OOM_SKIP
                  || point == Tracepoint.EXIT_MMAP_DONE
                  || point == Tracepoint.FINISH_REAPING) {
                story.add(String.format(Locale.ROOT, "%.4f %s %d", now / 1e6, point, a));
              }
            });
    while (kernel.queue.nextNs() == 0) {
      kernel.step();
    }
    kernel.machine.ledger.oomCalls = 1;
    victim = process(kernel, "victim");
    mm = victim.mm;
  }

  private void oomKill() {
    kernel.victims.oomKillProcess(kernel.machine.tasks[0], victim, null);
  }

  private void run() {
    while (kernel.step()) {}
  }

  /** Up to a time in milliseconds, and what has come out by then. */
  private void runTo(double ms) {
    while (kernel.queue.nextNs() <= (long) (ms * 1e6) && kernel.step()) {}
  }

  private void killed(String policy, String process) {
    given(policy, process);
    oomKill();
    run();
  }

  // What a page costs.

  @ParameterizedTest
  @CsvSource({
    "anonymous, false, 1",
    "anonymous, true, 3",
    "hugetlb, false, 3",
    "file, false, 2",
    "shared_file, false, 2",
    "shmem, false, 2",
    "shared_anonymous, false, 2",
    "borrowed, false, 2",
    "pfnmap, false, 0"
  })
  void everyKindOfPageHasItsCost(String kind, boolean huge, long ns) {
    given(
        "linux-6.18",
        "memory: [{kind: %s, size: 512 pages%s}]".formatted(kind, huge ? ", huge: true" : ""));
    kernel.machine.unmapNs = 1;
    kernel.machine.unmapFileNs = 2;
    kernel.machine.unmapHugeNs = 3 * 512;
    Walk walk = kernel.machine.tasks[0].walk;
    walk.pass = Walk.Pass.UNMAP;

    assertThat(kernel.teardown.costPerPage(walk, mm.vmas[0])).isEqualTo(ns);
  }

  @ParameterizedTest
  @CsvSource({"true, 21", "false, 11"})
  void aLockedPageCostsMoreAndTwoJobsWhereUnlockingIsOne(boolean pass, long ns) {
    given(
        "linux-6.18 exit.munlock=" + pass,
        "memory: [{kind: anonymous, locked: true, size: 9 pages}]");
    kernel.machine.unmapNs = 1;
    kernel.machine.unmapLockedNs = 10;
    kernel.machine.munlockNs = 20;
    Walk walk = kernel.machine.tasks[0].walk;
    walk.pass = Walk.Pass.REAP;
    assertThat(kernel.teardown.costPerPage(walk, mm.vmas[0])).isEqualTo(ns);

    walk.pass = Walk.Pass.MUNLOCK;
    assertThat(kernel.teardown.costPerPage(walk, mm.vmas[0])).isEqualTo(20);
  }

  @Test
  void anExitAlsoTakesDownTheAreas() {
    killed(
        "linux-6.18 costs.area=10us",
        "memory: [{kind: anonymous, areas: 5, size: 4000 pages, page_tables: 0 pages}]");

    assertThat(story).contains("1.1500 OOM_SKIP 1");
  }

  @Test
  void aReaperDoesNot() {
    killed(
        "linux-5.10 costs.area=10us",
        "run: [{block: forever}], memory: [{kind: anonymous, areas: 5, size: 4000 pages}]");

    assertThat(story).startsWith("1.1000 FINISH_REAPING 4000");
  }

  // What is taken.

  @ParameterizedTest
  @CsvSource({
    // kind, locked, reaped from 6.1 on, reaped before
    "anonymous, false, true, true",
    "file, false, true, true",
    "shared_file, false, false, false",
    "shmem, false, false, false",
    "shared_anonymous, false, false, false",
    "anonymous, true, true, false"
  })
  void aReaperTakesWhatIsPrivateAndWhatIsLockedIn61AndLater(
      String kind, boolean locked, boolean later, boolean before) {
    String process =
        "run: [{block: forever}], memory: [{kind: %s, locked: %s, size: 400 pages}]"
            .formatted(kind, locked);

    killed("linux-6.18", process);
    assertThat(mm.rss()).isEqualTo(later ? 0 : 400);
    killed("linux-5.10", process);
    assertThat(mm.rss()).isEqualTo(before ? 0 : 400);
  }

  @ParameterizedTest
  @CsvSource({"linux-6.16, 0", "linux-6.18, 1"})
  void aReaperGoesUpAndFrom618OnDown(String policy, int first) {
    given(
        policy + " reaper.delay=0s",
        "run: [{block: forever}], memory: [{kind: anonymous, size: 4000 pages},"
            + " {kind: anonymous, size: 4000 pages}]");
    oomKill();
    runTo(1.1);

    assertThat(mm.vmas[first].pages).isZero();
    assertThat(mm.vmas[1 - first].pages).isEqualTo(4000);
    run();
    assertThat(mm.rss()).isZero();
  }

  @Test
  void anExitGoesUp() {
    given(
        "linux-6.18",
        "memory: [{kind: anonymous, size: 4000 pages}, {kind: anonymous, size: 4000 pages}]");
    oomKill();
    runTo(1.1);

    assertThat(mm.vmas[0].pages).isZero();
    assertThat(mm.vmas[1].pages).isEqualTo(4000);
  }

  @Test
  void whatANotifierRefusesIsNotReapedAndTheExitDoesNotAsk() {
    String memory =
        "memory: [{kind: anonymous, notifier: blockable, size: 400 pages},"
            + " {kind: anonymous, size: 400 pages}]";

    killed("linux-6.18", "run: [{block: forever}], " + memory);
    assertThat(mm.vmas[0].pages).isEqualTo(400);
    assertThat(mm.vmas[1].pages).isZero();
    killed("linux-5.10 exit.self_reap=unlocked reaper.enabled=false", memory);
    assertThat(mm.rss()).isZero();
  }

  @Test
  void whatIsUnlockedIsNotLockedAnyMore() {
    given(
        "linux-5.10 reaper.enabled=false exit.self_reap=none",
        "memory: [{kind: anonymous, locked: true, size: 4000 pages},"
            + " {kind: anonymous, size: 4000 pages}]");
    oomKill();
    runTo(0.1);
    assertThat(mm.vmas[0].locked).isTrue();
    runTo(1.1);

    assertThat(mm.vmas[0].locked).isFalse();
    assertThat(mm.rss()).isEqualTo(8000);
  }

  @Test
  void withThePagesGoTheSwapEntries() {
    killed("linux-6.18", "swapped: 50 pages, memory: [{kind: anonymous, size: 40 pages}]");

    assertThat(mm.swapPages).isZero();
  }

  @Test
  void pageTablesAndSharedPagesTakeTheirTime() {
    killed(
        "linux-6.18",
        "memory: [{kind: anonymous, size: 4000 pages, page_tables: 300 pages},"
            + " {kind: shared_anonymous, size: 4000 pages, page_tables: 0 pages}]");

    assertThat(story).containsExactly("2.1000 OOM_SKIP 1", "2.4000 EXIT_MMAP_DONE 4300");
    assertThat(kernel.ledger().freedByExitPages()).isEqualTo(8300);
    assertThat(mm.footprint()).isZero();
  }

  @Test
  void whereThereAreNoneNoTimeIsTaken() {
    killed("linux-6.18", "memory: [{kind: anonymous, size: 4000 pages, page_tables: 0 pages}]");

    assertThat(story).containsExactly("1.1000 OOM_SKIP 1", "1.1000 EXIT_MMAP_DONE 4000");
  }

  @Test
  void pagesThatTakeNoTimeComeFreeAtOnce() {
    killed(
        "linux-6.18 costs.unmap=0ns",
        "memory: [{kind: anonymous, size: 4000 pages, page_tables: 0 pages}]");

    assertThat(story).containsExactly("0.1000 OOM_SKIP 1", "0.1000 EXIT_MMAP_DONE 4000");
  }

  // Two at once.

  @Test
  void withoutContentionWhoComesSecondFollowsTheFirst() {
    given(
        "linux-6.16 reaper.delay=0s",
        "memory: [{kind: anonymous, size: 4000 pages, page_tables: 0 pages},"
            + " {kind: shared_anonymous, size: 400 pages, page_tables: 0 pages}]");
    oomKill();
    runTo(0.1);
    assertThat(mm.zapper).isEqualTo(Machine.REAPER);
    assertThat(kernel.waits.of(victim.tasks[0].id)).isEqualTo(WaitsFor.A_WALK);
    assertThat(mm.followers.size()).isOne();

    run();
    assertThat(story)
        .containsExactly(
            "1.1000 FINISH_REAPING 4000", "1.1000 OOM_SKIP 0", "1.2000 EXIT_MMAP_DONE 0");
    assertThat(mm.zapper).isEqualTo(Machine.NOBODY);
    assertThat(kernel.ledger().freedByReaperPages()).isEqualTo(4000);
    assertThat(kernel.ledger().freedByExitPages()).isEqualTo(400);
  }

  @Test
  void aWalkerIsInOnePlace() {
    given("linux-6.18", "memory: [{kind: anonymous, size: 40 pages}]");
    Walk walk = kernel.machine.tasks[0].walk;
    kernel.teardown.start(walk, mm, Walk.Pass.UNMAP);

    assertThatThrownBy(() -> kernel.teardown.start(walk, mm, Walk.Pass.REAP))
        .isInstanceOf(LawBroken.class);
    assertThat(walk.down).isFalse();
  }

  // The mmu_gather of an exit: 9698 entries. A page costs 400 ns to unmap and 600 ns to free.

  private static final String GATHERS =
      "linux-6.18 reaper.enabled=false costs.gather=true costs.unmap=1us costs.unmap_file=400ns"
          + " costs.page_table=1us";

  @ParameterizedTest
  @CsvSource({
    // pages; unmapped (with all but the last gather freed), and freed
    "9697, 3.9788, 9.7970", // All in one gather, freed after the page tables.
    "9698, 9.7980, 9.7980", // Just full.
    "10000, 9.9188, 10.1000"
  })
  void whatIsGatheredComesFreeWhenTheGatherIsFullOrTheExitIsAtItsEnd(
      long pages, String unmapped, String freed) {
    killed(
        GATHERS,
        "memory: [{kind: anonymous, size: %d pages, page_tables: 0 pages}]".formatted(pages));

    assertThat(story).hasSize(2);
    assertThat(story.get(0)).isEqualTo(unmapped + " OOM_SKIP 1");
    assertThat(story.get(1)).isEqualTo(freed + " EXIT_MMAP_DONE " + pages);
  }

  @Test
  void oneGatherIsForAllMappings() {
    killed(
        GATHERS,
        "memory: [{kind: anonymous, size: 9000 pages, page_tables: 0 pages},"
            + " {kind: anonymous, size: 1000 pages, page_tables: 0 pages}]");

    assertThat(story).containsExactly("9.9188 OOM_SKIP 1", "10.1000 EXIT_MMAP_DONE 10000");
  }

  @ParameterizedTest
  @CsvSource({"shmem, true", "shared_anonymous, true", "file, false", "shared_file, false"})
  void whatIsWrittenAndSharedLetsTheGatherGo(String kind, boolean flushes) {
    killed(
        GATHERS,
        "memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages},"
            + " {kind: %s, size: 100 pages, page_tables: 0 pages}]".formatted(kind));

    // 1000 and 100 times 400 ns, and the 600 ns of a thousand pages before the flag or after it.
    assertThat(story.get(0)).isEqualTo((flushes ? "1.1400" : "0.5400") + " OOM_SKIP 1");
    assertThat(story.get(1)).startsWith("1.1400 EXIT_MMAP_DONE");
  }

  @Test
  void aHugePageIsOneEntry() {
    killed(
        GATHERS + " costs.unmap_huge=512us",
        "memory: [{kind: anonymous, huge: true, size: 10240 pages}]");

    // Twenty entries: to unmap one takes 400 ns, and all are freed at the end.
    assertThat(story.get(1)).isEqualTo("10.3400 EXIT_MMAP_DONE 10240");
    assertThat(mm.footprint()).isZero();
  }

  @Test
  void whatAReaperTakesIsFreedAtOnce() {
    given(
        GATHERS.replace("reaper.enabled=false", "reaper.delay=0s"),
        "run: [{block: forever}],"
            + " memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]");
    oomKill();
    runTo(0.1);
    long free = kernel.machine.freePages;
    kernel.flow.settle();
    run();

    assertThat(story).startsWith("1.1000 FINISH_REAPING 1000");
    assertThat(kernel.machine.freePages).isEqualTo(free + 1000);
  }

  @Test
  void anExitThatReapsItselfGathersForEachMapping() {
    killed(
        GATHERS + " exit.self_reap=unlocked exit.oom_skip=after_self_reap",
        "memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages},"
            + " {kind: anonymous, size: 1000 pages, page_tables: 0 pages}]");

    assertThat(story).startsWith("2.1000 OOM_SKIP 1");
  }

  @Test
  void aPageTableIsWalkedBeforeItIsFreedAndAgainIfSomebodyElseHadEmptiedIt() {
    String walks = GATHERS + " costs.table_walk=5us";
    killed(walks, "memory: [{kind: anonymous, size: 5120 pages}]");
    assertThat(story.get(0)).as("ten of them").isEqualTo("2.1980 OOM_SKIP 1");

    killed(
        walks + " exit.self_reap=unlocked exit.oom_skip=after_unmap",
        "memory: [{kind: anonymous, size: 5120 pages}]");
    assertThat(story.get(0)).isEqualTo("5.3200 OOM_SKIP 1");
  }

  @Test
  void pageTablesComeFreeWithTheRestOfTheGather() {
    killed(GATHERS, "memory: [{kind: anonymous, size: 1000 pages, page_tables: 500 pages}]");

    assertThat(story)
        .containsExactly(
            "0.5000 OOM_SKIP 1", // A thousand times 400 ns.
            "1.6000 EXIT_MMAP_DONE 1500"); // As often 600 ns, and 500 tables of a microsecond.
    assertThat(mm.footprint()).isZero();
    assertThat(kernel.ledger().freedByExitPages()).isEqualTo(1500);
  }

  @Test
  void whatIsOfADeviceTakesNoEntry() {
    given(GATHERS, "memory: [{kind: pfnmap, size: 20000 pages, page_tables: 0 pages}]");
    assertThat(mm.vmas[0].spec.kind()).isEqualTo(VmaSpec.Kind.PFNMAP);
    oomKill();
    run();

    assertThat(story).containsExactly("0.1000 OOM_SKIP 1", "0.1000 EXIT_MMAP_DONE 0");
  }
}
