package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.Findings.Effect;

/** The pods that a kubelet runs, from their manifests. */
final class KubeletPods {
  private static final Set<String> WORKLOADS =
      new TreeSet<>(
          List.of(
              "Pod",
              "Deployment",
              "StatefulSet",
              "DaemonSet",
              "ReplicaSet",
              "Job",
              "CronJob",
              "ReplicationController",
              "PodTemplate"));

  private static final Table PODS = table();

  private final Findings findings;
  private final List<Section> all = new ArrayList<>();

  KubeletPods(Findings findings) {
    this.findings = findings;
  }

  private static Table table() {
    Table.Part part = DaemonSettings.of("kubelet").root().table().part("pods");
    if (part == null) {
      throw new AssertionError();
    }
    return part.table().get();
  }

  /** Whether an object of a kind runs pods. */
  static boolean isPod(String kind) {
    return WORKLOADS.contains(kind);
  }

  /** Those read so far. */
  List<Section> all() {
    return all;
  }

  void read(String kind, Tree tree) {
    Tree spec =
        switch (kind) {
          case "Pod" -> Tree.down(tree, "spec");
          case "CronJob" -> Tree.down(tree, "spec", "jobTemplate", "spec", "template", "spec");
          case "PodTemplate" -> Tree.down(tree, "template", "spec");
          default -> Tree.down(tree, "spec", "template", "spec");
        };
    if (spec == null) {
      findings.refused(tree.at(), "spec", "a " + kind + " without the spec of its pods");
      return;
    }
    Section pod = Section.of(PODS);
    pod = text(pod, "name", Tree.down(tree, "metadata", "name"));
    pod = text(pod, "namespace", Tree.down(tree, "metadata", "namespace"));
    pod = text(pod, "priority", Tree.down(spec, "priority"));
    pod = text(pod, "priorityClassName", Tree.down(spec, "priorityClassName"));
    Tree replicas = kind.equals("Pod") ? null : Tree.down(tree, "spec", "replicas");
    pod = text(pod, "replicas", replicas);
    Tree grace = Tree.down(spec, "terminationGracePeriodSeconds");
    String seconds = Tree.text(grace);
    if (grace != null && seconds != null) {
      pod =
          seconds.matches("[0-9]{1,9}")
              ? findings.set(
                  pod,
                  "terminationGracePeriodSeconds",
                  Type.span(Double.parseDouble(seconds) * 1e9),
                  place(grace))
              : bad(pod, grace, "terminationGracePeriodSeconds", "expected whole seconds");
    }
    List<Section> containers = new ArrayList<>();
    Tree.items(Tree.down(spec, "containers")).forEach(each -> containers.add(container(each)));
    pod = pod.withParts("containers", containers);
    Setting name = pod.get("priorityClassName");
    if (name.isSet() && !pod.get("priority").isSet()) {
      pod = classPriority(pod, name);
    }
    all.add(qos(pod, tree));
  }

  private Section bad(Section section, Tree at, String name, String why) {
    findings.refused(at.at(), name, why + ", found " + at.noun());
    return section;
  }

  private Section classPriority(Section pod, Setting name) {
    String value =
        switch (name.text()) {
          case "system-node-critical" -> "2000001000";
          case "system-cluster-critical" -> "2000000000";
          default -> null;
        };
    if (value != null) {
      return findings.set(pod, "priority", value, placeOf(name));
    }
    findings.add(
        Effect.NOTE,
        placeOf(name).position(),
        "priorityClassName",
        name.text(),
        "its PriorityClass is not in these files; its priority is taken for 0");
    return pod;
  }

  static Place placeOf(Setting setting) {
    Place at = setting.at();
    if (at == null) {
      throw new AssertionError(setting);
    }
    return at;
  }

  private Section text(Section section, String name, @Nullable Tree value) {
    String text = Tree.text(value);
    return value == null || text == null
        ? section
        : findings.set(section, name, text, place(value));
  }

  private Section container(Tree tree) {
    Table.Part part = PODS.part("containers");
    if (part == null) {
      throw new AssertionError();
    }
    Section container = text(Section.of(part.table().get()), "name", Tree.down(tree, "name"));
    for (String side : List.of("requests", "limits")) {
      for (String what : List.of("memory", "cpu")) {
        Tree value = Tree.down(tree, "resources", side, what);
        String text = Tree.text(value);
        if (value == null || text == null) {
          continue;
        }
        Double number = Quantities.kubernetes(text);
        if (number == null || number < 0) {
          bad(container, value, side + "." + what, "quantities must be such as 128Mi or 500m");
          continue;
        }
        if (what.equals("memory") && text.endsWith("m")) {
          findings.add(
              Effect.TAKEN_OTHERWISE,
              value.at(),
              side + "." + what,
              text,
              "m is a thousandth of a byte and no megabyte; M or Mi was meant");
        }
        container =
            findings.set(
                container,
                side + "." + what,
                what.equals("memory") ? Type.bytes(Math.ceil(number)) : Type.decimal(number),
                place(value));
      }
      check(container, tree);
    }
    return container;
  }

  private void check(Section container, Tree tree) {
    for (String what : List.of("memory", "cpu")) {
      Setting request = container.get("requests." + what);
      Setting limit = container.get("limits." + what);
      if (request.isSet() && limit.isSet() && request.number() > limit.number()) {
        findings.refused(
            tree.at(),
            "requests." + what,
            "must be less than or equal to the limit, as the API server says");
      }
    }
  }

  /** GetPodQOS(). */
  private Section qos(Section pod, Tree tree) {
    List<Section> containers = pod.parts("containers");
    boolean guaranteed = !containers.isEmpty();
    boolean any = false;
    for (Section container : containers) {
      for (String what : List.of("memory", "cpu")) {
        Setting request = container.get("requests." + what);
        Setting limit = container.get("limits." + what);
        boolean requests = request.has() && request.number() > 0;
        boolean limits = limit.has() && limit.number() > 0;
        any |= requests || limits;
        guaranteed &= limits && request.number() == limit.number();
      }
    }
    String qos = guaranteed ? "Guaranteed" : any ? "Burstable" : "BestEffort";
    return findings.set(pod, "qosClass", qos, new Place(tree.at(), qos));
  }

  static Place place(Tree value) {
    String text = Tree.text(value);
    return new Place(value.at(), text == null ? value.noun() : text);
  }
}
