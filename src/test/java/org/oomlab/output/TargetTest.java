package org.oomlab.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  @TempDir Path folder;

  private final PrintStream out =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private void refused(String name, String why) {
    assertThatExceptionOfType(OutputRefused.class)
        .isThrownBy(() -> Target.of("-o", name))
        .withMessage("-o " + (name.isEmpty() ? "''" : name) + ": " + why);
  }

  @Test
  void whatCanBeNoFileIsRefusedAtOnce() {
    refused("", "a name is needed, or - for standard output");
    refused(folder.toString(), "is a directory");
    refused(folder + "/new/", "is a directory");
    refused(folder + "/none/x", "there is no directory " + folder.resolve("none"));
    refused("a\0b", "cannot be written: Nul character not allowed: a\0b");
    assertThatExceptionOfType(OutputRefused.class)
        .isThrownBy(() -> Target.file("--resume", "/dev/null"))
        .withMessage("--resume /dev/null: is no file, and one is needed");
  }

  @Test
  void standardOutputHasSeveralNames() {
    for (String name : new String[] {null, "-", "/dev/stdout", "/dev/fd/1"}) {
      assertThat(Target.of("-o", name).isStandardOutput()).as("%s", name).isTrue();
    }
    assertThat(Target.of("-o", "./-").isFile()).isTrue();
  }

  @Test
  void aNameMayBeAsLongAsTheFileSystemLikes() throws IOException {
    Path longest = folder.resolve("ü".repeat(127));
    try (Output output = Output.open(out, Target.of("-o", longest.toString()))) {
      output.print("x");
      output.commit();
    }
    assertThat(longest).hasContent("x");
    assertThatExceptionOfType(OutputRefused.class)
        .isThrownBy(
            () -> {
              try (Output output = Output.open(out, Target.of("-o", longest + "ü"))) {
                output.commit();
              }
            })
        .withMessageContaining("File name too long");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(longest);
    }
  }

  @Test
  void aLinkWhoseTargetDoesNotExistStaysALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
    try (Output output = Output.open(out, Target.of("-o", link.toString()))) {
      output.print("new");
      output.commit();
    }
    assertThat(link).isSymbolicLink();
    assertThat(folder.resolve("target")).hasContent("new");
  }

  @Test
  void whoeverMayNotReadTheOldFileMayNotReadTheNew() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (Output output = Output.open(out, Target.of("-o", file.toString()))) {
      output.print("new");
      output.commit();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatARunThatWasKilledHasLeftIsTakenOver() throws IOException {
    Path file = folder.resolve("x.csv");
    Files.writeString(folder.resolve(".x.csv.tmp"), "half of a ta");
    try (Output output = Output.open(out, Target.of("-o", file.toString()))) {
      output.print("x");
      output.commit();
    }
    assertThat(file).hasContent("x");
    assertThat(folder.resolve(".x.csv.tmp")).doesNotExist();
  }

  @Test
  void theSameFileByAnotherNameIsTheSameFile() throws IOException {
    Path file = folder.resolve("x.csv");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    try (Output first = Output.open(out, Target.of("-o", file.toString()))) {
      assertThatExceptionOfType(OutputRefused.class)
          .isThrownBy(() -> Output.open(out, Target.of("-w", link.toString())))
          .withMessage("-w " + link + ": another run is writing it");
      first.commit();
    }
  }
}
