package org.oomlab.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Care;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Interrupts;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.fidelity.Calibration;
import org.oomlab.experiment.fidelity.Calibration.Simulated;
import org.oomlab.experiment.fidelity.Fidelity;
import org.oomlab.kernel.Rigour;
import org.oomlab.output.Output;
import org.oomlab.policy.Policy;
import org.oomlab.statistics.Summary;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Statistic;
import org.oomlab.workload.Measurements.Use;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.CostsWriter;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab calibrate}. */
@Command(
    name = "calibrate",
    description = {
      "Find costs that were not measured from figures that were: the values at which the simulated"
          + " figures come nearest, by least squares of the relative errors.",
      "",
      "Shows each cost that was found, and for each figure what was measured, what is simulated"
          + " with these costs, and how far that is off. Figures to judge by had no part in the fit.",
      "",
      "Chance is the probability that the median of so few real runs lies as far from the simulated"
          + " one although the simulation is exact. At the end, the share of the figures that is"
          + " within 25%% stands beside the share to be expected of an exact simulation, and the"
          + " share whose chance is below 5%% beside those 5%%."
    })
final class CalibrateCommand extends SubCommand {
  private static final double UNLIKELY = 0.05;

  @Parameters(
      paramLabel = "MEASUREMENTS",
      arity = "1",
      description = "A file of measurements, or -; see MEASUREMENTS in oomlab-workload(5).")
  String measurements = "";

  @Option(
      names = "--write",
      paramLabel = "FILE",
      order = 1,
      description = "Write a cost file with what was found. Its name is that of FILE.")
  @Nullable String costsFile;

  @Option(
      names = "--no-fit",
      order = 2,
      description =
          "Look for nothing: compare the figures with what comes of the costs as they are.")
  boolean asTheyAre;

  private final Care care = new Care();
  private final Destination destination = new Destination();

  CalibrateCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, care, destination);
  }

  @Override
  public Integer call() {
    Interrupts interrupts = new Interrupts(session);
    try {
      return calibrate();
    } finally {
      interrupts.close();
    }
  }

  private int calibrate() {
    Library library =
        session.library().withMetrics(Stream.of(Metric.values()).map(Metric::column).toList());
    if (asTheyAre && costsFile != null) {
      throw new UserError("--write: with --no-fit there is nothing to write");
    }
    Measurements written = library.measurements(measurements);
    Measurements given = written.with(observations(library, written));
    try (Output output = destination.open(session);
        Output costs = Destination.document(session, "--write", costsFile)) {
      Simulator simulator = new Simulator(library, given);
      Calibration.Result result =
          asTheyAre || given.unknowns().isEmpty() // Then there is nothing to look for, either.
              ? Calibration.asItIs(given, simulator)
              : Calibration.of(given, simulator);
      new Grid(
              List.of(given.name() + ": " + given.title()),
              List.of("of", "under", "use", "what", "measured", "simulated", "off", "chance"),
              rows(given, result),
              8)
          .write(output, destination.format());
      if (costs != null && costsFile != null) {
        costs.print(CostsWriter.write(nameOf(costsFile), given, result.found()));
        costs.commit();
      }
      output.commit();
    } catch (Stopped stopped) {
      session.say("stopped before anything was found");
      return ExitCodes.INTERRUPTED;
    } catch (ArithmeticException nowhere) {
      throw new UserError(measurements + ": " + nowhere.getMessage());
    }
    return ExitCodes.OK;
  }

  private static List<List<String>> rows(Measurements given, Calibration.Result result) {
    List<List<String>> rows = new ArrayList<>();
    result
        .found()
        .forEach((key, value) -> rows.add(List.of(given.costs(), "", "", key, "", value, "", "")));
    for (int i = 0; i < given.figures().size(); i++) {
      Figure figure = given.figures().get(i);
      Simulated simulated = result.simulated().get(i);
      rows.add(
          List.of(
              figure.workload(),
              figure.policy(),
              use(figure.use()),
              figure.metric(),
              plain(figure.value()),
              plain(simulated.value()),
              percent(simulated.value() / figure.value() - 1),
              share(simulated.chance())));
    }
    if (given.observed() != null) {
      for (Use use : Use.values()) {
        rows.addAll(summary(given.figures(), result.simulated(), use));
      }
    }
    return rows;
  }

  /** How near all together come, and how near they could. */
  private static List<List<String>> summary(
      List<Figure> figures, List<Simulated> simulated, Use use) {
    int[] its =
        IntStream.range(0, figures.size()).filter(i -> figures.get(i).use() == use).toArray();
    double[] factors =
        IntStream.of(its)
            .mapToDouble(i -> simulated.get(i).value() / figures.get(i).value())
            .toArray();
    String all = count(its.length, "figure");
    double median = Summary.median(factors);
    double near = share(factors, it -> Math.abs(it - 1) <= Calibration.NEAR);
    double expected =
        IntStream.of(its).mapToDouble(i -> simulated.get(i).near()).average().orElse(Double.NaN);
    double[] chances = IntStream.of(its).mapToDouble(i -> simulated.get(i).chance()).toArray();
    double unlikely = share(chances, it -> it < UNLIKELY);
    return List.of(
        List.of(all, "", use(use), "median factor", "1", plain(median), percent(median - 1), ""),
        List.of(all, "", use(use), "share within 25%", share(expected), share(near), "", ""),
        List.of(all, "", use(use), "share below 5%", share(UNLIKELY), share(unlikely), "", ""));
  }

  private static double share(double[] values, DoublePredicate of) {
    return (double) DoubleStream.of(values).filter(of).count() / values.length;
  }

  /** Of 1, to two digits, which is all that can be known of it. */
  private static String share(double value) {
    return Double.isNaN(value)
        ? ""
        : new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String use(Use use) {
    return use.name().toLowerCase(Locale.ROOT);
  }

  /** The median first recovery of each workload, where one was observed. */
  private List<Figure> observations(Library library, Measurements written) {
    Measurements.Observed observed = written.observed();
    if (observed == null) {
      return List.of();
    }
    List<Figure> figures = new ArrayList<>();
    for (Workload workload : library.resolveWorkloads(observed.workloads(), this::note)) {
      double[] recoveries = Fidelity.recoveriesMs(workload);
      if (recoveries.length > 0) {
        figures.add(
            new Figure(
                workload.name(),
                Objects.requireNonNull(workload.observed()).policy(),
                observed.seeds(),
                Statistic.MEDIAN,
                Metric.FIRST_RECOVERY_MS.column(),
                Summary.median(recoveries),
                recoveries.length,
                figures.size() % 2 == 0 ? Use.FIT : Use.JUDGE));
      }
    }
    return figures;
  }

  /** What a cost file in this place has to be called. */
  private static String nameOf(String file) {
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
  }

  private static String plain(double value) {
    return String.valueOf(Metric.Unit.rounded(value));
  }

  private static String percent(double part) {
    BigDecimal percent = new BigDecimal(100 * part).setScale(2, RoundingMode.HALF_EVEN);
    return (percent.signum() > 0 ? "+" : "") + percent.toPlainString() + "%";
  }

  /** Somebody has pressed Ctrl-C. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Finds what the measurements name, and sets costs as --set does. */
  private final class Simulator implements Calibration.World {
    private final Library library;
    private final Measurements given;

    Simulator(Library library, Measurements given) {
      this.library = library;
      this.given = given;
    }

    @Override
    public Costs costs(Map<String, String> found) {
      List<Setting> settings =
          found.entrySet().stream()
              .map(entry -> Setting.parse("costs." + entry.getKey() + "=" + entry.getValue()))
              .toList();
      return library.withSettings(settings).costs(given.costs());
    }

    @Override
    public Workload workload(String name) {
      return library.resolveWorkloads(List.of(name), CalibrateCommand.this::note).get(0);
    }

    @Override
    public Policy policy(String name) {
      return library.resolvePolicies(List.of(name), CalibrateCommand.this::note).get(0);
    }

    @Override
    public Rigour rigour() {
      return care.rigour();
    }

    @Override
    public void checkpoint() {
      if (session.cancelled()) {
        throw new Stopped();
      }
    }
  }
}
