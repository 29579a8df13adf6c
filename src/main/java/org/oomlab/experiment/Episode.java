package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.daemon.DaemonKill;
import org.oomlab.experiment.daemon.Foresight;
import org.oomlab.experiment.daemon.Guarding;
import org.oomlab.experiment.daemon.Need;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;
import org.oomlab.workload.Paging;

/**
 * A bench on which the episodes of one case are run, one after another on the same machine. Not for
 * two threads at once.
 */
public final class Episode implements Experiment.Bench<Outcome> {
  private final Experiment.Case of;
  private final Kernel kernel;
  private final @Nullable Counterfactual counterfactual;
  private final String[] names;

  /** Sees kills of a daemon that nobody needs, and those that are missing; null if not asked. */
  private final @Nullable Foresight foresight;

  /** For each kill of the daemon so far, whether it was needed. */
  private final List<Need> needs = new ArrayList<>();

  /** For each kill so far, the wait that it spared the request behind it. */
  private long[] waitsNs = new long[16];

  /** The latest episode, which the machine still shows, is that of every seed. */
  private boolean ofEverySeed;

  /**
   * Prepares the machine.
   *
   * @param counterfactuals whether to ask of every kill if it was necessary, which costs about as
   *     much again
   */
  public Episode(Experiment.Case of, boolean counterfactuals) {
    this.of = of;
    this.kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    // Of what is not known to begin with, a trial would know no more.
    boolean judges = counterfactuals && of.workload().cannotTell().isEmpty();
    this.counterfactual = judges ? new Counterfactual(of) : null;
    boolean measured = of.workload().machine().paging().psi();
    this.foresight =
        judges && (measured || of.policy().daemon() != null)
            ? new Foresight(
                new Kernel(of.workload(), of.costs(), of.policy(), of.rigour()), measured)
            : null;
    this.names = namesIn(of);
  }

  /** Everybody who may be killed, the daemon among them. */
  private static String[] namesIn(Experiment.Case of) {
    return of.inhabited().processNames().toArray(new String[0]);
  }

  @Override
  public Outcome run(long seed) {
    return ofEverySeed ? outcome(seed) : run(seed, TraceSink.NONE);
  }

  /** Runs the episode to its end while {@code sink} listens. */
  public Outcome run(long seed, TraceSink sink) {
    return run(seed, sink, null);
  }

  /**
   * Runs the episode to its end while somebody listens who may also look at the machine.
   *
   * @param listener makes that somebody, given what there is to look at
   */
  public Outcome trace(long seed, BiFunction<Procfs, Ledger, TraceSink> listener) {
    return run(seed, listener.apply(kernel.procfs(), kernel.ledger()));
  }

  /** Runs the episode to its end while {@code sink} listens, and looks into every decision. */
  public Explanation explain(long seed, TraceSink sink) {
    List<List<Candidate>> rankings = new ArrayList<>();
    Outcome outcome = run(seed, sink, rankings);
    return new Explanation(outcome, rankings, ranking(), of.workload().cannotTell());
  }

  /** Whether what {@link #run(long)} says of the next seed is what it has said of the last. */
  public boolean isOfEverySeed() {
    return ofEverySeed;
  }

  /** The digest of what has happened in the current or latest episode. */
  @Override
  public long digest() {
    return kernel.digest();
  }

  @Override
  public long events() {
    return kernel.events();
  }

  private Outcome run(long seed, TraceSink sink, @Nullable List<List<Candidate>> rankings) {
    ofEverySeed = false;
    kernel.boot(seed, sink);
    Ledger ledger = kernel.ledger();
    needs.clear();
    if (foresight != null) {
      foresight.begin();
    }
    while (runToNextDeath()) {
      if (kernel.isDaemonAboutToKill()) {
        Need need = foresight == null ? Need.NOT_ASKED : foresight.need(kernel);
        int had = ledger.daemonKills();
        kernel.step();
        needs.addAll(Collections.nCopies(ledger.daemonKills() - had, need));
        continue;
      }
      List<Candidate> ranking = rankings == null ? List.of() : ranking();
      if (counterfactual != null) {
        counterfactual.remember(kernel);
      }
      int before = ledger.kills();
      kernel.step();
      int after = ledger.kills();
      if (after > waitsNs.length) {
        waitsNs = Arrays.copyOf(waitsNs, Math.max(after, 2 * waitsNs.length));
      }
      // A cgroup killed as one is one decision, so one verdict; a mere marking, as some policies
      // repeat with every pass, needs none.
      boolean judge = counterfactual != null && after > before;
      Arrays.fill(waitsNs, before, after, judge ? counterfactual.waitNs() : Counterfactual.NEVER);
      for (int i = before; rankings != null && i < after; i++) {
        rankings.add(i == before ? ranking : List.of());
      }
    }
    // A seed works only through what is drawn, by the machine or by its counterfactuals.
    ofEverySeed =
        of.rigour().shortcuts().contains(Shortcut.SAME_FOR_EVERY_SEED)
            && !kernel.hasDrawn()
            && (counterfactual == null || !counterfactual.hasDrawn())
            && (foresight == null || !foresight.hasDrawn());
    return outcome(seed);
  }

  /** To the brink of the next kill, by kernel or daemon; false at the end. */
  private boolean runToNextDeath() {
    if (foresight == null) {
      return kernel.runToNextDeath(Long.MAX_VALUE);
    }
    while (!kernel.runToNextDeath(foresight.nextNs())) {
      if (kernel.verdict() != Verdict.RUNNING) {
        return false;
      }
      foresight.look(kernel);
    }
    return true;
  }

  private Outcome outcome(long seed) {
    Guarding guarding = guarding(kernel, names, needs, foresight == null ? -1 : foresight.missed());
    return outcome(of, names, seed, kernel, counterfactual == null ? null : waitsNs, guarding);
  }

