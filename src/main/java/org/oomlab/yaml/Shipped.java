package org.oomlab.yaml;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that come with oomlab, in the order of their paths. Nothing is read to list them.
 *
 * @param policies below {@code policies/}
 * @param workloads below {@code workloads/}
 * @param costs in {@code workloads/costs/}
 */
record Shipped(List<Entry> policies, List<Entry> workloads, List<Entry> costs) {
  private static final String RESOURCES = "/oomlab/";

  /** Those in a folder that has {@code policies/} and {@code workloads/}. */
  static Shipped in(Path home) {
    List<String> paths =
        Stream.of(Kind.POLICY.folder, Kind.WORKLOAD.folder)
            .flatMap(folder -> yamlBelow(home.resolve(folder)).stream())
            .map(path -> home.relativize(path).toString().replace('\\', '/'))
            .toList();
    return of(
        paths,
        path -> {
          Path file = home.resolve(path);
          return new Source(
              file.toString(), Source.nameOf(path), null, () -> Files.newInputStream(file));
        });
  }

  /**
   * Those packed with the classes. A class path cannot be listed, so the build writes {@code
   * index.txt}: one path to a line.
   */
  static Shipped inJar() {
    try (InputStream index = Shipped.class.getResourceAsStream(RESOURCES + "index.txt")) {
      if (index == null) {
        throw new IllegalStateException("built without " + RESOURCES + "index.txt");
      }
      List<String> paths =
          new BufferedReader(new InputStreamReader(index, StandardCharsets.UTF_8))
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .sorted(NaturalOrder.COMPARATOR)
              .toList();
      return of(
          paths,
          path -> new Source(path, Source.nameOf(path), null, () -> resource(RESOURCES + path)));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static InputStream resource(String path) throws IOException {
    InputStream in = Shipped.class.getResourceAsStream(path);
    if (in == null) {
      throw new NoSuchFileException(path);
    }
    return in;
  }

  private static Shipped of(List<String> paths, Function<String, Source> file) {
    return new Shipped(
        entries(Kind.POLICY, paths, file),
        entries(Kind.WORKLOAD, paths, file),
        entries(Kind.COSTS, paths, file));
  }

  private static List<Entry> entries(Kind kind, List<String> paths, Function<String, Source> file) {
    return paths.stream()
        .filter(path -> Kind.ofPath(path) == kind)
        .map(path -> new Entry(family(path), file.apply(path)))
        .toList();
  }

  /** What is between the first folder and the file. */
  private static String family(String path) {
    int first = path.indexOf('/');
    int last = path.lastIndexOf('/');
    return first == last ? "" : path.substring(first + 1, last);
  }

  List<Entry> of(Kind kind) {
    return switch (kind) {
      case POLICY -> policies;
      case WORKLOAD -> workloads;
      case COSTS -> costs;
    };
  }

  /** Every YAML file in a folder and those below it, sorted by path; none without the folder. */
  static List<Path> yamlBelow(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> Source.isYaml(path.toString()) && Files.isRegularFile(path))
          .sorted(Comparator.comparing(Path::toString, NaturalOrder.COMPARATOR))
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static Shipped open(@Nullable Path home) {
    return home == null ? inJar() : in(home);
  }
}
