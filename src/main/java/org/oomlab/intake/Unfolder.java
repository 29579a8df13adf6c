package org.oomlab.intake;

import java.nio.charset.StandardCharsets;
import java.util.function.ObjLongConsumer;

/**
 * Makes lines of what a file has as lines: some hold many, as where somebody has put a whole log
 * into a string of JSON, and some are parts of one, as mail programs send them (quoted-printable).
 */
final class Unfolder {
  private static final int LONGEST = 1 << 14;

  /** A line feed that is written out, before a soft line break. */
  private static final String END = "=0A=";

  private final ObjLongConsumer<String> out;

  /** Whether an equals sign is written as "=3D". */
  private boolean encoded;

  /** What ends in a soft line break, if anything does. */
  private final StringBuilder folded = new StringBuilder();

  private boolean isFolded;

  private long foldedNumber;

  Unfolder(ObjLongConsumer<String> out) {
    this.out = out;
  }

  /** Takes a line as it stands in the file. */
  void accept(long number, String line) {
    encoded |= line.contains("=3D") || line.endsWith(END);
    if (!encoded) {
      split(number, line);
      return;
    }
    foldedNumber = isFolded ? foldedNumber : number;
    isFolded = true;
    boolean ends = line.endsWith(END);
    boolean goesOn = !ends && line.endsWith("=") && folded.length() + line.length() < LONGEST;
    folded.append(line, 0, line.length() - (ends ? END.length() : goesOn ? 1 : 0));
    if (!goesOn) {
      flush();
    }
  }

  /** Hands on what waits for the line after it. */
  void flush() {
    if (isFolded) {
      String whole = folded.toString();
      folded.setLength(0);
      isFolded = false;
      split(foldedNumber, decoded(whole));
    }
  }

  private static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      boolean escape = bytes[i] == '=' && i + 2 < bytes.length;
      int high = escape ? Character.digit(bytes[i + 1], 16) : -1;
      int low = escape ? Character.digit(bytes[i + 2], 16) : -1;
      boolean isByte = high >= 0 && low >= 0;
      bytes[length++] = isByte ? (byte) (high * 16 + low) : bytes[i];
      i += isByte ? 2 : 0;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** Lines end in carriage returns alone, in escapes inside of a string, or with an object. */
  private void split(long number, String line) {
    boolean list = line.startsWith("[{");
    int start = 0;
    for (int i = 0; i < line.length(); i++) {
      int skip = separator(line, i, list);
      if (skip > 0) {
        emit(number, line.substring(start, i));
        i += skip - 1;
        start = i + 1;
      }
    }
    emit(number, start == 0 ? line : line.substring(start));
  }

  private void emit(long number, String line) {
    out.accept(line, number);
  }

  /** How many characters that separate lines are here. */
  private static int separator(String line, int at, boolean list) {
    char c = line.charAt(at);
    if (c == '\r') {
      int end = at + 1;
      while (end < line.length() && line.charAt(end) == '\r') {
        end++;
      }
      return end - at;
    }
    if (c == '\\' && line.startsWith("\\n", at)) {
      boolean ends = at + 2 == line.length() || line.charAt(at + 2) == '"';
      return ends ? 0 : 2;
    }
    return list && c == ',' && at > 0 && line.charAt(at - 1) == '}' ? 1 : 0;
  }
}
