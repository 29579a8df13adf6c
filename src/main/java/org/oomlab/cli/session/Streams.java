package org.oomlab.cli.session;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.OutputRefused;

/**
 * The three standard streams, and what they are connected to.
 *
 * @param in commands, or a document named {@code -}
 * @param out data
 * @param err everything else
 * @param inIsTerminal somebody types
 * @param outIsTerminal somebody reads the data as it comes
 * @param errIsTerminal somebody can see a progress line
 */
public record Streams(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /** Streams of which none is a terminal, as in tests and pipelines. */
  public static Streams plain(InputStream in, PrintStream out, PrintStream err) {
    return new Streams(in, out, err, false, false, false);
  }

  /**
   * Whether a file descriptor of this process is a terminal.
   *
   * <p>Java knows only whether all of them are (and from JDK 22 not even that without a further
   * call), so this asks /proc. Where there is none, nothing counts as a terminal: plain output is
   * never wrong.
   */
  public static boolean isTerminal(int descriptor) {
    String target = target(descriptor);
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.equals("/dev/console");
  }

  /** Whether a file descriptor's other end can be closed by a reader who has seen enough. */
  public static boolean isPipe(int descriptor) {
    String target = target(descriptor);
    return target.isEmpty() || target.startsWith("pipe:") || target.startsWith("socket:");
  }

  /**
   * Whether a file descriptor that this process was given closed has become something of the JVM's
   * own: what it opens first gets the lowest number that is free.
   */
  static boolean isTaken(int descriptor) {
    String target = target(descriptor);
    String home = System.getProperty("java.home", "");
    return !home.isEmpty() && target.startsWith(home + "/")
        || !target.isEmpty() && target.equals(jar())
        || target.endsWith(".jsa")
        || target.endsWith(".aot");
  }

  private static String jar() {
    try {
      return Path.of(System.getProperty("java.class.path", "")).toRealPath().toString();
    } catch (IOException | IllegalArgumentException several) {
      return "";
    }
  }

  /** Standard input, which says so if it is closed. */
  public static final class StandardInput extends FilterInputStream {
    private static final String CLOSED = "standard input is closed";
    private boolean begun;

    public StandardInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!begun && isTaken(0)) {
        throw new IOException(CLOSED);
      }
      begun = true;
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        throw OutputRefused.isClosed(e) ? new IOException(CLOSED, e) : e;
      }
    }
  }

  private static String target(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException unknown) {
      return "";
    }
  }

  /**
   * Standard output as a stream that remembers why it could not be written. A {@link PrintStream}
   * forgets, and a full disk must not be taken for a reader that went away.
   */
  public static final class StandardOutput extends PrintStream {
    private final Sink sink;

    public StandardOutput(OutputStream to, boolean isPipe) {
      this(new Sink(to, isPipe));
    }

    private StandardOutput(Sink sink) {
      super(sink, false, StandardCharsets.UTF_8);
      this.sink = sink;
    }

    /** Why the stream cannot be written any more, unless its reader just went away. */
    public @Nullable IOException failure() {
      return sink.isPipe ? null : sink.failure;
    }

    private static final class Sink extends OutputStream {
      private final OutputStream to;
      private final boolean isPipe;
      private @Nullable IOException failure;

      Sink(OutputStream to, boolean isPipe) {
        this.to = to;
        this.isPipe = isPipe;
      }

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          to.write(bytes, offset, length);
        } catch (IOException e) {
          failure = failure == null ? e : failure;
          throw e;
        }
      }

      @Override
      public void flush() throws IOException {
        try {
          to.flush();
        } catch (IOException e) {
          failure = failure == null ? e : failure;
          throw e;
        }
      }
    }
  }

  /** A file to be read, which may be a pipe: the channel of one cannot say where it is. */
  public static InputStream read(Path path) throws IOException {
    return Files.isRegularFile(path) || Files.isDirectory(path) || !Files.exists(path)
        ? Files.newInputStream(path)
        : new FileInputStream(path.toFile());
  }
}
