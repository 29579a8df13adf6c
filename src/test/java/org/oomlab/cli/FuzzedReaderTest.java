package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Readers keep what {@link FuzzedReader} says they promise.
 *
 * <p>{@code -Doomlab.mutants=100000} makes so many mutants for each reader, and {@code
 * -Doomlab.mutants.from=DIR} takes the files in a folder as well, such as logs that may not be in
 * this tree.
 */
class FuzzedReaderTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final int MUTANTS = Integer.getInteger("oomlab.mutants", 300);
  private static final String FROM = System.getProperty("oomlab.mutants.from", "");

  /** No reader's input in the corpus is longer than this by itself. */
  private static final int LONGEST = 64 << 10;

  static Stream<Arguments> everyFileOfTheCorpus() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (FuzzedReader reader : FuzzedReader.values()) {
      for (Path file : files(CORPUS.resolve(reader.folder()))) {
        all.add(Arguments.of(reader, file));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyFileOfTheCorpus")
  @Timeout(60)
  void whatOnceWentWrongIsReadOrRefused(FuzzedReader reader, Path file) throws IOException {
    reader.accept(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @EnumSource(FuzzedReader.class)
  void mutantsAreReadOrRefused(FuzzedReader reader) throws IOException {
    List<byte[]> seeds = seeds(reader);
    assertThat(seeds).isNotEmpty();
    long slowest = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = new Mutator(i).mutant(seeds);
      long before = System.nanoTime();
      try {
        reader.accept(mutant);
      } catch (RuntimeException | Error e) {
        Path found = Files.write(Path.of("target", reader.folder() + "-" + i), mutant);
        throw new AssertionError("mutant " + i + ", which is in " + found, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - before);
    }
    if (MUTANTS > 10_000) {
      System.out.printf(
          "%s: %d mutants of %d files, slowest %d ms%n",
          reader, MUTANTS, seeds.size(), slowest / 1_000_000);
    }
  }

  private static List<byte[]> seeds(FuzzedReader reader) throws IOException {
    List<Path> paths = new ArrayList<>(files(CORPUS.resolve(reader.folder())));
    switch (reader) {
      case WORKLOAD -> paths.addAll(files(Path.of("workloads")));
      case POLICY -> paths.addAll(files(Path.of("policies")));
      case COSTS -> paths.addAll(files(Path.of("workloads/costs")));
      case LOG -> {
        paths.addAll(files(Path.of("src/test/resources/oom-reports")));
        if (!FROM.isEmpty()) {
          paths.addAll(files(Path.of(FROM)));
        }
      }
      default -> {}
    }
    List<byte[]> seeds = new ArrayList<>();
    for (Path path : paths) {
      if (Files.size(path) <= LONGEST) {
        seeds.add(Files.readAllBytes(path));
      }
    }
    return seeds;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
