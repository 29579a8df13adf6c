package org.oomlab.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.oomlab.output.Printable;

/** A line of CSV, as our own reports write them. */
public final class CsvLine {
  private static final CsvFactory FACTORY = new CsvFactory();

  /** What a spreadsheet takes for the beginning of a formula, in both widths. */
  private static final String FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?%?");

  private CsvLine() {}

  /**
   * A text as it may stand in a cell: on one line, and with an apostrophe before what a spreadsheet
   * would compute, also if it takes a semicolon for the end of a cell. Numbers stay what they are.
   */
  static String cell(String text) {
    String field = Printable.field(text);
    StringBuilder cell = null;
    int copied = 0;
    for (int at = 0; at >= 0; at = after(field, at)) {
      if (isFormula(field, at)) {
        cell = cell == null ? new StringBuilder(field.length() + 4) : cell;
        cell.append(field, copied, at).append('\'');
        copied = at;
      }
    }
    return cell == null ? field : cell.append(field, copied, field.length()).toString();
  }

  /** Where the part begins that is behind the next semicolon, or -1. */
  private static int after(String field, int from) {
    int semicolon = field.indexOf(';', from);
    return semicolon < 0 ? -1 : semicolon + 1;
  }

  private static boolean isFormula(String field, int at) {
    if (at == field.length() || FORMULA.indexOf(field.charAt(at)) < 0) {
      return false;
    }
    int end = after(field, at);
    String part = field.substring(at, end < 0 ? field.length() : end - 1);
    return !NUMBER.matcher(part).matches();
  }

  /**
   * Its fields.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          fields.add(parser.getText());
        }
      }
    } catch (IOException damaged) {
      throw new IllegalArgumentException("no line of CSV", damaged);
    }
    return fields;
  }
}
