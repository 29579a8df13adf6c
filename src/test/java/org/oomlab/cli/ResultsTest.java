package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;

/** Commands that run episodes: how results come out, not what they are. */
class ResultsTest {
  private static final String WORKLOAD =
      """
      workload: small
      title: somebody asks for more than there is
      source: a test
      costs: x86-64
      machine: {memory: 256MiB, cpus: 1}
      processes:
        - name: victim
          memory: [{kind: anonymous, size: 100MiB..120MiB}]
        - name: grower
          oom_score_adj: -1000
          run: [{touch: 200MiB}]
      claims:
        - policy: linux-6.18
          because: there is nobody else
          seeds: 1..3
          victims: [victim]
          kills: KILLS
      """;

  @TempDir Path folder;

  private String workload(int kills) throws IOException {
    Path file = folder.resolve("small.yaml");
    Files.writeString(file, WORKLOAD.replace("KILLS", Integer.toString(kills)));
    return file.toString();
  }

  @Test
  void episodesBeginWithThePromisedColumns() throws IOException {
    Cli.Result result = Cli.run("run", workload(1), "--each", "--format", "csv", "--seeds", "4..6");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith(Cli.EPISODE_COLUMNS);
    assertThat(lines.get(1)).startsWith("small,linux-7.2,4,");
    assertThat(lines.get(3)).startsWith("small,linux-7.2,6,");
  }

  @Test
  void cellsBeginWithThePromisedColumns() throws IOException {
    Cli.Result result =
        Cli.run("run", workload(1), "-p", "linux-4.17", "-p", "new=linux-6.18", "--format=csv");
    List<String> lines = result.out().lines().toList();
    assertThat(lines.get(0))
        .startsWith(
            "workload,policy,episodes,recovered,panic,livelock,undecided,no_oom,kills_mean,");
    assertThat(lines.get(1)).startsWith("small,linux-4.17,20,");
    assertThat(lines.get(2)).startsWith("small,new,20,");
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws IOException {
    String file = workload(1);
    for (String format : new String[] {"table", "csv", "json", "ndjson", "markdown"}) {
      Cli.Result one = Cli.run("run", file, "-p", "kernels", "-j", "1", "--format", format);
      Cli.Result many = Cli.run("run", file, "-p", "kernels", "-j", "5", "--format", format);
      assertThat(one.out()).isNotEmpty().isEqualTo(many.out());
    }
  }

  @Test
  void settingsChangeWhatIsRun() throws IOException {
    String file = workload(1);
    Cli.Result enough = Cli.run("run", file, "--set", "machine.memory=2GiB", "--format", "csv");
    assertThat(enough.out()).contains("small,linux-7.2,20,0,0,0,0,20,");
  }

  @Test
  void withoutCounterfactualsTheirColumnsAreEmpty() throws IOException {
    Cli.Result result =
        Cli.run(
            "run", workload(1), "--each", "--format", "csv", "--runs", "1", "--no-counterfactuals");
    assertThat(result.out().lines().toList().get(1)).contains(",1,,,");
  }

  @Test
  void aWorkloadCanComeFromStandardInput() throws IOException {
    workload(1);
    String text = Files.readString(folder.resolve("small.yaml"));
    Cli.Result result = Cli.runWithInput(text, "run", "-", "--runs", "1");
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    assertThat(result.out()).contains("small");
  }

  @Test
  void everyClaimOfANamedWorkloadIsShown() throws IOException {
    Cli.Result result = Cli.run("check", workload(1));
    assertThat(result.out())
        .startsWith("small: there is nobody else\n")
        .containsPattern("holds +linux-6.18 +kills +1 +1\n")
        .doesNotContain("see:");
    assertThat(result.err()).contains("2 claims: all hold");
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void aClaimThatFailsIsShownWithWhatToDo() throws IOException {
    String file = workload(7);
    Cli.Result result = Cli.run("check", file, "-q");
    assertThat(result.code()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(result.out())
        .startsWith("small: there is nobody else\n" + file + "\n")
        .containsPattern("fails +linux-6.18 +kills +7 +1 ")
        .containsPattern("(?m)^see: \\Q" + file + "\\E:[0-9]+:[0-9]+: oomlab explain ")
        .contains("oomlab explain " + file + " -p linux-6.18");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void whatSomebodySaidIsToldWithWhatComesOfIt() throws IOException {
    Path file = folder.resolve("small.yaml");
    Files.writeString(
        file,
        WORKLOAD.replace(
            "    kills: KILLS",
            """
                kills: 1
                says: two of them have to die
                thread: A. N. Other, some list, 2020
                contradicts: one is enough
            """));
    Cli.Result result = Cli.run("check", file.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    assertThat(result.out())
        .startsWith("small: two of them have to die\nA. N. Other, some list, 2020\n")
        .containsPattern("expected +measured\n(.*\n)*not as said +linux-6.18 +kills +1 +1\n")
        .endsWith("because: there is nobody else\nbut: one is enough\n");
    assertThat(result.err()).contains("2 claims: all hold; 2 contradict what was said");
    String csv = Cli.run("check", file.toString(), "--format", "csv").out();
    assertThat(csv.lines().findFirst().orElseThrow())
        .endsWith(",holds,because,reproduce,verdict,says,thread,contradicts");
    assertThat(csv).contains(",contradicted,two of them have to die,");
  }

  @Test
  void everyClaimIsARowForPrograms() throws IOException {
    Cli.Result result = Cli.run("check", workload(7), "--format", "csv");
    assertThat(result.code()).isEqualTo(ExitCodes.CLAIM_FAILED);
    assertThat(result.out().lines()).hasSize(3);
  }

  @Test
  void anEpisodeIsExplained() throws IOException {
    Cli.Result result = Cli.run("explain", workload(1), "--seed", "2");
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    assertThat(result.out()).contains("kill 1: victim").contains("seed 2");
    assertThat(result.out()).doesNotContain("\033[");
    assertThat(Cli.run("explain", folder + "/small.yaml", "--color", "always").out())
        .contains("\033[");
  }

  @Test
  void onlyOneEpisodeIsExplained() throws IOException {
    assertThat(Cli.run("explain", workload(1), "-p", "kernels").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(Cli.run("explain", workload(1), "--seed", "1..2").code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aWorkloadIsShownWithItsDefaults() throws IOException {
    Cli.Result result = Cli.run("show", workload(1), "--format", "csv");
    assertThat(result.out())
        .contains("machine.memory,256MiB\n")
        .contains("machine.hz,250\n")
        .contains("processes[0].memory[0].size,100MiB..120MiB\n")
        .contains("processes[1].threads[0].run[0],touch: {size: 200MiB}\n")
        .contains("claims[0].kills,1\n");
  }
}
