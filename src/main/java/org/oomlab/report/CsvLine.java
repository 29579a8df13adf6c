package org.oomlab.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A line of CSV, as our own reports write them. */
public final class CsvLine {
  private static final CsvFactory FACTORY = new CsvFactory();

  private CsvLine() {}

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
