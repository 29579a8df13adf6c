package org.oomlab.yaml;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Workload;

/**
 * Knows the shipped policies, workloads and costs, and finds what users name.
 *
 * <p>A name is, whichever comes first: {@code -} for standard input; a file or a folder; the name
 * of a shipped file; the name of a family, which is a folder of shipped files; for policies, a
 * kernel version that a shipped one stands for.
 *
 * <p>Immutable but for standard input, which is read once.
 */
public final class Library {
  /** The keys a {@code --set} path may begin with if it does not name a knob. */
  private static final List<String> SETTABLE =
      List.of("machine", "processes", "cgroups", "costs", "horizon");

  private final Shipped shipped;
  private final Stdin stdin;
  private final Set<String> metrics;
  private final List<Setting> settings;

  /** Standard input, which can be read only once but may be named for several things. */
  private static final class Stdin implements Source.Content {
    private final InputStream in;
    private byte @Nullable [] bytes;

    Stdin(InputStream in) {
      this.in = in;
    }

    @Override
    public InputStream open() throws java.io.IOException {
      byte[] read = bytes;
      if (read == null) {
        read = in.readNBytes(Document.MOST_BYTES + 1);
        bytes = read;
      }
      return new ByteArrayInputStream(read);
    }
  }

  private Library(Shipped shipped, Stdin stdin, Set<String> metrics, List<Setting> settings) {
    this.shipped = shipped;
    this.stdin = stdin;
    this.metrics = metrics;
    this.settings = List.copyOf(settings);
  }

  /**
   * The library in a folder, or the one packed with the program.
   *
   * @param home a folder that has {@code policies/} and {@code workloads/}, or null
   */
  public static Library open(@Nullable Path home) {
    return open(home, InputStream.nullInputStream());
  }

  /**
   * The same.
   *
   * @param stdin what {@code -} reads
   */
  public static Library open(@Nullable Path home, InputStream stdin) {
    return new Library(Shipped.open(home), new Stdin(stdin), Set.of(), List.of());
  }

  /**
   * This library, refusing claims about other metrics than these.
   *
   * @param columns their columns in the CSV, such as {@code recovery_ms}
   */
  public Library withMetrics(Collection<String> columns) {
    return new Library(shipped, stdin, new LinkedHashSet<>(columns), settings);
  }

  /**
   * This library, with values set otherwise than the files say in everything it resolves.
   *
   * @throws ProblemException if a path names neither a knob nor anything a workload or cost file
   *     may have
   */
  public Library withSettings(List<Setting> settings) {
    Problems problems = new Problems();
    List<String> heads = new ArrayList<>(SETTABLE);
    heads.addAll(PolicyFile.sections());
    List<String> paths = Knobs.all().stream().map(Knob::path).toList();
    for (Setting setting : settings) {
      Knob knob = Knobs.byPath(setting.path());
      if (knob != null) {
        PolicyFile.knobValue(knob, setting.value(problems));
      } else if (!SETTABLE.contains(setting.head())) {
        String nearest = Suggestions.nearest(setting.path(), paths);
        boolean inSection = PolicyFile.sections().contains(setting.head());
        if (nearest == null && !inSection) {
          nearest = Suggestions.nearest(setting.head(), heads);
        }
        problems.add(
            setting.at(),
            setting.path() + ": " + (inSection ? "no such knob" : "no such path"),
            nearest);
      }
    }
    problems.throwIfAny();
    List<Setting> all = new ArrayList<>(this.settings);
    all.addAll(settings);
    return new Library(shipped, stdin, metrics, all);
  }

  /** The shipped policies, by path. */
  public List<Entry> policies() {
    return shipped.of(Kind.POLICY);
  }

  /** The shipped workloads, by path. */
  public List<Entry> workloads() {
    return shipped.of(Kind.WORKLOAD);
  }

  /** The shipped cost files, by name. */
  public List<Entry> costs() {
    return shipped.of(Kind.COSTS);
  }

  /**
   * The policies that these names stand for, each once.
   *
   * @param names as described above; {@code label=NAME} gives a single policy another name
   * @param notes hears which policy an aliased kernel version behaves as
   * @throws ProblemException with everything that is wrong with all of them
   */
  public List<Policy> resolvePolicies(List<String> names, Notes notes) {
    Problems problems = new Problems();
    PolicyResolver resolver =
        new PolicyResolver((name, child) -> parent(name, child, problems, notes), problems);
    Map<String, Policy> policies = new LinkedHashMap<>();
    Map<String, String> places = new LinkedHashMap<>();
    for (String written : names) {
      int equals = isFile(written) ? -1 : written.indexOf('=');
      String label = equals < 0 ? null : written.substring(0, equals);
      List<Source> sources = find(Kind.POLICY, written.substring(equals + 1), problems, notes);
      if (label != null && sources.size() > 1) {
        problems.add(Problem.of(written, "a label is for one policy", null));
        continue;
      }
      for (Source source : sources) {
        Policy policy = resolver.resolve(source);
        if (policy != null) {
          Policy named = label == null ? policy : policy.named(label);
          String place = places.putIfAbsent(named.name(), source.label());
          if (place == null) {
            policies.put(named.name(), set(named, problems));
          } else if (!place.equals(source.label())) {
            problems.add(
                Problem.of(
                    source.label(),
                    "there is another policy called "
                        + named.name()
                        + ", in "
                        + place
                        + "; write label=NAME for one of them",
                    null));
          }
        }
      }
    }
    problems.throwIfAny();
    return List.copyOf(policies.values());
  }

