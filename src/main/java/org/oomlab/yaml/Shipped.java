package org.oomlab.yaml;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The files that come with oomlab, in the order of their paths. They are listed when first asked
 * for, each kind by itself, and nothing is read for it: most runs want two or three files of
 * hundreds.
 */
final class Shipped {
  private static final String RESOURCES = "/oomlab/";

  private final Function<Kind, List<String>> paths;
  private final Function<String, Source> file;
  private final Map<Kind, List<Entry>> listed = new EnumMap<>(Kind.class);

  private Shipped(Function<Kind, List<String>> paths, Function<String, Source> file) {
    this.paths = paths;
    this.file = file;
  }

  static Shipped open(@Nullable Path home) {
    return home == null ? inJar() : in(home);
  }

  /** Those in a folder that has {@code policies/} and {@code workloads/}. */
  private static Shipped in(Path home) {
    int prefix = home.resolve("x").toString().length() - 1;
    return new Shipped(
        kind -> {
          List<String> paths = new ArrayList<>();
          for (Path path : yamlBelow(home.resolve(kind.folder))) {
            paths.add(path.toString().substring(prefix).replace('\\', '/'));
          }
          return paths;
        },
        path -> {
          Path place = home.resolve(path);
          return new Source(place.toString(), Source.nameOf(path), null, new Source.OnDisk(place));
        });
  }

  /**
   * Those packed with the classes. A class path cannot be listed, so the build writes {@code
   * index.txt}: one path to a line.
   */
  private static Shipped inJar() {
    return new Shipped(
        kind -> index(),
        path -> new Source(path, Source.nameOf(path), null, () -> resource(RESOURCES + path)));
  }

  private static List<String> index() {
    try (InputStream index = Shipped.class.getResourceAsStream(RESOURCES + "index.txt")) {
      if (index == null) {
        throw new IllegalStateException("built without " + RESOURCES + "index.txt");
      }
      return new BufferedReader(new InputStreamReader(index, StandardCharsets.UTF_8))
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .sorted(NaturalOrder.COMPARATOR)
          .toList();
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

  /** All of one kind. */
  synchronized List<Entry> of(Kind kind) {
    List<Entry> entries = listed.get(kind);
    if (entries == null) {
      entries = new ArrayList<>();
      for (String path : paths.apply(kind)) {
        if (Kind.ofPath(path) == kind) {
          entries.add(new Entry(family(path), file.apply(path)));
        }
      }
      entries = Collections.unmodifiableList(entries);
      listed.put(kind, entries);
    }
    return entries;
  }

  /** What is between the first folder and the file. */
  private static String family(String path) {
    int first = path.indexOf('/');
    int last = path.lastIndexOf('/');
    return first == last ? "" : path.substring(first + 1, last);
  }

  /** Every YAML file in a folder and those below it, sorted by path; none without the folder. */
  static List<Path> yamlBelow(Path folder) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      addYamlBelow(folder, found);
    }
    return found;
  }

  /** Sorts one folder at a time, which compares little beside sorting all the paths. */
  private static void addYamlBelow(Path folder, List<Path> found) {
    SortedMap<String, Path> sorted = new TreeMap<>(NaturalOrder.COMPARATOR);
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        String name = path.getFileName().toString();
        if (Source.isYaml(name) && Files.isRegularFile(path)) {
          sorted.put(name, path);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          sorted.put(name + "/", path); // where it is among whole paths
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw new UncheckedIOException(failed.getCause());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    for (Map.Entry<String, Path> each : sorted.entrySet()) {
      if (each.getKey().endsWith("/")) {
        addYamlBelow(each.getValue(), found);
      } else {
        found.add(each.getValue());
      }
    }
  }
}
