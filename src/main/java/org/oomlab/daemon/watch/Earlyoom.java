package org.oomlab.daemon.watch;

import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.unit.Span;

/**
 * earlyoom 1.9 (rfjakob/earlyoom): poll_loop() of main.c, kill.c and meminfo.c.
 *
 * <p>Acts when memory <i>and</i> swap are short, on the process with the highest oom_score, and
 * then waits for it.
 */
final class Earlyoom implements Watcher {
  // What it is in the middle of.
  private static final int PHASE = 0;
  private static final int VICTIM = 1;
  private static final int SIGNAL = 2;
  private static final int SINCE = 3;
  private static final int NOTES = 4;

  // Phases.
  private static final long LOOK = 0;
  private static final long CHOOSE = 1;
  private static final long RELEASE = 2;
  private static final long WAIT = 3;

  private static final long MILLISECOND = Span.SECOND / 1000;

  /** How fast memory and swap are taken to fill at the most, in KiB a millisecond. */
  private static final double MEM_FILL_RATE = 6000;

  private static final double SWAP_FILL_RATE = 800;
  private static final double LEAST_SLEEP_MS = 100;
  private static final double MOST_SLEEP_MS = 1000;
  private static final long WAIT_POLL_NS = 100 * MILLISECOND;

  /** What --prefer and --avoid are worth, by oom_score and by rss in KiB. */
  private static final long BADNESS_STEP = 300;

  private static final long RSS_STEP = 3145728;

  private static final double KIB_PER_PAGE = 4;

  private final Section options;
  private final Names prefer;
  private final Names avoid;
  private final Names ignore;
  private final boolean byRss;
  private final boolean sparesRoot;
  private final boolean group;
  private final boolean dryRun;
  private final boolean preKill;
  private final long killWaitNs;

  Earlyoom(DaemonSettings settings) {
    this.options = settings.root();
    this.prefer = Names.of(options.get("prefer"));
    this.avoid = Names.of(options.get("avoid"));
    this.ignore = Names.of(options.get("ignore"));
    this.byRss = options.flag("sort-by-rss");
    this.sparesRoot = options.flag("ignore-root-user");
    this.group = options.flag("kill_process_group");
    this.dryRun = options.flag("dryrun");
    this.preKill = options.get("prekill_script").isSet();
    this.killWaitNs = options.get("kill_wait").whole();
  }

  @Override
  public int notes(int processes, int cgroups) {
    return NOTES;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    long phase = notes.get(PHASE);
    if (phase == CHOOSE) {
      choose(sight, notes, hands);
    } else if (phase == RELEASE) {
      notes.set(PHASE, WAIT);
      hands.sleep(WAIT_POLL_NS);
    } else if (phase == WAIT) {
      await(sight, notes, hands);
    } else {
      look(sight, notes, hands);
    }
  }

  private void look(Sight sight, Notes notes, Hands hands) {
    if (isLow(sight, "min") || isLow(sight, "kill")) {
      notes.set(PHASE, CHOOSE);
      hands.readProc();
    } else {
      hands.sleep(sleepNs(sight));
    }
  }

  // meminfo.c and lowmem_sig().

  /** Memory and swap are both at or below the limits for a signal, "min" or "kill". */
  private boolean isLow(Sight sight, String signal) {
    return memPercent(sight) <= memLimit(sight, signal)
        && swapPercent(sight) <= swapLimit(sight, signal);
  }

  private static double memPercent(Sight sight) {
    long available = sight.memAvailable();
    return 100.0 * available / Math.max(1, available + sight.anonPages());
  }

  private static double swapPercent(Sight sight) {
    return sight.swapTotal() == 0 ? 0 : 100.0 * sight.swapFree() / sight.swapTotal();
  }

  private double memLimit(Sight sight, String signal) {
    return lower("mem_" + signal, sight.memTotal());
  }

  private double swapLimit(Sight sight, String signal) {
    return lower("swap_" + signal, sight.swapTotal());
  }

  /** A limit in bytes becomes a percentage when the daemon starts, and the lower of both wins. */
  private double lower(String option, long ofPages) {
    double percent = options.number(option + "_percent");
    if (!options.get(option).has() || ofPages == 0) {
      return Double.isNaN(percent) && !options.get(option + "_percent").has() ? 0 : percent;
    }
    double sized = 100 * options.number(option) / (ofPages * KIB_PER_PAGE * 1024);
    return options.get(option + "_percent").has() ? Math.min(percent, sized) : sized;
  }

