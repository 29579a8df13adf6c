package org.oomlab.report;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads the rows that our reports write, one after the other: nothing is kept. */
public final class CsvRows {
  private CsvRows() {}

  /**
   * Hands over every row, the header first.
   *
   * @throws IOException if it cannot be read or is no CSV
   */
  public static void read(Reader in, Consumer<List<String>> each) throws IOException {
    try (CsvParser parser = new CsvFactory().createParser(in)) {
      parser.setSchema(CsvSchema.emptySchema());
      List<String> row = new ArrayList<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case START_ARRAY -> row = new ArrayList<>();
          case VALUE_STRING -> row.add(parser.getText());
          case END_ARRAY -> each.accept(row);
          default -> row.add("");
        }
      }
    }
  }
}
