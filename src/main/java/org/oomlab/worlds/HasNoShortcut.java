package org.oomlab.worlds;

import java.util.List;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Verdict;

/**
 * What is decided early comes out the same the long way: {@link Law#NO_SHORTCUT_CHANGES_A_RESULT}.
 */
public final class HasNoShortcut implements Judge {
  @Override
  public void judge(World world) {
    Episode quick = episode(world, Rigour.USUAL);
    compare(quick.run(world.seed()), episode(world, Rigour.LONG_WAY).run(world.seed()));
    if (quick.isOfEverySeed()) {
      long other = world.seed() + 1;
      compare(quick.run(other), episode(world, Rigour.LONG_WAY).run(other));
    }
  }

  /**
   * Compares two outcomes of the same episode.
   *
   * @param quick with every shortcut
   * @param whole with none
   */
  static void compare(Outcome quick, Outcome whole) {
    if (isCutShort(whole)) {
      return; // The long way was too long to tell.
    }
    compare("outcome", quick.verdict(), whole.verdict());
    compare("panic", String.valueOf(quick.panicText()), String.valueOf(whole.panicText()));
    compare("kills", quick.kills(), whole.kills());
    compare("kills of a daemon", quick.guarding(), whole.guarding());
    compare(
        "times",
        List.of(quick.firstOomNs(), quick.firstKillNs(), quick.recoveryNs(), quick.demandMetNs()),
        List.of(whole.firstOomNs(), whole.firstKillNs(), whole.recoveryNs(), whole.demandMetNs()));
    compare("livelock", quick.livelockSinceNs(), whole.livelockSinceNs());
    compare("work lost", quick.workLost(), whole.workLost());
    compare(
        "pages freed",
        List.of(quick.freedByExitPages(), quick.freedByReaperPages(), quick.lostWaiters()),
        List.of(whole.freedByExitPages(), whole.freedByReaperPages(), whole.lostWaiters()));
    compare(
        "memory that moved, and pressure",
        String.valueOf(quick.movement()),
        String.valueOf(whole.movement()));
  }

  private static Episode episode(World world, Rigour rigour) {
    return new Episode(new Case(world.workload(), world.costs(), world.policy(), rigour), true);
  }

  private static boolean isCutShort(Outcome outcome) {
    return outcome.verdict() == Verdict.UNDECIDED;
  }

  private static void compare(String what, Object quick, Object whole) {
    if (!quick.equals(whole)) {
      throw new LawBroken(
          Law.NO_SHORTCUT_CHANGES_A_RESULT, what + ": " + quick + ", the long way " + whole);
    }
  }
}
