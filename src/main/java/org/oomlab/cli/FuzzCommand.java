package org.oomlab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.Progress;
import org.oomlab.kernel.Rigour;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.worlds.Court;
import org.oomlab.worlds.Fuzz;
import org.oomlab.worlds.Generator;
import org.oomlab.worlds.Generator.From;
import org.oomlab.worlds.HasNoShortcut;
import org.oomlab.worlds.KeepsLaws;
import org.oomlab.worlds.Stock;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code oomlab fuzz}. */
@Command(
    name = "fuzz",
    description = {
      "Look for a fault of oomlab itself: make worlds that nobody thought of, from nothing or by"
          + " changing shipped workloads, policies and costs, run an episode of each, and see"
          + " whether a law of the simulator breaks.",
      "",
      "Of each kind of fault the first world is made as small as it can be and printed as a workload"
          + " file, with what broke and the command that shows it. The exit code is then 70."
    })
final class FuzzCommand extends SubCommand {
  private static final long DEFAULT_NS = 60 * Span.SECOND;

  /** How often a world may be tried while it is made small. */
  private static final int SHRINKING = 3000;

  /** The worlds of a run that only time ends; more than any has time for. */
  private static final long UNLIMITED = Long.MAX_VALUE / 2;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      order = 1,
      converter = Time.class,
      description = "Look for so long, such as 10m. Default, without --episodes: 1min.")
  @Nullable Long forNs;

  @Option(
      names = {"-n", "--episodes"},
      paramLabel = "N",
      order = 2,
      converter = Effort.Runs.class,
      description =
          "Look at N worlds, one episode of each. What is found then depends on nothing but N and"
              + " the seed.")
  @Nullable SeedRange episodes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      order = 3,
      defaultValue = "1",
      description = "Which worlds: another seed, other worlds. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(names = "--from-nothing", order = 4, description = "Only worlds made from nothing.")
  boolean fromNothing;

  @Option(
      names = "--from-shipped",
      order = 4,
      description = "Only shipped workloads, changed here and there.")
  boolean fromShipped;

  @Option(
      names = "--check",
      order = 6,
      description =
          "Look at every law after every event, and compare each episode with one in which nothing"
              + " is decided early. Takes ten times as long.")
  boolean check;

  private final OptionSpec policies =
      Args.policies(session, "-p", "--policy")
          .order(5)
          .description(
              "Policies to look under, as they are and with other values of their knobs. Default:"
                  + " all that are shipped.")
          .build();
  private final Effort effort = new Effort();
  private final OptionSpec folder =
      Args.option(String.class, "DIR", "-o", "--output")
          .order(9)
          .description("Write a file for each kind of fault into DIR instead of standard output.")
          .build();

  FuzzCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = annotated(factory).addOption(policies).addOption(folder);
    effort.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (fromNothing && fromShipped) {
      throw new UserError("--from-nothing and --from-shipped: without either, worlds are of both");
    }
    Path directory = directory();
    // What must never be is looked for in earnest, also where the launcher does not ask for it.
    ClassLoader.getSystemClassLoader().setPackageAssertionStatus("org.oomlab.kernel", true);
    ClassLoader.getSystemClassLoader().setPackageAssertionStatus("org.oomlab.engine", true);
    Library library = session.library();
    Stock stock = stock(library);
    From from = fromNothing ? From.NOTHING : fromShipped ? From.SHIPPED : From.EITHER;
    long began = System.nanoTime();
    Long patienceNs = forNs == null && episodes == null ? Long.valueOf(DEFAULT_NS) : forNs;
    long worlds = episodes == null ? UNLIMITED : episodes.count();
    note("seed " + seed);
    int[] kinds = {0};
    KeepsLaws laws = new KeepsLaws(check ? Rigour.CHECKED : Rigour.WATCHED);
    long tried;
    try (Output output = Output.open(session.streams().out(), Target.of("-o", null));
        Work work = new Work(session, output, !quiet())) {
      Fuzz.Plan plan =
          new Fuzz.Plan(
              new Generator(stock, from),
              stock,
              new Court(check ? List.of(laws, new HasNoShortcut()) : List.of(laws)),
              world -> Reproduction.isReadable(library, world),
              seed,
              worlds,
              () -> patienceNs != null && System.nanoTime() - began >= patienceNs,
              effort.threads(),
              SHRINKING);
      tried =
          Fuzz.run(
              plan,
              paced(work, began, patienceNs, worlds),
              finding -> {
                show(finding, directory, kinds[0] > 0, output);
                kinds[0]++;
              });
      output.commit();
    }
    boolean stopped = session.cancelled();
    note(
        (stopped ? "stopped after " : "")
            + count(tried, "world")
            + " of seed "
            + seed
            + ", "
            + count(laws.episodes(), "episode")
            + (kinds[0] == 0 ? ": no law broken" : ": " + count(kinds[0], "kind") + " of fault"));
    return kinds[0] > 0 ? ExitCodes.BUG : stopped ? ExitCodes.INTERRUPTED : ExitCodes.OK;
  }

  private @Nullable Path directory() {
    String name = folder.getValue();
    return name == null ? null : Target.folder("-o", name);
  }

  /**
   * All policies, the newest kernel first, since a small world should rather have that; and so on.
   */
  private Stock stock(Library library) {
    List<String> named = Args.named(policies);
    List<Policy> found =
        new ArrayList<>(
            library.resolvePolicies(
                named.isEmpty() ? names(library.policies()) : named, this::note));
    if (named.isEmpty()) {
      Collections.reverse(found);
      found.sort((a, b) -> Boolean.compare(isKernel(b), isKernel(a)));
    }
    List<Costs> costs = new ArrayList<>();
    for (String name : names(library.costs())) {
      costs.add(library.costs(name));
    }
    costs.sort((a, b) -> Boolean.compare(isUsual(b), isUsual(a)));
    boolean shipped = !fromNothing;
    return new Stock(
        found,
        costs,
        shipped ? library.resolveWorkloads(names(library.workloads()), this::note) : List.of());
  }

  private static boolean isKernel(Policy policy) {
    return policy.name().startsWith("linux-");
  }

  private static boolean isUsual(Costs costs) {
    return costs.name().equals("x86-64");
  }

  private static List<String> names(List<Entry> entries) {
    return entries.stream().map(Entry::name).toList();
  }

  /** Progress, of as many worlds as there will have been time for if only time ends it. */
  private static Progress paced(Progress work, long began, @Nullable Long patienceNs, long worlds) {
    return new Progress() {
      @Override
      public void advanced(long done, long of) {
        double share = patienceNs == null ? 0 : (double) (System.nanoTime() - began) / patienceNs;
        work.advanced(done, Math.min(worlds, share > 0 ? (long) (done / share) : of));
      }

      @Override
      public boolean cancelled() {
        return work.cancelled();
      }
    };
  }

  private void show(
      Fuzz.Finding finding, @Nullable Path directory, boolean another, Output output) {
    String name = finding.world().workload().name() + ".yaml";
    if (directory == null) {
      output.print((another ? "\n" : "") + Reproduction.file(finding, name));
      return;
    }
    String path = directory.resolve(name).toString();
    try (Output file = Output.open(session.streams().out(), Target.of("-o", path))) {
      file.print(Reproduction.file(finding, path));
      file.commit();
    }
    note(path + ": " + finding.fault().message());
  }

  /** Reads a duration as everybody writes one, with m for minutes. */
  static final class Time implements ITypeConverter<Long> {
    private static final Pattern MINUTES = Pattern.compile("([0-9.]+ ?)m$");

    @Override
    public Long convert(String text) {
      try {
        return Span.parse(MINUTES.matcher(text.strip()).replaceFirst("$1min").strip());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
