package org.oomlab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.claim.ClaimResult;
import org.oomlab.experiment.claim.Claims;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
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

  /** Read once, however often a test is run in this JVM. */
  private static final List<String> NAMES = names();

  private static final Map<String, Workload> WORKLOADS = new ConcurrentHashMap<>();
  private static final Map<String, Policy> POLICIES = new ConcurrentHashMap<>();

  private static List<String> names() {
    String some = System.getProperty("oomlab.claims", "");
    return some.isEmpty()
        ? LIBRARY.workloads().stream().map(Entry::name).toList()
        : LIBRARY.resolveWorkloads(List.of(some.split(",")), note -> {}).stream()
            .map(Workload::name)
            .toList();
  }

  private static Workload workload(String named) {
    return WORKLOADS.computeIfAbsent(
        named, name -> LIBRARY.resolveWorkloads(List.of(name), note -> {}).get(0));
  }

  private static Policy policy(String named) {
    return POLICIES.computeIfAbsent(
        named, name -> LIBRARY.resolvePolicies(List.of(name), note -> {}).get(0));
  }

  @TestFactory
  Stream<DynamicTest> everyClaimHolds() {
    return NAMES.stream().map(name -> DynamicTest.dynamicTest(name, () -> claimsHold(name)));
  }

  private static void claimsHold(String name) throws InterruptedException {
    Workload workload = workload(name);
    List<ClaimResult> results =
        Claims.check(
            workload,
            LIBRARY.costs(workload.costsName()),
            WorkloadClaimsTest::policy,
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
    return NAMES.stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> assertThat(workload(name).claims()).isNotEmpty()));
  }
}
