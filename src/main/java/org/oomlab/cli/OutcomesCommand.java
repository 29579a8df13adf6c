package org.oomlab.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Fates;
import org.oomlab.experiment.Outcome;
import org.oomlab.output.Output;
import org.oomlab.report.FateReport;
import org.oomlab.report.FateReport.Ways;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.statistics.Share;
import org.oomlab.unit.Position;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.yaml.ClaimWriter;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code oomlab outcomes}. */
@Command(
    name = "outcomes",
    description = {
      "Show in which ways workloads can end under policies: who is killed, in which order, and"
          + " whether the machine recovers, with the share of each way and its 95%% interval.",
      "",
      "Copies of a process are not told apart: worker[0] and worker[7] are worker[*]."
    })
final class OutcomesCommand extends SubCommand {
  private final ManyEpisodes episodes =
      new ManyEpisodes(
          session, "Workloads: names, families, files, directories, or - for standard input.");

  @Option(
      names = "--claims",
      order = 6,
      description =
          "Print claims, to be pasted into a workload: that one of these ways comes, and how often"
              + " each outcome does.")
  boolean claims;

  private final Destination destination = new Destination();

  OutcomesCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, episodes, destination.withMeta());
  }

  @Override
  public Integer call() throws InterruptedException {
    if (claims && destination.format() != ReportFormat.TABLE) {
      throw misuse("--claims: they are YAML; --format is for the table");
    }
    if (claims && destination.hasMeta()) {
      throw misuse("--claims: they have no manifest; --meta is for the table");
    }
    Library library = episodes.library();
    List<String> workloads = episodes.workloads(this, library);
    Plan plan =
        new Plan(
            episodes.selection().cases(library, workloads, this::note),
            episodes.seeds(),
            episodes.threads(),
            false);
    int done;
    Provenance from = Provenance.of(session, plan.cases(), plan.seeds());
    try (Output output = claims ? destination.open(session) : destination.open(session, from)) {
      done = claims ? writeClaims(plan, output) : writeTables(plan, output);
      if (done == plan.cases().size()) {
        destination.commit(session, output, true);
      }
    }
    if (done < plan.cases().size()) {
      session.say("stopped after " + done + " of " + count(plan.cases().size(), "case"));
      return ExitCodes.INTERRUPTED;
    }
    return ExitCodes.OK;
  }

  private int writeTables(Plan plan, Output output) throws InterruptedException {
    try (Report<Ways> report =
        FateReport.of(destination.format(), output.writer(), colored(output))) {
      return run(plan, output, report);
    }
  }

  private int writeClaims(Plan plan, Output output) throws InterruptedException {
    List<Ways> all = new ArrayList<>();
    int done = run(plan, output, all::add);
    String workload = "";
    for (Ways ways : all) {
      if (!ways.of().workload().name().equals(workload)) {
        workload = ways.of().workload().name();
        output.print("# " + workload + "\nclaims:\n");
      }
      output.print(ClaimWriter.write(claim(plan, ways)));
    }
    return done;
  }

  /** Runs the plan and says how many cases there are results of. */
  private int run(Plan plan, Output output, java.util.function.Consumer<Ways> each)
      throws InterruptedException {
    Fates[] fates = {new Fates()};
    int[] done = {0};
    try (Work work = new Work(session, output, !quiet())) {
      Experiment.run(
          plan,
          outcome -> {
            fates[0].add(outcome);
            if (fates[0].episodes() == plan.seeds().count()) {
              each.accept(new Ways(plan.cases().get(done[0]++), fates[0]));
              fates[0] = new Fates();
            }
          },
          work);
    }
    return done[0];
  }

  /** That one of the ways comes; and if the verdict is not always the same, how often each is. */
  private static Claim claim(Plan plan, Ways ways) {
    Set<String> victims = new LinkedHashSet<>();
    Map<String, Long> verdicts = new LinkedHashMap<>();
    for (Fates.Counted way : ways.fates().all()) {
      victims.add(String.join(";", way.fate().victims()));
      verdicts.merge(
          Outcome.text(way.fate().verdict()).replace('-', '_'), way.share().count(), Long::sum);
    }
    Position here = new Position("", 1, 1);
    List<Expectation> expectations = new ArrayList<>();
    expectations.add(new Expectation(here, "victims", String.join("|", victims)));
    verdicts.forEach(
        (verdict, count) ->
            expectations.add(
                verdicts.size() == 1
                    ? new Expectation(here, "outcome", verdict)
                    : new Expectation(
                        here, "share.outcome=" + verdict, interval(count, plan.seeds().count()))));
    return new Claim(
        here,
        List.of(ways.of().policy().name()),
        plan.seeds(),
        "what came of these seeds, and 95% intervals",
        "",
        "",
        "",
        List.of(),
        expectations);
  }

  private static String interval(long count, long of) {
    Share share = Share.of(count, of);
    return String.format(
        Locale.ROOT,
        "%.4f..%.4f",
        Math.floor(share.low() * 1e4) / 1e4,
        Math.ceil(share.high() * 1e4) / 1e4);
  }
}
