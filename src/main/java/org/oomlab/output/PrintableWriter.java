package org.oomlab.output;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets lines through and what is {@link Printable}; the rest as escapes. */
final class PrintableWriter extends FilterWriter implements Screen {
  private int columns = UNLIMITED;
  private boolean coloured;
  private String preface = "";

  /** The first half of a character whose second is still to come, or 0. */
  private char half;

  PrintableWriter(Writer to) {
    super(to);
  }

  /** From now on the sequences that only change colours are let through as well, or not. */
  void colour(boolean wanted) {
    coloured = wanted;
  }

  /** What comes before anything else, if anything does. */
  void preface(String text) {
    preface = text;
  }

  private void begin() throws IOException {
    if (!preface.isEmpty()) {
      String first = preface;
      preface = "";
      write(first);
    }
  }

  @Override
  public int columns() {
    return columns;
  }

  /** From now on its reader sees no more than so many columns. */
  void columns(int wanted) {
    columns = wanted;
  }

  @Override
  public void write(int c) throws IOException {
    write(String.valueOf((char) c));
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    begin();
    boolean plain = half == 0;
    for (int i = offset; plain && i < offset + length; i++) {
      plain = Printable.isPlain(characters[i]) || characters[i] == '\n';
    }
    if (plain) {
      out.write(characters, offset, length);
    } else {
      write(new String(characters, offset, length));
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    begin();
    String all = text.substring(offset, offset + length);
    if (half != 0) {
      all = half + all;
      half = 0;
    }
    int last = all.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(all.charAt(last))) {
      half = all.charAt(last);
      all = all.substring(0, last);
    }
    out.write(coloured ? Colours.kept(all) : Printable.text(all));
  }

  /** What can be done with colours; loaded only where there are any. */
  private static final class Colours {
    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[[0-9]{1,2}m");

    static String kept(String text) {
      StringBuilder kept = new StringBuilder();
      Matcher sequences = SEQUENCE.matcher(text);
      int from = 0;
      while (sequences.find()) {
        kept.append(Printable.text(text.substring(from, sequences.start())));
        kept.append(sequences.group());
        from = sequences.end();
      }
      return kept.append(Printable.text(text.substring(from))).toString();
    }
  }
}
