package org.oomlab.yaml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.Document;
import org.oomlab.yaml.tree.Entry;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/**
 * Finds the files that names stand for.
 *
 * <p>A name is, whichever comes first: {@code -} for standard input; a file or a folder; the name
 * of a shipped file; the name of a family, which is a folder of shipped files; for policies, a
 * kernel version that a shipped one stands for.
 */
final class Finder {
  private final Shipped shipped;
  private final Source stdin;

  /** What is in other files that the command line names, by its own name: first of all. */
  private final Map<Kind, Map<String, Source>> given;

  Finder(Shipped shipped, InputStream stdin) {
    this(shipped, new Source("stdin", null, null, new Once(stdin)), Map.of());
  }

  private Finder(Shipped shipped, Source stdin, Map<Kind, Map<String, Source>> given) {
    this.shipped = shipped;
    this.stdin = stdin;
    this.given = given;
  }

  /** The same, and it knows these by their names, before what it knew. */
  Finder knowing(Kind kind, Map<String, Source> documents) {
    if (documents.isEmpty()) {
      return this;
    }
    Map<Kind, Map<String, Source>> all = new EnumMap<>(Kind.class);
    all.putAll(given);
    Map<String, Source> its = new LinkedHashMap<>(given(kind));
    its.putAll(documents);
    all.put(kind, its);
    return new Finder(shipped, stdin, all);
  }

  private Map<String, Source> given(Kind kind) {
    return given.getOrDefault(kind, Map.of());
  }

  /** Standard input, which can be read only once but may be named for several things. */
  private static final class Once implements Source.Content {
    private final InputStream in;
    private byte @Nullable [] bytes;

    Once(InputStream in) {
      this.in = in;
    }

    @Override
    public InputStream open() throws IOException {
      byte[] read = bytes;
      if (read == null) {
        read = in.readNBytes(Document.MOST_BYTES + 1);
        bytes = read;
      }
      return new ByteArrayInputStream(read);
    }
  }

  /** The shipped files of one kind, by path. */
  List<Entry> shipped(Kind kind) {
    return shipped.of(kind);
  }

  /** The names and families of the shipped files of one kind. */
  Collection<String> names(Kind kind) {
    Set<String> names = new LinkedHashSet<>(given(kind).keySet());
    shipped.of(kind).forEach(entry -> names.add(entry.name()));
    shipped.of(kind).stream()
        .map(Entry::family)
        .filter(family -> !family.isEmpty())
        .forEach(names::add);
    return names;
  }

  /**
   * The files a name stands for; none for a noted reason.
   *
   * @param notes hears which policy an aliased kernel version behaves as
   */
  List<Source> find(Kind kind, String name, Problems problems, Notes notes) {
    if (name.equals("-")) {
      return List.of(stdin);
    }
    Source known = given(kind).get(name);
    if (known != null) {
      return List.of(known);
    }
    Path path = path(name);
    if (path != null && Files.isDirectory(path)) {
      return folder(kind, path, problems);
    }
    if (path != null && Files.exists(path)) {
      return List.of(Source.file(path));
    }
    Source source = exact(kind, name, problems);
    if (source == null) {
      List<Entry> family = shipped.of(kind).stream().filter(entry -> entry.isIn(name)).toList();
      if (!family.isEmpty()) {
        return family.stream().map(Entry::file).toList();
      }
      source = kind == Kind.POLICY ? alias(name, notes) : null;
    }
    if (source != null) {
      return List.of(source);
    }
    int before = problems.count();
    List<Source> several = several(kind, name, problems, notes);
    if (several.isEmpty() && problems.count() == before) {
      problems.add(nothing(kind, name));
    }
    return several;
  }

