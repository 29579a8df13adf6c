package org.oomlab.cli;

import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.ChosenColumns;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.search.Axis;
import org.oomlab.experiment.search.Design;
import org.oomlab.output.Output;
import org.oomlab.output.Printable;
import org.oomlab.output.SweepFile;
import org.oomlab.output.Target;
import org.oomlab.report.Column;
import org.oomlab.report.Columns;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.report.SweepRow;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code oomlab sweep}. */
@Command(
    name = "sweep",
    description = {
      "Run workloads under policies at many points: whatever --vary names takes all the values it"
          + " gives. A row for each point, workload and policy, or for each episode: what is varied,"
          + " then the columns of 'oomlab run'. In CSV the number of the point comes first.",
      "",
      "Values are a list (0s,1s,never), steps (0s..4s/250ms), so many at equal ratios (log"
          + " 1ms..100s/30), or with --design lhs:N or sobol:N a range (0s..4s, log 1ms..100s)."
    })
final class SweepCommand extends SubCommand {
  /** The first columns of an episode: workload, policy and seed. */
  private static final int BY_EPISODE = 3;

  /** The first columns of a cell: workload, policy and the number of episodes. */
  private static final int BY_CELL = 3;

  private final ManyEpisodes episodes =
      new ManyEpisodes(session, "Workloads: names, families, files or directories.");

  @Option(
      names = "--vary",
      paramLabel = "PATH=VALUES",
      order = 2,
      completionCandidates = Names.Axes.class,
      description =
          "Vary a knob (policy.reaper.delay), a quantity of the workloads (workload.machine.min) or a"
              + " cost (costs.pass); may be repeated, the last changes fastest.")
  List<String> vary = new ArrayList<>();

  @Option(
      names = "--design",
      paramLabel = "DESIGN",
      defaultValue = "grid",
      order = 2,
      description =
          "grid: every value with every other. lhs:N or lhs:N:SEED: a Latin hypercube of N points."
              + " sobol:N: the first N points of Sobol's sequence. Default: ${DEFAULT-VALUE}.")
  String design = "grid";

  private final OptionSpec each = Args.each();
  private final OptionSpec noCounterfactuals = Args.noCounterfactuals();
  private final ChosenColumns chosen = new ChosenColumns();

  private final OptionSpec shard =
      Args.option(String.class, "I/N", "--shard")
          .order(6)
          .initialValue("1/1")
          .description(
              "Only every N-th point, from point I on; 'oomlab merge' joins the N results.")
          .build();

