package org.oomlab.output;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The CSV file of a sweep, which grows under the name {@code FILE.part} and is {@code FILE} when it
 * is complete. It holds nothing but rows; a checksum of each group of them grows beside it in
 * {@code FILE.part.sums}, which is {@code FILE.sums} in the end.
 *
 * <p>What does not match its checksum is computed again. Whether the rest belongs to this sweep is
 * decided by the header, by the keys of every row, and by running the first, the second, the fourth
 * and so on, and the last of its cases again: what a policy, a workload or oomlab itself has become
 * since then shows in their digests.
 */
public final class SweepFile implements AutoCloseable {
  /** A line that a row's keys decide: what it begins and ends with. */
  public record Keys(String begin, String end) {
    boolean fit(String line) {
      return line.length() >= begin.length() + end.length()
          && line.startsWith(begin)
          && line.endsWith(end);
    }
  }

  private final Target target;
  private final Reservation reservation;
  private final Path part;
  private final Path sums;
  private final String header;
  private final int rowsOfCase;
  private final long cases;
  private final LongFunction<Keys> keys;
  private final LongFunction<String> again;
  private boolean hasHeader;

  /**
   * A file, from now on this run's alone.
   *
   * @param header its first line
   * @param rowsOfCase how many rows a case has
   * @param cases how many cases there will be
   * @param keys what is known of a row (from 0) without running it
   * @param again runs a case (from 0) again and returns its rows
   * @throws OutputRefused if another run is writing it
   */
  public SweepFile(
      Target target,
      String header,
      int rowsOfCase,
      long cases,
      LongFunction<Keys> keys,
      LongFunction<String> again) {
    this.target = target;
    this.part = target.beside(".part");
    this.sums = target.beside(".part" + Checksums.SUFFIX);
    this.header = header;
    this.rowsOfCase = rowsOfCase;
    this.cases = cases;
    this.keys = keys;
    this.again = again;
    this.reservation = Reservation.of(target);
  }

  /** Where rows are while some are missing. */
  public String part() {
    return String.valueOf(part.getFileName());
  }

  /**
   * Makes room for a sweep from its beginning.
   *
   * @throws OutputRefused if that would destroy an interrupted one
   */
  public void begin() {
    if (Files.exists(part)) {
      throw target.refused(
          "there is an interrupted sweep in "
              + part.getFileName()
              + "; continue it with --resume, or remove it");
    }
    try {
      Files.deleteIfExists(sums);
      Files.createFile(part);
    } catch (IOException e) {
      throw target.refused("cannot be written: " + OutputRefused.reason(e));
    }
  }

  /**
   * Finds out how far the interrupted sweep came, cuts off what is not whole and mends what is
   * damaged.
   *
   * @param notes told what was not taken as it was found
   * @return how many cases are complete; -1 if there is nothing to be continued
   * @throws OutputRefused if what there is belongs to another sweep
   */
  public long resume(Consumer<String> notes) {
    Path from = Files.exists(part) ? part : target.path();
    if (!Files.exists(from)) {
      return -1;
    }
    try (RandomAccessFile file = new RandomAccessFile(from.toFile(), "r")) {
      boolean growing = from.equals(part) || Files.exists(sums);
      Checksums beside = Checksums.read(growing ? sums : target.beside(Checksums.SUFFIX));
      Found found = new Found(beside, from, file);
      if (hasHeader(found)) {
        survey(found);
      }
      hasHeader = found.complete > 0;
      if (hasHeader) {
        keep(found, notes);
      } else {
        startAnew(found, notes);
      }
      return found.complete;
    } catch (IOException e) {
      throw target.refused("cannot be continued: " + OutputRefused.reason(e));
    }
  }

  /** Whether what there is begins with a header. */
  public boolean hasHeader() {
    return hasHeader;
  }

  /** What there is. */
  private static final class Found {
    final Checksums sums;
    final Path path;
    final RandomAccessFile file;

    /** How long the header is. */
    int header;

    /** Where each case begins, as far as the checksums tell. */
    final long[] begins;

    /** Cases that are as they were written. */
    final BitSet whole = new BitSet();

    /** One more than the number of the last of them. */
    int complete;

    Found(Checksums sums, Path path, RandomAccessFile file) {
      this.sums = sums;
      this.path = path;
      this.file = file;
      this.begins = new long[sums.size() + 1];
    }

    /** The rows of a case, without the header, or null if they are damaged. */
    @Nullable String rows(int number) throws IOException {
      byte[] rows = sums.rows(file, number, begins[number]);
      int from = number == 0 ? header : 0;
      return rows == null || rows.length < from
          ? null
          : new String(rows, from, rows.length - from, StandardCharsets.UTF_8);
    }

    OutputRefused foreign(String why) {
      return new OutputRefused(
          "--resume: " + path.getFileName() + " belongs to another sweep, or is damaged: " + why);
    }
  }

  private boolean hasHeader(Found found) throws IOException {
    byte[] expected = (header + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] first = new byte[(int) Math.min(expected.length, found.file.length())];
    found.file.readFully(first);
    found.header = expected.length;
    if (!Arrays.equals(first, 0, first.length, expected, 0, first.length)) {
      throw found.foreign("its columns are others");
    }
    return first.length == expected.length;
  }

  /** Holds the rows against their checksums, and those that are whole against the sweep. */
  private void survey(Found found) throws IOException {
    for (int number = 0; number < found.sums.size(); number++) {
      String rows = found.rows(number);
      if (rows != null) {
        check(found, number, rows);
        found.whole.set(number);
        found.complete = number + 1;
      }
      found.begins[number + 1] = rows != null ? found.sums.end(number) : guess(found, number);
    }
    int last = found.complete - 1;
    if (last >= 0 && !isSample(last)) {
      compare(found, last, String.valueOf(found.rows(last)));
    }
  }

