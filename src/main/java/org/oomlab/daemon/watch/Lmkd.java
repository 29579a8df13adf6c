package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Span;

/**
 * Android's lmkd with PSI: mp_event_psi(), mp_event_common() and find_and_kill_process() of
 * lmkd.cpp, December 2023. It sleeps until the kernel tells of a stall, and then looks again and
 * again for a second.
 */
final class Lmkd implements Watcher {
  private static final long MILLISECOND = Span.SECOND / 1000;
  private static final long WINDOW_NS = Span.SECOND;
  private static final long SHORT_POLL_NS = 10 * MILLISECOND;
  private static final long LONG_POLL_NS = 100 * MILLISECOND;

  // adj of kinds of applications: PERCEPTIBLE_APP_ADJ and the others of lmkd.cpp.
  private static final int WORST_ADJ = 1000;
  private static final int PERCEPTIBLE_ADJ = 200;
  private static final int NOT_PERCEPTIBLE_ADJ = 201;
  private static final int NO_KILL = Integer.MAX_VALUE;

  private static final long HUNDRED = 100;

  // Notes.
  private static final int EVENT_NS = 0;
  private static final int VICTIM = 1; // and one more, so that 0 is nobody
  private static final int KILLED_NS = 2;
  private static final int AFTER_KILL = 3;
  private static final int BASE_FILE = 4;
  private static final int BASE_REFAULTS = 5;
  private static final int RESET_NS = 6;
  private static final int OLD_GROWTH = 7;
  private static final int LIMIT = 8; // thousandths, and one more, so that 0 is unset
  private static final int SEEN_REFAULTS = 9;
  private static final int SEEN_RECLAIM = 10;
  private static final int LEVEL = 11;
  private static final int DIRECT_NS = 12;
  private static final int RELEASING = 13;
  private static final int NOTES = 14;

  /** Levels of triggers. */
  private static final int MEDIUM = 0;

  private static final int CRITICAL = 1;

  private final Section options;
  private final List<Trigger> triggers;
  private final boolean byWatermarks;

  Lmkd(DaemonSettings settings) {
    this.options = settings.root();
    this.byWatermarks = options.flag("use_new_strategy");
    this.triggers = asked();
  }

  /** None if the kernel refuses one, as it does where a threshold exceeds its window. */
  private List<Trigger> asked() {
    long partialNs = whole("psi_partial_stall_ms") * MILLISECOND;
    long completeNs = whole("psi_complete_stall_ms") * MILLISECOND;
    List<Trigger> asked = new ArrayList<>();
    for (int level = MEDIUM; level <= CRITICAL; level++) {
      long ns = level == MEDIUM ? partialNs : completeNs;
      if (ns <= 0 || ns > WINDOW_NS) {
        return List.of();
      }
      asked.add(new Trigger(level == CRITICAL, ns, WINDOW_NS));
    }
    return List.copyOf(asked);
  }

  private long whole(String option) {
    return options.get(option).whole();
  }

  @Override
  public int notes(int processes, int cgroups) {
    return NOTES;
  }

  @Override
  public List<Trigger> triggers() {
    return triggers;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    if (triggers.isEmpty() || !sight.hasPressure()) {
      hands.sleep(Span.FOREVER);
      return;
    }
    if (notes.get(RELEASING) == 1) {
      notes.set(RELEASING, 0);
      hands.sleepOrTrigger(SHORT_POLL_NS);
      return;
    }
    long now = sight.nowNs();
    if (fired >= 0) {
      notes.set(EVENT_NS, now);
      notes.set(LEVEL, fired);
    }
    boolean polls = notes.get(EVENT_NS) > 0 && now - notes.get(EVENT_NS) < WINDOW_NS;
    if (!polls) {
      hands.sleepOrTrigger(Span.FOREVER);
      return;
    }
    if (isVictimDying(sight, notes)) {
      hands.sleepOrTrigger(SHORT_POLL_NS);
      return;
    }
    look(sight, notes, hands, fired);
  }

  private boolean isVictimDying(Sight sight, Notes notes) {
    int victim = (int) notes.get(VICTIM) - 1;
    if (victim < 0) {
      return false;
    }
    long timeoutNs = whole("kill_timeout_ms") * MILLISECOND;
    boolean dies = sight.exists(victim) && sight.nowNs() - notes.get(KILLED_NS) < timeoutNs;
    if (!dies) {
      notes.set(VICTIM, 0);
      notes.set(AFTER_KILL, 1);
      rebase(sight, notes, 0);
    }
    return dies;
  }

  private static void rebase(Sight sight, Notes notes, long oldGrowth) {
    notes.set(BASE_FILE, sight.fileList());
    notes.set(BASE_REFAULTS, sight.fileRefaults());
    notes.set(RESET_NS, sight.nowNs());
    notes.set(OLD_GROWTH, oldGrowth);
  }

  private void look(Sight sight, Notes notes, Hands hands, int fired) {
    boolean swapLow =
        swapFree(sight) < sight.swapTotal() * whole("swap_free_low_percentage") / HUNDRED;
    int adj = byWatermarks ? byWatermarks(sight, notes, swapLow, fired) : byLevels(sight, notes);
    if (adj != NO_KILL
        && sight.pressure(Sight.MACHINE, true, 10) / 100 > whole("stall_limit_critical")) {
      adj = 0;
    }
    int victim = adj == NO_KILL ? Sight.NOBODY : find(sight, adj);
    notes.set(AFTER_KILL, 0);
    if (victim != Sight.NOBODY) {
      notes.set(VICTIM, victim + 1L);
      notes.set(KILLED_NS, sight.nowNs());
      notes.set(EVENT_NS, sight.nowNs()); // A kill prolongs the polling.
      notes.set(RELEASING, 1);
      hands.kill(victim, Signal.KILL);
      hands.release(victim);
      return;
    }
    boolean close = swapLow || notes.get(LEVEL) == CRITICAL;
    hands.sleepOrTrigger(close ? SHORT_POLL_NS : LONG_POLL_NS);
  }