  private final Destination destination =
      new Destination(
          "csv",
          "table, csv, json, ndjson or markdown. Default: ${DEFAULT-VALUE}.",
          "Write to FILE instead of standard output. CSV grows in FILE.part and is FILE when all is"
              + " done.");

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      order = 10,
      description =
          "Go on with the CSV in FILE.part or FILE, which the same command line began; the result is"
              + " the same as without the interruption.")
  @Nullable String resume;

  private Target target;
  private Space space;
  private Design points;
  private long shardIndex;
  private long shards;

  SweepCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory);
    spec.addOption(each).addOption(noCounterfactuals).addOption(shard);
    episodes.addTo(spec);
    destination.addWithMetaTo(spec);
    chosen.addTo(spec);
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
    if (vary.isEmpty()) {
      throw new UserError("sweep: vary what? Such as --vary policy.reaper.delay=0s..4s/250ms");
    }
    String file = destination.file();
    if (resume != null
        && (destination.format() != ReportFormat.CSV || file != null && !file.equals(resume))) {
      throw new UserError("--resume continues a CSV file where it is: without --format and -o");
    }
    target = resume == null ? destination.target() : Target.file("--resume", resume);
    List<Axis> axes = vary.stream().map(Space::axis).toList();
    points = design(axes);
    readShard();
    space = Space.open(library, episodes.selection(), workloads, axes, this::note);
    long cases = shardPoints() * space.casesOfPoint();
    SeedRange range = episodes.seeds();
    if (cases * (double) range.count() > Effort.MOST_RUNS || cases > Integer.MAX_VALUE) {
      throw new UserError(
          "sweep: that makes "
              + String.format(Locale.ROOT, "%.0f", cases * (double) range.count())
              + " episodes, and "
              + Effort.MOST_RUNS
              + " are the most");
    }
    Plan plan = new Plan(cases(cases), range, episodes.threads(), !Args.isSet(noCounterfactuals));
    if (verbose()) {
      note(count(points.points(), "point") + ", " + count(plan.episodes(), "episode"));
    }
    return Args.isSet(each)
        ? run(
            plan,
            new Rows<>(
                columns(Columns.episodes(), BY_EPISODE),
                (int) range.count(),
                consumer -> consumer,
                destination.format()::episodesOfSweep))
        : run(
            plan,
            new Rows<>(
                columns(Columns.cells(), BY_CELL),
                1,
                consumer -> Cell.each(range.count(), consumer),
                destination.format()::cellsOfSweep));
  }

  private Design design(List<Axis> axes) {
    String name = design;
    long seed = 1;
    if (name.matches("lhs:[0-9]+:[0-9]{1,18}")) {
      int colon = name.lastIndexOf(':');
      seed = Long.parseLong(name.substring(colon + 1));
      name = name.substring(0, colon);
    }
    try {
      return Design.of(name, axes, seed);
    } catch (IllegalArgumentException e) {
      throw new UserError("sweep: " + e.getMessage());
    }
  }

  private void readShard() {
    String text = shard.getValue();
    if (!text.matches("[0-9]{1,9}/[0-9]{1,9}")) {
      throw new UserError("--shard: expected I/N, such as 2/7, not '" + text + "'");
    }
    int slash = text.indexOf('/');
    shardIndex = Long.parseLong(text.substring(0, slash));
    shards = Long.parseLong(text.substring(slash + 1));
    if (shardIndex < 1 || shardIndex > shards) {
      throw new UserError("--shard: expected I from 1 to N, not '" + text + "'");
    }
    if (shardPoints() == 0) {
      throw new UserError(
          "--shard " + text + ": there are only " + count(points.points(), "point"));
    }
  }

  private long shardPoints() {
    return (points.points() - shardIndex + shards) / shards;
  }

  /** The number, from 0, of the point that a case belongs to. */
  private long point(long number) {
    return shardIndex - 1 + number / space.casesOfPoint() * shards;
  }

  private List<Case> cases(long size) {
    return new Space.Cases(size) {
      @Override
      public Case get(int number) {
        return space.at(points.values(point(number)), number % space.casesOfPoint());
      }
    };
  }

  /** Turns results into outcomes' consumers: as they are, or gathered in cells. */
  private interface Gathering<T> {
    Consumer<Outcome> into(Consumer<T> results);
  }

  /** Writes rows for people. */
  private interface Table<T> {
    Report<SweepRow<T>> of(Writer out, SweepRow.Design design, boolean colour);
  }

  /**
   * What rows there are.
   *
   * @param columns for programs
   * @param ofCase how many a case has
   * @param table for people
   */
  private record Rows<T>(
      List<Column<SweepRow<T>>> columns, int ofCase, Gathering<T> gathering, Table<T> table) {}

  /** The design first, and what tells cases apart, then what is wanted of the results. */
  private <T> List<Column<SweepRow<T>>> columns(List<Column<T>> results, int telling) {
    List<Column<SweepRow<T>>> always =
        SweepRow.design(space.axes().stream().map(Axis::column).toList());
    List<Column<SweepRow<T>>> all = SweepRow.results(results);
    always.addAll(all.subList(0, telling));
    return chosen.of(always, all.subList(telling, all.size()));
  }

  private <T> Report<SweepRow<T>> report(Output output, Plan plan, Rows<T> rows) {
    ReportFormat format = destination.format();
    if (!format.isForPeople() || chosen.any()) {
      return format.rows(output.writer(), rows.columns());
    }
    List<Workload> workloads = space.workloads();
    SweepRow.Design design =
        new SweepRow.Design(
            (workloads.size() == 1
                    ? workloads.get(0).name() + ": " + workloads.get(0).title()
                    : count(workloads.size(), "workload"))
                + ", "
                + count(points.points(), "point")
                + ", seeds "
                + plan.seeds(),
            space.axes().stream().map(Axis::path).toList(),
            workloads.size() > 1);
    return rows.table().of(output.writer(), design, colored(output));
  }

  private <T> Integer run(Plan plan, Rows<T> of) throws InterruptedException {
    List<Column<SweepRow<T>>> all = of.columns();
    int rows = of.ofCase();
    Gathering<T> gathering = of.gathering();
    if (destination.format() != ReportFormat.CSV || !target.isFile()) {
      try (Output output = destination.open(session, target, provenance(plan))) {
        Report<SweepRow<T>> report = report(output, plan, of);
        return ended(play(plan, 0, output, report, rows, gathering), plan, output, null);
      }
    }
    destination.describe(target, provenance(plan));
    try (SweepFile file =
        new SweepFile(
            target,
            header(all),
            rows,
            plan.cases().size(),
            row -> keys(plan, all, row, rows),
            number -> again(plan, number, all, rows, gathering))) {
      return grow(file, plan, all, rows, gathering);
    }
  }

  private <T> int grow(
      SweepFile file, Plan plan, List<Column<SweepRow<T>>> all, int rows, Gathering<T> gathering)
      throws InterruptedException {
    long done = resume == null ? -1 : file.resume(this::note);
    if (done < 0) {
      if (resume != null) {
        note("--resume " + resume + ": there is nothing yet, so this is the beginning");
      }
      file.begin();
    } else {
      note("resumed after " + done + " of " + plan.cases().size() + " rows or groups of rows");
    }
    try (Output output = file.append()) {
      Report<SweepRow<T>> report =
          file.hasHeader()
              ? ReportFormat.moreRows(output.writer(), all)
              : ReportFormat.CSV.rows(output.writer(), all);
      long complete = play(plan, Math.max(0, done), output, report, rows, gathering);
      return ended(complete, plan, output, file);
    }
  }

  /** Runs the cases from one on; returns how many are complete. */
  private <T> long play(
      Plan plan,
      long from,
      Output output,
      Report<SweepRow<T>> report,
      int rows,
      Gathering<T> gathering)
      throws InterruptedException {
    Plan rest = from(plan, from, plan.cases().size());
    long[] next = {from * rows};
    boolean byRow = session.streams().outIsTerminal() && !output.isFile();
    try (report;
        Work work = new Work(session, output, !quiet() && !byRow)) {
      Experiment.run(
          rest, gathering.into(result -> report.accept(row(next[0]++, rows, result))), work);
      long complete = next[0] / rows;
      if (complete < plan.cases().size() && !target.isFile()) {
        report.partial(complete + " of " + plan.cases().size() + " rows or groups of rows");
      }
    }
    return next[0] / rows;
  }

  private static Plan from(Plan plan, long from, long to) {
    List<Case> cases = plan.cases().subList((int) from, (int) to);
    return new Plan(cases, plan.seeds(), plan.jobs(), plan.counterfactuals());
  }

  private <T> SweepRow<T> row(long row, int rows, T result) {
    long point = point(row / rows);
    List<String> values = points.values(point);
    List<Object> parameters = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      parameters.add(space.axes().get(i).inColumn(values.get(i)));
    }
    return new SweepRow<>(point + 1, parameters, values, result);
  }

  /** The documents as they are: what is varied is in the rows. */
  private Provenance provenance(Plan plan) {
    return Provenance.of(session, space.asTheyAre(), plan.seeds());
  }

  private int ended(long complete, Plan plan, Output output, @Nullable SweepFile file) {
    long cases = plan.cases().size();
    if (complete == cases) {
      destination.commit(session, output, true);
      return ExitCodes.OK;
    }
    output.check();
    session.say(
        "stopped: partial, "
            + complete / space.casesOfPoint()
            + " of "
            + count(shardPoints(), "point")
            + (file == null ? "" : " in " + file.part() + "; --resume goes on with it"));
    return ExitCodes.INTERRUPTED;
  }

  private static <T> String header(List<Column<T>> columns) {
    return text(ReportFormat.CSV, columns, List.of()).stripTrailing();
  }

  private static <T> String text(ReportFormat format, List<Column<T>> columns, List<T> rows) {
    StringWriter writer = new StringWriter();
    try (Report<T> report = format.rows(writer, columns)) {
      rows.forEach(report);
    }
    return Printable.text(writer.toString());
  }

  /** A case's rows, run again. */
  private <T> String again(
      Plan plan, long number, List<Column<SweepRow<T>>> columns, int rows, Gathering<T> gathering) {
    StringWriter writer = new StringWriter();
    long[] next = {number * rows};
    try (Report<SweepRow<T>> report = ReportFormat.moreRows(writer, columns)) {
      Experiment.run(
          from(plan, number, number + 1),
          gathering.into(result -> report.accept(row(next[0]++, rows, result))),
          Progress.NONE);
    } catch (InterruptedException e) {
      throw new java.util.concurrent.CancellationException();
    }
    return Printable.text(writer.toString());
  }

  /** What a row must begin with. */
  private <T> SweepFile.Keys keys(
      Plan plan, List<Column<SweepRow<T>>> columns, long row, int rows) {
    int number = (int) (row / rows % space.casesOfPoint());
    String workload = space.workloads().get(number / space.policies().size()).name();
    String policy = space.policies().get(number % space.policies().size()).name();
    boolean byCell = rows == 1 && !Args.isSet(each);
    List<Column<SweepRow<T>>> design = columns.subList(0, space.axes().size() + 1);
    List<Object> keys = new ArrayList<>(List.of(workload, policy));
    keys.add(byCell ? plan.seeds().count() : plan.seeds().first() + row % rows);
    List<Column<List<Object>>> telling = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      int index = i;
      telling.add(new Column<>("", values -> values.get(index)));
    }
    String begin = line(design, row(row, rows, null)) + "," + line(telling, keys);
    boolean more = columns.size() > design.size() + keys.size();
    return new SweepFile.Keys(begin + (more ? "," : ""), "");
  }

  private static <T> String line(List<Column<T>> columns, T row) {
    StringWriter writer = new StringWriter();
    try (Report<T> report = ReportFormat.moreRows(writer, columns)) {
      report.accept(row);
    }
    return Printable.text(writer.toString()).stripTrailing();
  }
}
