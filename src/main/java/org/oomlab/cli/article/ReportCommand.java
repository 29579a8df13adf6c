package org.oomlab.cli.article;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.article.Article;
import org.oomlab.article.ArticlePage;
import org.oomlab.article.Chapter;
import org.oomlab.article.Chapter.Dispute;
import org.oomlab.article.Chapter.Drawn;
import org.oomlab.article.Guesses;
import org.oomlab.article.Guesses.Input;
import org.oomlab.article.Telling;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Provenance;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Contest;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Measure;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Sensitivity;
import org.oomlab.experiment.search.Axis;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.timeline.Recorder;
import org.oomlab.timeline.Recording;
import org.oomlab.unit.SeedRange;
import org.oomlab.yaml.CostRange;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.WorkloadWriter;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab report}. */
public final class ReportCommand extends SubCommand {
  private static final long RUNS = 100;

  /** Trajectories, and episodes at each of their points: enough to see what matters at all. */
  private static final int TRAJECTORIES = 8;

  private static final long SEEDS = 5;

  private final ManyEpisodes episodes =
      new ManyEpisodes(
          session,
          "Workloads: names, families, files or directories; or kernel logs, which are files with"
              + " names that do not end in .yaml.",
          RUNS);
  private final OptionSpec fromLog =
      Args.list("LOG", "--from-log")
          .order(1)
          .description(
              "A kernel log to be reported on, or - for standard input; may be repeated. Its events"
                  + " are diagnosed and made workloads of, which are run under the policy of the"
                  + " log's kernel and the newest, unless -p says otherwise.")
          .build();
  private final OptionSpec noSensitivity =
      Args.flag("--no-sensitivity")
          .order(6)
          .description(
              "Do not find out which guessed costs the result hangs on, which takes most of the"
                  + " time.")
          .build();
  private final Destination destination = Destination.ofDocument();

