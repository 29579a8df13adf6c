package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.fidelity.Fidelity;
import org.oomlab.output.Output;
import org.oomlab.report.FidelityReport;
import org.oomlab.report.Report;
import org.oomlab.unit.SeedRange;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;

/** {@code oomlab fidelity}. */
@Command(
    name = "fidelity",
    description = {
      "Show what real kernels did beside what is simulated, for workloads that say what was"
          + " observed.",
      "",
      "Kills are lines about kills in the log; victims are compared in order, or as"
          + " sets where a cgroup dies as one. First recovery is from"
          + " the first OOM call until, after a kill, free memory was above the low watermark and no"
          + " allocator was stuck or still dying; never if the machine panics. Stable recovery is"
          + " until that held to the end.",
      "",
      "The agreement of kills, victims and panics is the share that the observed and the simulated"
          + " distribution have in common; that of a recovery is the lesser median by the greater."
          + " 'yes' means 50%% or more, or, where real runs differ among themselves, that all of them"
          + " occur. A workload's score is the mean over its columns, the overall"
          + " score the mean over the workloads."
    })
final class FidelityCommand extends SubCommand {
  private final PositionalParamSpec workloads =
      Args.workloads(
          session, "Workloads: names, families, files, directories, or -. Default: lab.");

  private final Selection selection = new Selection(session);

  @Option(
      names = {"-r", "--runs"},
      paramLabel = "N",
      order = 3,
      defaultValue = "200",
      converter = Effort.Runs.class,
      description = "Episodes of each workload: seeds 1..N. Default: ${DEFAULT-VALUE}.")
  SeedRange seeds = SeedRange.of(200);

  private final Effort effort = new Effort();
  private final Destination destination = new Destination();

  FidelityCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory, selection, effort, destination.withMeta());
    return spec.addPositional(workloads);
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> named = session.workloadsOr(Args.all(workloads));
    List<String> names = named.isEmpty() ? List.of("lab") : named;
    List<Case> cases =
        selection.observed(selection.library(session, names), names, this::note).stream()
            .filter(it -> it.workload().observed() != null)
            .toList();
    if (cases.isEmpty()) {
      throw new UserError("fidelity: none of these workloads says what was observed");
    }
    List<Fidelity> rows = new ArrayList<>();
    Provenance from = Provenance.of(session, cases, seeds);
    try (Output output = destination.open(session, from)) {
      run(new Experiment.Plan(cases, seeds, effort.threads(), false), output, rows);
      if (rows.size() == cases.size()) {
        destination.commit(session, output, true);
      }
    }
    if (rows.size() < cases.size()) {
      session.say("stopped after " + rows.size() + " of " + count(cases.size(), "workload"));
      return ExitCodes.INTERRUPTED;
    }
    note("score " + FidelityReport.score(rows) + " over " + count(rows.size(), "workload"));
    return ExitCodes.OK;
  }

  private void run(Experiment.Plan plan, Output output, List<Fidelity> rows)
      throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    try (Work work = new Work(session, output, !quiet());
        Report<Fidelity> report =
            FidelityReport.of(destination.format(), output.writer(), colored(output))) {
      Experiment.run(
          plan,
          outcome -> {
            outcomes.add(outcome);
            if (outcomes.size() == plan.seeds().count()) {
              Fidelity row = Fidelity.of(plan.cases().get(rows.size()), List.copyOf(outcomes));
              outcomes.clear();
              rows.add(row);
              report.accept(row);
            }
          },
          work);
    }
  }
}
