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
  private final Form form;

  /** How it is written. */
  enum Form {
    PLAIN,
    COLOURED,
    /** A block of Markdown in which nothing is marked up. */
    MARKDOWN,
    /** A {@code pre} element, with a class for each tone. */
    HTML,
    /** Paragraphs and tables of HTML, with the same classes. */
    ELEMENTS;

    private boolean isMarkedUp() {
      return this == HTML || this == ELEMENTS;
    }
  }

  /** A page to be written to. */
  public Page(boolean colour) {
    this(colour ? Form.COLOURED : Form.PLAIN);
  }

  /** A page in some form. */
  Page(Form form) {
    this.form = form;
  }

  /** An empty line. */
  public Page blank() {
    return form == Form.ELEMENTS ? this : text("\n");
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
    parts.add(
        form == Form.ELEMENTS
            ? room -> "<p>" + said(its) + "</p>\n"
            : room -> broken(its, room) + "\n");
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
        out.append(said(new Field(shown, field.tone())))
            .append(word, shown.length(), word.length());
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
    return fields.stream().map(this::said).collect(Collectors.joining());
  }

  private String said(Field field) {
    return form.isMarkedUp()
        ? field.tone().html(escaped(field.text()))
        : field.tone().say(field.text(), form == Form.COLOURED);
  }

  private String escaped(String plain) {
    return form.isMarkedUp() ? Tone.escaped(plain) : plain;
  }

  /**
   * A table, of fields too.
   *
   * @param indent how far it is from the left
   */
  public Page table(Table table, int indent) {
    if (form == Form.ELEMENTS) {
      return text(table.html());
    }
    parts.add(room -> escaped(table.text(form == Form.COLOURED, room - indent).indent(indent)));
    return this;
  }

  public Page table(Table table) {
    if (form == Form.ELEMENTS) {
      return text(table.html());
    }
    parts.add(room -> escaped(table.text(form == Form.COLOURED, room)));
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
      StringBuilder text = new StringBuilder();
      parts.forEach(part -> text.append(part.apply(room)));
      out.append(
          switch (form) {
            case PLAIN, COLOURED, ELEMENTS -> text;
            // A longer fence than any that a name could be.
            case MARKDOWN -> "``````\n" + text.toString().stripTrailing() + "\n``````\n\n";
            case HTML -> "<pre class=\"oomlab\">" + text.toString().stripTrailing() + "</pre>\n";
          });
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
