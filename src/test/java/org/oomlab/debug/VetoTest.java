package org.oomlab.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.KillRecord;

/** A kill undone by hand is what the counterfactual of {@code run} is. */
class VetoTest {
  /** Kills of one episode that are undone. */
  private static final int MOST = 3;

  @TestFactory
  Stream<DynamicTest> theVerdictByHandIsTheCounterfactualsNumber() {
    return Stage.FAMILIES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each[0] + " under " + each[1], () -> undo(Stage.of(each[0], each[1]), 1)));
  }

  private static void undo(Case of, long seed) {
    List<KillRecord> kills = new Episode(of, true).run(seed).kills();
    Branch main = new Branch(of, seed);
    int seen = 0;
    for (int i = 0; i < kills.size() && seen < MOST; i++) {
      int number = i;
      main.seekFirst(kernel -> kernel.ledger().kills() > number, () -> false);
      main.seek(main.moment() - 1, () -> false);
      if (main.kernel().ledger().kills() < i) {
        continue; // Killed together with the one before.
      }
      seen++;
      Branch fork = main.fork("undone");
      fork.act(new Deed.Veto());
      fork.advance(() -> !fork.kernel().byHand().isVetoed(), () -> false);
      assertThat(fork.kernel().byHand().vetoWaitNs())
          .as("kill %d of %s", i + 1, kills.get(i).victim())
          .isEqualTo(kills.get(i).waitNs());
    }
  }

  @Test
  void afterwardsKillsAreKillsAgain() {
    Branch fork = new Branch(Stage.of("mlocked-all", "linux-4.19"), 3).fork("undone");
    fork.seekFirst(kernel -> kernel.byHand().isOnBrink(), () -> false);
    fork.act(new Deed.Veto());
    fork.advance(() -> false, () -> false);
    assertThat(fork.kernel().ledger().kills()).isEqualTo(4);
  }
}
