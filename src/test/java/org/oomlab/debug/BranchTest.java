package org.oomlab.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.engine.RandomStream;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Fingerprint;
import org.oomlab.kernel.Kernel;
import org.oomlab.policy.Knobs;
import org.oomlab.trace.TraceSink;

/** Whatever way one came to a moment, it is the same moment. */
class BranchTest {
  /** Events that are looked at: what comes later is as what came before. */
  private static final long FAR = 3000;

  private static final int COMMANDS = 25;

  @TestFactory
  Stream<DynamicTest> theStateAfterAnyWayIsThatOfAFreshRun() {
    return Stage.FAMILIES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each[0] + " under " + each[1],
                    () -> {
                      for (long seed = 1; seed <= 2; seed++) {
                        wander(Stage.of(each[0], each[1]), seed);
                      }
                    }));
  }

  private static void wander(Case of, long seed) {
    RandomStream random = new RandomStream(RandomStream.split(seed, 18));
    Branch main = new Branch(of, seed);
    Branch branch = main;
    for (int i = 0; i < COMMANDS; i++) {
      switch ((int) (random.nextDouble() * 9)) {
        case 0 -> branch.step();
        case 1, 2 -> branch.seek((long) (random.nextDouble() * FAR), () -> false);
        case 3 -> branch.seek(Math.max(0, branch.moment() - 1), () -> false);
        case 4 -> {
          Branch at = branch;
          branch.seekLast(() -> !at.latest().isEmpty(), () -> false);
        }
        case 5 ->
            branch.seekTime((long) (random.nextDouble() * branch.kernel().nowNs()), () -> false);
        case 6 -> branch = branch.fork("fork" + i);
        case 7 -> setAndUndo(branch);
        default -> {
          Branch at = branch;
          long kills = at.kernel().ledger().kills() + 1L;
          branch.seekFirst(
              kernel -> kernel.ledger().kills() >= kills || kernel.events() > FAR, () -> false);
        }
      }
      assertIsFresh(branch, of, seed);
    }
    assertIsFresh(main, of, seed);
  }

  private static void setAndUndo(Branch branch) {
    long here = branch.moment();
    boolean brink = branch.kernel().byHand().isOnBrink();
    if (branch.isAtEnd()) {
      return;
    }
    branch.act(brink ? new Deed.Veto() : new Deed.Set(Knobs.byPath("reaper.enabled"), 0));
    for (int i = 0; i < 50; i++) {
      branch.step();
    }
    assertThat(branch.undo()).isNotNull();
    assertThat(branch.moment()).isEqualTo(here);
  }

  private static void assertIsFresh(Branch branch, Case of, long seed) {
    Branch fresh = new Branch(of, seed);
    Kernel plain = new Kernel(of.workload(), of.costs(), of.policy());
    plain.boot(seed, TraceSink.NONE);
    while (fresh.moment() < branch.moment()) {
      fresh.step();
      plain.step();
    }
    assertThat(branch.kernel().digest()).isEqualTo(plain.digest());
    assertThat(branch.kernel().nowNs()).isEqualTo(plain.nowNs());
    assertThat(new Fingerprint(branch.kernel()).take())
        .isEqualTo(new Fingerprint(fresh.kernel()).take());
    Cast cast = new Cast(of.workload());
    assertThat(Stage.everything(new Scene(branch, cast, 0)))
        .isEqualTo(Stage.everything(new Scene(fresh, cast, 0)));
    assertThat(branch.latest()).isEqualTo(fresh.latest());
  }

  @Test
  void toLookChangesNothing() {
    Case of = Stage.of("mlocked-all", "linux-4.19");
    Branch looked = new Branch(of, 3);
    Branch not = new Branch(of, 3);
    Cast cast = new Cast(of.workload());
    while (looked.step() && not.step()) {
      Fingerprint.Print before = new Fingerprint(looked.kernel()).take();
      Stage.everything(new Scene(looked, cast, 0));
      assertThat(new Fingerprint(looked.kernel()).take()).isEqualTo(before);
    }
    assertThat(looked.kernel().digest()).isEqualTo(not.kernel().digest());
  }

  @Test
  void noMoreCopiesAreKeptThanItSays() {
    Branch branch = new Branch(Stage.of("oom-livelock-module", "linux-4.5"), 1);
    long most = 0;
    while (branch.moment() < 100_000 && branch.step()) {
      most = Math.max(most, branch.copies());
    }
    assertThat(most).isLessThanOrEqualTo(Branch.MOST);
  }

  @Test
  void whatWasDoneByHandIsDoneAgainOnTheWayBackThere() {
    Branch branch = new Branch(Stage.of("mlocked-all", "linux-4.19"), 3).fork("other");
    branch.seekFirst(kernel -> kernel.byHand().isOnBrink(), () -> false);
    branch.act(new Deed.Veto());
    long at = branch.moment();
    branch.seek(at + 500, () -> false);
    long digest = branch.kernel().digest();
    branch.seek(at - 10, () -> false);
    branch.seek(at + 500, () -> false);
    assertThat(branch.kernel().digest()).isEqualTo(digest);
    branch.seek(0, () -> false);
    branch.seek(at + 500, () -> false);
    assertThat(branch.kernel().digest()).isEqualTo(digest);
  }
}