  /**
   * The workloads that these names stand for, each once.
   *
   * @throws ProblemException with everything that is wrong with all of them
   */
  public List<Workload> resolveWorkloads(List<String> names, Notes notes) {
    Problems problems = new Problems();
    Map<String, Workload> workloads = new LinkedHashMap<>();
    Map<String, String> places = new LinkedHashMap<>();
    for (String name : names) {
      for (Source source : find(Kind.WORKLOAD, name, problems, notes)) {
        if (source.label().equals(places.get(String.valueOf(source.name())))) {
          continue; // named twice, perhaps by a family and by itself
        }
        Workload workload = workload(source, problems);
        if (workload != null) {
          String place = places.putIfAbsent(workload.name(), source.label());
          if (place == null) {
            workloads.put(workload.name(), workload);
          } else {
            problems.add(
                Problem.of(
                    source.label(),
                    "there is another workload called " + workload.name() + ", in " + place,
                    null));
          }
        }
      }
    }
    problems.throwIfAny();
    return List.copyOf(workloads.values());
  }

  /**
   * The costs in a shipped cost file or another.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public Costs costs(String nameOrPath) {
    Problems problems = new Problems();
    List<Source> sources = find(Kind.COSTS, nameOrPath, problems, note -> {});
    if (sources.size() > 1) {
      problems.add(Problem.of(nameOrPath, "one cost file is needed, not several", null));
    }
    Costs costs = null;
    for (Source source : sources) {
      Node.Mapping document = costsDocument(source, List.of(), problems);
      if (document != null) {
        costs = costs(source, document, List.of(), problems);
      }
    }
    problems.throwIfAny();
    return Objects.requireNonNull(costs);
  }

  /**
   * The measurements in a file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public Measurements measurements(String path) {
    Problems problems = new Problems();
    Source source =
        path.equals("-") ? new Source("stdin", null, null, stdin) : Source.file(Path.of(path));
    Node.Mapping document = source.parse(problems);
    Measurements measurements = null;
    if (document != null) {
      Value value = new Value(document, "", problems);
      measurements = new MeasurementsReader(metrics).read(value, source);
    }
    problems.throwIfAny();
    return Objects.requireNonNull(measurements);
  }

  /**
   * A cost file, with what it does not say itself as in the file it extends.
   *
   * @param children the files that extend it, directly or not
   */
  private Node.@Nullable Mapping costsDocument(
      Source source, List<String> children, Problems problems) {
    Node.Mapping document = source.parse(problems);
    Node.Member base = document == null ? null : document.members().get("extends");
    if (document == null || base == null) {
      return document;
    }
    Value name = new Value(base.value(), "extends", problems);
    int before = problems.count();
    String text = name.text();
    if (problems.count() > before) {
      return null;
    }
    Source neighbour = source.neighbour(text);
    Source parent = neighbour != null ? neighbour : exact(Kind.COSTS, text, problems);
    List<String> all = new ArrayList<>(children);
    all.add(source.label());
    if (parent == null) {
      name.problem("no costs '" + text + "'", Suggestions.nearest(text, names(Kind.COSTS)));
      return null;
    }
    if (all.contains(parent.label())) {
      name.problem(text + " extends this file");
      return null;
    }
    Node.Mapping inherited = costsDocument(parent, all, problems);
    return inherited == null ? null : CostsReader.inherit(inherited, document);
  }

  /**
   * Workloads to be tried with other values. Their claims, which are about the values they have,
   * are left out.
   *
   * @throws ProblemException with everything that is wrong with them as they are
   */
  public List<Template<Workload>> workloadTemplates(List<String> names, Notes notes) {
    resolveWorkloads(names, notes);
    Map<String, Template<Workload>> templates = new LinkedHashMap<>();
    for (String name : names) {
      for (Source source : find(Kind.WORKLOAD, name, new Problems(), note -> {})) {
        Node.Mapping document =
            Objects.requireNonNull(source.parse(new Problems())).without("claims");
        templates.put(source.label(), more -> workload(source, document, more));
      }
    }
    return List.copyOf(templates.values());
  }

