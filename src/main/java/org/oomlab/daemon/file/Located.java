package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.oomlab.daemon.Place;
import org.oomlab.unit.Position;

/**
 * A piece of a file that knows where each of its characters stood, also after lines were joined and
 * quotes taken away.
 */
final class Located {
  private final ConfigFile file;
  private final String text;
  private final int[] offsets;
  private final int end;

  private Located(ConfigFile file, String text, int[] offsets, int end) {
    this.file = file;
    this.text = text;
    this.offsets = offsets;
    this.end = end;
  }

  /** A piece as it stands there. */
  static Located of(ConfigFile file, int from, int to) {
    int[] offsets = new int[to - from];
    Arrays.setAll(offsets, i -> from + i);
    return new Located(file, file.text().substring(from, to), offsets, to);
  }

  /** One that is put together. */
  static final class Builder {
    private final ConfigFile file;
    private final StringBuilder text = new StringBuilder();
    private int[] offsets = new int[16];
    private int end;

    /** Begins at an offset, which is where it is if it stays empty. */
    Builder(ConfigFile file, int at) {
      this.file = file;
      this.end = at;
    }

    Builder add(char c, int offset) {
      if (text.length() == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      offsets[text.length()] = offset;
      text.append(c);
      end = offset + 1;
      return this;
    }

    Builder add(Located piece) {
      for (int i = 0; i < piece.length(); i++) {
        add(piece.charAt(i), piece.offset(i));
      }
      return this;
    }

    int length() {
      return text.length();
    }

    Located build() {
      return new Located(file, text.toString(), Arrays.copyOf(offsets, text.length()), end);
    }
  }

  ConfigFile file() {
    return file;
  }

  int length() {
    return text.length();
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  char charAt(int index) {
    return text.charAt(index);
  }

  int offset(int index) {
    return index < offsets.length ? offsets[index] : end;
  }

  Position at() {
    return file.position(Math.min(offset(0), file.text().length()));
  }

  Place place() {
    return new Place(at(), text);
  }

  Located sub(int from, int to) {
    return new Located(
        file, text.substring(from, to), Arrays.copyOfRange(offsets, from, to), offset(to));
  }

  Located sub(int from) {
    return sub(from, length());
  }

  Located strip() {
    int from = 0;
    int to = length();
    while (from < to && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    return sub(from, to);
  }

  int indexOf(char c) {
    return text.indexOf(c);
  }

  /** Its lines, without their ends. */
  List<Located> lines() {
    return split('\n');
  }

  List<Located> split(char at) {
    List<Located> parts = new ArrayList<>();
    int from = 0;
    for (int i = text.indexOf(at); i >= 0; i = text.indexOf(at, from)) {
      parts.add(sub(from, i));
      from = i + 1;
    }
    parts.add(sub(from));
    return parts;
  }

  @Override
  public String toString() {
    return text;
  }
}
