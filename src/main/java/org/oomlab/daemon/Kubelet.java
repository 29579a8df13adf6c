package org.oomlab.daemon;

import static org.oomlab.daemon.Type.BYTES;
import static org.oomlab.daemon.Type.COUNT;
import static org.oomlab.daemon.Type.FLAG;
import static org.oomlab.daemon.Type.NUMBER;
import static org.oomlab.daemon.Type.SHARE;
import static org.oomlab.daemon.Type.SPAN;
import static org.oomlab.daemon.Type.TEXT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kubelet's eviction manager, and the pods it evicts. Options are keys of its YAML. */
final class Kubelet {
  private static final double LONGEST = 1e18;
  private static final double MOST = 1e18;
  private static final String DEFAULTS = "kubernetes pkg/kubelet/apis/config/v1beta1/defaults.go";
  private static final String EVICTION = "kubernetes pkg/kubelet/eviction/";
  static final String HARD = EVICTION + "defaults_linux.go";

  /** What may run out, and the default hard threshold; empty without one. */
  private static final List<List<String>> SIGNALS =
      List.of(
          List.of("memory.available", "100MiB"),
          List.of("allocatableMemory.available", ""),
          List.of("nodefs.available", "10%"),
          List.of("nodefs.inodesFree", "5%"),
          List.of("imagefs.available", "15%"),
          List.of("imagefs.inodesFree", "5%"),
          List.of("containerfs.available", ""),
          List.of("containerfs.inodesFree", ""),
          List.of("pid.available", ""));

  private static final Table CONTAINERS =
      Table.of(
          "container",
          List.of(
              Option.off("name", TEXT, "", "What it is called."),
              Option.off(
                      "requests.memory",
                      BYTES,
                      "the API server takes limits.memory",
                      "What the scheduler keeps free for it.")
                  .derived(others -> limit(others.apply("limits.memory")))
                  .from(0, MOST),
              Option.off("limits.memory", BYTES, "", "memory.max of its cgroup.").from(0, MOST),
              Option.off("requests.cpu", NUMBER, "the API server takes limits.cpu", "Processors.")
                  .derived(others -> limit(others.apply("limits.cpu")))
                  .from(0, MOST),
              Option.off("limits.cpu", NUMBER, "", "Processors.").from(0, MOST)));

  private static final Table PODS =
      new Table(
          "pod",
          List.of(
              Option.off("name", TEXT, "", "What it is called."),
              Option.off("namespace", TEXT, "", "Where it is."),
              Option.of("replicas", COUNT, "1", "kubernetes API", "How many there are of it.")
                  .from(0, 1e6),
              Option.of("priority", COUNT, "0", "kubernetes API, without a PriorityClass", "Who")
                  .from(Integer.MIN_VALUE, Integer.MAX_VALUE),
              Option.off("priorityClassName", TEXT, "", "The class that says its priority."),
              Option.choice(
                  "qosClass",
                  List.of("BestEffort", "Burstable", "Guaranteed"),
                  "kubernetes pkg/apis/core/v1/helper/qos: from requests and limits",
                  "Decides its oom_score_adj."),
              Option.of(
                      "terminationGracePeriodSeconds",
                      SPAN,
                      "30s",
                      "kubernetes API",
                      "From SIGTERM to SIGKILL.")
                  .from(0, LONGEST)),
          List.of(Table.Part.many("containers", CONTAINERS)));

  private static final Table HARD_ALONE = Table.of("evictionHard", hard(false));

  private static final Table HARD_MERGED = Table.of("evictionHard", hard(true));

