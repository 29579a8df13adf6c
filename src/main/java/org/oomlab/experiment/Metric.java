package org.oomlab.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.daemon.Guarding;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;

/**
 * What is measured of an episode. Reports, statistics and claims all walk this list, so a metric
 * that is added here is everywhere.
 *
 * <p>The order is that of the columns: the first nine come before an episode's victims, the others
 * after its digest.
 */
public enum Metric {
  KILLS(
      "kills", Unit.COUNT, "Processes that the OOM killer killed and that were not dying already."),
  EXTRA_KILLS_1S(
      "extra_kills_1s",
      Unit.COUNT,
      "Kills without which the request behind them would have been satisfied within one second."),
  EXTRA_KILLS_10S(
      "extra_kills_10s",
      Unit.COUNT,
      "Kills without which the request behind them would have been satisfied within ten seconds."),
  RECOVERY_MS(
      "recovery_ms",
      Unit.MILLISECONDS,
      "From the first kill to the first page for the request behind it; 0 if it came before."),
  EPISODE_MS(
      "episode_ms", Unit.MILLISECONDS, "From the first OOM call to the end of the OOM episode."),
  STALL_MS(
      "stall_ms",
      Unit.MILLISECONDS,
      "Time that requests spent blocked, summed over the tasks that made them."),
  BROKEN_FUTEXES(
      "broken_futexes",
      Unit.COUNT,
      "Robust futexes that a dead thread holds and nobody will be told about."),
  WORK_LOST(
      "work_lost",
      Unit.WORK,
      "Units of work done since their last checkpoint by processes that were killed."),
  RESERVE_MIN_PAGES("reserve_min_pages", Unit.PAGES, "The fewest free pages there ever were."),
  DEMAND_MET_MS(
      "demand_met_ms",
      Unit.MILLISECONDS,
      "From the first OOM call until no request was blocked any more."),
  KILL_EVENTS(
      "kill_events", Unit.COUNT, "Decisions to kill; a cgroup that is killed as one counts once."),
  MARKINGS(
      "markings",
      Unit.COUNT,
      "Threads that became victims without a kill because they were dying already."),
  LOST_WAITERS(
      "lost_waiters", Unit.COUNT, "Threads that wait for a broken futex and will never be woken."),
  RSS_LOST_PAGES(
      "rss_lost_pages",
      Unit.PAGES,
      "Resident pages of the processes that were killed, at that moment."),
  FREED_BY_EXIT_PAGES("freed_by_exit_pages", Unit.PAGES, "Pages freed by exit paths."),
  FREED_BY_REAPER_PAGES(
      "freed_by_reaper_pages", Unit.PAGES, "Pages freed by the reaper or by process_mrelease()."),
  FREED_BY_RECLAIM_PAGES("freed_by_reclaim_pages", Unit.PAGES, "Pages freed by reclaim."),
  OOM_CALLS("oom_calls", Unit.COUNT, "Calls of out_of_memory()."),
  LIVELOCK_SINCE_MS(
      "livelock_since_ms",
      Unit.MILLISECONDS,
      "From the first OOM call to the last progress before a livelock."),
  EVENTS("events", Unit.COUNT, "Events that the simulator handled."),
  FREED_FROM_MS(
      "freed_from_ms",
      Unit.MILLISECONDS,
      "From the first OOM call, or else boot, until an address space began to give pages back."),
  REAPED_UNTIL_MS(
      "reaped_until_ms",
      Unit.MILLISECONDS,
      "From the first OOM call, or else boot, until a reaper last took a page from an address space."),
  EXIT_WALK_MS(
      "exit_walk_ms",
      Unit.MILLISECONDS,
      "Time that exit paths spent taking address spaces apart, spinning included."),
  REAPER_WALK_MS(
      "reaper_walk_ms", Unit.MILLISECONDS, "The same of the reaper and of process_mrelease()."),
  TEARDOWN_MS(
      "teardown_ms",
      Unit.MILLISECONDS,
      "The two together: what it cost in processor time to take address spaces apart."),
  REAPER_LOCK_SHARE(
      "reaper_lock_share",
      Unit.SHARE,
      "The part of the reaper's time, 0 to 1, that went into getting page table locks."),
  CONTENTION(
      "contention",
      Unit.SHARE,
      "The part of all teardown time, 0 to 1, that went into getting page table locks."),
  SPIN_MS(
      "spin_ms",
      Unit.MILLISECONDS,
      "Processor time that requests spent going round in vain, summed over the tasks."),
  FIRST_RECOVERY_MS(
      "first_recovery_ms",
      Unit.MILLISECONDS,
      "From the first OOM call until, after a kill, memory was back and no allocator stuck or dying."),
  STABLE_RECOVERY_MS(
      "stable_recovery_ms", Unit.MILLISECONDS, "The same, until it was so for the last time."),
  FAILED_REQUESTS(
      "failed_requests",
      Unit.COUNT,
      "Requests that were refused: ENOMEM for a system call; a page fault is tried again."),
  FIRST_OOM_MS("first_oom_ms", Unit.MILLISECONDS, "From boot to the first OOM call."),
  SWAP_FULL_MS("swap_full_ms", Unit.MILLISECONDS, "From boot until the swap device was full."),
  SWAPPED_OUT_PAGES("swapped_out_pages", Unit.PAGES, "Pages written to the swap device."),
  SWAPPED_IN_PAGES("swapped_in_pages", Unit.PAGES, "Pages read back from it."),
  READ_PAGES("read_pages", Unit.PAGES, "Pages faulted in again, from swap or from files."),
  REFAULTS_PAGES(
      "refaults_pages", Unit.PAGES, "Of these, the ones that had been part of the working set."),
  PSI_SOME_MS(
      "psi_some_ms", Unit.MILLISECONDS, "Time that somebody stalled for want of memory (PSI)."),
  PSI_FULL_MS("psi_full_ms", Unit.MILLISECONDS, "Time that everybody stalled (PSI)."),
  PSI_SOME10_MAX("psi_some10_max", Unit.SHARE, "The highest avg10 of some, 0 to 1."),
  PSI_FULL10_MAX("psi_full10_max", Unit.SHARE, "The highest avg10 of full, 0 to 1."),
  FROZEN_MS(
      "frozen_ms",
      Unit.MILLISECONDS,
      "Time in periods of two seconds of which nine tenths or more were full."),
  THROTTLED_MS(
      "throttled_ms",
      Unit.MILLISECONDS,
      "Time that memory.high held tasks back, summed over them."),
  DAEMON_KILLS("daemon_kills", Unit.COUNT, "Processes that a daemon in user space killed."),
  DAEMON_KILL_MS(
      "daemon_kill_ms", Unit.MILLISECONDS, "From boot to the first process that a daemon killed."),
  NEEDLESS_KILLS(
      "needless_kills",
      Unit.COUNT,
      "Kills, of kernel and daemon, without which nobody would have missed them; see Two errors."),
  MISSED_KILLS(
      "missed_kills",
      Unit.COUNT,
      "Freezes of more than ten seconds that the death of a process would have ended."),
  TIME_TO_ACT_MS(
      "time_to_act_ms",
      Unit.MILLISECONDS,
      "From the first stall for want of memory to the first kill, by whomever.");