  /**
   * What an episode has come to so far, its kills not asked whether they were necessary.
   *
   * @param kernel in the middle of it; not touched
   */
  public static Outcome soFar(Experiment.Case of, long seed, Kernel kernel) {
    String[] names = namesIn(of);
    Guarding guarding = guarding(kernel, names, List.of(), -1);
    return outcome(of, names, seed, kernel, null, guarding);
  }

  /**
   * How long the request behind a kill would wait for its memory if nobody were killed any more:
   * what decides whether the kill is an extra one.
   *
   * @param brink on the brink of the kill, under any policy; not touched
   * @return nanoseconds after the moment of the kill, or -1 if not within ten seconds
   */
  public static long waitWithoutKill(Experiment.Case of, Kernel brink) {
    Counterfactual counterfactual = new Counterfactual(of);
    counterfactual.remember(brink);
    return counterfactual.waitNs();
  }

  private static Outcome outcome(
      Experiment.Case of,
      String[] names,
      long seed,
      Kernel kernel,
      long @Nullable [] waitsNs,
      Guarding guarding) {
    Ledger ledger = kernel.ledger();
    List<KillRecord> kills = new ArrayList<>(ledger.kills());
    for (int i = 0; i < ledger.kills(); i++) {
      kills.add(kill(ledger, i, names, waitsNs == null ? Counterfactual.NEVER : waitsNs[i]));
    }
    long reserve = ledger.reserveMinPages();
    Paging paging = of.workload().machine().paging();
    return new Outcome(
        of.workload().name(),
        of.policy().name(),
        seed,
        kernel.verdict(),
        ledger.panicText(),
        kills,
        waitsNs != null,
        ledger.killEvents(),
        ledger.killLines(),
        ledger.markings(),
        ledger.firstOomNs(),
        ledger.firstKillNs(),
        ledger.recoveryNs(),
        ledger.firstRecoveryNs(),
        ledger.stableRecoveryNs(),
        ledger.demandMetNs(),
        ledger.episodeNs(),
        ledger.stallNs(),
        ledger.brokenFutexes(),
        ledger.lostWaiters(),
        ledger.workLost(),
        ledger.rssLostPages(),
        reserve == Long.MAX_VALUE ? -1 : reserve,
        ledger.freedByExitPages(),
        ledger.freedByReaperPages(),
        ledger.freedByReclaimPages(),
        ledger.oomCalls(),
        ledger.failedRequests(),
        ledger.livelockSinceNs(),
        ledger.freedFromNs(),
        ledger.reapedUntilNs(),
        kernel.digest(),
        kernel.events(),
        ledger.exitWalkNs(),
        ledger.reaperWalkNs(),
        ledger.exitLockNs(),
        ledger.reaperLockNs(),
        ledger.spinNs(),
        paging.psi() ? Movement.of(kernel, paging.moves()) : null,
        guarding);
  }

  private static Guarding guarding(Kernel kernel, String[] names, List<Need> needs, int missed) {
    Ledger ledger = kernel.ledger();
    List<DaemonKill> kills = new ArrayList<>(ledger.daemonKills());
    for (int i = 0; i < ledger.daemonKills(); i++) {
      kills.add(
          new DaemonKill(
              names[ledger.struckProcess(i)],
              ledger.struckTimeNs(i),
              ledger.struckSignal(i) == 0 ? "SIGTERM" : "SIGKILL",
              i < needs.size() ? needs.get(i) : Need.NOT_ASKED));
    }
    return new Guarding(kills, ledger.firstStallNs(), missed);
  }

  private static KillRecord kill(Ledger ledger, int i, String[] names, long waitNs) {
    boolean extra = waitNs != Counterfactual.NEVER;
    return new KillRecord(
        names[ledger.killedProcess(i)],
        ledger.killTimeNs(i) - ledger.firstOomNs(),
        ledger.killBadness(i),
        names[ledger.killInvoker(i)],
        ledger.killReason(i).name().toLowerCase(Locale.ROOT),
        ledger.killFreePages(i),
        waitNs,
        extra && waitNs <= Span.SECOND,
        extra);
  }

  private List<Candidate> ranking() {
    List<Candidate> ranking =
        new ArrayList<>(
            IntStream.range(0, names.length)
                .mapToObj(i -> new Candidate(names[i], kernel.standing(i)))
                .toList());
    // Stable, so equals stay in the order of the process list.
    ranking.sort(Collections.reverseOrder(Comparator.comparingLong(Candidate::points)));
    return ranking;
  }

  /**
   * Runs the episode as far as its first OOM call and asks for everybody's badness there.
   *
   * @return points in the order of the processes, {@link Long#MIN_VALUE} for one that may not be
   *     killed; empty if the episode has no OOM
   */
  public List<OptionalLong> badnessAtFirstOom(long seed) {
    ofEverySeed = false;
    kernel.boot(seed, TraceSink.NONE);
    while (kernel.ledger().firstOomNs() < 0) {
      if (!kernel.step()) {
        return Collections.nCopies(names.length, OptionalLong.empty());
      }
    }
    return IntStream.range(0, names.length)
        .mapToObj(i -> OptionalLong.of(kernel.badness(i)))
        .toList();
  }

  /** Runs the episode to its end and tells what happened in it beside its outcome. */
  public Happenings happenings(long seed) {
    ofEverySeed = false;
    Happenings happenings =
        new Happenings(names.length, of.workload().futexes().size(), kernel::processOf);
    kernel.boot(seed, happenings);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = kernel.step();
    }
    if (kernel.verdict() == Verdict.PANIC) {
      happenings.panicked(kernel.freePages());
    }
    return happenings;
  }
}
