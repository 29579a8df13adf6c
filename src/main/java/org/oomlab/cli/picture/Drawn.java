package org.oomlab.cli.picture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.oomlab.output.Output;

/** Puts what was drawn where it belongs, to the byte. */
final class Drawn {
  private Drawn() {}

  static void put(Output output, String text) {
    put(output, text.getBytes(StandardCharsets.UTF_8));
  }

  static void put(Output output, byte[] bytes) {
    try {
      output.bytes().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
