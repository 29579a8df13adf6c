package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.oomlab.output.Screen;
import org.oomlab.report.Table.Field;

/**
 * What people read, on its way out: lines, made of fields. A field is printable and knows its tone,
 * so that a name can neither begin a line nor a colour.
 */
public final class Page {
  /** More would leave little room for what there is to say. */
  private static final int WIDEST_MARGIN = 20;

  private final List<IntFunction<String>> parts = new ArrayList<>();
  private final boolean colour;

  /** A page to be written to. */
  public Page(boolean colour) {
    this.colour = colour;
  }

  /** An empty line. */
  public Page blank() {
    return text("\n");
  }

  private Page text(String text) {
    parts.add(room -> text);
    return this;
  }

  /** A line in no special tone. */
  public Page line(String line) {
    return line(Field.of(line));
  }

  public Page line(Field... fields) {
    return line(List.of(fields));
  }

  /** A line, which goes on in another, set in, where it is too long for whoever reads it. */
  public Page line(List<Field> fields) {
    List<Field> its = List.copyOf(fields);
    parts.add(room -> broken(its, room) + "\n");
    return this;
  }

  private String broken(List<Field> fields, int room) {
    StringBuilder line = new StringBuilder();
    fields.forEach(field -> line.append(field.text()));
    if (line.length() <= room) {
      return said(fields);
    }
    int inner = margin(line.toString());
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (Field field : fields) {
      for (String word : field.text().split("(?<=[^ ] )(?=[^ ])")) {
        int length = word.stripTrailing().length();
        if (column > inner && column + length > room) {
          out.setLength(out.toString().stripTrailing().length());
          out.append('\n').append(" ".repeat(inner));
          column = inner;
        }
        String shown = word.stripTrailing();
        out.append(field.tone().say(shown, colour)).append(word, shown.length(), word.length());
        column += word.length();
      }
    }
    return out.toString().stripTrailing();
  }

  /** Where a line goes on: behind a time at its beginning, or set in a little. */
  private static int margin(String line) {
    int text = line.length() - line.stripLeading().length();
    int gap = line.indexOf("  ", text);
    int after = gap;
    while (after >= 0 && after < line.length() && line.charAt(after) == ' ') {
      after++;
    }
    return (gap >= 0 && after <= WIDEST_MARGIN ? after : text) + 2;
  }

  private String said(List<Field> fields) {
    return fields.stream()
        .map(field -> field.tone().say(field.text(), colour))
        .collect(Collectors.joining());
  }

  /**
   * A table, of fields too.
   *
   * @param indent how far it is from the left
   */
  public Page table(Table table, int indent) {
    parts.add(room -> table.text(colour, room - indent).indent(indent));
    return this;
  }

  public Page table(Table table) {
    parts.add(room -> table.text(colour, room));
    return this;
  }

  Page markdown(Table table) {
    return text(table.markdown());
  }

  /**
   * Writes all of it, so that it is seen at once.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void print(Writer out) {
    try {
      int room = Screen.columnsOf(out);
      for (IntFunction<String> part : parts) {
        out.append(part.apply(room));
      }
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
