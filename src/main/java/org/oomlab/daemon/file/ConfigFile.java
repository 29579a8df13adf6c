package org.oomlab.daemon.file;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.oomlab.unit.Position;

/** A configuration file as it was handed in. */
public final class ConfigFile {
  private static final int HEAD = 1 << 18;

  private final String name;
  private final String text;
  private int[] starts = {};

  /**
   * A file.
   *
   * @param name as the user named it
   * @param text what it has in it
   */
  public ConfigFile(String name, String text) {
    this.name = name;
    String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
    // As Python's text files, systemd and the shell with a file from elsewhere have it.
    this.text = bare.indexOf('\r') < 0 ? bare : bare.replace("\r\n", "\n");
  }

  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  /** Its name without the folders. */
  public String base() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /**
   * Whether a pattern is found near its beginning, where a file shows what it is.
   *
   * @param regex repeats nothing without a bound
   */
  boolean has(String regex) {
    return Pattern.compile(regex)
        .matcher(text.length() > HEAD ? text.substring(0, HEAD) : text)
        .find();
  }

  /** The line and column of a character, both from 1. */
  Position position(int offset) {
    if (starts.length == 0) {
      starts = lineStarts();
    }
    int found = Arrays.binarySearch(starts, offset);
    int line = found >= 0 ? found : -found - 2;
    return new Position(name, line + 1, 1 + text.codePointCount(starts[line], offset));
  }

  private int[] lineStarts() {
    int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
    int[] all = new int[lines];
    int next = 1;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      all[next++] = i + 1;
    }
    return all;
  }

  /** All of it. */
  Located whole() {
    return Located.of(this, 0, text.length());
  }
}
