package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.oomlab.report.Table.Field;

/**
 * What people read, on its way out: lines, made of fields. A field is printable and knows its tone,
 * so that a name can neither begin a line nor a colour.
 */
final class Page {
  private final StringBuilder text = new StringBuilder();
  private final Form form;

  /** How it is written. */
  enum Form {
    PLAIN,
    COLOURED,
    /** A block of Markdown in which nothing is marked up. */
    MARKDOWN,
    /** A {@code pre} element, with a class for each tone. */
    HTML
  }

  /** A page to be written to. */
  Page(boolean colour) {
    this(colour ? Form.COLOURED : Form.PLAIN);
  }

  /** A page in some form. */
  Page(Form form) {
    this.form = form;
  }

  /** An empty line. */
  Page blank() {
    text.append('\n');
    return this;
  }

  /** A line in no special tone. */
  Page line(String line) {
    return line(Field.of(line));
  }

  Page line(Field... fields) {
    return line(List.of(fields));
  }

  Page line(List<Field> fields) {
    fields.forEach(field -> text.append(said(field)));
    return blank();
  }

  private String said(Field field) {
    return form == Form.HTML
        ? field.tone().html(escaped(field.text()))
        : field.tone().say(field.text(), form == Form.COLOURED);
  }

  private String escaped(String plain) {
    return form == Form.HTML
        ? plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        : plain;
  }

  /**
   * A table, of fields too.
   *
   * @param indent how far it is from the left
   */
  Page table(Table table, int indent) {
    text.append(escaped(table.text(form == Form.COLOURED).indent(indent)));
    return this;
  }

  Page table(Table table) {
    text.append(escaped(table.text(form == Form.COLOURED)));
    return this;
  }

  Page markdown(Table table) {
    text.append(table.markdown());
    return this;
  }

  /**
   * Writes all of it, so that it is seen at once.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  void print(Writer out) {
    try {
      out.append(
          switch (form) {
            case PLAIN, COLOURED -> text;
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
