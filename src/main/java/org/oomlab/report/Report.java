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

  /**
   * There will not be all that was asked for. Formats for programs end with a word about it, so
   * that nobody takes what there is for the whole; people are told elsewhere.
   *
   * @param what how far it came
   */
  default void partial(String what) {}
}
