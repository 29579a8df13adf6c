package org.oomlab.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Properties;
import org.oomlab.cli.session.Scenario;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Spaces;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.experiment.Metric;
import org.oomlab.handler.Handler;
import org.oomlab.output.Output;
import org.oomlab.policy.DaemonKnobs;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.report.ReportFormat;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Schema;
import org.oomlab.yaml.tree.Entry;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab show}. */
final class ShowCommand extends SubCommand {
  private static final String SPACE = "space";
  private static final String SCHEMA = "schema";

  private final PositionalParamSpec subject =
      Args.word(
          "NAME",
          new Names.Subjects(session),
          "A policy, workload, cost file, space, knob, group of knobs (reaper) or metric (kills), or"
              + " the path of a YAML file; also 'space NAME' and 'schema KIND'.",
          session.scenario() == null);
  private final PositionalParamSpec space =
      PositionalParamSpec.builder()
          .type(String.class)
          .paramLabel("SPACE")
          .arity("0..1")
          .index("1")
          .required(false)
          .completionCandidates(new Names.Spaces(session))
          .description(
              "After the word 'space': which one. After 'schema': of workload, policy, costs,"
                  + " measurements or space.")
          .build();
  private final OptionSpec against =
      Args.option(String.class, "OTHER", "--against")
          .order(1)
          .completionCandidates(new Names.Subjects(session))
          .description(
              "Show only what differs in OTHER, another policy, workload or cost file, and what it"
                  + " is there.")
          .build();
  private final Destination destination = new Destination();

  ShowCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "show",
            "Show one thing with everything filled in.",
            "",
            "A policy: the value of each knob, and which file set it. A workload: its machine,"
                + " processes and claims, with defaults. A cost file: what things cost. A space:"
                + " which worlds 'oomlab refute' may try in it. A knob:"
                + " what it decides, and its value in each shipped policy. A metric: what it"
                + " means.");
    spec.addPositional(subject).addPositional(space).addOption(against);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() {
    if (SCHEMA.equals(subject.<@Nullable String>getValue()) && space.getValue() != null) {
      return schema(space.getValue());
    }
    String name = name();
    String other = against.getValue();
    Shown one = space.getValue() == null ? shown(name) : space(name);
    Grid grid = other == null ? one.grid() : difference(one, shown(other, one.kind()));
    try (Output output = destination.open(session)) {
      grid.write(output, destination.format());
      output.commit();
    }
    return ExitCodes.OK;
  }

  /** What editors complete and check a kind of files by, which is JSON and nothing else. */
  private int schema(String kind) {
    if (!Schema.KINDS.contains(kind)) {
      throw new UserError(
          "show schema: expected "
              + String.join(", ", Schema.KINDS.subList(0, Schema.KINDS.size() - 1))
              + " or "
              + Schema.KINDS.get(Schema.KINDS.size() - 1)
              + ", not '"
              + kind
              + "'",
          Suggestions.nearest(kind, Schema.KINDS));
    }
    if (against.getValue() != null
        || !EnumSet.of(ReportFormat.TABLE, ReportFormat.JSON).contains(destination.format())) {
      throw misuse("show schema: a schema is JSON, and is not held against another");
    }
    List<String> columns = Stream.of(Metric.values()).map(Metric::column).toList();
    try (Output output = destination.open(session)) {
      output.print(session.library().withMetrics(columns).schema(kind));
      output.commit();
    }
    return ExitCodes.OK;
  }

  /** What is to be shown; the word "space" before it says what it is. */
  private String name() {
    String named = subject.<@Nullable String>getValue();
    String second = space.<@Nullable String>getValue();
    Scenario inUse = session.scenario();
    String first = named == null && inUse != null ? inUse.workload() : String.valueOf(named);
    if (second == null) {
      return first;
    }
    if (!first.equals(SPACE)) {
      throw misuse("show: one thing can be shown at a time; '" + second + "' is another");
    }
    return second;
  }

  /**
   * Something with a value for each of many paths.
   *
   * @param kind what it is, for messages
   * @param grid what is shown of it alone
   */
  private record Shown(String kind, String name, Grid grid) {}

  private Shown shown(String name) {
    Knob knob = Knobs.byPath(name);
    if (knob != null) {
      return new Shown("knob", name, knob(knob));
    }
    List<Knob> group =
        Knobs.all().stream().filter(each -> each.path().startsWith(name + ".")).toList();
    Scenario inUse = session.scenario();
    boolean isInUse = inUse != null && inUse.workload().equals(name);
    // What is set in the session is set in what it is about.
    Library library =
        isInUse ? new Selection(session).library(session, List.of(name)) : session.library();
    if (isIn(library.workloads(), name) || isFileOf(name, "workload")) {
      Workload workload = only(name, library.resolveWorkloads(List.of(name), this::note));
      return new Shown("workload", workload.name(), workload(workload));
    }
    if (isIn(library.costs(), name) || isFileOf(name, "costs")) {
      Costs costs = library.costs(name);
      List<String> title = List.of("costs " + name);
      return new Shown(
          "cost file", name, new Grid(title, List.of("path", "value"), Properties.of(costs), 2));
    }
    if (isIn(library.spaces(), name) || isFileOf(name, SPACE)) {
      return space(name);
    }
    if (!isFile(name) && !isIn(library.policies(), name) && !name.matches("[a-z]+-[0-9.]+")) {
      if (!group.isEmpty()) {
        return new Shown("group", name, ListCommand.knobs(name + ".*", group));
      }
      Optional<Metric> metric = Metric.named(name);
      return new Shown("metric", name, metric(metric.orElseThrow(() -> nothing(library, name))));
    }
    Policy policy = only(name, library.resolvePolicies(List.of(name), this::note));
    return new Shown("policy", policy.name(), policy(policy));
  }

  /** Of two things of one name that which is of the same kind as another. */
  private Shown shown(String name, String kind) {
    return kind.equals(SPACE) && isIn(session.library().spaces(), name) ? space(name) : shown(name);
  }

  private Shown space(String name) {
    WorldSpace shown = session.library().space(name);
    List<String> title =
        List.of(SPACE + " " + shown.name() + ": " + shown.title(), "source: " + shown.source());
    return new Shown(
        SPACE, name, new Grid(title, List.of("path", "value"), Spaces.inWords(shown), 2));
  }

  private static Grid metric(Metric metric) {
    String unit =
        switch (metric.unit()) {
          case COUNT -> "a count";
          case MILLISECONDS -> "milliseconds";
          case PAGES -> "pages of 4KiB";
          case WORK -> "units of the workload's work";
          case SHARE -> "a share, 0 to 1";
        };
    return new Grid(
        List.of(metric.column() + ": " + metric.doc()),
        List.of("column", "in_claims", "unit"),
        List.of(List.of(metric.column(), metric.shortName(), unit)),
        3);
  }

  /** The paths at which two of a kind have different values, or which only one has. */
  private Grid difference(Shown one, Shown other) {
    boolean comparable =
        one.kind().equals(other.kind()) && one.grid().heads().get(0).equals("path");
    if (!comparable || one.kind().equals("group")) {
      throw misuse(
          "--against: two policies, workloads, cost files or spaces can be held against each other, and"
              + " these are a "
              + one.kind()
              + " and a "
              + other.kind());
    }
    Map<String, List<String>> mine = byPath(one.grid());
    Map<String, List<String>> theirs = byPath(other.grid());
    Set<String> paths = new LinkedHashSet<>(mine.keySet());
    paths.addAll(theirs.keySet());
    boolean policies = one.kind().equals("policy");
    List<List<String>> rows = new ArrayList<>();
    for (String path : paths) {
      List<String> left = mine.getOrDefault(path, List.of(path, "", "", "", ""));
      List<String> right = theirs.getOrDefault(path, List.of(path, "", "", "", ""));
      if (!left.get(1).equals(right.get(1))) {
        List<String> row = new ArrayList<>(List.of(path, left.get(1), right.get(1)));
        if (policies) {
          row.addAll(List.of(left.get(4), left.get(2), right.get(2)));
        }
        rows.add(row);
      }
    }
    String what = policies ? "knobs" : "values";
    List<String> title =
        List.of(
            "%d of %d %s differ between %s and %s"
                .formatted(rows.size(), paths.size(), what, one.name(), other.name()));
    List<String> columns = new ArrayList<>(List.of("path", one.name(), other.name()));
    if (policies) {
      columns.addAll(List.of("doc", "set_by", "set_by_other"));
    }
    return new Grid(title, columns, rows, columns.size());
  }

  private static Map<String, List<String>> byPath(Grid grid) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    grid.rows().forEach(row -> rows.put(row.get(0), row));
    return rows;
  }

  /** Says that there is nothing of this name, or too much. */
  private UserError nothing(Library library, String name) {
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
        name
            + ": there is no such policy, workload, cost file, space, knob, group of knobs or metric",
        Suggestions.nearest(name, names));
  }

  private static <T> T only(String name, List<T> found) {
    if (found.size() != 1) {
      throw new UserError(name + ": one thing can be shown at a time, and this is " + found.size());
    }
    return found.get(0);
  }

  private static boolean isIn(List<Entry> entries, String name) {
    Predicate<Entry> isIt = entry -> entry.name().equals(name);
    return entries.stream().anyMatch(isIt);
  }

  private static boolean isFile(String name) {
    return name.equals("-") || name.contains("/") || name.endsWith(".yaml");
  }

  /** Whether a file begins as a workload or a cost file does. */
  private static boolean isFileOf(String name, String key) {
    if (!isFile(name) || name.equals("-")) {
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
    for (Handler handler : policy.handlers()) {
      String at = handler.cgroup().isEmpty() ? "/" : handler.cgroup();
      String does = handler.action().name().toLowerCase(Locale.ROOT);
      rows.add(
          List.of(
              "handlers." + handler.name(),
              does + " at " + at,
              policy.name(),
              "bpf_handle_oom()",
              "What is asked before the kernel chooses."));
    }
    rows.addAll(daemon(policy));
    Policy.About about = policy.about();
    List<String> title = new ArrayList<>(List.of(policy.name() + ": " + about.title()));
    append(title, "profile", policy.profile());
    append(title, "source", about.source());
    append(title, "extends", String.join(", ", about.lineage()));
    append(title, "wins", about.wins());
    append(title, "loses", about.loses());
    return new Grid(title, List.of("path", "value", "set_by", "symbol", "doc"), rows, 4);
  }

  /** What its daemon has, be it set or not. */
  private static List<List<String>> daemon(Policy policy) {
    List<List<String>> rows = new ArrayList<>();
    DaemonSettings daemon = policy.daemon();
    if (daemon != null) {
      rows.add(List.of("daemon.kind", daemon.kind(), policy.name(), "", "Which daemon it is."));
      daemon
          .settings()
          .forEach(
              (path, setting) ->
                  rows.add(
                      List.of(
                          DaemonKnobs.PREFIX + path,
                          setting.has() ? setting.text() : "unset",
                          setting.isSet() ? policy.name() : "default",
                          setting.option().where(),
                          setting.option().doc())));
    }
    return rows;
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
      if (!policy.takes(knob)) {
        continue;
      }
      rows.add(List.of(policy.name(), knob.format(policy.get(knob)), policy.origin(knob)));
    }
    List<String> title =
        List.of(
            knob.path() + ": " + knob.doc(),
            "value: " + values(knob),
            (knob.isOfDaemon() ? "default by: " : "in the kernel: ") + knob.symbol());
    return new Grid(title, List.of("policy", "value", "set_by"), rows, 3);
  }

  /** Which values a knob may have, in words. */
  static String values(Knob knob) {
    return switch (knob.type()) {
      case FLAG, CHOICE -> String.join(", ", knob.choices());
      case COUNT -> "a whole number from " + knob.least() + " to " + knob.most();
      case SPAN -> "a duration";
      case AMOUNT -> knob.takesPercent() ? "a percentage" : "an amount";
    };
  }
}
