package org.oomlab.yaml;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
import org.oomlab.policy.DaemonKnobs;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Measurements;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;
import org.oomlab.yaml.tree.Document;
import org.oomlab.yaml.tree.Entry;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Patch;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;
import org.oomlab.yaml.tree.YamlText;

/**
 * The shipped policies, workloads and costs, and what users name beside them: everything of this
 * package that other packages read files with.
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

  private final Finder finder;
  private final Set<String> metrics;
  private final List<Setting> settings;
  private final WorkloadFiles workloadFiles;
  private final CostFiles costFiles;

  private Library(Finder finder, Set<String> metrics, List<Setting> settings) {
    this.finder = finder;
    this.metrics = metrics;
    this.settings = List.copyOf(settings);
    this.workloadFiles = new WorkloadFiles(finder, metrics, this.settings);
    this.costFiles = new CostFiles(finder, this.settings);
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
    return new Library(new Finder(Shipped.open(home), stdin), Set.of(), List.of());
  }

  /**
   * This library, refusing claims about other metrics than these.
   *
   * @param columns their columns in the CSV, such as {@code recovery_ms}
   */
  public Library withMetrics(Collection<String> columns) {
    return new Library(finder, new LinkedHashSet<>(columns), settings);
  }

  /**
   * This library, which knows the policies in these files by their names, so that a claim may speak
   * of them.
   *
   * @param names as for {@link #resolvePolicies}
   */
  public Library withPolicies(List<String> names) {
    Map<String, Source> given = new LinkedHashMap<>();
    for (String written : names) {
      int equals = Finder.isFile(written) ? -1 : written.indexOf('=');
      String name = written.substring(equals + 1);
      if (!name.equals("-") && Finder.isFile(name)) {
        for (Source source : finder.find(Kind.POLICY, name, new Problems(), Notes.NONE)) {
          given.put(
              equals < 0 ? String.valueOf(source.name()) : written.substring(0, equals), source);
        }
      }
    }
    return new Library(finder.knowing(Kind.POLICY, given), metrics, settings);
  }

  /**
   * This library, which knows the policies that these workload files have in them.
   *
   * @param names as for {@link #resolveWorkloads}
   * @throws ProblemException if one of those policies cannot be read
   */
  public Library withPoliciesOf(List<String> names) {
    Map<String, Source> inside = new LinkedHashMap<>();
    for (String name : names) {
      for (Source source : finder.find(Kind.WORKLOAD, name, new Problems(), Notes.NONE)) {
        inside.putAll(WorkloadFiles.policiesIn(source));
      }
    }
    Library knowing = new Library(finder.knowing(Kind.POLICY, inside), metrics, settings);
    knowing.resolvePolicies(List.copyOf(inside.keySet()), Notes.NONE); // One that is not used, too.
    return inside.isEmpty() ? this : knowing;
  }

  /**
   * This library, which knows everything in a bundle by its name.
   *
   * @throws ProblemException if it cannot be read
   */
  public Library with(Bundle bundle) {
    Finder all = finder;
    for (Kind kind : Kind.values()) {
      all = all.knowing(kind, bundle.documents(kind));
    }
    return new Library(all, metrics, settings);
  }

  /** This library, which knows the workloads in these texts by their names. */
  public Library withWorkloads(Map<String, String> texts) {
    Map<String, Source> given = new LinkedHashMap<>();
    texts.forEach(
        (name, text) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          given.put(name, new Source(name, name, null, () -> new ByteArrayInputStream(bytes)));
        });
    return new Library(finder.knowing(Kind.WORKLOAD, given), metrics, settings);
  }

  /**
   * A cost file as a text that stands on its own: with what it inherits, and what is set otherwise.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public String costsText(String nameOrPath) {
    return costFiles.text(nameOrPath);
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
      if (DaemonKnobs.isPath(setting.path())) {
        checkOption(setting, problems);
      } else if (knob != null) {
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
    return new Library(finder, metrics, all);
  }

  private static void checkOption(Setting setting, Problems problems) {
    if (DaemonKnobs.canonical(setting.path()) == null) {
      List<String> known = List.copyOf(DaemonKnobs.described().keySet());
      problems.add(
          setting.at(),
          setting.path() + ": no daemon has this option",
          Suggestions.nearest(setting.path(), known));
    }
  }

  /** The shipped policies, by path. */
  public List<Entry> policies() {
    return finder.shipped(Kind.POLICY);
  }

  /** The shipped workloads, by path. */
  public List<Entry> workloads() {
    return finder.shipped(Kind.WORKLOAD);
  }

  /** The shipped cost files, by name. */
  public List<Entry> costs() {
    return finder.shipped(Kind.COSTS);
  }

  /** The shipped spaces of worlds, by name. */
  public List<Entry> spaces() {
    return finder.shipped(Kind.SPACE);
  }

  /**
   * A shipped space of worlds, or one in a file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public WorldSpace space(String nameOrPath) {
    Problems problems = new Problems();
    List<Source> sources = finder.find(Kind.SPACE, nameOrPath, problems, Notes.NONE);
    if (sources.size() > 1) {
      problems.add(Problem.of(nameOrPath, "one space is needed, not several", null));
    }
    WorldSpace space = null;
    for (Source source : sources) {
      Node.Mapping document = source.parse(Kind.SPACE, problems);
      if (document != null) {
        space = new SpaceReader(finder).read(new Value(document, "", problems), source);
      }
    }
    problems.throwIfAny();
    return Objects.requireNonNull(space);
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
        new PolicyResolver(
            (name, child) -> finder.extended(Kind.POLICY, name, child, problems, notes), problems);
    Map<String, Policy> policies = new LinkedHashMap<>();
    Map<String, Source> places = new LinkedHashMap<>();
    for (String written : names) {
      int equals = Finder.isFile(written) ? -1 : written.indexOf('=');
      String label = equals < 0 ? null : written.substring(0, equals);
      String name = written.substring(equals + 1);
      List<Source> sources = finder.find(Kind.POLICY, name, problems, notes);
      if (label == null && sources.size() == 1 && Finder.isVersionOf(name, sources.get(0))) {
        label = name; // What was asked for is what is told.
      }
      if (label != null && sources.size() > 1) {
        problems.add(Problem.of(written, "a label is for one policy", null));
        continue;
      }
      for (Source source : sources) {
        Policy policy = resolver.resolve(source);
        if (policy != null) {
          Policy named = label == null ? policy : policy.named(label);
          Source other = places.putIfAbsent(named.name(), source);
          if (other == null) {
            policies.put(named.name(), set(named, problems));
          } else if (!other.identity().equals(source.identity())) {
            problems.add(
                Problem.of(
                    source.label(),
                    "there is another policy called "
                        + named.name()
                        + ", in "
                        + other.label()
                        + "; write label=NAME for one of them",
                    null));
          }
        }
      }
    }
    checkTaken(policies.values(), problems);
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
    Map<String, Source> places = new LinkedHashMap<>();
    Set<String> read = new LinkedHashSet<>();
    for (String name : names) {
      for (Source source : finder.find(Kind.WORKLOAD, name, problems, notes)) {
        if (!read.add(source.identity())) {
          continue; // named twice, perhaps by a family and by itself
        }
        Workload workload = workloadFiles.read(source, problems);
        if (workload != null) {
          Source other = places.putIfAbsent(workload.name(), source);
          if (other == null) {
            workloads.put(workload.name(), workload);
          } else {
            problems.add(
                Problem.of(
                    source.label(),
                    "there is another workload called " + workload.name() + ", in " + other.label(),
                    null));
          }
        }
      }
    }
    problems.throwIfAny();
    return List.copyOf(workloads.values());
  }

  /**
   * The workload in a text, as in a file that a user points at.
   *
   * @param label what the text is called in messages
   * @throws ProblemException with everything that is wrong with it
   */
  public Workload workload(String label, String text) {
    Problems problems = new Problems();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Source source = new Source(label, null, null, () -> new ByteArrayInputStream(bytes));
    Workload workload = workloadFiles.read(source, problems);
    problems.throwIfAny();
    return Objects.requireNonNull(workload);
  }

  /**
   * The policy in a text, as in a file that a user points at.
   *
   * @param label what the text is called in messages
   * @throws ProblemException with everything that is wrong with it
   */
  public Policy policy(String label, String text) {
    Problems problems = new Problems();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Source source = new Source(label, null, null, () -> new ByteArrayInputStream(bytes));
    PolicyResolver resolver =
        new PolicyResolver(
            (name, child) -> finder.extended(Kind.POLICY, name, child, problems, Notes.NONE),
            problems);
    Policy policy = resolver.resolve(source);
    problems.throwIfAny();
    return Objects.requireNonNull(policy);
  }

  /**
   * The text of a workload that is another with values set otherwise.
   *
   * @param text of its file
   * @param commentsKept whether it is the text of the original but for the values
   */
  public record Changed(String text, boolean commentsKept) {}

  /**
   * A workload with values set otherwise, as a file of its own.
   *
   * @param original what it is made from
   * @param name what it will be called
   * @throws ProblemException with everything that is wrong with either
   */
  public Changed changedWorkload(String original, String name, List<Setting> changes) {
    Workload wanted =
        withSettings(changes).resolveWorkloads(List.of(original), Notes.NONE).get(0).named(name);
    String written = WorkloadWriter.write(wanted, Map.of());
    Problems problems = new Problems();
    Source source = finder.find(Kind.WORKLOAD, original, problems, Notes.NONE).get(0);
    String text = source.text();
    List<Setting> all = new ArrayList<>(changes);
    all.add(Setting.parse("workload=" + YamlText.quote(name)));
    for (Setting change : all) {
      byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
      Node.Mapping document = Document.parse(source.label(), bytes, new Problems());
      text = document == null ? null : Patch.apply(String.valueOf(text), document, change);
    }
    boolean isSame = text != null && says(text, written);
    return new Changed(isSame ? text : written, isSame);
  }

  private boolean says(String text, String written) {
    try {
      return WorkloadWriter.write(workload("changed", text), Map.of()).equals(written);
    } catch (ProblemException e) {
      return false;
    }
  }

  /**
   * The costs in a shipped cost file or another.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public Costs costs(String nameOrPath) {
    return costFiles.costs(nameOrPath);
  }

  /**
   * The measurements in a file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public Measurements measurements(String path) {
    Problems problems = new Problems();
    Source source = finder.file(path);
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
   * Workloads to be tried with other values. Their claims, which are about the values they have,
   * are left out.
   *
   * @throws ProblemException with everything that is wrong with them as they are
   */
  public List<Template<Workload>> workloadTemplates(List<String> names, Notes notes) {
    resolveWorkloads(names, notes);
    Map<String, Template<Workload>> templates = new LinkedHashMap<>();
    for (String name : names) {
      for (Source source : finder.find(Kind.WORKLOAD, name, new Problems(), Notes.NONE)) {
        templates.put(source.label(), workloadFiles.template(source));
      }
    }
    return List.copyOf(templates.values());
  }

  /**
   * Costs to be tried with other values.
   *
   * @throws ProblemException with everything that is wrong with them as they are
   */
  public Template<Costs> costsTemplate(String nameOrPath) {
    return costFiles.template(nameOrPath);
  }

  /**
   * The costs that a cost file has a range for, in the order of the file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  public List<CostRange> costRanges(String nameOrPath) {
    return costFiles.ranges(nameOrPath);
  }

  /**
   * The JSON Schema of a kind of files.
   *
   * @param kind one of {@link Schema#KINDS}
   */
  public String schema(String kind) {
    return Schema.of(kind, finder, metrics);
  }

  private Policy set(Policy policy, Problems problems) {
    Policy changed = policy;
    for (Setting setting : settings) {
      Knob knob = Knobs.byPath(setting.path());
      if (DaemonKnobs.isPath(setting.path())) {
        changed = set(changed, setting, problems);
      } else if (knob != null) {
        changed = changed.with(knob, PolicyFile.knobValue(knob, setting.value(problems)), "--set");
      }
    }
    return changed;
  }

  private static Policy set(Policy policy, Setting setting, Problems problems) {
    String path = DaemonKnobs.canonical(setting.path());
    try {
      // A number alone is as good as the daemon's own command line would have it.
      Knob knob = Knobs.byPath(setting.path());
      String text = setting.text();
      boolean bare = knob != null && knob.takesPercent();
      return path == null
          ? policy
          : policy.withOption(path, bare ? knob.format(knob.parse(text)) : text);
    } catch (IllegalArgumentException e) {
      problems.add(setting.at(), setting.path() + ": " + e.getMessage());
      return policy;
    }
  }

  /** What is set of a daemon is not set if no policy has one that takes it. */
  private void checkTaken(Collection<Policy> policies, Problems problems) {
    for (Setting setting : settings) {
      String path =
          DaemonKnobs.isPath(setting.path()) ? DaemonKnobs.canonical(setting.path()) : null;
      if (path != null && policies.stream().noneMatch(policy -> policy.takesOption(path))) {
        problems.add(setting.at(), setting.path() + ": no policy here has a daemon that takes it");
      }
    }
  }

  @Override
  public String toString() {
    return "library of " + finder.shipped(Kind.POLICY).size() + " policies";
  }
}