  /** sleep_time_ms(): until memory and swap can be down at the limits, at the fastest. */
  private long sleepNs(Sight sight) {
    double mem =
        headroomKib(memPercent(sight) - memLimit(sight, "min"), memBase(sight)) / MEM_FILL_RATE;
    double swap =
        headroomKib(swapPercent(sight) - swapLimit(sight, "min"), sight.swapTotal())
            / SWAP_FILL_RATE;
    double ms = Math.min(MOST_SLEEP_MS, Math.max(LEAST_SLEEP_MS, mem + swap));
    return (long) (ms * MILLISECOND);
  }

  private static long memBase(Sight sight) {
    return sight.memAvailable() + sight.anonPages();
  }

  /** Of a limit that is nan there is no headroom: as a whole number, in C, it is below 0. */
  private static double headroomKib(double percent, long ofPages) {
    return (percent > 0 ? percent : 0) / 100 * ofPages * KIB_PER_PAGE;
  }

  // kill.c: find_largest_process() and kill_process().

  private void choose(Sight sight, Notes notes, Hands hands) {
    notes.set(PHASE, LOOK);
    int victim = largest(sight);
    // It looks at memory once more: to choose takes time.
    boolean kills = isLow(sight, "kill");
    if (victim == Sight.NOBODY || dryRun || !(kills || isLow(sight, "min"))) {
      hands.sleep(victim == Sight.NOBODY ? Span.SECOND : sleepNs(sight));
      return;
    }
    Signal signal = kills ? Signal.KILL : Signal.TERM;
    notes.set(VICTIM, victim);
    notes.set(SIGNAL, signal.ordinal());
    notes.set(SINCE, sight.nowNs());
    send(sight, hands, victim, signal);
    notes.set(PHASE, RELEASE);
    if (preKill) {
      hands.readProc(); // It forks.
    } else {
      hands.release(victim);
    }
  }

  private int largest(Sight sight) {
    int worst = Sight.NOBODY;
    long most = 0;
    long mostRss = -1;
    for (int p = 0; p < sight.processes(); p++) {
      if (!mayDie(sight, p)) {
        continue;
      }
      long rss = sight.rss(p);
      long points = byRss ? rss * (long) KIB_PER_PAGE : sight.oomScore(p);
      long step = byRss ? RSS_STEP : BADNESS_STEP;
      points += prefer.match(sight.name(p)) ? step : 0;
      points -= avoid.match(sight.name(p)) ? step : 0;
      if (points > 0 && (points > most || (points == most && rss > mostRss))) {
        worst = p;
        most = points;
        mostRss = rss;
      }
    }
    return worst;
  }

  private boolean mayDie(Sight sight, int p) {
    return sight.exists(p)
        && sight.hasMemory(p)
        && !sight.isUntouchable(p)
        && !sight.isSelf(p)
        && sight.adj(p) != -1000
        && !(sparesRoot && sight.isRoot(p))
        && !ignore.match(sight.name(p));
  }

  private void send(Sight sight, Hands hands, int victim, Signal signal) {
    hands.kill(victim, signal);
    for (int p = 0; group && p < sight.processes(); p++) {
      if (p != victim && sight.exists(p) && sight.descends(p, victim)) {
        hands.kill(p, signal);
      }
    }
  }

  /** kill_wait(): until it is gone; SIGKILL follows where memory goes below its limits. */
  private void await(Sight sight, Notes notes, Hands hands) {
    int victim = (int) notes.get(VICTIM);
    boolean late = sight.nowNs() - notes.get(SINCE) >= killWaitNs;
    if (!sight.exists(victim) || late) {
      notes.set(PHASE, LOOK);
      hands.sleep(late ? 0 : sleepNs(sight));
      return;
    }
    if (notes.get(SIGNAL) == Signal.TERM.ordinal() && isLow(sight, "kill")) {
      notes.set(SIGNAL, Signal.KILL.ordinal());
      send(sight, hands, victim, Signal.KILL);
      notes.set(PHASE, RELEASE);
      hands.release(victim);
      return;
    }
    hands.sleep(WAIT_POLL_NS);
  }
}
