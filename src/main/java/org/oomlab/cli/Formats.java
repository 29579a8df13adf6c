package org.oomlab.cli;

import java.util.Locale;
import org.oomlab.report.ReportFormat;
import picocli.CommandLine.ITypeConverter;

/** The values of {@code --format}. */
final class Formats {
  private Formats() {}

  /** All of them. */
  static final class All extends Names.Fixed implements ITypeConverter<ReportFormat> {
    private static final String[] WORDS = {"table", "csv", "json", "ndjson", "markdown"};

    All(Session session) {
      super(session, WORDS);
    }

    @Override
    public ReportFormat convert(String text) {
      String word = Choice.of("--format", text, WORDS);
      return ReportFormat.valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
