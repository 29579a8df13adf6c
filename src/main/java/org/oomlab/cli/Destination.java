package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.report.ReportFormat;
import picocli.CommandLine.Option;

/** In which form the data goes where. */
final class Destination {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      order = 8,
      converter = Formats.All.class,
      completionCandidates = Formats.All.class,
      description =
          "table, csv, json, ndjson or markdown; on a terminal and elsewhere. Default:"
              + " ${DEFAULT-VALUE}.")
  ReportFormat format = ReportFormat.TABLE;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      order = 9,
      description =
          "Write to FILE instead of standard output. FILE appears when all is done, or not at all.")
  @Nullable String file;

  /** Opens it, before any work is done. */
  Output open(Session session) {
    return Output.open(session.streams(), file);
  }
}
