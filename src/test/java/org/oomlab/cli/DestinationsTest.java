package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Wherever a command can write to a file, it does so in the same way. */
class DestinationsTest {
  @TempDir Path folder;

  /** Options that name a file to be written, and what makes the command get as far as that. */
  private Map<String, List<String>> lines() throws IOException {
    Path log = folder.resolve("kern.log");
    if (!Files.exists(log)) {
      Files.writeString(
          log,
          "[1.0] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n"
              + "[1.1] 520160 pages RAM\n"
              + "[1.2] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents"
              + " oom_score_adj name\n"
              + "[1.3] [   2301]  1000  2301   420000   260400  2650112        0             0 b\n"
              + "[1.4] Out of memory: Killed process 2301 (b) total-vm:1680000kB,"
              + " anon-rss:1041600kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:2588kB"
              + " oom_score_adj:0\n");
      Files.writeString(folder.resolve("earlyoom"), "EARLYOOM_ARGS=\"-m 4\"\n");
      Files.writeString(
          folder.resolve("m.yaml"),
          "measurements: m\ntitle: t\nsource: s\ncosts: x86-64\n"
              + "fit:\n  pass: {start: 1us, least: 1us, most: 2us}\nfigures:\n"
              + "  - {workload: frozen-snapshot, policy: linux-6.18, seeds: 1..1,"
              + " metric: kills, value: 1}\n");
      Files.writeString(
          folder.resolve("shard.csv"),
          Cli.run("sweep", "frozen-snapshot", "--vary", "reaper.delay=0s,1s", "-r", "1").out());
    }
    Map<String, List<String>> lines = new TreeMap<>();
    put(lines, "diagnose -o", log.toString());
    put(lines, "run -o", "frozen-snapshot", "-r", "1");
    put(lines, "compare -o", "frozen-snapshot", "-r", "1", "-p", "linux-6.18,linux-5.10");
    put(lines, "sweep -o", "frozen-snapshot", "--vary", "reaper.delay=0s,1s", "-r", "1");
    put(lines, "sweep --resume", "frozen-snapshot", "--vary", "reaper.delay=0s,1s", "-r", "1");
    put(lines, "run --meta", "frozen-snapshot", "-r", "1");
    put(lines, "compare --meta", "frozen-snapshot", "-r", "1", "-p", "linux-6.18,linux-5.10");
    put(lines, "sweep --meta", "frozen-snapshot", "--vary", "reaper.delay=0s,1s", "-r", "1");
    put(lines, "merge -o", folder + "/shard.csv");
    put(lines, "search -o", "frozen-snapshot", "--budget", "2", "-r", "1");
    put(lines, "search -w", "frozen-snapshot", "--budget", "2", "-r", "1");
    put(lines, "sensitivity -o", "frozen-snapshot", "--samples", "2", "-r", "1");
    put(lines, "sensitivity --meta", "frozen-snapshot", "--samples", "2", "-r", "1");
    put(lines, "outcomes --meta", "frozen-snapshot", "-r", "1");
    put(
        lines,
        "threshold --meta",
        "frozen-snapshot",
        "-r",
        "1",
        "--vary",
        "machine.free=128MiB..8GiB",
        "--until",
        "kills = 0");
    put(lines, "outcomes -o", "frozen-snapshot", "-r", "1");
    put(
        lines,
        "threshold -o",
        "frozen-snapshot",
        "-r",
        "1",
        "--vary",
        "machine.free=128MiB..8GiB",
        "--until",
        "kills = 0");
    put(lines, "refute -o", "kills < 1", "-p", "linux-6.18", "-n", "300");
    put(lines, "check -o", "frozen-snapshot");
    put(lines, "list -o", "costs");
    put(lines, "show -o", "x86-64");
    put(lines, "explain -o", "frozen-snapshot");
    put(lines, "trace -o", "frozen-snapshot");
    put(lines, "timeline -o", "frozen-snapshot");
    put(lines, "plot -o", folder + "/shard.csv");
    put(lines, "report -o", "frozen-snapshot", "-r", "2", "--no-sensitivity");
    put(lines, "report --meta", "frozen-snapshot", "-r", "2", "--no-sensitivity");
    put(lines, "diff -o", "frozen-snapshot", "-p", "linux-6.18,linux-5.10");
    put(lines, "fidelity -o", "lab-b8", "-r", "1");
    put(lines, "fidelity --meta", "lab-b8", "-r", "1");
    put(lines, "import oom-report -o", log.toString());
    put(lines, "import proc -o", Long.toString(ProcessHandle.current().pid()));
    put(lines, "import policy -o", folder + "/earlyoom");
    put(lines, "export policy -o", "earlyoom");
    put(lines, "bundle -o");
    put(lines, "calibrate -o", folder + "/m.yaml");
    put(lines, "calibrate --write", folder + "/m.yaml");
    return lines;
  }

  private static void put(Map<String, List<String>> lines, String what, String... rest) {
    List<String> words = new ArrayList<>(List.of(what.split(" ")));
    String option = words.remove(words.size() - 1);
    words.addAll(List.of(rest));
    words.add(option);
    lines.put(what, words);
  }

