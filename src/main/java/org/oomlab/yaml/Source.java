package org.oomlab.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file, wherever it is.
 *
 * @param label its name in messages
 * @param name what it is called by its file name, or null if it has none
 * @param folder where files that it names by their bare name are looked for first, or null
 * @param content opens it
 */
record Source(String label, @Nullable String name, @Nullable Path folder, Content content) {

  /** Opens a file. */
  interface Content {
    InputStream open() throws IOException;
  }

  /** What a file has in it at the time. */
  record OnDisk(Path path) implements Content {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  /** A file that a user pointed at. */
  static Source file(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return new Source(path.toString(), nameOf(path.toString()), folder, new OnDisk(path));
  }

  /** Whether a user pointed at it, and it is not found by its name. */
  boolean isPointedAt() {
    return folder != null;
  }

  /** The file's name without folders and extension. */
  static String nameOf(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return isYaml(file) ? file.substring(0, file.lastIndexOf('.')) : file;
  }

  static boolean isYaml(String path) {
    return path.endsWith(".yaml") || path.endsWith(".yml");
  }

  /** A file of that name in the same folder, or null; a file is no neighbour of itself. */
  @Nullable Source neighbour(String other) {
    if (folder == null || other.equals(name) || other.contains("/")) {
      return null;
    }
    for (String extension : new String[] {".yaml", ".yml"}) {
      Path path = folder.resolve(other + extension);
      if (Files.isRegularFile(path)) {
        // Called as the user called this one: with the folder as it was written.
        Path written = Path.of(label).resolveSibling(other + extension);
        return file(written);
      }
    }
    return null;
  }

  /** Its text, or null if it cannot be read, or only once. */
  @Nullable String text() {
    try (InputStream in = content.open()) {
      return new String(in.readNBytes(Document.MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }

  /** Its tree, or null if there is none, for a noted reason. */
  Node.@Nullable Mapping parse(Problems problems) {
    try (InputStream in = content.open()) {
      // No more than it takes to know that it is too large: it may be a device or a pipe.
      return Document.parse(label, in.readNBytes(Document.MOST_BYTES + 1), problems);
    } catch (NoSuchFileException missing) {
      problems.add(Problem.of(label, "no such file", null));
    } catch (AccessDeniedException denied) {
      problems.add(Problem.of(label, "permission denied", null));
    } catch (IOException failed) {
      problems.add(Problem.of(label, "cannot be read: " + failed.getMessage(), null));
    }
    return null;
  }
}