  private Workload workload(Source source, Node.Mapping document, List<Setting> more) {
    Problems problems = new Problems();
    Workload workload = workload(source, set(document, more, problems), problems);
    problems.throwIfAny();
    return workload;
  }

  /**
   * Costs to be tried with other values.
   *
   * @throws ProblemException with everything that is wrong with them as they are
   */
  public Template<Costs> costsTemplate(String nameOrPath) {
    costs(nameOrPath);
    Source source = find(Kind.COSTS, nameOrPath, new Problems(), note -> {}).get(0);
    Node.Mapping document =
        Objects.requireNonNull(costsDocument(source, List.of(), new Problems()));
    return more -> {
      Problems problems = new Problems();
      Costs costs = costs(source, document, more, problems);
      problems.throwIfAny();
      return costs;
    };
  }

  /**
   * Between what and what a cost may lie.
   *
   * @param key its key in the cost file
   * @param lowNs at least so many nanoseconds
   * @param highNs at most so many
   * @param source where that is known from
   */
  public record CostRange(String key, long lowNs, long highNs, String source) {}

  /** The costs that a cost file has a range for, in the order of the file. */
  public List<CostRange> costRanges(String nameOrPath) {
    costs(nameOrPath);
    Problems problems = new Problems();
    Source file = find(Kind.COSTS, nameOrPath, problems, note -> {}).get(0);
    List<CostRange> ranges = new ArrayList<>();
    Node.Mapping document = Objects.requireNonNull(file.parse(problems));
    for (Map.Entry<String, Node.Member> member : document.members().entrySet()) {
      Node value = member.getValue().value();
      if (value instanceof Node.Mapping cost && cost.get("range") != null) {
        Fields fields = new Value(value, member.getKey(), problems).fields();
        if (fields.get("range", null, Value::spans) instanceof Quantity.Uniform range) {
          String source = fields.text("source");
          ranges.add(new CostRange(member.getKey(), range.low(), range.high(), source));
        }
      }
    }
    return ranges;
  }

  private Costs costs(Source source, Node.Mapping document, List<Setting> more, Problems problems) {
    Node.Mapping changed = document;
    for (List<Setting> each : List.of(settings, more)) {
      for (Setting setting : each) {
        if (setting.isBelow("costs")) {
          changed = setting.applyBelowHead(changed, problems);
        }
      }
    }
    return CostsReader.read(new Value(changed, "", problems), source);
  }

  private @Nullable Workload workload(Source source, Problems problems) {
    Node.Mapping document = source.parse(problems);
    return document == null ? null : workload(source, set(document, List.of(), problems), problems);
  }

  /** A workload's document with all that is to be set otherwise. */
  private Node.Mapping set(Node.Mapping document, List<Setting> more, Problems problems) {
    Node.Mapping changed = document;
    for (List<Setting> each : List.of(settings, more)) {
      for (Setting setting : each) {
        if (Knobs.byPath(setting.path()) == null && !setting.isBelow("costs")) {
          changed = setting.applyTo(changed, problems);
        }
      }
    }
    return changed;
  }

  private Workload workload(Source source, Node.Mapping document, Problems problems) {
    References references = new References();
    ClaimReader claims =
        new ClaimReader(
            references,
            metrics,
            this::isPolicy,
            () -> names(Kind.POLICY),
            values -> variant(source, document.without("claims"), values, problems));
    return new WorkloadReader(
            new Value(document, "", problems),
            source,
            references,
            claims,
            name -> costsName(name, source))
        .read();
  }

  /** A workload with other values than its document has, for one of its claims. */
  private @Nullable Workload variant(
      Source source, Node.Mapping document, List<Setting> values, Problems problems) {
    Node.Mapping changed = document;
    for (Setting each : values) {
      changed = each.applyTo(changed, problems);
    }
    return workload(source, changed, problems);
  }

