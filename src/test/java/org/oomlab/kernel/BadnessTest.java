package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Standing.Spared;

/** oom_badness() of mm/oom_kill.c, term by term. */
class BadnessTest {
  private static final String PROCESSES =
      """
      cgroups:
        - {name: pod, limit: 50000 pages}
        - {name: hall}
      processes:
        - {name: init, init: true, memory: [{kind: anonymous, size: 5 pages}]}
        - {name: thread, kernel_thread: true}
        - name: plain
          swapped: 50 pages
          memory: [{kind: anonymous, size: 1000 pages, page_tables: 3 pages}]
        - {name: bare, memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]}
        - name: root
          root: true
          memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]
        - name: meek
          oom_score_adj: -500
          memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]
        - {name: exempt, oom_score_adj: -1000, memory: [{kind: anonymous, size: 1000 pages}]}
        - {name: forked, parent: bare, shares_mm: bare, vfork: true}
        - {name: sharer, shares_mm: bare}
        - name: spread
          spread: 1
          memory: [{kind: anonymous, size: 1000 pages, page_tables: 0 pages}]
      """;

  private static Kernel kernel(String policy) {
    return Worlds.booted(policy, PROCESSES);
  }

  private static long badness(String policy, String process) {
    Kernel kernel = kernel(policy);
    return kernel.badness.of(Worlds.process(kernel, process));
  }

  @ParameterizedTest
  @CsvSource({"linux-4.14, 1053", "linux-4.15, 1054", "linux-6.18, 1054"})
  void aProcessIsItsPagesItsSwapAndItsPageTablesAndFrom415OnThePageOfPudsToo(
      String policy, long points) {
    assertThat(badness(policy, "plain")).isEqualTo(points);
  }

  @Test
  void withoutPageTablesThereIsNoPageOfPuds() {
    assertThat(badness("linux-6.18", "bare")).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({"0, 1004", "50, 1029", "100, 1054"})
  void swapCountsAsMuchAsThePolicySays(int percent, long points) {
    assertThat(badness("linux-6.18 killer.swap_weight=" + percent, "plain")).isEqualTo(points);
  }

  @ParameterizedTest
  @CsvSource({"linux-4.16, 970", "linux-4.17, 1000"})
  void upTo416ThreePercentAreForgivenToRoot(String policy, long points) {
    assertThat(badness(policy, "root")).isEqualTo(points);
  }

  @Test
  void anAdjustmentIsSoManyThousandthsOfAllThereIs() {
    assertThat(badness("linux-6.18", "meek")).isEqualTo(1000 - 500 * 1000);
  }

  @Test
  void inACgroupItIsThoseOfTheLimit() {
    Kernel kernel = kernel("linux-6.18");
    Process meek = Worlds.process(kernel, "meek");

    long pod = kernel.badness.totalOf(Worlds.memcg(kernel, "pod"));

    assertThat(pod).isEqualTo(50_000);
    assertThat(kernel.badness.of(meek, pod)).isEqualTo(1000 - 500 * 50);
    assertThat(kernel.badness.exactlyOf(meek, pod)).isEqualTo(1000 - 500 * 50);
  }

  @Test
  void aCgroupWithoutALimitIsMeasuredByTheMachine() {
    Kernel kernel = kernel("linux-6.18");

    assertThat(kernel.badness.totalOf(Worlds.memcg(kernel, "hall"))).isEqualTo(1_000_000);
    assertThat(kernel.badness.totalOf(null)).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({"linux-4.14, 1", "linux-5.10, -499000"})
  void oldKernelsGiveEverybodyThatMayBeChosenAPoint(String policy, long points) {
    assertThat(badness(policy, "meek")).isEqualTo(points);
  }

  private static Process spread(Kernel kernel) {
    return Worlds.process(kernel, "spread");
  }

  @Test
  void whatTheCountersAreOffByIsInThePointsAndNotInTheExactOnes() {
    Kernel kernel = kernel("linux-6.18");
    Process process = spread(kernel);
    long batch = 128; // Two pages for each of 64 processors, on the one that it has run on.
    for (int lean = -1; lean <= 1; lean++) {
      process.mm.lean = lean;

      assertThat(kernel.badness.of(process)).isEqualTo(1000 + lean * batch);
      assertThat(kernel.badness.exactlyOf(process, 1_000_000)).isEqualTo(1000);
    }
  }

  @Test
  void whoIsReadAsSmallerThanNothingHasNothing() {
    Kernel kernel = kernel("linux-6.18");
    Process process = spread(kernel);
    process.mm.lean = -1;
    process.mm.vmas[0].pages = 100;

    assertThat(kernel.badness.of(process)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "init, INIT",
    "thread, KERNEL_THREAD",
    "exempt, ADJ_MIN",
    "forked, VFORK",
    "sharer, NO",
    "plain, NO"
  })
  void whoMayNotBeChosenHasNoPoints(String name, Spared why) {
    Kernel kernel = kernel("linux-6.18");
    Process process = Worlds.process(kernel, name);
    boolean eligible = why == Spared.NO;

    Standing standing = kernel.badness.standing(process, 1_000_000, Spared.NO);

    assertThat(standing.spared()).isEqualTo(why);
    assertThat(standing.eligible()).isEqualTo(eligible);
    assertThat(standing.points() == Badness.INELIGIBLE).isEqualTo(!eligible);
    assertThat(kernel.badness.of(process) == Badness.INELIGIBLE).isEqualTo(!eligible);
    assertThat(kernel.badness.exactlyOf(process, 1_000_000) == Badness.INELIGIBLE)
        .isEqualTo(!eligible);
  }

  @Test
  void before48WhoCameByVforkIsLikeEverybody() {
    assertThat(badness("linux-4.7", "forked")).isEqualTo(1000);
  }

  @Test
  void whoHasLeftItsAddressSpaceOrWhoseOneIsHiddenHasNone() {
    Kernel kernel = kernel("linux-6.18");
    Process plain = Worlds.process(kernel, "plain");
    Process bare = Worlds.process(kernel, "bare");

    plain.tasks[0].hasMm = false;
    bare.mm.oomSkip = true;

    assertThat(kernel.badness.standing(plain, 1_000_000, Spared.NO))
        .isEqualTo(new Standing(0, 0, 0, 0, 0, 0, Badness.INELIGIBLE, Spared.GONE));
    assertThat(kernel.badness.standing(bare, 1_000_000, Spared.NO).spared())
        .isEqualTo(Spared.OOM_SKIP);
  }

  @Test
  void aStandingIsEveryTermOfThePoints() {
    Kernel kernel = kernel("linux-4.16");

    assertThat(kernel.badness.standing(Worlds.process(kernel, "plain"), 1_000_000, Spared.NO))
        .isEqualTo(new Standing(1000, 50, 4, 0, 0, 0, 1054, Spared.NO));
    assertThat(kernel.badness.standing(Worlds.process(kernel, "root"), 1_000_000, Spared.NO))
        .isEqualTo(new Standing(1000, 0, 0, 30, 0, 0, 970, Spared.NO));
    assertThat(kernel.badness.standing(Worlds.process(kernel, "meek"), 1_000_000, Spared.VICTIM))
        .isEqualTo(new Standing(1000, 0, 0, 0, -500, -500_000, Badness.INELIGIBLE, Spared.VICTIM));
  }
}
