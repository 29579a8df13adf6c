package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Words;

/** What the program says to whom, and how it ends: a command line to a row. */
class OomlabTest {
  private static final String NOTHING = "";

  @TempDir Path folder;

  private record Row(String args, int code, String out, String err) {}

  private static Row row(String args, int code, String out, String err) {
    return new Row(args, code, out, err);
  }

  @TestFactory
  Stream<DynamicTest> commandLines() throws IOException {
    Files.writeString(folder.resolve("empty.yaml"), "");
    Files.write(folder.resolve("binary.yaml"), new byte[] {0, 1, (byte) 0xff, (byte) 0xfe, 10, 0});
    Files.writeString(
        folder.resolve("policy.yaml"),
        "policy: policy\nextends: linux-6.18\nreaper: {dealy: 1s}\n");
    Files.createDirectory(folder.resolve("none"));
    return rows().stream()
        .map(row -> DynamicTest.dynamicTest("oomlab " + row.args(), () -> check(row)));
  }

  private static List<Row> rows() {
    return List.of(
        // Help and version.
        row("--help", 0, "(?s)Usage: oomlab .*Commands:.* run .*Exit codes.*", NOTHING),
        row("help run", 0, "(?s)Usage: oomlab run .*--seeds.*", NOTHING),
        row("run --help", 0, "(?s)Usage: oomlab run .*--no-counterfactuals.*", NOTHING),
        row("--version", 0, "oomlab \\S+( \\(\\S+\\))?(, model \\S+)?\n", NOTHING),
        row("generate-completion", 0, "(?s)#!/usr/bin/env bash.*linux-6\\.18.*", NOTHING),
        row("", 2, NOTHING, "(?s)Usage: oomlab .*"),
        row("repl", 0, NOTHING, NOTHING),
        // Mistakes in the command line.
        row(
            "rnu",
            2,
            NOTHING,
            "oomlab: there is no command rnu; did you mean run\\?\nsee 'oomlab --help'\n"),
        row(
            "run --sedes 3",
            2,
            NOTHING,
            "(?s)oomlab: oomlab run has no option --sedes; did you mean --seeds\\?\n"
                + "see .*run --help'\n"),
        row("run", 2, NOTHING, "(?s)oomlab: run: .*oomlab list.*"),
        row("run reference -p", 2, NOTHING, "(?s)oomlab: .*--policy.*see 'oomlab run --help'\n"),
        row("run reference --seeds 9..1", 2, NOTHING, "(?s)oomlab: --seeds: .*1\\.\\.30.*"),
        row("run reference --seeds x", 2, NOTHING, "(?s)oomlab: --seeds: .*'x'.*"),
        row(
            "run reference --seeds 1 --runs 2",
            2,
            NOTHING,
            "(?s)oomlab: --seeds and --runs: one of the two is enough.*"),
        row("run reference --runs 0", 2, NOTHING, "(?s)oomlab: --runs: .*'0'.*"),
        row("run reference --jobs none", 2, NOTHING, "(?s)oomlab: --jobs: .*'none'.*"),
        row(
            "run reference --format cvs",
            2,
            NOTHING,
            "(?s)oomlab: --format: .*'cvs'; did you mean csv\\?\n.*"),
        row("run reference --color mauve", 2, NOTHING, "(?s)oomlab: --color: .*"),
        row("list cats", 2, NOTHING, "(?s)oomlab: .*policies, .*'cats'.*"),
        // Mistakes in names and documents.
        row("run refernece", 2, NOTHING, "(?s)oomlab: .*did you mean reference\\?\n"),
        row(
            "run reference -p linux-3.1",
            2,
            NOTHING,
            "(?s)oomlab: linux-3.1: .*did you mean .*\\?\n"),
        row(
            "run reference --set reaper.dealy=1s",
            2,
            NOTHING,
            "(?s)oomlab: .*did you mean reaper\\.delay\\?\n"),
        row(
            "run reference --set reaper.delay=1",
            2,
            NOTHING,
            "oomlab: .*reaper\\.delay: .*1ms.*\n"),
        row("run reference --set reaper.delay", 2, NOTHING, "(?s)oomlab: .*PATH=VALUE.*\n"),
        row("run reference --costs x68-64", 2, NOTHING, "(?s)oomlab: .*did you mean x86-64\\?\n"),
        row("run reference -o FOLDER", 2, NOTHING, "oomlab: -o .*: is a directory\n"),
        row(
            "run reference -o FOLDER/none/x/y.csv",
            2,
            NOTHING,
            "oomlab: -o .*: there is no directory .*\n"),
        row("run FOLDER/none", 2, NOTHING, "oomlab: .*none.*\n"),
        row("run FOLDER/nothing.yaml", 2, NOTHING, "oomlab: .*nothing\\.yaml.*\n"),
        row("run FOLDER/empty.yaml", 2, NOTHING, "oomlab: .*empty\\.yaml.*\n"),
        row("run FOLDER/binary.yaml", 2, NOTHING, "(?s)oomlab: .*binary\\.yaml.*\n"),
        row("check FOLDER/empty.yaml", 2, NOTHING, "oomlab: .*empty\\.yaml.*\n"),
        row(
            "run reference -p FOLDER/policy.yaml",
            2,
            NOTHING,
            "(?s)oomlab: .*policy\\.yaml:3:.*did you mean .*delay\\?\n"),
        row("show reaper.dealy", 2, NOTHING, "(?s)oomlab: .*did you mean reaper\\.delay\\?\n"),
        // What is there.
        row("list", 0, "(?s).*linux-6\\.18.*", NOTHING),
        row(
            "list policies --format csv",
            0,
            "(?s)name,family,title,.*\nlinux-4\\.5,kernels,.*",
            NOTHING),
        row(
            "list knobs --format csv",
            0,
            "(?s)path,value,symbol,doc\n.*\nreaper\\.delay,.*OOM_REAPER_DELAY.*",
            NOTHING),
        row("list metrics", 0, "(?s).*recovery_ms.*", NOTHING),
        row("list costs --names", 0, "(?s).*x86-64\n.*", NOTHING),
        row("show reaper.delay", 0, "(?s).*OOM_REAPER_DELAY.*", NOTHING),
        row("show linux-6.18", 0, "(?s).*reaper\\.delay.*2s.*linux-.*", NOTHING),
        row("show x86-64", 0, "(?s).*fault.*", NOTHING));
  }

