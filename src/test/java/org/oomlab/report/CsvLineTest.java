package org.oomlab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=HYPERLINK(\"x\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1,2)",
        "\uff1d1+1",
        "=1",
        "--version",
        "-"
      })
  void whatASpreadsheetWouldRunHasAnApostrophe(String text) {
    assertThat(CsvLine.cell(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+5.25%", "-1e-3", "a=b", "db[0]", "", "'=1", "x; y", "1;-2;+3"})
  void whatItWouldNotStaysAsItIs(String text) {
    assertThat(CsvLine.cell(text)).isEqualTo(text);
  }

  @Test
  void aFieldBehindASemicolonIsOneToo() {
    assertThat(CsvLine.cell("a;=1+1;-2;@b")).isEqualTo("a;'=1+1;-2;'@b");
  }

  @Test
  void aTabOrALineBreakDoesNotBeginACell() {
    assertThat(CsvLine.cell("\t=1\r\n")).isEqualTo("\\u0009=1\\u000d\\u000a");
  }

  @Test
  void listsNamesOfColumnsAndTextsAreTreatedAlikeAndJsonIsNot() {
    List<Column<String>> columns =
        List.of(
            new Column<>("=head", text -> text),
            new Column<>("list", text -> List.of("b", text)),
            new Column<>("number", text -> -5L));
    StringWriter csv = new StringWriter();
    try (Report<String> report = ReportFormat.CSV.rows(csv, columns)) {
      report.accept("=1+1");
    }
    assertThat(csv.toString()).isEqualTo("'=head,list,number\n'=1+1,b;'=1+1,-5\n");
    StringWriter json = new StringWriter();
    try (Report<String> report = ReportFormat.NDJSON.rows(json, columns)) {
      report.accept("=1+1");
    }
    assertThat(json.toString()).contains("\"=head\":\"=1+1\"");
  }
}
