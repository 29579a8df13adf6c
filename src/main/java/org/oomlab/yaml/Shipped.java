package org.oomlab.yaml;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.yaml.tree.Entry;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Source;

/**
 * The files that come with oomlab, in the order of their paths. They are listed when first asked
 * for, each kind by itself, and nothing is read for it: most runs want two or three files of
 * hundreds.
 */
final class Shipped {
  private static final String RESOURCES = "/oomlab/";

  private final Function<Kind, List<String>> paths;
  private final Function<String, Source> file;
  private final Map<Kind, List<String>> found = new EnumMap<>(Kind.class);
  private final Map<Kind, List<Entry>> listed = new EnumMap<>(Kind.class);

  /**
   * Files somewhere.
   *
   * @param paths the paths of one kind, and perhaps of others, in any order
   * @param file reads the one at a path
   */
  private Shipped(Function<Kind, List<String>> paths, Function<String, Source> file) {
    this.paths = paths;
    this.file = file;
  }

  static Shipped open(@Nullable Path home) {
    return home == null ? inJar() : in(home);
  }

  /** Those in a folder that has {@code policies/} and {@code workloads/}. */
  private static Shipped in(Path home) {
    return new Shipped(
        kind -> {
          List<String> paths = new ArrayList<>();
          addYamlBelow(home.resolve(kind.folder).toFile(), kind.folder, paths);
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

  /** All of one kind, in the order of their paths. */
  synchronized List<Entry> of(Kind kind) {
    return listed.computeIfAbsent(kind, it -> entries(pathsOf(it)));
  }

  /** Those of one kind that are called so; one, unless somebody made a mistake. */
  synchronized List<Entry> named(Kind kind, String name) {
    List<String> called = new ArrayList<>();
    for (String path : pathsOf(kind)) {
      // Nothing is made of the others: there are many, and every run begins here.
      if (path.startsWith(name, path.lastIndexOf('/') + 1) && Source.nameOf(path).equals(name)) {
        called.add(path);
      }
    }
    return entries(called);
  }

  private List<String> pathsOf(Kind kind) {
    return found.computeIfAbsent(
        kind, it -> paths.apply(it).stream().filter(path -> Kind.ofPath(path) == it).toList());
  }

  private List<Entry> entries(List<String> paths) {
    return paths.stream()
        .sorted(NaturalOrder.COMPARATOR)
        .map(path -> new Entry(family(path), file.apply(path)))
        .toList();
  }

  /** What is between the first folder and the file. */
  private static String family(String path) {
    int first = path.indexOf('/');
    int last = path.lastIndexOf('/');
    return first == last ? "" : path.substring(first + 1, last);
  }

  /** Every YAML file in a folder and those below it, sorted by path; none without the folder. */
  static List<Path> yamlBelow(Path folder) {
    List<String> paths = new ArrayList<>();
    addYamlBelow(folder.toFile(), "", paths);
    return paths.stream().sorted(NaturalOrder.COMPARATOR).map(folder::resolve).toList();
  }

  /**
   * Adds the paths of the files in a folder and below, in no order.
   *
   * @param prefix the folder's own path as it is to be told, with a slash at its end, or nothing
   */
  private static void addYamlBelow(File folder, String prefix, List<String> paths) {
    String[] names = folder.list();
    if (names == null && folder.isDirectory()) {
      throw new UncheckedIOException(new AccessDeniedException(folder.getPath()));
    } else if (names == null) {
      return;
    }
    for (String name : names) {
      if (Source.isYaml(name)) {
        paths.add(prefix + name); // Not looked at: that would take longer than all the rest.
      } else {
        File below = new File(folder, name);
        if (Files.isDirectory(below.toPath(), LinkOption.NOFOLLOW_LINKS)) {
          addYamlBelow(below, prefix + name + "/", paths);
        }
      }
    }
  }
}