  @Test
  void everyOptionThatNamesAFileToBeWrittenIsTried() throws IOException {
    List<String> options = new ArrayList<>();
    for (CommandSpec command : HelpTest.commands()) {
      for (OptionSpec option : command.options()) {
        String name = option.names()[0];
        if (option.paramLabel().equals("FILE")) {
          options.add(command.qualifiedName().replaceFirst("oomlab ", "") + " " + name);
        }
      }
    }
    assertThat(lines().keySet()).containsExactlyInAnyOrderElementsOf(options);
  }

  @TestFactory
  Stream<DynamicTest> noFileIsRefusedBeforeAnyWork() throws IOException {
    return each(
        (what, line) -> {
          refused(what, line, "", " '': a name is needed");
          if (!what.equals("import oom-report -o")) {
            refused(what, line, folder.toString(), ": is a directory");
          }
          refused(what, line, folder + "/none/x.yaml", ": there is no directory ");
          refused(what, line, folder + "/kern.log/x.yaml", ": there is no directory ");
        });
  }

  private void refused(String what, List<String> line, String file, String why) throws IOException {
    List<String> before = names();
    Cli.Result result = run(line, file);
    assertThat(result.code()).as("%s %s: %s", what, file, result.err()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.out()).isEmpty();
    if (what.endsWith("-w") && !file.endsWith(".yaml")) {
      assertThat(result.err()).contains("a policy file ends in .yaml");
    } else {
      assertThat(result.err()).contains(what.substring(what.lastIndexOf(' ') + 1), why);
    }
    assertThat(names()).isEqualTo(before);
  }

  /**
   * With what code a command ends that has written its file: refute writes only what it refutes.
   */
  private static int done(String what) {
    return what.startsWith("refute") ? ExitCodes.CLAIM_FAILED : ExitCodes.OK;
  }

  @TestFactory
  Stream<DynamicTest> aFileIsWrittenAndNothingBesideIt() throws IOException {
    return each(
        (what, line) -> {
          Path file = folder.resolve("ö 'x'\n.yaml");
          Files.deleteIfExists(file);
          List<String> before = new ArrayList<>(names());
          Cli.Result result = run(line, file.toString());
          assertThat(result.code()).as("%s: %s", what, result.err()).isEqualTo(done(what));
          assertThat(file).isNotEmptyFile();
          before.add(file.getFileName().toString());
          List<String> after = new ArrayList<>(names());
          after.removeIf(name -> name.endsWith(".sums") || name.endsWith(".meta.json"));
          assertThat(after).containsExactlyInAnyOrderElementsOf(before);
          Files.delete(file);
          Files.deleteIfExists(Path.of(file + ".sums"));
          Files.deleteIfExists(Path.of(file + ".meta.json"));
        });
  }

  @TestFactory
  Stream<DynamicTest> whatTakesAnythingIsWrittenTo() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    return each(
        (what, line) -> {
          if (what.endsWith("-w") || what.endsWith("--resume")) {
            Cli.Result result = run(line, "/dev/null");
            assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
            return;
          }
          assertThat(run(line, "/dev/null").code()).isEqualTo(done(what));
          Cli.Result full = run(line, "/dev/full");
          assertThat(full.code()).as("%s: %s", what, full.err()).isEqualTo(ExitCodes.USAGE);
          assertThat(full.err()).contains("/dev/full: cannot be written: No space left on device");
        });
  }

  @TestFactory
  Stream<DynamicTest> aPipeWithANameIsWrittenTo() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe.yaml");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(made.waitFor() == 0);
    return each(
        (what, line) -> {
          if (what.endsWith("--resume")) {
            assertThat(run(line, pipe.toString()).err()).contains("is no file, and one is needed");
            return;
          }
          Process reader = new ProcessBuilder("cat", pipe.toString()).start();
          Cli.Result result = run(line, pipe.toString());
          assertThat(result.code()).as("%s: %s", what, result.err()).isEqualTo(done(what));
          assertThat(reader.getInputStream().readAllBytes()).isNotEmpty();
          assertThat(reader.waitFor(1, TimeUnit.MINUTES)).isTrue();
          assertThat(Files.isRegularFile(pipe)).isFalse();
        });
  }

  @TestFactory
  Stream<DynamicTest> aDashIsStandardOutput() throws IOException {
    return each(
        (what, line) -> {
          Cli.Result result = run(line, "-");
          if (what.endsWith("-o")) {
            assertThat(result.code()).as("%s: %s", what, result.err()).isEqualTo(done(what));
            assertThat(result.out()).isNotEmpty();
          } else {
            assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
            assertThat(result.out()).isEmpty();
          }
        });
  }

  @Test
  void twoDocumentsCannotBeTheSameFile() throws IOException {
    lines();
    String file = folder.resolve("same.yaml").toString();
    Cli.Result result = Cli.run("calibrate", folder + "/m.yaml", "-o", file, "--write", file);
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("--write " + file + ": another run is writing it");
  }

  private interface Check {
    void of(String what, List<String> line) throws IOException, InterruptedException;
  }

  private Stream<DynamicTest> each(Check check) throws IOException {
    return lines().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check.of(entry.getKey(), entry.getValue())));
  }

  private static Cli.Result run(List<String> line, String file) {
    List<String> words = new ArrayList<>(line);
    words.add(file);
    if (words.get(0).equals("bundle")) {
      words.addAll(List.of("run", "frozen-snapshot")); // Its options come before the command.
    }
    return Cli.run(words.toArray(String[]::new));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }
}
