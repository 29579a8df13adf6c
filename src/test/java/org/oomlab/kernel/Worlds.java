package org.oomlab.kernel;

import java.util.List;
import java.util.Objects;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.daemon.watch.Watchers;
import org.oomlab.kernel.state.Machine;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** Shipped policies and workloads for tests. */
final class Worlds {
  private static final Library LIBRARY = Library.open(null);

  private Worlds() {}

  static Workload workload(String name) {
    return LIBRARY.resolveWorkloads(List.of(name), line -> {}).get(0);
  }

  static List<Workload> workloads(String... names) {
    return LIBRARY.resolveWorkloads(List.of(names), line -> {});
  }

  static Policy policy(String name) {
    return LIBRARY.resolvePolicies(List.of(name), line -> {}).get(0);
  }

  static List<Policy> policies(String... names) {
    return LIBRARY.resolvePolicies(List.of(names), line -> {});
  }

  static Costs costs(Workload workload) {
    return LIBRARY.costs(workload.costsName());
  }

  static Kernel kernel(String workload, String policy) {
    Workload loaded = workload(workload);
    return new Kernel(loaded, costs(loaded), policy(policy));
  }

  /** A machine with at least one of everything, and processors for which there is contention. */
  static Machine richMachine() {
    Workload plain = workload("m17-robust-futex-50ms");
    Workload grouped = workload("m30-oom-group");
    Workload livelock = workload("m19-livelock-module");
    Workload rich =
        new Workload(
            "rich",
            "",
            "",
            plain.costsName(),
            plain.horizon(),
            plain.machine(),
            grouped.cgroups(),
            livelock.mutexes(),
            plain.futexes(),
            plain.processes(),
            List.of(),
            null);
    Guard guard = Objects.requireNonNull(Watchers.of(DaemonSettings.of("lmkd")));
    return new Machine(Daemon.populate(rich, guard), LIBRARY.costs("x86-64"), guard);
  }
}