  public ReportCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "report",
            "Write a page of HTML that can be passed on: the question, the answer in a sentence,"
                + " tables, plots, timelines of a typical and of the worst episode, what was assumed,"
                + " which of it is guessed, what is not modelled, and how to get it again.",
            "",
            "The page is one file and asks for nothing from elsewhere. The first policy is what the"
                + " others are compared with.");
    spec.addOption(fromLog).addOption(noSensitivity);
    episodes.addTo(spec);
    destination.addWithMetaTo(spec);
    return spec;
  }

  @Override
  public Selection selection() {
    return episodes.selection();
  }

  @Override
  public List<String> workloads() {
    return episodes.named();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (destination.file() == null && session.streams().outIsTerminal()) {
      throw new UserError("report: name a file with -o, or pipe it");
    }
    Target target = Target.of("-o", destination.file());
    Logs logs = logs();
    List<String> names = names(logs);
    List<String> policies =
        selection()
            .policiesOr(
                logs.incidents().isEmpty()
                    ? List.of(Selection.DEFAULT_POLICY)
                    : List.of(logs.policy(), Selection.DEFAULT_POLICY));
    Library library = episodes.library(names);
    List<Case> cases =
        names.isEmpty() ? List.of() : selection().cases(library, names, policies, this::note);
    Contest.Terms terms =
        new Contest.Terms(
            Measure.usual(),
            episodes.seeds(),
            0,
            episodes.seeds().count(),
            false,
            episodes.threads());
    Provenance from = Provenance.of(session, cases, episodes.seeds());
    try (Output output = destination.open(session, target, from)) {
      List<Chapter> chapters = new ArrayList<>();
      boolean stopped;
      try (Work work = new Work(session, output, !quiet())) {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        List<Round> rounds =
            Contest.run(
                byWorkload(cases),
                terms,
                work,
                it -> outcomes.computeIfAbsent(key(it), k -> new ArrayList<>()).add(it));
        for (Round round : rounds) {
          if (!work.cancelled()) {
            chapters.add(chapter(library, round, outcomes, policies, work));
          }
        }
        stopped = work.cancelled();
      } catch (CancellationException early) {
        stopped = true;
      }
      if (stopped) {
        session.say("stopped: nothing is written, for half an article misleads");
        return ExitCodes.INTERRUPTED;
      }
      output.print(
          ArticlePage.of(
              new Article(
                  from.head(), command(), from.manifest(true), logs.incidents(), terms, chapters)));
      destination.commit(session, output, true);
    }
    return ExitCodes.OK;
  }

  // What is reported on.

  private Logs logs() {
    String costs = selection().costs().isEmpty() ? "x86-64" : selection().costs();
    Logs logs = new Logs(session, costs, selection().care().rigour());
    for (String each : Args.all(fromLog)) {
      logs.read(each);
    }
    for (String each : episodes.named()) {
      if (isLog(each)) {
        logs.read(each);
      }
    }
    logs.notes().forEach(this::note);
    if (!logs.workloads().isEmpty()) {
      session.know(logs.workloads());
    }
    return logs;
  }

  private List<String> names(Logs logs) {
    List<String> names = new ArrayList<>(logs.workloads().keySet());
    if (Args.all(fromLog).isEmpty() || episodes.named().stream().anyMatch(each -> !isLog(each))) {
      episodes.named().stream().filter(each -> !isLog(each)).forEach(names::add);
    }
    if (names.isEmpty() && logs.incidents().isEmpty()) {
      throw new UserError(
          "report: on what? Name a workload ('oomlab list workloads' shows all) or a kernel log");
    }
    return names;
  }

  /** A file that does not say that it is YAML. */
  private static boolean isLog(String name) {
    try {
      return !name.equals("-") && !name.matches(".*\\.ya?ml") && Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static List<List<Case>> byWorkload(List<Case> cases) {
    Map<String, List<Case>> groups = new LinkedHashMap<>();
    for (Case each : cases) {
      groups.computeIfAbsent(each.workload().name(), name -> new ArrayList<>()).add(each);
    }
    return List.copyOf(groups.values());
  }

  private static String key(Outcome outcome) {
    return outcome.workload() + "\n" + outcome.policy();
  }

  /** What was typed. */
  private String command() {
    return "oomlab " + session.words().stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  // What came of it.

  private Chapter chapter(
      Library library,
      Round round,
      Map<String, List<Outcome>> all,
      List<String> policies,
      Work work)
      throws InterruptedException {
    List<List<Outcome>> outcomes = new ArrayList<>();
    Map<Drawn, Recording> recordings = new LinkedHashMap<>();
    for (int i = 0; i < round.cases().size(); i++) {
      Case of = round.cases().get(i);
      List<Outcome> its =
          all.getOrDefault(of.workload().name() + "\n" + of.policy().name(), List.of());
      outcomes.add(its);
      Telling telling = Chapter.telling(its);
      long base = Chapter.telling(outcomes.get(0)).typical().seed();
      for (long seed : new long[] {telling.typical().seed(), telling.worst().seed(), base}) {
        if (!work.cancelled()) {
          recordings.computeIfAbsent(
              new Drawn(i, seed), at -> Recorder.of(of, at.seed(), work::cancelled));
        }
      }
    }
    String file = WorkloadWriter.write(round.cases().get(0).workload(), Map.of());
    Guesses guesses =
        Args.isSet(noSensitivity)
            ? null
            : guesses(
                library.withWorkloads(Map.of(round.cases().get(0).workload().name(), file)),
                round,
                policies,
                work);
    return new Chapter(round, outcomes, recordings, guesses, file);
  }

  private @Nullable Guesses guesses(Library library, Round round, List<String> policies, Work work)
      throws InterruptedException {
    Case first = round.cases().get(0);
    String costs =
        selection().costs().isEmpty() ? first.workload().costsName() : selection().costs();
    List<CostRange> ranges =
        library.costRanges(costs).stream().filter(range -> !isSet(range)).toList();
    if (ranges.isEmpty()) {
      return null;
    }
    Dispute dispute = Chapter.dispute(round);
    Objective objective = Objective.parse(dispute.measure().name());
    List<Axis> axes = ranges.stream().map(Space::axis).toList();
    List<String> names = List.of(first.workload().name());
    Space space =
        Space.open(library, selection(), names, policies, axes, Notes.NONE)
            .under(dispute.policies());
    SeedRange seeds = episodes.seeds();
    SeedRange few = new SeedRange(seeds.first(), Math.min(seeds.last(), seeds.first() + SEEDS - 1));
    Sensitivity.Found found =
        Sensitivity.morris(
            axes.size(),
            TRAJECTORIES,
            1,
            points -> space.results(points, few, episodes.threads(), objective, work));
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      Axis axis = axes.get(i);
      inputs.add(new Input(axis.path(), axis.at(0), axis.at(1), ranges.get(i).source()));
    }
    List<String> between =
        dispute.policies().stream().map(i -> round.cells().get(i).policy()).toList();
    return new Guesses(dispute.measure(), between, dispute.sign(), inputs, found);
  }

  /** What somebody has set is no guess of ours. */
  private boolean isSet(CostRange range) {
    return selection().settings().stream()
        .anyMatch(each -> each.startsWith("costs." + range.key() + "="));
  }
}
