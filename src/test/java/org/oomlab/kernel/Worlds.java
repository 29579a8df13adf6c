package org.oomlab.kernel;

import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.daemon.watch.Watchers;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Process;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Setting;

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

  /** A million pages, a tenth of them in swap; nobody waits for a processor. */
  private static final String MACHINE =
      """
      machine:
        {memory: 900000 pages, swap: 100000 pages, min: 4096 pages, low: 5120 pages,
        high: 6144 pages, cpus: 64}
      """;

  private static final String HEAD = "workload: w\ncosts: reference\n";

  /**
   * The kernel of a small machine, booted, so that a mechanism can be asked about it.
   *
   * @param policy its name, and behind it settings such as {@code killer.tie=last}, {@code
   *     machine.hz=1000} or {@code costs.report=1ms}
   * @param rest of the workload: from {@code cgroups} or {@code processes} on, or from {@code
   *     machine} if it is to be another
   */
  static Kernel booted(String policy, String rest) {
    return booted(policy, rest, TraceSink.NONE);
  }

  static Kernel booted(String policy, String rest, TraceSink sink) {
    String[] words = policy.split(" ");
    Map<Boolean, List<Setting>> settings =
        Stream.of(words)
            .skip(1)
            .collect(partitioningBy(Worlds::isOfPolicy, mapping(Setting::parse, toList())));
    String machine = rest.startsWith("machine:") ? "" : MACHINE;
    byte[] text = (HEAD + machine + rest).getBytes(StandardCharsets.UTF_8);
    Library library =
        Library.open(null, new ByteArrayInputStream(text)).withSettings(settings.get(false));
    Workload workload = library.resolveWorkloads(List.of("-"), line -> {}).get(0);
    Policy with =
        LIBRARY
            .withSettings(settings.get(true))
            .resolvePolicies(List.of(words[0]), line -> {})
            .get(0);
    Kernel kernel = new Kernel(workload, library.costs(workload.costsName()), with);
    kernel.boot(1, sink);
    return kernel;
  }

  private static boolean isOfPolicy(String setting) {
    return !setting.startsWith("machine.") && !setting.startsWith("costs.");
  }

  static Process process(Kernel kernel, String name) {
    return Stream.of(kernel.machine.processes)
        .filter(process -> process.name.equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Memcg memcg(Kernel kernel, String name) {
    return Stream.of(kernel.machine.memcgs)
        .filter(memcg -> memcg.spec.name().equals(name))
        .findFirst()
        .orElseThrow();
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