  /** An average of pressure is in hundredths of a per cent. */
  private static final double HUNDREDTHS = 10_000;

  private final String column;
  private final Unit unit;
  private final String doc;

  Metric(String column, Unit unit, String doc) {
    this.column = column;
    this.unit = unit;
    this.doc = doc;
  }

  /** Its column in CSV, with its unit's suffix: {@code recovery_ms}. */
  public String column() {
    return column;
  }

  /** Its name without the suffix, as claims may say it: {@code recovery}. */
  public String shortName() {
    return column.substring(0, column.length() - unit.suffix.length());
  }

  /** What it is counted in. */
  public Unit unit() {
    return unit;
  }

  /** What it means, in one sentence. */
  public String doc() {
    return doc;
  }

  /** Its value in the column's unit, or NaN if the episode has none. */
  public double of(Outcome outcome) {
    return inside(outcome) / unit.inside;
  }

  /** Its value as it is inside the simulator. */
  private double inside(Outcome outcome) {
    return switch (this) {
      case KILLS -> outcome.kills().size();
      case EXTRA_KILLS_1S -> extra(outcome, KillRecord::extra1s);
      case EXTRA_KILLS_10S -> extra(outcome, KillRecord::extra10s);
      case RECOVERY_MS -> present(outcome.recoveryNs());
      case EPISODE_MS -> present(outcome.episodeNs());
      case STALL_MS -> outcome.stallNs();
      case BROKEN_FUTEXES -> outcome.brokenFutexes();
      case WORK_LOST -> outcome.workLost();
      case RESERVE_MIN_PAGES -> present(outcome.reserveMinPages());
      case DEMAND_MET_MS -> present(outcome.demandMetNs());
      case KILL_EVENTS -> outcome.killEvents();
      case MARKINGS -> outcome.markings();
      case LOST_WAITERS -> outcome.lostWaiters();
      case RSS_LOST_PAGES -> outcome.rssLostPages();
      case FREED_BY_EXIT_PAGES -> outcome.freedByExitPages();
      case FREED_BY_REAPER_PAGES -> outcome.freedByReaperPages();
      case FREED_BY_RECLAIM_PAGES -> outcome.freedByReclaimPages();
      case OOM_CALLS -> outcome.oomCalls();
      case LIVELOCK_SINCE_MS -> since(outcome, outcome.livelockSinceNs());
      case EVENTS -> outcome.events();
      case FREED_FROM_MS -> since(outcome, outcome.freedFromNs());
      case REAPED_UNTIL_MS -> since(outcome, outcome.reapedUntilNs());
      case EXIT_WALK_MS -> outcome.exitWalkNs();
      case REAPER_WALK_MS -> outcome.reaperWalkNs();
      case TEARDOWN_MS -> outcome.exitWalkNs() + outcome.reaperWalkNs();
      case REAPER_LOCK_SHARE -> share(outcome.reaperLockNs(), outcome.reaperWalkNs());
      case CONTENTION ->
          share(
              outcome.exitLockNs() + outcome.reaperLockNs(),
              outcome.exitWalkNs() + outcome.reaperWalkNs());
      case SPIN_MS -> outcome.spinNs();
      case FIRST_RECOVERY_MS -> present(outcome.firstRecoveryNs());
      case STABLE_RECOVERY_MS -> present(outcome.stableRecoveryNs());
      case FAILED_REQUESTS -> outcome.failedRequests();
      case FIRST_OOM_MS -> present(outcome.firstOomNs());
      case DAEMON_KILLS -> outcome.guarding().kills().size();
      case DAEMON_KILL_MS ->
          outcome.guarding().kills().isEmpty()
              ? Double.NaN
              : outcome.guarding().kills().get(0).atNs();
      case NEEDLESS_KILLS -> needless(outcome);
      case MISSED_KILLS -> outcome.judged() ? present(outcome.guarding().missed()) : Double.NaN;
      case TIME_TO_ACT_MS -> timeToAct(outcome);
      default -> outcome.movement() == null ? Double.NaN : moved(outcome.movement());
    };
  }

