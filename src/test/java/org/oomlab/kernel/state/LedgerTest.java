package org.oomlab.kernel.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written down of an episode, and what is read off it. */
class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void everyKillIsKeptHoweverManyThereAre() {
    for (int i = 0; i < 100; i++) {
      ledger.addKill(i, 10 + i, 20 + i, 30 + i, Ledger.Reason.values()[i % 6], 40 + i);
    }
    Ledger copy = new Ledger();
    copy.copyFrom(ledger);

    for (Ledger each : new Ledger[] {ledger, copy}) {
      assertThat(each.kills()).isEqualTo(100);
      for (int i = 0; i < 100; i++) {
        assertThat(each.killedProcess(i)).isEqualTo(i);
        assertThat(each.killTimeNs(i)).isEqualTo(10 + i);
        assertThat(each.killBadness(i)).isEqualTo(20 + i);
        assertThat(each.killInvoker(i)).isEqualTo(30 + i);
        assertThat(each.killReason(i)).isEqualTo(Ledger.Reason.values()[i % 6]);
        assertThat(each.killFreePages(i)).isEqualTo(40 + i);
      }
    }
    ledger.clear();
    assertThat(ledger.kills()).isZero();
    assertThat(copy.kills()).isEqualTo(100);
  }

  @Test
  void soIsEveryKillOfTheDaemon() {
    for (int i = 0; i < 100; i++) {
      ledger.addDaemonKill(i, 10 + i, i % 2);
    }
    Ledger copy = new Ledger();
    copy.addDaemonKill(7, 7, 7);
    copy.copyFrom(ledger);

    for (Ledger each : new Ledger[] {ledger, copy}) {
      assertThat(each.daemonKills()).isEqualTo(100);
      for (int i = 0; i < 100; i++) {
        assertThat(each.struckProcess(i)).isEqualTo(i);
        assertThat(each.struckTimeNs(i)).isEqualTo(10 + i);
        assertThat(each.struckSignal(i)).isEqualTo(i % 2);
      }
    }
  }

  @Test
  void listsGrowByDoubling() {
    for (int i = 0; i < 16; i++) {
      ledger.addKill(i, 0, 0, 0, Ledger.Reason.WORST, 0);
      ledger.addDaemonKill(i, 0, 0);
    }
    assertThat(ledger.killedProcess).hasSize(16);
    assertThat(ledger.struckProcess).hasSize(16);

    ledger.addKill(16, 0, 0, 0, Ledger.Reason.WORST, 0);
    ledger.addDaemonKill(16, 0, 0);
    assertThat(ledger.killedProcess).hasSize(32);
    assertThat(ledger.struckProcess).hasSize(32);
  }

  @Test
  void whatNeverHappenedIsMinusOne() {
    assertThat(ledger.firstOomNs()).isEqualTo(-1);
    assertThat(ledger.firstKillNs()).isEqualTo(-1);
    assertThat(ledger.recoveryNs()).isEqualTo(-1);
    assertThat(ledger.demandMetNs()).isEqualTo(-1);
    assertThat(ledger.firstRecoveryNs()).isEqualTo(-1);
    assertThat(ledger.stableRecoveryNs()).isEqualTo(-1);
    assertThat(ledger.episodeNs()).isEqualTo(-1);
    assertThat(ledger.freedFromNs()).isEqualTo(-1);
    assertThat(ledger.reapedUntilNs()).isEqualTo(-1);
    assertThat(ledger.swapFullNs()).isEqualTo(-1);
    assertThat(ledger.firstStallNs()).isEqualTo(-1);
    assertThat(ledger.livelockSinceNs()).isEqualTo(-1);
    assertThat(ledger.panicText()).isNull();
  }

  @Test
  void timesOfRecoveryCountFromTheFirstOomCall() {
    ledger.firstOomNs = 100;
    ledger.firstRecoveryNs = 100;
    ledger.stableRecoveryNs = 170;
    ledger.episodeEndNs = 190;

    assertThat(ledger.firstRecoveryNs()).isZero();
    assertThat(ledger.stableRecoveryNs()).isEqualTo(70);
    assertThat(ledger.episodeNs()).isEqualTo(90);
    ledger.firstOomNs = 0;
    ledger.firstRecoveryNs = 0;
    ledger.stableRecoveryNs = 0;
    ledger.episodeEndNs = 0;
    assertThat(ledger.firstRecoveryNs()).isZero();
    assertThat(ledger.stableRecoveryNs()).isZero();
    assertThat(ledger.episodeNs()).isZero();
  }

  @Test
  void everyNumberIsReadOffWhereItWasWritten() {
    ledger.killEvents = 1;
    ledger.killLines = 2;
    ledger.markings = 3;
    ledger.stallTaskNs = 4;
    ledger.brokenFutexes = 5;
    ledger.lostWaiters = 6;
    ledger.workLost = 7;
    ledger.rssLostPages = 8;
    ledger.reserveMinPages = 9;
    ledger.freedByExitPages = 10;
    ledger.freedByReaperPages = 11;
    ledger.freedByReclaimPages = 12;
    ledger.exitWalkNs = 13;
    ledger.reaperWalkNs = 14;
    ledger.exitLockNs = 15;
    ledger.reaperLockNs = 16;
    ledger.oomCalls = 17;
    ledger.failedRequests = 18;
    ledger.spinNs = 19;
    ledger.swappedOutPages = 20;
    ledger.swappedInPages = 21;
    ledger.evictedPages = 22;
    ledger.readPages = 23;
    ledger.refaultPages = 24;
    ledger.throttledNs = 25;

    assertThat(
            new double[] {
              ledger.killEvents(),
              ledger.killLines(),
              ledger.markings(),
              ledger.stallNs(),
              ledger.brokenFutexes(),
              ledger.lostWaiters(),
              ledger.workLost(),
              ledger.rssLostPages(),
              ledger.reserveMinPages(),
              ledger.freedByExitPages(),
              ledger.freedByReaperPages(),
              ledger.freedByReclaimPages(),
              ledger.exitWalkNs(),
              ledger.reaperWalkNs(),
              ledger.exitLockNs(),
              ledger.reaperLockNs(),
              ledger.oomCalls(),
              ledger.failedRequests(),
              ledger.spinNs(),
              ledger.swappedOutPages(),
              ledger.swappedInPages(),
              ledger.evictedPages(),
              ledger.readPages(),
              ledger.refaultPages(),
              ledger.throttledNs()
            })
        .containsExactly(
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
            25);
  }

  @Test
  void momentsAreReadOffAsTheyAre() {
    ledger.firstOomNs = 1;
    ledger.firstKillNs = 2;
    ledger.recoveryNs = 3;
    ledger.demandMetNs = 4;
    ledger.freedFromNs = 5;
    ledger.reapedUntilNs = 6;
    ledger.swapFullNs = 7;
    ledger.firstStallNs = 8;
    ledger.livelockSinceNs = 9;

    assertThat(
            new long[] {
              ledger.firstOomNs(),
              ledger.firstKillNs(),
              ledger.recoveryNs(),
              ledger.demandMetNs(),
              ledger.freedFromNs(),
              ledger.reapedUntilNs(),
              ledger.swapFullNs(),
              ledger.firstStallNs(),
              ledger.livelockSinceNs()
            })
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @ParameterizedTest
  @EnumSource(Panic.class)
  void aPanicHasTheWordsOfTheKernel(Panic panic) {
    ledger.panic = panic;

    assertThat(ledger.panicText())
        .isEqualTo(
            switch (panic) {
              case NONE -> null;
              case NO_KILLABLE_PROCESSES -> "Out of memory and no killable processes...";
              case DEADLOCKED -> "System is deadlocked on memory";
              case SYSTEM_WIDE -> "Out of memory: system-wide panic_on_oom is enabled";
              case COMPULSORY -> "Out of memory: compulsory panic_on_oom is enabled";
            });
  }
}
