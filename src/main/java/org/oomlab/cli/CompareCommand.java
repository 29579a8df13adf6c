package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Contest;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Measure;
import org.oomlab.output.Output;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code oomlab compare}. */
@Command(
    name = "compare",
    description = {
      "Find out in what policies differ from the first one, by how much, and how sure that is.",
      "",
      "A table begins with a summary: in how many workloads each measure is better, worse,"
          + " undecided or the same, and where most so.",
      "",
      "Every policy is run in the same episodes, and differences are taken within an episode. A"
          + " difference is claimed if its p-value, corrected for all others in the tables, is below"
          + " 5%%."
    })
final class CompareCommand extends SubCommand {
  /** More episodes than anybody waits for, unless asked. */
  private static final long MOST = 10_000;

  private final ManyEpisodes episodes =
      new ManyEpisodes(
          session, "Workloads: names, families, files, directories, or - for standard input.");
  private final Destination destination = new Destination();

  @Option(
      names = "--measures",
      paramLabel = "A,B,...",
      hideParamSyntax = true,
      split = ",",
      order = 6,
      completionCandidates = Names.Measures.class,
      description =
          "By what to compare: outcomes and metrics. Default: panic, livelock, undecided, kills,"
              + " extra kills, recovery, stall, broken futexes and work lost.")
  List<String> measures = new ArrayList<>();

  @Option(
      names = "--until-precision",
      paramLabel = "PERCENT",
      order = 6,
      description =
          "Add episodes until half of each interval is at most so much of the value, such as 5%%; of"
              + " a count, or of 1 if that is more.")
  void setPrecision(String text) {
    precision = percent(text);
  }

  private double precision;

  @Option(
      names = "--most-runs",
      paramLabel = "N",
      order = 6,
      converter = Effort.Runs.class,
      description = "But no more than N episodes of each workload and policy. Default: 10000.")
  @Nullable SeedRange most;

  @Option(
      names = "--no-oracle",
      order = 6,
      description =
          "Do not look for the fewest kills and the shortest recovery that a killer who knows the"
              + " future would reach.")
  boolean noOracle;

  @Option(
      names = {"-a", "--all"},
      order = 7,
      description = "In tables, show the workloads too in which nothing differs.")
  boolean allRows;

  CompareCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory, episodes);
    destination.addWithMetaTo(spec);
    return spec;
  }

  private static double percent(String text) {
    try {
      String number = text.strip();
      if (number.endsWith("%")) {
        double value = Double.parseDouble(number.substring(0, number.length() - 1)) / 100;
        if (value > 0 && value < 1) {
          return value;
        }
      }
    } catch (NumberFormatException notANumber) {
      // Told in the same words.
    }
    throw new TypeConversionException(
        "--until-precision: expected a percentage between 0% and 100%, such as 5%, not '"
            + text
            + "'");
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
    List<Measure> named = named(Args.named(spec().findOption("--measures")));
    Library library = episodes.library();
    List<String> workloads = episodes.workloads(this, library);
    List<Case> all = episodes.selection().cases(library, workloads, this::note);
    List<List<Case>> cases = grouped(all);
    boolean daemons = all.stream().anyMatch(of -> of.policy().daemon() != null);
    List<Measure> compared =
        !named.isEmpty() ? named : daemons ? Measure.usualOfDaemons() : Measure.usual();
    if (cases.get(0).size() < 2) {
      throw new UserError(
          "compare: two policies are needed at least, such as -p linux-4.17,linux-6.18; the first is"
              + " what the others are compared with");
    }
    Contest.Terms terms =
        new Contest.Terms(
            compared,
            episodes.seeds(),
            precision,
            most == null ? MOST : most.count(),
            !noOracle,
            episodes.threads());
    List<Contest.Round> rounds;
    boolean stopped;
    Provenance from = Provenance.of(session, all, episodes.seeds());
    try (Output output = destination.open(session, from)) {
      try (Work work = new Work(session, output, !quiet())) {
        rounds = Contest.run(cases, terms, work);
        stopped = work.cancelled();
      }
      String partial = stopped ? howFar(rounds, cases.size()) : "";
      destination
          .format()
          .contest(output.writer(), rounds, terms, partial, allRows, colored(output));
      destination.commit(session, output, !stopped);
    }
    if (stopped) {
      session.say("stopped: partial, " + howFar(rounds, cases.size()));
      return ExitCodes.INTERRUPTED;
    }
    for (Contest.Round round : rounds) {
      if (!round.imprecise().isEmpty()) {
        note(
            round.cases().get(0).workload().name()
                + ": after "
                + round.seeds().count()
                + " episodes still not as precise as asked for: "
                + String.join(", ", round.imprecise()));
      }
    }
    return ExitCodes.OK;
  }

  private static String howFar(List<Contest.Round> rounds, int of) {
    String whole =
        rounds.stream().filter(round -> !round.partial()).count()
            + " of "
            + count(of, "workload")
            + " compared";
    return rounds.stream()
        .filter(Contest.Round::partial)
        .map(round -> ", " + round.cases().get(0).workload().name() + " in seeds " + round.seeds())
        .reduce(whole, String::concat);
  }

  private static List<Measure> named(List<String> names) {
    List<Measure> measures = new ArrayList<>();
    for (String name : names) {
      measures.add(
          Measure.named(name)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--measures " + name + ": there is no such outcome or metric",
                          Suggestions.nearest(name, Names.Measures.all().keySet()))));
    }
    return measures;
  }

  /** Cases of one workload together. */
  private static List<List<Case>> grouped(List<Case> cases) {
    List<List<Case>> groups = new ArrayList<>();
    for (Case each : cases) {
      boolean begins =
          groups.isEmpty()
              || !groups.get(groups.size() - 1).get(0).workload().equals(each.workload());
      if (begins) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(each);
    }
    return groups;
  }
}
