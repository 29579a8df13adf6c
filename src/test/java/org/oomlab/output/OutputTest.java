package org.oomlab.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
  @TempDir Path folder;

  private final PrintStream out =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private Output open(Object file) {
    return Output.open(out, Target.of("-o", file.toString()));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aFileAppearsWhenItIsComplete() throws IOException {
    Path target = folder.resolve("é.csv");
    try (Output output = open(target)) {
      output.print("µ\n");
      output.check();
      assertThat(target).doesNotExist();
      output.commit();
      assertThat(target).hasContent("µ\n");
    }
    assertThat(files()).containsExactly(target);
  }

  @Test
  void whatIsNotCommittedIsGoneAndTheOldFileStays() throws IOException {
    Path target = folder.resolve("old.csv");
    Files.writeString(target, "old");
    try (Output output = open(target)) {
      output.print("new");
      output.check();
    }
    assertThat(target).hasContent("old");
    assertThat(files()).containsExactly(target);
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path target = folder.resolve("target");
    Files.writeString(target, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    try (Output output = open(link)) {
      output.print("new");
      output.commit();
    }
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void aDeviceIsWrittenAndNotReplaced() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device));
    try (Output output = open(device)) {
      output.print("x");
      output.commit();
    }
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void aFullDiskIsAnError() {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    assertThatExceptionOfType(OutputRefused.class)
        .isThrownBy(
            () -> {
              try (Output output = open("/dev/full")) {
                output.print("x");
                output.commit();
              }
            });
  }
}
