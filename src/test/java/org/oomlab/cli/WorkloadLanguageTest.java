package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said in a workload, held against what comes of it. */
class WorkloadLanguageTest {
  /** A victim that is stuck, a request, and somebody who has memory to give back. */
  private static final String STUCK =
      """
      workload: stuck
      costs: reference
      machine: {memory: 1GiB, free: 200MiB, min: 16MiB}
      processes:
        - name: hog
          memory: [{kind: anonymous, size: 700MiB, locked: true}]
          run: [{block: 1h}]
        - name: asks
          oom_score_adj: -1000
          memory: [{kind: anonymous, size: 4MiB, name: heap}]
          run: [{sleep: 5ms}, {touch: {size: 120MiB, memory: heap}}]
        - name: giver
          kernel_thread: true
          run: [{alloc: 100MiB}, WAIT, {sleep: 7ms}, {free: all}]
      claims:
      """;

  @TempDir Path folder;

  private String file(String text) throws IOException {
    Path file = folder.resolve("stuck.yaml");
    Files.writeString(file, text);
    return file.toString();
  }

  private void holds(String workload, String... claims) throws IOException {
    Cli.Result result = check(workload, claims);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
  }

  private Cli.Result check(String workload, String... claims) throws IOException {
    StringBuilder text = new StringBuilder(workload);
    for (String claim : claims) {
      text.append("  - {because: so, ").append(claim).append("}\n");
    }
    return Cli.run("check", file(text.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-4.5", "linux-6.18"})
  void anActionCanBeTimedByAKill(String policy) throws IOException {
    String world =
        STUCK.replace("WAIT", "{wait_killed: hog}").replace("locked: true", "locked: LOCKED");
    String unreaped =
        "policies: [{policy: p, extends: " + policy + ", reaper: {enabled: false}}]\n";
    holds(unreaped + world.replace("LOCKED", "true"), "policy: p, kills: 1, recovery: 7ms..12ms");
    // Where nobody is killed nobody is woken.
    holds(
        unreaped + world.replace("LOCKED", "true").replace("size: 120MiB", "size: 1MiB"),
        "policy: p, kills: 0, freed_by_exit: 0");
  }

  @Test
  void anActionCanBeTimedByMmfOomSkip() throws IOException {
    // Of a victim that is stuck the reaper takes nothing that is locked, and hides it.
    String world =
        STUCK
            .replace("WAIT", "{wait_oom_skip: hog}")
            .replace(
                "- name: asks",
                "- name: other\n    memory: [{kind: anonymous, size: 10MiB}]\n    run: [{block: 1h}]\n  - name: asks");
    holds(world, "policy: linux-4.17, victims: [hog, other], recovery: 7ms..30ms");
  }

  @Test
  void whoWaitsForAKillCanBeKilledFrozenAndWaitedFor() throws IOException {
    String world =
        STUCK
            .replace("kernel_thread: true", "memory: [{kind: anonymous, size: 1MiB}]")
            .replace("{alloc: 100MiB}, WAIT", "{wait_killed: asks}")
            .replace("size: 120MiB", "size: 190MiB")
            .replace(
                "{sleep: 5ms}",
                "{kill: giver}, {freeze: {process: hog, freezer: v1}}, {sleep: 5ms}")
            .replace("run: [{block: 1h}]", "run: [{wait_killed: giver}, {sleep: 1s}, exit:]");
    holds(world, "policy: linux-6.18, kills: 1");
    assertThat(
            check(STUCK.replace("WAIT", "{wait_killed: giver}"), "policy: linux-6.1, kills: 1")
                .err())
        .contains("giver is a kernel thread, which is never killed");
    assertThat(
            check(STUCK.replace("WAIT", "{wait_killed: hgo}"), "policy: linux-6.1, kills: 1").err())
        .contains("did you mean hog?");
  }

  @Test
  void whatBecameOfARequestAFutexAndTheReapersAttemptsCanBeClaimed() throws IOException {
    String world =
        STUCK
            .replace("WAIT", "{wait_killed: hog}")
            .replace("processes:", "futexes: [F, G]\nprocesses:")
            .replace("run: [{block: 1h}]", "run: [{take_futex: F}, {block: 1h}]");
    holds(
        world,
        "policy: linux-6.18, recovery_of: {asks: 7ms..12ms, hog: absent}",
        "policy: linux-6.18, killed_at: {hog: 0s..1ms, asks: absent}",
        "policy: linux-6.18, reaper_attempts: {hog: '>= 0', asks: 0}",
        "policy: linux-6.18, futexes: {F: intact, G: intact}, free_at_panic: absent",
        "policy: linux-6.18, share: {recovery_of.asks=< 1ms: 0%}");
    String fails = check(world, "policy: linux-6.18, recovery_of: {asks: < 1ms}").out();
    assertThat(fails).containsPattern("fails +linux-6.18 +recovery_of.asks +< 1ms +[0-9.]+ms");
    assertThat(check(world, "policy: linux-6.18, recovery_of: {aks: < 1ms}").err())
        .contains("did you mean asks?");
    assertThat(check(world, "policy: linux-6.18, futexes: {H: broken}").err()).contains("'H'");
    assertThat(check(world, "policy: linux-6.18, futexes: {F: brokn}").err())
        .contains("expected one of intact, owner_died, broken");
  }

  @Test
  void whatIsFreeAtAPanicCanBeClaimed() {
    Cli.Result result =
        Cli.runWithInput(
            STUCK
                    .replace("WAIT", "{sleep: 1h}")
                    .replace("- name: hog", "- name: hog\n    oom_score_adj: -1000")
                + "  - {because: so, policy: linux-6.18, outcome: panic, free_at_panic: 15MiB..17MiB}\n"
                + "  - {because: so, policy: linux-6.18, free_at_panic: '> 17MiB'}\n",
            "check",
            "-");
    assertThat(result.out())
        .containsPattern("holds +linux-6.18 +free_at_panic ")
        .containsPattern("fails +linux-6.18 +free_at_panic +> 17MiB +1[0-9.]+MiB|pages");
  }
}
