package org.oomlab.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Spaces;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.experiment.Formula;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.search.Axis;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.refute.Hunt;
import org.oomlab.refute.Proposition;
import org.oomlab.refute.Sides;
import org.oomlab.refute.WorstOf;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;
import org.oomlab.worlds.World;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.WorkloadWriter;

/** {@code oomlab search --worst-of}: a policy that stands what can be found against it. */
final class WorstOfSearch {
  /** What a policy is to stand if nobody says otherwise. */
  static final String USUAL_CLAIM =
      "outcome != panic and outcome != livelock and broken_futexes = 0 and recovery <= 10s";

  /** Worlds of one round, if nobody says otherwise. */
  static final int USUAL_WORLDS = 4000;

  private static final int ROUNDS = 12;
  private static final int SHRINKING = 1000;

  private final Library library;
  private final Policy base;
  private final WorldSpace space;
  private final String claim;
  private final Rigour rigour;

  WorstOfSearch(
      Library library, Policy base, String space, String claim, Rigour rigour, Notes notes) {
    this.library = library;
    this.base = base;
    this.space = Spaces.named(library, space, "--worst-of", notes);
    this.claim = claim;
    this.rigour = rigour;
    try {
      Proposition.parse(claim, sides(base));
    } catch (Formula.Malformed malformed) {
      throw new UserError("--stands: " + malformed.getMessage());
    }
  }

  private Sides sides(Policy policy) {
    return new Sides(List.of(policy), rigour);
  }

  /** Looks. */
  WorstOf.Result run(List<Axis> axes, int worlds, long seed, int jobs, Progress progress)
      throws InterruptedException {
    List<WorstOf.Choice> choices = new ArrayList<>();
    for (Axis axis : axes) {
      choices.add(choice(axis));
    }
    WorstOf.Terms terms =
        new WorstOf.Terms(
            base,
            choices,
            ROUNDS,
            (policy, round) ->
                new Hunt.Plan(
                    Proposition.parse(claim, sides(policy)),
                    sides(policy),
                    Spaces.explorer(library, space, false, policy),
                    seed + round,
                    worlds,
                    () -> false,
                    jobs,
                    false),
            world -> Reproduction.isReadable(library, world),
            SHRINKING);
    try {
      return WorstOf.run(terms, progress);
    } catch (Hunt.NoOom none) {
      throw new UserError("--worst-of " + space.name() + ": " + none.getMessage());
    }
  }

  private WorstOf.Choice choice(Axis axis) {
    Knob knob = axis.knob();
    if (knob == null || axis.size() == 0) {
      throw new UserError(
          "--vary " + axis.path() + ": --worst-of takes knobs with a list of values or steps");
    }
    Set<Long> values = new LinkedHashSet<>();
    for (long i = 0; i < axis.size(); i++) {
      values.add(knob.parse(axis.value(i)));
    }
    values.add(base.get(knob));
    List<Long> ordered = new ArrayList<>(values);
    ordered.sort(Long::compare);
    return new WorstOf.Choice(knob, ordered);
  }

  /** The result as a table: the worlds, then each change by one step. */
  Grid grid(WorstOf.Result result) {
    List<List<String>> rows = new ArrayList<>();
    for (Knob knob : changed(result.policy())) {
      rows.add(List.of("policy", knob.path() + "=" + knob.format(result.policy().get(knob)), ""));
    }
    for (World world : result.worlds()) {
      rows.add(List.of("world", world.workload().name(), "stood, seed " + world.seed()));
    }
    for (WorstOf.Step step : result.steps()) {
      String what =
          step.number() < 0
              ? "all are stood"
              : result.worlds().get(step.number()).workload().name() + " is not stood";
      rows.add(
          List.of(
              "one step off", step.knob().path() + "=" + step.knob().format(step.value()), what));
    }
    String title =
        "stands '%s': %s; %d worlds that no policy tried stands"
            .formatted(
                claim,
                result.survived() > 0
                    ? "not refuted in " + result.survived() + " more worlds of " + space.name()
                    : "there was no round left to try it",
                result.hopeless());
    return new Grid(List.of(title), List.of("row", "what", "then"), rows, 3);
  }

  private List<Knob> changed(Policy policy) {
    return Knobs.all().stream().filter(knob -> policy.get(knob) != base.get(knob)).toList();
  }

  /** The policy as a file. */
  String policy(WorstOf.Result result, String name) {
    return PolicyWriter.write(
        result.policy(),
        name,
        "Stands what was found against it in " + space.name(),
        "oomlab search --worst-of " + space.name() + " -p " + base.name(),
        base);
  }

  /** A world as a file. */
  String world(World world) {
    Map<String, List<String>> comments = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    lines.add("One of the worlds that pin a policy; its episode is that of seed " + world.seed());
    List<String> settings = Reproduction.settings(world.withUsual(base));
    settings.forEach(setting -> lines.add("  --set " + Words.quote(setting)));
    comments.put("", lines);
    Workload workload = world.workload();
    return WorkloadWriter.write(workload, comments);
  }
}
