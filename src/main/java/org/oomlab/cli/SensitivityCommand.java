package org.oomlab.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.Sensitivity;
import org.oomlab.experiment.Sensitivity.Influence;
import org.oomlab.experiment.search.Axis;
import org.oomlab.output.Output;
import org.oomlab.statistics.Estimate;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.CostRange;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code oomlab sensitivity}. */
@Command(
    name = "sensitivity",
    description = {
      "Find out which inputs move a result, and so whether a conclusion rests on a guess. The inputs"
          + " are the costs that the cost file gives a range for, and whatever --vary names.",
      "",
      "With one policy the result is the measure itself; with two, by how much it is more under the"
          + " second than under the first."
    })
final class SensitivityCommand extends SubCommand {
  private static final int TRAJECTORIES = 20;
  private static final int SAMPLES = 64;

  private final ManyEpisodes episodes =
      new ManyEpisodes(session, "Workloads: names, families, files or directories.");
  private final Destination destination = new Destination();

  @Option(
      names = "--vary",
      paramLabel = "PATH=RANGE",
      order = 2,
      completionCandidates = Names.Axes.class,
      description =
          "Inputs beside the costs, or for a cost another range: 0s..10s, log 1ms..10s, or a list; may"
              + " be repeated.")
  List<String> vary = new ArrayList<>();

  @Option(names = "--no-costs", order = 2, description = "Only the inputs that --vary names.")
  boolean noCosts;

  @Option(
      names = "--of",
      paramLabel = "SUM",
      defaultValue = "recovery_ms",
      order = 2,
      description =
          "The result: a sum of outcomes and metrics, such as '100*panic + kills'. Default:"
              + " ${DEFAULT-VALUE}.")
  String of = "recovery_ms";

  private final OptionSpec method =
      Args.choice("METHOD", "--method", "morris", "sobol")
          .defaultValue("morris")
          .order(3)
          .description(
              "morris: screening, which tells quickly what matters at all. sobol: the share of the"
                  + " variance that each input has, alone and with others. Default:"
                  + " ${DEFAULT-VALUE}.")
          .build();

  @Option(
      names = "--samples",
      paramLabel = "N",
      order = 2,
      converter = Effort.Runs.class,
      description =
          "N trajectories of Morris (default 20) or N base samples of Sobol (default 64); each takes"
              + " one or two points more than there are inputs.")
  @Nullable SeedRange samples;

  SensitivityCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory).addOption(method);
    episodes.addTo(spec);
    destination.addWithMetaTo(spec);
    return spec;
  }

  @Override
  public Selection selection() {
    return episodes.selection();
  }

  @Override
  public List<String> workloads() {
    return episodes.workloads(this, session.library());
  }

  @Override
  public Integer call() throws InterruptedException {
    Library library = episodes.library();
    List<String> workloads = episodes.workloads(this, library);
    Objective objective;
    try {
      objective = Objective.parse(of);
    } catch (IllegalArgumentException e) {
      throw new UserError("--of: " + e.getMessage());
    }
    Map<String, String> sources = new LinkedHashMap<>();
    List<Axis> axes = inputs(library, workloads, sources);
    Space space = Space.open(library, episodes.selection(), workloads, axes, this::note);
    if (space.policies().size() > 2) {
      throw new UserError(
          "sensitivity: of one policy, or of the difference between two; these are "
              + space.policies().size());
    }
    boolean sobol = method.getValue().equals("sobol");
    int n = samples == null ? sobol ? SAMPLES : TRAJECTORIES : (int) samples.count();
    if (n < Sensitivity.FEWEST) {
      throw misuse(
          "--samples "
              + n
              + ": of fewer than "
              + Sensitivity.FEWEST
              + " nothing can be told about how sure an effect is");
    }
    Sensitivity.Found found;
    boolean stopped;
    Provenance from = Provenance.of(session, space.asTheyAre(), episodes.seeds());
    try (Output output = destination.open(session, from)) {
      try (Work work = new Work(session, output, !quiet())) {
        Sensitivity.Model model =
            points -> space.results(points, episodes.seeds(), episodes.threads(), objective, work);
        found =
            sobol
                ? Sensitivity.sobol(axes.size(), n, 1, model)
                : Sensitivity.morris(axes.size(), n, 1, model);
        stopped = work.cancelled();
      } catch (CancellationException early) {
        session.say(early.getMessage());
        return ExitCodes.INTERRUPTED;
      }
      grid(space, axes, found, sources, objective, stopped).write(output, destination.format());
      destination.commit(session, output, !stopped);
    }
    if (stopped) {
      session.say("stopped: partial, after " + count(found.results().size(), "point"));
      return ExitCodes.INTERRUPTED;
    }
    return ExitCodes.OK;
  }

  /** What is varied, and where its range is from. */
  private List<Axis> inputs(Library library, List<String> workloads, Map<String, String> sources) {
    List<Axis> named = vary.stream().map(Space::axis).toList();
    List<Axis> axes = new ArrayList<>();
    if (!noCosts) {
      for (CostRange range : library.costRanges(costsName(library, workloads))) {
        Axis cost = Space.axis(range);
        if (named.stream().noneMatch(axis -> axis.path().equals(cost.path()))) {
          axes.add(cost);
          sources.put(cost.path(), range.source());
        }
      }
    }
    axes.addAll(named);
    if (axes.isEmpty()) {
      throw new UserError(
          "sensitivity: to what? The cost file has no ranges, and --vary names no input");
    }
    return axes;
  }

  private String costsName(Library library, List<String> workloads) {
    if (!episodes.selection().costs().isEmpty()) {
      return episodes.selection().costs();
    }
    List<String> names =
        library.resolveWorkloads(workloads, Notes.NONE).stream()
            .map(Workload::costsName)
            .distinct()
            .toList();
    if (names.size() > 1) {
      throw new UserError(
          "sensitivity: these workloads have different costs ("
              + String.join(", ", names)
              + "); --costs chooses one, --no-costs leaves them as they are");
    }
    return names.get(0);
  }

  private Grid grid(
      Space space,
      List<Axis> axes,
      Sensitivity.Found found,
      Map<String, String> sources,
      Objective objective,
      boolean partial) {
    boolean sobol = method.getValue().equals("sobol");
    List<String> heads = new ArrayList<>(List.of("input", "from", "to"));
    for (String head : sobol ? List.of("first_order", "total") : List.of("effect", "spread")) {
      heads.addAll(List.of(head, head + "_ci_low", head + "_ci_high"));
    }
    heads.add("source");
    List<List<String>> rows = new ArrayList<>();
    IntStream.range(0, axes.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -rank(found.influences().get(i), sobol)))
        .forEach(i -> rows.add(row(axes.get(i), found.influences().get(i), sources)));
    String title = title(space, found, objective) + (partial ? " (partial)" : "");
    return new Grid(List.of(title), heads, rows, heads.size());
  }

  private static double rank(Influence influence, boolean sobol) {
    return sobol ? influence.total().value() : influence.main().value();
  }

  private static List<String> row(Axis axis, Influence influence, Map<String, String> sources) {
    List<String> row = new ArrayList<>(List.of(axis.path(), axis.at(0), axis.at(1)));
    for (Estimate estimate : List.of(influence.main(), influence.total())) {
      row.add(number(estimate.value()));
      row.add(number(estimate.low()));
      row.add(number(estimate.high()));
    }
    row.add(sources.getOrDefault(axis.path(), "--vary"));
    return row;
  }

  private static String number(double value) {
    BigDecimal rounded = Metric.Unit.rounded(value);
    return rounded == null ? "" : rounded.toPlainString();
  }

  private static String title(Space space, Sensitivity.Found found, Objective objective) {
    List<Double> results = found.results();
    double[] sorted = results.stream().mapToDouble(x -> x).sorted().toArray();
    StringBuilder title = new StringBuilder(objective.text());
    if (space.policies().size() == 2) {
      long less = results.stream().filter(result -> result < 0).count();
      long more = results.stream().filter(result -> result > 0).count();
      title
          .append(" under ")
          .append(space.policies().get(1).name())
          .append(" less that under ")
          .append(space.policies().get(0).name())
          .append(": below 0 at ")
          .append(less)
          .append(", above 0 at ")
          .append(more)
          .append(" of ");
    } else {
      title.append(" under ").append(space.policies().get(0).name()).append(" at ");
    }
    title.append(results.size()).append(" points; median ");
    title.append(number(sorted[sorted.length / 2])).append(", from ").append(number(sorted[0]));
    return title.append(" to ").append(number(sorted[sorted.length - 1])).toString();
  }
}
