package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Cell;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Outcome;
import org.oomlab.report.Report;
import org.oomlab.yaml.Library;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab run}. */
@Command(
    name = "run",
    description = {
      "Run workloads under policies and show what happens: a row for each workload and policy, or"
          + " for each episode."
    })
final class RunCommand extends SubCommand {
  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      completionCandidates = Names.Workloads.class,
      description = "Workloads: names, families, files, directories, or - for standard input.")
  List<String> workloads = new ArrayList<>();

  @Mixin Selection selection = new Selection();

  @ArgGroup(exclusive = true)
  Effort.@Nullable Seeds seeds;

  @Option(names = "--each", order = 6, description = "One row for each episode.")
  boolean each;

  @Mixin Effort effort = new Effort();

  @Option(
      names = "--no-counterfactuals",
      order = 6,
      description =
          "Do not find out which kills were necessary, which takes most of the time; the columns"
              + " about it stay empty.")
  boolean noCounterfactuals;

  @Mixin Destination destination = new Destination();

  RunCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws InterruptedException {
    long startNs = System.nanoTime();
    Library library = selection.library(session);
    if (workloads.isEmpty()) {
      throw Selection.noWorkload("run", library);
    }
    Experiment.Plan plan =
        new Experiment.Plan(
            selection.cases(library, workloads, this::note),
            Effort.Seeds.of(seeds),
            effort.threads(),
            !noCounterfactuals);
    if (verbose) {
      note(
          count(plan.cases().size(), "case")
              + ", seeds "
              + plan.seeds()
              + ", "
              + count(plan.jobs(), "thread"));
    }
    long done;
    try (Output output = destination.open(session)) {
      done = run(plan, output);
      if (done == plan.episodes()) {
        output.commit();
      }
    }
    if (done < plan.episodes()) {
      session.say("stopped after " + done + " of " + plan.episodes() + " episodes");
      return ExitCodes.INTERRUPTED;
    }
    if (verbose) {
      double seconds = (System.nanoTime() - startNs) / 1e9;
      note(count(done, "episode") + String.format(Locale.ROOT, " in %.1f s", seconds));
    }
    return ExitCodes.OK;
  }

  /** Runs the plan and says how many episodes there are results of. */
  private long run(Experiment.Plan plan, Output output) throws InterruptedException {
    boolean color = colored(output);
    boolean rowByRow = each && session.streams().outIsTerminal() && !output.isFile();
    long[] done = {0};
    try (Work work = new Work(session, output, !quiet && !rowByRow)) {
      if (each) {
        try (Report<Outcome> report = destination.format.episodes(output.writer(), plan, color)) {
          Experiment.run(plan, counting(report, done), work);
        }
      } else {
        try (Report<Cell> report = destination.format.cells(output.writer(), plan, color)) {
          Consumer<Outcome> cells = Cell.each(plan.seeds().count(), report);
          Experiment.run(plan, counting(cells, done), work);
        }
      }
    }
    return done[0];
  }

  private static Consumer<Outcome> counting(Consumer<Outcome> consumer, long[] done) {
    return outcome -> {
      consumer.accept(outcome);
      done[0]++;
    };
  }
}
