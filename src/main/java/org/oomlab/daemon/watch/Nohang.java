package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Span;

/**
 * nohang 0.3.0 (hakavlad/nohang): check_mem_swap(), check_psi(), check_zram() and
 * implement_corrective_action() of src/nohang.
 */
final class Nohang implements Watcher {
  private static final int PHASE = 0;
  private static final int VICTIM = 1;
  private static final int TERMED_NS = 2;
  private static final int ACTED_NS = 3;
  private static final int SOFT_PSI_NS = 4;
  private static final int HARD_PSI_NS = 5;
  private static final int NOTES = 6;

  private static final long LOOK = 0;
  private static final long CHOOSE_TERM = 1;
  private static final long CHOOSE_KILL = 2;

  private static final double HUNDRED = 100;
  private static final double BYTES_PER_PAGE = 4096;
  private static final double PAGES_PER_MIB = 256;

  private final Section options;
  private final boolean psi;
  private final boolean zram;
  private final boolean full;
  private final int seconds;
  private final List<Names> patterns = new ArrayList<>();
  private final List<Long> bonuses = new ArrayList<>();

  Nohang(DaemonSettings settings) {
    this.options = settings.root();
    this.psi = options.flag("psi_checking_enabled");
    this.zram = options.flag("zram_checking_enabled");
    String metric = options.text("psi_metrics");
    this.full = metric.startsWith("full");
    this.seconds = Integer.parseInt(metric.substring(metric.indexOf("avg") + 3));
    for (Section bonus : options.parts("badness_adj")) {
      if (bonus.text("match").equals("NAME")) {
        patterns.add(Names.of(bonus.get("pattern")));
        bonuses.add(bonus.get("badness_adj").whole());
      }
    }
  }

  @Override
  public int notes(int processes, int cgroups) {
    return NOTES;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    long phase = notes.get(PHASE);
    notes.set(PHASE, LOOK);
    if (phase != LOOK) {
      act(sight, notes, hands, phase == CHOOSE_KILL ? Signal.KILL : Signal.TERM);
    } else if (is(sight, notes, "hard", HARD_PSI_NS)) {
      notes.set(PHASE, CHOOSE_KILL);
      hands.readProc();
    } else if (is(sight, notes, "soft", SOFT_PSI_NS)) {
      soften(sight, notes, hands);
    } else {
      hands.sleep(sleepNs(sight));
    }
  }

  /** One victim at a time gets SIGTERM, and SIGKILL if it takes too long. */
  private void soften(Sight sight, Notes notes, Hands hands) {
    boolean dies = notes.get(TERMED_NS) > 0 && sight.exists((int) notes.get(VICTIM));
    if (dies) {
      long sinceNs = sight.nowNs() - notes.get(TERMED_NS);
      if (sinceNs >= options.get("max_soft_exit_time").whole()) {
        notes.set(ACTED_NS, sight.nowNs());
        hands.kill((int) notes.get(VICTIM), Signal.KILL);
      }
      hands.sleep(options.get("min_sleep").whole());
    } else if (notes.get(ACTED_NS) > 0
        && sight.nowNs() - notes.get(ACTED_NS) < options.get("post_soft_action_delay").whole()) {
      hands.sleep(options.get("min_sleep").whole());
    } else {
      notes.set(PHASE, CHOOSE_TERM);
      hands.readProc();
    }
  }

  // The thresholds.

  private boolean is(Sight sight, Notes notes, String level, int sinceAt) {
    double available = sight.memAvailable();
    boolean memory = available <= pages(level + "_threshold_min_mem", sight.memTotal());
    boolean swap = sight.swapFree() <= pages(level + "_threshold_min_swap", sight.swapTotal());
    boolean zramFull =
        zram
            && sight.zramPages() > 0
            && sight.zramPages() >= pages(level + "_threshold_max_zram", sight.memTotal());
    return (memory && swap) || (memory && zramFull) || presses(sight, notes, level, sinceAt);
  }

  /** Pressure counts only while memory is at the soft threshold, and only with swap. */
  private boolean presses(Sight sight, Notes notes, String level, int sinceAt) {
    boolean over =
        psi
            && sight.swapTotal() > 0
            && sight.pressure(Sight.MACHINE, full, seconds) / HUNDRED
                >= options.number(level + "_threshold_max_psi");
    if (!over) {
      notes.set(sinceAt, 0);
      return false;
    }
    if (notes.get(sinceAt) == 0) {
      notes.set(sinceAt, sight.nowNs());
    }
    boolean delayed =
        notes.get(ACTED_NS) > 0
            && sight.nowNs() - notes.get(ACTED_NS) < options.get("psi_post_action_delay").whole();
    return !delayed
        && sight.nowNs() - notes.get(sinceAt) >= options.get("psi_excess_duration").whole()
        && sight.memAvailable() <= pages("soft_threshold_min_mem", sight.memTotal());
  }

  private double pages(String option, long all) {
    Setting setting = options.get(option);
    return setting.isPercent()
        ? setting.number() / HUNDRED * all
        : setting.number() / BYTES_PER_PAGE;
  }

  /** As long as memory and swap take to fill down to the soft thresholds, at their rates. */
  private long sleepNs(Sight sight) {
    double mem =
        (sight.memAvailable() - pages("soft_threshold_min_mem", sight.memTotal()))
            / (options.number("fill_rate_mem") * PAGES_PER_MIB);
    double swap =
        (sight.swapFree() - pages("soft_threshold_min_swap", sight.swapTotal()))
            / (options.number("fill_rate_swap") * PAGES_PER_MIB);
    double seconds = Math.max(0, mem) + Math.max(0, swap);
    double most = (double) options.get("max_sleep").whole();
    double least = (double) options.get("min_sleep").whole();
    return (long) Math.min(most, Math.max(least, seconds * Span.SECOND));
  }

  // The victim.

  private void act(Sight sight, Notes notes, Hands hands, Signal signal) {
    int victim = worst(sight);
    if (victim != Sight.NOBODY) {
      notes.set(VICTIM, victim);
      notes.set(TERMED_NS, signal == Signal.TERM ? sight.nowNs() : 0);
      notes.set(ACTED_NS, sight.nowNs());
      hands.kill(victim, signal);
    }
    hands.sleep(
        options.get(signal == Signal.TERM ? "post_soft_action_delay" : "min_sleep").whole());
  }

  private int worst(Sight sight) {
    boolean capped = options.flag("ignore_positive_oom_score_adj");
    long most = options.get("min_badness").whole() - 1;
    int worst = Sight.NOBODY;
    for (int p = 0; p < sight.processes(); p++) {
      if (!sight.hasMemory(p)
          || sight.isUntouchable(p)
          || sight.isSelf(p)
          || sight.adj(p) == -1000) {
        continue;
      }
      long points = (long) sight.oomScore(p) - (capped ? Math.max(0, sight.adj(p)) : 0);
      for (int i = 0; i < patterns.size(); i++) {
        points += patterns.get(i).match(sight.name(p)) ? bonuses.get(i) : 0;
      }
      if (points > most) {
        most = points;
        worst = p;
      }
    }
    return worst;
  }
}
