package org.oomlab.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.oomlab.cli.intake.FromReports;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.ChosenColumns;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Outcome;
import org.oomlab.fleet.Fleet;
import org.oomlab.output.Output;
import org.oomlab.report.Columns;
import org.oomlab.report.Report;
import org.oomlab.yaml.Library;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab run}. */
final class RunCommand extends SubCommand {
  private final ManyEpisodes episodes =
      new ManyEpisodes(
          session, "Workloads: names, families, files, directories, or - for standard input.");
  private final FromReports reports = new FromReports();
  private final OptionSpec each = Args.each();
  private final OptionSpec noCounterfactuals = Args.noCounterfactuals();
  private final Destination destination = new Destination();
  private final ChosenColumns chosen = new ChosenColumns();

  RunCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "run",
            "Run workloads under policies and show what happens: a row for each workload and"
                + " policy, or for each episode.");
    spec.addOption(each).addOption(noCounterfactuals);
    episodes.addTo(spec);
    reports.addTo(spec);
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
    long startNs = System.nanoTime();
    Library library = episodes.library();
    Selection selection = episodes.selection();
    Fleet fleet =
        reports.isAsked()
            ? reports.fleet(library, !selection.settings().isEmpty(), selection.costs())
            : null;
    List<Experiment.Case> cases =
        fleet != null
            ? selection.cases(library, fleet, this::note)
            : selection.cases(library, episodes.workloads(this, library), this::note);
    Experiment.Plan plan =
        new Experiment.Plan(
            cases, episodes.seeds(), episodes.threads(), !Args.isSet(noCounterfactuals));
    Set<String> doubts = new LinkedHashSet<>();
    for (Experiment.Case each : fleet != null ? List.<Experiment.Case>of() : cases) {
      for (String reason : each.workload().cannotTell()) {
        doubts.add(each.workload().name() + ": cannot tell whether a kill was needed: " + reason);
      }
    }
    doubts.forEach(this::note);
    if (verbose()) {
      note(
          count(plan.cases().size(), "case")
              + ", seeds "
              + plan.seeds()
              + ", "
              + count(plan.jobs(), "thread"));
    }
    long done;
    // Of a fleet the command line says which logs; the first event stands for all.
    List<Experiment.Case> told =
        fleet != null ? cases.subList(0, cases.size() / fleet.size()) : cases;
    Provenance from = Provenance.of(session, told, plan.seeds());
    try (Output output = destination.open(session, from)) {
      done = run(plan, output);
      destination.commit(session, output, done == plan.episodes());
    }
    if (done < plan.episodes()) {
      session.say("stopped after " + done + " of " + plan.episodes() + " episodes");
      return ExitCodes.INTERRUPTED;
    }
    if (verbose()) {
      double seconds = (System.nanoTime() - startNs) / 1e9;
      note(count(done, "episode") + String.format(Locale.ROOT, " in %.1f s", seconds));
    }
    return reports.ended(session);
  }

  /** Runs the plan and says how many episodes there are results of. */
  private long run(Experiment.Plan plan, Output output) throws InterruptedException {
    boolean color = colored(output);
    boolean everyEpisode = Args.isSet(each);
    boolean rowByRow = everyEpisode && session.streams().outIsTerminal() && !output.isFile();
    long[] done = {0};
    try (Work work = new Work(session, output, !quiet() && !rowByRow)) {
      if (everyEpisode) {
        try (Report<Outcome> report =
            chosen.any()
                ? destination.format().rows(output.writer(), chosen.of(Columns.episodes()))
                : destination.format().episodes(output.writer(), plan, color)) {
          Experiment.run(plan, counting(report, done), work);
          unlessAll(plan, done[0], report);
        }
      } else {
        try (Report<Cell> report =
            chosen.any()
                ? destination.format().rows(output.writer(), chosen.of(Columns.cells()))
                : destination.format().cells(output.writer(), plan, color)) {
          Consumer<Outcome> cells = Cell.each(plan.seeds().count(), report);
          Experiment.run(plan, counting(cells, done), work);
          unlessAll(plan, done[0], report);
        }
      }
    }
    return done[0];
  }

  private static void unlessAll(Experiment.Plan plan, long done, Report<?> report) {
    if (done < plan.episodes()) {
      report.partial(done + " of " + plan.episodes() + " episodes");
    }
  }

  private static Consumer<Outcome> counting(Consumer<Outcome> consumer, long[] done) {
    return outcome -> {
      consumer.accept(outcome);
      done[0]++;
    };
  }
}
