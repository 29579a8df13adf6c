package org.oomlab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Care;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Spaces;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Formula;
import org.oomlab.experiment.Progress;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.policy.Policy;
import org.oomlab.refute.Answer;
import org.oomlab.refute.Cause;
import org.oomlab.refute.Counterexample;
import org.oomlab.refute.Hunt;
import org.oomlab.refute.Proposition;
import org.oomlab.refute.Sides;
import org.oomlab.refute.Telling;
import org.oomlab.report.Page;
import org.oomlab.statistics.Share;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Span;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab refute}. */
@Command(
    name = "refute",
    description = {
      "Look for the smallest world in which a claim about one policy or two does not hold:"
          + " 'extra_kills(B) <= extra_kills(A)', 'outcome(B) != panic', 'recovery(B) <= 1s'.",
      "",
      "If there is one, it is printed as a workload file, with claims about what happens in it, the"
          + " share of other seeds at which it is so, and the moment at which the policies part."
          + " The exit code is then 1. If none is found, it says where it has looked, and how near"
          + " the nearest world came; that is no proof, and the exit code is 0."
    })
final class RefuteCommand extends SubCommand {
  private static final long DEFAULT_NS = 60 * Span.SECOND;

  /** How many worlds may be tried while one is made small. */
  private static final int SHRINKING = 4000;

  /** The worlds of a search that only time ends; more than any has time for. */
  private static final long UNLIMITED = Long.MAX_VALUE / 2;

  @Parameters(
      index = "0",
      paramLabel = "CLAIM",
      description =
          "What is claimed to hold in every world: a comparison of metrics and outcomes under the"
              + " policies of -p, which are A, B and so on; with and, or, not.")
  String claim = "";

