package org.oomlab.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.ManyEpisodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.search.Axis;
import org.oomlab.experiment.search.Search;
import org.oomlab.experiment.search.Trial;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.refute.WorstOf;
import org.oomlab.unit.SeedRange;
import org.oomlab.worlds.World;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.PolicyWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code oomlab search}. */
@Command(
    name = "search",
    description = {
      "Look for the values of a policy's knobs that make an objective small, or several: then those"
          + " policies are shown that no other beats in all of them.",
      "",
      "All policies are tried in the same episodes. The results shown are from as many other"
          + " episodes, of the next seeds, so that nobody wins by having fitted the first."
    })
final class SearchCommand extends SubCommand {
  /** What may change unless somebody says otherwise, and for durations, to what. */
  private static final List<String> SECTIONS = List.of("reaper.", "exit.", "freezer.");

  /** What says something about workloads that are given. */
  private static final Set<String> OF_WORKLOADS =
      Set.of("--runs", "--seeds", "--costs", "--minimise", "--beside", "--from");

  private static final String SPANS = "0s,10ms,100ms,500ms,1s,2s,4s,10s";

  private final ManyEpisodes episodes =
      new ManyEpisodes(session, "Workloads: names, families, files or directories.");
  private final Destination destination = new Destination();

  @Option(
      names = "--vary",
      paramLabel = "PATH=VALUES",
      order = 2,
      completionCandidates = Names.Axes.class,
      description =
          "Knobs that may change: a list (killer.tie alone: all its values), steps, or a range"
              + " (reaper.delay=0s..10s, log 1ms..10s); may be repeated. Default: every flag, choice"
              + " and duration of reaper, exit and freezer.")
  List<String> vary = new ArrayList<>();

  @Option(
      names = "--minimise",
      paramLabel = "SUM",
      order = 2,
      description =
          "What is to be small: a sum of outcomes and metrics, such as '100*panic +"
              + " extra_kills_10s'; may be repeated, most important first. Default: bad ends, broken"
              + " futexes, extra kills, recovery.")
  List<String> minimise = new ArrayList<>();

  @Option(
      names = "--budget",
      paramLabel = "N",
      order = 6,
      converter = Effort.Runs.class,
      description = "Try N policies. Default: 400.")
  @Nullable SeedRange budget;

  @Option(
      names = "--search-seed",
      paramLabel = "N",
      defaultValue = "1",
      order = 6,
      description = "The seed of the search's own choices. Default: ${DEFAULT-VALUE}.")
  long searchSeed = 1;

  @Option(
      names = "--worst-of",
      paramLabel = "SPACE",
      order = 3,
      completionCandidates = Names.Spaces.class,
      description =
          "Instead of workloads: play against worlds of SPACE, as 'oomlab refute' does. A world is"
              + " looked for that the policy does not stand, then a policy that stands that one and"
              + " those before, and again. --budget is then worlds of a round. Default: 4000.")
  @Nullable String worstOf;

  @Option(
      names = "--stands",
      paramLabel = "CLAIM",
      order = 3,
      description =
          "With --worst-of, what is to hold in every world: a claim as of 'oomlab refute'. Default:"
              + " no panic, no livelock, no broken futex, recovery within ten seconds.")
  @Nullable String stands;

  private final OptionSpec beside =
      Args.policies(session, "--beside")
          .order(6)
          .description(
              "Policies to hold the winner against, in the same episodes; such as"
                  + " kernels,proposals.")
          .build();

  private final OptionSpec from =
      Args.policies(session, "--from")
          .order(6)
          .description(
              "Policies to begin with beside the base: what they do otherwise than it may change"
                  + " too.")
          .build();

  private final OptionSpec write =
      Args.option(String.class, "FILE", "-w", "--write")
          .order(6)
          .description(
              "Write the winner to FILE.yaml, as a policy that extends the one it began with.")
          .build();

  SearchCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory);
    spec.addOption(beside).addOption(from).addOption(write);
    episodes.addTo(spec);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    Library library = episodes.library();
    if (worstOf == null && stands != null) {
      throw new UserError("--stands: is for --worst-of; --minimise says what is to be small");
    }
    List<String> workloads =
        worstOf == null ? episodes.workloads(this, library) : List.<String>of();
    String file = write.getValue();
    if (file != null && !file.endsWith(".yaml")) {
      throw new UserError("-w " + file + ": a policy file ends in .yaml");
    }
    List<Policy> bases =
        library.resolvePolicies(episodes.selection().policiesOrDefault(), this::note);
    if (bases.size() != 1) {
      throw new UserError("search: begins with one policy, and these are " + bases.size());
    }
    Policy base = bases.get(0);
    List<Policy> known = policies(library, from);
    List<Axis> axes = axes(base, known);
    if (worstOf != null) {
      return worstOf(library, base, axes, file);
    }
    Space space = Space.open(library, episodes.selection(), workloads, axes, Notes.NONE);
    List<String> values = values(base, axes);
    List<Policy> others = policies(library, beside);
    Search.Terms terms =
        new Search.Terms(
            axes,
            values,
            known.stream().map(policy -> values(policy, axes)).toList(),
            objectives(base),
            episodes.seeds(),
            budget == null ? 400 : (int) budget.count(),
            searchSeed,
            episodes.threads(),
            others.stream().map(space::under).toList());
    Search.Result result;
    try (Output output = destination.open(session);
        Output winner = Destination.document(session, "-w", file)) {
      try (Work work = new Work(session, output, !quiet())) {
        result =
            Search.run(
                terms,
                these ->
                    IntStream.range(0, space.casesOfPoint())
                        .mapToObj(number -> space.at(these, number))
                        .toList(),
                work);
      }
      grid(terms, result, others).write(output, destination.format());
      output.commit(result.complete());
      if (winner != null && file != null) {
        winner.print(document(file, workloads, base, terms, result));
        winner.commit();
      }
    }
    if (!result.beside().isEmpty()) {
      verdict(result, others);
    }
    if (file != null) {
      note("the winner is in " + file);
    }
    if (!result.complete()) {
      session.say(
          "stopped: partial, after " + count(result.tried(), "policy").replace("ys", "ies"));
      return ExitCodes.INTERRUPTED;
    }
    return ExitCodes.OK;
  }

  private int worstOf(Library library, Policy base, List<Axis> axes, @Nullable String file)
      throws InterruptedException {
    for (OptionSpec option : spec().options()) {
      boolean given = spec().commandLine().getParseResult().hasMatchedOption(option);
      if (given && OF_WORKLOADS.contains(option.longestName())) {
        throw new UserError(option.longestName() + ": is for workloads, and not for --worst-of");
      }
    }
    if (!spec().commandLine().getParseResult().matchedPositionals().isEmpty()) {
      throw new UserError("--worst-of: the worlds are those of a space, and workloads are none");
    }
    WorstOfSearch search =
        new WorstOfSearch(
            library,
            base,
            String.valueOf(worstOf),
            stands == null ? WorstOfSearch.USUAL_CLAIM : stands,
            episodes.selection().care().rigour(),
            this::note);
    WorstOf.Result result;
    try (Output output = destination.open(session);
        Output winner = Destination.document(session, "-w", file)) {
      try (Work work = new Work(session, output, !quiet())) {
        int worlds = budget == null ? WorstOfSearch.USUAL_WORLDS : (int) budget.count();
        result = search.run(axes, worlds, searchSeed, episodes.threads(), work);
      }
      search.grid(result).write(output, destination.format());
      output.commit(!session.cancelled());
      if (winner != null && file != null) {
        String stem = file.replaceFirst("\\.yaml$", "");
        winner.print(search.policy(result, stem.substring(stem.lastIndexOf('/') + 1)));
        winner.commit();
        for (World world : result.worlds()) {
          String path = stem + "-" + world.workload().name() + ".yaml";
          try (Output pin = Output.open(session.streams().out(), Target.of("-w", path))) {
            pin.print(search.world(world));
            pin.commit();
          }
        }
      }
    }
    return session.cancelled() ? ExitCodes.INTERRUPTED : ExitCodes.OK;
  }

  private List<Policy> policies(Library library, OptionSpec option) {
    return library.resolvePolicies(Args.named(option), this::note);
  }

  private List<Axis> axes(Policy base, List<Policy> known) {
    List<String> written = new ArrayList<>(vary);
    for (Knob knob : vary.isEmpty() ? Knobs.all() : List.<Knob>of()) {
      boolean usual =
          SECTIONS.stream().anyMatch(knob.path()::startsWith) && knob.type() != Knob.Type.COUNT;
      if (usual || known.stream().anyMatch(policy -> policy.get(knob) != base.get(knob))) {
        Set<String> values = new LinkedHashSet<>();
        if (knob.type() == Knob.Type.SPAN) {
          values.addAll(List.of(SPANS.split(",")));
        }
        if (knob.type() == Knob.Type.SPAN || knob.type() == Knob.Type.COUNT) {
          values.add(knob.format(base.get(knob)));
          known.forEach(policy -> values.add(knob.format(policy.get(knob))));
        }
        written.add(knob.path() + (values.isEmpty() ? "" : "=" + String.join(",", values)));
      }
    }
    List<Axis> axes = written.stream().map(Space::axis).toList();
    for (Axis axis : axes) {
      if (axis.knob() == null) {
        throw new UserError("--vary " + axis.path() + ": a search changes knobs only");
      }
    }
    return axes;
  }

  private static List<String> values(Policy policy, List<Axis> axes) {
    return axes.stream().map(axis -> value(policy, axis)).toList();
  }

  private static String value(Policy base, Axis axis) {
    Knob knob = axis.knob();
    return knob == null ? "" : knob.format(base.get(knob));
  }

  private List<Objective> objectives(Policy base) {
    try {
      List<Objective> objectives = minimise.stream().map(Objective::parse).toList();
      if (!objectives.isEmpty()) {
        return objectives;
      }
      return base.daemon() == null ? Objective.usual() : Objective.usualOfDaemons();
    } catch (IllegalArgumentException e) {
      throw new UserError("--minimise: " + e.getMessage());
    }
  }

  /** Says who is best of all. */
  private void verdict(Search.Result result, List<Policy> others) {
    int best = 0;
    for (int i = 1; i < others.size(); i++) {
      best = Trial.order(result.beside().get(i), result.beside().get(best)) < 0 ? i : best;
    }
    int order = Trial.order(result.winner().scores(), result.beside().get(best));
    note(
        "the winner is "
            + (order < 0 ? "better than" : order == 0 ? "as good as" : "not as good as")
            + " the best of "
            + count(others.size(), "policy").replace("ys", "ies")
            + " beside it, "
            + others.get(best).name());
  }

  private Grid grid(Search.Terms terms, Search.Result result, List<Policy> others) {
    List<String> heads = new ArrayList<>(List.of("row", "tried"));
    terms.objectives().forEach(objective -> heads.add(objective.text()));
    heads.add("policy");
    List<List<String>> rows = new ArrayList<>();
    result.trace().forEach(trial -> rows.add(row("trace", trial, terms)));
    rows.add(row("base", result.base(), terms));
    result.front().forEach(trial -> rows.add(row("front", trial, terms)));
    rows.add(row("winner", result.winner(), terms));
    IntStream.range(0, result.beside().size())
        .boxed()
        .sorted((a, b) -> Trial.order(result.beside().get(a), result.beside().get(b)))
        .forEach(i -> rows.add(row("beside", "", result.beside().get(i), others.get(i).name())));
    String title =
        result.tried()
            + " policies tried in seeds "
            + terms.seeds()
            + (result.complete() ? "" : " (partial)")
            + "; trace: those better than all before; the rest: in seeds "
            + (terms.seeds().last() + 1)
            + ".."
            + (terms.seeds().last() + terms.seeds().count());
    return new Grid(List.of(title), heads, rows, heads.size());
  }

  private static List<String> row(String kind, Trial trial, Search.Terms terms) {
    String tried = Integer.toString(trial.tried() + 1);
    return row(kind, tried, trial.scores(), String.join(" ", changes(trial, terms)));
  }

  private static List<String> row(String kind, String tried, List<Double> scores, String policy) {
    List<String> row = new ArrayList<>(List.of(kind, tried));
    for (double score : scores) {
      row.add(String.valueOf(Metric.Unit.rounded(score)));
    }
    row.add(policy);
    return row;
  }

  private static List<String> changes(Trial trial, Search.Terms terms) {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < terms.axes().size(); i++) {
      if (!trial.values().get(i).equals(terms.base().get(i))) {
        changes.add(terms.axes().get(i).pathInDocument() + "=" + trial.values().get(i));
      }
    }
    return changes;
  }

  private static String document(
      String file, List<String> workloads, Policy base, Search.Terms terms, Search.Result result) {
    Policy winner = base;
    for (int i = 0; i < terms.axes().size(); i++) {
      Knob knob = terms.axes().get(i).knob();
      if (knob != null) {
        winner = winner.with(knob, knob.parse(result.winner().values().get(i)), "search");
      }
    }
    String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.yaml$", "");
    String title =
        String.format(
            Locale.ROOT,
            "The best of %d found from %s%s",
            result.tried(),
            base.name(),
            result.complete() ? "" : " before the search was stopped");
    String source = "oomlab search " + String.join(" ", workloads) + ", seeds " + terms.seeds();
    return PolicyWriter.write(winner, name, title, source, base);
  }
}
