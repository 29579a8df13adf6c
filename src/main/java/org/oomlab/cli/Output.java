package org.oomlab.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's data goes: standard output, or a file that appears whole or not at all.
 *
 * <p>A file is written under another name in the same directory and renamed by {@link #commit()}.
 * It is opened before any work is done, so that a mistake in its name costs nothing, and removed if
 * the command fails or the process is stopped by a signal.
 */
final class Output implements AutoCloseable {
  private final PrintStream stream;
  private final Writer writer;
  private final @Nullable Path target;
  private final @Nullable Path temporary;
  private final @Nullable Thread hook;

  /** Whether an unfinished file is of use. */
  private final boolean kept;

  private boolean finished;
  private Runnable beforeWriting = () -> {};

  private Output(PrintStream stream, @Nullable Path target, @Nullable Path temporary) {
    this(stream, target, temporary, false);
  }

  private Output(
      PrintStream stream, @Nullable Path target, @Nullable Path temporary, boolean kept) {
    this.kept = kept;
    this.stream = stream;
    this.writer = new OutputStreamWriter(new Checked(), StandardCharsets.UTF_8);
    this.target = target;
    this.temporary = temporary;
    if (temporary == null || kept) {
      hook = null;
    } else {
      hook = new Thread(this::discard, "oomlab-discard");
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  /**
   * Opens the destination.
   *
   * @param file a path, or null or {@code -} for standard output
   * @throws UserError if it cannot be written
   */
  static Output open(Streams streams, @Nullable String file) {
    if (file == null || file.equals("-")) {
      return new Output(streams.out(), null, null);
    }
    try {
      Path path = Path.of(file);
      Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
      if (Files.isDirectory(target)) {
        throw new UserError("-o " + file + ": is a directory");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        // A terminal, a pipe or /dev/null: cannot be replaced, and need not be.
        return new Output(print(target, StandardOpenOption.WRITE), target, null);
      }
      Path folder = target.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new UserError("-o " + file + ": there is no directory " + folder);
      }
      if (Files.exists(target) && !Files.isWritable(target)) {
        throw new UserError("-o " + file + ": may not be overwritten");
      }
      Path temporary =
          folder.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
      Files.deleteIfExists(temporary);
      return new Output(print(temporary, StandardOpenOption.CREATE_NEW), target, temporary);
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError("-o " + file + ": cannot be written: " + reason(e));
    }
  }

  /**
   * Opens a file that is appended to under another name until it is complete. What there is of it
   * stays when the command fails or is stopped.
   *
   * @param temporary the other name
   */
  static Output append(Path temporary, Path target) {
    try {
      return new Output(print(temporary, StandardOpenOption.APPEND), target, temporary, true);
    } catch (IOException e) {
      throw new UserError(temporary + ": cannot be written: " + reason(e));
    }
  }

  private static PrintStream print(Path path, StandardOpenOption how) throws IOException {
    return new PrintStream(
        new BufferedOutputStream(
            Files.newOutputStream(path, StandardOpenOption.WRITE, how), 1 << 16),
        false,
        StandardCharsets.UTF_8);
  }

  /** What an exception of the file system says, without the class name people do not know. */
  static String reason(Exception e) {
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "no such file or directory";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Takes the data. What is wrong with the stream is known after each flush. */
  Writer writer() {
    return writer;
  }

  /** What must happen before data appears on what may be the same screen. */
  void beforeWriting(Runnable action) {
    beforeWriting = action;
  }

  /** Writes a piece of text. */
  void print(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the data goes to a file. */
  boolean isFile() {
    return target != null;
  }

  /**
   * Looks whether anybody still takes the data. Flushes, so that a reader sees it in time.
   *
   * @throws OutputClosed if the reader of standard output has gone away
   * @throws UserError if a file cannot be written
   */
  void check() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void verify() {
    if (stream.checkError()) {
      if (target != null) {
        throw new UserError("-o " + target + ": could not be written; is the disk full?");
      }
      throw new OutputClosed();
    }
  }

  /**
   * All data has been written: lets the file appear.
   *
   * @throws OutputClosed if the reader of standard output has gone away
   * @throws UserError if the file cannot be written
   */
  synchronized void commit() {
    check();
    if (target != null) {
      stream.close();
      verify();
    }
    if (temporary != null && target != null) {
      try {
        try {
          Files.move(
              temporary,
              target,
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
          Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
      } catch (IOException e) {
        throw new UserError("-o " + target + ": cannot be written: " + reason(e));
      }
    }
    finished = true;
  }

  /**
   * As much has been written as there will be. Without the rest nobody wants a file; on standard
   * output it is there already.
   */
  void commit(boolean complete) {
    if (complete || !isFile()) {
      commit();
    }
  }

  /** Bytes on their way to the stream, which itself would not tell that they got lost. */
  private final class Checked extends OutputStream {
    @Override
    public void write(int b) {
      beforeWriting.run();
      stream.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      beforeWriting.run();
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() {
      stream.flush();
      verify();
    }
  }

  private synchronized void discard() {
    if (!finished && temporary != null) {
      finished = true;
      stream.close();
      if (kept) {
        return;
      }
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // It stays under its own name, beginning with a dot; the target is unharmed.
      }
    }
  }

  @Override
  public void close() {
    discard();
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shuttingDown) {
        // The hook is running, and finds nothing left to do.
      }
    }
  }
}
