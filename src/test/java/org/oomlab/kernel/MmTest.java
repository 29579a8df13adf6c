package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.oomlab.kernel.Worlds.process;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.Walk;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.VmaSpec;

/** What an address space holds, and who counts it where. */
class MmTest {
  private static final String EVERY_KIND =
      """
      processes:
        - name: p
          memory:
            - {kind: anonymous, size: 1000 pages}
            - {kind: file, size: 200 pages, page_tables: 0 pages}
            - {kind: shared_file, size: 300 pages, page_tables: 0 pages}
            - {kind: shmem, size: 400 pages, page_tables: 0 pages}
            - {kind: shared_anonymous, size: 500 pages, page_tables: 0 pages}
            - {kind: hugetlb, size: 1024 pages, page_tables: 0 pages}
            - {kind: pfnmap, size: 700 pages, page_tables: 0 pages}
            - {kind: borrowed, size: 800 pages, page_tables: 0 pages}
        - {name: empty, memory: []}
      """;

  private final Kernel kernel = Worlds.booted("linux-6.18", EVERY_KIND);
  private final Mm mm = process(kernel, "p").mm;

  private Vma vma(VmaSpec.Kind kind) {
    for (Vma vma : mm.vmas) {
      if (vma.spec.kind() == kind) {
        return vma;
      }
    }
    throw new AssertionError(kind);
  }

  @Test
  void residentIsWhatIsAnonymousOfFilesOrShmem() {
    assertThat(mm.rss()).isEqualTo(1000 + 200 + 300 + 400 + 500 + 800);
    assertThat(process(kernel, "empty").mm.rss()).isZero();
  }

  @Test
  void itHoldsAllThatIsNotADevicesOrBorrowedAndItsPageTables() {
    assertThat(mm.pageTablePages).isEqualTo(2);
    assertThat(mm.footprint()).isEqualTo(1000 + 200 + 300 + 400 + 500 + 1024 + 2);

    mm.sharedPending = 10;
    mm.gatheredPages = 100;
    assertThat(mm.footprint()).isEqualTo(3426 + 110);
  }

  @Test
  void aCgroupIsNotChargedForHugetlb() {
    assertThat(mm.charged()).isEqualTo(mm.footprint() - 1024);
  }

  @ParameterizedTest
  @CsvSource({
    // kind: resident, private, of a file, reclaimable
    "ANONYMOUS, true, true, false, false",
    "FILE, true, true, true, true",
    "SHARED_FILE, true, false, true, true",
    "SHMEM, true, false, false, false",
    "SHARED_ANONYMOUS, true, false, false, false",
    "HUGETLB, false, false, false, false",
    "PFNMAP, false, false, false, false",
    "BORROWED, true, false, false, false"
  })
  void eachKindIsCountedInItsPlaces(
      VmaSpec.Kind kind, boolean resident, boolean isPrivate, boolean file, boolean reclaimable) {
    Vma vma = vma(kind);

    assertThat(vma.countsAsRss()).isEqualTo(resident);
    assertThat(vma.isPrivate()).isEqualTo(isPrivate);
    assertThat(vma.isFile()).isEqualTo(file);
    assertThat(vma.isReclaimable()).isEqualTo(reclaimable);
    vma.locked = true;
    assertThat(vma.isReclaimable()).isFalse();
  }

  @Test
  void filesThatAreReferencedAreNotReclaimed() {
    Kernel with =
        Worlds.booted(
            "linux-6.18",
            "processes: [{name: p, memory: [{kind: file, referenced: true, size: 9 pages}]}]\n");

    assertThat(with.machine.mms[0].vmas[0].isReclaimable()).isFalse();
  }

  @Test
  void countersAreThoseOfTheKindsItHas() {
    assertThat(mm.kinds).as("kinds that count").isEqualTo(6);
    assertThat(process(kernel, "empty").mm.kinds).as("a heap, if nothing is in it").isOne();
  }

  @Test
  void anonymousPagesAreThereWhileAnyIsLeft() {
    assertThat(mm.hasAnonymousPages()).isTrue();
    vma(VmaSpec.Kind.ANONYMOUS).pages = 1;
    assertThat(mm.hasAnonymousPages()).isTrue();
    vma(VmaSpec.Kind.ANONYMOUS).pages = 0;
    assertThat(mm.hasAnonymousPages()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"none, false, false", "non_blocking, true, false", "blockable, true, true"})
  void aNotifierIsAnyOrOneThatMayBlock(String notifier, boolean any, boolean blockable) {
    Kernel with =
        Worlds.booted(
            "linux-6.18",
            "processes: [{name: p, memory: [{kind: file, size: 1 page}, {kind: anonymous, size: 9 pages,"
                + " notifier: %s}]}]\n".formatted(notifier));

    assertThat(with.machine.mms[0].hasNotifier(false)).isEqualTo(any);
    assertThat(with.machine.mms[0].hasNotifier(true)).isEqualTo(blockable);
  }

