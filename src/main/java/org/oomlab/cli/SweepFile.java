package org.oomlab.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The CSV file of a sweep, which grows under the name {@code FILE.part} and is {@code FILE} when it
 * is complete. It holds nothing but rows, and so anything that is a beginning of the sweep's output
 * can be continued, whoever wrote it.
 *
 * <p>Whether it is one is decided by its header, by the keys of every row, and by running the
 * first, the second, the fourth and so on, and the last of its cases again: what a policy, a
 * workload or oomlab itself has become since then shows in their digests.
 */
final class SweepFile {
  /** A line that a row's keys decide: what it begins and ends with. */
  record Keys(String begin, String end) {
    boolean fit(String line) {
      return line.length() >= begin.length() + end.length()
          && line.startsWith(begin)
          && line.endsWith(end);
    }
  }

  private final Path target;
  private final Path part;
  private final String header;
  private final int rowsOfCase;
  private final long cases;
  private final LongFunction<Keys> keys;
  private final LongFunction<String> again;
  private boolean hasHeader;

  /**
   * A file.
   *
   * @param header its first line
   * @param rowsOfCase how many rows a case has
   * @param cases how many cases there will be
   * @param keys what is known of a row (from 0) without running it
   * @param again runs a case (from 0) again and returns its rows
   */
  SweepFile(
      String file,
      String header,
      int rowsOfCase,
      long cases,
      LongFunction<Keys> keys,
      LongFunction<String> again) {
    this.target = Path.of(file).toAbsolutePath();
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.header = header;
    this.rowsOfCase = rowsOfCase;
    this.cases = cases;
    this.keys = keys;
    this.again = again;
  }

  /** Where rows are while some are missing. */
  Path part() {
    return part;
  }

  /**
   * Makes room for a sweep from its beginning.
   *
   * @throws UserError if that would destroy an interrupted one
   */
  void begin() {
    if (Files.exists(part)) {
      throw new UserError(
          "-o "
              + target.getFileName()
              + ": there is an interrupted sweep in "
              + part.getFileName()
              + "; continue it with --resume, or remove it");
    }
    try {
      Files.createFile(part);
    } catch (IOException e) {
      throw new UserError("-o " + target + ": cannot be written: " + Output.reason(e));
    }
  }

  /**
   * Finds out how far the interrupted sweep came and cuts off what is not whole.
   *
   * @return how many cases are complete; -1 if there is nothing to be continued
   * @throws UserError if what there is belongs to another sweep
   */
  long resume() {
    Path from = Files.exists(part) ? part : target;
    if (!Files.exists(from)) {
      return -1;
    }
    try {
      Found found = read(from);
      long good = checked(found, from);
      if (from.equals(target)) {
        Files.copy(target, part, StandardCopyOption.REPLACE_EXISTING);
      }
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.truncate(good == found.cases ? found.end : found.endOfLastButOne);
      }
      hasHeader = found.header;
      return good;
    } catch (IOException e) {
      throw new UserError("--resume " + target + ": cannot be continued: " + Output.reason(e));
    }
  }

  /** Whether what there is begins with a header. */
  boolean hasHeader() {
    return hasHeader;
  }

  /** What was found in a file. */
  private static final class Found {
    boolean header;
    long cases;
    long end;
    long endOfLastButOne;

    /** The rows of the first, second, fourth, eighth case and so on. */
    final SortedMap<Long, String> samples = new TreeMap<>();

    String last = "";
    String lastButOne = "";
  }

  private Found read(Path from) throws IOException {
    Found found = new Found();
    try (Lines lines = new Lines(from)) {
      String line = lines.next();
      if (line == null) {
        return found; // not even a whole header
      }
      if (!line.equals(header)) {
        throw foreign(from, "its columns are others");
      }
      found.header = true;
      found.end = lines.offset;
      StringBuilder rows = new StringBuilder();
      long row = 0;
      for (line = lines.next(); line != null; line = lines.next()) {
        boolean fits = row < cases * rowsOfCase && keys.apply(row).fit(line);
        if (!fits && lines.atEnd()) {
          break; // the last row is damaged
        }
        if (!fits) {
          throw foreign(from, "line " + (row + 2) + " is of another point");
        }
        rows.append(line).append('\n');
        row++;
        if (row % rowsOfCase == 0) {
          found.cases++;
          found.endOfLastButOne = found.end;
          found.end = lines.offset;
          found.lastButOne = found.last;
          found.last = rows.toString();
          if (Long.bitCount(found.cases) == 1) {
            found.samples.put(found.cases - 1, found.last);
          }
          rows.setLength(0);
        }
      }
    }
    return found;
  }

  /** Runs some cases again; the very last one may be damaged, and then does not count. */
  private long checked(Found found, Path from) {
    if (found.cases == 0) {
      return 0;
    }
    boolean last = again.apply(found.cases - 1).equals(found.last);
    if (!last && found.cases == 1) {
      return 0;
    }
    if (!last && !again.apply(found.cases - 2).equals(found.lastButOne)) {
      throw foreign(from, "its last rows are not what this sweep computes");
    }
    found
        .samples
        .headMap(found.cases - 1)
        .forEach(
            (number, rows) -> {
              if (!again.apply(number).equals(rows)) {
                long line = number * rowsOfCase + 2;
                throw foreign(from, "line " + line + " is not what this sweep computes");
              }
            });
    return last ? found.cases : found.cases - 1;
  }

  private static UserError foreign(Path from, String why) {
    return new UserError("--resume: " + from.getFileName() + " belongs to another sweep: " + why);
  }

  /** Whole lines of a file, and where they end. */
  private static final class Lines implements AutoCloseable {
    private final InputStream in;
    private long offset;

    Lines(Path path) throws IOException {
      in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    }

    /** The next line that has an end, or null. */
    @Nullable String next() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream(256);
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          offset += line.size() + 1;
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(b);
      }
      return null;
    }

    boolean atEnd() throws IOException {
      in.mark(1);
      boolean end = in.read() < 0;
      in.reset();
      return end;
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Goes on at the end of what is there. */
  Output append() {
    return Output.append(part, target);
  }
}
