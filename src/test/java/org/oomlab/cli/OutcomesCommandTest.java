package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code oomlab outcomes}: what can come of a workload, and how often. */
class OutcomesCommandTest {
  /** One of two copies is larger by chance, and now and then one is not enough. */
  private static final String WORKLOAD =
      """
      workload: pair
      title: "t"
      source: "s"
      costs: reference
      machine: {memory: 100000 pages, min: 1000 pages, low: 2000 pages, high: 3000 pages, cpus: 1}
      processes:
        - name: worker
          count: 2
          memory: [{kind: anonymous, size: 20000 pages..30000 pages}]
        - name: other
          memory: [{kind: anonymous, size: 24000 pages}]
        - name: asker
          oom_score_adj: -1000
          run: [{touch: 22000 pages..52000 pages}]
      """;

  @TempDir Path folder;

  private String workload(String more) throws IOException {
    Path file = folder.resolve("pair.yaml");
    Files.writeString(file, WORKLOAD + more);
    return file.toString();
  }

  @Test
  void copiesAreOneNameAndSharesAddUp() throws IOException {
    Cli.Result result =
        Cli.run("outcomes", workload(""), "-p", "linux-6.18", "-r", "200", "--format", "csv");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith(
            "workload,policy,outcome,victims,episodes,of,share,share_ci_low,share_ci_high,first_seed\n")
        .contains("pair,linux-6.18,recovered,worker[*],")
        .doesNotContain("worker[0]");
    long counted =
        result.out().lines().skip(1).mapToLong(row -> Long.parseLong(row.split(",")[4])).sum();
    assertThat(counted).isEqualTo(200);
    assertThat(result.out().lines().count()).isGreaterThan(3);
  }

  @Test
  void aTableTellsWhatWasNotSeen() throws IOException {
    String out = Cli.run("outcomes", workload(""), "-p", "linux-6.18", "-r", "100").out();

    assertThat(out)
        .contains("pair under linux-6.18, 100 episodes")
        .contains("killed, in order")
        .contains("any other outcome: in none of them, so with 95% in fewer than 3.7% of all");
    assertThat(out.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void itsClaimsHold() throws IOException {
    String claims =
        Cli.run("outcomes", workload(""), "-p", "linux-6.18", "-r", "60", "--claims").out();
    assertThat(claims).contains("any_of: [[").contains("worker[*]").contains("seeds: ");
    String file = workload(claims);

    Cli.Result checked = Cli.run("check", file);
    assertThat(checked.code()).as(checked.out() + checked.err()).isZero();
    assertThat(checked.out()).contains("holds").doesNotContain("fails");
    assertThat(Cli.run("run", file, "-r", "1").code()).isZero();
  }

  @Test
  void severalVerdictsAreClaimedByTheirShares() throws IOException {
    String more =
        "  - {name: last, oom_score_adj: -1000, run: [{touch: 20000 pages..60000 pages}]}\n";
    String claims =
        Cli.run("outcomes", workload(more), "-p", "linux-6.18", "-r", "60", "--claims").out();
    assertThat(claims).contains("share: {\"outcome=");

    assertThat(Cli.run("check", workload(more + claims)).code()).isZero();
  }

  @Test
  void anyCopyIsAVictimOfAClaimAndNothingElse() throws IOException {
    String claim = "claims: [{policy: linux-6.18, because: b, victims: [\"%s\"]}]\n";

    assertThat(Cli.run("check", workload(claim.formatted("nobody[*]"))).err())
        .contains("no process 'nobody[*]' is declared");
    assertThat(Cli.run("check", workload(claim.formatted("other[*]"))).err())
        .contains("no process 'other[*]' is declared");
    String out = Cli.run("check", workload(claim.formatted("worker[*]"))).out();
    assertThat(out).contains("worker[*]");
  }
}
