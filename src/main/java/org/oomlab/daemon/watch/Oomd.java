package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Span;

/**
 * oomd 0.5.0 (facebookincubator/oomd): engine/Ruleset.cpp and plugins/. A ruleset whose detectors
 * agree, all of one of its groups, runs its actions until one has killed, and then pauses.
 *
 * <p>Pressure of input and output, and what an action would restart or squeeze, are not played.
 */
final class Oomd implements Watcher {
  private static final double HUNDRED = 100;
  private static final double BYTES_PER_PAGE = 4096;
  private static final int FILES_PER_CGROUP = 8;

  /** What of a running average is left after a look: CgroupContext::averageUsage(). */
  private static final double AVERAGE_DECAY = 4;

  // Notes: the phase and when it last looked; then of each ruleset until when it pauses; of each
  // detector two; of each cgroup its running average and what had been scanned.
  private static final int PHASE = 0;
  private static final int SEEN_SWAP_OUT = 1;
  private static final int SEEN_NS = 2;
  private static final int FIXED = 3;

  private final long intervalNs;
  private final List<Section> rulesets;
  private final int detectors;

  Oomd(DaemonSettings settings) {
    this.intervalNs = settings.get("interval").whole();
    this.rulesets = settings.root().parts("rulesets");
    int count = 0;
    for (Section ruleset : rulesets) {
      for (Section group : ruleset.parts("detectors")) {
        for (Section plugin : group.parts("plugins")) {
          check(plugin);
          count++;
        }
      }
      ruleset.parts("actions").forEach(Oomd::check);
    }
    this.detectors = count;
  }

  private static void check(Section plugin) {
    String name = plugin.text("name");
    boolean ofIo = List.of("kill_by_io_cost", "senpai", "systemd_restart").contains(name);
    if (plugin.table().option("resource") != null) {
      ofIo |= plugin.text("resource").equals("io");
    }
    if (ofIo) {
      throw new IllegalArgumentException(
          name + " cannot be played: it goes by input and output, or does not kill");
    }
  }