  @Test
  void aPageTableMaps512PagesUnlessItIsSaidOtherwiseOrThePagesAreHuge() {
    Vma vma = vma(VmaSpec.Kind.ANONYMOUS);
    for (long pages : new long[] {0, 1, 512, 513, 1024}) {
      vma.touchedPages = pages;
      assertThat(vma.pageTables()).isEqualTo((pages + 511) / 512);
    }
    assertThat(vma(VmaSpec.Kind.FILE).pageTables()).as("as the workload says").isZero();
    assertThat(Machine.tablesFor(vma, 513)).isEqualTo(2);
    Kernel huge =
        Worlds.booted(
            "linux-6.18",
            "processes: [{name: p, memory: [{kind: anonymous, huge: true, size: 1024 pages}]}]\n");
    assertThat(huge.machine.mms[0].vmas[0].pageTables()).isZero();
  }

  @Test
  void soManyPageTablesThereAreToAPage() {
    Vma vma = vma(VmaSpec.Kind.ANONYMOUS);
    assertThat(vma.tablesPerPage()).isCloseTo(2.0 / 1000, within(1e-12));
    vma.touchedPages = 0;
    assertThat(vma.tablesPerPage()).isZero();
  }

  @Test
  void whatEitherDirectionTookIsKeptApart() {
    Vma vma = vma(VmaSpec.Kind.ANONYMOUS);
    vma.zappedDown = 3;
    vma.zappedUp = 7;

    assertThat(vma.zapped(true)).isEqualTo(3);
    assertThat(vma.zapped(false)).isEqualTo(7);
  }

  @Test
  void pagesThatAreTouchedNowMakeTheMappingYounger() {
    Vma vma = vma(VmaSpec.Kind.ANONYMOUS);
    vma.usedNs = 1000;

    vma.touched(3000, 5000);

    assertThat(vma.usedNs).as("three quarters of it are of now").isEqualTo(4000);
    assertThat(vma.unusedNs(5000)).isEqualTo(1000);
  }

  @Test
  void pagesThatAreUsedInTurnAreAsOldAsATurn() {
    Mm used =
        Stream.of(Worlds.kernel("pressure-6.12-p2", "linux-6.18").machine.mms)
            .filter(each -> each.used)
            .findFirst()
            .orElseThrow();
    Vma vma = Stream.of(used.vmas).filter(v -> v.spec.access() != null).findFirst().orElseThrow();
    assertThat(mm.used).isFalse();
    vma.everyNs = 100;
    vma.usedNs = 1000;

    assertThat(vma.unusedNs(1050)).isEqualTo(100);
    assertThat(vma.unusedNs(1100)).isEqualTo(100);
    assertThat(vma.unusedNs(1101)).as("it has not been used for longer").isEqualTo(201);
  }

  @Test
  void aBootForgetsWhoWaits() {
    mm.waiters.addLast(1);
    mm.followers.addLast(1);
    kernel.machine.tasks[0].walk.pass = Walk.Pass.UNMAP;

    kernel.boot(1, TraceSink.NONE);

    assertThat(mm.waiters.isEmpty()).isTrue();
    assertThat(mm.followers.isEmpty()).isTrue();
    assertThat(kernel.machine.tasks[0].walk.isActive()).isFalse();
  }

  // Processes and their threads.

  @Test
  void aProcessExitsWhenAllItsThreadsDoOrAreDead() {
    Kernel with =
        Worlds.booted(
            "linux-6.18",
            "processes: [{name: p, memory: [], threads: [{name: b}]}, {name: k, kernel_thread: true}]\n");
    Process p = process(with, "p");
    assertThat(p.isExiting()).isFalse();
    p.tasks[0].exiting = true;
    assertThat(p.isExiting()).isFalse();
    p.tasks[1].state = Task.State.DEAD;
    assertThat(p.isExiting()).isTrue();

    assertThat(p.taskWithMm()).isSameAs(p.tasks[0]);
    p.tasks[0].hasMm = false;
    assertThat(p.taskWithMm()).isSameAs(p.tasks[1]);
    p.tasks[1].hasMm = false;
    assertThat(p.taskWithMm()).isNull();
    assertThat(process(with, "k").taskWithMm()).isNull();
    assertThat(p.isUnkillable()).isFalse();
    assertThat(process(with, "k").isUnkillable()).isTrue();
    assertThat(p.tasks[1].toString()).contains("b");
  }

  @Test
  void aCopyOfAThreadDrawsWhatTheThreadWillAndIsInTheSameLoops() {
    String rest =
        "processes: [{name: p, memory: [], run: [{repeat: {times: 3, steps: [{sleep: 1ms}]}}]}]\n";
    Kernel original = Worlds.booted("linux-6.18", rest);
    original.step();
    Task task = original.machine.tasks[0];
    task.choices.nextDouble();
    task.latencies.nextDouble();
    Kernel copy = Worlds.booted("linux-6.18", rest);

    copy.copyFrom(original);

    Task copied = copy.machine.tasks[0];
    assertThat(copied.loops).containsExactly(task.loops);
    assertThat(copied.loops[0]).isEqualTo(3);
    assertThat(copied.choices.nextDouble()).isEqualTo(task.choices.nextDouble());
    assertThat(copied.latencies.nextDouble()).isEqualTo(task.latencies.nextDouble());
  }

  @Test
  void whoIsBlockedSinceTheBeginningIsBlocked() {
    Task task = kernel.machine.tasks[0];
    assertThat(task.isBlockedOnMemory()).isFalse();
    task.blockedSinceNs = 0;
    assertThat(task.isBlockedOnMemory()).isTrue();
  }
}