  /** A shipped cost file's name as it is; a path as seen from here instead of from the workload. */
  private String costsName(String name, Source workload) {
    if (Source.isYaml(name) && workload.folder() != null) {
      return workload.folder().resolve(name).toString();
    }
    Problems problems = new Problems();
    if (find(Kind.COSTS, name, problems, note -> {}).size() != 1) {
      String nearest = Suggestions.nearest(name, names(Kind.COSTS));
      throw new IllegalArgumentException(
          "no costs '" + name + "'" + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }
    return name;
  }

  private Policy set(Policy policy, Problems problems) {
    Policy changed = policy;
    for (Setting setting : settings) {
      Knob knob = Knobs.byPath(setting.path());
      if (knob != null) {
        changed = changed.with(knob, PolicyFile.knobValue(knob, setting.value(problems)), "--set");
      }
    }
    return changed;
  }

  private @Nullable Source parent(Value name, Source child, Problems problems, Notes notes) {
    int before = problems.count();
    String text = name.text();
    if (problems.count() > before) {
      return null;
    }
    Source neighbour = child.neighbour(text);
    if (neighbour != null) {
      return neighbour;
    }
    Source found = exact(Kind.POLICY, text, problems);
    if (found == null) {
      found = alias(text, notes);
    }
    if (found == null) {
      name.problem("no policy '" + text + "'", Suggestions.nearest(text, names(Kind.POLICY)));
    }
    return found;
  }

  /** True if a claim may speak of a policy by this name. */
  private boolean isPolicy(String name) {
    return !find(Kind.POLICY, name, new Problems(), note -> {}).isEmpty();
  }

  private static boolean isFile(String name) {
    Path path = path(name);
    return path != null && Files.exists(path);
  }

  private static @Nullable Path path(String name) {
    try {
      return name.isEmpty() ? null : Path.of(name);
    } catch (InvalidPathException noPath) {
      return null;
    }
  }

  /** The files a name stands for; none for a noted reason. */
  private List<Source> find(Kind kind, String name, Problems problems, Notes notes) {
    if (name.equals("-")) {
      return List.of(new Source("stdin", null, null, stdin));
    }
    Path path = path(name);
    if (path != null && Files.isDirectory(path)) {
      return folder(kind, path, problems);
    }
    if (path != null && Files.exists(path)) {
      return List.of(Source.file(path));
    }
    Source source = exact(kind, name, problems);
    if (source == null) {
      List<Entry> family = shipped.of(kind).stream().filter(entry -> entry.isIn(name)).toList();
      if (!family.isEmpty()) {
        return family.stream().map(Entry::file).toList();
      }
      source = kind == Kind.POLICY ? alias(name, notes) : null;
    }
    if (source != null) {
      return List.of(source);
    }
    if (name.contains("/") || Source.isYaml(name)) {
      problems.add(Problem.of(name, "no such file", null));
    } else {
      problems.add(
          Problem.of(
              name.isEmpty() ? "''" : name,
              "no " + kind.noun + " of this name",
              Suggestions.nearest(name, names(kind))));
    }
    return List.of();
  }

  /** The names and families of one kind. */
  private Collection<String> names(Kind kind) {
    Set<String> names = new LinkedHashSet<>();
    shipped.of(kind).forEach(entry -> names.add(entry.name()));
    shipped.of(kind).stream()
        .map(Entry::family)
        .filter(family -> !family.isEmpty())
        .forEach(names::add);
    return names;
  }

  private List<Source> folder(Kind kind, Path folder, Problems problems) {
    try {
      List<Path> files = Shipped.yamlBelow(folder);
      if (files.isEmpty()) {
        problems.add(Problem.of(folder.toString(), "no YAML file in this folder", null));
      }
      // Policies, workloads and costs may share a folder; each is picked by its first words.
      List<Source> sources =
          files.stream()
              .map(Source::file)
              .filter(
                  source -> {
                    Node.Mapping document = source.parse(new Problems());
                    return document == null || kind.claims(document);
                  })
              .toList();
      if (sources.isEmpty() && !files.isEmpty()) {
        problems.add(Problem.of(folder.toString(), "no " + kind.noun + " in this folder", null));
      }
      return sources;
    } catch (UncheckedIOException failed) {
      problems.add(Problem.of(folder.toString(), "cannot be read: " + failed.getMessage(), null));
      return List.of();
    }
  }

  private @Nullable Source exact(Kind kind, String name, Problems problems) {
    List<Entry> called = new ArrayList<>();
    for (Entry entry : shipped.of(kind)) {
      if (entry.name().equals(name)) {
        called.add(entry);
      }
    }
    if (called.size() > 1) {
      problems.add(
          Problem.of(
              called.get(1).path(),
              "there is another " + kind.noun + " called " + name + ", in " + called.get(0).path(),
              null));
    }
    return called.isEmpty() ? null : called.get(0).file();
  }

  /** The shipped policy that stands for a kernel version, as linux-6.1 does for linux-6.6. */
  private @Nullable Source alias(String name, Notes notes) {
    int dash = name.lastIndexOf('-');
    String version = name.substring(dash + 1);
    if (dash < 0 || !VersionRange.isVersion(version)) {
      return null;
    }
    for (Entry entry : shipped.of(Kind.POLICY)) {
      if (entry.name().startsWith(name.substring(0, dash + 1))) {
        String versions = entry.text("versions");
        VersionRange range;
        try {
          range = VersionRange.parse(versions);
        } catch (IllegalArgumentException none) {
          continue; // it stands for none, or whoever uses the file will hear of the mistake
        }
        if (range.includes(version)) {
          notes.note(name + " behaves as " + entry.name() + " (" + versions + ")");
          return entry.file();
        }
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return "library of " + shipped.of(Kind.POLICY).size() + " policies";
  }
}
