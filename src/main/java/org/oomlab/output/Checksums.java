package org.oomlab.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checksums of groups of rows, in a file beside that of the rows: for each group where it ends, and
 * its CRC-32C, in hexadecimal and lines of equal length. The checksum is of the rows and of where
 * they end, so that a damaged line of this file is noticed as well; that of the first group is of
 * the header too.
 */
final class Checksums {
  /** The name behind that of the file they are of. */
  static final String SUFFIX = ".sums";

  private static final HexFormat HEX = HexFormat.of();
  private static final int END_DIGITS = 16;
  private static final int SUM_DIGITS = 8;

  /** How long a line is. */
  static final int LINE = END_DIGITS + 1 + SUM_DIGITS + 1;

  private static final int MOST_GROUP_BYTES = 1 << 28;

  private final byte[] lines;

  private Checksums(byte[] lines) {
    this.lines = lines;
  }

  /** Those in a file; none if there is no such file. */
  static Checksums read(Path file) throws IOException {
    try {
      return new Checksums(Files.readAllBytes(file));
    } catch (NoSuchFileException none) {
      return new Checksums(new byte[0]);
    }
  }

  /** How many groups there are. */
  int size() {
    return lines.length / LINE;
  }

  /** Where a group ends, from the beginning of the file of rows; -1 if that cannot be read. */
  long end(int group) {
    return number(group * LINE, END_DIGITS);
  }

  private long sum(int group) {
    return number(group * LINE + END_DIGITS + 1, SUM_DIGITS);
  }

  private long number(int at, int digits) {
    String text = new String(lines, at, digits, StandardCharsets.ISO_8859_1);
    try {
      return Math.max(-1, HexFormat.fromHexDigitsToLong(text));
    } catch (IllegalArgumentException damaged) {
      return -1;
    }
  }

  /**
   * A group's rows as they were written.
   *
   * @param from where the group begins, if the one before is whole
   * @return null if they are not there, or damaged
   */
  byte @Nullable [] rows(RandomAccessFile file, int group, long from) throws IOException {
    long length = end(group) - from;
    if (length <= 0 || length > MOST_GROUP_BYTES || end(group) > file.length()) {
      return null;
    }
    byte[] rows = new byte[(int) length];
    file.seek(from);
    file.readFully(rows);
    boolean whole = lines[(group + 1) * LINE - 1] == '\n' && of(rows, end(group)) == sum(group);
    return whole ? rows : null;
  }

  private static long of(byte[] rows, long end) {
    CRC32C sum = new CRC32C();
    sum.update(rows);
    return closed(sum, end);
  }

  private static long closed(CRC32C rows, long end) {
    rows.update(HEX.toHexDigits(end).getBytes(StandardCharsets.US_ASCII));
    return rows.getValue();
  }

  /** A stream that writes the checksums of what passes through it. */
  static final class Summed extends OutputStream {
    private final OutputStream rows;
    private final OutputStream sums;
    private final int rowsOfGroup;
    private final CRC32C sum = new CRC32C();
    private long end;
    private int inGroup;

    /**
     * Goes on behind what is there.
     *
     * @param rows takes the rows
     * @param sums the file of checksums
     * @param rowsOfGroup how many lines a group has
     * @param end how long the file of rows is
     * @param header whether a header is still to come
     */
    Summed(
        OutputStream rows,
        Path sums,
        int rowsOfGroup,
        long end,
        boolean header,
        OpenOption... options)
        throws IOException {
      this.rows = rows;
      this.sums = new BufferedOutputStream(Files.newOutputStream(sums, options));
      this.rowsOfGroup = rowsOfGroup;
      this.end = end;
      this.inGroup = header ? -1 : 0;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      rows.write(bytes, offset, length);
      int from = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          take(bytes, from, i + 1 - from);
          from = i + 1;
          row();
        }
      }
      take(bytes, from, offset + length - from);
    }

    private void take(byte[] bytes, int offset, int length) {
      sum.update(bytes, offset, length);
      end += length;
    }

    private void row() throws IOException {
      inGroup++;
      if (inGroup == rowsOfGroup) {
        String line = HEX.toHexDigits(end) + " " + HEX.toHexDigits((int) closed(sum, end)) + "\n";
        sums.write(line.getBytes(StandardCharsets.US_ASCII));
        inGroup = 0;
        sum.reset();
      }
    }

    @Override
    public void flush() throws IOException {
      rows.flush();
      sums.flush();
    }

    @Override
    public void close() throws IOException {
      try (rows) {
        sums.close();
      }
    }
  }

  /**
   * Looks whether a complete file is as it was written.
   *
   * @return null if it is; else what is wrong with it
   */
  static @Nullable String complaint(Path path) throws IOException {
    Path beside = path.resolveSibling(path.getFileName() + SUFFIX);
    if (!Files.exists(beside)) {
      return null;
    }
    Checksums sums = read(beside);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long from = 0;
      long line = 1;
      for (int group = 0; group < sums.size(); group++) {
        byte[] rows = sums.rows(file, group, from);
        if (rows == null) {
          return "line " + line + " is not what its checksum says, in " + beside;
        }
        from = sums.end(group);
        line += new String(rows, StandardCharsets.UTF_8).lines().count();
      }
      return from == file.length()
          ? null
          : "line " + line + " and what follows have no checksum in " + beside;
    }
  }

  /** Takes away what belonged to a file that has been replaced. */
  static void forget(Target target) throws IOException {
    Path sums = target.beside(SUFFIX);
    if (Files.isRegularFile(sums)) {
      Checksums found = read(sums);
      if (found.size() > 0 && found.end(0) > 0 && found.lines.length % LINE == 0) {
        Files.delete(sums);
      }
    }
  }
}
