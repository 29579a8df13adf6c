package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/** The memory of no process, as a process that nobody kills. */
final class Rest {
  private final long[] change;
  private final long shrinks;

  Rest(long[] change) {
    this.change = change;
    long sum = 0;
    long least = 0;
    for (long each : change) {
      sum += each;
      least = Math.min(least, sum);
    }
    this.shrinks = -least;
  }

  /** Whether a process of a draft is what this is about. */
  static boolean is(ProcessSpec spec) {
    return spec.name().equals(ReportedSituation.REST_OF_CGROUP);
  }

  /**
   * Joins the processes of a workload.
   *
   * @param as the first report
   * @param at when each was made
   */
  void join(Workload as, long[] at, List<ProcessSpec> processes) {
    int last = at.length - 1;
    ProcessSpec of = as.processes().stream().filter(Rest::is).findFirst().orElse(null);
    long room =
        of != null
            ? Mappings.size(of, false) - 1
            : as.cgroups().isEmpty()
                ? as.machine().memory()
                    - as.machine().free()
                    - as.processes().stream().mapToLong(each -> Mappings.size(each, false)).sum()
                : 0;
    long start = Math.max(1, Math.min(shrinks, room));
    List<VmaSpec> memory = new ArrayList<>();
    if (of != null) {
      memory.add(Mappings.mapping(VmaSpec.Kind.SHMEM, Math.max(1, room + 1 - start)));
    }
    memory.add(Mappings.mapping(VmaSpec.Kind.ANONYMOUS, start));
    List<Step> run = new ArrayList<>();
    run.add(Growth.sleep(Succession.LEAD));
    Growth steps = new Growth(run, start);
    for (int i = 1; i <= last; i++) {
      steps.change(at[i] - at[i - 1], change[i]);
    }
    steps.goOn(at[last] - at[Math.max(0, last - 1)], change[last]);
    Growth.dropSleeps(run);
    String name = of != null ? of.name() : "rest-of-the-machine";
    if (of == null && run.isEmpty()) {
      return;
    }
    List<ThreadSpec> threads = List.of(new ThreadSpec(name, 1, null, run));
    processes.add(
        of != null
            ? of.with(of.oomScoreAdj(), memory, threads)
            : Mappings.nobodys(
                name, as.cgroups().isEmpty() ? null : as.cgroups().get(0).name(), memory, threads));
  }
}
