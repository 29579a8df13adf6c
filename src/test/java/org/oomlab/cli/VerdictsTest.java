package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.KillRecord;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/**
 * What the log of an episode tells of its kills is held against what is known of them, for the
 * episode can be run again without each.
 */
class VerdictsTest {
  private static final Library LIBRARY = Library.open(null);
  private static final Pattern VERDICT =
      Pattern.compile("\"victim\":(?:\"([^\"]*)\"|null).*?\"verdict\":\"([a-z_]+)\"");

  /** Of so many kills of a workload a log has to tell. */
  private static final double MOST = 0.9;

  private record Verdict(String victim, String verdict) {}

  @ParameterizedTest
  @CsvSource({
    "mlocked-all,linux-4.17",
    "mlocked-search-node,linux-5.10",
    "mlocked-cache-fleet,linux-4.17",
    "memcg-mlocked,linux-5.10",
    "mlocked-machine-panics,linux-4.17",
    "m08-n7,linux-5.10",
    "m14-page-tables,linux-6.18",
    "handover-of-what,linux-4.17",
    "m33-stuck-and-too-small,linux-6.18",
    "counted-b8,linux-4.17",
    "a-slow-last-file,linux-4.17",
    "page-tables-come-last,linux-6.18",
    "late-reaper-finds-everything-freed,linux-6.18",
    "a-pause-after-each-visit,linux-6.18",
    "each-domain-pays-for-itself,linux-6.18",
  })
  void aLogTellsWhatTheEpisodeWithoutTheKillWouldHaveShown(String workload, String policy) {
    assertThat(share(workload, policy)).isGreaterThanOrEqualTo(MOST);
  }

  @ParameterizedTest
  @CsvSource({
    "mmap-lock-held,linux-6.18",
    "shared-file-index,linux-4.17",
    "shared-anonymous,linux-6.18",
    "tmpfs-survivor,linux-6.18",
    "a-timeout-in-disguise,linux-4.17",
    "no-timeout-fits-all,linux-4.17",
    "m27-notifier-3000ms,linux-4.17",
    "oom-livelock-module-drained,linux-6.18",
    "collateral-kills,linux-6.18",
    "counted-b8,linux-6.18",
    "m21-livelock-module-bystander,linux-6.18",
  })
  void whereItHangsOnWhatALogDoesNotShowThatIsSaid(String workload, String policy) {
    assertThat(share(workload, policy)).isLessThan(MOST);
  }

  /** The share of kills of which the log tells what is so; it may not tell the contrary of any. */
  private static double share(String workload, String policy) {
    List<Verdict> known = known(workload, policy);
    List<Verdict> told = told(workload, policy);
    assertThat(known).hasSizeGreaterThan(1);
    assertThat(told).extracting(Verdict::victim).isEqualTo(names(known));
    int same = 0;
    for (int i = 0; i < known.size(); i++) {
      boolean agrees = told.get(i).equals(known.get(i));
      same += agrees ? 1 : 0;
      assertThat(agrees || told.get(i).verdict().equals("cannot_tell"))
          .as("%s, which is %s", told.get(i), known.get(i))
          .isTrue();
    }
    return (double) same / known.size();
  }

  private static List<String> names(List<Verdict> verdicts) {
    return verdicts.stream().map(Verdict::victim).toList();
  }

  private static List<Verdict> known(String name, String policyName) {
    Workload workload = LIBRARY.resolveWorkloads(List.of(name), note -> {}).get(0);
    Policy policy = LIBRARY.resolvePolicies(List.of(policyName), note -> {}).get(0);
    Case of = new Case(workload, LIBRARY.costs(workload.costsName()), policy);
    List<Verdict> known = new ArrayList<>();
    for (KillRecord kill : new Episode(of, true).run(1).kills()) {
      known.add(new Verdict(kill.victim(), kill.extra10s() ? "extra" : "needed"));
    }
    return known;
  }

  /** Of the events of the log in which somebody was killed. */
  private static List<Verdict> told(String workload, String policy) {
    String log = Cli.run("trace", workload, "-p", policy, "--format", "dmesg").out();
    String rows = Cli.runWithInput(log, "diagnose", "-", "--format", "ndjson").out();
    List<Verdict> told = new ArrayList<>();
    Matcher row = VERDICT.matcher(rows);
    while (row.find()) {
      if (!row.group(2).equals("no_kill")) {
        told.add(new Verdict(row.group(1), row.group(2)));
      }
    }
    return told;
  }
}
