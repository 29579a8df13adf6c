package org.oomlab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Setting;

/**
 * A reaper that does not sleep between attempts, and does not give up either. Where timers are
 * exact it once made all of them at the same instant, for ever.
 */
class SpinningReaperTest {
  @Test
  void timeGoesOnWhileItSpins() {
    Library library =
        Library.open(null).withSettings(List.of(Setting.parse("reaper.retry_interval=0s")));
    Workload workload =
        library.resolveWorkloads(List.of("lock-held-for-four-seconds"), note -> {}).get(0);
    Policy policy =
        library.resolvePolicies(List.of("rientjes-reap-timeout-2018"), note -> {}).get(0);
    Kernel kernel = new Kernel(workload, library.costs(workload.costsName()), policy);
    kernel.boot(1, TraceSink.NONE);

    long events = 0;
    while (kernel.step() && events < 100_000) {
      events++;
    }

    assertThat(kernel.verdict()).isEqualTo(Verdict.RECOVERED);
    assertThat(kernel.ledger().kills()).isEqualTo(1);
  }
}
