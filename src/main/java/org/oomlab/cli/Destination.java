package org.oomlab.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oomlab.report.ReportFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** In which form the data goes where. */
final class Destination {
  private final OptionSpec format;
  private final OptionSpec file = fileOption();

  Destination(Session session) {
    Formats.All formats = new Formats.All(session);
    format =
        Args.option(ReportFormat.class, "FORMAT", "--format")
            .defaultValue("table")
            .order(8)
            .converters(formats)
            .completionCandidates(formats)
            .description(
                "table, csv, json, ndjson or markdown; on a terminal and elsewhere. Default:"
                    + " ${DEFAULT-VALUE}.")
            .build();
  }

  /** The option that says to which file. */
  static OptionSpec fileOption() {
    return Args.option(String.class, "FILE", "-o", "--output")
        .order(9)
        .description(
            "Write to FILE instead of standard output. FILE appears when all is done, or not at"
                + " all.")
        .build();
  }

  void addTo(CommandSpec spec) {
    spec.addOption(format).addOption(file);
  }

  ReportFormat format() {
    return Objects.requireNonNull(format.<@Nullable ReportFormat>getValue());
  }

  /** A path, or null for standard output. */
  @Nullable String file() {
    return file.getValue();
  }

  /** Opens it, before any work is done. */
  Output open(Session session) {
    return Output.open(session.streams(), file());
  }
}
