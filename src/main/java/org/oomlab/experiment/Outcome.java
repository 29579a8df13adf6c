package org.oomlab.experiment;

import java.io.Serializable;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.daemon.DaemonKill;
import org.oomlab.experiment.daemon.Guarding;
import org.oomlab.kernel.state.Verdict;

/**
 * What one episode came to. Every figure is as {@link org.oomlab.kernel.state.Ledger} defines it;
 * spans are in nanoseconds, amounts in pages, and -1 is an absent value.
 *
 * @param workload name of the workload
 * @param policy name of the policy
 * @param seed the episode's seed
 * @param verdict how it ended
 * @param panicText the words of the panic, or null if there was none
 * @param kills who was killed, in order
 * @param judged whether the kills were asked for their counterfactuals
 * @param killEvents decisions to kill
 * @param killLines lines about kills that a kernel would log
 * @param markings threads that became victims because they were dying already
 * @param firstOomNs the first OOM call, after boot
 * @param firstKillNs the first kill, after boot
 * @param recoveryNs from the first kill to the first page for the request behind it
 * @param firstRecoveryNs from the first OOM call until memory was back and no allocator stuck or
 *     dying
 * @param stableRecoveryNs the same, for the last time
 * @param demandMetNs from the first OOM call until no request was blocked any more
 * @param episodeNs from the first OOM call to the end of the OOM episode
 * @param stallNs time that requests spent blocked, summed over tasks
 * @param brokenFutexes robust futexes that nobody will ever release
 * @param lostWaiters waiters that will never be woken
 * @param workLost units of work that died with their processes
 * @param rssLostPages resident pages of the processes that were killed
 * @param reserveMinPages the fewest free pages there ever were
 * @param freedByExitPages pages freed by exit paths
 * @param freedByReaperPages pages freed by the reaper or process_mrelease()
 * @param freedByReclaimPages pages freed by reclaim
 * @param oomCalls calls of out_of_memory()
 * @param failedRequests requests that were refused
 * @param livelockSinceNs the last progress before a livelock, after boot
 * @param freedFromNs when the first address space began to give pages back, after boot
 * @param reapedUntilNs when somebody but its own exit last took a page from one, after boot
 * @param digest a hash of everything that happened: equal digests, equal episodes
 * @param events events the simulator handled
 * @param exitWalkNs time exit paths spent taking address spaces apart
 * @param reaperWalkNs the same of the reaper and process_mrelease()
 * @param exitLockNs the part of the exit paths' time that went into getting page table locks
 * @param reaperLockNs the same of the reaper and process_mrelease()
 * @param spinNs processor time that requests spent on passes that got them nothing
 * @param movement where memory went, and the time lost over it; null if nothing moves
 * @param guarding what a daemon in user space did, and what was left undone
 */
public record Outcome(
    String workload,
    String policy,
    long seed,
    Verdict verdict,
    @Nullable String panicText,
    List<KillRecord> kills,
    boolean judged,
    int killEvents,
    int killLines,
    int markings,
    long firstOomNs,
    long firstKillNs,
    long recoveryNs,
    long firstRecoveryNs,
    long stableRecoveryNs,
    long demandMetNs,
    long episodeNs,
    long stallNs,
    int brokenFutexes,
    int lostWaiters,
    double workLost,
    long rssLostPages,
    long reserveMinPages,
    long freedByExitPages,
    long freedByReaperPages,
    long freedByReclaimPages,
    long oomCalls,
    long failedRequests,
    long livelockSinceNs,
    long freedFromNs,
    long reapedUntilNs,
    long digest,
    long events,
    long exitWalkNs,
    long reaperWalkNs,
    double exitLockNs,
    double reaperLockNs,
    long spinNs,
    @Nullable Movement movement,
    Guarding guarding)
    implements Serializable {

  public Outcome {
    kills = List.copyOf(kills);
  }

  /** The names of the processes that were killed, in order. */
  public List<String> victims() {
    return kills.stream().map(KillRecord::victim).toList();
  }

  /** The names of the processes that a daemon killed, in order. */
  public List<String> daemonVictims() {
    return guarding.kills().stream().map(DaemonKill::victim).toList();
  }

  /** How the verdict is written: {@code recovered}, {@code no-oom} and so on. */
  public String verdictText() {
    return text(verdict);
  }

  /** The digest as 16 hexadecimal digits. */
  public String digestText() {
    return HexFormat.of().toHexDigits(digest);
  }

  /** How a verdict is written: {@code recovered}, {@code no-oom} and so on. */
  public static String text(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