  @Override
  public int notes(int processes, int cgroups) {
    return FIXED + rulesets.size() + 2 * detectors + 2 * cgroups;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    if (notes.get(PHASE) == 0) {
      notes.set(PHASE, 1);
      hands.open(2 + FILES_PER_CGROUP * sight.cgroups());
      return;
    }
    notes.set(PHASE, 0);
    updateAverages(sight, notes);
    int detector = FIXED + rulesets.size();
    for (int r = 0; r < rulesets.size(); r++) {
      Section ruleset = rulesets.get(r);
      boolean agrees = false;
      for (Section group : ruleset.parts("detectors")) {
        boolean all = !group.parts("plugins").isEmpty();
        for (Section plugin : group.parts("plugins")) {
          all &= detects(sight, notes, plugin, detector); // Each looks, whatever the others say.
          detector += 2;
        }
        agrees |= all;
      }
      boolean pauses = sight.nowNs() < notes.get(FIXED + r);
      if (agrees && !pauses) {
        act(sight, notes, hands, ruleset, FIXED + r);
      }
    }
    for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
      notes.set(averageAt(cgroup) + 1, sight.cgroupScanned(cgroup));
    }
    notes.set(SEEN_SWAP_OUT, sight.swappedOut());
    notes.set(SEEN_NS, sight.nowNs());
    hands.sleep(intervalNs);
  }

  private int averageAt(int cgroup) {
    return FIXED + rulesets.size() + 2 * detectors + 2 * cgroup;
  }

  private void updateAverages(Sight sight, Notes notes) {
    for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
      double before = notes.get(averageAt(cgroup));
      double now = sight.cgroupUsage(cgroup);
      notes.set(averageAt(cgroup), (long) (before + (now - before) / AVERAGE_DECAY));
    }
  }

  // Detectors.

  private boolean detects(Sight sight, Notes notes, Section plugin, int at) {
    String name = plugin.text("name");
    return switch (name) {
      case "pressure_above" -> {
        boolean above = mostPressed(sight, plugin, 10) > plugin.number("threshold");
        yield lasts(sight, notes, at, above, durationNs(plugin));
      }
      case "pressure_rising_beyond" -> rises(sight, notes, plugin, at);
      case "memory_above" -> {
        boolean above = memoryAbove(sight, plugin);
        yield lasts(sight, notes, at, above, durationNs(plugin));
      }
      case "memory_reclaim" -> {
        long scanned = 0;
        for (int cgroup : cgroups(sight, plugin)) {
          scanned += cgroup == Sight.MACHINE ? sight.reclaimed() : sight.cgroupScanned(cgroup);
        }
        if (scanned > notes.get(at + 1)) {
          notes.set(at + 1, scanned);
          notes.set(at, sight.nowNs());
        }
        yield notes.get(at) > 0 && sight.nowNs() - notes.get(at) <= durationNs(plugin);
      }
      case "swap_free" -> swapFree(sight, notes, plugin);
      case "exists" -> cgroups(sight, plugin).isEmpty() == plugin.flag("negate");
      case "nr_dying_descendants" -> {
        boolean holds = plugin.flag("lte") || plugin.number("count") < 0; // There are none here.
        yield holds != plugin.flag("negate");
      }
      case "continue", "dump_cgroup_overview", "dump_kill_info" -> true;
      default -> false;
    };
  }

  private static List<Integer> cgroups(Sight sight, Section plugin) {
    return Groups.named(sight, plugin.text("cgroup"));
  }

  private static double mostPressed(Sight sight, Section plugin, int seconds) {
    double most = 0;
    for (int cgroup : cgroups(sight, plugin)) {
      most = Math.max(most, sight.pressure(cgroup, true, seconds) / HUNDRED);
    }
    return most;
  }

  private boolean rises(Sight sight, Notes notes, Section plugin, int at) {
    double threshold = plugin.number("threshold");
    double fast = mostPressed(sight, plugin, 10);
    double before = notes.get(at + 1) / HUNDRED;
    notes.set(at + 1, Math.round(fast * HUNDRED));
    boolean slow =
        lasts(sight, notes, at, mostPressed(sight, plugin, 60) > threshold, durationNs(plugin));
    return slow && fast > threshold && fast >= before * plugin.number("fast_fall_ratio");
  }

  private static boolean memoryAbove(Sight sight, Section plugin) {
    Setting anon = plugin.get("threshold_anon");
    Setting all = plugin.get("threshold");
    Setting limit = anon.has() ? anon : all;
    if (!limit.has()) {
      return false;
    }
    double pages =
        limit.isPercent()
            ? limit.number() / HUNDRED * sight.memTotal()
            : limit.number() / BYTES_PER_PAGE;
    for (int cgroup : cgroups(sight, plugin)) {
      double used =
          cgroup == Sight.MACHINE
              ? anon.has() ? sight.anonPages() : sight.memTotal() - sight.memFree()
              : anon.has() ? sight.cgroupAnon(cgroup) : sight.cgroupUsage(cgroup);
      if (used > pages) {
        return true;
      }
    }
    return false;
  }

  private boolean swapFree(Sight sight, Notes notes, Section plugin) {
    double seconds = (sight.nowNs() - notes.get(SEEN_NS)) / (double) Span.SECOND;
    double rate =
        seconds <= 0
            ? 0
            : (sight.swappedOut() - notes.get(SEEN_SWAP_OUT)) * BYTES_PER_PAGE / seconds;
    double least = plugin.number("threshold_pct") / HUNDRED * sight.swapTotal();
    return sight.swapTotal() > 0
        && sight.swapFree() < least
        && rate >= plugin.number("swapout_bps_threshold");
  }

  private static long durationNs(Section plugin) {
    Setting duration = plugin.get("duration");
    return duration.has() ? duration.whole() : 0;
  }

  private static boolean lasts(Sight sight, Notes notes, int at, boolean holds, long lastingNs) {
    if (!holds) {
      notes.set(at, 0);
      return false;
    }
    if (notes.get(at) == 0) {
      notes.set(at, Math.max(1, sight.nowNs()));
    }
    return sight.nowNs() - notes.get(at) >= lastingNs;
  }

  // Actions.

  private void act(Sight sight, Notes notes, Hands hands, Section ruleset, int pauseAt) {
    for (Section action : ruleset.parts("actions")) {
      String name = action.text("name");
      if (name.equals("stop")) {
        return;
      }
      if (!name.startsWith("kill_by_")) {
        continue;
      }
      int victim = worst(sight, notes, action);
      boolean killed =
          victim != Sight.NOBODY
              && (action.flag("dry") || Groups.kill(sight, hands, victim, Signal.KILL) > 0);
      if (killed) {
        Setting own = action.get("post_action_delay");
        long delayNs = (own.has() ? own : ruleset.get("post_action_delay")).whole();
        notes.set(pauseAt, sight.nowNs() + delayNs);
        if (!action.flag("always_continue")) {
          return;
        }
      }
    }
  }

  /** Of the cgroups that are named, or with {@code recursive} down to the leaf that is worst. */
  private int worst(Sight sight, Notes notes, Section action) {
    List<Integer> among = new ArrayList<>(cgroups(sight, action));
    int worst = Sight.NOBODY;
    while (true) {
      among.removeIf(cgroup -> cgroup == Sight.MACHINE || !Groups.isAlive(sight, cgroup));
      int next = worstOf(sight, notes, action, among);
      if (next == Sight.NOBODY || !action.flag("recursive")) {
        return next == Sight.NOBODY ? worst : next;
      }
      worst = next;
      among.clear();
      for (int child = next + 1; child < sight.cgroups(); child++) {
        if (sight.cgroupParent(child) == next && !sight.cgroupIsOne(next)) {
          among.add(child);
        }
      }
    }
  }

  private int worstOf(Sight sight, Notes notes, Section action, List<Integer> among) {
    if (action.text("name").equals("kill_by_memory_size_or_growth")) {
      return bySizeOrGrowth(sight, notes, action, among);
    }
    int worst = Sight.NOBODY;
    double most = 0;
    for (int cgroup : among) {
      double value = value(sight, notes, action, cgroup);
      if (value > most) {
        most = value;
        worst = cgroup;
      }
    }
    return worst;
  }

  private double value(Sight sight, Notes notes, Section action, int cgroup) {
    return switch (action.text("name")) {
      case "kill_by_swap_usage" -> {
        Setting least = action.get("threshold");
        double pages =
            least.isPercent()
                ? least.number() / HUNDRED * sight.swapTotal()
                : least.number() / BYTES_PER_PAGE;
        double swap = sight.cgroupSwap(cgroup);
        boolean biased = action.flag("biased_swap_kill");
        double bias = biased ? Math.max(0, sight.cgroupLow(cgroup) - sight.cgroupUsage(cgroup)) : 0;
        yield swap >= pages ? swap - bias : 0;
      }
      case "kill_by_pressure" ->
          (sight.pressure(cgroup, true, 10) + sight.pressure(cgroup, true, 60)) / 2.0;
      case "kill_by_pg_scan" -> sight.cgroupScanned(cgroup) - notes.get(averageAt(cgroup) + 1);
      default -> 0;
    };
  }

  /** KillMemoryGrowth: who has most of all, if that is much; else who of the large has grown. */
  private int bySizeOrGrowth(Sight sight, Notes notes, Section action, List<Integer> among) {
    double all = 0;
    int largest = Sight.NOBODY;
    for (int cgroup : among) {
      all += sight.cgroupUsage(cgroup);
      if (largest == Sight.NOBODY || unprotected(sight, cgroup) > unprotected(sight, largest)) {
        largest = cgroup;
      }
    }
    if (largest == Sight.NOBODY
        || unprotected(sight, largest) >= action.number("size_threshold") / HUNDRED * all) {
      return largest;
    }
    List<Integer> bySize = new ArrayList<>(among);
    bySize.sort((a, b) -> Long.compare(sight.cgroupUsage(b), sight.cgroupUsage(a)));
    int kept =
        (int)
            Math.ceil(
                bySize.size() * (HUNDRED - action.number("growing_size_percentile")) / HUNDRED);
    int grown = Sight.NOBODY;
    double most = 0;
    for (int cgroup : bySize.subList(0, Math.min(bySize.size(), Math.max(1, kept)))) {
      double ratio = (double) sight.cgroupUsage(cgroup) / Math.max(1, notes.get(averageAt(cgroup)));
      if (ratio > Math.max(most, action.number("min_growth_ratio"))) {
        most = ratio;
        grown = cgroup;
      }
    }
    return grown == Sight.NOBODY ? largest : grown;
  }

  private static long unprotected(Sight sight, int cgroup) {
    return Math.max(0, sight.cgroupUsage(cgroup) - sight.cgroupLow(cgroup));
  }
}
