package org.oomlab.cli.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.oomlab.cli.session.UserError;
import org.oomlab.output.OutputRefused;

/**
 * A kernel log to be read.
 *
 * @param named whether somebody named this very one, and must know if it cannot be read
 */
public record LogFile(String file, boolean named) {
  /**
   * What is below a directory or matches a pattern, in the order of the names; or the one named.
   */
  static List<LogFile> all(String log) {
    if (log.equals("-")) {
      return List.of(new LogFile(log, true));
    }
    try {
      Path path = Path.of(log);
      Path parent = path.getParent();
      Path from = parent == null ? Path.of("") : parent;
      if (Files.isDirectory(path)) {
        return below(path, Integer.MAX_VALUE, file -> true);
      }
      if (!Files.exists(path) && log.matches(".*[*?\\[{].*") && Files.isDirectory(from)) {
        PathMatcher matcher = from.getFileSystem().getPathMatcher("glob:" + path.getFileName());
        List<LogFile> found = below(from, 1, file -> matcher.matches(file.getFileName()));
        if (found.isEmpty()) {
          throw new UserError(log + ": no file is called so");
        }
        return found;
      }
      return List.of(new LogFile(log, true));
    } catch (InvalidPathException | PatternSyntaxException | UncheckedIOException e) {
      throw new UserError(log + ": cannot be read");
    } catch (IOException e) {
      throw new UserError(log + ": cannot be read: " + OutputRefused.reason(e));
    }
  }

  private static List<LogFile> below(Path path, int depth, Predicate<Path> wanted)
      throws IOException {
    try (Stream<Path> below = Files.walk(path, depth)) {
      return below
          .filter(Files::isRegularFile)
          .filter(wanted)
          .sorted()
          .map(file -> new LogFile(file.toString(), false))
          .toList();
    }
  }
}