  private double moved(Movement movement) {
    return switch (this) {
      case PSI_SOME_MS -> movement.someNs();
      case PSI_FULL_MS -> movement.fullNs();
      case PSI_SOME10_MAX -> movement.highestSome10() / HUNDREDTHS;
      case PSI_FULL10_MAX -> movement.highestFull10() / HUNDREDTHS;
      case FROZEN_MS -> movement.frozenNs();
      case THROTTLED_MS -> movement.throttledNs();
      default -> movement.moves() ? paged(movement) : Double.NaN;
    };
  }

  private double paged(Movement movement) {
    return switch (this) {
      case SWAP_FULL_MS -> present(movement.swapFullNs());
      case SWAPPED_OUT_PAGES -> movement.swappedOutPages();
      case SWAPPED_IN_PAGES -> movement.swappedInPages();
      case READ_PAGES -> movement.readPages();
      case REFAULTS_PAGES -> movement.refaultPages();
      default -> throw new IllegalStateException(this + " has no value");
    };
  }

  /** Its value in the column's unit to the last digit, or null if the episode has none. */
  public @Nullable BigDecimal exact(Outcome outcome) {
    return unit.exact(of(outcome));
  }

  /** Whether it is known only if kills are asked for their counterfactuals. */
  public boolean needsCounterfactuals() {
    return this == EXTRA_KILLS_1S
        || this == EXTRA_KILLS_10S
        || this == NEEDLESS_KILLS
        || this == MISSED_KILLS;
  }

  /** The metric of this column, or of this column without its suffix. */
  public static Optional<Metric> named(String name) {
    return Stream.of(values())
        .filter(metric -> metric.column.equals(name) || metric.shortName().equals(name))
        .findFirst();
  }

