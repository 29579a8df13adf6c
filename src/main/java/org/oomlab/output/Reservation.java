package org.oomlab.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a file, which one run has at a time: a hidden file beside it that is locked.
 * The lock goes with the process, however it ends; what is left of the hidden file then, the next
 * run takes over. It is never looked at except through the one channel, for on POSIX systems
 * closing any other would take the lock away.
 */
final class Reservation {
  private static final int MOST_NAME_BYTES = 255;

  /** Another run may end just when this one begins; that cannot go on for ever. */
  private static final int MOST_TRIES = 100;

  private final Target target;
  private final Path hidden;
  private final FileChannel channel;

  private Reservation(Target target, Path hidden, FileChannel channel) {
    this.target = target;
    this.hidden = hidden;
    this.channel = channel;
  }

  /**
   * Takes the right.
   *
   * @throws OutputRefused if another run has it
   */
  static Reservation of(Target target) {
    Path hidden = hidden(target.path());
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        FileChannel channel = locked(target, hidden);
        if (channel != null) {
          copyPermissions(target.path(), hidden);
          return new Reservation(target, hidden, channel);
        }
      }
    } catch (IOException e) {
      throw target.refused("cannot be written: " + OutputRefused.reason(e));
    }
    throw target.refused("cannot be reserved: other runs keep writing it");
  }

  private static Path hidden(Path file) {
    String name = String.valueOf(file.getFileName());
    String hidden = "." + name + ".tmp";
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length + 5 > MOST_NAME_BYTES) {
      CRC32C hash = new CRC32C();
      hash.update(bytes);
      hidden = ".oomlab." + Long.toHexString(hash.getValue()) + ".tmp";
    }
    return file.resolveSibling(hidden);
  }

  /** Whoever may not read the old file may not read the new one. */
  private static void copyPermissions(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try {
      Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    } catch (UnsupportedOperationException none) {
      // No such permissions here.
    }
  }

  /** The file, locked; null if it was taken away in the meantime. */
  private static @Nullable FileChannel locked(Target target, Path hidden) throws IOException {
    Object before = key(hidden);
    if (before == null) {
      try {
        Files.createFile(hidden);
      } catch (FileAlreadyExistsException another) {
        // It will be locked.
      }
      return null;
    }
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              hidden, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException gone) {
      return null;
    }
    if (!lock(channel)) {
      channel.close();
      throw target.refused("another run is writing it");
    }
    if (!before.equals(key(hidden))) {
      channel.close(); // Whoever had it has renamed or deleted what was opened here.
      return null;
    }
    channel.truncate(0);
    return channel;
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return Objects.requireNonNullElse(attributes.fileKey(), "no key");
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private static boolean lock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException here) {
      return false;
    } catch (IOException unsupported) {
      return true; // There are file systems without locks; a result is better than none.
    }
  }

  /** The hidden file, empty at first, to be written to. */
  FileChannel channel() {
    return channel;
  }

  /** Makes the hidden file, complete now, the one that was asked for. */
  void publish() throws IOException {
    channel.force(true);
    move(hidden, target.path());
    channel.close();
  }

  /** Takes the place of another file in the same directory, at once or not at all. */
  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Gives the right back, and leaves nothing behind. */
  void release() {
    try (channel) {
      if (channel.isOpen()) {
        Files.deleteIfExists(hidden);
      }
    } catch (IOException e) {
      // It stays under its own name, beginning with a dot; the target is unharmed.
    }
  }
}
