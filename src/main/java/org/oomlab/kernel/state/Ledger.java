package org.oomlab.kernel.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What has happened in an episode so far, as numbers: Metrics in oomlab(1). Written by the
 * mechanisms, read by everybody else.
 */
public final class Ledger {
  /** Why a process was killed. */
  public enum Reason {
    /** It had the highest badness. */
    WORST,
    /** vm.oom_kill_allocating_task. */
    ALLOCATING_TASK,
    /** memory.oom.group of its cgroup. */
    GROUP,
    /** It had asked to be the first. */
    ORIGIN,
    /** It was sacrificed for its parent. */
    CHILD,
    /** A handler of the policy chose it. */
    HANDLER
  }

  private static final int INITIAL_KILLS = 16;

  public int kills;
  public int killEvents;
  public int killLines;
  public int markings;
  public int[] killedProcess = new int[INITIAL_KILLS];
  public long[] killTimeNs = new long[INITIAL_KILLS];
  long[] killBadness = new long[INITIAL_KILLS];
  int[] killInvoker = new int[INITIAL_KILLS];
  int[] killReason = new int[INITIAL_KILLS];
  long[] killFreePages = new long[INITIAL_KILLS];

  public long firstOomNs;
  public long firstKillNs;
  public int triggerTask;
  public long recoveryNs;
  public long demandMetNs;
  public long firstRecoveryNs;
  public long stableRecoveryNs;
  public long episodeEndNs;
  public long stallTaskNs;
  public int brokenFutexes;
  public int lostWaiters;
  public double workLost;
  public long rssLostPages;
  public long reserveMinPages;
  public long freedByExitPages;
  public long freedByReaperPages;
  public long freedByReclaimPages;
  public long exitWalkNs;
  public long reaperWalkNs;
  public double exitLockNs;
  public double reaperLockNs;
  public long freedFromNs;
  public long reapedUntilNs;
  public long oomCalls;
  public long failedRequests;
  public long spinNs;
  public Panic panic = Panic.NONE;
  public long livelockSinceNs;
  public long swappedOutPages;
  public long swappedInPages;
  public long evictedPages;
  public long readPages;
  public long refaultPages;
  public long refaultFilePages;
  public long swapFullNs;
  public long throttledNs;
  public long firstStallNs;

  public int daemonKills;
  int[] struckProcess = {};
  long[] struckTimeNs = {};
  int[] struckSignal = {};

  Ledger() {
    clear();
  }

  void clear() {
    kills = 0;
    killEvents = 0;
    killLines = 0;
    markings = 0;
    firstOomNs = -1;
    firstKillNs = -1;
    triggerTask = -1;
    recoveryNs = -1;
    demandMetNs = -1;
    firstRecoveryNs = -1;
    stableRecoveryNs = -1;
    episodeEndNs = -1;
    stallTaskNs = 0;
    brokenFutexes = 0;
    lostWaiters = 0;
    workLost = 0;
    rssLostPages = 0;
    reserveMinPages = Long.MAX_VALUE;
    freedByExitPages = 0;
    freedByReaperPages = 0;
    freedByReclaimPages = 0;
    exitWalkNs = 0;
    reaperWalkNs = 0;
    exitLockNs = 0;
    reaperLockNs = 0;
    freedFromNs = -1;
    reapedUntilNs = -1;
    oomCalls = 0;
    failedRequests = 0;
    spinNs = 0;
    panic = Panic.NONE;
    livelockSinceNs = -1;
    swappedOutPages = 0;
    swappedInPages = 0;
    evictedPages = 0;
    readPages = 0;
    refaultPages = 0;
    refaultFilePages = 0;
    swapFullNs = -1;
    throttledNs = 0;
    firstStallNs = -1;
    daemonKills = 0;
  }

