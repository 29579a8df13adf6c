package org.oomlab.workload;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which worlds there may be: what varies, within which bounds, and with which chance.
 *
 * @param name what it is called
 * @param title what it is, in a few words
 * @param source where its bounds are from
 * @param memory sizes of machines, in pages
 * @param cpus numbers of processors
 * @param hz ticks a second
 * @param costs names of the cost files that a world may have
 * @param processes at most, copies included
 * @param threads of one process, at most
 * @param mappings of one process, at most
 * @param steps of one program, at most
 * @param cgroups at most
 * @param longestNs nothing lasts longer, unless it lasts for ever
 * @param horizonNs when a world ends
 * @param chances of each feature to be in a world, above 0 to 1; those that are not here never are
 * @param knobs values that knobs of the policies may have, the same in all of them, by path
 * @param near what all worlds are changed from, or null if they are made from nothing
 */
public record WorldSpace(
    String name,
    String title,
    String source,
    List<Long> memory,
    List<Integer> cpus,
    List<Integer> hz,
    List<String> costs,
    int processes,
    int threads,
    int mappings,
    int steps,
    int cgroups,
    long longestNs,
    long horizonNs,
    Map<Feature, Double> chances,
    Map<String, List<Long>> knobs,
    @Nullable Workload near) {

  /** Nobody gives a cgroup less than a mebibyte. */
  public static final long LEAST_LIMIT = 1 << 8;

  /** Beside those of the workload that it is near to. */
  private static final int MORE = 2;

  public WorldSpace {
    memory = List.copyOf(memory);
    cpus = List.copyOf(cpus);
    hz = List.copyOf(hz);
    costs = List.copyOf(costs);
    Map<Feature, Double> ordered = new EnumMap<>(Feature.class);
    ordered.putAll(chances);
    chances = Collections.unmodifiableMap(ordered);
    knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
  }

  /** The neighbourhood of a workload, which may have what this space has. */
  public WorldSpace near(Workload workload) {
    MachineSpec machine = workload.machine();
    int most = 1;
    int mappingsThere = 1;
    for (ProcessSpec each : workload.processes()) {
      most = Math.max(most, each.threads().stream().mapToInt(ThreadSpec::count).sum());
      mappingsThere = Math.max(mappingsThere, each.memory().size());
    }
    int there = workload.processes().stream().mapToInt(ProcessSpec::count).sum();
    return new WorldSpace(
        "near " + workload.name(),
        "The neighbourhood of " + workload.name(),
        workload.source(),
        List.of(machine.memory()),
        List.of(1, Math.max(machine.cpus(), 16)),
        hz,
        List.of(workload.costsName()),
        2 * there + MORE,
        most + MORE,
        mappingsThere + MORE,
        Math.max(steps, 100),
        Math.max(cgroups, workload.cgroups().size()),
        longestNs,
        workload.horizon(),
        chances,
        knobs,
        workload);
  }
}