  /** What a pattern of the shell's matches that it has left as it is, or what is between commas. */
  private List<Source> several(Kind kind, String name, Problems problems, Notes notes) {
    List<Source> found = new ArrayList<>();
    if (kind == Kind.WORKLOAD && name.contains(",")) {
      for (String each : name.split(",", -1)) {
        found.addAll(find(kind, each, problems, notes));
      }
    } else if (isPattern(name)) {
      String regex = "\\Q" + name + "\\E";
      Pattern pattern = Pattern.compile(regex.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
      shipped.of(kind).stream()
          .filter(entry -> pattern.matcher(entry.name()).matches())
          .map(Entry::file)
          .forEach(found::add);
    }
    return found;
  }

  private static boolean isPattern(String name) {
    return name.contains("*") || name.contains("?");
  }

  /** That there is nothing of this kind and name, and what can be done about it. */
  private Problem nothing(Kind kind, String name) {
    if (isPattern(name)) {
      return Problem.of(name, "no " + kind.noun + " matches this pattern", null);
    }
    if (isPath(name)) {
      return Problem.of(name, "no such file", null);
    }
    for (Kind other : Kind.values()) {
      if (other != kind && names(other).contains(name)) {
        return Problem.of(name, kind.notThis(other, name), null);
      }
    }
    String nearest = Suggestions.nearest(name, names(kind));
    String families =
        shipped.of(kind).stream()
            .map(entry -> entry.family().replaceFirst("/.*", ""))
            .filter(family -> !family.isEmpty())
            .distinct()
            .collect(Collectors.joining(", "));
    boolean helps = nearest == null && !families.isEmpty();
    String known = helps ? "; the families are " + families : "";
    return Problem.of(
        name.isEmpty() ? "''" : name, "no " + kind.noun + " of this name" + known, nearest);
  }

  /** A file that can only be meant by its path, or standard input. */
  Source file(String path) {
    return path.equals("-") ? stdin : Source.file(Path.of(path));
  }

  /**
   * The one file that {@code extends} names: one beside the file that says so, or a shipped one.
   *
   * @return null for a noted reason
   */
  @Nullable Source extended(Kind kind, Value name, Source by, Problems problems, Notes notes) {
    int before = problems.count();
    String text = name.text();
    if (problems.count() > before) {
      return null;
    }
    Source found = by.neighbour(text);
    if (found == null) {
      found = exact(kind, text, problems);
    }
    if (found == null && kind == Kind.POLICY) {
      found = alias(text, notes);
    }
    if (found == null) {
      name.problem("no " + kind.noun + " '" + text + "'", Suggestions.nearest(text, names(kind)));
    }
    return found;
  }

  /**
   * The name by which a policy that a file speaks of is found from anywhere: one beside the file,
   * as its {@code extends} would find it, or else what users may name.
   *
   * @return null if there is none
   */
  @Nullable String policyNamed(String name, Source by) {
    Source beside = by.neighbour(name);
    if (beside == null && by.folder() != null && isPath(name)) {
      Path path = Path.of(by.label()).resolveSibling(name);
      return Files.exists(path) ? path.toString() : null;
    }
    if (beside != null) {
      return beside.label();
    }
    return find(Kind.POLICY, name, new Problems(), Notes.NONE).isEmpty() ? null : name;
  }

  /** Whether a name can only be meant as a path. */
  private static boolean isPath(String name) {
    return path(name) != null && (name.contains("/") || Source.isYaml(name));
  }

  /** Whether this is the name of a kernel version that a policy of another name stands for. */
  static boolean isVersionOf(String name, Source policy) {
    int dash = name.lastIndexOf('-');
    return dash > 0
        && VersionRange.isVersion(name.substring(dash + 1))
        && !isFile(name)
        && !name.equals(policy.name());
  }

  static boolean isFile(String name) {
    Path path = path(name);
    return path != null && Files.exists(path);
  }

  private static @Nullable Path path(String name) {
    try {
      return name.isEmpty() ? null : Path.of(name);
    } catch (InvalidPathException noPath) {
      return null;
    }
  }

  private static List<Source> folder(Kind kind, Path folder, Problems problems) {
    try {
      List<Path> files = Shipped.yamlBelow(folder);
      if (files.isEmpty()) {
        problems.add(
            Problem.of(
                folder.toString(),
                "no YAML file in this folder; of kernel logs 'oomlab import oom-report' makes some",
                null));
      }
      // Policies, workloads and costs may share a folder; each is picked by its first words.
      List<Source> sources =
          files.stream()
              .map(Source::file)
              .filter(
                  source -> {
                    try {
                      Node.Mapping document = source.parse(new Problems());
                      return document == null || kind.claims(document);
                    } catch (ProblemException hopeless) {
                      return true;
                    }
                  })
              .toList();
      if (sources.isEmpty() && !files.isEmpty()) {
        problems.add(Problem.of(folder.toString(), "no " + kind.noun + " in this folder", null));
      }
      return sources;
    } catch (UncheckedIOException failed) {
      problems.add(Problem.of(folder.toString(), "cannot be read: " + failed.getMessage(), null));
      return List.of();
    }
  }

  /** The shipped file of this name. */
  private @Nullable Source exact(Kind kind, String name, Problems problems) {
    Source known = given(kind).get(name);
    if (known != null) {
      return known;
    }
    List<Entry> called = shipped.named(kind, name);
    if (called.size() > 1) {
      problems.add(
          Problem.of(
              called.get(1).path(),
              "there is another " + kind.noun + " called " + name + ", in " + called.get(0).path(),
              null));
    }
    return called.isEmpty() ? null : called.get(0).file();
  }

  /** The shipped policy that stands for a kernel version, as linux-6.1 does for linux-6.6. */
  private @Nullable Source alias(String name, Notes notes) {
    int dash = name.lastIndexOf('-');
    String version = name.substring(dash + 1);
    if (dash < 0 || !VersionRange.isVersion(version)) {
      return null;
    }
    Entry before = null;
    boolean between = false;
    for (Entry entry : shipped.of(Kind.POLICY)) {
      if (entry.name().startsWith(name.substring(0, dash + 1))) {
        String versions = entry.text("versions");
        VersionRange range;
        try {
          range = VersionRange.parse(versions);
        } catch (IllegalArgumentException none) {
          continue; // it stands for none, or whoever uses the file will hear of the mistake
        }
        if (range.includes(version)) {
          notes.note(name + " behaves as " + entry.name() + " (" + versions + ")");
          return entry.file();
        }
        if (range.isBefore(version)) {
          before = entry; // In natural order, so the last of them is the nearest.
        } else {
          between = true;
        }
      }
    }
    if (before == null || !between) {
      return null;
    }
    notes.note(
        name
            + " lies between what the policies stand for; "
            + before.name()
            + " ("
            + before.text("versions")
            + ") stands in");
    return before.file();
  }
}
