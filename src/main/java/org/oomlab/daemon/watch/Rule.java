package org.oomlab.daemon.watch;

import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;

/**
 * A daemon of one rule, as people write them for themselves: looks every so often, and when all
 * that it asks for has been so for long enough, kills one.
 */
final class Rule implements Watcher {
  private static final int PHASE = 0;
  private static final int SINCE = 1;
  private static final int ACTED = 2;
  private static final int NOTES = 3;

  private static final long LOOK = 0;
  private static final long CHOOSE = 1;

  private static final double HUNDRED = 100;

  private final Section options;
  private final long everyNs;
  private final long lastingNs;
  private final long pauseNs;

  Rule(DaemonSettings settings) {
    this.options = settings.root();
    this.everyNs = options.get("every").whole();
    this.lastingNs = options.get("lasting").whole();
    this.pauseNs = options.get("pause").whole();
  }

  @Override
  public int notes(int processes, int cgroups) {
    return NOTES;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    if (notes.get(PHASE) == CHOOSE) {
      notes.set(PHASE, LOOK);
      int victim = worst(sight);
      if (victim != Sight.NOBODY) {
        boolean term = options.text("signal").equals("TERM");
        hands.kill(victim, term ? Signal.TERM : Signal.KILL);
        notes.set(ACTED, sight.nowNs());
        notes.set(SINCE, 0);
      }
      hands.sleep(everyNs);
      return;
    }
    boolean paused = notes.get(ACTED) > 0 && sight.nowNs() - notes.get(ACTED) < pauseNs;
    if (paused || !holds(sight)) {
      notes.set(SINCE, 0);
      hands.sleep(everyNs);
      return;
    }
    long since = notes.get(SINCE) == 0 ? sight.nowNs() : notes.get(SINCE);
    notes.set(SINCE, since);
    if (sight.nowNs() - since >= lastingNs) {
      notes.set(PHASE, CHOOSE);
      hands.readProc();
    } else {
      hands.sleep(everyNs);
    }
  }

  /** Whether all that is asked for is so now; nothing asked for is never so. */
  private boolean holds(Sight sight) {
    Setting above = options.get("psi_above");
    Setting memory = options.get("mem_used_above");
    Setting swap = options.get("swap_used_above");
    boolean full = options.text("psi").equals("full");
    int seconds = Integer.parseInt(options.text("psi_avg"));
    boolean asks = above.has() || memory.has() || swap.has();
    return asks
        && (!above.has() || sight.pressure(Sight.MACHINE, full, seconds) > above.number() * HUNDRED)
        && (!memory.has() || used(sight.memTotal(), sight.memAvailable()) > memory.number())
        && (!swap.has() || used(sight.swapTotal(), sight.swapFree()) > swap.number());
  }

  private static double used(long all, long left) {
    return all == 0 ? 0 : HUNDRED * (all - left) / all;
  }

  private int worst(Sight sight) {
    int worst = Sight.NOBODY;
    long most = 0;
    for (int p = 0; p < sight.processes(); p++) {
      boolean mayDie =
          sight.hasMemory(p)
              && !sight.isUntouchable(p)
              && !sight.isSelf(p)
              && sight.adj(p) != -1000;
      long points = mayDie ? points(sight, p) : 0;
      if (points > most) {
        worst = p;
        most = points;
      }
    }
    return worst;
  }

  private long points(Sight sight, int p) {
    return switch (options.text("victim")) {
      case "swap" -> sight.swap(p);
      case "oom_score" -> sight.oomScore(p);
      default -> sight.rss(p) + sight.swap(p);
    };
  }
}
