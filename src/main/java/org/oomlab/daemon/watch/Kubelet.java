package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.unit.Span;

/**
 * The kubelet's eviction manager: pkg/kubelet/eviction/eviction_manager.go and helpers.go. One pod
 * at a look, and then it waits for that pod's end.
 *
 * <p>A pod is a cgroup with the pod's name; where no pods are listed, every leaf cgroup is one that
 * asks for nothing.
 */
final class Kubelet implements Watcher {
  private static final int PHASE = 0;
  private static final int POD = 1;
  private static final int SINCE_NS = 2;
  private static final int SOFT_NS = 3;
  private static final int EVICTED = 4;
  private static final int NOTES = 5;

  private static final long LOOK = 0;
  private static final long DECIDE = 1;
  private static final long WAIT = 2;

  private static final String MEMORY = "memory.available";
  private static final String ALLOCATABLE = "allocatableMemory.available";
  private static final long CLEANUP_NS = 30 * Span.SECOND;
  private static final long CLEANUP_POLL_NS = Span.SECOND;
  private static final double BYTES_PER_PAGE = 4096;
  private static final double HUNDRED = 100;
  private static final int FILES_PER_POD = 4;

  /** system-cluster-critical and above are never evicted: IsCriticalPod(). */
  private static final double CRITICAL = 2_000_000_000;

  private final Section options;
  private final long everyNs;
  private final List<Section> pods;

  Kubelet(DaemonSettings settings) {
    this.options = settings.root();
    this.everyNs = options.get("housekeepingInterval").whole();
    this.pods = options.parts("pods");
  }

  @Override
  public int notes(int processes, int cgroups) {
    return NOTES;
  }

  @Override
  public void wake(Sight sight, Notes notes, Hands hands, int fired) {
    long phase = notes.get(PHASE);
    if (phase == LOOK) {
      notes.set(PHASE, DECIDE);
      hands.open(2 + FILES_PER_POD * sight.cgroups());
      return;
    }
    if (phase == WAIT) {
      boolean late = sight.nowNs() - notes.get(SINCE_NS) >= CLEANUP_NS;
      if (Groups.isAlive(sight, (int) notes.get(POD)) && !late) {
        hands.sleep(CLEANUP_POLL_NS);
        return;
      }
    }
    notes.set(PHASE, LOOK);
    int pod = isShort(sight, notes) ? worst(sight) : Sight.NOBODY;
    if (pod == Sight.NOBODY) {
      hands.sleep(everyNs);
      return;
    }
    // killPodNow(): SIGTERM, and SIGKILL after a second, or the grace period of a soft threshold.
    Groups.kill(sight, hands, pod, Signal.TERM);
    notes.set(EVICTED, 1);
    notes.set(POD, pod);
    notes.set(SINCE_NS, sight.nowNs());
    notes.set(PHASE, WAIT);
    hands.sleep(CLEANUP_POLL_NS);
  }

  // Thresholds.

  private boolean isShort(Sight sight, Notes notes) {
    // What was evicted for has to come back by so much more.
    double extra =
        notes.get(EVICTED) == 0 ? 0 : amount("evictionMinimumReclaim", MEMORY, sight.memTotal());
    double available = available(sight);
    boolean hard = isBelow("evictionHard", MEMORY, available - extra, sight.memTotal());
    boolean soft = isBelow("evictionSoft", MEMORY, available - extra, sight.memTotal());
    hard |= isAllocatableShort(sight, "evictionHard");
    soft |= isAllocatableShort(sight, "evictionSoft");
    if (!soft) {
      notes.set(SOFT_NS, 0);
    } else if (notes.get(SOFT_NS) == 0) {
      notes.set(SOFT_NS, sight.nowNs());
    }
    Setting grace = options.part("evictionSoftGracePeriod").get(MEMORY);
    boolean patient = !grace.has() || sight.nowNs() - notes.get(SOFT_NS) < grace.whole();
    boolean isShort = hard || (soft && !patient);
    if (!hard && !soft) {
      notes.set(EVICTED, 0);
    }
    return isShort;
  }

  /**
   * Capacity less the working set of the root cgroup, which is its usage without inactive_file: the
   * half of the page cache that has not been used again.
   */
  private static double available(Sight sight) {
    return sight.memFree() + sight.fileList() / 2.0;
  }

  private boolean isAllocatableShort(Sight sight, String thresholds) {
    for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
      if (sight.cgroupPath(cgroup).equals("kubepods")
          && sight.cgroupLimit(cgroup) != Long.MAX_VALUE) {
        double left = (double) sight.cgroupLimit(cgroup) - sight.cgroupUsage(cgroup);
        return isBelow(thresholds, ALLOCATABLE, left, sight.cgroupLimit(cgroup));
      }
    }
    return false;
  }

  private boolean isBelow(String thresholds, String signal, double left, long all) {
    return options.part(thresholds).get(signal).has() && left < amount(thresholds, signal, all);
  }

  private double amount(String thresholds, String signal, long all) {
    Setting setting = options.part(thresholds).get(signal);
    if (!setting.has()) {
      return 0;
    }
    return setting.isPercent()
        ? setting.number() / HUNDRED * all
        : setting.number() / BYTES_PER_PAGE;
  }

  // rankMemoryPressure().

  private int worst(Sight sight) {
    int worst = Sight.NOBODY;
    for (int pod : podsOn(sight)) {
      if (worst == Sight.NOBODY || comesBefore(sight, pod, worst)) {
        worst = pod;
      }
    }
    return worst;
  }

  private List<Integer> podsOn(Sight sight) {
    List<Integer> found = new ArrayList<>();
    if (pods.isEmpty()) {
      return Groups.leaves(sight, Sight.MACHINE);
    }
    for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
      Section pod = podOf(sight, cgroup);
      if (pod != null && pod.number("priority") < CRITICAL && Groups.isAlive(sight, cgroup)) {
        found.add(cgroup);
      }
    }
    return found;
  }

  /** The pod of a cgroup: its name, or its name and a number of a replica. */
  private @org.jspecify.annotations.Nullable Section podOf(Sight sight, int cgroup) {
    String path = sight.cgroupPath(cgroup);
    String last = path.substring(path.lastIndexOf('/') + 1);
    for (Section pod : pods) {
      String name = pod.text("name");
      if (last.equals(name) || last.matches(java.util.regex.Pattern.quote(name) + "-[0-9]+")) {
        return pod;
      }
    }
    return null;
  }

  private boolean comesBefore(Sight sight, int one, int other) {
    boolean exceeds = overRequest(sight, one) > 0;
    if (exceeds != overRequest(sight, other) > 0) {
      return exceeds;
    }
    double priority = priority(sight, one);
    double otherPriority = priority(sight, other);
    if (priority != otherPriority) {
      return priority < otherPriority;
    }
    return overRequest(sight, one) > overRequest(sight, other);
  }

  private double priority(Sight sight, int cgroup) {
    Section pod = podOf(sight, cgroup);
    return pod == null ? 0 : pod.number("priority");
  }

  private double overRequest(Sight sight, int cgroup) {
    Section pod = podOf(sight, cgroup);
    double request = 0;
    if (pod != null) {
      for (Section container : pod.parts("containers")) {
        Setting memory = container.get("requests.memory");
        request += memory.has() ? memory.number() / BYTES_PER_PAGE : 0;
      }
    }
    return sight.cgroupUsage(cgroup) - request;
  }
}
