package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.watch.Watchers;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/** Follows {@code extends} from policy to policy until every knob has a value. */
final class PolicyResolver {
  private final Parents parents;
  private final Problems problems;

  /** Files already read, by label: families share their ancestors. */
  private final Map<String, @Nullable PolicyFile> files = new LinkedHashMap<>();

  /** Finds the file that {@code extends} names. */
  interface Parents {
    /** Null if there is none, for a noted reason. */
    @Nullable Source find(Value name, Source child);
  }

  PolicyResolver(Parents parents, Problems problems) {
    this.parents = parents;
    this.problems = problems;
  }

  /** A whole policy, or null for noted reasons. */
  @Nullable Policy resolve(Source source) {
    List<PolicyFile> lineage = lineage(source);
    if (lineage.isEmpty() || !isComplete(lineage.get(lineage.size() - 1))) {
      return null;
    }
    long[] values = new long[Knobs.all().size()];
    TreeMap<String, String> origins = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      Knob knob = Knobs.all().get(i);
      for (PolicyFile file : lineage) {
        Long value = file.values().get(knob);
        if (value != null) {
          values[i] = value;
          origins.put(knob.path(), file.name());
          break;
        }
      }
    }
    PolicyFile file = lineage.get(0);
    List<String> ancestors = new ArrayList<>();
    String kernel = file.kernel();
    for (PolicyFile ancestor : lineage.subList(1, lineage.size())) {
      ancestors.add(ancestor.name());
      kernel = kernel.isEmpty() ? ancestor.kernel() : kernel;
    }
    Policy.About about =
        new Policy.About(
            file.name(),
            file.title(),
            file.origin(),
            file.wins(),
            file.loses(),
            List.copyOf(ancestors),
            kernel);
    Policy policy = new Policy(about, values, origins);
    DaemonSettings daemon = daemon(lineage);
    for (PolicyFile each : lineage) {
      if (each.handlers() != null) {
        policy = policy.with(each.handlers());
        break;
      }
    }
    return daemon == null ? policy : policy.with(daemon);
  }

  /** From the root to the file itself, each may change what those before it have said. */
  private @Nullable DaemonSettings daemon(List<PolicyFile> lineage) {
    DaemonSettings daemon = null;
    for (int i = lineage.size() - 1; i >= 0; i--) {
      Value said = lineage.get(i).daemon();
      if (said != null) {
        int before = problems.count();
        daemon = DaemonReader.read(said, daemon);
        if (problems.count() == before) {
          check(said, daemon);
        }
      }
    }
    return daemon;
  }

  /** What can be configured but not be played is refused here, where it stands. */
  private static void check(Value said, @Nullable DaemonSettings daemon) {
    try {
      Watchers.of(daemon);
    } catch (IllegalArgumentException e) {
      said.problem(e.getMessage());
    }
  }

  /** The file and those it builds on, nearest first; empty if one of them is of no use. */
  private List<PolicyFile> lineage(Source source) {
    List<PolicyFile> lineage = new ArrayList<>();
    PolicyFile file = read(source);
    while (file != null) {
      lineage.add(file);
      Value extended = file.parent();
      if (extended == null) {
        return lineage;
      }
      Source parent = parents.find(extended, file.source());
      if (parent == null) {
        return List.of();
      }
      for (PolicyFile descendant : lineage) {
        if (descendant.source().label().equals(parent.label())) {
          String circle =
              lineage.stream().map(PolicyFile::name).collect(Collectors.joining(" -> "));
          extended.problem("goes in a circle: " + circle + " -> " + descendant.name());
          return List.of();
        }
      }
      file = read(parent);
    }
    return List.of();
  }

  private @Nullable PolicyFile read(Source source) {
    if (!files.containsKey(source.label())) {
      files.put(source.label(), PolicyFile.read(source, problems));
    }
    return files.get(source.label());
  }

  private static boolean isComplete(PolicyFile root) {
    List<String> missing = new ArrayList<>();
    for (Knob knob : Knobs.all()) {
      if (!root.values().containsKey(knob)) {
        missing.add(knob.path());
      }
    }
    if (missing.isEmpty()) {
      return true;
    }
    root.document()
        .problem(
            "a policy that extends no other sets every knob; missing: "
                + String.join(", ", missing));
    return false;
  }
}
