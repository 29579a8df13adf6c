package org.oomlab.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Calibration;
import org.oomlab.experiment.Metric;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Measurements.Figure;
import org.oomlab.workload.Measurements.Unknown;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.CostsWriter;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Setting;
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
          + " with these costs, and how far that is off."
    })
final class CalibrateCommand extends SubCommand {
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

  private final Destination destination = new Destination(session);

  CalibrateCommand(Session session) {
    super(session);
  }

  @Override
  CommandSpec describe(IFactory factory) {
    CommandSpec spec = super.describe(factory);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() {
    Library library =
        session.library().withMetrics(Stream.of(Metric.values()).map(Metric::column).toList());
    Measurements given = library.measurements(measurements);
    try (Output output = destination.open(session);
        Output costs = Output.open(session.streams(), costsFile)) {
      Calibration.Result result = Calibration.of(given, new Simulator(library, given));
      new Grid(
              given.name() + ": " + given.title(),
              List.of("of", "under", "what", "measured", "simulated", "off"),
              rows(given, result),
              6)
          .write(output, destination.format());
      if (costsFile != null) {
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
    for (Unknown unknown : given.unknowns()) {
      String found = String.valueOf(result.found().get(unknown.key()));
      rows.add(List.of(given.costs(), "", unknown.key(), "", found, ""));
    }
    for (int i = 0; i < given.figures().size(); i++) {
      Figure figure = given.figures().get(i);
      double simulated = result.simulated().get(i);
      rows.add(
          List.of(
              figure.workload(),
              figure.policy(),
              figure.metric(),
              plain(figure.value()),
              plain(simulated),
              percent(simulated / figure.value() - 1)));
    }
    return rows;
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
    public void checkpoint() {
      if (session.cancelled()) {
        throw new Stopped();
      }
    }
  }
}
