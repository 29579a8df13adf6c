package org.oomlab.report;

import java.util.function.Consumer;

/**
 * Something that is told results one after another and writes them down. What it writes is complete
 * once it is closed; the writer under it is flushed then and stays open.
 *
 * <p>If that writer fails, {@link java.io.UncheckedIOException} says so.
 */
public interface Report<T> extends Consumer<T>, AutoCloseable {
  @Override
  void close();
}
