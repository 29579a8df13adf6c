package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;

/** The process of a daemon is one like any other, and nobody's but its policy's. */
class DaemonTest {
  private static final String GROWER = "pressure-6.12-p2";

  private static Kernel under(String workload, DaemonSettings daemon) {
    Workload loaded = Worlds.workload(workload);
    Policy policy = Worlds.policy("linux-6.1").with(daemon);
    return new Kernel(loaded, Worlds.costs(loaded), policy);
  }

  private static DaemonSettings daemon(String kind, String... settings) {
    DaemonSettings daemon = DaemonSettings.of(kind);
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      daemon = daemon.with(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return daemon;
  }

  private static Ledger run(Kernel kernel, long seed) {
    kernel.boot(seed, TraceSink.NONE);
    kernel.run();
    return kernel.ledger();
  }

  @Test
  void aDaemonKillsBeforeTheKernelDoes() {
    Ledger ledger = run(under(GROWER, daemon("earlyoom")), 1);

    assertThat(ledger.kills()).isZero();
    assertThat(ledger.daemonKills()).isOne();
    assertThat(ledger.firstOomNs()).isNegative();
    assertThat(ledger.workLost()).isGreaterThanOrEqualTo(0);
    assertThat(ledger.rssLostPages()).isPositive();
  }

  @Test
  void oneThatNeverActsLeavesItToTheKernel() {
    Ledger ledger = run(under(GROWER, daemon("rule")), 1);

    assertThat(ledger.kills()).isOne();
  }

  @Test
  void dryRunKillsNobody() {
    Ledger ledger = run(under(GROWER, daemon("earlyoom", "dryrun=true")), 1);

    assertThat(ledger.daemonKills()).isZero();
    assertThat(ledger.kills()).isOne();
  }

  @Test
  void whatIsSparedByNameIsSpared() {
    Kernel kernel = under(GROWER, daemon("earlyoom", "ignore=^g$"));
    List<String> names = Kernel.populated(Worlds.workload(GROWER), withEarlyoom()).processNames();

    Ledger ledger = run(kernel, 1);

    for (int i = 0; i < ledger.daemonKills(); i++) {
      assertThat(names.get(ledger.struckProcess(i))).isNotEqualTo("g");
    }
  }

  private static Policy withEarlyoom() {
    return Worlds.policy("linux-6.1").with(daemon("earlyoom"));
  }

  @Test
  void aCopyGoesOnAsTheOriginalDoes() {
    for (String kind : List.of("earlyoom", "lmkd", "nohang", "kubelet", "rule")) {
      DaemonSettings daemon =
          kind.equals("rule") ? daemon(kind, "psi_above=20%", "lasting=5s") : daemon(kind);
      Kernel original = under(GROWER, daemon);
      Kernel copy = under(GROWER, daemon);
      original.boot(3, TraceSink.NONE);
      for (int i = 0; i < 8000 && original.step(); i++) {}
      copy.copyFrom(original);

      original.run();
      copy.run();

      assertThat(copy.digest()).as(kind).isEqualTo(original.digest());
      assertThat(copy.events()).as(kind).isEqualTo(original.events());
    }
  }

  @Test
  void theSameSeedIsTheSameEpisode() {
    Kernel kernel = under(GROWER, daemon("earlyoom"));
    run(kernel, 7);
    long digest = kernel.digest();
    run(kernel, 8);

    run(kernel, 7);

    assertThat(kernel.digest()).isEqualTo(digest);
  }

  @Test
  void aMutedDaemonLooksAndKillsNobody() {
    Kernel kernel = under(GROWER, daemon("earlyoom"));
    kernel.boot(1, TraceSink.NONE);
    kernel.muteDaemon();
    kernel.run();

    assertThat(kernel.ledger().daemonKills()).isZero();
    assertThat(kernel.ledger().kills()).isOne();
  }

  @Test
  void itStopsOnTheBrinkOfItsKill() {
    Kernel kernel = under(GROWER, daemon("earlyoom"));
    kernel.boot(1, TraceSink.NONE);

    assertThat(kernel.runToNextDeath(Long.MAX_VALUE)).isTrue();

    assertThat(kernel.isDaemonAboutToKill()).isTrue();
    assertThat(kernel.ledger().daemonKills()).isZero();
    kernel.step();
    assertThat(kernel.ledger().daemonKills()).isOne();
    assertThat(kernel.isDaemonAboutToKill()).isFalse();
  }

  @Test
  void itsMemoryIsOfTheMachine() {
    Workload workload = Worlds.workload(GROWER);
    Kernel alone = new Kernel(workload, Worlds.costs(workload), Worlds.policy("linux-6.1"));
    alone.boot(1, TraceSink.NONE);
    Kernel watched = under(GROWER, daemon("earlyoom", "process.memory=8MiB"));
    watched.boot(1, TraceSink.NONE);

    int daemon = watched.processes() - 1;

    assertThat(watched.processes()).isEqualTo(alone.processes() + 1);
    assertThat(watched.procfs().of(daemon).rss()).isEqualTo(8 * 256);
    assertThat(watched.procfs().oomScoreAdj(daemon)).isEqualTo(-100);
  }

  @Test
  void whatIsNotLockedIsSwappedOut() {
    Kernel kernel =
        under(GROWER, daemon("kubelet", "process.memory=40MiB", "housekeepingInterval=1000s"));
    kernel.boot(1, TraceSink.NONE);
    kernel.run();

    assertThat(kernel.procfs().of(kernel.processes() - 1).swap()).isPositive();
  }

  @Test
  void aTriggerWakesItAndNothingElseDoes() {
    List<Long> looks = new ArrayList<>();
    Kernel kernel = under(GROWER, daemon("lmkd"));
    kernel.boot(
        1,
        (now, point, subject, a, b) -> {
          if (point == org.oomlab.trace.Tracepoint.DAEMON_KILL) {
            looks.add(now);
          }
        });
    kernel.run();

    assertThat(looks).isNotEmpty();
    assertThat(looks.get(0)).isGreaterThan(kernel.ledger().firstStallNs());
    assertThat(looks.get(0)).isLessThan(kernel.ledger().firstStallNs() + 5 * Span.SECOND);
  }

  @Test
  void aThresholdThatTheKernelRefusesWakesNobody() {
    Ledger ledger = run(under(GROWER, daemon("lmkd", "psi_complete_stall_ms=1001")), 1);

    assertThat(ledger.daemonKills()).isZero();
  }
}
