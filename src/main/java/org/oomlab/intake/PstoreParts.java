package org.oomlab.intake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a dump in the order in which the kernel said what is in them. pstore_dump() of
 * fs/pstore/platform.c numbers them from the end: part 1 has the last lines.
 */
final class PstoreParts {
  private static final Pattern HEAD =
      Pattern.compile(
          "\\s{0,8}(?:<\\d{1,3}>)?[A-Z][A-Za-z]{2,20}#(\\d{1,9}) Part(\\d{1,9})\\s{0,8}");

  /** A backend holds less; what is longer is no dump, and left as it is. */
  private static final int MOST_CHARACTERS = 1 << 22;

  private final LineConsumer out;
  private final List<Piece> pieces = new ArrayList<>();
  private String dump = "";
  private int characters;
  private @Nullable Piece current;

  /** Who takes lines. */
  interface LineConsumer {
    void accept(long number, String line);
  }

  private record Piece(long part, List<Long> numbers, List<String> lines) {}

  PstoreParts(LineConsumer out) {
    this.out = out;
  }

  /** Whether lines are being held back. */
  boolean isInParts() {
    return current != null;
  }

  void accept(long number, String line) {
    Matcher head = line.indexOf('#') > 0 ? HEAD.matcher(line) : null;
    if (head != null && head.matches()) {
      if (!dump.equals(head.group(1)) || characters > MOST_CHARACTERS) {
        flush();
        dump = head.group(1);
      }
      current = new Piece(Long.parseLong(head.group(2)), new ArrayList<>(), new ArrayList<>());
      pieces.add(current);
      return;
    }
    Piece piece = current;
    if (piece == null) {
      out.accept(number, line);
      return;
    }
    piece.numbers().add(number);
    piece.lines().add(line);
    characters += line.length();
    if (characters > MOST_CHARACTERS) {
      flush();
    }
  }

  /** Hands on what has been held back, the highest part first. */
  void flush() {
    pieces.sort(Comparator.comparingLong(Piece::part).reversed());
    for (Piece piece : pieces) {
      for (int i = 0; i < piece.lines().size(); i++) {
        out.accept(piece.numbers().get(i), piece.lines().get(i));
      }
    }
    pieces.clear();
    current = null;
    dump = "";
    characters = 0;
  }
}
