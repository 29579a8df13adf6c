package org.oomlab.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.oomlab.output.Output;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Entry;
import org.oomlab.yaml.Library;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab show}. */
final class ShowCommand extends SubCommand {
  private final PositionalParamSpec subject =
      Args.word(
          "NAME",
          new Names.Subjects(session),
          "A policy, workload, cost file or knob, or the path of a YAML file.");
  private final Destination destination = new Destination();
  private String name = "";

  ShowCommand(Session session) {
    super(session);
  }

  @Override
  CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "show",
            "Show one thing with everything filled in.",
            "",
            "A policy: the value of each knob, and which file set it. A workload: its machine,"
                + " processes and claims, with defaults. A cost file: what things cost. A knob:"
                + " what it decides, and its value in each shipped policy.");
    spec.addPositional(subject);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() {
    name = subject.getValue();
    Grid grid = grid();
    try (Output output = destination.open(session)) {
      grid.write(output, destination.format());
      output.commit();
    }
    return ExitCodes.OK;
  }

  private Grid grid() {
    Knob knob = Knobs.byPath(name);
    if (knob != null) {
      return knob(knob);
    }
    Library library = session.library();
    if (isIn(library.workloads()) || isFileOf("workload")) {
      return workload(only(library.resolveWorkloads(List.of(name), this::note)));
    }
    if (isIn(library.costs()) || isFileOf("costs")) {
      Costs costs = library.costs(name);
      return new Grid(List.of("costs " + name), List.of("path", "value"), Properties.of(costs), 2);
    }
    if (!isFile() && !isIn(library.policies()) && !name.matches("linux-[0-9.]+")) {
      throw nothing(library);
    }
    return policy(only(library.resolvePolicies(List.of(name), this::note)));
  }

  /** Says that there is nothing of this name, or too much. */
  private UserError nothing(Library library) {
    List<Entry> all = new ArrayList<>(library.policies());
    all.addAll(library.workloads());
    List<String> family =
        all.stream().filter(entry -> entry.family().equals(name)).map(Entry::name).toList();
    if (!family.isEmpty()) {
      return new UserError(
          name
              + " is a family, and one thing can be shown at a time: "
              + String.join(", ", family));
    }
    List<String> names = new ArrayList<>();
    new Names.Subjects(session).forEach(names::add);
    return new UserError(
        name + ": there is no such policy, workload, cost file or knob",
        Suggestions.nearest(name, names));
  }

  private <T> T only(List<T> found) {
    if (found.size() != 1) {
      throw new UserError(name + ": one thing can be shown at a time, and this is " + found.size());
    }
    return found.get(0);
  }

  private boolean isIn(List<Entry> entries) {
    Predicate<Entry> isIt = entry -> entry.name().equals(name);
    return entries.stream().anyMatch(isIt);
  }

  private boolean isFile() {
    return name.equals("-") || name.contains("/") || name.endsWith(".yaml");
  }

  /** Whether a file begins as a workload or a cost file does. */
  private boolean isFileOf(String key) {
    if (!isFile() || name.equals("-")) {
      return false;
    }
    try (var lines = Files.lines(Path.of(name))) {
      return lines.anyMatch(line -> line.startsWith(key + ":"));
    } catch (java.io.IOException | java.io.UncheckedIOException | IllegalArgumentException e) {
      return false; // Whoever reads it next says why.
    }
  }

  private static Grid policy(Policy policy) {
    List<List<String>> rows = new ArrayList<>();
    for (Knob knob : Knobs.all()) {
      rows.add(
          List.of(
              knob.path(),
              knob.format(policy.get(knob)),
              policy.origin(knob),
              knob.symbol(),
              knob.doc()));
    }
    Policy.About about = policy.about();
    List<String> title = new ArrayList<>(List.of(policy.name() + ": " + about.title()));
    append(title, "source", about.source());
    append(title, "extends", String.join(", ", about.lineage()));
    append(title, "wins", about.wins());
    append(title, "loses", about.loses());
    return new Grid(title, List.of("path", "value", "set_by", "symbol", "doc"), rows, 4);
  }

  private static void append(List<String> title, String what, String text) {
    if (!text.isEmpty()) {
      title.add(what + ": " + text);
    }
  }

  private static Grid workload(Workload workload) {
    return new Grid(
        List.of("workload " + workload.name()),
        List.of("path", "value"),
        Properties.of(workload),
        2);
  }

  private Grid knob(Knob knob) {
    List<List<String>> rows = new ArrayList<>();
    List<String> names = session.library().policies().stream().map(Entry::name).toList();
    for (Policy policy : session.library().resolvePolicies(names, this::note)) {
      rows.add(List.of(policy.name(), knob.format(policy.get(knob)), policy.origin(knob)));
    }
    List<String> title =
        List.of(
            knob.path() + ": " + knob.doc(),
            "value: " + values(knob),
            "in the kernel: " + knob.symbol());
    return new Grid(title, List.of("policy", "value", "set_by"), rows, 3);
  }

  /** Which values a knob may have, in words. */
  static String values(Knob knob) {
    return switch (knob.type()) {
      case FLAG, CHOICE -> String.join(", ", knob.choices());
      case COUNT -> "a whole number from " + knob.least() + " to " + knob.most();
      case SPAN -> "a duration";
    };
  }
}