  static final Table TABLE =
      new Table(
          "kubelet",
          List.of(
              Option.of(
                      "evictionMaxPodGracePeriod",
                      SPAN,
                      "0s",
                      DEFAULTS,
                      "Most that a pod has to end after a soft threshold.")
                  .also("--eviction-max-pod-grace-period")
                  .from(-LONGEST, LONGEST),
              Option.of(
                      "evictionPressureTransitionPeriod",
                      SPAN,
                      "300s",
                      DEFAULTS + ": 0s means this, too",
                      "How long a node stays under pressure.")
                  .also("--eviction-pressure-transition-period")
                  .from(0, LONGEST),
              Option.of(
                  "mergeDefaultEvictionSettings",
                  FLAG,
                  "false",
                  DEFAULTS,
                  "Whether defaults stand beside what evictionHard names."),
              Option.of("kernelMemcgNotification", FLAG, "false", DEFAULTS, "Woken by the kernel.")
                  .also("--kernel-memcg-notification"),
              Option.of(
                      "housekeepingInterval",
                      SPAN,
                      "10s",
                      "kubernetes cmd/kubelet/app/options; monitoringInterval of the manager",
                      "Between looks.")
                  .also("--housekeeping-interval")
                  .from(1, LONGEST),
              Option.of(
                      "enforceNodeAllocatable", TEXT, "pods", DEFAULTS, "Which cgroups get limits.")
                  .also("--enforce-node-allocatable"),
              Option.off("kubeReservedCgroup", TEXT, "", "The cgroup of kube-reserved.")
                  .also("--kube-reserved-cgroup"),
              Option.off("systemReservedCgroup", TEXT, "", "The cgroup of system-reserved.")
                  .also("--system-reserved-cgroup"),
              Option.of("failSwapOn", FLAG, "true", DEFAULTS, "Refuses to start with swap.")
                  .also("--fail-swap-on"),
              Option.choice(
                  "swapBehavior",
                  List.of("NoSwap", "LimitedSwap", "UnlimitedSwap"),
                  DEFAULTS,
                  "memorySwap.swapBehavior: whether pods may swap."),
              Option.of("oomScoreAdj", COUNT, "-999", DEFAULTS, "Its own.")
                  .also("--oom-score-adj")
                  .from(-1000, 1000),
              Option.of("singleProcessOOMKill", FLAG, "false", DEFAULTS, "No memory.oom.group."),
              Option.of("cgroupsPerQOS", FLAG, "true", DEFAULTS, "A cgroup for each class.")
                  .also("--cgroups-per-qos"),
              Option.of("memoryThrottlingFactor", NUMBER, "0.9", DEFAULTS, "memory.high of pods.")
                  .from(0, 1)),
          List.of(
              new Table.Part("evictionHard", false, () -> HARD_ALONE, Collections::emptyMap),
              Table.Part.one(
                  "evictionSoft",
                  signals("evictionSoft", SHARE, "Evicts after the grace period below this.")),
              Table.Part.one(
                  "evictionSoftGracePeriod",
                  signals("evictionSoftGracePeriod", SPAN, "How long below the soft threshold.")),
              Table.Part.one(
                  "evictionMinimumReclaim",
                  signals("evictionMinimumReclaim", SHARE, "What to free beyond the threshold.")),
              Table.Part.one("kubeReserved", reserved("kubeReserved")),
              Table.Part.one("systemReserved", reserved("systemReserved")),
              Table.Part.many("pods", PODS),
              DaemonProcess.part(
                  "100MiB",
                  false,
                  0,
                  "normal",
                  -999,
                  "kubernetes v1beta1 defaults.go: oomScoreAdj -999; its size is a guess")));

  static final List<BuiltIn> BUILT_IN =
      List.of(
          new BuiltIn(
              "memory.available",
              "capacity less working set; inactive_file counts as free; percent is of the capacity",
              "kubernetes pkg/kubelet/eviction/helpers.go"),
          new BuiltIn(
              "evictionHard",
              "with one named the others are off",
              "kubernetes docs, node-pressure-eviction"),
          new BuiltIn(
              "hard eviction grace", "0 s", "kubernetes pkg/kubelet/eviction/eviction_manager.go"),
          new BuiltIn("minimum reclaim", "0", "kubernetes pkg/kubelet/eviction/helpers.go"));

  private Kubelet() {}

  private static @Nullable String limit(Setting limit) {
    return limit.has() ? limit.option().write(limit.number()) : null;
  }

  /**
   * Hard thresholds have defaults as long as none is named. With one named, the others are off
   * unless mergeDefaultEvictionSettings says otherwise.
   */
  private static List<Option> hard(boolean merged) {
    Function<Function<String, Setting>, Boolean> none =
        others -> SIGNALS.stream().noneMatch(signal -> others.apply(signal.get(0)).isSet());
    List<Option> options = new ArrayList<>();
    for (List<String> signal : SIGNALS) {
      String text = signal.get(1);
      options.add(
          Option.off(signal.get(0), SHARE, HARD, "Evicts at once below this; 0 % is off.")
              .derived(others -> !text.isEmpty() && (merged || none.apply(others)) ? text : null)
              .from(0, MOST));
    }
    return options;
  }

  /** With the defaults of hard thresholds beside those that are named, if that is asked for. */
  static Section finished(Section root) {
    Section hard = Section.of(root.flag("mergeDefaultEvictionSettings") ? HARD_MERGED : HARD_ALONE);
    for (Setting setting : root.part("evictionHard").settings().values()) {
      if (setting.isSet()) {
        hard = hard.with(setting.option().name(), setting.text(), setting.at());
      }
    }
    return root.withParts("evictionHard", List.of(hard));
  }

  private static Table signals(String name, Type type, String doc) {
    List<Option> options = new ArrayList<>();
    for (List<String> signal : SIGNALS) {
      options.add(Option.off(signal.get(0), type, EVICTION + "helpers.go", doc).from(0, MOST));
    }
    return Table.of(name, options);
  }

  private static Table reserved(String name) {
    String where = "kubernetes pkg/kubelet/cm/node_container_manager_linux.go";
    return Table.of(
        name,
        List.of(
            Option.off("memory", BYTES, where, "Kept from pods.").from(0, MOST),
            Option.off("cpu", NUMBER, where, "Kept from pods.").from(0, MOST),
            Option.off("ephemeral-storage", BYTES, where, "Kept from pods.").from(0, MOST),
            Option.off("pid", COUNT, where, "Kept from pods.").from(0, MOST)));
  }
}
