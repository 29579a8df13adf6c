package org.oomlab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.claim.ClaimResult;
import org.oomlab.experiment.claim.Claims;
import org.oomlab.kernel.Rigour;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;

/**
 * Every claim of every shipped workload holds. The specification is the files; {@code oomlab check}
 * runs the same.
 *
 * <p>{@code -Doomlab.claims=counted,memcg} leaves it at the claims of some, for those who break the
 * code a thousand times to see whether anybody notices.
 */
class WorkloadClaimsTest {
  private static final Library LIBRARY = Library.open(null);

  private static Stream<String> names() {
    String some = System.getProperty("oomlab.claims", "");
    return some.isEmpty()
        ? LIBRARY.workloads().stream().map(Entry::name)
        : LIBRARY.resolveWorkloads(List.of(some.split(",")), note -> {}).stream()
            .map(Workload::name);
  }

  @TestFactory
  Stream<DynamicTest> everyClaimHolds() {
    return names().map(name -> DynamicTest.dynamicTest(name, () -> claimsHold(name)));
  }

  private static void claimsHold(String name) throws InterruptedException {
    Workload workload = LIBRARY.resolveWorkloads(List.of(name), note -> {}).get(0);
    List<ClaimResult> results =
        Claims.check(
            workload,
            LIBRARY.costs(workload.costsName()),
            policy -> LIBRARY.resolvePolicies(List.of(policy), note -> {}).get(0),
            Rigour.USUAL,
            Runtime.getRuntime().availableProcessors(),
            Progress.NONE);
    List<String> broken = new ArrayList<>();
    for (ClaimResult result : results) {
      if (!result.holds()) {
        broken.add(
            "%s: under %s, %s should be %s and is %s; %s"
                .formatted(
                    result.position(),
                    result.policy(),
                    result.metric(),
                    result.expected(),
                    result.measured(),
                    result.reproduce()));
      }
    }
    assertThat(broken).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyWorkloadClaimsSomething() {
    return names()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () ->
                        assertThat(
                                LIBRARY.resolveWorkloads(List.of(name), note -> {}).get(0).claims())
                            .isNotEmpty()));
  }
}
