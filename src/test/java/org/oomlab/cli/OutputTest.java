package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
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

  private final Streams streams =
      Streams.plain(
          InputStream.nullInputStream(),
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aFileAppearsWhenItIsComplete() throws IOException {
    Path target = folder.resolve("é.csv");
    try (Output output = Output.open(streams, target.toString())) {
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
    try (Output output = Output.open(streams, target.toString())) {
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
    try (Output output = Output.open(streams, link.toString())) {
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
    try (Output output = Output.open(streams, device.toString())) {
      output.print("x");
      output.commit();
    }
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void aFullDiskIsAnError() {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(
            () -> {
              try (Output output = Output.open(streams, "/dev/full")) {
                output.print("x");
                output.commit();
              }
            });
  }

  @Test
  void timesLeftHaveOneUnit() {
    assertThat(ProgressLine.left(119)).isEqualTo("119 s");
    assertThat(ProgressLine.left(150)).isEqualTo("2 min");
    assertThat(ProgressLine.left(8000)).isEqualTo("2 h");
  }
}