  private static double present(long value) {
    return value < 0 ? Double.NaN : value;
  }

  /** Times of an episode count from its first OOM call; without one there is only boot. */
  private static double since(Outcome outcome, long atNs) {
    return atNs < 0 ? Double.NaN : atNs - Math.max(0, outcome.firstOomNs());
  }

  private static double share(double part, long of) {
    return of == 0 ? Double.NaN : part / of;
  }

  /** Of one kill that cannot be judged nobody knows how many there are. */
  private static double needless(Outcome outcome) {
    Guarding guarding = outcome.guarding();
    return outcome.judged() && guarding.knowsNeeds()
        ? guarding.needless() + extra(outcome, KillRecord::extra10s)
        : Double.NaN;
  }

  private static double timeToAct(Outcome outcome) {
    Guarding guarding = outcome.guarding();
    long first = outcome.firstKillNs() < 0 ? Long.MAX_VALUE : outcome.firstKillNs();
    if (!guarding.kills().isEmpty()) {
      first = Math.min(first, guarding.kills().get(0).atNs());
    }
    return first == Long.MAX_VALUE || guarding.firstStallNs() < 0
        ? Double.NaN
        : first - guarding.firstStallNs();
  }

  private static double extra(Outcome outcome, Predicate<KillRecord> kind) {
    return outcome.judged() ? outcome.kills().stream().filter(kind).count() : Double.NaN;
  }

  /** What metrics are counted in, and how their numbers are written. */
  public enum Unit {
    COUNT("", 1, 0),
    /** Nanoseconds inside, so that the sixth decimal is the last there can be. */
    MILLISECONDS("_ms", 1_000_000, 6),
    PAGES("_pages", 1, 0),
    /** The unit that a workload declares: jobs, requests, seconds. */
    WORK("", 1, 9),
    /** From 0 to 1. */
    SHARE("", 1, 9);

    /**
     * At least this many significant digits of a figure that was computed, such as a mean. More
     * would pretend; digits before the point are always kept.
     */
    private static final int SIGNIFICANT = 6;

    private final String suffix;
    private final double inside;
    private final int decimals;

    Unit(String suffix, double inside, int decimals) {
      this.suffix = suffix;
      this.inside = inside;
      this.decimals = decimals;
    }

    /** An observed value to the last digit it can have, or null for NaN. */
    public @Nullable BigDecimal exact(double value) {
      if (Double.isNaN(value)) {
        return null;
      }
      return plain(new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN));
    }

    /** A computed value to six significant digits, or null for NaN. */
    public static @Nullable BigDecimal rounded(double value) {
      if (Double.isNaN(value)) {
        return null;
      }
      // Not BigDecimal.valueOf: which digits Double.toString chooses depends on the JDK.
      BigDecimal all = new BigDecimal(value);
      int whole = all.precision() - all.scale();
      return plain(
          all.round(new MathContext(Math.max(SIGNIFICANT, whole), RoundingMode.HALF_EVEN)));
    }

    private static BigDecimal plain(BigDecimal value) {
      BigDecimal stripped = value.stripTrailingZeros();
      return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** An observed or computed value with its unit, exact and readable: {@code 97ms}. */
    public String show(double value) {
      if (Double.isNaN(value)) {
        return "absent";
      }
      BigDecimal shown = rounded(value);
      return switch (this) {
        case MILLISECONDS -> Span.format(Math.round(value * inside));
        case PAGES -> value == Math.rint(value) ? Bytes.format((long) value) : shown + " pages";
        case COUNT, WORK, SHARE -> String.valueOf(shown.toPlainString());
      };
    }

    /**
     * Reads a value with its unit, such as {@code 1.5s} or {@code 30 pages}.
     *
     * @param bare whether a number without a unit is in the column's unit; else only 0 may be bare
     * @throws IllegalArgumentException saying what was expected
     */
    public double parse(String text, boolean bare) {
      String trimmed = text.strip();
      boolean hasNoUnit = this == COUNT || this == WORK || this == SHARE;
      if (hasNoUnit || bare && Decimal.isWritten(trimmed) || trimmed.equals("0")) {
        return number(trimmed);
      }
      return this == PAGES ? Bytes.parsePages(trimmed) : Span.parse(trimmed) / inside;
    }

    /** Reads a plain decimal number. */
    public static double number(String text) {
      return Decimal.parse(text).doubleValue();
    }
  }
}
