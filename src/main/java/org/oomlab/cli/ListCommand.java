package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Choice;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.experiment.Metric;
import org.oomlab.output.Output;
import org.oomlab.output.Printable;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.report.ReportFormat;
import org.oomlab.yaml.tree.Entry;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code oomlab list}. */
final class ListCommand extends SubCommand {
  private static final Choice KINDS =
      Choice.of("policies", "workloads", "costs", "spaces", "knobs", "metrics");

  private final PositionalParamSpec kinds =
      Args.words(
              "KIND",
              KINDS,
              "policies, workloads, costs, spaces, knobs or metrics. Default: the first three.")
          .build();
  private final OptionSpec names =
      Args.flag("--names").order(7).description("Names only, one to a line.").build();
  private final Destination destination = new Destination();

  ListCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "list",
            "List what there is: policies, workloads, costs, spaces, knobs, metrics.");
    spec.addPositional(kinds).addOption(names);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() {
    List<String> given = Args.all(kinds);
    try {
      given.forEach(KINDS::convert);
    } catch (TypeConversionException e) {
      throw misuse("list: " + e.getMessage()); // of one converted, picocli says it is too many
    }
    List<String> wanted = given.isEmpty() ? List.of("policies", "workloads", "costs") : given;
    boolean namesOnly = Args.isSet(names);
    if (wanted.size() > 1 && !namesOnly && destination.format() != ReportFormat.TABLE) {
      throw misuse("with --format " + destination.format() + ", list one kind of things at a time");
    }
    List<Grid> grids = wanted.stream().map(this::grid).toList();
    try (Output output = destination.open(session)) {
      for (int i = 0; i < grids.size(); i++) {
        if (namesOnly) {
          grids.get(i).rows().forEach(row -> output.print(Printable.line(row.get(0)) + "\n"));
        } else {
          output.print(i == 0 ? "" : "\n");
          grids.get(i).write(output, destination.format());
        }
      }
      output.commit();
    }
    return ExitCodes.OK;
  }

  private Grid grid(String kind) {
    return switch (kind) {
      case "policies" -> entries("policies", session.library().policies());
      case "workloads" -> entries("workloads", session.library().workloads());
      case "costs" -> entries("costs", session.library().costs());
      case "spaces" -> entries("spaces", session.library().spaces());
      case "knobs" -> knobs("knobs", Knobs.all());
      default -> metrics();
    };
  }

  private static Grid entries(String title, List<Entry> entries) {
    List<List<String>> rows = new ArrayList<>();
    for (Entry entry : entries) {
      rows.add(List.of(entry.name(), entry.family(), entry.title(), entry.source()));
    }
    return new Grid(List.of(title), List.of("name", "family", "title", "source"), rows, 3);
  }

  /** Some knobs: what values each may have, and what it decides. */
  static Grid knobs(String title, List<Knob> knobs) {
    List<List<String>> rows = new ArrayList<>();
    for (Knob knob : knobs) {
      rows.add(List.of(knob.path(), ShowCommand.values(knob), knob.symbol(), knob.doc()));
    }
    return new Grid(List.of(title), List.of("path", "value", "symbol", "doc"), rows, 3);
  }

  private static Grid metrics() {
    List<List<String>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      rows.add(List.of(metric.column(), metric.doc()));
    }
    return new Grid(List.of("metrics"), List.of("column", "doc"), rows, 2);
  }
}
