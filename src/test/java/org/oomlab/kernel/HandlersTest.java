package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.handler.Handler;
import org.oomlab.handler.Handler.Action;
import org.oomlab.handler.Handler.By;
import org.oomlab.handler.Handler.InFlight;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;

/** Who handles an OOM first, and what if it does not. */
class HandlersTest {
  private static final long TAKES_NS = 10_000;

  private static Handler handler(String cgroup, Action action, By by, long promiseNs) {
    return new Handler("h", cgroup, action, by, InFlight.DECLINE, -1, promiseNs, TAKES_NS);
  }

  private static Ledger run(String workload, Handler... handlers) {
    return kernel(workload, handlers).ledger();
  }

  private static Kernel kernel(String workload, Handler... handlers) {
    Workload loaded = Worlds.workload(workload);
    Policy policy = Worlds.policy("linux-6.18").with(List.of(handlers));
    Kernel kernel = new Kernel(loaded, Worlds.costs(loaded), policy);
    kernel.boot(1, TraceSink.NONE);
    kernel.run();
    return kernel;
  }

  @Test
  void whoDeclinesLeavesItToTheKernel() {
    Kernel without = kernel("kill-storm");
    Kernel with = kernel("kill-storm", handler("", Action.DECLINE, By.BADNESS, 0));

    assertThat(with.ledger().killedProcess(0)).isEqualTo(without.ledger().killedProcess(0));
    assertThat(with.ledger().kills()).isEqualTo(without.ledger().kills());
  }

  @Test
  void whoKillsIsNotAskedWhatTheKernelThinks() {
    Ledger ledger = run("kill-storm", handler("tenant", Action.KILL_TASK, By.ADJ, 0));

    assertThat(ledger.killReason(0)).isEqualTo(Ledger.Reason.HANDLER);
  }

  @Test
  void oneOfAnotherCgroupIsNotAsked() {
    Ledger ledger = run("kill-storm", handler("elsewhere", Action.KILL_TASK, By.ADJ, 0));

    assertThat(ledger.killReason(0)).isEqualTo(Ledger.Reason.WORST);
  }

  @Test
  void aWholeCgroupIsOneDecision() {
    Workload loaded = Worlds.workload("desktop-tabs");
    Policy policy =
        Worlds.policy("linux-6.18").with(List.of(handler("", Action.KILL_CGROUP, By.SIZE, 0)));
    Kernel kernel = new Kernel(loaded, Worlds.costs(loaded), policy);
    kernel.boot(1, TraceSink.NONE);
    kernel.run();

    assertThat(kernel.ledger().kills()).isEqualTo(12);
    assertThat(kernel.ledger().killEvents()).isOne();
  }

  @Test
  void aPromiseEndsInTime() {
    Ledger ledger = run("promise-not-kept", handler("", Action.PROMISE, By.BADNESS, Span.SECOND));

    assertThat(ledger.killTimeNs(0) - ledger.firstOomNs())
        .isBetween(Span.SECOND, Span.SECOND + 20 * Span.SECOND / 1000);
  }

  @Test
  void oneWithoutAnEndIsALivelock() {
    Kernel kernel =
        kernel("promise-not-kept", handler("", Action.PROMISE, By.BADNESS, Span.FOREVER));

    assertThat(kernel.verdict()).isEqualTo(Verdict.LIVELOCK);
    assertThat(kernel.ledger().kills()).isZero();
  }

  @Test
  void theTimeItTakesPassesBeforeTheKill() {
    Handler slow =
        new Handler("slow", "", Action.KILL_TASK, By.BADNESS, InFlight.DECLINE, -1, 0, Span.SECOND);
    Ledger ledger = run("promise-not-kept", slow);

    assertThat(ledger.killTimeNs(0) - ledger.firstOomNs()).isGreaterThanOrEqualTo(Span.SECOND);
  }

  @Test
  void aCopyRemembersWhatWasPromised() {
    Workload loaded = Worlds.workload("promise-not-kept");
    Policy policy =
        Worlds.policy("linux-6.18")
            .with(List.of(handler("", Action.PROMISE, By.BADNESS, Span.SECOND)));
    Kernel original = new Kernel(loaded, Worlds.costs(loaded), policy);
    Kernel copy = new Kernel(loaded, Worlds.costs(loaded), policy);
    original.boot(1, TraceSink.NONE);
    while (original.ledger().oomCalls() < 5 && original.step()) {}
    copy.copyFrom(original);

    original.run();
    copy.run();

    assertThat(copy.digest()).isEqualTo(original.digest());
  }
}
