package org.oomlab.intake;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * The lines of a log that may be compressed, of any length, and not only text.
 *
 * <p>Memory is bounded by the longest part of a line that is kept, and by what xz needs for its
 * largest preset. Bytes that are not UTF-8 become replacement characters; NUL bytes are dropped,
 * which also makes plain text of UTF-16.
 */
final class LineSource {
  /** What is kept of a line, in bytes: enough for a report that somebody has pasted into one. */
  static final int LONGEST = 1 << 20;

  private static final int BLOCK = 1 << 18;

  /** What xz may take for its dictionary and tables, in KiB: that of xz -9, and as much again. */
  private static final int MOST_XZ_KIB = 128 << 10;

  /** Whether a log is text is decided when so many bytes have been read. */
  private static final long SAMPLE = 1 << 24;

  private static final String CUT_OFF = "the compressed data ends in the middle";

  /** The end of a line, and a letter of each word that is looked for. */
  private static final boolean[] TELLING = new boolean[128];

  static {
    for (char c : "\nmMkKx".toCharArray()) {
      TELLING[c] = true;
    }
  }

  private final InputStream in;
  private byte[] buffer = new byte[BLOCK];
  private int next;
  private int end;
  private boolean over;

  private int lineStart;
  private int lineEnd;
  private boolean promising;
  private long number;
  private long bytes;

  private @Nullable String failure;
  private long nulBytes;
  private long longLines;
  private long badLines;
  private long strange;

  /**
   * Opens a source.
   *
   * @param in the log, or what gzip or xz made of it
   * @throws IOException if it cannot be read, or if it is compressed in some other way
   */
  LineSource(InputStream in) throws IOException {
    this.in = decompressed(new BufferedInputStream(in, BLOCK));
  }

