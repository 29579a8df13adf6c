package org.oomlab.cli.picture;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.Target;
import org.oomlab.picture.Plot;
import org.oomlab.picture.PlotPicture;
import org.oomlab.picture.PlotText;
import org.oomlab.picture.Results;
import org.oomlab.report.Page;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab plot}. */
public final class PlotCommand extends SubCommand {
  private final PositionalParamSpec results =
      Args.word("RESULTS", new Anything(), "A file of results as CSV, or - for standard input.");
  private final OptionSpec as =
      Args.choice(
              "PICTURE",
              "--as",
              Stream.of(Plot.Kind.values()).map(Plot.Kind::word).toArray(String[]::new))
          .order(6)
          .description(
              "Which picture: "
                  + String.join(", ", Stream.of(Plot.Kind.values()).map(Plot.Kind::word).toList())
                  + ". Default: what the columns are made for, which is said.")
          .build();
  private final OptionSpec of =
      Args.option(String.class, "COLUMN", "--of")
          .order(6)
          .description(
              "What is drawn of a sweep, or of a comparison: a column or a measure. Default: the"
                  + " first of extra kills, kills, recovery and work lost that differs.")
          .build();
  private final OptionSpec ascii =
      Args.flag("--ascii")
          .order(7)
          .description("Draw with letters and signs that every terminal has.")
          .build();
  private final OptionSpec format =
      Args.choice("FORMAT", "--format", "text", "svg", "png")
          .defaultValue("text")
          .order(8)
          .description(
              "text, svg or png. All but text want -o or a pipe. Default: ${DEFAULT-VALUE}.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  public PlotCommand(Session session) {
    super(session);
  }

  /** No words in particular. */
  private record Anything() implements Names {
    @Override
    public Map<String, String> described() {
      return new TreeMap<>();
    }
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return describe(
            factory,
            "plot",
            "Draw results that were written as CSV: by run (--each or not), compare, sweep, search,"
                + " sensitivity or fidelity.")
        .addPositional(results)
        .addOption(as)
        .addOption(of)
        .addOption(ascii)
        .addOption(format)
        .addOption(file);
  }

  @Override
  public Integer call() {
    boolean isText = format.getValue().equals("text");
    if (!isText && file.getValue() == null && session.streams().outIsTerminal()) {
      throw new UserError("--format " + format.getValue() + ": name a file with -o, or pipe it");
    }
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      Plot plot = plot();
      if (as.getValue() == null) {
        note("plot: " + plot.kind().word() + ", " + plot.kind().about() + "; --as has others");
      }
      switch (format.<String>getValue()) {
        case "svg" -> Drawn.put(output, new PlotPicture(plot).svg());
        case "png" -> Drawn.put(output, new PlotPicture(plot).png());
        default -> {
          Page page = new Page(colored(output));
          PlotText.write(plot, page, session.columns(), Args.isSet(ascii));
          page.print(output.writer());
        }
      }
      output.commit();
    }
    return ExitCodes.OK;
  }

  private Plot plot() {
    String name = results.getValue();
    String column = of.<@Nullable String>getValue();
    try (Reader in =
        name.equals("-")
            ? new InputStreamReader(session.streams().in(), StandardCharsets.UTF_8)
            : Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
      return Results.plot(
          name.equals("-") ? "standard input" : name,
          in,
          kind(as.<@Nullable String>getValue()),
          column);
    } catch (Results.Unfit e) {
      throw new UserError("plot: " + e.getMessage());
    } catch (IOException e) {
      throw new UserError("plot: " + name + " cannot be read: " + OutputRefused.reason(e));
    }
  }

  private static Plot.@Nullable Kind kind(@Nullable String word) {
    for (Plot.Kind each : Plot.Kind.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    return null;
  }
}
