package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
  void progressIsShownAfterTwoSecondsAndLeavesNothing() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
    AtomicLong clock = new AtomicLong();
    try (ProgressLine line = new ProgressLine(err, true, "episodes", clock::get)) {
      clock.set(1_999_999_999);
      line.advanced(1, 400);
      assertThat(screen.toString(StandardCharsets.UTF_8)).isEmpty();
      clock.set(2_000_000_000);
      line.advanced(100, 400);
    }
    String shown = screen.toString(StandardCharsets.UTF_8);
    assertThat(shown).containsPattern("episodes +25% .*100/400 .*/s").doesNotContain("\n");
    assertThat(shown).startsWith("\r\033[Kepisodes").endsWith("\r\033[K");
  }

  @Test
  void progressNobodyCanSeeIsNotShown() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
    AtomicLong clock = new AtomicLong();
    try (ProgressLine line = new ProgressLine(err, false, "episodes", clock::get)) {
      clock.set(3_000_000_000L);
      line.advanced(100, 400);
    }
    assertThat(screen.size()).isZero();
  }
}