  /** Where the case behind a damaged one may begin; if it does not, it does not match either. */
  private static long guess(Found found, int number) throws IOException {
    long end = found.sums.end(number);
    boolean last = number + 1 == found.sums.size();
    boolean ascending = end > found.begins[number] && (last || end < found.sums.end(number + 1));
    return ascending && end <= found.file.length() ? end : found.begins[number];
  }

  private static boolean isSample(long number) {
    return Long.bitCount(number + 1) == 1;
  }

  private void check(Found found, int number, String rows) {
    if (number >= cases) {
      throw found.foreign("it has more rows");
    }
    List<String> lines = rows.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      long row = (long) number * rowsOfCase + i;
      if (lines.size() != rowsOfCase || !keys.apply(row).fit(lines.get(i))) {
        throw found.foreign("line " + (row + 2) + " is of another point");
      }
    }
    if (isSample(number)) {
      compare(found, number, rows);
    }
  }

  private void compare(Found found, long number, String rows) {
    if (!again.apply(number).equals(rows)) {
      throw found.foreign("line " + line(number) + " is not what this sweep computes");
    }
  }

  private long line(long number) {
    return number * rowsOfCase + 2;
  }

  /** Without checksums nothing can be told of rows but that they are not of another sweep. */
  private void startAnew(Found found, Consumer<String> notes) throws IOException {
    List<String> first = new ArrayList<>();
    long length = found.file.length();
    found.file.seek(0);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Channels.newInputStream(found.file.getChannel()), StandardCharsets.UTF_8))) {
      String line = lines.readLine(); // the header
      String next = line == null ? null : lines.readLine();
      for (long row = 0; next != null; row++) {
        line = next;
        next = lines.readLine();
        boolean fits = row < cases * rowsOfCase && keys.apply(row).fit(line);
        if (!fits && next != null) {
          throw found.foreign("line " + (row + 2) + " is of another point");
        }
        if (fits && row < rowsOfCase) {
          first.add(line + "\n");
        }
      }
    }
    String rows = String.join("", first);
    boolean whole =
        first.size() == rowsOfCase
            && found.header + rows.getBytes(StandardCharsets.UTF_8).length <= length;
    if (whole) {
      compare(found, 0, rows);
      notes.accept(
          found.path.getFileName()
              + ": "
              + (found.sums.size() == 0 ? "no checksums beside it" : "nothing matches its checksum")
              + ", so its rows are computed again");
    }
    Files.deleteIfExists(sums);
    Files.write(part, new byte[0]);
  }

  /** Makes what is whole the beginning of what is to come. */
  private void keep(Found found, Consumer<String> notes) throws IOException {
    int damaged = damaged(found);
    if (damaged > 0) {
      String line = "line " + line(found.whole.nextClearBit(0));
      notes.accept(
          found.path.getFileName()
              + ": "
              + (damaged == 1
                  ? line + " is"
                  : damaged + " groups of rows, from " + line + " on, are")
              + " not what the checksum says, and computed again");
    }
    if (found.whole.cardinality() == found.complete && found.path.equals(part)) {
      truncate(part, found.begins[found.complete]);
      truncate(sums, (long) found.complete * Checksums.LINE);
      return;
    }
    Path newPart = target.beside(".part.new");
    Path newSums = target.beside(".part" + Checksums.SUFFIX + ".new");
    try (OutputStream out =
        new Checksums.Summed(
            new BufferedOutputStream(Files.newOutputStream(newPart)),
            newSums,
            rowsOfCase,
            0,
            true)) {
      out.write((header + "\n").getBytes(StandardCharsets.UTF_8));
      for (int number = 0; number < found.complete; number++) {
        String rows = found.whole.get(number) ? found.rows(number) : null;
        rows = rows != null ? rows : again.apply(number);
        out.write(rows.getBytes(StandardCharsets.UTF_8));
      }
    }
    Reservation.move(newSums, sums);
    Reservation.move(newPart, part);
  }

  /** Cases that are there and are not what they were; those behind a cut are not there. */
  private static int damaged(Found found) throws IOException {
    int damaged = 0;
    for (int number = 0; number < found.sums.size(); number++) {
      boolean there = found.sums.end(number) <= found.file.length();
      damaged += there && !found.whole.get(number) ? 1 : 0;
    }
    return damaged;
  }

  private static void truncate(Path path, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  /** Goes on at the end of what is there. What is written stays when the command is stopped. */
  public Output append() {
    try {
      FileChannel rows =
          FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      OutputStream summed =
          new Checksums.Summed(
              new BufferedOutputStream(Channels.newOutputStream(rows), 1 << 16),
              sums,
              rowsOfCase,
              rows.size(),
              !hasHeader,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
      return new Output(target, summed, new Grown(rows), true);
    } catch (IOException e) {
      throw target.refused("cannot be written: " + OutputRefused.reason(e));
    }
  }

  /** All rows are there. */
  private final class Grown implements Output.End {
    private final FileChannel rows;

    Grown(FileChannel rows) {
      this.rows = rows;
    }

    @Override
    public void publish() throws IOException {
      rows.force(true);
      Reservation.move(part, target.path());
      Reservation.move(sums, target.beside(Checksums.SUFFIX));
    }

    @Override
    public void release() {
      reservation.release();
    }
  }

  @Override
  public void close() {
    reservation.release();
  }

  /**
   * Looks whether the complete file of a sweep is as it was written.
   *
   * @return null if it is, or if there are no checksums beside it; else what is wrong
   */
  public static @Nullable String complaint(Path file) throws IOException {
    return Checksums.complaint(file);
  }
}
