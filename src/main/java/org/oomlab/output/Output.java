package org.oomlab.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's data goes: standard output, or a file that appears whole or not at all. What is
 * not {@link Printable} arrives as escapes.
 *
 * <p>A file is written under another name in the same directory and renamed by {@link #commit()}.
 * It is opened before any work is done, so that a mistake in its name costs nothing, and removed if
 * the command fails or the process is stopped by a signal.
 */
public final class Output implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Target target;
  private final OutputStream stream;
  private final End end;
  private final PrintableWriter writer;
  private final @Nullable Thread hook;
  private boolean finished;
  private Runnable beforeWriting = () -> {};

  /** What becomes of what was written. */
  interface End {
    /** It is complete, and the stream is flushed. */
    void publish() throws IOException;

    /** It is not wanted, or has been published. */
    void release();
  }

  /** What is written is where it belongs. */
  private static final End WRITTEN =
      new End() {
        @Override
        public void publish() {}

        @Override
        public void release() {}
      };

  /**
   * An output.
   *
   * @param hooked whether something must be done if the process is stopped
   */
  Output(Target target, OutputStream stream, End end, boolean hooked) {
    this.target = target;
    this.stream = stream;
    this.end = end;
    this.writer =
        new PrintableWriter(new OutputStreamWriter(new Checked(), StandardCharsets.UTF_8));
    if (hooked) {
      hook = new Thread(this::discard, "oomlab-discard");
      Runtime.getRuntime().addShutdownHook(hook);
    } else {
      hook = null;
    }
  }

  /**
   * Opens the destination.
   *
   * @param out standard output
   * @throws OutputRefused if it cannot be opened, or if another run is writing it
   */
  public static Output open(PrintStream out, Target target) {
    if (target.isStandardOutput()) {
      return new Output(target, out, WRITTEN, false);
    }
    if (!target.isFile()) {
      try {
        // Takes what comes, such as a pipe or /dev/null.
        return new Output(
            target,
            new BufferedOutputStream(
                Files.newOutputStream(target.path(), StandardOpenOption.WRITE), BUFFER),
            WRITTEN,
            false);
      } catch (IOException e) {
        throw target.refused("cannot be written: " + OutputRefused.reason(e));
      }
    }
    Reservation reservation = Reservation.of(target);
    OutputStream file =
        new BufferedOutputStream(Channels.newOutputStream(reservation.channel()), BUFFER);
    return new Output(target, file, new WholeFile(target, reservation), true);
  }

  /** A file that appears when it is complete. */
  private record WholeFile(Target target, Reservation reservation) implements End {
    @Override
    public void publish() throws IOException {
      reservation.publish();
      Checksums.forget(target); // of a sweep's file that was here before
    }

    @Override
    public void release() {
      reservation.release();
    }
  }

  /** Takes the data. What is wrong with the stream is known after each flush. */
  public Writer writer() {
    return writer;
  }

  /** What must happen before data appears on what may be the same screen. */
  public void beforeWriting(Runnable action) {
    beforeWriting = action;
  }

  /**
   * Whether colours are wanted; otherwise they arrive as escapes, like all that is not printable.
   */
  public void colour(boolean wanted) {
    writer.colour(wanted);
  }

  /** What is to come before anything else that is written, if anything is. */
  public void preface(String text) {
    writer.preface(text);
  }

  /** How many columns whoever looks at tables sees. */
  public void columns(int wanted) {
    writer.columns(wanted);
  }

  /** Takes data that is no text. Nothing else is to be written beside it. */
  public OutputStream bytes() {
    return new Checked();
  }

  /** Writes a piece of text. */
  public void print(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the data goes elsewhere than to standard output. */
  public boolean isFile() {
    return !target.isStandardOutput();
  }

  /**
   * Looks whether anybody still takes the data. Flushes, so that a reader sees it in time.
   *
   * @throws OutputClosed if the reader has gone away
   * @throws OutputRefused if a file cannot be written
   */
  public void check() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All data has been written: lets the file appear.
   *
   * @throws OutputClosed if the reader has gone away
   * @throws OutputRefused if the file cannot be written
   */
  public synchronized void commit() {
    check();
    try {
      end.publish();
    } catch (IOException e) {
      throw failed(e);
    }
    finished = true;
  }

  /**
   * As much has been written as there will be. Without the rest nobody wants a file; on standard
   * output it is there already.
   */
  public void commit(boolean complete) {
    if (complete || !isFile()) {
      commit();
    }
  }

  private RuntimeException failed(IOException e) {
    String reason = OutputRefused.reason(e);
    return !target.isFile() && reason.equals("Broken pipe")
        ? new OutputClosed()
        : target.refused("cannot be written: " + reason);
  }

  /** Bytes on their way to the stream. */
  private final class Checked extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      beforeWriting.run();
      try {
        stream.write(bytes, offset, length);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void flush() {
      try {
        stream.flush();
      } catch (IOException e) {
        throw failed(e);
      }
      // One of the JDK's own keeps to itself that bytes got lost.
      if (stream instanceof PrintStream print && print.checkError()) {
        throw new OutputClosed();
      }
    }
  }

  private synchronized void discard() {
    if (!finished) {
      finished = true;
      end.release();
    }
  }

  @Override
  public void close() {
    discard();
    if (isFile()) {
      try {
        stream.close();
      } catch (IOException late) {
        // What mattered was flushed by commit(); the rest is not wanted.
      }
    }
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        // The hook is running, and finds nothing left to do.
      }
    }
  }
}
