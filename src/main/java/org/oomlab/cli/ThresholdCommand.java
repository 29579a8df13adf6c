package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.claim.Condition;
import org.oomlab.experiment.search.Axis;
import org.oomlab.experiment.search.Threshold;
import org.oomlab.experiment.search.Threshold.Found;
import org.oomlab.experiment.search.Threshold.Side;
import org.oomlab.experiment.search.Threshold.Terms;
import org.oomlab.output.Output;
import org.oomlab.report.Report;
import org.oomlab.report.ThresholdReport;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code oomlab threshold}. */
@Command(
    name = "threshold",
    description = {
      "Find the smallest or largest value of a knob, a quantity or a cost at which something holds,"
          + " with its 95%% interval and the two outcomes on either side of the edge.",
      "",
      "At every value the same seeds are run. The range is first tried in nine places, from end to"
          + " end, and then halved where the answer changes, to --precision. If it changes back"
          + " further on, that is said. Exit code 1 says that there is no edge in the range."
    })
final class ThresholdCommand extends SubCommand {
  private final ManyEpisodes episodes =
      new ManyEpisodes(session, "Workloads: names, families, files or directories.", USUAL);

  /** Fewer than 72 cannot tell that something holds in more than 95 % of all episodes. */
  private static final long USUAL = 100;

  /** Halving goes no further: values have six digits. */
  private static final double FINEST = 1e-9;

  @Option(
      names = "--vary",
      paramLabel = "PATH=LOW..HIGH",
      required = true,
      order = 2,
      completionCandidates = Names.Axes.class,
      description =
          "Where to look: a knob (policy.reaper.delay=0s..4s), a quantity of the workload"
              + " (machine.memory=1GiB..8GiB) or a cost (costs.pass=1us..1ms); with 'log' before LOW"
              + " on a logarithmic scale, with /STEP behind HIGH only at steps.")
  String vary = "";

  @Option(
      names = "--until",
      paramLabel = "CONDITION",
      required = true,
      order = 2,
      description =
          "What is to hold of an episode: a metric or what else can be claimed, a comparison and a"
              + " value, such as 'kills = 0', 'recovery < 1s', 'outcome = recovered'.")
  String until = "";

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      order = 2,
      defaultValue = "95%",
      description = "In how many of the episodes it has to hold. Default: 95%%.")
  String share = "95%";

  @Option(
      names = "--precision",
      paramLabel = "SHARE",
      order = 2,
      defaultValue = "0.1%",
      description =
          "How close together the values on either side of the edge are, as a share of the range."
              + " Default: 0.1%%.")
  String precision = "0.1%";

  private final Destination destination = new Destination();

  ThresholdCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, episodes, destination.withMeta());
  }

  @Override
  public Integer call() throws InterruptedException {
    Library library = episodes.library();
    List<String> workloads = episodes.workloads(this, library);
    Axis axis = Space.axis(vary);
    if (axis.isList()) {
      throw new UserError("--vary " + vary + ": expected a range LOW..HIGH");
    }
    Space space = Space.open(library, episodes.selection(), workloads, List.of(axis), this::note);
    List<Terms> terms = space.workloads().stream().map(this::terms).toList();
    List<Found> all = new ArrayList<>();
    boolean stopped = false;
    Provenance from = Provenance.of(session, space.asTheyAre(), episodes.seeds());
    try (Output output = destination.open(session, from)) {
      try (Work work = new Work(session, output, !quiet());
          Report<Found> report =
              ThresholdReport.of(
                  destination.format(), output.writer(), axis, terms.get(0), colored(output))) {
        for (int i = 0; i < space.casesOfPoint(); i++) {
          int number = i;
          Terms of = terms.get(number / space.policies().size());
          Found found =
              Threshold.find(
                  of, axis::at, value -> space.at(List.of(value), number), progress(of, work));
          all.add(found);
          report.accept(found);
        }
      } catch (CancellationException early) {
        stopped = true;
      }
      destination.commit(session, output, !stopped);
    }
    if (stopped) {
      session.say("stopped: partial, " + all.size() + " of " + count(space.casesOfPoint(), "case"));
      return ExitCodes.INTERRUPTED;
    }
    return all.stream().allMatch(ThresholdCommand::hasEdge) ? ExitCodes.OK : ExitCodes.CLAIM_FAILED;
  }

  private static boolean hasEdge(Found found) {
    return found.side() == Side.ABOVE || found.side() == Side.BELOW;
  }

  /** How far it is, as a share of the episodes that one bisection takes. */
  private static Progress progress(Terms of, Work work) {
    long halvings = (long) Math.ceil(Math.log(1 / of.precision()) / Math.log(2));
    long most = (Threshold.PLACES + halvings) * of.seeds().count();
    long[] done = {0};
    return new Progress() {
      @Override
      public void advanced(long episodesDone, long all) {
        work.advanced(Math.min(++done[0], most), most);
      }

      @Override
      public boolean cancelled() {
        return work.cancelled();
      }
    };
  }

  private Terms terms(Workload workload) {
    try {
      return new Terms(
          Condition.parse(until, workload.processNames(), workload.futexes()),
          share("--share", share),
          episodes.seeds(),
          Math.max(FINEST, share("--precision", precision)),
          episodes.threads());
    } catch (IllegalArgumentException e) {
      throw new UserError("--until " + until + ": " + e.getMessage());
    }
  }

  private static double share(String option, String written) {
    try {
      return Condition.share(written);
    } catch (IllegalArgumentException e) {
      throw new UserError(option + " " + written + ": " + e.getMessage());
    }
  }
}
