package org.oomlab.yaml.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file, wherever it is.
 *
 * @param label its name in messages
 * @param name what it is called by its file name, or null if it has none
 * @param folder where files that it names by their bare name are looked for first, or null
 * @param content opens it
 */
public record Source(String label, @Nullable String name, @Nullable Path folder, Content content) {

  /** What the lines of an OOM report say, and no document of ours would. */
  private static final List<String> LOG_WORDS =
      List.of("invoked oom-killer:", "oom-kill:constraint=", "Killed process ", "Out of memory: ");

  /** The key that names one of our documents. */
  private static final Pattern OURS =
      Pattern.compile("(?m)^(workload|policy|costs|measurements|bundle):");

  /** So much of a file is looked at: reports are long, but not that long. */
  private static final int LOG_BYTES = 1 << 20;

  /** Opens a file. */
  public interface Content {
    InputStream open() throws IOException;
  }

  /** What a file has in it at the time. */
  public record OnDisk(Path path) implements Content {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  /** A document that is part of this one, and was read with it. */
  public Source within(String name, Node.Mapping part) {
    return new Source(label + " (" + name + ")", name, folder, new Parsed(part));
  }

  /** What has been read already. */
  private record Parsed(Node.Mapping document) implements Content {
    @Override
    public InputStream open() throws IOException {
      throw new IOException("it is part of another file");
    }
  }

  /** A file that a user pointed at. */
  public static Source file(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return new Source(path.toString(), nameOf(path.toString()), folder, new OnDisk(path));
  }

  /** What tells it from other files, however the user wrote its path. */
  public String identity() {
    if (content instanceof OnDisk disk) {
      try {
        return disk.path().toRealPath().toString();
      } catch (IOException unreadable) {
        return label; // Whoever reads it says why.
      }
    }
    return label;
  }

  /** Whether a user pointed at it, and it is not found by its name. */
  public boolean isPointedAt() {
    return folder != null;
  }

  /** The file's name without folders and extension. */
  public static String nameOf(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return isYaml(file) ? file.substring(0, file.lastIndexOf('.')) : file;
  }

  public static boolean isYaml(String path) {
    return path.endsWith(".yaml") || path.endsWith(".yml");
  }

  /** A file of that name in the same folder, or null; a file is no neighbour of itself. */
  public @Nullable Source neighbour(String other) {
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
  public @Nullable String text() {
    try (InputStream in = content.open()) {
      return new String(in.readNBytes(Document.MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether a line of it begins so. */
  public boolean hasLine(String beginning) {
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes(Document.MOST_BYTES);
      return ("\n" + new String(bytes, StandardCharsets.UTF_8)).contains("\n" + beginning);
    } catch (IOException unreadable) {
      return false; // Whoever reads it says why.
    }
  }

  /** What a user would type to mean it. */
  private String argument() {
    return label.equals("stdin") ? "-" : label;
  }

  /** Whether somebody has taken a kernel log, or a compressed one, for one of our files. */
  private static boolean isLog(byte[] bytes) {
    boolean isGzip = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    String text = new String(bytes, 0, Math.min(bytes.length, LOG_BYTES), StandardCharsets.UTF_8);
    boolean isOurs = OURS.matcher(text).find(); // It may quote what a log says.
    return isGzip || !isOurs && LOG_WORDS.stream().anyMatch(text::contains);
  }

  /** Its tree if it is of this kind, or null, for a noted reason. */
  public Node.@Nullable Mapping parse(Kind wanted, Problems problems) {
    Node.Mapping document = parse(problems);
    Kind is = document == null ? null : Kind.of(document);
    if (is != null && is != wanted) {
      problems.add(Problem.of(label, wanted.notThis(is, argument()), null));
      return null;
    }
    return document;
  }

  /** Its tree, or null if there is none, for a noted reason. */
  public Node.@Nullable Mapping parse(Problems problems) {
    if (content instanceof Parsed parsed) {
      return parsed.document();
    }
    try (InputStream in = content.open()) {
      // No more than it takes to know that it is too large: it may be a device or a pipe.
      byte[] bytes = in.readNBytes(Document.MOST_BYTES + 1);
      if (!isYaml(label) && isLog(bytes)) {
        problems.add(
            Problem.of(
                label,
                "is a log and not YAML; 'oomlab import oom-report "
                    + argument()
                    + "' makes a workload of it",
                null));
        return null;
      }
      return Document.parse(label, bytes, problems);
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
