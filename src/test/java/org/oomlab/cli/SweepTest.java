package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;

/** {@code oomlab sweep} and {@code merge}, from the outside. */
class SweepTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("result.csv");
  }

  private static Cli.Result sweep(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "sweep",
                "mlocked-all",
                "-p",
                "linux-5.17,linux-4.17",
                "--vary",
                "reaper.delay=0s..4s/1s",
                "--vary",
                "workload.machine.free=2000 pages..4000 pages/1000 pages",
                "--runs",
                "2"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  @Test
  void aRowForEachPointAndPolicy() {
    Cli.Result result = sweep();
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(1 + 5 * 3 * 2);
    assertThat(lines.get(0))
        .startsWith(
            "point,policy.reaper.delay_ms,workload.machine.free_pages,workload,policy,epis");
    assertThat(lines.get(1)).startsWith("1,0,2000,mlocked-all,linux-5.17,2,");
    assertThat(lines.get(30)).startsWith("15,4000,4000,mlocked-all,linux-4.17,2,");
  }

  @Test
  void orForEachEpisode() {
    List<String> lines = sweep("--each").out().lines().toList();
    assertThat(lines).hasSize(1 + 5 * 3 * 2 * 2);
    assertThat(lines.get(0))
        .startsWith(
            "point,policy.reaper.delay_ms,workload.machine.free_pages," + Cli.EPISODE_COLUMNS);
    assertThat(lines.get(4)).startsWith("1,0,2000,mlocked-all,linux-4.17,2,");
  }

  @Test
  void aTableHasWhatIsVariedFirstAsItWasGivenAndTheColumnsOfARun() {
    String table = sweep("--format", "table").out();
    assertThat(table)
        .startsWith("mlocked-all: Every process that may be killed has locked all of its memory")
        .containsPattern("\ndelay +free +policy +outcome +kills +@1s +@10s +p50 +p95 +max")
        .containsPattern("\n +4s +4000 pages +linux-4.17 +2 panic ² +4 ");
    assertThat(sweep("--format", "table", "--each").out())
        .containsPattern("\ndelay +free +policy +seed +outcome ");
    assertThat(sweep("--format", "markdown").out()).contains("| delay | free | policy |");
  }

  @Test
  void columnsAreChosenBehindThoseOfTheDesign() {
    String csv = sweep("--columns", "recovery_ms_p50,kills_mean").out();
    assertThat(csv)
        .startsWith(
            "point,policy.reaper.delay_ms,workload.machine.free_pages,workload,policy,episodes,"
                + "recovery_ms_p50,kills_mean\n1,0,2000,mlocked-all,linux-5.17,2,");
    assertThat(sweep("--columns", "kils_mean").err()).contains("did you mean kills_mean?");
  }

  @Test
  void theSameAsSettingTheValues() {
    String[] run = {
      "run",
      "mlocked-all",
      "-p",
      "linux-5.17",
      "--runs",
      "2",
      "--format",
      "csv",
      "--set",
      "reaper.delay=4s",
      "--set",
      "machine.free=4000 pages"
    };
    String row = Cli.run(run).out().lines().toList().get(1);
    assertThat(sweep().out()).contains("\n15,4000,4000," + row + "\n");
  }

  @Test
  void theOutputDoesNotDependOnTheNumberOfThreads() {
    assertThat(sweep("-j", "3").out()).isEqualTo(sweep("-j", "1").out());
  }

  @Test
  void anInterruptionAnywhereLeavesNoTrace() throws IOException {
    String whole = sweep("--each").out();
    Random random = new Random(3);
    for (int i = 0; i < 4; i++) {
      Path part = folder.resolve("result.csv.part");
      Files.writeString(part, whole.substring(0, random.nextInt(whole.length())));
      Cli.Result resumed = sweep("--each", "--resume", file.toString());
      assertThat(resumed.code()).as(resumed.err()).isZero();
      assertThat(Files.readString(file)).isEqualTo(whole);
      assertThat(part).doesNotExist();
      Files.delete(file);
    }
  }

  @Test
  void whatWasRedirectedCanBeContinuedToo() throws IOException {
    String whole = sweep().out();
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertThat(sweep("--resume", file.toString()).code()).isZero();
    assertThat(Files.readString(file)).isEqualTo(whole);
    assertThat(sweep("--resume", file.toString()).err()).contains("after 30 of 30");
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void aDamagedLastRowIsRunAgain() throws IOException {
    String whole = sweep().out();
    List<String> lines = whole.lines().toList();
    String good = String.join("\n", lines.subList(0, 8)) + "\n";
    String damaged = lines.get(8).replaceFirst(",2,", ",9,");
    for (String last : List.of("\0\0\0\0\n", "mlocked-all,linux", damaged + "\n")) {
      Files.writeString(file, good + last);
      assertThat(sweep("--resume", file.toString()).code()).isZero();
      assertThat(Files.readString(file)).isEqualTo(whole);
      Files.delete(file);
    }
  }

  @Test
  void aFileOfAnotherSweepIsRefusedAndLeftAlone() throws IOException {
    String whole = sweep().out();
    String half = whole.substring(0, whole.length() / 2);
    Files.writeString(file, half);
    String[][] others = {
      {"--vary", "costs.pass=1ms"}, {"--runs", "3"}, {"--costs", "reference"}, {"--each"}
    };
    for (String[] other : others) {
      List<String> line = new ArrayList<>(List.of(other));
      Collections.addAll(line, "--resume", file.toString());
      Cli.Result result = sweepWithoutRuns(line);
      assertThat(result.code()).as("%s", line).isEqualTo(ExitCodes.USAGE);
      assertThat(result.err()).contains("belongs to another sweep");
      assertThat(Files.readString(file)).isEqualTo(half);
    }
  }

  private static Cli.Result sweepWithoutRuns(List<String> more) {
    if (!more.contains("--runs")) {
      return sweep(more.toArray(String[]::new));
    }
    String[] line = {
      "sweep",
      "mlocked-all",
      "-p",
      "linux-5.17,linux-4.17",
      "--vary",
      "reaper.delay=0s..4s/1s",
      "--vary",
      "workload.machine.free=2000 pages..4000 pages/1000 pages"
    };
    List<String> all = new ArrayList<>(List.of(line));
    all.addAll(more);
    return Cli.run(all.toArray(String[]::new));
  }

  @Test
  void anInterruptedSweepIsNotOverwritten() throws IOException {
    Files.writeString(folder.resolve("result.csv.part"), "precious");
    Cli.Result result = sweep("-o", file.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("continue it with --resume");
  }

  @Test
  void moreShardsThanFilesThatCanBeOpenMakeTheWhole() throws IOException {
    int shards = 3000;
    StringBuilder whole = new StringBuilder("point,workload,policy,kills\n");
    List<StringBuilder> parts = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      parts.add(new StringBuilder("point,workload,policy,kills\n"));
    }
    for (int point = 1; point <= 4 * shards; point++) {
      for (String policy : List.of("a", "b")) {
        String row = point + ",w," + policy + "," + point % 7 + "\n";
        whole.append(row);
        parts.get(point * 13 % shards).append(row);
      }
    }
    List<String> merge = new ArrayList<>(List.of("merge"));
    for (int i = 0; i < shards; i++) {
      Path shard = folder.resolve("many" + i + ".csv");
      Files.writeString(shard, parts.get(i));
      merge.add(shard.toString());
    }
    Cli.Result merged = Cli.run(merge.toArray(String[]::new));
    assertThat(merged.code()).as(merged.err()).isZero();
    assertThat(merged.out()).isEqualTo(whole.toString());
    merge.remove(1500);
    assertThat(Cli.run(merge.toArray(String[]::new)).err()).contains("is a shard missing?");
  }

  @Test
  void shardsInAnyOrderMakeTheWhole() throws IOException {
    String whole = sweep("--each").out();
    List<String> files = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      Path shard = folder.resolve("shard" + i + ".csv");
      assertThat(sweep("--each", "--shard", i + "/7", "-o", shard.toString()).code()).isZero();
      files.add(shard.toString());
    }
    Collections.shuffle(files, new Random(5));
    List<String> merge = new ArrayList<>(List.of("merge"));
    merge.addAll(files);
    Cli.Result merged = Cli.run(merge.toArray(String[]::new));
    assertThat(merged.err()).contains("15 points from 7 files");
    assertThat(merged.out()).isEqualTo(whole);

    merge.remove(3);
    assertThat(Cli.run(merge.toArray(String[]::new)).err()).contains("is a shard missing?");
    merge.add(merge.get(1));
    assertThat(Cli.run(merge.toArray(String[]::new)).code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void pathsAreCheckedBeforeAnythingIsRun() {
    assertThat(unknown("reaper.dely=1s,2s")).contains("did you mean reaper.delay?");
    assertThat(unknown("machine.mim=1MiB")).contains("did you mean machine.min?");
    assertThat(unknown("processes.dbb.count=1")).contains("did you mean processes.db?");
    assertThat(unknown("costs.pas=1ms")).contains("did you mean pass?");
    assertThat(unknown("reaper.delay=5")).contains("has no unit");
    assertThat(unknown("costs.pass=0s,1ms")).contains("a pass must take some time");
  }

  private static String unknown(String vary) {
    Cli.Result result = Cli.run("sweep", "mlocked-all", "--vary", vary);
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.out()).isEmpty();
    return result.err();
  }

  @Test
  void whatIsSetAndVariedIsAConflict() {
    assertThat(sweep("--set", "reaper.delay=1s").err()).contains("--set sets it as well");
    assertThat(sweep("--shard", "0/7").err()).contains("expected I from 1 to N");
    assertThat(sweep("--shard", "16/16").err()).contains("there are only 15 points");
  }
}
