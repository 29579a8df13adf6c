package org.oomlab.cli.picture;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.OneEpisode;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.picture.TimelinePage;
import org.oomlab.picture.TimelinePicture;
import org.oomlab.report.Page;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Tone;
import org.oomlab.timeline.Parting;
import org.oomlab.timeline.Recorder;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.TextChart;
import org.oomlab.timeline.Window;
import org.oomlab.timeline.perfetto.PerfettoTrace;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab timeline}. */
public final class TimelineCommand extends SubCommand {
  private final OneEpisode episode = new OneEpisode(session);
  private final View view = new View();
  private final OptionSpec format =
      Args.choice("FORMAT", "--format", "text", "svg", "png", "html", "perfetto")
          .defaultValue("text")
          .order(8)
          .description(
              "text; svg, png; html, a page in which one can zoom and point; or perfetto, a trace for the Perfetto UI and whatever else reads its"
                  + " TrackEvents. All but text want -o or a pipe. Default: ${DEFAULT-VALUE}.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  public TimelineCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "timeline",
            "Draw one episode: free memory against the watermarks, what each of those who have a"
                + " part in it does when, and the moments that decide.",
            "",
            "Several policies are drawn one under the other on the same axis, with the moment at"
                + " which they part. Times are from the first OOM call. Where more happens the axis"
                + " is stretched.");
    episode.addTo(spec);
    view.addTo(spec);
    return spec.addOption(format).addOption(file);
  }

  @Override
  public Selection selection() {
    return episode.selection();
  }

  @Override
  public List<String> workloads() {
    return episode.workloads();
  }

  @Override
  public Integer call() {
    List<Case> cases = episode.ofEach(this, "drawn");
    boolean isText = format.getValue().equals("text");
    if (!isText && file.getValue() == null && session.streams().outIsTerminal()) {
      throw new UserError("--format " + format.getValue() + ": name a file with -o, or pipe it");
    }
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      List<Recording> recordings = new ArrayList<>();
      for (Case each : cases) {
        recordings.add(Recorder.of(each, episode.seed(), session::cancelled));
        if (session.cancelled()) {
          return ExitCodes.INTERRUPTED;
        }
      }
      Window window = view.window(recordings);
      if (isText) {
        Page page = new Page(colored(output));
        write(page, recordings, window);
        page.print(output.writer());
      } else {
        draw(output, recordings, window);
      }
      output.commit();
    }
    return ExitCodes.OK;
  }

  private void draw(Output output, List<Recording> recordings, Window window) {
    TextChart.Cursor parting = Parting.first(Parting.ofFirst(recordings)).orElse(null);
    switch (format.<String>getValue()) {
      case "svg" ->
          Drawn.put(
              output, new TimelinePicture(title(recordings), recordings, window, parting).svg());
      case "png" ->
          Drawn.put(
              output, new TimelinePicture(title(recordings), recordings, window, parting).png());
      case "html" ->
          Drawn.put(output, TimelinePage.of(title(recordings), recordings, window, parting));
      default -> {
        // What was before the first OOM call is of no use in a picture, and none in the way here.
        Window whole = view.isPart() ? window : window.at(0, window.toNs());
        PerfettoTrace.write(output.bytes(), recordings, whole);
      }
    }
  }

  private String title(List<Recording> recordings) {
    Recording first = recordings.get(0);
    return first.of().workload().name()
        + (recordings.size() == 1 ? " under " + first.name() : "")
        + ", seed "
        + episode.seed();
  }

  private void write(Page page, List<Recording> recordings, Window window) {
    Recording first = recordings.get(0);
    page.line(
        new Field(title(recordings), Tone.HEADING),
        Field.of(recordings.size() == 1 ? "  " + TextChart.end(first) : ""));
    List<Parting> partings = Parting.ofFirst(recordings);
    TextChart chart = new TextChart(recordings, window, session.columns(), view.isAscii());
    chart.write(page, Parting.first(partings).orElse(null));
    for (Parting parting : partings) {
      page.blank();
      parting.writeMoment(page, first.timeline().zeroNs());
    }
  }
}