  @Option(
      names = "--in",
      paramLabel = "SPACE",
      order = 2,
      description =
          "Which worlds: small, server, phone, cgroups, a file, or 'near WORKLOAD', the"
              + " neighbourhood of a workload. Default: ${DEFAULT-VALUE}.")
  String in = "small";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      order = 3,
      converter = FuzzCommand.Time.class,
      description = "Look for so long, such as 5m. Default, without --episodes: 1min.")
  @Nullable Long forNs;

  @Option(
      names = {"-n", "--episodes"},
      paramLabel = "N",
      order = 3,
      converter = Effort.Runs.class,
      description =
          "Look at N worlds, one episode of each under each policy. What is found then depends on"
              + " nothing but N and the seed.")
  @Nullable SeedRange episodes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      order = 4,
      defaultValue = "1",
      description = "Which worlds: another seed, other worlds. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--all",
      order = 5,
      description =
          "Do not stop at the first: one world for each cause, the most frequent cause first.")
  boolean all;

  @Option(
      names = "--anything",
      order = 5,
      description =
          "Also worlds that no machine can be: costs outside their ranges, absurd amounts.")
  boolean anything;

  @Option(
      names = "--blind",
      order = 5,
      description = "Draw worlds by chance alone, not led by how near others came.")
  boolean blind;

  private final OptionSpec policies =
      Args.policies(session, "-p", "--policy")
          .order(1)
          .description("The policies that the claim is about, A, B and so on in this order.")
          .build();
  private final Care care = new Care();
  private final Effort effort = new Effort();
  private final OptionSpec file =
      Args.option(String.class, "FILE", "-o", "--output")
          .order(9)
          .description(
              "Write the workload to FILE instead of standard output; with --all, a folder for one"
                  + " file of each cause.")
          .build();

  RefuteCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory).addOption(policies).addOption(file);
    care.addTo(spec);
    effort.addTo(spec);
    return spec;
  }

  /** A kind of refutation, and the first of it. */
  private static final class Kind {
    final Hunt.Refutation first;
    final Cause cause;
    long times;

    Kind(Hunt.Refutation first, Cause cause) {
      this.first = first;
      this.cause = cause;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (forNs != null && forNs <= 0) {
      throw new UserError("--for: expected a time above 0, such as 5m");
    }
    String path = file.getValue();
    Target target = Target.of("-o", all ? null : path);
    Path folder = all && path != null ? Target.folder("-o", path) : null;
    Library library = session.library();
    Hunt.Plan plan = plan(library);
    List<Kind> kinds;
    Hunt.Result result;
    List<Found> small = new ArrayList<>();
    try (Output output = Output.open(session.streams().out(), Target.of("-o", null));
        Work work = new Work(session, output, !quiet())) {
      Map<String, Kind> found = new LinkedHashMap<>();
      result = hunt(plan, work, found);
      kinds = new ArrayList<>(found.values());
      kinds.sort((a, b) -> Long.compare(b.times, a.times)); // Stable: of equals the first found.
      for (Kind kind : kinds) {
        small.add(new Found(kind, small(kind, plan, library, work)));
      }
    }
    boolean stopped = session.cancelled();
    if (kinds.isEmpty()) {
      tellNone(plan, result);
    } else {
      tell(plan, result, small, target, folder);
    }
    return stopped
        ? ExitCodes.INTERRUPTED
        : kinds.isEmpty() ? ExitCodes.OK : ExitCodes.CLAIM_FAILED;
  }

  /** A kind of refutation and a small one of it. */
  private record Found(Kind kind, Counterexample small) {}

  private Hunt.Result hunt(Hunt.Plan plan, Work work, Map<String, Kind> kinds)
      throws InterruptedException {
    try {
      return Hunt.run(
          plan,
          work,
          refutation -> {
            Cause cause = Cause.of(refutation.world(), plan);
            kinds.computeIfAbsent(cause.key(), key -> new Kind(refutation, cause)).times++;
            return all;
          });
    } catch (Hunt.NoOom none) {
      throw new UserError("--in " + in + ": " + none.getMessage());
    }
  }

  private static Counterexample small(
      Kind kind, Hunt.Plan plan, Library library, Progress progress) {
    return Counterexample.of(
        kind.first,
        kind.cause,
        plan,
        world -> Reproduction.isReadable(library, world),
        SHRINKING,
        progress);
  }

  private void tellNone(Hunt.Plan plan, Hunt.Result result) {
    try (Output output = Output.open(session.streams().out(), Target.of("-o", null))) {
      Page page = new Page(colored(output));
      new Answer(plan, result).page(page, in).print(output.writer());
      output.commit();
    }
    if (file.getValue() != null) {
      note("-o " + file.getValue() + ": nothing is written, for nothing was found");
    }
  }

  private void tell(
      Hunt.Plan plan, Hunt.Result result, List<Found> found, Target target, @Nullable Path folder) {
    note(
        "refuted: "
            + (all ? count(found.size(), "cause") + " in " : "after ")
            + count(result.coverage().worlds(), "world")
            + " of seed "
            + seed);
    if (folder == null) {
      try (Output output = Output.open(session.streams().out(), target)) {
        for (int i = 0; i < found.size(); i++) {
          output.print((i == 0 ? "" : "\n") + text(found.get(i), plan, found, "FILE"));
        }
        output.commit();
      }
      return;
    }
    for (Found each : found) {
      String name = each.small().world().workload().name() + ".yaml";
      String written = folder.resolve(name).toString();
      try (Output output = Output.open(session.streams().out(), Target.of("-o", written))) {
        output.print(text(each, plan, found, written));
        output.commit();
      }
      note(written + ": " + of(each, found));
    }
  }

  private static String of(Found found, List<Found> all) {
    long refutations = all.stream().mapToLong(each -> each.kind().times).sum();
    return found.kind().times + " of " + count(refutations, "refutation");
  }

  private String text(Found found, Hunt.Plan plan, List<Found> among, String path) {
    Counterexample small = found.small();
    Share share = small.others();
    Cause cause = found.kind().cause;
    List<String> lines = new ArrayList<>();
    lines.add("Refutes '" + plan.claim().text() + "' at seed " + small.world().seed() + ",");
    lines.add(
        "and at %d of the seeds %s (95%% interval %.1f%% to %.1f%%)."
            .formatted(share.count(), small.otherSeeds(), 100 * share.low(), 100 * share.high()));
    lines.add(sentence(Telling.of(small.world(), plan.sides())));
    if (plan.sides().policies().size() > 1) {
      lines.add("Cause: " + cause.first() + " / " + cause.last() + ".");
      lines.add(rules(cause, plan.sides()));
    }
    if (all) {
      lines.add("Of this cause: " + of(found, among) + ".");
    }
    lines.add("Size: " + Counterexample.size(small.world().workload()) + ".");
    List<String> settings = Reproduction.settings(small.world());
    if (!settings.isEmpty()) {
      lines.add("It takes other costs or knobs than shipped, with which alone its claims hold:");
      settings.forEach(setting -> lines.add("  --set " + Words.quote(setting)));
    }
    lines.add("Look at it: " + look(small, plan.sides(), settings, path));
    Map<String, List<String>> comments = new TreeMap<>();
    comments.put("", lines);
    return WorkloadWriter.write(small.workload(plan, command(small)), comments);
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private static String rules(Cause cause, Sides sides) {
    String first = sides.policies().get(0).name();
    return cause.rules().isEmpty()
        ? "No single knob as in " + first + " mends it."
        : "Any of these as in " + first + " mends it: " + cause.ruleText() + ".";
  }

  /** How to find it again, by the number of worlds and not by time. */
  private String command(Counterexample small) {
    List<String> words = new ArrayList<>(List.of("oomlab", "refute", claim));
    words.addAll(List.of("-p", String.join(",", Args.named(policies))));
    words.addAll(List.of("--in", in, "--seed", Long.toString(seed)));
    words.addAll(List.of("-n", Long.toString(small.number() + 1)));
    if (all) {
      words.add("--all");
    }
    if (anything) {
      words.add("--anything");
    }
    if (blind) {
      words.add("--blind");
    }
    return words.stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  private static String look(
      Counterexample small, Sides sides, List<String> settings, String path) {
    String names = sides.policies().stream().map(Policy::name).collect(Collectors.joining(","));
    List<String> words =
        new ArrayList<>(List.of("oomlab", sides.policies().size() == 1 ? "run" : "compare", path));
    words.addAll(List.of("-p", names, "--seeds", Long.toString(small.world().seed())));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    return words.stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  private Hunt.Plan plan(Library library) {
    List<String> names = Args.named(policies);
    if (names.isEmpty()) {
      throw misuse("-p: expected the policies that the claim is about, such as -p linux-6.18");
    }
    List<Policy> named = new ArrayList<>();
    for (String name : names) {
      // One by one: a policy may be held against itself.
      named.addAll(library.resolvePolicies(List.of(name), this::note));
    }
    Sides sides = new Sides(named, care.rigour());
    Proposition proposition;
    try {
      proposition = Proposition.parse(claim, sides);
    } catch (Formula.Malformed malformed) {
      throw new UserError("CLAIM: " + malformed.getMessage());
    }
    long began = System.nanoTime();
    Long patienceNs = forNs == null && episodes == null ? Long.valueOf(DEFAULT_NS) : forNs;
    return new Hunt.Plan(
        proposition,
        sides,
        Spaces.explorer(
            library, Spaces.named(library, in, "--in", this::note), anything, sides.last()),
        seed,
        episodes == null ? UNLIMITED : episodes.count(),
        () -> patienceNs != null && System.nanoTime() - began >= patienceNs,
        effort.threads(),
        blind);
  }
}