  void copyFrom(Ledger that) {
    ensureRoom(that.kills);
    System.arraycopy(that.killedProcess, 0, killedProcess, 0, that.kills);
    System.arraycopy(that.killTimeNs, 0, killTimeNs, 0, that.kills);
    System.arraycopy(that.killBadness, 0, killBadness, 0, that.kills);
    System.arraycopy(that.killInvoker, 0, killInvoker, 0, that.kills);
    System.arraycopy(that.killReason, 0, killReason, 0, that.kills);
    System.arraycopy(that.killFreePages, 0, killFreePages, 0, that.kills);
    kills = that.kills;
    killEvents = that.killEvents;
    killLines = that.killLines;
    markings = that.markings;
    firstOomNs = that.firstOomNs;
    firstKillNs = that.firstKillNs;
    triggerTask = that.triggerTask;
    recoveryNs = that.recoveryNs;
    demandMetNs = that.demandMetNs;
    firstRecoveryNs = that.firstRecoveryNs;
    stableRecoveryNs = that.stableRecoveryNs;
    episodeEndNs = that.episodeEndNs;
    stallTaskNs = that.stallTaskNs;
    brokenFutexes = that.brokenFutexes;
    lostWaiters = that.lostWaiters;
    workLost = that.workLost;
    rssLostPages = that.rssLostPages;
    reserveMinPages = that.reserveMinPages;
    freedByExitPages = that.freedByExitPages;
    freedByReaperPages = that.freedByReaperPages;
    freedByReclaimPages = that.freedByReclaimPages;
    exitWalkNs = that.exitWalkNs;
    reaperWalkNs = that.reaperWalkNs;
    exitLockNs = that.exitLockNs;
    reaperLockNs = that.reaperLockNs;
    freedFromNs = that.freedFromNs;
    reapedUntilNs = that.reapedUntilNs;
    oomCalls = that.oomCalls;
    failedRequests = that.failedRequests;
    spinNs = that.spinNs;
    panic = that.panic;
    livelockSinceNs = that.livelockSinceNs;
    swappedOutPages = that.swappedOutPages;
    swappedInPages = that.swappedInPages;
    evictedPages = that.evictedPages;
    readPages = that.readPages;
    refaultPages = that.refaultPages;
    refaultFilePages = that.refaultFilePages;
    swapFullNs = that.swapFullNs;
    throttledNs = that.throttledNs;
    firstStallNs = that.firstStallNs;
    daemonKills = 0;
    for (int i = 0; i < that.daemonKills; i++) {
      addDaemonKill(that.struckProcess[i], that.struckTimeNs[i], that.struckSignal[i]);
    }
  }

  public void addDaemonKill(int process, long nowNs, int signal) {
    if (daemonKills == struckProcess.length) {
      int room = Math.max(INITIAL_KILLS, 2 * daemonKills);
      struckProcess = Arrays.copyOf(struckProcess, room);
      struckTimeNs = Arrays.copyOf(struckTimeNs, room);
      struckSignal = Arrays.copyOf(struckSignal, room);
    }
    struckProcess[daemonKills] = process;
    struckTimeNs[daemonKills] = nowNs;
    struckSignal[daemonKills] = signal;
    daemonKills++;
  }

  public void addKill(
      int process, long nowNs, long badness, int invoker, Reason reason, long freePages) {
    ensureRoom(kills + 1);
    killedProcess[kills] = process;
    killTimeNs[kills] = nowNs;
    killBadness[kills] = badness;
    killInvoker[kills] = invoker;
    killReason[kills] = reason.ordinal();
    killFreePages[kills] = freePages;
    kills++;
  }

  private void ensureRoom(int needed) {
    if (needed > killedProcess.length) {
      int room = Math.max(needed, 2 * killedProcess.length);
      killedProcess = Arrays.copyOf(killedProcess, room);
      killTimeNs = Arrays.copyOf(killTimeNs, room);
      killBadness = Arrays.copyOf(killBadness, room);
      killInvoker = Arrays.copyOf(killInvoker, room);
      killReason = Arrays.copyOf(killReason, room);
      killFreePages = Arrays.copyOf(killFreePages, room);
    }
  }

  /** Processes that the daemon killed. */
  public int daemonKills() {
    return daemonKills;
  }

  /** The number of the i-th process that the daemon killed, from 0. */
  public int struckProcess(int i) {
    return struckProcess[i];
  }

  /** When the daemon killed it, nanoseconds after boot. */
  public long struckTimeNs(int i) {
    return struckTimeNs[i];
  }

  /** The signal that it was sent first: 0 SIGTERM, 1 SIGKILL. */
  public int struckSignal(int i) {
    return struckSignal[i];
  }

  /** When somebody first stalled for want of memory, nanoseconds after boot, or -1. */
  public long firstStallNs() {
    return firstStallNs;
  }

  /** Pages swapped out. */
  public long swappedOutPages() {
    return swappedOutPages;
  }

  /** Pages swapped in again. */
  public long swappedInPages() {
    return swappedInPages;
  }

  /** Mapped pages of files that reclaim has taken. */
  public long evictedPages() {
    return evictedPages;
  }

  /** Pages that were faulted in again, from swap or from a file. */
  public long readPages() {
    return readPages;
  }

  /** Of these, how many had been part of the working set: workingset_refault. */
  public long refaultPages() {
    return refaultPages;
  }

  /** When the swap device was first full, after boot, or -1. */
  public long swapFullNs() {
    return swapFullNs;
  }

  /** How long tasks were held back by memory.high, summed over them. */
  public long throttledNs() {
    return throttledNs;
  }

  /** Processes killed by the OOM killer that were neither victims nor dying already. */
  public int kills() {
    return kills;
  }

  /** Decisions to kill: a cgroup killed as one counts once. */
  public int killEvents() {
    return killEvents;
  }