  /** get_free_swap(): there has to be memory to bring back what is swapped. */
  private static long swapFree(Sight sight) {
    return Math.min(sight.swapFree(), sight.memFree() + sight.fileList() / 2);
  }

  /** Thrashing in per cent of the file pages: refaults in this second, and what is left of old. */
  private long thrashing(Sight sight, Notes notes) {
    if (notes.get(RESET_NS) == 0) {
      rebase(sight, notes, 0);
    }
    long sinceNs = sight.nowNs() - notes.get(RESET_NS);
    long growth =
        (sight.fileRefaults() - notes.get(BASE_REFAULTS)) * HUNDRED / (notes.get(BASE_FILE) + 1);
    if (sinceNs <= Span.SECOND) {
      return growth + notes.get(OLD_GROWTH);
    }
    long windows = Math.min(63, sinceNs / Span.SECOND);
    rebase(sight, notes, growth >> windows);
    notes.set(LIMIT, 0);
    return notes.get(OLD_GROWTH);
  }

  /** The least adj that may die now, or NO_KILL. The first case that holds decides. */
  private int byWatermarks(Sight sight, Notes notes, boolean swapLow, int fired) {
    boolean direct = sight.reclaimsDirectly();
    boolean reclaims = direct || sight.reclaimed() > notes.get(SEEN_RECLAIM);
    boolean refaults = sight.fileRefaults() != notes.get(SEEN_REFAULTS);
    notes.set(SEEN_RECLAIM, sight.reclaimed());
    notes.set(SEEN_REFAULTS, sight.fileRefaults());
    notes.set(
        DIRECT_NS, !direct ? 0 : notes.get(DIRECT_NS) == 0 ? sight.nowNs() : notes.get(DIRECT_NS));
    if (!reclaims && !refaults) {
      return NO_KILL; // Neither reclaim nor thrashing: nothing to look at.
    }
    long thrashing = thrashing(sight, notes);
    long limit = notes.get(LIMIT) == 0 ? whole("thrashing_limit") : notes.get(LIMIT) - 1;
    boolean belowMin = sight.memFree() < sight.minMark();
    boolean belowLow = sight.memFree() < sight.lowMark();
    boolean any = belowMin || thrashing >= whole("thrashing_limit_critical");
    int spared = any ? 0 : NOT_PERCEPTIBLE_ADJ;
    if (notes.get(AFTER_KILL) == 1 && belowMin) {
      return (int) whole("pressure_after_kill_min_score");
    }
    if (fired == CRITICAL) {
      return 0;
    }
    if (swapLow && (thrashing > whole("thrashing_limit") || belowLow)) {
      return spared;
    }
    if (belowLow && swapUse(sight) > whole("swap_util_max")) {
      return 0;
    }
    if ((belowLow || direct) && thrashing > limit) {
      notes.set(LIMIT, 1 + limit * (HUNDRED - whole("thrashing_limit_decay")) / HUNDRED);
      return spared;
    }
    long fileKb = sight.fileList() * 4;
    if (thrashing > limit && fileKb < whole("filecache_min_kb")) {
      return NOT_PERCEPTIBLE_ADJ;
    }
    if (belowLow) {
      return (int) whole("lowmem_min_oom_score");
    }
    long stuckNs = whole("direct_reclaim_threshold_ms") * MILLISECOND;
    boolean stuck =
        stuckNs > 0 && notes.get(DIRECT_NS) > 0 && sight.nowNs() - notes.get(DIRECT_NS) > stuckNs;
    return stuck ? 0 : NO_KILL;
  }

  /** calc_swap_utilization(): of what could be swapped, the part that is, in per cent. */
  private static long swapUse(Sight sight) {
    long used = sight.swapTotal() - sight.swapFree();
    long all = used + sight.anonPages();
    return all == 0 ? 0 : used * HUNDRED / all;
  }

  /** mp_event_common(): the kernel driver's pairs of pages and adj, or one adj for each level. */
  private int byLevels(Sight sight, Notes notes) {
    Setting levels = options.get("minfree_levels");
    if (!options.flag("use_minfree_levels") || !levels.isSet()) {
      int adj = (int) whole(notes.get(LEVEL) == CRITICAL ? "critical" : "medium");
      return adj > WORST_ADJ ? NO_KILL : adj;
    }
    long free = sight.memFree() - sight.highMark();
    for (String pair : levels.text().split(",")) {
      String[] parts = pair.split(":");
      long pages = Long.parseLong(parts[0].strip());
      if (free < pages && sight.fileList() < pages) {
        return Integer.parseInt(parts[1].strip());
      }
    }
    return NO_KILL;
  }

  /** From the least important down: the one used longest ago, or the heaviest. */
  private int find(Sight sight, int leastAdj) {
    int found = Sight.NOBODY;
    for (int p = 0; p < sight.processes(); p++) {
      int adj = sight.adj(p);
      if (!sight.hasMemory(p) || sight.isUntouchable(p) || sight.isSelf(p) || adj < leastAdj) {
        continue;
      }
      boolean heaviest = options.flag("kill_heaviest_task") || adj <= PERCEPTIBLE_ADJ;
      // The order of use is not known; who was started first is taken to be used longest ago.
      if (found == Sight.NOBODY
          || adj > sight.adj(found)
          || (adj == sight.adj(found) && heaviest && sight.rss(p) > sight.rss(found))) {
        found = p;
      }
    }
    return found;
  }
}
