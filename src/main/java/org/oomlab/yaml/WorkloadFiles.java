package org.oomlab.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.policy.DaemonKnobs;
import org.oomlab.policy.Knobs;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/** Workload files, read with what is set otherwise and with the names of other files checked. */
final class WorkloadFiles {
  private final Finder finder;
  private final Set<String> metrics;
  private final List<Setting> settings;

  /**
   * A reader of many.
   *
   * @param metrics what claims may be about; anything if there are none
   */
  WorkloadFiles(Finder finder, Set<String> metrics, List<Setting> settings) {
    this.finder = finder;
    this.metrics = metrics;
    this.settings = settings;
  }

  /** The policies that a workload file has in it, by their names; none if it cannot be read. */
  static Map<String, Source> policiesIn(Source source) {
    Map<String, Source> policies = new LinkedHashMap<>();
    if (!source.hasLine("policies:")) {
      return policies; // As most; to make a tree of it takes longer.
    }
    Node.Mapping document = source.parse(new Problems());
    if (document != null && document.get("policies") instanceof Node.Sequence list) {
      for (Node item : list.items()) {
        if (item instanceof Node.Mapping policy && policy.text("policy") != null) {
          String name = String.valueOf(policy.text("policy"));
          policies.put(name, source.within(name, policy));
        }
      }
    }
    return policies;
  }

  /** The workload in a file; null if there is no reading it, for a noted reason. */
  @Nullable Workload read(Source source, Problems problems) {
    Node.Mapping document = source.parse(Kind.WORKLOAD, problems);
    return document == null ? null : read(source, set(document, List.of(), problems), problems);
  }

  /** A workload to be tried with other values, without its claims, which are about those it has. */
  Template<Workload> template(Source source) {
    Node.Mapping document = Objects.requireNonNull(source.parse(new Problems())).without("claims");
    return more -> {
      Problems problems = new Problems();
      Workload workload = read(source, set(document, more, problems), problems);
      problems.throwIfAny();
      return workload;
    };
  }

  /** A workload's document with all that is to be set otherwise. */
  private Node.Mapping set(Node.Mapping document, List<Setting> more, Problems problems) {
    Node.Mapping changed = document;
    for (List<Setting> each : List.of(settings, more)) {
      for (Setting setting : each) {
        boolean ofPolicy =
            Knobs.byPath(setting.path()) != null || DaemonKnobs.isPath(setting.path());
        if (!ofPolicy && !setting.isBelow("costs")) {
          changed = setting.applyTo(changed, problems);
        }
      }
    }
    Setting free = free(document, changed, more);
    return free == null ? changed : free.applyTo(changed, problems);
  }

  /**
   * What is free in a machine of another size, unless that is set as well: what is more is free,
   * for the workload needs none of it, and what is less is missing there first.
   *
   * @return null if the workload's own memory decides, or the size is what it was
   */
  private @Nullable Setting free(Node.Mapping before, Node.Mapping after, List<Setting> more) {
    for (List<Setting> each : List.of(settings, more)) {
      if (each.stream().anyMatch(setting -> setting.path().equals("machine.free"))) {
        return null;
      }
    }
    long free = pages(before, "free");
    long was = pages(before, "memory");
    long is = pages(after, "memory");
    return free < 0 || was < 0 || is < 0 || was == is
        ? null
        : Setting.parse("machine.free=" + Bytes.format(Math.max(0, free + is - was)));
  }

  /** A size of the machine, or -1 if it is not there or is none. */
  private static long pages(Node.Mapping document, String key) {
    Node.Member machine = document.members().get("machine");
    if (machine == null || !(machine.value() instanceof Node.Mapping keys)) {
      return -1;
    }
    String size = keys.text(key);
    try {
      return size == null ? -1 : Bytes.parsePages(size);
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  private Workload read(Source source, Node.Mapping document, Problems problems) {
    References references = new References();
    Finder known = finder.knowing(Kind.POLICY, policiesIn(source));
    ClaimReader claims =
        new ClaimReader(
            references,
            metrics,
            name -> known.policyNamed(name, source),
            () -> known.names(Kind.POLICY),
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
    return read(source, changed, problems);
  }

  /** A shipped cost file's name as it is; a path as seen from here instead of from the workload. */
  private String costsName(String name, Source workload) {
    if (Source.isYaml(name) && workload.folder() != null) {
      return workload.folder().resolve(name).toString();
    }
    Problems problems = new Problems();
    if (finder.find(Kind.COSTS, name, problems, Notes.NONE).size() != 1) {
      String nearest = Suggestions.nearest(name, finder.names(Kind.COSTS));
      throw new IllegalArgumentException(
          "no costs '" + name + "'" + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }
    return name;
  }
}
