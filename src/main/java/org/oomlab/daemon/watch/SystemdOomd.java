package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Span;

/**
 * systemd-oomd 262: oomd-manager.c and oomd-util.c. Kills leaf cgroups below the units that ask for
 * it: by their swap when memory and swap are nearly used up, by their reclaim when a unit has been
 * under pressure for long.
 *
 * <p>It opens its files anew for every look, and so may wait for memory itself.
 */
final class SystemdOomd implements Watcher {
  private static final long SWAP_INTERVAL_NS = 150 * Span.SECOND / 1000;
  private static final long PRESSURE_INTERVAL_NS = Span.SECOND;
  private static final long POST_ACTION_DELAY_NS = 15 * Span.SECOND;

  /** A unit is only acted on if there was reclaim in it so lately: RECLAIM_DURATION_USEC. */
  private static final long RECLAIM_NS = 30 * Span.SECOND;

  /** Who has less of all swap is not killed for it: THRESHOLD_SWAP_USED_PERCENT. */
  private static final double LEAST_SWAP_PERCENT = 5;

  private static final double HUNDRED = 100;
  private static final int FILES_PER_CGROUP = 5;

  // Notes: what it is at, then four numbers for each unit, then one for each cgroup.
  private static final int LOOKED = 0;
  private static final int PRESSURE_NS = 1;
  private static final int ACTED_NS = 2;
  private static final int FIXED = 3;
  private static final int HIT_NS = 0;
  private static final int RULE_NS = 1;
  private static final int SCANNED = 2;
  private static final int RECLAIM_SEEN_NS = 3;
  private static final int PER_UNIT = 4;

  private final Section options;
  private final List<Section> units;
  private final List<Section> rules;

  SystemdOomd(DaemonSettings settings) {
    this.options = settings.root();
    this.units = settings.root().parts("units");
    this.rules = settings.root().parts("rules");
  }

  @Override
  public int notes(int processes, int cgroups) {
    // Several cgroups may be instances of one unit.
    return FIXED + PER_UNIT * units.size() * (cgroups + 1) + cgroups;
  }

  private int unitAt(Sight sight, int unit, int cgroup) {
    return FIXED + PER_UNIT * (unit * (sight.cgroups() + 1) + cgroup + 1);
  }

