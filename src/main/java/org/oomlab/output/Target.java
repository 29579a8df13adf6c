package org.oomlab.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where data is to go, as a user has named it: standard output, something that takes bytes as they
 * come (a pipe, a terminal, {@code /dev/null}), or a file. It has been found to be writable, which
 * is done before any work.
 */
public final class Target {
  /** As many links as Linux follows. */
  private static final int MOST_LINKS = 40;

  private static final List<String> STANDARD_OUTPUTS =
      List.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  private final String option;
  private final String name;
  private final @Nullable Path path;
  private final boolean replaced;

  private Target(String option, String name, @Nullable Path path, boolean replaced) {
    this.option = option;
    this.name = name;
    this.path = path;
    this.replaced = replaced;
  }

  /**
   * Looks at a place that a user has named.
   *
   * @param option by which option, for messages
   * @param name the path, or null or {@code -} for standard output
   * @throws OutputRefused if nothing can be written there
   */
  public static Target of(String option, @Nullable String name) {
    if (name == null || name.equals("-")) {
      return new Target(option, name == null ? "-" : name, null, false);
    }
    try {
      return of(option, name, Path.of(name));
    } catch (IOException | InvalidPathException e) {
      throw refused(option, name, "cannot be written: " + OutputRefused.reason(e));
    }
  }

  /**
   * Looks at a place that has to be a file.
   *
   * @throws OutputRefused if it is not, or if it cannot be written
   */
  public static Target file(String option, String name) {
    Target target = of(option, name);
    if (!target.isFile()) {
      throw refused(option, name, "is no file, and one is needed");
    }
    return target;
  }

  /**
   * A directory for several files, made if there is none.
   *
   * @throws OutputRefused if that cannot be, or if nothing can be written there
   */
  public static Path folder(String option, String name) {
    try {
      Path folder = Path.of(name);
      if (name.isEmpty()) {
        throw refused(option, "''", "the name of a directory is needed");
      }
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw refused(option, name, "is no directory, and one is needed");
      }
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw refused(option, name, "no file can be made there: permission denied");
      }
      return folder;
    } catch (IOException | InvalidPathException e) {
      throw refused(option, name, "cannot be made: " + OutputRefused.reason(e));
    }
  }

  private static Target of(String option, String name, Path given) throws IOException {
    if (name.isEmpty()) {
      throw refused(option, "''", "a name is needed, or - for standard output");
    }
    Path path = given.toAbsolutePath();
    if (STANDARD_OUTPUTS.contains(path.normalize().toString())) {
      return new Target(option, name, null, false); // to open it anew would not append to it
    }
    if (Files.isDirectory(path) || name.endsWith("/")) {
      throw refused(option, name, "is a directory");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      if (!Files.isWritable(path)) {
        throw refused(option, name, "may not be written: permission denied");
      }
      return new Target(option, name, path, false); // cannot be replaced, and need not be
    }
    Path file = real(path);
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw refused(option, name, "there is no directory " + folder);
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw refused(option, name, "may not be overwritten");
    }
    if (!Files.isWritable(folder)) {
      throw refused(option, name, "no file can be made in " + folder + ": permission denied");
    }
    return new Target(option, name, file, true);
  }

  /** The path without links, so that a link stays one, whether or not its target exists. */
  private static Path real(Path path) throws IOException {
    Path file = path;
    for (int links = 0; Files.isSymbolicLink(file) && links < MOST_LINKS; links++) {
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    Path folder = file.getParent();
    Path bare = file.getFileName();
    return folder == null || bare == null || !Files.isDirectory(folder)
        ? file
        : folder.toRealPath().resolve(bare);
  }

  /** Whether it is a file, which appears when it is complete. */
  public boolean isFile() {
    return replaced;
  }

  /** Whether it is standard output. */
  public boolean isStandardOutput() {
    return path == null;
  }

  /** Whether both are one file. */
  public boolean isSameAs(Target other) {
    return path != null && replaced && path.equals(other.path);
  }

  /** Where it is. */
  Path path() {
    assert path != null;
    return path;
  }

  /** What its name is, with this behind it, in the same directory. */
  public Path beside(String suffix) {
    return path().resolveSibling(path().getFileName() + suffix);
  }

  /** A complaint about it. */
  OutputRefused refused(String what) {
    return refused(option, name, what);
  }

  private static OutputRefused refused(String option, String name, String what) {
    return new OutputRefused(option + " " + name + ": " + what);
  }
}