  private static InputStream decompressed(InputStream in) throws IOException {
    in.mark(8);
    byte[] magic = in.readNBytes(6);
    in.reset();
    try {
      if (begins(magic, 0x1f, 0x8b)) {
        return new GZIPInputStream(in, BLOCK);
      }
      if (begins(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
        return new XZInputStream(in, MOST_XZ_KIB);
      }
    } catch (EOFException e) {
      throw new IOException(CUT_OFF, e);
    } catch (MemoryLimitException e) {
      throw new IOException(tooLarge(e), e);
    }
    String other = null;
    if (begins(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      other = "zstd -dc";
    } else if (begins(magic, 0x5d, 0, 0)) {
      other = "xz --format=lzma -dc";
    } else if (begins(magic, 'B', 'Z', 'h')) {
      other = "bzip2 -dc";
    } else if (begins(magic, 'P', 'K', 3, 4)) {
      other = "unzip -p";
    } else if (begins(magic, 'L', 'P', 'K', 'S', 'H', 'H')) {
      other = "journalctl -k -o short-monotonic --file";
    }
    if (other != null) {
      throw new IOException(
          "compressed or binary, and not by gzip or xz; give oomlab what '" + other + "' prints");
    }
    return in;
  }

  private static String tooLarge(MemoryLimitException e) {
    return "xz wants "
        + (e.getMemoryNeeded() >> 10)
        + "MiB of memory for it; give oomlab what 'xz -dc' prints";
  }

  private static boolean begins(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes on to the next line.
   *
   * @return false at the end
   */
  boolean advance() throws IOException {
    int scan = next;
    lineStart = next;
    promising = false;
    while (true) {
      scan = scan(scan);
      if (scan < end) {
        break;
      }
      if (over) {
        if (scan == lineStart) {
          return false;
        }
        break;
      }
      if (scan - lineStart >= LONGEST) {
        return cut(scan);
      }
      int kept = lineStart;
      fill();
      scan -= kept - lineStart;
    }
    lineEnd = scan;
    next = Math.min(scan + 1, end);
    number++;
    return true;
  }

  /** The end of the line or of the buffer; on the way, whether there is a word worth a look. */
  private int scan(int from) {
    byte[] b = buffer;
    int limit = end;
    boolean found = promising;
    for (int i = from; i < limit; i++) {
      byte c = b[i];
      if (c < 0 || !TELLING[c]) {
        continue;
      }
      if (c == '\n') {
        promising = found;
        return i;
      }
      if (c == 'K') {
        // "Killed process" and "Kernel panic"; where the buffer ends, nobody knows.
        found |= i + 1 >= limit || b[i + 1] == 'i' || b[i + 1] == 'e';
      } else if (c == 'x') {
        // "Linux version" and "Linux host 6.1", but not SELinux.
        boolean begins = i - lineStart < 5 || b[i - 5] <= ' ';
        found |= begins && i - lineStart >= 4 && b[i - 4] == 'L' && b[i - 1] == 'u';
      } else if (!found && c == 'm' && i - lineStart >= 3 && b[i - 1] == 'm') {
        // "Comm: " of a stack trace, where the kernel's version is.
        found = b[i - 2] == 'o' && (i + 1 >= limit || b[i + 1] == ':');
      } else if (!found && i - lineStart >= 2) {
        found = isMarker(c, b[i - 1], b[i - 2]);
      }
    }
    promising = found;
    return limit;
  }

  /**
   * Whether a letter and the two before it are part of a word that a report can begin with: "oom",
   * "OOM", "of memory", "total_vm", "memory:", "Mem-Info", "invoked"; ", mode" of a failed
   * allocation, "for more than" of a hung task, "printk messages".
   */
  private static boolean isMarker(byte c, byte p, byte q) {
    return switch (c) {
      case 'm', 'M' ->
          ((p == 'o' || p == 'O') && q == p)
              || (p == ' ' && (q == 'f' || q == ',' || q == 'r' || q == 'k'))
              || (p == 'v' && q == '_')
              || (p == 'e' && (q == 'm' || q == 'M'))
              || p == 0;
      case 'k' -> p == 'o' && q == 'v';
      default -> false;
    };
  }

  /** Keeps what there is of a line that is too long, and skips the rest. */
  private boolean cut(int scan) throws IOException {
    longLines++;
    byte[] kept = java.util.Arrays.copyOfRange(buffer, lineStart, scan);
    int i = 0;
    lineStart = 0;
    end = 0;
    boolean found = false;
    while (!found) {
      end = read(0);
      i = 0;
      while (i < end && buffer[i] != '\n') {
        i++;
      }
      found = i < end;
      if (end < BLOCK && !found) {
        over = true;
        break;
      }
    }
    // The line first, then what follows it in the block.
    int rest = found ? end - i - 1 : 0;
    byte[] joined = new byte[Math.max(buffer.length, kept.length + 1 + rest)];
    System.arraycopy(kept, 0, joined, 0, kept.length);
    joined[kept.length] = '\n';
    System.arraycopy(buffer, found ? i + 1 : 0, joined, kept.length + 1, rest);
    buffer = joined;
    lineStart = 0;
    lineEnd = kept.length;
    end = kept.length + 1 + rest;
    next = kept.length + 1;
    promising = true;
    number++;
    return true;
  }

  /** Moves the line that has begun to the front and reads more behind it. */
  private void fill() throws IOException {
    int length = end - lineStart;
    if (length > buffer.length - BLOCK) {
      byte[] larger = new byte[length + 2 * BLOCK];
      System.arraycopy(buffer, lineStart, larger, 0, length);
      buffer = larger;
    } else {
      System.arraycopy(buffer, lineStart, buffer, 0, length);
    }
    lineStart = 0;
    int read = read(length);
    over = read < BLOCK;
    end = length + read;
  }

  /** Reads a block; what is compressed may turn out to be damaged, and what came before counts. */
  private int read(int at) throws IOException {
    int count = 0;
    try {
      while (count < BLOCK) {
        int read = in.read(buffer, at + count, BLOCK - count);
        if (read < 0) {
          break;
        }
        count += read;
      }
    } catch (IOException e) {
      failure =
          e instanceof EOFException
              ? CUT_OFF
              : e instanceof MemoryLimitException m ? tooLarge(m) : String.valueOf(e.getMessage());
      if (bytes + count == 0) {
        throw new IOException(failure, e);
      }
    }
    if (bytes < SAMPLE) {
      strange += strange(buffer, at, at + count);
    }
    bytes += count;
    return count;
  }

  /** Bytes that no text has: controls, and what is no UTF-8 or nothing at all. */
  private static long strange(byte[] bytes, int from, int to) {
    long strange = 0;
    int following = 0;
    for (int i = from; i < to; i++) {
      int b = bytes[i];
      boolean follows = (b & 0xc0) == 0x80;
      strange += follows && following == 0 || !follows && following > 0 ? 1 : 0;
      if (b >= 0) {
        following = 0;
        strange += b < ' ' && (b < '\b' || b > '\r') && b != 0x1b && b != 0 ? 1 : 0;
      } else {
        following = follows ? Math.max(0, following - 1) : b < -32 ? 1 : b < -16 ? 2 : 3;
      }
    }
    return strange;
  }

  /**
   * Whether there is no point in reading on: so much has been read, and too much of it is no text.
   * What a crash has left in a log is less.
   */
  boolean isNoText() {
    return bytes >= SAMPLE && strange > SAMPLE / 4;
  }

  /** Whether the line may be the first of a report: cheap, and wrong only by being too careful. */
  boolean isPromising() {
    return promising;
  }

  /** The line. */
  String text() {
    int last = lineEnd;
    while (last > lineStart && buffer[last - 1] == '\r') {
      last--;
    }
    String text = new String(buffer, lineStart, last - lineStart, StandardCharsets.UTF_8);
    boolean nul = text.indexOf('\0') >= 0;
    if (text.indexOf('\ufffd') >= 0 && !nul) {
      badLines++;
    }
    if (nul) {
      String without = text.replace("\0", "");
      nulBytes += text.length() - without.length();
      text = without.replace("\ufffd", "").replace("\r", "");
    }
    return text;
  }

  /** The number of the line, from 1. */
  long number() {
    return number;
  }

  /** Bytes read so far, after decompression. */
  long bytes() {
    return bytes;
  }

  /** What was odd about the lines that were looked at, in words, or null. */
  @Nullable String complaint() {
    StringBuilder text = new StringBuilder();
    if (nulBytes > 0) {
      append(text, nulBytes, "NUL byte", "dropped");
    }
    if (badLines > 0) {
      append(text, badLines, "line", "not UTF-8");
    }
    if (longLines > 0) {
      append(text, longLines, "line", "cut at " + (LONGEST >> 20) + "MiB");
    }
    if (failure != null) {
      text.append(text.length() == 0 ? "" : "; ").append("cannot be read to its end: " + failure);
    }
    return text.length() == 0 ? null : text.toString();
  }

  private static void append(StringBuilder text, long count, String thing, String what) {
    text.append(text.length() == 0 ? "" : "; ").append(count).append(' ').append(thing);
    text.append(count == 1 ? " was " : "s were ").append(what);
  }
}