  private int scannedAt(Sight sight, int cgroup) {
    return FIXED + PER_UNIT * units.size() * (sight.cgroups() + 1) + cgroup;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    if (notes.get(LOOKED) == 0) {
      notes.set(LOOKED, 1);
      hands.open(2 + FILES_PER_CGROUP * sight.cgroups());
      return;
    }
    notes.set(LOOKED, 0);
    boolean acted = swap(sight, hands);
    if (sight.nowNs() - notes.get(PRESSURE_NS) >= PRESSURE_INTERVAL_NS) {
      notes.set(PRESSURE_NS, sight.nowNs());
      boolean delayed =
          notes.get(ACTED_NS) > 0 && sight.nowNs() - notes.get(ACTED_NS) < POST_ACTION_DELAY_NS;
      List<Integer> due = underPressure(sight, notes);
      for (int at = 0; at < due.size() && !delayed && !acted; at += 2) {
        if (actFor(sight, notes, hands, units.get(due.get(at)), due.get(at + 1))) {
          notes.set(ACTED_NS, sight.nowNs());
          acted = true;
        }
      }
      for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
        notes.set(scannedAt(sight, cgroup), sight.cgroupScanned(cgroup));
      }
    }
    hands.sleep(SWAP_INTERVAL_NS);
  }

  // monitor_swap_contexts_handler().

  private boolean swap(Sight sight, Hands hands) {
    double limit = options.number("SwapUsedLimit");
    boolean memoryUsed = used(sight.memTotal(), sight.memAvailable()) > limit;
    if (!memoryUsed || used(sight.swapTotal(), sight.swapFree()) <= limit) {
      return false;
    }
    List<Integer> candidates = new ArrayList<>();
    for (Section unit : units) {
      for (int cgroup = Sight.MACHINE; cgroup < sight.cgroups(); cgroup++) {
        if (unit.text("ManagedOOMSwap").equals("kill") && isUnit(sight, cgroup, unit)) {
          candidates.addAll(Groups.leaves(sight, cgroup));
        }
      }
    }
    return killBySwap(sight, hands, candidates);
  }

  private boolean killBySwap(Sight sight, Hands hands, List<Integer> candidates) {
    double least = LEAST_SWAP_PERCENT / HUNDRED * sight.swapTotal();
    int worst = Sight.NOBODY;
    for (int cgroup : candidates) {
      boolean enough = sight.cgroupSwap(cgroup) > least && !isOmitted(sight, cgroup);
      if (enough
          && (worst == Sight.NOBODY
              || isWorse(
                  sight, cgroup, worst, sight.cgroupSwap(cgroup), sight.cgroupSwap(worst)))) {
        worst = cgroup;
      }
    }
    return worst != Sight.NOBODY && Groups.kill(sight, hands, worst, Signal.KILL) > 0;
  }

  private static double used(long all, long left) {
    return all == 0 ? 0 : HUNDRED * (all - left) / all;
  }

  // monitor_memory_pressure_contexts_handler().

  /** Units and cgroups in turn that have been under pressure, or within a rule, for long enough. */
  private List<Integer> underPressure(Sight sight, Notes notes) {
    List<Integer> due = new ArrayList<>();
    for (int u = 0; u < units.size(); u++) {
      for (int cgroup = Sight.MACHINE; cgroup < sight.cgroups(); cgroup++) {
        if (isUnit(sight, cgroup, units.get(u)) && isDue(sight, notes, u, cgroup)) {
          due.add(u);
          due.add(cgroup);
        }
      }
    }
    return due;
  }

  private boolean isDue(Sight sight, Notes notes, int u, int cgroup) {
    Section unit = units.get(u);
    int at = unitAt(sight, u, cgroup);
    long scanned = cgroup == Sight.MACHINE ? sight.reclaimed() : sight.cgroupScanned(cgroup);
    if (scanned > notes.get(at + SCANNED)) {
      notes.set(at + SCANNED, scanned);
      notes.set(at + RECLAIM_SEEN_NS, sight.nowNs());
    }
    boolean kills = unit.text("ManagedOOMMemoryPressure").equals("kill");
    double pressure = sight.pressure(cgroup, true, 10) / HUNDRED;
    boolean pressed =
        lasts(sight, notes, at + HIT_NS, kills && pressure > limit(unit), durationNs(unit));
    boolean reclaims =
        notes.get(at + RECLAIM_SEEN_NS) > 0
            && sight.nowNs() - notes.get(at + RECLAIM_SEEN_NS) <= RECLAIM_NS;
    Section rule = rule(unit);
    boolean ruled =
        rule != null
            && lasts(
                sight,
                notes,
                at + RULE_NS,
                holds(sight, rule, pressure),
                rule.get("LastingSec").whole());
    return (pressed && reclaims) || ruled;
  }

  /** Notes since when something holds; whether it has for so long. */
  private static boolean lasts(Sight sight, Notes notes, int at, boolean holds, long lastingNs) {
    if (!holds) {
      notes.set(at, 0);
      return false;
    }
    if (notes.get(at) == 0) {
      notes.set(at, sight.nowNs());
    }
    return sight.nowNs() - notes.get(at) >= lastingNs;
  }

  private double limit(Section unit) {
    double own = unit.number("ManagedOOMMemoryPressureLimit");
    return own > 0 ? own : options.number("DefaultMemoryPressureLimit");
  }

  private long durationNs(Section unit) {
    Setting own = unit.get("ManagedOOMMemoryPressureDurationSec");
    return own.has() ? own.whole() : options.get("DefaultMemoryPressureDurationSec").whole();
  }

  private @org.jspecify.annotations.Nullable Section rule(Section unit) {
    List<String> taken = List.of(unit.text("OOMRules").split("\\s+"));
    for (Section rule : rules) {
      if (taken.contains(rule.text("name"))) {
        return rule;
      }
    }
    return null;
  }

  private static boolean holds(Sight sight, Section rule, double pressure) {
    Setting above = rule.get("MemoryPressureAbove");
    Setting swap = rule.get("SwapUsageMax");
    return (above.has() || swap.has())
        && (!above.has() || pressure > above.number())
        && (!swap.has() || used(sight.swapTotal(), sight.swapFree()) > swap.number());
  }

  private boolean actFor(Sight sight, Notes notes, Hands hands, Section unit, int cgroup) {
    Section rule = rule(unit);
    String action = rule == null ? "kill-by-pgscan" : rule.text("Action");
    List<Integer> candidates = Groups.leaves(sight, cgroup);
    if (action.equals("kill-all") && cgroup != Sight.MACHINE) {
      return Groups.kill(sight, hands, cgroup, Signal.KILL) > 0;
    }
    if (action.equals("kill-by-swap")) {
      return killBySwap(sight, hands, candidates);
    }
    int worst = Sight.NOBODY;
    for (int each : candidates) {
      if (!isOmitted(sight, each)
          && (worst == Sight.NOBODY
              || isWorse(
                  sight, each, worst, rate(sight, notes, each), rate(sight, notes, worst)))) {
        worst = each;
      }
    }
    return worst != Sight.NOBODY && Groups.kill(sight, hands, worst, Signal.KILL) > 0;
  }

  private long rate(Sight sight, Notes notes, int cgroup) {
    return sight.cgroupScanned(cgroup) - notes.get(scannedAt(sight, cgroup));
  }

  /** Who is to be avoided comes last; then by what is counted, then by size. */
  private boolean isWorse(Sight sight, int one, int other, long first, long second) {
    boolean avoided = prefers(sight, one, "avoid");
    if (avoided != prefers(sight, other, "avoid")) {
      return !avoided;
    }
    return first > second || (first == second && sight.cgroupUsage(one) > sight.cgroupUsage(other));
  }

  private boolean isOmitted(Sight sight, int cgroup) {
    return prefers(sight, cgroup, "omit");
  }

  private boolean prefers(Sight sight, int cgroup, String preference) {
    for (Section unit : units) {
      if (unit.text("ManagedOOMPreference").equals(preference) && isUnit(sight, cgroup, unit)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUnit(Sight sight, int cgroup, Section unit) {
    return Groups.isUnit(sight, cgroup, unit.text("cgroup"));
  }
}