  private void check(Row row) throws IOException {
    String line = row.args().replace("FOLDER", folder.toString());
    Path target = folder.resolve("out.csv");
    Cli.Result result = Cli.run(Words.split(line).toArray(String[]::new));
    assertThat(result.err()).as("standard error").matches(Pattern.compile(row.err()));
    assertThat(result.out()).as("standard output").matches(Pattern.compile(row.out()));
    assertThat(result.code()).as("exit code").isEqualTo(row.code());
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(target).doesNotExist();
  }

  @Test
  void aMistakeLeavesNoFileBehind() throws IOException {
    Path target = folder.resolve("out.csv");
    Cli.Result result = Cli.run("run", "refernece", "-o", target.toString());
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void theFileIsWhatStandardOutputWouldHaveBeen() throws IOException {
    Path target = folder.resolve("out.csv");
    Cli.Result plain = Cli.run("list", "metrics", "--format", "csv");
    Cli.Result filed = Cli.run("list", "metrics", "--format", "csv", "-o", target.toString());
    assertThat(filed.code()).isEqualTo(ExitCodes.OK);
    assertThat(filed.out()).isEmpty();
    assertThat(target).hasContent(plain.out());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }

  @Test
  void aReaderWhoGoesAwayEndsTheRunQuietly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    int code =
        Oomlab.execute(
            new String[] {"list", "knobs"},
            java.io.InputStream.nullInputStream(),
            new PrintStream(closed, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).isEqualTo(ExitCodes.OK);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aScriptRunsItsLinesAndStopsAtTheFirstFailure() {
    String script = "# what is there\n\nlist costs --names\n  rnu 'a b'\nlist metrics\n";
    for (String[] args : new String[][] {{}, {"repl"}}) {
      Cli.Result result = Cli.runWithInput(script, args);
      assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(result.out()).contains("x86-64\n").doesNotContain("recovery_ms");
      assertThat(result.err()).contains("did you mean run?").contains("stdin:4: ");
    }
  }

  @Test
  void aScriptCanLeave() {
    Cli.Result result = Cli.runWithInput("exit\nrnu\n", "repl");
    assertThat(result.code()).isEqualTo(ExitCodes.OK);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aQuoteLeftOpenIsAMistakeInItsLine() {
    Cli.Result result = Cli.runWithInput("list\nshow 'x\n");
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).startsWith("oomlab: stdin:2: ");
  }
}