  /** Lines "Killed process" that a kernel would log: a group's chosen victim is logged twice. */
  public int killLines() {
    return killLines;
  }

  /** Threads that became victims without a kill: they were dying already. */
  public int markings() {
    return markings;
  }

  /** The number of the i-th process killed, from 0. */
  public int killedProcess(int i) {
    return killedProcess[i];
  }

  /** When it was killed, nanoseconds after boot. */
  public long killTimeNs(int i) {
    return killTimeNs[i];
  }

  /** Its badness at that moment, in pages. */
  public long killBadness(int i) {
    return killBadness[i];
  }

  /** The number of the process whose request led to the kill. */
  public int killInvoker(int i) {
    return killInvoker[i];
  }

  /** Why it was killed. */
  public Reason killReason(int i) {
    return Reason.values()[killReason[i]];
  }

  /** Free pages at that moment. */
  public long killFreePages(int i) {
    return killFreePages[i];
  }

  /** When out_of_memory() was first called, nanoseconds after boot, or -1. */
  public long firstOomNs() {
    return firstOomNs;
  }

  /** When the first process was killed, nanoseconds after boot, or -1. */
  public long firstKillNs() {
    return firstKillNs;
  }

  /**
   * From the first kill to the first page that the request behind it got; 0 if it was satisfied
   * before any kill, -1 if never.
   */
  public long recoveryNs() {
    return recoveryNs;
  }

  /** From the first OOM call to the end of the last request that was blocked, or -1. */
  public long demandMetNs() {
    return demandMetNs;
  }

  /**
   * From the first OOM call until, after a kill, free memory was at the low watermark and nobody
   * who allocates was blocked, the dying included; -1 if that never was. Of a cgroup, only the
   * second counts.
   */
  public long firstRecoveryNs() {
    return firstRecoveryNs < 0 ? -1 : firstRecoveryNs - firstOomNs;
  }

  /** The same, until that was so for the last time. */
  public long stableRecoveryNs() {
    return stableRecoveryNs < 0 ? -1 : stableRecoveryNs - firstOomNs;
  }

  /** From the first OOM call to the end of the OOM episode, or -1. */
  public long episodeNs() {
    return episodeEndNs < 0 ? -1 : episodeEndNs - firstOomNs;
  }

  /** Time that requests spent blocked, summed over tasks, in nanoseconds. */
  public long stallNs() {
    return stallTaskNs;
  }

  /** Robust futexes that nobody will ever release, with somebody waiting or to come. */
  public int brokenFutexes() {
    return brokenFutexes;
  }

  /** Waiters that will never be woken. */
  public int lostWaiters() {
    return lostWaiters;
  }

  /** Work units done since their last checkpoint by processes that were killed. */
  public double workLost() {
    return workLost;
  }

  /** Resident pages of the processes that were killed, when they were. */
  public long rssLostPages() {
    return rssLostPages;
  }

  /** The fewest free pages there ever were. */
  public long reserveMinPages() {
    return reserveMinPages;
  }

  /** Pages freed by exit paths. */
  public long freedByExitPages() {
    return freedByExitPages;
  }

  /** Pages freed by the reaper or process_mrelease(). */
  public long freedByReaperPages() {
    return freedByReaperPages;
  }

  /** Pages freed by reclaim. */
  public long freedByReclaimPages() {
    return freedByReclaimPages;
  }

  /** Time that exit paths spent taking address spaces apart, in nanoseconds. */
  public long exitWalkNs() {
    return exitWalkNs;
  }

  /** The same of the reaper and process_mrelease(). */
  public long reaperWalkNs() {
    return reaperWalkNs;
  }

  /** The part of {@link #exitWalkNs} that went into getting page table locks, in nanoseconds. */
  public double exitLockNs() {
    return exitLockNs;
  }

  /** The part of {@link #reaperWalkNs} that went into getting page table locks, in nanoseconds. */
  public double reaperLockNs() {
    return reaperLockNs;
  }

  /** When the first address space began to give pages back, nanoseconds after boot, or -1. */
  public long freedFromNs() {
    return freedFromNs;
  }

  /** When somebody but its own exit last took a page from one, nanoseconds after boot, or -1. */
  public long reapedUntilNs() {
    return reapedUntilNs;
  }

  /** How often out_of_memory() was called. */
  public long oomCalls() {
    return oomCalls;
  }

  /** How often a request was refused, whether or not it was tried again. */
  public long failedRequests() {
    return failedRequests;
  }

  /** Nanoseconds of processor time that failing requests spent on passes of reclaim. */
  public long spinNs() {
    return spinNs;
  }

  /** The words of the panic, or null. */
  public @Nullable String panicText() {
    return panic.text();
  }

  /** When the last progress before a livelock was made, nanoseconds after boot, or -1. */
  public long livelockSinceNs() {
    return livelockSinceNs;
  }
}
