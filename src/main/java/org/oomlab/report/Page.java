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
public final class Page {
  private final StringBuilder text = new StringBuilder();
  private final boolean colour;

  /** A page to be written to. */
  public Page(boolean colour) {
    this.colour = colour;
  }

  /** An empty line. */
  public Page blank() {
    text.append('\n');
    return this;
  }

  /** A line in no special tone. */
  public Page line(String line) {
    return line(Field.of(line));
  }

  public Page line(Field... fields) {
    return line(List.of(fields));
  }

  public Page line(List<Field> fields) {
    fields.forEach(field -> text.append(field.tone().say(field.text(), colour)));
    return blank();
  }

  /**
   * A table, of fields too.
   *
   * @param indent how far it is from the left
   */
  public Page table(Table table, int indent) {
    text.append(table.text(colour).indent(indent));
    return this;
  }

  public Page table(Table table) {
    text.append(table.text(colour));
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
  public void print(Writer out) {
    try {
      out.append(text);
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
