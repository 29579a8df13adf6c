package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Value;

/**
 * Names in a workload that must be declared somewhere in it. They are checked when everything has
 * been read, since a step may speak of a process that is declared further down.
 */
final class References {
  final Set<String> processes = new LinkedHashSet<>();
  final Set<String> cgroups = new LinkedHashSet<>();
  final Set<String> mutexes = new LinkedHashSet<>();
  final Set<String> futexes = new LinkedHashSet<>();

  /** Of the processes, those without memory; they are not killed, frozen or reaped. */
  final Set<String> kernelThreads = new LinkedHashSet<>();

  /** Of the processes, those that no signal ends. */
  final Set<String> inits = new LinkedHashSet<>();

  private final List<Exclusion> exclusions = new ArrayList<>();

  private final List<Reference> references = new ArrayList<>();

  /**
   * A name that must be declared.
   *
   * @param copies whether it may also stand for all copies of a process
   */
  private record Reference(Value value, String noun, Collection<String> declared, boolean copies) {
    boolean isDeclared() {
      String name = value.text();
      return declared.contains(name)
          || copies && name.endsWith("[*]") && declared.stream().anyMatch(this::isCopy);
    }

    /** Whether a process is a copy, by its name, of those that are meant. */
    private boolean isCopy(String process) {
      String stem = value.text().substring(0, value.text().length() - 2);
      return process.startsWith(stem) && process.substring(stem.length()).matches("[0-9]+\\]");
    }
  }

  /** A name that must not be one of these. */
  private record Exclusion(Value value, Collection<String> excluded, String problem) {}

  String process(Value value) {
    return refer(value, "process", processes);
  }

  /** Reads the name of a process, or of all copies of one: {@code worker[*]}. */
  String copies(Value value) {
    return refer(value, "process", processes, true);
  }

  /**
   * Reads the name of a process that must not be a kernel thread in the end.
   *
   * @param without what a kernel thread is, so that this cannot be asked of it
   */
  String user(Value value, String without) {
    String name = process(value);
    exclusions.add(
        new Exclusion(value, kernelThreads, name + " is a kernel thread, which " + without));
    return name;
  }

  /** Reads the name of a process that can be killed. */
  String mortal(Value value) {
    String name = user(value, "takes no signals");
    exclusions.add(new Exclusion(value, inits, name + " is init, which no signal ends"));
    return name;
  }

  String mutex(Value value) {
    return refer(value, "mutex", mutexes);
  }

  String futex(Value value) {
    return refer(value, "futex", futexes);
  }

  /** Reads a name that must be among {@code declared} in the end. */
  String refer(Value value, String noun, Collection<String> declared) {
    return refer(value, noun, declared, false);
  }

  private String refer(Value value, String noun, Collection<String> declared, boolean copies) {
    int before = value.problems().count();
    String name = value.text();
    if (value.problems().count() == before) {
      references.add(new Reference(value, noun, declared, copies));
    }
    return name;
  }

  /** Reads a name that must be among {@code declared} already. */
  static String referBack(Value value, String noun, Collection<String> declared) {
    int before = value.problems().count();
    String name = value.text();
    if (value.problems().count() == before && !declared.contains(name)) {
      complain(new Reference(value, noun, declared, false), "is declared before this");
    }
    return name;
  }

  /** Reads a name that is declared here and must be new. */
  static String declare(Value value, String noun, Collection<String> declared) {
    String name = value.name();
    if (!name.isEmpty() && !declared.add(name)) {
      value.problem("there is another " + noun + " called '" + name + "'");
    }
    return name;
  }

  void check() {
    for (Reference reference : references) {
      if (!reference.isDeclared()) {
        complain(reference, "is declared");
      }
    }
    for (Exclusion exclusion : exclusions) {
      if (exclusion.value().node() instanceof Node.Scalar name
          && exclusion.excluded().contains(name.text())) {
        exclusion.value().problem(exclusion.problem());
      }
    }
  }

  private static void complain(Reference reference, String lacking) {
    String name = reference.value().text();
    Collection<String> declared = reference.declared();
    String nearest = Suggestions.nearest(name, declared);
    String list =
        nearest == null && !declared.isEmpty() && declared.size() <= 8
            ? "; there is " + String.join(", ", declared)
            : "";
    reference
        .value()
        .problem("no " + reference.noun() + " '" + name + "' " + lacking + list, nearest);
  }
}
